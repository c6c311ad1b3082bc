// The versions of a plan: who made leads follow which one, what is different between two, and the way back.

import {useState} from "preact/hooks";
import {all, get, request} from "./api.js";
import {readPlan} from "./draft.js";
import {html} from "./html.js";
import {useLoad} from "./hooks.js";
import {names} from "./names.js";
import {sceneOf} from "./plan.js";
import {Differences} from "./plan_diff.js";
import {go, to} from "./route.js";
import {titleOf} from "./stage_words.js";
import {count, fill, t} from "./texts.js";
import {Action, Badge, Button, Dialog, Empty, Field, Loaded, Panel, ScreenHead, Sure, Time} from "./ui.js";

const LOOKED_AT = 200;

async function load(planId, signal) {
  const [{published}, pools, known, changes] = await Promise.all([readPlan(planId, signal), all("pools", {}, 1000, signal), names(), get("changes", {limit: LOOKED_AT}, signal)]);
  const items = published ? (await get(`plans/${planId}/versions`, {}, signal)).items : [];
  const moves = changes.items.filter((one) => one.kind === "published_plan" && one.key === planId && one.after);
  return {items, published, moves, scene: sceneOf(planId, items[0] || {stages: []}, pools, known)};
}

export default function Versions({planId}) {
  const found = useLoad((signal) => load(planId, signal), [planId]);
  return html`<a class="back" href=${to(["plans", planId])}>← ${titleOf(planId)}</a>
    ${found.data === null && html`<${ScreenHead} title=${fill(t.plans.versionsOf, {plan: titleOf(planId)})} />`}
    <${Loaded} of=${found}>${({items, published, moves, scene}) => html`<${ScreenHead} title=${fill(t.plans.versionsOf, {plan: titleOf(planId)})} about=${t.plans.versionsAbout}>
        <${Remove} planId=${planId} published=${published} campaigns=${scene.campaigns} /><//>
      ${items.length ? html`<div class="columns"><${Panel} title=${t.plans.versions} flush><ul class="rows">${items.map((version) => html`
          <${Version} key=${version.version} version=${version} published=${published} moves=${moves} scene=${scene} after=${found.reload} />`)}</ul><//>
        ${items.length > 1 && html`<${Compare} items=${items} published=${published} scene=${scene} />`}</div>`
      : html`<${Panel} title=${t.plans.versions}><${Empty} tone="" icon="clock" title=${t.plans.noVersions}>${t.plans.noVersionsAbout}<//><//>`}`}<//>`;
}

/** One version: when leads began to follow it and by whom, and the way back to it. */
function Version({version, published, moves, scene, after}) {
  const [open, setOpen] = useState(false);
  const current = published?.data.version === version.version;
  const made = moves.filter((one) => one.after.version === version.version);
  const back = async () => {
    await request("POST", `plans/${version.id}/rollback`, {body: {version: version.version}, etag: published.etag});
    setOpen(false);
    return fill(t.plans.rolledBack, {version: version.version});
  };
  return html`<li class="row"><div class="grow"><strong>${fill(t.plans.version, {version: version.version})}</strong>
      <div class="small quiet">${count(version.stages.length, "stage")}${made.map((one) => html` · ${fill(t.plans.by, {by: one.by})} <${Time} at=${one.at} full />`)}</div></div>
    ${current ? html`<${Badge} tone="good">${t.plans.current}<//>` : published && html`<${Button} small changes icon="back" onClick=${() => setOpen(true)}>${t.plans.goBack}<//>`}
    ${open && html`<${Dialog} wide title=${fill(t.plans.goBackTo, {version: version.version})} close=${() => setOpen(false)} actions=${html`<${Button} onClick=${() => setOpen(false)}>${t.common.cancel}<//>
        <${Action} tone="main" work=${back} after=${after}>${t.plans.goBackDo}<//>`}>
      <p>${fill(t.plans.goBackAbout, {from: published.data.version, to: version.version})}</p><h3>${t.plans.publishing.changes}</h3>
      <${Differences} before=${published.data} after=${version} scene=${scene} /><//>`}</li>`;
}

/** What is different between any two. */
function Compare({items, published, scene}) {
  const newest = published?.data.version || items[0].version;
  const [to, setTo] = useState(newest);
  const [from, setFrom] = useState((items.find((one) => one.version < newest) || items[0]).version);
  const of = (version) => items.find((one) => one.version === version);
  const options = items.map((one) => [one.version, fill(t.plans.version, {version: one.version})]);
  const choose = (label, value, set) => html`<${Field} label=${label} value=${value} onChange=${(event) => set(Number(event.target.value))} options=${options} />`;
  return html`<${Panel} title=${t.plans.compare}><div class="stack"><div class="fields">${choose(t.plans.compareFrom, from, setFrom)}${choose(t.plans.compareTo, to, setTo)}</div>
    <div role="status"><${Differences} before=${of(from)} after=${of(to)} scene=${scene} /></div></div><//>`;
}

/** The way to delete it. What a campaign uses cannot be, and says so before anybody tries. */
function Remove({planId, published, campaigns}) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false), title = fill(t.plans.deleteTitle, {plan: titleOf(planId)});
  const remove = async () => {
    const etag = published?.etag || (await request("GET", `plans/${planId}/draft`)).etag;
    await request("DELETE", `plans/${planId}`, {etag});
    go(["plans"]);
    return fill(t.plans.deleted, {plan: titleOf(planId)});
  };
  return html`<${Button} tone="grave" changes icon="bin" onClick=${() => setOpen(true)}>${t.plans.delete}<//>
    ${open && (campaigns.length ? html`<${Dialog} title=${title} close=${close}><p>${fill(t.plans.deleteUsed, {campaigns: campaigns.map((one) => one.name).join(", ")})}</p><//>`
      : html`<${Sure} title=${title} doIt=${t.plans.delete} close=${close} work=${remove}><p>${t.plans.deleteAbout}</p><//>`)}`;
}
