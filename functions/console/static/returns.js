// Leads that buyers want to give back: a person approves or refuses.

import {useState} from "preact/hooks";
import {request} from "./api.js";
import {html} from "./html.js";
import {to} from "./route.js";
import {fill, money, t} from "./texts.js";
import {Action, Button, Dialog, Field, Panel, Time} from "./ui.js";

export function Returns({returns, names, after}) {
  if (!returns.length) return null;
  return html`<${Panel} title=${t.returns.title} about=${t.returns.about} flush><ul class="rows">${returns.map((one) => html`
    <li class="row" key=${`${one.lead_id}/${one.offer_no}`}><div class="grow">
      <a class="row-link" href=${to(["leads", one.lead_id])}>${fill(t.returns.wants, {name: names.of(one.recipient_id)})}</a>
      <${About} one=${one} names=${names} /></div><${Decide} one=${one} names=${names} after=${after} /></li>`)}</ul><//>`;
}

/** What is asked, and why. */
export const About = ({one, names}) => html`<div class="small quiet">${one.reason.replaceAll("_", " ")} · ${money(one.price_cents, one.currency)} · ${names.of(one.campaign_id)} · <${Time} at=${one.asked_at} /></div>
  ${one.note && html`<div class="small">“${one.note}”</div>`}`;

/** Approve with one click; refuse with a reason that the buyer hears. */
export function Decide({one, names, after}) {
  const [refusing, setRefusing] = useState(false);
  const [why, setWhy] = useState("");
  const decide = (approve) => request("POST", `leads/${one.lead_id}/returns/${one.offer_no}/decision`, {body: {approve, ...(why && !approve ? {why} : {})}});
  const refuse = async () => {
    await decide(false);
    setRefusing(false);
    return t.returns.refused;
  };
  return html`<${Action} small icon="check" done=${t.returns.approved} work=${async () => { await decide(true); }} after=${after}>${t.returns.approve}<//>
    <${Button} small changes tone="grave" icon="cross" onClick=${() => setRefusing(true)}>${t.returns.refuse}<//>
    ${refusing && html`<${Dialog} title=${t.returns.refuseTitle} close=${() => setRefusing(false)} actions=${html`
        <${Button} onClick=${() => setRefusing(false)}>${t.common.cancel}<//><${Action} tone="grave" work=${refuse} after=${after}>${t.returns.refuse}<//>`}>
      <p>${fill(t.returns.refuseAbout, {name: names.of(one.recipient_id), price: money(one.price_cents, one.currency)})}</p>
      <${Field} label=${t.returns.why} hint=${t.returns.whyHint} value=${why} maxlength="500" onInput=${(event) => setWhy(event.target.value)} /><//>`}`;
}
