// First run, step 4: where the leads come from.

import {At} from "./form.js";
import {html} from "./html.js";
import {sourceName} from "./start_setup.js";
import {fill, t} from "./texts.js";
import {Panel, Segments} from "./ui.js";

export function Door({form}) {
  const {door} = form.doc, text = t.start.door;
  return html`<${Panel} title=${text.title} about=${text.about}>
    <${Segments} label=${text.title} value=${door.kind} set=${(kind) => form.set("door.kind", kind)} options=${Object.entries(text.kinds)} />
    <div class="fields">
      <${At} form=${form} place="door.name" empty="" label=${text.name} hint=${fill(text.nameHint, {name: sourceName({...form.doc, door: {...door, name: ""}})})} maxlength="100" autocomplete="off" />
      ${door.kind === "form" && html`<${At} form=${form} place="door.site" empty="" label=${text.site} hint=${text.siteHint} placeholder="www.example.com" inputmode="url" autocomplete="off" />`}</div>
    ${door.kind === "other" && html`<p class="quiet">${text.otherAbout}</p>`}<//>`;
}
