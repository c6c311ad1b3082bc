// What few buyers need: consent, duplicates, returns through the API, and the calls about a lead's later fate.

import {useState} from "preact/hooks";
import {newEndpoint} from "./buyer_endpoint.js";
import {EndpointForm} from "./endpoint.js";
import {At} from "./form.js";
import {html} from "./html.js";
import {SecretField} from "./secrets.js";
import {fill, t} from "./texts.js";
import {Button, Copy, Dialog, Panel, Switch} from "./ui.js";

const EVIDENCE = ["text", "version", "at", "ip", "page", "trusted_form", "jornaya"];
const KEY_BYTES = 32, MOST_KEYS = 2;
const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** The settings behind "More settings". */
export function BuyerMore({form, names}) {
  const {buyer} = form.doc;
  const words = t.people.buyer.more;
  const evidence = buyer.consent || [];
  const set = (name, on) => form.set("buyer.consent", EVIDENCE.filter((one) => (one === name ? on : evidence.includes(one))));
  const opened = Boolean(buyer.status_check || buyer.return_notice || buyer.return_keys?.length || buyer.return_secret);
  return html`<${Panel} title=${words.title} about=${words.about}><div class="stack">
    <div class="fields"><${At} form=${form} place="buyer.dedupe_days" type="number" min="1" max="365" label=${words.dedupe} placeholder=${t.people.caps.none} hint=${words.dedupeHint} />
      <${At} form=${form} place="buyer.hashes" check label=${words.hashes} hint=${words.hashesHint} />
      <${At} form=${form} place="buyer.discount_returns" check label=${words.discount} hint=${words.discountHint} /></div>
    <div class="stack"><${Switch} label=${words.consent} hint=${words.consentHint} on=${Boolean(buyer.consent)} set=${(on) => form.set("buyer.consent", on ? [] : null)} />
      ${buyer.consent && html`<div role="group" aria-label=${words.evidence}><p class="group-label">${words.evidence}</p><div class="fields">${EVIDENCE.map((one) => html`
        <${Switch} label=${words.evidences[one]} on=${evidence.includes(one)} set=${(on) => set(one, on)} />`)}</div></div>`}</div>
    <details open=${opened}><summary>${words.returns}</summary><div class="stack more"><${ReturnKeys} form=${form} />
      <div class="fields"><${At} form=${form} place="buyer.return_secret" label=${words.returnSecret} hint=${words.returnSecretHint} /></div>
      ${buyer.return_secret && html`<${SecretField} path=${`recipients/${form.doc.id}`} name=${buyer.return_secret} waits=${form.isNew} hint=${t.people.endpoint.secretIs.signature} />`}
      ${["status_check", "return_notice"].map((purpose) => html`<section class="stack"><h3>${words.calls[purpose]}</h3>
        <${Switch} label=${words.on[purpose]} hint=${words.hints[purpose]} on=${Boolean(buyer[purpose])} set=${(on) => form.set(`buyer.${purpose}`, on ? newEndpoint(purpose) : null)} />
        ${buyer[purpose] && html`<${EndpointForm} form=${form} place=${`buyer.${purpose}`} purpose=${purpose} names=${names} />`}</section>`)}</div></details></div><//>`;
}

/** Keys by which the buyer gives leads back through the API; only their digests are kept. */
function ReturnKeys({form}) {
  const keys = form.doc.buyer.return_keys || [];
  const words = t.people.buyer.more;
  const [made, setMade] = useState(null);
  const make = async () => {
    const key = hex(crypto.getRandomValues(new Uint8Array(KEY_BYTES)));
    const digest = hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key)));
    form.set("buyer.return_keys", [...keys, digest]);
    setMade(key);
  };
  return html`<div class="stack"><h3>${words.keys}</h3><p class="small quiet">${words.keysAbout}</p>
    ${keys.length > 0 && html`<ul class="stack">${keys.map((digest, at) => html`<li class="line between" key=${digest}><span>${fill(words.key, {number: at + 1})} <span class="mono quiet">${digest.slice(0, 8)}…</span></span>
      <${Button} small tone="plain" icon="bin" title=${fill(words.removeKey, {number: at + 1})} onClick=${() => form.set("buyer.return_keys", keys.filter((one) => one !== digest))} /></li>`)}</ul>`}
    <div><${Button} small changes icon="plus" disabled=${keys.length >= MOST_KEYS || !crypto.subtle} onClick=${make}>${words.makeKey}<//></div>
    ${made && html`<${Dialog} title=${words.madeKey} close=${() => setMade(null)} actions=${html`<${Button} tone="main" onClick=${() => setMade(null)}>${t.common.close}<//>`}>
      <p>${words.madeKeyAbout}</p><${Copy} text=${made} label=${words.keyShort} /><//>`}</div>`;
}
