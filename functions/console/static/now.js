// Screen Now: what is going on, and what needs somebody.

import {useState} from "preact/hooks";
import {all, each, get} from "./api.js";
import {Begin} from "./begin.js";
import {change} from "./change.js";
import {html} from "./html.js";
import {useLoad, useTitle} from "./hooks.js";
import {Icon} from "./icons.js";
import {forgetNames, useNames} from "./names.js";
import {heldFor, Review} from "./review.js";
import {to} from "./route.js";
import {count, fill, t} from "./texts.js";
import {lasting} from "./times.js";
import {Action, Avatar, Badge, Button, Empty, Field, Loaded, Panel, ScreenHead, State, Time} from "./ui.js";

const LIVE_MS = 5000, SLOW_MS = 60_000;
const NEWEST = 60, SHOWN = 8, PEOPLE = 40;
// Where a lead waits for somebody or something, the most pressing first.
const WAITING = ["unassigned", "quarantined", "offered", "delivering", "scored", "received"];
const IN_TIME_MINUTES = 5;
const FULL = /_cap_reached$|^open_leads_full$|_spend_reached$|^no_balance$/;

export default function Now() {
  useTitle(t.screens.now);
  const names = useNames();
  const live = useLoad(flow, [], {every: LIVE_MS});
  const [wanted, setWanted] = useState("");
  const people = useLoad((signal) => everybody(wanted, signal), [wanted], {every: SLOW_MS});
  const house = useLoad(rest, [], {every: SLOW_MS});
  return html`<${ScreenHead} title=${t.now.title} about=${t.now.about}><${Live} live=${live} /><//>
    <${Loaded} of=${live}>${(found) => html`<${Figures} of=${found} house=${house.data} />
      <${Wrong} found=${found} house=${house} people=${people.data} />
      <${States} states=${found.overview.states} />
      <div class="columns"><div class="stack">
        <${Waiting} leads=${found.waiting} names=${names} after=${live.reload} /><${Newest} leads=${found.newest} names=${names} /></div>
        <${People} of=${people} wanted=${wanted} want=${setWanted} /></div>`}<//>`;
}

/** Leads: the overview, the newest, and those that wait, the longest first. */
async function flow(signal) {
  const [overview, newest] = await Promise.all([get("reports/overview", {}, signal), get("leads", {limit: NEWEST}, signal)]);
  const seen = (state) => newest.items.filter((lead) => lead.state === state);
  const lists = await Promise.all(WAITING.map((state) => (
    // Asked for only where there are others than among the newest: a search by state looks at many leads.
    (overview.states[state] || 0) > seen(state).length ? get("leads", {state, limit: NEWEST}, signal).then((page) => page.items) : seen(state))));
  const waiting = lists.flat().sort((a, b) => urgency(a) - urgency(b) || (a.received_at < b.received_at ? -1 : 1));
  return {overview, newest: newest.items, waiting};
}

const urgency = ({state}) => (["unassigned", "quarantined"].includes(state) ? 0 : 1);

/** Reps and buyers, and how each stands now. */
async function everybody(wanted, signal) {
  const found = (await all("recipients", {}, 2000, signal)).filter((one) => one.active && one.name.toLowerCase().includes(wanted.toLowerCase()));
  const some = found.slice(0, PEOPLE);
  const stand = await each(some, (one) => get(`recipients/${one.id}/availability`, {}, signal));
  return {total: found.length, everybody: !wanted && found.length <= PEOPLE, reps: some.map((one, at) => ({...one, ...stand[at], group: group(one, stand[at])}))};
}

function group(one, {available, reason}) {
  if (available) return "available";
  return !one.paused && FULL.test(reason) ? "full" : "away";
}

/** What changes slowly: sources, what other systems did not take, returns, and how soon people are reached. */
async function rest(signal) {
  const [sources, subscriptions, returns, service] = await Promise.all([
    all("sources", {}, 500, signal), all("subscriptions", {}, 200, signal), get("returns", {}, signal),
    get("reports/service-level", {minutes: IN_TIME_MINUTES, by: "campaign"}, signal)]);
  const dead = await each(subscriptions, async ({id}) => (
    {id, dead: (await get(`subscriptions/${id}/deliveries`, {state: "dead", limit: 1}, signal)).items.length > 0}));
  return {sources, dead: dead.filter((one) => one.dead), returns: returns.items, service};
}

