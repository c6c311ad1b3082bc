// What shows who sends leads: API keys, which are made here and shown once, and the signature.

import {useState} from "preact/hooks";
import {change} from "./change.js";
import {html} from "./html.js";
import {Icon} from "./icons.js";
import {bytes, SecretField, signing} from "./secrets.js";
import {fill, t} from "./texts.js";
import {Action, Button, Copy, Dialog, Panel, Sure} from "./ui.js";

/** Something long that nobody guesses. */
export const random = (begin = "") => begin + hex(bytes());

/** What a document holds in place of a key. */
export const digestOf = async (key) => hex(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key))));

const hex = (given) => Array.from(given, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The keys of a source: a new one beside the old one, and the old one taken away once nobody uses it. */
export function Keys({source, stored, after}) {
  const [made, setMade] = useState(null);
  const [going, setGoing] = useState(null);
  const keys = source.api_keys;
  const make = async () => {
    const key = random("vk_");
    const digest = await digestOf(key);
    // Of the keys as they are stored: somebody may have taken one away since this page was read.
    await change(`sources/${source.id}`, (now) => ({api_keys: [...now.api_keys, digest]}));
    setMade(key);
    return t.sources.keys.made;
  };
  const sign = async () => {
    await change(`sources/${source.id}`, ({secret}) => ({secret: secret || "signing"}));
    return t.sources.keys.signs;
  };
  const remove = async () => {
    await change(`sources/${source.id}`, (now) => ({api_keys: now.api_keys.filter((one) => one !== going)}));
    return t.sources.keys.removed;
  };
  return html`<${Panel} title=${t.sources.keys.title} about=${t.sources.keys.about} actions=${html`<${Action} small icon="plus" disabled=${keys.length > 1} work=${make} after=${after}>${t.sources.keys.make}<//>`}>
    ${keys.length ? html`<ul class="rows plain-rows">${keys.map((key, number) => html`<li class="row" key=${key}><${Icon} name="lock" size=${18} />
        <span class="grow">${fill(t.sources.keys.one, {number: number + 1})} <span class="mono quiet">${key.slice(0, 8)}…</span></span>
        <${Button} small changes tone="grave" icon="bin" onClick=${() => setGoing(key)}>${t.sources.keys.remove}<//></li>`)}</ul>`
      : html`<p class="quiet">${t.sources.keys.none}</p>`}
    <h3 class="above">${t.sources.keys.signature}</h3><p class="small quiet">${t.sources.keys.signatureAbout}</p>
    ${source.secret ? html`<${SecretField} path=${`sources/${source.id}`} name=${source.secret} label=${t.sources.keys.signing} made=${signing} stored=${stored && stored.includes(source.secret)} after=${after} />`
      : html`<div class="line"><${Action} small work=${sign} after=${after}>${t.sources.keys.sign}<//></div>`}
    ${made && html`<${ShownOnce} value=${made} close=${() => setMade(null)} />`}
    ${going && html`<${Sure} title=${t.sources.keys.sure} doIt=${t.sources.keys.remove} work=${remove} after=${after} close=${() => setGoing(null)}>
      <p>${keys.length > 1 ? t.sources.keys.sureAbout : t.sources.keys.sureLast}</p><//>`}<//>`;
}

/** A key that was just made. */
export const ShownOnce = ({value, close}) => html`<${Dialog} title=${t.sources.keys.once} close=${close}
  actions=${html`<${Button} tone="main" onClick=${close}>${t.sources.keys.kept}<//>`}><p>${t.sources.keys.onceAbout}</p><${Copy} block text=${value} label=${t.sources.keys.title} /><//>`;
