// A pool: who its members are, with weights and order, and what is fair among them. In words, and as a form in a dialog.

import {useEffect, useRef, useState} from "preact/hooks";
import {html} from "./html.js";
import {At, idOf, SaveBar, useForm} from "./form.js";
import {count, fill, t} from "./texts.js";
import {Avatar, Button, Dialog, Field, Loaded, Switch} from "./ui.js";
import {useLoad} from "./hooks.js";
import {request} from "./api.js";

const FEW = 6, FOUND = 6;
const RELEASES = ["declined", "expired", "returned", "reassigned"];

/** A pool's members in words: "Ana 2, Ben 1"; without weights where all have the same. `by` priority: in that order. */
export function membersInWords({members}, names, by = "weight", most = FEW) {
  const plain = new Set(members.map((one) => one[by])).size <= 1;
  const sorted = by === "priority" ? [...members].sort((a, b) => a.priority - b.priority) : members;
  const shown = sorted.slice(0, most).map((one) => (plain ? names.of(one.recipient_id) : `${names.of(one.recipient_id)} ${one[by]}`));
  return sorted.length > most ? fill(t.pool.andMore, {shown: shown.join(", "), number: sorted.length - most}) : shown.join(", ") || t.pool.nobody;
}

/** A new pool, as the API wants it. */
export const newPool = (name = "") => ({id: idOf(name), name, members: []});

/** The pool as a form in a dialog: the stored one of `poolId`, or a new one. `saved` is given the document. */
export function PoolDialog({poolId, name, names, close, saved}) {
  const changed = useRef(false);
  const leave = () => { if (!changed.current || confirm(t.form.leave)) close(); };
  const read = useLoad(async (signal) => (poolId ? request("GET", `pools/${poolId}`, {signal}) : {data: newPool(name), etag: null}), [poolId]);
  return html`<${Dialog} wide title=${poolId ? t.pool.change : t.pool.add} close=${leave}>
    ${poolId && html`<p class="small quiet">${t.pool.atOnce}</p>`}
    <${Loaded} of=${read}>${(found) => html`<${PoolForm} read=${found} names=${names} saved=${saved} heed=${(dirty) => { changed.current = dirty; }} />`}<//><//>`;
}

/** The form itself, for a screen or a dialog. */
export function PoolForm({read, names, saved, heed}) {
  const form = useForm({read, path: (pool) => `pools/${pool.id}`, saved});
  useEffect(() => heed?.(form.dirty), [form.dirty]);
  const {members} = form.doc;
  const named = (event) => {
    form.set("name", event.target.value);
    if (form.isNew) form.set("id", idOf(event.target.value));
  };
  return html`<div class="stack"><${Field} label=${t.pool.name} value=${form.doc.name} wrong=${form.wrong("name") || form.wrong("id")} maxlength="100" onInput=${named} />
    <${Members} form=${form} names=${names} />
    <${Adding} taken=${members.map((one) => one.recipient_id)} names=${names} add=${(id) => form.set("members", [...members, {recipient_id: id, weight: 1, priority: 1}])} />
    <${Fairness} form=${form} />
    <${SaveBar} form=${form} /></div>`;
}

/** Who is in it: a row each with weight, share and order. */
function Members({form, names}) {
  const {members} = form.doc;
  const total = members.reduce((sum, one) => sum + (one.weight || 0), 0);
  const drop = (at) => form.set("members", members.filter((_, number) => number !== at));
  if (!members.length) return html`<p class="quiet">${t.pool.empty}</p>`;
  return html`<div class="table-box" tabindex="0" role="group" aria-label=${t.pool.members}><table class="table pool-members"><thead><tr>
      ${["who", "weight", "share", "priority"].map((column) => html`<th scope="col">${t.pool.columns[column]}</th>`)}<th><span class="visually-hidden">${t.pool.columns.remove}</span></th></tr></thead>
    <tbody>${members.map((one, at) => {
      const name = names.of(one.recipient_id);
      return html`<tr key=${one.recipient_id}><td><span class="line nowrap"><${Avatar} name=${name} /><strong>${name}</strong></span></td>
        <td><${Whole} form=${form} place=${`members[${at}].weight`} label=${fill(t.pool.weightOf, {name})} /></td>
        <td class="number">${total ? `${Math.round((100 * (one.weight || 0)) / total)}%` : t.common.nothing}</td>
        <td><${Whole} form=${form} place=${`members[${at}].priority`} label=${fill(t.pool.priorityOf, {name})} /></td>
        <td class="right"><${Button} small tone="plain" icon="cross" title=${fill(t.pool.remove, {name})} onClick=${() => drop(at)} /></td></tr>`;
    })}</tbody></table></div><p class="small quiet">${t.pool.membersHint}</p>`;
}

/** A whole number in a table, whose label is its column's. */
function Whole({form, place, label}) {
  const [, at, name] = place.match(/^members\[(\d+)\]\.(\w+)$/);
  const wrong = form.wrong(place);
  const typed = (event) => form.set(place, event.target.value === "" ? null : Number(event.target.value));
  return html`<span class="field"><input type="number" min="1" step="1" inputmode="numeric" aria-label=${label} aria-invalid=${wrong ? "true" : undefined}
    value=${form.doc.members[at][name] ?? ""} onInput=${typed} />${wrong && html`<span class="wrong">${wrong}</span>`}</span>`;
}

/** Find somebody by name, and take them in. */
function Adding({taken, names, add}) {
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const free = names.recipients.filter((one) => !taken.includes(one.id));
  const found = free.filter((one) => one.name.toLowerCase().includes(wanted));
  return html`<div class="stack pool-adding"><${Field} label=${t.pool.find} type="search" autocomplete="off" value=${text} onInput=${(event) => setText(event.target.value)}
      hint=${free.length ? undefined : t.pool.everybodyIn} />
    <ul class="line">${found.slice(0, FOUND).map((one) => html`<li key=${one.id}><${Button} small icon="plus" onClick=${() => { add(one.id); setText(""); }}>${one.name}<//></li>`)}
      ${found.length > FOUND && html`<li class="small quiet">${fill(t.pool.more, {people: count(found.length - FOUND, "other")})}</li>`}</ul></div>`;
}

function Fairness({form}) {
  const {fairness = {}, weighting = "stated"} = form.doc;
  const refunds = fairness.refund_on || ["expired", "returned"];
  const turn = (which, on) => form.set("fairness.refund_on", RELEASES.concat("undelivered").filter((one) => (one === which ? on : refunds.includes(one))));
  return html`<details><summary>${t.pool.fairness}</summary><div class="stack">
    <${Field} label=${t.pool.catchUp} hint=${t.pool.catchUpHint} type="number" min="0" max="1000" value=${fairness.catch_up ?? 0} wrong=${form.wrong("fairness.catch_up")}
      onInput=${(event) => form.set("fairness.catch_up", event.target.value === "" ? null : Number(event.target.value))} />
    <fieldset class="bare"><legend class="small">${t.pool.refunds}</legend>${RELEASES.map((one) => html`<${Switch} label=${t.pool.refundOn[one]} on=${refunds.includes(one)} set=${(on) => turn(one, on)} />`)}</fieldset>
    <${Switch} label=${t.pool.performance} hint=${t.pool.performanceHint} on=${weighting === "performance"} set=${(on) => form.set("weighting", on ? "performance" : "stated")} />
    ${form.isNew && html`<${At} form=${form} place="id" label=${t.pool.id} hint=${t.pool.idHint} />`}</div></details>`;
}
