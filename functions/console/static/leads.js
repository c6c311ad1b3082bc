// Screen Leads: look for leads, and open one.

import {useEffect, useMemo, useRef, useState} from "preact/hooks";
import {get, request} from "./api.js";
import {Begin} from "./begin.js";
import {html} from "./html.js";
import {useLoad, useTitle} from "./hooks.js";
import Lead from "./lead.js";
import {ownerOf, planName, useNames} from "./names.js";
import {go, to} from "./route.js";
import {fill, t} from "./texts.js";
import {Avatar, Button, Empty, Field, Loaded, Loading, Panel, ScreenHead, State, Test, Time, useSession} from "./ui.js";
import {inWords} from "./problems.js";

const PAGE = 50;
// Drawn at once of those that are looked through: a table of a thousand takes a third of a second to lay out.
const DRAWN = 200;
const LIVE_MS = 10_000, SLOW_MS = 60_000;
// A page looks at a thousand leads, and may find none: so many are asked for before somebody has to say "go on".
const PAGES = 5;
const NONE_OLDER = {items: [], next: undefined, busy: false, pages: 0};
// Where one of these is asked for, a look is at many leads.
const UNINDEXED = ["state", "source_id", "sub_source", "band", "plan_id", "step"];
// Neither a long postal code nor a day is a number to call.
const ID = /^[0-9a-f]{32}$/, EMAIL = /^\S+@\S+\.\S\S+$/, PHONE = /^(?!\d{5}-\d{4}$|\d{4}-\d\d-\d\d$)\+?[\d\s()./-]{7,25}$/;
const TYPING_MS = 500;

/** Whom an address or a number that was typed stands for; null: it is neither. */
function personIn(text) {
  const typed = text.trim();
  if (EMAIL.test(typed)) return {email: typed};
  return PHONE.test(typed) && typed.replace(/\D/g, "").length >= 7 ? {phone: typed} : null;
}

export default function Leads({parts: [leadId], query}) {
  return leadId ? html`<${Lead} leadId=${leadId} />` : html`<${List} query=${query} />`;
}

