// Pools: all of them, and one as a form: its members, the shares that their weights make, and what it promises them.

import {useState} from "preact/hooks";
import {all, request} from "./api.js";
import {At, SaveBar, useForm} from "./form.js";
import {html} from "./html.js";
import {useLoad, useTitle} from "./hooks.js";
import {forgetNames, useNames} from "./names.js";
import {Members, Tiers} from "./pool_members.js";
import {Weighing} from "./pool_weights.js";
import {madeOf, remove} from "./recipient.js";
import {go, to} from "./route.js";
import {Shares} from "./shares.js";
import {count, fill, t} from "./texts.js";
import {Button, Empty, Field, Loaded, Panel, ScreenHead, Sure, Switch} from "./ui.js";

const NEW_POOL = {id: "", name: "", members: [], fairness: {catch_up: 0, refund_on: ["expired", "returned"]}, weighting: "stated"};
const pathOf = (doc) => `pools/${doc.id}`;

/** The list. */
export function Pools({pools, recipients}) {
  const called = new Map(recipients.map((one) => [one.id, one.name]));
  if (!pools.length) return html`<${Panel} title=${t.people.tabs.pools}><${Empty} icon="people" tone="" title=${t.people.pool.none}>${t.people.pool.noneAbout}<//><//>`;
  return html`<${Panel} title=${t.people.tabs.pools} about=${t.people.pool.about} flush><ul class="rows">${pools.map((pool) => html`<li class="row pool" key=${pool.id}>
    <div class="grow"><a class="row-link" href=${to(["people", "~pool", pool.id])}>${pool.name}</a>
      <div class="small quiet">${count(pool.members.length, "member")}${pool.weighting === "performance" && ` · ${t.people.pool.byPerformance}`}</div></div>
    <div class="pool-shares"><${Shares} legend=${false} label=${fill(t.people.shares.of, {name: pool.name})} parts=${pool.members.map((one) => ({name: called.get(one.recipient_id) || one.recipient_id, weight: one.weight}))} /></div></li>`)}</ul><//>`;
}

/** One pool; without an id a new one. */
export function PoolPage({id}) {
  const read = useLoad(async (signal) => (id ? request("GET", `pools/${id}`, {signal}) : {data: NEW_POOL}), [id]);
  const pools = useLoad((signal) => all("pools", {}, 1000, signal), [id]);
  return html`<${Loaded} of=${read}>${(found) => html`<${PoolForm} read=${found} taken=${pools.data || []} />`}<//>`;
}

function PoolForm({read, taken}) {
  const names = useNames();
  const saved = (doc) => {
    forgetNames();
    if (!read.etag) go(["people", "~pool", doc.id], {}, {replace: true});
  };
  const form = useForm({read, path: pathOf, saved});
  const [removing, setRemoving] = useState(false);
  const {doc, isNew} = form;
  useTitle(doc.name || t.people.pool.new);
  const ids = new Set(taken.map((one) => one.id));
  const named = (event) => {
    const name = event.target.value;
    if (isNew && [madeOf(doc.name, ids), ""].includes(doc.id)) form.set("id", madeOf(name, ids));
    form.set("name", name);
  };
  const members = doc.members.map((one) => ({name: names.of(one.recipient_id), weight: Number(one.weight) || 0}));
  return html`<a class="back" href=${to(["people"], {show: "pools"})}>← ${t.people.tabs.pools}</a>
    <${ScreenHead} title=${doc.name || t.people.pool.new} about=${count(doc.members.length, "member")}>
      ${!isNew && html`<${Button} changes tone="grave" icon="bin" onClick=${() => setRemoving(true)}>${t.people.remove.action}<//>`}<//>
    <div class="columns"><div class="stack">
      <${Panel} title=${t.people.pool.one}><div class="fields"><${Field} label=${t.people.name} value=${doc.name} onInput=${named} autocomplete="off" required wrong=${form.wrong("name") || (!doc.id && form.wrong("id"))} /></div>
        <details open=${Boolean(form.wrong("id"))}><summary>${t.people.more}</summary>${isNew ? html`<${At} form=${form} place="id" empty="" label=${t.people.id} hint=${t.people.idHint} />`
          : html`<p class="small quiet">${t.people.id}: <span class="mono">${doc.id}</span></p>`}</details><//>
      <${Panel} title=${t.people.pool.members} about=${t.people.pool.membersAbout}><div class="stack">
        ${members.length > 0 && html`<${Shares} label=${t.people.pool.shares} parts=${members} />`}
        <${Tiers} members=${doc.members} names=${names} />
        <${Members} form=${form} names=${names} />
        ${form.wrong("members") && html`<p class="wrong small">${form.wrong("members")}</p>`}</div><//></div>
      <div class="stack"><${Fairness} form=${form} /><${Weighing} form=${form} names=${names} after=${form.finish} /></div></div>
    <${SaveBar} form=${form} />
    ${removing && html`<${Sure} title=${fill(t.people.remove.title, {name: doc.name})} doIt=${t.people.remove.action} close=${() => setRemoving(false)} after=${() => go(["people"], {show: "pools"})}
      work=${async () => { await remove(pathOf(doc), form.etag, {}); return fill(t.people.remove.done, {name: doc.name}); }}><p>${t.people.pool.removeAbout}</p><//>`}`;
}

/** What the pool promises its members. */
function Fairness({form}) {
  const refund = form.doc.fairness?.refund_on || [];
  const words = t.people.fairness;
  const set = (reason, on) => form.set("fairness.refund_on", [...refund.filter((one) => one !== reason), ...(on ? [reason] : [])].sort());
  return html`<${Panel} title=${words.title} about=${words.about}>
    <${At} form=${form} place="fairness.catch_up" empty=${0} type="number" min="0" max="1000" label=${words.catchUp} hint=${form.doc.fairness?.catch_up ? fill(words.catchUpSome, {number: form.doc.fairness.catch_up}) : words.catchUpNone} />
    <div role="group" aria-label=${words.refund}><p class="group-label">${words.refund}</p>${Object.entries(words.refunds).map(([reason, label]) => html`
      <${Switch} label=${label} on=${refund.includes(reason)} set=${(on) => set(reason, on)} />`)}</div><//>`;
}