function Live({live}) {
  if (live.data === null) return null;
  return live.error
    ? html`<${Badge} tone="heed">${t.now.notLive}<//><${Button} small icon="again" onClick=${live.reload}>${t.common.tryAgain}<//>`
    : html`<${Badge} tone="good">${t.now.live}<//>`;
}

function Figures({of: {overview, waiting}, house}) {
  const {so_far: today, in_full_hours: hours, week_before: before} = overview.today;
  const change = before.received ? Math.round((hours.received / before.received - 1) * 100) : null;
  const tiles = [
    [t.now.tiles.received, today.received, change === null ? t.now.noWeekBefore : fill(t.now.weekBefore, {change: `${change >= 0 ? "+" : "−"}${Math.abs(change)}`})],
    [t.now.tiles.placed, today.place_rate === null ? t.common.nothing : `${Math.round(today.place_rate * 100)}%`, fill(t.now.ofQualified, {placed: today.placed, qualified: today.qualified})],
    [t.now.tiles.routing, lasting(today.routing.p50_ms), today.routing.p95_ms === null ? t.now.noneYet : fill(t.now.slowest, {time: lasting(today.routing.p95_ms)})],
    [t.now.tiles.inTime, ...inTime(house?.service.total)],
    [t.now.tiles.waiting, waiting.length, waiting.length ? t.now.seeBelow : t.now.nobodyWaits],
  ];
  return html`<dl class="tiles">${tiles.map(([name, figure, more]) => html`
    <div class="tile"><dt>${name}</dt><dd class="figure number">${figure}</dd><dd class="small quiet">${more}</dd></div>`)}</dl>`;
}

/** How many were reached in the time that their campaigns promise; where none does, in one of our own. */
function inTime(total) {
  if (total && total.met_rate !== null) return [`${Math.round(total.met_rate * 100)}%`, fill(t.now.promised, total)];
  if (total?.contacted) return [`${Math.round(total.in_time_rate * 100)}%`, fill(t.now.within, {minutes: IN_TIME_MINUTES})];
  return [t.common.nothing, t.now.noneReached];
}

/** What is wrong, each in words with the next step. */
function Wrong({found, house, people}) {
  if (!house.data) return null;
  const states = found.overview.states, {sources, dead, returns} = house.data;
  const off = sources.filter((one) => one.active === false);
  const failing = (people?.reps || []).filter((one) => one.failing?.length);
  const nobody = people && people.everybody && people.reps.length && !people.reps.some((one) => one.group === "available");
  const list = [
    nobody && {text: t.now.wrong.nobody, icon: "people"},
    states.unassigned && {text: fill(t.now.wrong.unassigned, {leads: count(states.unassigned, "lead")}), href: to(["leads"], {state: "unassigned"}), next: t.now.wrong.look},
    states.quarantined && {text: fill(t.now.wrong.held, {leads: count(states.quarantined, "lead")}), href: to(["leads"], {state: "quarantined"}), next: t.now.wrong.decide},
    returns.length && {text: fill(t.now.wrong.returns, {returns: count(returns.length, "return")}), href: to(["leads", returns[0].lead_id]), next: t.now.wrong.look},
    ...dead.map(({id}) => ({text: fill(t.now.wrong.dead, {id})})),
    ...failing.map((one) => ({text: fill(t.now.wrong.failing, {name: one.name})})),
    ...off.map((one) => ({text: fill(t.now.wrong.off, {name: one.name})})),
  ].filter(Boolean);
  if (!list.length) return html`<div class="notice good"><${Icon} name="check" /><div>${t.now.allWell}</div></div>`;
  return html`<${Panel} title=${t.now.needs} flush><ul class="rows">${list.map(({text, href, next}) => html`
    <li class="row"><span class="sign-small"><${Icon} name="alert" size=${18} /></span><span class="grow">${text}</span>
      ${href && html`<a class="button small" href=${href}>${next}</a>`}</li>`)}</ul><//>`;
}

/** How many leads of the last 30 days are in each state, as one bar that leads to them. */
function States({states}) {
  const there = Object.keys(t.states).filter((state) => states[state]);
  const total = there.reduce((sum, state) => sum + states[state], 0);
  return html`<${Panel} title=${t.now.states} about=${t.now.statesAbout}>
    ${total ? html`<ul class="states">${there.map((state) => html`<li key=${state}><a href=${to(["leads"], {state})}>
      <${State} state=${state} /><strong class="number">${states[state].toLocaleString("en")}</strong></a></li>`)}</ul>`
    : html`<${Empty} icon="inbox" tone="" title=${t.now.noLeads}>${t.now.noLeadsAbout}<//>`}<//>`;
}

