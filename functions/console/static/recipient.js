// What the forms of reps and buyers have in common: opened by an id, how they stand, when they work, which leads, gone.

import {useState} from "preact/hooks";
import {all, get, request} from "./api.js";
import {CampaignCaps, Caps} from "./caps.js";
import {change} from "./change.js";
import {At} from "./form.js";
import {html} from "./html.js";
import {useLoad, useTitle} from "./hooks.js";
import {Away, DaysOff} from "./leave.js";
import {forgetNames, useNames} from "./names.js";
import {go, to} from "./route.js";
import {groupNow, TONES, wordsOf} from "./standing.js";
import {count, fill, t} from "./texts.js";
import {Action, Badge, Field, Loaded, Panel, ScreenHead} from "./ui.js";
import {Week} from "./week.js";

// A change is known everywhere after a few seconds.
const STANDING_MS = 8000;

/** The recipient of that id, in the form for its type. */
export function Opened({id, forms}) {
  const read = useLoad((signal) => request("GET", `recipients/${id}`, {signal}), [id]);
  return html`<${Loaded} of=${read}>${(found) => html`<${forms[found.data.type]} key=${found.etag} read=${found} />`}<//>`;
}

/** Where a recipient is kept. */
export const pathOf = (doc) => `recipients/${doc.id}`;

/** Once it is stored: its own address, and its name everywhere. */
export function stored(isNew) {
  return (doc) => {
    forgetNames();
    if (isNew) go(["people", doc.id], {}, {replace: true});
  };
}

/** How a stored recipient stands, what else there is, and which ids are taken. */
export function useSurroundings(form) {
  const id = form.isNew ? null : form.doc.id;
  const standing = useLoad(async (signal) => (id ? get(`recipients/${id}/availability`, {}, signal) : null), [id, form.etag], {every: STANDING_MS});
  const pools = useLoad((signal) => all("pools", {}, 1000, signal), [id]);
  const names = useNames();
  return {standing: standing.data, pools, names, taken: new Set(names.recipients.map((one) => one.id))};
}

/** The head of the form, with how the recipient stands. `show`: the list that it is in. */
export function Head({form, standing, show, title, children}) {
  useTitle(form.doc.name || title);
  // As it is stored, and not as the form would have it.
  const group = standing && groupNow(standing, form.doc.caps);
  return html`<a class="back" href=${to(["people"], {show})}>← ${t.screens.people}</a>
    <${ScreenHead} title=${form.doc.name || title} about=${group && html`<${Badge} tone=${TONES[group]}>${t.people.groups[group]}<//> ${wordsOf(standing)}`}>
      ${!form.isNew && html`<a class="button" href=${to(["leads"], {recipient_id: form.doc.id})}>${t.people.leads}</a>`}${children}<//>`;
}

/** A phone number as the API wants it, however it was typed: "+1 (212) 555-0101". */
export const plainPhone = (typed) => typed.replace(/[\s().\-/]/g, "").replace(/^00/, "+");

/** Whether somebody gets leads at all. */
export function OnOff({form}) {
  return html`<${Panel} title=${t.people.on.title}><div class="stack">
    <${At} form=${form} place="active" check label=${t.people.on.active} hint=${t.people.on.activeHint} />
    <${At} form=${form} place="paused" check label=${t.people.on.paused} hint=${t.people.on.pausedHint[form.doc.type]} />
    <${Away} form=${form} /></div><//>`;
}

/** Working hours, leave, days off. */
export function When({form}) {
  const {schedule, zone} = form.doc;
  return html`<${Panel} id="when" tabindex="-1" title=${t.people.when} about=${t.people.whenAbout}>
      <${Week} blocks=${schedule?.blocks || []} set=${(blocks) => form.set("schedule.blocks", blocks)} zone=${zone}
        wrong=${(index, name) => form.wrong(`schedule.blocks[${index}]${name ? `.${name}` : ""}`)} /><//>
    <${DaysOff} form=${form} />`;
}

/** How many leads. */
export const HowMany = ({form, standing, names}) => html`<${Panel} id="caps" tabindex="-1" title=${t.people.caps.title} about=${t.people.caps.about}>
  <div class="stack"><${Caps} form=${form} standing=${standing} />
    <details open=${Object.keys(form.doc.campaign_caps || {}).length > 0}><summary>${t.people.caps.campaigns}</summary><${CampaignCaps} form=${form} standing=${standing} names=${names} /></details></div><//>`;

/** In which pools, and a way into another one. `pools`: all of them, as they are loaded. */
export function InPools({form: {doc, isNew}, pools}) {
  const words = t.people.inPools;
  const [chosen, setChosen] = useState("");
  const every = pools.data || [];
  const isIn = (pool) => pool.members.some((one) => one.recipient_id === doc.id);
  const mine = every.filter(isIn), others = every.filter((pool) => !isIn(pool));
  const join = async () => {
    const pool = await change(`pools/${chosen}`, ({members}) => ({members: [...members.filter((one) => one.recipient_id !== doc.id), {recipient_id: doc.id}]}));
    setChosen("");
    return fill(words.joined, {name: doc.name, pool: pool.name});
  };
  return html`<${Panel} title=${words.title} about=${words.about}>${isNew ? html`<p class="quiet small">${words.new}</p>` : html`<div class="stack">
    ${mine.length ? html`<ul class="stack">${mine.map((pool) => html`<li class="line between"><a href=${to(["people", "~pool", pool.id])}>${pool.name}</a>
      <span class="small quiet">${count(pool.members.length, "member")}</span></li>`)}</ul>` : pools.data && html`<p class="quiet small">${t.people.noPool}</p>`}
    ${others.length > 0 && html`<div class="dated"><div class="grow"><${Field} label=${words.add} value=${chosen} onChange=${(event) => setChosen(event.target.value)} options=${[["", t.people.choose], ...others.map((pool) => [pool.id, pool.name])]} /></div>
      <${Action} disabled=${!chosen} work=${join} after=${pools.reload}>${t.people.add}<//></div>`}</div>`}<//>`;
}

/** Pools by their ids, and what each is called. */
export const calledPools = (pools) => Object.fromEntries((pools.data || []).map((pool) => [pool.id, pool.name]));
