// Pools: all of them, and one as a form: its members, the shares that their weights make, and what it promises them.

import {all, request} from "./api.js";
import {Editable, SaveBar, useForm} from "./form.js";
import {html} from "./html.js";
import {useLoad, useTitle} from "./hooks.js";
import {forgetNames, useNames} from "./names.js";
import {IdField, NameField} from "./naming.js";
import {Fair, membersInWords, MembersOf, newPool} from "./pool.js";
import {Weighing} from "./pool_weights.js";
import {Remove} from "./remove.js";
import {go, to} from "./route.js";
import {Shares} from "./shares.js";
import {count, fill, t} from "./texts.js";
import {Empty, Loaded, Panel, ScreenHead} from "./ui.js";

const pathOf = (doc) => `pools/${doc.id}`;

/** The list. */
export function Pools({pools, recipients}) {
  const called = new Map(recipients.map((one) => [one.id, one.name])), names = {of: (id) => called.get(id) || id, recipients};
  if (!pools.length) return html`<${Panel} title=${t.people.tabs.pools}><${Empty} icon="people" tone="" title=${t.people.pool.none}>${t.people.pool.noneAbout}<//><//>`;
  return html`<${Panel} title=${t.people.tabs.pools} about=${t.people.pool.about} flush><ul class="rows">${pools.map((pool) => html`<li class="row pool" key=${pool.id}>
    <div class="grow"><a class="row-link" href=${to(["people", "~pool", pool.id])}>${pool.name}</a>
      <div class="small quiet">${membersInWords(pool, names)}${pool.weighting === "performance" && ` · ${t.people.pool.byPerformance}`}</div></div>
    <div class="pool-shares"><${Shares} legend=${false} label=${fill(t.people.shares.of, {name: pool.name})} parts=${pool.members.map((one) => ({name: names.of(one.recipient_id), weight: one.weight}))} /></div></li>`)}</ul><//>`;
}

/** One pool; without an id a new one. */
export function PoolPage({id}) {
  const read = useLoad(async (signal) => (id ? request("GET", `pools/${id}`, {signal}) : {data: newPool()}), [id]);
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
  const {doc} = form;
  useTitle(doc.name || t.people.pool.new);
  return html`<a class="back" href=${to(["people"], {show: "pools"})}>← ${t.people.tabs.pools}</a>
    <${ScreenHead} title=${doc.name || t.people.pool.new} about=${count(doc.members.length, "member")}>
      <${Remove} form=${form} path=${pathOf(doc)} about=${t.people.pool.removeAbout} show="pools" /><//>
    <div class="columns"><div class="stack">
      <${Editable}><${Panel} title=${t.people.pool.one}><div class="fields"><${NameField} form=${form} taken=${new Set(taken.map((one) => one.id))} label=${t.pool.name} /></div>
        <${IdField} form=${form} /><//><//>
      <${Panel} title=${t.people.pool.members} about=${t.people.pool.membersAbout}><${MembersOf} form=${form} names=${names} /><//></div>
      <div class="stack"><${Editable}><${Panel} title=${t.people.fairness.title} about=${t.people.fairness.about}><${Fair} form=${form} /><//><${Weighing} form=${form} names=${names} after=${form.finish} /><//></div></div>
    <${SaveBar} form=${form} />`;
}