function List({query}) {
  useTitle(t.screens.leads);
  const names = useNames();
  const {tell} = useSession();
  const [text, setText] = useState("");
  const [person, setPerson] = useState(null);
  useEffect(() => {
    const timer = setTimeout(() => setPerson(personIn(text)), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const [most, setMost] = useState(DRAWN);
  const [older, setOlder] = useState(NONE_OLDER);
  const asked = {...query, since: moment(query.since), until: moment(query.until)};
  const key = JSON.stringify(asked);
  const wanted = useRef(key);
  wanted.current = key;
  const every = UNINDEXED.some((name) => query[name]) ? SLOW_MS : LIVE_MS;
  const first = useLoad(async (signal) => ({...await get("leads", {...asked, limit: PAGE}, signal), key}), [key], {every});
  useEffect(() => setOlder(NONE_OLDER), [key]);

  const next = older.next === undefined ? first.data?.next : older.next;
  const more = async (hidden) => {
    setMost((had) => had + (hidden ? DRAWN : PAGE));
    if (hidden) return;
    const change = (make) => wanted.current === key && setOlder(make);
    setOlder((had) => ({...had, busy: true}));
    try {
      const page = await get("leads", {...asked, limit: PAGE, after: next});
      change((had) => ({items: [...had.items, ...page.items], next: page.next, busy: false, pages: had.pages + 1}));
    } catch (error) {
      change((had) => ({...had, busy: false, pages: PAGES}));
      tell(inWords(error).text, "bad", inWords(error).title);
    }
  };
  const nothing = first.data?.key === key && !first.data.items.length && !older.items.length;
  const goingOn = nothing && Boolean(next) && older.pages < PAGES;
  useEffect(() => { if (goingOn && !older.busy) more(false); }, [goingOn, older.pages, key]);
  const look = (event) => {
    const typed = event.target.value.trim();
    if (ID.test(typed)) go(["leads", typed]);
    else setText(event.target.value);
    setMost(DRAWN);
  };
  return html`<${ScreenHead} title=${t.screens.leads} about=${t.leads.about} />
    <${Filters} query=${query} names=${names} text=${text} look=${look} />
    <${Narrowed} query=${query} names=${names} />
    ${person ? html`<${OfPerson} person=${person} names=${names} />` : html`<${Panel} title=${t.leads.list} flush><${Loaded} of=${first}>${(page) => {
      const newest = new Set(page.items.map((lead) => lead.lead_id));
      const all = [...page.items, ...older.items.filter((lead) => !newest.has(lead.lead_id))];
      const found = all.filter((lead) => lead.who.toLowerCase().includes(text.trim().toLowerCase()));
      const shown = found.slice(0, most), hidden = found.length > shown.length;
      return html`${shown.length ? html`<${Table} leads=${shown} names=${names} />` : goingOn ? html`<${Loading} />`
        : next ? html`<${Empty} icon="search" tone="" title=${t.leads.noneYet}>${t.leads.noneYetAbout}<//>`
        : Object.keys(query).length || text ? html`<${Empty} icon="search" tone="" title=${t.leads.none}>${t.leads.noneAbout}<//>`
        : html`<${Empty} icon="inbox" tone="" title=${t.now.noLeads} action=${html`<${Begin} />`}>${t.now.noLeadsAbout}<//>`}
        <div class="line between panel-body"><span class="small quiet" role="status">${fill(t.leads.shown, {number: shown.length})}</span>
        ${(hidden || next) && html`<${Button} busy=${older.busy} onClick=${() => more(hidden)}>${t.common.more}<//>`}</div>`;
    }}<//><//>`}`;
}

/** Every lead of somebody, whatever the filters say. Asked for in a body: an address of a request stands in logs. */
function OfPerson({person, names}) {
  const found = useLoad(async (signal) => (await request("POST", "persons/search", {body: person, signal})).data, [JSON.stringify(person)]);
  return html`<${Panel} title=${t.leads.ofPerson} about=${t.leads.ofPersonAbout} flush><${Loaded} of=${found}>${({items}) => (items.length
    ? html`<${Table} leads=${items} names=${names} /><div class="panel-body small quiet" role="status">${fill(t.leads.shown, {number: items.length})}</div>`
    : html`<${Empty} icon="search" tone="" title=${t.leads.ofNobody}>${t.leads.ofNobodyAbout}<//>`)}<//><//>`;
}

function Filters({query, names, text, look}) {
  const set = (name) => (event) => go(["leads"], {...query, [name]: event.target.value}, {replace: true});
  const chosen = (kind) => [["", t.leads.any], ...names[kind].map((one) => [one.id, one.name])];
  return html`<form class="filters" role="search" onSubmit=${(event) => event.preventDefault()}>
    <${Field} label=${t.leads.filter} type="search" value=${text} onInput=${look} autocomplete="off" />
    <${Field} label=${t.leads.state} value=${query.state || ""} onChange=${set("state")} options=${[["", t.leads.any], ...Object.entries(t.states)]} />
    <${Field} label=${t.leads.campaign} value=${query.campaign_id || ""} onChange=${set("campaign_id")} options=${chosen("campaigns")} />
    <${Field} label=${t.leads.recipient} value=${query.recipient_id || ""} onChange=${set("recipient_id")} options=${chosen("recipients")} />
    <${Field} label=${t.leads.source} value=${query.source_id || ""} onChange=${set("source_id")} options=${chosen("sources")} />
    <${Field} label=${t.leads.test} value=${query.test || ""} onChange=${set("test")} options=${[["", t.leads.any], ...Object.entries(t.leads.tests)]} />
    <${When} label=${t.leads.from} at=${query.since} set=${set("since")} /><${When} label=${t.leads.until} at=${query.until} set=${set("until")} />
    ${Object.keys(query).length > 0 && html`<${Button} tone="plain" icon="cross" onClick=${() => go(["leads"], {}, {replace: true})}>${t.leads.reset}<//>`}
  </form>`;
}

/** What a report that led here has narrowed the search down to, beside the filters; each can be taken away. */
function Narrowed({query, names}) {
  const {step, band, sub_source: part, plan_id: plan, version} = query;
  const there = [
    step && [t.leads.narrowed.step, {step: t.reports.steps[step]}, {step: ""}],
    band && [t.leads.narrowed.band, {band: t.reports.bands[band] || band}, {band: ""}],
    part && [t.leads.narrowed.part, {part}, {sub_source: ""}],
    plan && [t.leads.narrowed[version ? "version" : "plan"], {plan: planName(plan, names), version}, {plan_id: "", version: ""}],
  ].filter(Boolean);
  const leave = (without) => () => go(["leads"], {...query, ...without}, {replace: true});
  return there.length > 0 && html`<ul class="line">${there.map(([text, given, without]) => html`<li><${Button} small icon="cross" onClick=${leave(without)}>
    <span class="visually-hidden">${t.leads.without}</span>${fill(text, given)}<//></li>`)}</ul>`;
}

/** A day, or the moment that a report begins or ends with, in the viewer's zone. */
function When({label, at = "", set}) {
  const exact = at.includes("T") && moment(at) !== "";
  const local = exact ? new Date(new Date(at) - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16) : at;
  return html`<${Field} label=${label} type=${exact ? "datetime-local" : "date"} value=${local} onChange=${set} />`;
}

/** A moment, or the beginning of a day in the viewer's zone, as the API wants it; "" for what is neither. */
function moment(text = "") {
  const found = Date.parse(text.includes("T") ? text : `${text}T00:00`);
  return Number.isNaN(found) ? "" : new Date(found).toISOString();
}

function Table({leads, names}) {
  const {table} = t.leads;
  return html`<div class="table-box" tabindex="0" role="group" aria-label=${t.leads.list}><table class="table leads">
    <thead><tr>${["lead", "state", "campaign", "got", "score", "received"].map((name) => html`<th scope="col" class=${`of-${name}`}>${table[name]}</th>`)}</tr></thead>
    <tbody>${leads.map((lead) => html`<${Line} key=${lead.lead_id} lead=${lead} names=${names} />`)}</tbody></table></div>`;
}

/** A lead's line. Drawn anew only where it has changed: a letter typed over a thousand of them would take long. */
const Line = ({lead, names}) => useMemo(() => html`<tr>
    <td class="of-lead"><div class="line nowrap"><${Avatar} name=${lead.who} /><span><a class="row-link" href=${to(["leads", lead.lead_id])}>${lead.who}</a> <${Test} of=${lead} /></span></div></td>
    <td class="of-state"><${State} state=${lead.state} /></td><td class="of-campaign">${names.of(lead.campaign_id, "campaigns")}</td>
    <td class="of-got">${lead.recipient_id ? ownerOf(lead, names) : html`<span class="quiet">${t.common.nothing}</span>`}</td>
    <td class="of-score number">${lead.score ?? t.common.nothing}</td><td class="of-received"><${Time} at=${lead.received_at} /></td></tr>`, [lead, names]);
