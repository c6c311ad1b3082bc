// First run, the end: see that it works. Made of what is stored, so it can be opened again, and for any campaign.

import {get} from "./api.js";
import {useLoad, useTitle} from "./hooks.js";
import {html} from "./html.js";
import {names as readNames} from "./names.js";
import {to} from "./route.js";
import {questionsOf} from "./snippet.js";
import {blocksOfTest, isOpen} from "./start_hours.js";
import {Site} from "./start_site.js";
import {Tests} from "./start_tests.js";
import {Tries} from "./start_tries.js";
import {fill, t} from "./texts.js";
import {Empty, Loaded, Panel, ScreenHead} from "./ui.js";
import {dayIn, MINE} from "./zones.js";

export default function Proof({campaignId}) {
  useTitle(t.screens.start);
  const of = useLoad((signal) => setUp(campaignId, signal), [campaignId]);
  return html`<${Loaded} of=${of}>${(found) => html`
    <${ScreenHead} title=${fill(t.start.proof.title, {name: found.campaign.name})} about=${t.start.proof.about}>
      <a class="button" href=${to(["now"])}>${t.start.proof.now}</a><a class="button" href=${to(["start"])}>${t.start.another}</a><//>
    ${found.source ? html`<${Tries} of=${found} open=${works(found)} whole=${works(found, "every")} /><${Tests} of=${found} open=${works(found)(Date.now())} /><${Site} of=${found} />`
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
  const source = sources.find((one) => one.active) || sources[0], unasked = source?.form?.unasked || [];
  // On whose clock moments are shown beside the viewer's.
  const zone = stage?.when?.value?.zone || team[0]?.zone || MINE;
  return {campaign, plan, stage, team, zone, names, source, questions: questionsOf(campaign).filter(({path}) => !unasked.includes(path))};
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

/** Whether the first stage can ask `some` or `every` one of its team at a moment, as far as hours and leave go. */
function works({stage, team}, whom = "some") {
  const test = stage?.when?.op === "time_of_day" ? stage.when.value : null;
  return (at) => team.length > 0 && (!test || isOpen(blocksOfTest(test), test.zone, at)) && team[whom]((rep) => isOpen(rep.schedule?.blocks, rep.zone, at) && !isOnLeave(rep, at));
}

const isOnLeave = ({schedule, zone, away_until: away}, at) => at < Date.parse(away || 0)
  || (schedule?.leave?.length > 0 && isWithin(schedule.leave, dayIn(zone, at)));

const isWithin = (leave, day) => leave.some(({first, last}) => first <= day && day <= last);
