// The form to copy into a web site: docs/forms.md.

import {API} from "./api.js";
import {HONEYPOT} from "./start_questions.js";
import {t} from "./texts.js";

const escape = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
const KNOWN = {first_name: "given-name", last_name: "family-name", email: "email", phone: "tel", company: "organization", street: "street-address", postal_code: "postal-code", city: "address-level2", state: "address-level1"};
const TYPES = {email: "email", tel: "tel", number: "number", moment: "date"};

/** A whole form for a source: its questions, consent where there are words for it, and the script that loses no lead. */
export function snippet(sourceId, questions, consent) {
  const {form} = t.start;
  return `<script src="${API}/v1/baton.js" defer></script>

<form data-baton-source="${sourceId}" id="${sourceId}" method="post"
      action="${API}/v1/sources/${sourceId}/leads">
${questions.map((one) => `  <label>${escape(one.label)} ${control(one)}</label>`).join("\n")}
  <input name="${HONEYPOT}" style="display:none" tabindex="-1" autocomplete="off">
${consent ? `  <label><input type="checkbox" name="consent" value="yes" required> ${escape(consent)}</label>\n` : ""}  <button>${form.send}</button>
</form>
<p data-baton-thanks="${sourceId}" hidden>${form.thanks}</p>
`;
}

function control({name, kind, choices, must}) {
  const more = `${KNOWN[name] ? ` autocomplete="${KNOWN[name]}"` : ""}${must ? " required" : ""}`;
  const options = kind === "boolean" ? [["yes", t.start.form.yes], ["no", t.start.form.no]] : choices.map((one) => [one, one]);
  if (!options.length) return `<input name="${name}"${TYPES[kind] ? ` type="${TYPES[kind]}"` : ""}${more}>`;
  return `<select name="${name}"${more}>\n    <option value="">${t.start.form.choose}</option>\n${options.map(([value, words]) => `    <option value="${escape(value)}">${escape(words)}</option>`).join("\n")}\n  </select>`;
}
