// What somebody who sends leads by program needs: the address, their key, what to send, and what the answers mean.

import {API} from "./api.js";
import {html} from "./html.js";
import {questionsOf} from "./snippet.js";
import {fill, t} from "./texts.js";
import {Copy, Panel} from "./ui.js";

const EXAMPLES = {number: 120, boolean: true, list: ["one"], moment: "2027-01-15"};
const KNOWN = {first_name: "Maria", last_name: "Lopez", email: "maria@example.com", phone: "+12025550143", company: "Example Ltd",
  street: "1 Main Street", city: "Albany", state: "NY", postal_code: "12207", country: "US"};
// What a ping may say of the contact.
const PLACES = new Set(["contact.city", "contact.state", "contact.postal_code", "contact.country"]);

/** A value that a question would take. */
export const exampleOf = ({name, type, options, least}) => (options.length ? (type === "list" ? [options[0]] : options[0])
  : KNOWN[name] ?? (type === "number" ? least ?? EXAMPLES.number : EXAMPLES[type] ?? "example"));

export function ApiGuide({source, campaign}) {
  const {api: words} = t.sources;
  const questions = questionsOf(campaign);
  const sample = Object.fromEntries(questions.map((one) => [one.name, exampleOf(one)]));
  const ping = Object.fromEntries(questions.filter((one) => PLACES.has(one.path) || one.path.startsWith("attributes.")).map((one) => [one.name, exampleOf(one)]));
  const address = `${API}/v1/sources/${source.id}/leads`;
  return html`<${Panel} title=${words.title} about=${words.about}>
    <h3>${t.sources.address}</h3><${Copy} text=${address} label=${t.sources.address} />
    <h3 class="above">${words.example}</h3><${Copy} block label=${words.example} text=${curl(address, {...sample, consent: true}, 'Idempotency-Key: order-1881')} />
    <details class="above"><summary>${words.ping}</summary><p class="small quiet">${words.pingAbout}</p>
      <${Copy} block label=${words.ping} text=${curl(`${API}/v1/sources/${source.id}/pings`, ping)} /></details>
    <details><summary>${words.tell}</summary><p class="small quiet">${words.tellAbout}</p><${Copy} block label=${words.tell} text=${description(address, questions, source)} /></details>
    <details><summary>${words.adf}</summary><p class="small quiet">${words.adfAbout}</p><${Copy} text=${`${API}/v1/sources/${source.id}/hooks/adf`} label=${words.adf} /></details><//>`;
}

const curl = (address, body, header = "") => [
  `curl ${address} \\`, '  -H "X-Api-Key: $KEY" -H "Content-Type: application/json" \\', ...(header ? [`  -H "${header}" \\`] : []),
  `  -d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`].join("\n");

/** What the other side's programmers are to know, as a text. */
function description(address, questions, source) {
  const {doc} = t.sources.api;
  const fields = questions.map((one) => `  ${one.name.padEnd(24)} ${doc.types[one.type] || doc.types.text}${one.required ? `, ${doc.required}` : ""}${one.options.length ? `, ${fill(doc.oneOf, {options: one.options.join(" | ")})}` : ""}`);
  return [fill(doc.head, {name: source.name}), "", `POST ${address}`, ...doc.headers, "", doc.fields, ...fields, "", ...doc.answers].join("\n");
}
