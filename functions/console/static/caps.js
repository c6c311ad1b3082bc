// Caps: how many leads somebody gets at most, and what of it is used at this moment.

import {useState} from "preact/hooks";
import {html} from "./html.js";
import {At, at} from "./form.js";
import {MinutesAt} from "./form_parts.js";
import {fill, t} from "./texts.js";
import {Bar, Button, Field} from "./ui.js";
import {moment} from "./times.js";

const SPANS = ["hour", "day", "week", "month"];
const NEARLY = 0.8;

/** One cap as a bar: what is used of it. `short`: without when it begins anew. */
export function CapBar({cap: {span, used, cap, resets_at: resets}, short}) {
  const words = fill(t.people.caps.used[span], {used, cap});
  return html`<span class="cap"><span class="small quiet number">${words}${!short && resets && ` · ${fill(t.people.caps.resets, {at: moment(resets)})}`}</span>
    <${Bar} of=${cap ? used / cap : 1} tone=${used >= cap * NEARLY ? "heed" : ""} label=${words} /></span>`;
}

/** What limits somebody in total, beside what is used. `standing`: how they stand now, null for who is not stored yet. */
export function Caps({form, standing}) {
  const most = at(form.doc, "caps.open_leads");
  return html`<div class="caps">${SPANS.map((span) => html`<${OneCap} key=${span} form=${form} place="caps" span=${span} standing=${standing} />`)}
    <div class="cap-field"><${At} form=${form} place="caps.open_leads" type="number" min="0" label=${t.people.caps.open} placeholder=${t.people.caps.none} />
      ${standing && html`<span class="cap"><span class="small quiet number">${fill(t.people.caps.openNow, {used: standing.open_leads})}</span>${most > 0 && html`<${Bar} of=${standing.open_leads / most}
        tone=${standing.open_leads >= most * NEARLY ? "heed" : ""} label=${fill(t.people.caps.openNow, {used: standing.open_leads})} />`}</span>`}</div>
    <div class="cap-field"><${MinutesAt} form=${form} place="caps.min_pause_s" set=${(pause) => form.set("caps.min_pause_s", pause ?? 0)} label=${t.people.caps.pause} /></div></div>`;
}

/** The same for single campaigns. */
export function CampaignCaps({form, standing, names}) {
  const caps = form.doc.campaign_caps || {};
  const [adding, setAdding] = useState("");
  const left = names.campaigns.filter((one) => !(one.id in caps));
  const remove = (id) => form.set("campaign_caps", Object.fromEntries(Object.entries(caps).filter(([one]) => one !== id)));
  return html`<div class="stack">${Object.keys(caps).map((id) => html`<div key=${id} class="stack"><div class="line between"><h3>${names.of(id, "campaigns")}</h3>
      <${Button} small tone="plain" icon="bin" title=${fill(t.people.caps.remove, {name: names.of(id, "campaigns")})} onClick=${() => remove(id)} /></div>
      <div class="caps">${SPANS.map((span) => html`<${OneCap} key=${span} form=${form} place=${`campaign_caps.${id}`} span=${span} standing=${standing} campaignId=${id} />`)}</div></div>`)}
    ${left.length > 0 && html`<div class="dated"><div class="grow"><${Field} label=${t.people.caps.ofCampaign} value=${adding} onChange=${(event) => setAdding(event.target.value)}
        options=${[["", t.people.choose], ...left.map((one) => [one.id, one.name])]} /></div>
      <${Button} small icon="plus" disabled=${!adding} onClick=${() => { form.set(`campaign_caps.${adding}`, {per_day: null}); setAdding(""); }}>${t.people.add}<//></div>`}</div>`;
}

function OneCap({form, place, span, standing, campaignId = null}) {
  const here = `${place}.per_${span}`, most = at(form.doc, here);
  const used = standing?.caps.find((cap) => cap.span === span && cap.campaign_id === campaignId);
  return html`<div class="cap-field"><${At} form=${form} place=${here} type="number" min="0" label=${t.people.caps.spans[span]} placeholder=${t.people.caps.none} />
    ${used && most !== null && most !== undefined && html`<${CapBar} cap=${{...used, cap: most}} />`}</div>`;
}
