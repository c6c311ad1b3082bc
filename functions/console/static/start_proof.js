// First run, the end: see that it works. Made of what is stored, so it can be opened again, and for any campaign.

import {get, request} from "./api.js";
import {useLoad, useTitle} from "./hooks.js";
import {html} from "./html.js";
import {Icon} from "./icons.js";
import {names as readNames} from "./names.js";
import {to} from "./route.js";
import {questionsOf} from "./snippet.js";
import {blocksOfTest, firstMoment, isOpen} from "./start_hours.js";
import {answers} from "./start_questions.js";
import {formOf} from "./start_setup.js";
import {Site} from "./start_site.js";
import {Tests} from "./start_tests.js";
import {listed, sharesWords} from "./start_words.js";
import {fill, t} from "./texts.js";
import {moment} from "./times.js";
import {Why} from "./trace.js";
import {Empty, Loaded, Panel, ScreenHead} from "./ui.js";

export default function Proof({campaignId}) {
  useTitle(t.screens.start);
  const of = useLoad((signal) => setUp(campaignId, signal), [campaignId]);
  return html`<${Loaded} of=${of}>${(found) => html`
    <${ScreenHead} title=${fill(t.start.proof.title, {name: found.campaign.name})} about=${t.start.proof.about}>
      <a class="button" href=${to(["now"])}>${t.start.proof.now}</a><a class="button" href=${to(["start"])}>${t.start.another}</a><//>
    ${found.source ? html`<${Tries} of=${found} /><${Tests} of=${found} open=${works(found)(Date.now())} /><${Site} of=${found} />`
      : html`<${Panel} title=${t.start.proof.noSource}><${Empty} tone="" icon="funnel" title=${t.start.proof.noSource}>${t.start.proof.noSourceAbout}<//><//>`}`}<//>`;
}

/** A campaign with its plan, whom the plan's first stage asks, and where its leads come in. */
async function setUp(campaignId, signal) {
  const [campaign, names] = await Promise.all([get(`campaigns/${campaignId}`, {}, signal), readNames()]);
  const plan = await get(`plans/${campaign.plan_id}`, {}, signal);
  const [stage, pool] = await firstOf(plan, signal);
  const reps = new Map(names.recipients.map((one) => [one.id, one]));
  const team = (pool?.members || []).filter(({recipient_id: id}) => reps.has(id))
    .map(({recipient_id: id, weight}) => ({...reps.get(id), weight: stage.model === "weighted" ? weight : 1}));
  const sources = names.sources.filter((one) => one.campaign_id === campaignId);
  const all = questionsOf(campaign), contact = formOf(campaignId)?.contact;
  const unasked = contact ? all.filter(({path, name}) => path.startsWith("contact.") && !contact.includes(name)).map(({path}) => path) : [];
  return {campaign, plan, stage, team, names, unasked, source: sources.find((one) => one.active) || sources[0], questions: all.filter(({path}) => !unasked.includes(path))};
}

/** The first stage that is on and has its pool, and the pool. */
async function firstOf(plan, signal) {
  for (const stage of plan.stages.filter(({off}) => !off)) {
    try {
      return [stage, await get(`pools/${stage.pool_id}`, {}, signal)];
    } catch (error) {
      if (error.code !== "not-found") throw error;
    }
  }
  return [null, null];
}

/** Whether the first stage can ask somebody at a moment, as far as hours go. */
function works({stage, team}) {
  const test = stage?.when?.op === "time_of_day" ? stage.when.value : null;
  return (at) => (!test || isOpen(blocksOfTest(test), test.zone, at)) && team.some(({schedule, zone}) => isOpen(schedule?.blocks, zone, at));
}

/** The decision about a lead at a moment inside their hours, and outside of them. Nobody is told, and nothing is kept. */
function Tries({of}) {
  const {campaign, source, questions, names, team} = of, text = t.start.proof;
  const open = works(of), within = firstMoment(open), without = firstMoment((at) => !open(at));
  const tried = useLoad(async (signal) => {
    const moments = [[without === null ? text.atAnyTime : text.within, within], [text.without, without]].filter(([, at]) => at !== null);
    return Promise.all(moments.map(async ([title, at]) => {
      const body = {source_id: source.id, fields: answers(questions, 1), at: new Date(at).toISOString()};
      return {title, at, ...(await request("POST", "simulations/lead", {body, signal})).data};
    }));
  }, [campaign.id]);
  return html`<${Panel} title=${text.tries} about=${text.triesAbout}>
    <${Loaded} of=${tried}>${(all) => html`<div class="grid">${all.map(({title, at, trace, decision, auction}) => html`<section class="start-box" aria-label=${title} key=${title}>
      <h3>${title}</h3><p class="small quiet">${fill(text.if, {at: moment(at)})}</p>
      ${auction ? html`<p>${fill(text.auction, {who: listed(auction.buyers.map((one) => names.of(one.recipient_id)))})}</p>` : trace ? html`<${Why} trace=${trace} recipientId=${decision?.recipient_id} names=${names} />` : html`<p>${text.disqualified}</p>`}</section>`)}</div>`}<//>
    ${team.length > 1 && html`<p class="notice"><${Icon} name="people" /><span>${fill(text.longRun, {shares: sharesWords(team)})}</span></p>`}<//>`;
}
