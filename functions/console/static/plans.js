// Screen Plans: every plan with what it is for; one plan to change; its versions.

import {all, get} from "./api.js";
import {Begin} from "./begin.js";
import {html} from "./html.js";
import {useLoad, useTitle} from "./hooks.js";
import {NewPlan} from "./new_plan.js";
import Plan from "./plan.js";
import {go, to} from "./route.js";
import {titleOf} from "./stage_words.js";
import {fill, t} from "./texts.js";
import {Badge, Button, Empty, Loaded, Panel, ScreenHead} from "./ui.js";
import Versions from "./versions.js";

export default function Plans({parts: [planId, view], query}) {
  useTitle(planId ? titleOf(planId) : t.screens.plans);
  if (view === "versions") return html`<${Versions} planId=${planId} />`;
  return planId ? html`<${Plan} planId=${planId} />` : html`<${List} adding=${query.new !== undefined} />`;
}

function List({adding}) {
  const found = useLoad(async (signal) => {
    const [{items}, campaigns] = await Promise.all([get("plans", {}, signal), all("campaigns", {}, 500, signal)]);
    return items.map((plan) => ({...plan, campaigns: campaigns.filter((one) => one.plan_id === plan.id)}));
  });
  const open = () => go(["plans"], {new: 1});
  const close = () => go(["plans"], {}, {replace: true});
  return html`<${ScreenHead} title=${t.screens.plans} about=${t.plans.about}><${Button} tone="main" changes icon="plus" onClick=${open}>${t.plans.add}<//><//>
    <${Panel} title=${t.plans.all} flush><${Loaded} of=${found}>${(plans) => (plans.length
      ? html`<ul class="rows">${plans.map((plan) => html`<${Row} key=${plan.id} plan=${plan} />`)}</ul>`
      : html`<${Empty} tone="" icon="route" title=${t.plans.none} action=${html`<${Begin} />`}>${t.plans.noneAbout}<//>`)}<//><//>
    ${adding && html`<${NewPlan} taken=${(found.data || []).map((plan) => plan.id)} close=${close} />`}`;
}

function Row({plan}) {
  const {published, newest, draft_etag: draft} = plan;
  return html`<li class="row"><div class="grow"><a class="row-link" href=${to(["plans", plan.id])}>${titleOf(plan.id)}</a>
      <div class="small quiet">${usedBy(plan.campaigns)}</div></div>
    ${draft && html`<${Badge} tone="heed">${published ? t.plans.changed : t.plans.draft}<//>`}
    ${published && html`<${Badge} tone="good">${fill(published === newest ? t.plans.version : t.plans.versionBack, {version: published, newest})}<//>`}</li>`;
}

/** What a plan is for. */
export const usedBy = (campaigns) => (campaigns.length ? fill(t.plans.for, {campaigns: campaigns.map((one) => one.name).join(", ")}) : t.plans.forNothing);
