// What the forms of reps and buyers have in common: opened by an id, how they stand, when they work, which leads, gone.

import {useEffect} from "preact/hooks";
import {all, get, Problem, request} from "./api.js";
import {CampaignCaps, Caps} from "./caps.js";
import {At, idOf} from "./form.js";
import {html} from "./html.js";
import {useLoad, useTitle} from "./hooks.js";
import {Away, DaysOff} from "./leave.js";
import {forgetNames, useNames} from "./names.js";
import {go, to} from "./route.js";
import {groupOf, wordsOf} from "./standings.js";
import {count, fill, t} from "./texts.js";
import {Badge, Field, Loaded, Panel, ScreenHead} from "./ui.js";
import {Week} from "./week.js";

// A change is known everywhere after a few seconds.
const STANDING_MS = 8000;
const TONES = {available: "good", full: "heed", away: "", off: "bad"};

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

/** How a stored recipient stands, which campaigns there are, and in which pools it is. */
export function useSurroundings(form) {
  const id = form.isNew ? null : form.doc.id;
  const standing = useLoad(async (signal) => (id ? get(`recipients/${id}/availability`, {}, signal) : null), [id, form.etag], {every: STANDING_MS});
  const pools = useLoad(async (signal) => (id ? (await all("pools", {}, 1000, signal)).filter((pool) => pool.members.some((one) => one.recipient_id === id)) : []), [id]);
  return {standing: standing.data, pools: pools.data || [], names: useNames()};
}

/** The head of the form, with how the recipient stands. `show`: the list that it is in. */
export function Head({form, standing, show, title, children}) {
  useTitle(form.doc.name || title);
  const group = form.isNew ? null : groupOf(form.doc, standing);
  return html`<a class="back" href=${to(["people"], {show})}>← ${t.screens.people}</a>
    <${ScreenHead} title=${form.doc.name || title} about=${group && html`<${Badge} tone=${TONES[group]}>${t.people.groups[group]}<//> ${wordsOf(standing)}`}>${children}<//>`;
}

/** Name; and the id that is made of it, which can be another one as long as it is new. */
export function NameFields({form, names}) {
  const taken = new Set(names.recipients.map((one) => one.id));
  const {doc, isNew} = form;
  useEffect(() => {
    if (isNew && doc.id === madeOf(doc.name, new Set())) form.set("id", madeOf(doc.name, taken));
  }, [names]);
  const named = (event) => {
    const name = event.target.value;
    // An id that somebody typed stays.
    if (isNew && [madeOf(doc.name, taken), ""].includes(doc.id)) form.set("id", madeOf(name, taken));
    form.set("name", name);
  };
  return html`<${Field} label=${t.people.name} value=${doc.name} onInput=${named} autocomplete="off" required
    wrong=${form.wrong("name") ? t.people.nameWrong : !doc.id && form.wrong("id")} />`;
}

/** The id, for who wants another one than was made of the name. */
export const IdField = ({form}) => (form.isNew ? html`<${At} form=${form} place="id" empty="" label=${t.people.id} hint=${t.people.idHint} />`
  : html`<p class="small quiet">${t.people.id}: <span class="mono">${form.doc.id}</span></p>`);

/** An id that nobody has yet. */
export function madeOf(name, taken) {
  const id = idOf(name);
  let number = 2, tried = id;
  while (tried && taken.has(tried)) tried = `${id}-${number++}`;
  return tried;
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
  return html`<${Panel} title=${t.people.when} about=${t.people.whenAbout}>
      <${Week} blocks=${schedule?.blocks || []} set=${(blocks) => form.set("schedule.blocks", blocks)} zone=${zone}
        wrong=${(index, name) => form.wrong(`schedule.blocks[${index}]${name ? `.${name}` : ""}`)} /><//>
    <${DaysOff} form=${form} />`;
}

/** How many leads. */
export const HowMany = ({form, standing, names}) => html`<${Panel} title=${t.people.caps.title} about=${t.people.caps.about}>
  <div class="stack"><${Caps} form=${form} standing=${standing} />
    <details open=${Object.keys(form.doc.campaign_caps || {}).length > 0}><summary>${t.people.caps.campaigns}</summary><${CampaignCaps} form=${form} standing=${standing} names=${names} /></details></div><//>`;

/** In which pools. */
export function InPools({pools, isNew}) {
  return html`<${Panel} title=${t.people.inPools} about=${t.people.inPoolsAbout}>${isNew ? html`<p class="quiet small">${t.people.inPoolsNew}</p>`
    : pools.length ? html`<ul class="stack">${pools.map((pool) => html`<li class="line between"><a href=${to(["people", "~pool", pool.id])}>${pool.name}</a>
      <span class="small quiet">${count(pool.members.length, "member")}</span></li>`)}</ul>` : html`<p class="quiet small">${t.people.noPool}</p>`}<//>`;
}

/** Take a document away, where nothing needs it any more. Throws a Problem that says in words what does. */
export async function remove(path, etag, names) {
  try {
    await request("DELETE", path, {etag});
  } catch (error) {
    if (error.code !== "in-use") throw error;
    const users = error.said.used_by.map((one) => inWords(one, names));
    throw new Problem(error.status, {title: t.people.remove.used, detail: fill(t.people.remove.usedBy, {users: users.join(", ")})});
  }
  forgetNames();
}

/** "pool 'team' (member)" with the name of the pool. */
function inWords(user, names) {
  const [, kind, id, role] = user.match(/^(.+) '(.+)' \((.+)\)$/) || [];
  return kind ? fill(t.people.remove.user, {kind, name: names[id] || id, role}) : user;
}
