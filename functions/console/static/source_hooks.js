// A platform that posts to a source: its address, the steps to connect it, the secrets that both sides know.

import {API} from "./api.js";
import {html} from "./html.js";
import {HOOKS} from "./source_kinds.js";
import {SecretField} from "./secrets.js";
import {random} from "./source_keys.js";
import {fill, t} from "./texts.js";
import {Copy, Panel} from "./ui.js";

/** How one platform is connected. `stored`: the names of the secrets that there are; null where that is not known. */
export function Hook({source, way, stored, after}) {
  const {format, secrets} = HOOKS[way], settings = source.hooks[way], words = t.sources.hooks[way];
  const address = `${API}/v1/sources/${source.id}/hooks/${format}`;
  const missing = stored === null ? [] : secrets.filter((one) => !stored.includes(settings[one]));
  return html`<${Panel} title=${fill(t.sources.hooks.title, {platform: t.sources.ways[way]})} about=${words.about}>
    ${missing.length > 0 && html`<div class="notice heed"><div>${fill(t.sources.secrets.missingAbout, {what: missing.map((one) => words.secrets[one].label).join(", ")})}</div></div>`}
    <ol class="steps">${words.steps.map((step, number) => html`<li key=${number}><p>${step.text}</p>
      ${step.address && html`<${Copy} text=${address} label=${t.sources.address} />`}
      ${step.secret && html`<${SecretField} path=${`sources/${source.id}`} name=${settings[step.secret]} label=${words.secrets[step.secret].label}
        hint=${words.secrets[step.secret].hint} made=${words.secrets[step.secret].made && random} stored=${stored && stored.includes(settings[step.secret])} after=${after} />`}</li>`)}</ol>
    ${secrets.length > 0 && html`<p class="small quiet above">${t.sources.secrets.wrongAbout}</p>`}
    ${way === "generic" && html`<${Mapping} hook=${settings} />`}<//>`;
}

const Mapping = ({hook}) => html`<h3 class="above">${t.sources.hooks.mapping}</h3>
  <dl class="pairs">${Object.entries(hook.fields).map(([path, theirs]) => html`<dt>${theirs}</dt><dd class="mono">${path}</dd>`)}</dl>`;
