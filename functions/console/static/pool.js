// A pool: who its members are, with weights and order, and what is fair among them. In words, and as a form in a dialog.

import {useEffect, useRef} from "preact/hooks";
import {all, request} from "./api.js";
import {At, Editable, idOf, SaveBar, useForm} from "./form.js";
import {html} from "./html.js";
import {useLoad} from "./hooks.js";
import {leaveWords} from "./leave.js";
import {madeOf, NameField} from "./naming.js";
import {Members} from "./pool_members.js";
import {Shares} from "./shares.js";
import {fill, t} from "./texts.js";
import {Dialog, Loaded, Switch} from "./ui.js";

const FEW = 6;
const FAIR = {catch_up: 0, refund_on: ["expired", "returned"]};

/** A pool's members in words: "Ana 2, Ben 1", without weights where all have the same; by priority "Ana, then Ben"; with their leave. */
export function membersInWords({members}, names, by = "weight", most = FEW) {
  const plain = new Set(members.map((one) => one[by])).size <= 1;
  const sorted = by === "priority" ? [...members].sort((a, b) => a.priority - b.priority) : members;
  const known = new Map(names.recipients.map((one) => [one.id, one]));
  const leave = (id) => known.has(id) && leaveWords(known.get(id));
  const called = ({recipient_id: id, [by]: part}) => [names.of(id), !plain && by !== "priority" && part, leave(id) && `(${leave(id)})`].filter(Boolean).join(" ");
  const shown = sorted.slice(0, most).reduce((said, one, at, those) => {
    const joint = at === 0 ? "" : by === "priority" && one.priority !== those[at - 1].priority ? t.pool.then : ", ";
    return said + joint + called(one);
  }, "");
  return sorted.length > most ? fill(t.pool.andMore, {shown, number: sorted.length - most}) : shown || t.pool.nobody;
}

/** The pool of one person alone: one that is there, or else a new one as the API wants it. `pools`: those that there are. */
export function poolOfOne({id, name}, pools) {
  const there = pools.find(({members, weighting}) => members.length === 1 && members[0].recipient_id === id && weighting === "stated" && !members[0].caps);
  const pool = newPool(fill(t.pool.alone, {name}).slice(0, 100));
  const taken = new Set(pools.map((one) => one.id));
  return there || {...pool, id: madeOf(pool.name, taken), members: [{recipient_id: id, weight: 1, priority: 1}]};
}

/** A new pool, as the API wants it. */
export const newPool = (name = "") => ({id: idOf(name), name, members: [], fairness: FAIR, weighting: "stated"});

/** The pool as a form in a dialog: the stored one of `poolId`, or a new one. `saved` is given the document. */
export function PoolDialog({poolId, name, names, close, saved}) {
  const changed = useRef(false);
  const leave = () => { if (!changed.current || confirm(t.form.leave)) close(); };
  const found = useLoad(async (signal) => {
    const [read, pools] = await Promise.all([poolId ? request("GET", `pools/${poolId}`, {signal}) : {data: newPool(name), etag: null}, all("pools", {}, 1000, signal)]);
    return {read, taken: new Set(pools.map((one) => one.id))};
  }, [poolId]);
  return html`<${Dialog} wide title=${poolId ? t.pool.change : t.pool.add} close=${leave}>
    ${poolId && html`<p class="small quiet">${t.pool.atOnce}</p>`}
    <${Loaded} of=${found}>${({read, taken}) => html`<${PoolForm} read=${read} taken=${taken} names=${names} saved=${saved} heed=${(dirty) => { changed.current = dirty; }} />`}<//><//>`;
}

function PoolForm({read, taken, names, saved, heed}) {
  const form = useForm({read, path: (pool) => `pools/${pool.id}`, saved});
  useEffect(() => heed(form.dirty), [form.dirty]);
  return html`<div class="stack"><${Editable}><${NameField} form=${form} taken=${taken} label=${t.pool.name} /><//>
    <${MembersOf} form=${form} names=${names} />
    <details><summary>${t.people.fairness.title}</summary><${Editable}><${Fair} form=${form} /><//></details>
    <${SaveBar} form=${form} label=${form.isNew ? t.form.save : t.pool.saveNow} /></div>`;
}

/** Who is in it: the shares that the weights make, the order, and a row each. */
export function MembersOf({form, names}) {
  const {members} = form.doc;
  const parts = members.map((one) => ({name: names.of(one.recipient_id), weight: Number(one.weight) || 0}));
  const inOrder = new Set(members.map((one) => one.priority)).size > 1;
  return html`<div class="stack">${members.length > 0 && html`<${Shares} label=${t.people.pool.shares} parts=${parts} />`}
    ${inOrder && html`<p class="small quiet">${fill(t.people.pool.tiers, {tiers: membersInWords(form.doc, names, "priority")})}</p>`}
    <${Members} form=${form} names=${names} />
    ${form.wrong("members") && html`<p class="wrong small">${form.wrong("members")}</p>`}</div>`;
}

/** What the pool promises its members about turns that they missed or gave back. */
export function Fair({form}) {
  const {catch_up: catchUp, refund_on: refund} = {...FAIR, ...form.doc.fairness};
  const words = t.people.fairness;
  const set = (reason, on) => form.set("fairness.refund_on", [...refund.filter((one) => one !== reason), ...(on ? [reason] : [])].sort());
  return html`<div class="stack"><${At} form=${form} place="fairness.catch_up" empty=${0} type="number" min="0" max="1000" label=${words.catchUp} hint=${catchUp ? fill(words.catchUpSome, {number: catchUp}) : words.catchUpNone} />
    <fieldset class="bare"><legend class="group-label">${words.refund}</legend>${Object.entries(words.refunds).map(([reason, label]) => html`
      <${Switch} label=${label} on=${refund.includes(reason)} set=${(on) => set(reason, on)} />`)}</fieldset></div>`;
}