/** A lead in a list: who, for what, since when, and who has it. */
function Row({lead, names, children}) {
  const held = lead.state === "quarantined" && heldFor(lead);
  return html`<li class="row"><${Avatar} name=${lead.who} />
    <div class="grow"><a class="row-link" href=${to(["leads", lead.lead_id])}>${lead.who}</a>
      <div class="small quiet">${names.of(lead.campaign_id)} · <${Time} at=${lead.received_at} />${lead.recipient_id && html` · ${names.of(lead.recipient_id)}`}${held && html` · ${held}`}</div></div>
    <${State} state=${lead.state} />${children}</li>`;
}

function Waiting({leads, names, after}) {
  const [more, setMore] = useState(false);
  const shown = more ? leads : leads.slice(0, SHOWN);
  return html`<${Panel} title=${t.now.waiting} about=${t.now.waitingAbout} flush>
    ${leads.length ? html`<ul class="rows">${shown.map((lead) => html`<${Row} key=${lead.lead_id} lead=${lead} names=${names}>
      <${Review} lead=${lead} after=${after} /><//>`)}</ul>
      ${shown.length < leads.length && html`<div class="panel-body"><${Button} onClick=${() => setMore(true)}>${fill(t.now.showAll, {number: leads.length})}<//></div>`}`
    : html`<${Empty} title=${t.now.nobodyWaits}>${t.now.nobodyWaitsAbout}<//>`}<//>`;
}

function Newest({leads, names}) {
  return html`<${Panel} title=${t.now.newest} flush actions=${html`<a class="small" href=${to(["leads"])}>${t.now.allLeads}</a>`}>
    ${leads.length ? html`<ul class="rows">${leads.slice(0, SHOWN).map((lead) => html`<${Row} key=${lead.lead_id} lead=${lead} names=${names} />`)}</ul>`
    : html`<${Empty} icon="inbox" tone="" title=${t.now.noLeads} action=${html`<${Begin} />`}>${t.now.noLeadsAbout}<//>`}<//>`;
}

const GROUPS = {available: "good", full: "heed", away: ""};

function People({of, wanted, want}) {
  return html`<${Panel} title=${t.now.people} flush>
    <div class="panel-body"><${Field} label=${t.now.find} type="search" value=${wanted} autocomplete="off" onChange=${(event) => want(event.target.value.trim())} /></div>
    <${Loaded} of=${of}>${({reps, total}) => (reps.length ? html`
    <div class="line panel-body">${Object.entries(GROUPS).map(([name, tone]) => html`<${Badge} tone=${tone}>${reps.filter((one) => one.group === name).length} ${t.now.groups[name]}<//>`)}</div>
    <ul class="rows">${Object.keys(GROUPS).flatMap((name) => reps.filter((one) => one.group === name)).map((one) => html`<${Person} key=${one.id} one=${one} after=${of.reload} />`)}</ul>
    ${total > reps.length && html`<p class="panel-body small quiet">${fill(t.now.morePeople, {shown: reps.length, total})}</p>`}`
    : html`<${Empty} icon="people" tone="" title=${t.now.noPeople} />`)}<//><//>`;
}

function Person({one, after}) {
  const rep = one.type === "rep";
  const pause = async () => {
    await change(`recipients/${one.id}`, {paused: !one.paused});
    forgetNames();
    return fill(one.paused ? t.now.resumed : t.now.paused, {name: one.name});
  };
  // The API's words begin with the name, which stands above them; that somebody is available is said beside them.
  const words = one.group === "available" ? "" : one.words.replace(`${one.name} is `, "").replace(`${one.name} `, "");
  const more = rep && one.open_leads ? count(one.open_leads, "open lead") : rep ? t.now.free : t.now.buyer;
  return html`<li class="row nowrap"><${Avatar} name=${one.name} /><div class="grow"><strong>${one.name}</strong>
    <div class="small quiet">${[more, words].filter(Boolean).join(" · ")}</div></div>
    <${Badge} tone=${GROUPS[one.group]}>${t.now.groups[one.group]}<//>
    ${rep && html`<${Action} small tone="plain" icon=${one.paused ? "play" : "pause"} title=${fill(one.paused ? t.now.resume : t.now.pause, {name: one.name})} work=${pause} after=${after} />`}</li>`;
}
