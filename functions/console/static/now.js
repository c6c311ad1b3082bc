// Screen Now: what is going on, and what needs somebody.

import {useState} from "preact/hooks";
import {get} from "./api.js";
import {Begin} from "./begin.js";
import {html} from "./html.js";
import {useLoad, useTitle} from "./hooks.js";
import {ownerOf, useNames} from "./names.js";
import {Reassign} from "./reassign.js";
import {Returns} from "./returns.js";
import {heldFor, Review} from "./review.js";
import {to} from "./route.js";
import {everybody} from "./standing.js";
import {Team} from "./team.js";
import {fill, t} from "./texts.js";
import {lasting} from "./times.js";
import {Avatar, Badge, Button, Empty, Loaded, Panel, ScreenHead, State, Test, Time} from "./ui.js";
import {Wrong} from "./wrong.js";

const LIVE_MS = 5000, SLOW_MS = 60_000;
const NEWEST = 60, SHOWN = 8;
// Where a lead waits for somebody or something, the most pressing first.
const WAITING = ["unassigned", "quarantined", "returned", "offered", "delivering", "scored", "received"];
const URGENT = ["unassigned", "quarantined"], ANEW = ["unassigned", "returned"];
const IN_TIME_MINUTES = 5;

export default function Now() {
  useTitle(t.screens.now);
  const names = useNames();
  const live = useLoad(flow, [], {every: LIVE_MS});
  const people = useLoad(everybody, [], {every: SLOW_MS});
  const house = useLoad(rest, [], {every: SLOW_MS});
  return html`<${ScreenHead} title=${t.now.title} about=${t.now.about}><${Live} live=${live} /><//>
    <${Loaded} of=${live}>${(found) => html`<${Figures} overview=${found.overview} waiting=${waitingOf(found.waiting, names).length} house=${house.data} />
      <${Wrong} house=${house.data} states=${found.overview.states} given=${givenBack(found.waiting, names).length} people=${people.data} />
      <${States} states=${found.overview.states} />
      <div class="columns"><div class="stack">
        ${house.data && html`<${Returns} returns=${house.data.returns} names=${names} after=${house.reload} />`}
        <${Waiting} leads=${waitingOf(found.waiting, names)} names=${names} after=${live.reload} /><${Newest} leads=${found.newest} names=${names} /></div>
        <${Team} of=${people} /></div>`}<//>`;
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

const urgency = ({state}) => (URGENT.includes(state) ? 0 : state === "returned" ? 1 : 2);

/** Leads that reps gave back. Of those of buyers their campaign's rules have decided whether they are sold again. */
const givenBack = (leads, names) => leads.filter(({state, recipient_id: had}) => state === "returned" && names.recipients.find((one) => one.id === had)?.type === "rep");

function waitingOf(leads, names) {
  const back = new Set(givenBack(leads, names));
  return leads.filter((lead) => lead.state !== "returned" || back.has(lead));
}

/** What changes slowly: what is wrong, returns, and how soon people are reached. */
async function rest(signal) {
  const [troubles, returns, service] = await Promise.all([
    get("troubles", {}, signal), get("returns", {limit: 200}, signal),
    get("reports/service-level", {minutes: IN_TIME_MINUTES, by: "campaign"}, signal)]);
  return {troubles: troubles.items, returns: returns.items, service};
}

function Live({live}) {
  if (live.data === null) return null;
  return live.error
    ? html`<${Badge} tone="heed">${t.now.notLive}<//><${Button} small icon="again" onClick=${live.reload}>${t.common.tryAgain}<//>`
    : html`<${Badge} tone="good">${t.now.live}<//>`;
}

function Figures({overview, waiting, house}) {
  const {so_far: today, in_full_hours: hours, week_before: before} = overview.today;
  const change = before.received ? Math.round((hours.received / before.received - 1) * 100) : null;
  const tiles = [
    [t.now.tiles.received, today.received, change === null ? t.now.noWeekBefore : fill(t.now.weekBefore, {change: `${change >= 0 ? "+" : "−"}${Math.abs(change)}`})],
    [t.now.tiles.placed, today.place_rate === null ? t.common.nothing : `${Math.round(today.place_rate * 100)}%`, fill(t.now.ofQualified, {placed: today.placed, qualified: today.qualified})],
    [t.now.tiles.routing, lasting(today.routing.p50_ms), today.routing.p95_ms === null ? t.now.noneYet : fill(t.now.slowest, {time: lasting(today.routing.p95_ms)})],
    [t.now.tiles.inTime, ...inTime(house?.service.total)],
    [t.now.tiles.waiting, waiting, waiting ? t.now.seeBelow : t.now.nobodyWaits],
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
    <div class="grow"><a class="row-link" href=${to(["leads", lead.lead_id])}>${lead.who}</a> <${Test} of=${lead} />
      <div class="small quiet">${names.of(lead.campaign_id)} · <${Time} at=${lead.received_at} />${lead.recipient_id && html` · ${ownerOf(lead, names)}`}${held && html` · ${held}`}</div></div>
    <${State} state=${lead.state} />${children && html`<div class="line">${children}</div>`}</li>`;
}

function Waiting({leads, names, after}) {
  const [more, setMore] = useState(false);
  const shown = more ? leads : leads.slice(0, SHOWN);
  return html`<${Panel} title=${t.now.waiting} about=${t.now.waitingAbout} flush>
    ${leads.length ? html`<ul class="rows">${shown.map((lead) => html`<${Row} key=${lead.lead_id} lead=${lead} names=${names}>
      ${ANEW.includes(lead.state) ? html`<${Reassign} lead=${lead} offers=${lead.offers} after=${after} />` : lead.state === "quarantined" ? html`<${Review} lead=${lead} after=${after} />` : null}<//>`)}</ul>
      ${shown.length < leads.length && html`<div class="panel-body"><${Button} onClick=${() => setMore(true)}>${fill(t.now.showAll, {number: leads.length})}<//></div>`}`
    : html`<${Empty} title=${t.now.nobodyWaits}>${t.now.nobodyWaitsAbout}<//>`}<//>`;
}

function Newest({leads, names}) {
  return html`<${Panel} title=${t.now.newest} flush actions=${html`<a class="small" href=${to(["leads"])}>${t.now.allLeads}</a>`}>
    ${leads.length ? html`<ul class="rows">${leads.slice(0, SHOWN).map((lead) => html`<${Row} key=${lead.lead_id} lead=${lead} names=${names} />`)}</ul>`
    : html`<${Empty} icon="inbox" tone="" title=${t.now.noLeads} action=${html`<${Begin} />`}>${t.now.noLeadsAbout}<//>`}<//>`;
}
