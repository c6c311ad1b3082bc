// One plan: its stages as cards, what the check finds, and a lead to try on it, before it is published.

import {useState} from "preact/hooks";
import {all, request} from "./api.js";
import {fieldsOf} from "./conditions.js";
import {readPlan, useDraft} from "./draft.js";
import {DraftConflict, Publish} from "./publish.js";
import {Findings, isBegun} from "./findings.js";
import {html} from "./html.js";
import {useLoad} from "./hooks.js";
import {names} from "./names.js";
import {go, to} from "./route.js";
import {Stages} from "./stages.js";
import {titleOf} from "./stage_words.js";
import {fill, t} from "./texts.js";
import {inWords} from "./problems.js";
import {TryLead} from "./try_lead.js";
import {Badge, Button, Loaded, ScreenHead, Sure} from "./ui.js";
import {UseFor} from "./use_for.js";

/** A plan, and all that it speaks of: `scene` has the names, pools, fields and campaigns. */
export async function loadPlan(planId, signal) {
  const [plan, pools, known] = await Promise.all([readPlan(planId, signal), all("pools", {}, 1000, signal), names()]);
  return {...plan, scene: sceneOf(planId, plan.base.data, pools, known)};
}

export function sceneOf(planId, {stages}, pools, known) {
  const campaigns = known.campaigns.filter((one) => one.plan_id === planId);
  const fields = fieldsOf({campaigns: campaigns.length ? campaigns : known.campaigns, sources: known.sources, also: stages.map((stage) => stage.when)});
  return {planId, names: known, campaigns, fields, pools: new Map(pools.map((pool) => [pool.id, pool])), currency: campaigns[0]?.currency || "USD"};
}

export default function Plan({planId}) {
  const [round, setRound] = useState(0);
  const found = useLoad((signal) => loadPlan(planId, signal), [planId, round]);
  return html`<a class="back" href=${to(["plans"])}>← ${t.plans.back}</a>
    ${found.data === null && html`<${ScreenHead} title=${titleOf(planId)} />`}
    <${Loaded} of=${found}>${(plan) => html`<${Editor} key=${round} planId=${planId} plan=${plan} again=${() => setRound(round + 1)} />`}<//>`;
}

function Editor({planId, plan, again}) {
  const [scene, setScene] = useState(plan.scene);
  const [open, setOpen] = useState("");
  const [shown, setShown] = useState(null);
  const [later, setLater] = useState(null);
  const draft = useDraft(planId, plan.base);
  const close = () => setOpen("");
  const poolSaved = (pool) => {
    setScene((had) => ({...had, pools: new Map([...had.pools, [pool.id, pool]])}));
    if (draft.exists) draft.again();
  };
  const drop = async () => {
    if (draft.exists) await request("DELETE", `plans/${planId}/draft`, {etag: draft.etag});
    if (plan.published) again();
    else go(["plans"]);
    return t.plans.dropped;
  };
  return html`<${ScreenHead} title=${titleOf(planId)} about=${html`<${Standing} plan=${plan} draft=${draft} scene=${scene} />`}>
      ${plan.published && scene.campaigns[0] && html`<a class="button" href=${to(["start", scene.campaigns[0].id])}>${t.start.proof.link}</a>`}
      <a class="button" href=${to(["plans", planId, "versions"])}>${t.plans.versions}</a>
      ${(draft.exists || draft.state === "failed") && html`<${Button} changes onClick=${() => setOpen("drop")}>${t.plans.drop}<//>`}
      <${Button} tone="main" changes icon="check" disabled=${!draft.exists || draft.state !== "saved"} onClick=${() => setOpen("publish")}>${t.plans.publish}<//><//>
    <${Saving} draft=${draft} published=${plan.published} decide=${() => setLater(null)} />
    ${plan.published && !scene.campaigns.length && html`<${UseFor} planId=${planId} scene=${scene} after=${again} />`}
    <div class="columns plan"><${Stages} draft=${draft} scene=${scene} poolSaved=${poolSaved} shown=${shown} />
      <div class="stack"><${Findings} draft=${draft} scene=${scene} show=${(at) => setShown({at})} />
        <${TryLead} planId=${planId} draft=${draft} published=${plan.published} scene=${scene} /></div></div>
    ${open === "publish" && html`<${Publish} plan=${plan} draft=${draft} scene=${scene} close=${close} done=${again} />`}
    ${open === "drop" && html`<${Sure} title=${t.plans.drop} doIt=${t.plans.drop} close=${close} work=${drop}><p>${plan.published ? fill(t.plans.dropAbout, {version: plan.published.data.version}) : t.plans.dropNew}</p><//>`}
    ${draft.conflict && draft.conflict !== later && html`<${DraftConflict} draft=${draft} scene=${scene} close=${() => setLater(draft.conflict)} />`}`;
}

/** What the plan is for, and which version leads follow. */
function Standing({plan, draft, scene}) {
  const {published} = plan;
  return html`<span class="line"><span>${scene.campaigns.length ? fill(t.plans.for, {campaigns: scene.campaigns.map((one) => one.name).join(", ")}) : t.plans.forNothing}</span>
    ${published ? html`<${Badge} tone="good">${fill(scene.campaigns.length ? t.plans.follow : t.plans.isPublished, {version: published.data.version})}<//>` : html`<${Badge}>${t.plans.never}<//>`}
    ${draft.exists && published && html`<${Badge} tone="heed">${t.plans.changed}<//>`}</span>`;
}

/** Whether what is shown is kept: it saves itself, and leads do not see it. */
function Saving({draft, published, decide}) {
  const {state, failure} = draft;
  const begun = state === "failed" && Boolean(failure?.errors?.length) && isBegun(draft);
  const text = begun ? t.plans.saving.begun : {
    none: published && fill(t.plans.saving.none, {version: published.data.version}), saved: t.plans.saving.saved, saving: t.plans.saving.saving,
    looking: t.plans.saving.looking, theirs: t.plans.saving.theirs, failed: failure && (failure.errors?.length ? t.plans.saving.notYet : `${inWords(failure).title}. ${inWords(failure).text}`),
  }[state];
  return html`<p class=${`saving small ${begun ? "begun" : state}`} role="status">${text}
    ${state === "theirs" && html` <${Button} small onClick=${decide}>${t.plans.conflict.decide}<//>`}
    ${state === "failed" && !failure.errors?.length && html` <${Button} small icon="again" onClick=${draft.store}>${t.common.tryAgain}<//>`}</p>`;
}

