// Screen Now: what is going on, and what needs somebody.

import {useEffect, useState} from "preact/hooks";
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

const LIVE_MS = 5000, WAIT_MS = 15_000, SLOW_MS = 60_000;
const SHOWN = 8, LISTED = 100;
// Where a lead waits for somebody or something; and how, the most pressing first.
const WAITING = ["unassigned", "quarantined", "offered", "delivering", "scored", "received"], KINDS = ["parked", "returned", "moving"];
const ANEW = ["unassigned", "returned"];
const IN_TIME_MINUTES = 5;

export default function Now() {
  useTitle(t.screens.now);
  const names = useNames();
  const live = useLoad(flow, [], {every: LIVE_MS});
  const people = useLoad(everybody, [], {every: SLOW_MS});
  const waiting = useLoad(waitingLeads, [], {every: WAIT_MS});
  // Each by itself: what cannot be read hides nothing else.
  const troubles = useLoad((signal) => get("troubles", {}, signal), [], {every: SLOW_MS});
  const returns = useLoad((signal) => get("returns", {limit: 200}, signal), [], {every: SLOW_MS});
  const service = useLoad((signal) => get("reports/service-level", {minutes: IN_TIME_MINUTES, by: "campaign"}, signal), [], {every: SLOW_MS});
  const states = live.data?.overview.states;
  const counts = states && [...WAITING, "returned"].map((state) => states[state]).join();
  useEffect(() => { if (counts) waiting.reload(); }, [counts]);
  const decided = () => { waiting.reload(); live.reload(); };
  return html`<${ScreenHead} title=${t.now.title} about=${t.now.about}><${Live} live=${live} /><//>
    <${Loaded} of=${live}>${(found) => html`<${Figures} overview=${found.overview} waiting=${waiting.data} service=${service} />
      <${Wrong} troubles=${troubles} returns=${returns} service=${service} states=${found.overview.states} waiting=${waiting} people=${people} />
      <${States} states=${found.overview.states} />
      <div class="columns"><div class="stack">
        ${returns.data && html`<${Returns} returns=${returns.data.items} names=${names} after=${returns.reload} />`}
        <${Waiting} of=${waiting} names=${names} after=${decided} /><${Newest} leads=${found.newest} names=${names} /></div>
        <${Team} of=${people} /></div>`}<//>`;
}

/** The overview, and the newest leads. */
async function flow(signal) {
  const [overview, newest] = await Promise.all([get("reports/overview", {}, signal), get("leads", {limit: SHOWN}, signal)]);
  return {overview, newest: newest.items};
}

/** Leads that nobody has, by how they wait, those that came first on top. `given`: how many of them reps gave back; `more`: there are others. */
async function waitingLeads(signal) {
  const lists = await Promise.all(KINDS.map((kind) => get("waiting", {kind, limit: LISTED}, signal)));
  return {leads: lists.flatMap((list) => list.items), given: lists[KINDS.indexOf("returned")].items.length, more: lists.some((list) => list.next)};
}

function Live({live}) {
  if (live.data === null) return null;
  return live.error
    ? html`<${Badge} tone="heed">${t.now.notLive}<//><${Button} small icon="again" onClick=${live.reload}>${t.common.tryAgain}<//>`
    : html`<${Badge} tone="good">${t.now.live}<//>`;
}

function Figures({overview, waiting, service}) {
  const {so_far: today, in_full_hours: hours, week_before: before} = overview.today;
  const change = before.received ? Math.round((hours.received / before.received - 1) * 100) : null;
  const listed = waiting?.leads.length || 0;
  const inAll = !waiting || waiting.more ? Math.max(listed, WAITING.reduce((sum, state) => sum + (overview.states[state] || 0), 0)) : listed;
  const tiles = [
    [t.now.tiles.received, today.received, change === null ? t.now.noWeekBefore : fill(t.now.weekBefore, {change: `${change >= 0 ? "+" : "−"}${Math.abs(change)}`})],
    [t.now.tiles.placed, today.place_rate === null ? t.common.nothing : `${Math.round(today.place_rate * 100)}%`, fill(t.now.ofQualified, {placed: today.placed, qualified: today.qualified})],
    [t.now.tiles.routing, lasting(today.routing.p50_ms), today.routing.p95_ms === null ? t.now.noneYet : fill(t.now.slowest, {time: lasting(today.routing.p95_ms)})],
    [t.now.tiles.inTime, ...(service.error && !service.data ? [t.common.nothing, t.now.notKnown] : inTime(service.data?.total))],
    [t.now.tiles.waiting, inAll, inAll ? t.now.seeBelow : t.now.nobodyWaits],
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
      <div class="small quiet">${names.of(lead.campaign_id, "campaigns")} · <${Time} at=${lead.received_at} />${lead.recipient_id && html` · ${ownerOf(lead, names)}`}${held && html` · ${held}`}</div></div>
    <${State} state=${lead.state} />${children && html`<div class="line">${children}</div>`}</li>`;
}

function Waiting({of, names, after}) {
  const [every, setEvery] = useState(false);
  return html`<${Panel} title=${t.now.waiting} about=${t.now.waitingAbout} flush><${Loaded} of=${of}>${({leads, more}) => {
    const shown = every ? leads : leads.slice(0, SHOWN);
    return html`${leads.length > 0 && html`<ul class="rows">${shown.map((lead) => html`<${Row} key=${lead.lead_id} lead=${lead} names=${names}>
      ${ANEW.includes(lead.state) ? html`<${Reassign} lead=${lead} offers=${lead.offers} after=${after} />` : lead.state === "quarantined" ? html`<${Review} lead=${lead} after=${after} />` : null}<//>`)}</ul>`}
      ${shown.length < leads.length && html`<div class="panel-body"><${Button} onClick=${() => setEvery(true)}>${fill(more ? t.now.showMany : t.now.showAll, {number: leads.length})}<//></div>`}
      ${shown.length === leads.length && more && html`<p class="panel-body small quiet">${t.now.othersFollow}</p>`}
      ${!leads.length && !more && html`<${Empty} title=${t.now.nobodyWaits}>${t.now.nobodyWaitsAbout}<//>`}`;
  }}<//><//>`;
}

function Newest({leads, names}) {
  return html`<${Panel} title=${t.now.newest} flush actions=${html`<a class="small" href=${to(["leads"])}>${t.now.allLeads}</a>`}>
    ${leads.length ? html`<ul class="rows">${leads.map((lead) => html`<${Row} key=${lead.lead_id} lead=${lead} names=${names} />`)}</ul>`
    : html`<${Empty} icon="inbox" tone="" title=${t.now.noLeads} action=${html`<${Begin} />`}>${t.now.noLeadsAbout}<//>`}<//>`;
}
