// Another company's system as a form: its address, how we show who we are, which field goes where, and how its answer is read.

import {useId, useState} from "preact/hooks";
import {AnswerForm} from "./endpoint_answer.js";
import {FieldRows} from "./endpoint_fields.js";
import {At, at} from "./form.js";
import {SecondsAt} from "./form_parts.js";
import {html} from "./html.js";
import {SecretField} from "./secrets.js";
import {count, fill, t} from "./texts.js";
import {Pairs} from "./written.js";

const NAMED = ["header", "query"];

/** The endpoint at a place of the form, such as "buyer.post". */
export function EndpointForm({form, place, purpose, names}) {
  const {doc, isNew} = form;
  const endpoint = at(form.doc, place);
  const words = t.people.endpoint;
  const known = useId();
  // One that is set up is a line until somebody wants to change it, or something in it is wrong.
  const [fresh] = useState(!endpoint.url);
  const {type = "none", secret} = endpoint.auth || {};
  const authenticate = (event) => {
    const chosen = event.target.value;
    form.set(`${place}.auth`, chosen === "none" ? {type: "none"} : {
      type: chosen, secret: secret || `${doc.id || "buyer"}-${purpose}`, name: NAMED.includes(chosen) ? endpoint.auth?.name || (chosen === "header" ? "X-Api-Key" : "key") : null,
    });
  };
  const line = fill(words.line, {method: endpoint.method, url: endpoint.url, format: words.formats[endpoint.format], fields: count(endpoint.fields?.length || 0, "field")});
  return html`<details open=${fresh || Boolean(form.failure)} class="endpoint"><summary>${fresh ? words.set : html`<span class="endpoint-line">${line}</span>`}</summary><div class="stack more">
    <div class="fields wide-first"><${At} form=${form} place=${`${place}.url`} empty="" type="url" label=${words.url} placeholder="https://" wrong=${form.wrong(`${place}.url`) && words.urlWrong} />
      <${At} form=${form} place=${`${place}.method`} label=${words.method} options=${["POST", "PUT", "GET"].map((one) => [one, one])} wrong=${form.wrong(`${place}.method`)} />
      <${At} form=${form} place=${`${place}.format`} label=${words.format} options=${Object.entries(words.formats)} />
      <${SecondsAt} form=${form} place=${`${place}.timeout_ms`} label=${words.timeout} /></div>
    ${form.wrong(place) && html`<p class="wrong small">${form.wrong(place)}</p>`}
    <section class="place"><h3>${words.auth}</h3><div class="fields">
      <${At} form=${form} place=${`${place}.auth.type`} label=${words.authType} options=${Object.entries(words.auths)} onChange=${authenticate} />
      ${NAMED.includes(type) && html`<${At} form=${form} place=${`${place}.auth.name`} label=${type === "header" ? words.header : words.parameter} />`}
      ${type !== "none" && html`<${At} form=${form} place=${`${place}.auth.secret`} label=${words.secretName} hint=${words.secretNameHint} />`}</div>
      ${type !== "none" && secret && html`<${SecretField} path=${`recipients/${doc.id}`} name=${secret} waits=${isNew} hint=${words.secretIs[type]} />`}
      ${form.wrong(`${place}.auth`) && html`<p class="wrong small">${form.wrong(`${place}.auth`)}</p>`}</section>
    <section class="stack"><h3>${words.fields}</h3><p class="small quiet">${words.fieldsAbout}</p>
      <${FieldRows} form=${form} place=${`${place}.fields`} known=${known} names=${names} purpose=${purpose} /></section>
    <section class="stack"><h3>${words.answer}</h3><${AnswerForm} form=${form} place=${`${place}.reads`} purpose=${purpose} /></section>
    <details><summary>${t.people.more}</summary><div class="stack more">
      ${endpoint.format === "xml" && html`<${At} form=${form} place=${`${place}.root`} label=${words.root} placeholder="lead" empty="lead" />`}
      <${Pairs} form=${form} place=${`${place}.headers`} label=${words.headers} hint=${words.headersHint} />
      <h4 class="group-label">${words.query}</h4><${FieldRows} form=${form} place=${`${place}.query`} known=${known} names=${names} purpose=${purpose} /></div></details></div></details>`;
}
