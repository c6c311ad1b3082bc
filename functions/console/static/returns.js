// Leads that buyers want to give back: a person approves or refuses, or takes one back for a buyer who called.

import {useState} from "preact/hooks";
import {get, request} from "./api.js";
import {html} from "./html.js";
import {useLoad} from "./hooks.js";
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
export const About = ({one, names}) => html`<div class="small quiet">${inWords(one.reason)} · ${money(one.price_cents, one.currency)} · ${names.of(one.campaign_id, "campaigns")} · <${Time} at=${one.asked_at} /></div>
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

/** Take a sold lead back for a buyer that has said so in another way. Whose return waits, or was refused, has its decision elsewhere. */
export function TakeBack({lead, offers, timeline, names, after}) {
  // What there was when it was opened: a return of the buyer's own that comes meanwhile is no reason to close it.
  const [open, setOpen] = useState(null);
  const asked = new Set(timeline.filter(({kind}) => ["ReturnRequested", "ReturnRefused"].includes(kind)).map(({facts}) => facts.offer));
  const sold = offers.filter(({no, delivery, state}) => delivery && state === "accepted" && !asked.has(no));
  return html`${sold.length > 0 && html`<${Button} changes icon="again" onClick=${() => setOpen(sold)}>${t.returns.take}<//>`}
    ${open && html`<${Take} lead=${lead} sold=${open} names=${names} close=${() => setOpen(null)} after=${after} />`}`;
}

function Take({lead, sold, names, close, after}) {
  const [said, setSaid] = useState({no: String(sold[0].no), reason: "", note: ""});
  const set = (name) => (event) => setSaid({...said, [name]: event.target.value});
  const reasons = useLoad(async (signal) => (await get(`campaigns/${lead.campaign_id}`, {}, signal)).returns.reasons, [lead.campaign_id]);
  const offer = sold.find(({no}) => String(no) === said.no);
  const take = async () => {
    await request("POST", `leads/${lead.lead_id}/returns/${said.no}`, {body: {reason: said.reason, ...(said.note ? {note: said.note} : {})}});
    close();
    return t.returns.taken;
  };
  return html`<${Dialog} title=${t.returns.takeTitle} close=${close} actions=${html`<${Button} onClick=${close}>${t.common.cancel}<//>
      <${Action} tone="grave" disabled=${!said.reason} work=${take} after=${after}>${t.returns.takeDo}<//>`}>
    <p>${fill(t.returns.takeAbout, {name: names.of(offer.recipient_id), price: money(offer.price_cents, offer.currency)})}</p>
    ${sold.length > 1 && html`<${Field} label=${t.returns.takeFrom} value=${said.no} onChange=${set("no")} options=${sold.map(({no, recipient_id: id}) => [String(no), names.of(id)])} />`}
    <${Field} label=${t.returns.takeWhy} value=${said.reason} onChange=${set("reason")}
      options=${[["", t.lead.chooseWhy], ...[...new Set([...(reasons.data || []), "by-request"])].map((one) => [one, inWords(one)])]} />
    <${Field} area label=${t.returns.takeNote} hint=${t.returns.takeNoteHint} value=${said.note} maxlength="2000" onInput=${set("note")} /><//>`;
}

/** A reason in words: "invalid_contact" is "invalid contact". */
const inWords = (code) => t.returns.reasons[code] || code.replace(/[_-]/g, " ");
