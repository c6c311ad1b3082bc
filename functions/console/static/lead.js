// One lead: the person, the score with its reasons, the way to whoever has it, what happened, and what can be done.

import {useEffect, useRef, useState} from "preact/hooks";
import {get, request} from "./api.js";
import {readable} from "./condition_words.js";
import {html} from "./html.js";
import {useLoad, useTitle} from "./hooks.js";
import {ownerOf, useNames} from "./names.js";
import {Reassign} from "./reassign.js";
import {About, Decide, TakeBack} from "./returns.js";
import {heldFor, Review} from "./review.js";
import {to} from "./route.js";
import {titleOf} from "./stage_words.js";
import {fill, money, t} from "./texts.js";
import {moment} from "./times.js";
import {own, Why} from "./trace.js";
import {Action, Badge, Button, Dialog, Empty, Failure, Field, Loaded, Loading, Panel, ScreenHead, Segments, State, Test, Time} from "./ui.js";

const QUICK_MS = 1500, LIVE_MS = 5000, SETTLED_MS = 30_000, JUST_NOW_MS = 60_000;
// States that a lead leaves by itself.
const MOVING = ["received", "scored", "offered", "delivering"];
// States in which a lead is somebody's, so that something can become of it.
const HELD = ["assigned", "sold", "contacted", "converted", "lost"];

export default function Lead({leadId}) {
  const names = useNames();
  const story = useStory(leadId);
  const who = story.data ? personOf(story.data.lead) : "";
  useTitle(t.screens.leads);
  return html`<a class="back" href=${to(["leads"])}>← ${t.lead.back}</a>
    <${Loaded} of=${story}>${(found) => html`
      <${ScreenHead} title=${who} about=${html`<${State} state=${found.lead.state} /> <${Test} of=${found.lead} /> ${names.of(found.lead.campaign_id, "campaigns")} · <${Time} at=${found.lead.received_at} full />`}>
        <${Doing} lead=${{...found.lead, who}} offers=${found.offers} timeline=${found.timeline} names=${names} after=${story.reload} /><//>
      ${isReturning(found) && html`<${Return} leadId=${leadId} names=${names} after=${story.reload} />`}
      ${found.lead.state === "quarantined" && html`<div class="notice heed"><div>${heldFor(found.lead)}</div></div>`}
      <div class="columns"><div class="stack"><${Decisions} story=${found} names=${names} /><${Explain} story=${found} names=${names} /></div>
        <div class="stack"><${Person} story=${found} names=${names} /><${Score} story=${found} /><${History} story=${found} names=${names} /></div></div>`}<//>`;
}

/** A lead's story, kept fresh. Traces are most of it and stay as they are: they are read when something has happened. */
function useStory(leadId) {
  const kept = useRef(null);
  const read = (signal, traces) => get(`leads/${leadId}`, {exchanges: false, traces}, signal);
  return useLoad(async (signal) => {
    const had = kept.current?.lead.lead_id === leadId ? kept.current : null;
    const bare = had && await read(signal, false);
    const same = bare && bare.offers.length === had.offers.length && bare.timeline.length === had.timeline.length;
    kept.current = same ? {...bare, offers: traced(bare.offers, had.offers), timeline: traced(bare.timeline, had.timeline)} : await read(signal, true);
    return kept.current;
  }, [leadId], {every: pause});
}

/** How long to wait before it is looked at again: little where something has just been done with it. */
function pause(story) {
  if (story && !MOVING.includes(story.lead.state)) return SETTLED_MS;
  return story && Date.now() - Date.parse(story.timeline.at(-1)?.at) < JUST_NOW_MS ? QUICK_MS : LIVE_MS;
}

const traced = (now, before) => now.map((one, at) => ({...one, trace: before[at].trace}));

function personOf({contact, forgotten_at: gone}) {
  if (gone) return t.lead.forgotten;
  return [contact.first_name, contact.last_name].filter(Boolean).join(" ") || contact.email || contact.phone || t.review.thisLead;
}

/** Whether a buyer has asked to give it back, and nobody has decided. */
function isReturning({timeline}) {
  const last = timeline.findLast(({kind}) => ["ReturnRequested", "ReturnRefused", "LeadReturned"].includes(kind));
  return last?.kind === "ReturnRequested";
}

/** The return that waits for a decision. */
function Return({leadId, names, after}) {
  const {data, reload} = useLoad((signal) => get("returns", {limit: 200}, signal), [leadId]);
  const mine = data?.items.filter((one) => one.lead_id === leadId) || [];
  const done = () => { reload(); after(); };
  return mine.map((one) => html`<div class="notice heed" key=${one.offer_no}><div><strong>${fill(t.returns.wants, {name: names.of(one.recipient_id)})}</strong>
    <${About} one=${one} names=${names} /></div><div class="line"><${Decide} one=${one} names=${names} after=${done} /></div></div>`);
}

/** What can be done with it, as its state allows. */
function Doing({lead, offers, timeline, names, after}) {
  const [open, setOpen] = useState("");
  const close = () => setOpen("");
  return html`<${Review} lead=${lead} after=${after} small=${false} />
    ${!lead.forgotten_at && html`<${Reassign} lead=${lead} offers=${offers.length} after=${after} small=${false} />`}
    <${TakeBack} lead=${lead} offers=${offers} timeline=${timeline} names=${names} after=${after} />
    ${HELD.includes(lead.state) && html`<${Button} changes icon="check" onClick=${() => setOpen("outcome")}>${t.lead.outcome}<//>`}
    ${!lead.forgotten_at && html`<${Button} changes tone="grave" icon="person" onClick=${() => setOpen("forget")}>${t.lead.forget}<//>`}
    ${open === "outcome" && html`<${Outcome} lead=${lead} close=${close} after=${after} />`}
    ${open === "forget" && html`<${Forget} lead=${lead} close=${close} after=${after} />`}`;
}

function Outcome({lead, close, after}) {
  const [said, setSaid] = useState({outcome: "contacted", reason: "", value: ""});
  const set = (name) => (event) => setSaid({...said, [name]: event.target.value});
  const record = async () => {
    const body = {outcome: said.outcome};
    if (said.reason && ["lost", "returned"].includes(said.outcome)) body.reason = said.reason;
    if (said.value && said.outcome === "converted") body.value_cents = Math.round(Number(said.value) * 100);
    await request("POST", `leads/${lead.lead_id}/outcomes`, {body});
    close();
    return t.lead.outcomeDone;
  };
  return html`<${Dialog} title=${t.lead.outcome} close=${close} actions=${html`<${Button} onClick=${close}>${t.common.cancel}<//>
      <${Action} tone="main" work=${record} after=${after}>${t.lead.outcomeDo}<//>`}>
    <${Field} label=${t.lead.outcome} value=${said.outcome} onChange=${set("outcome")} options=${Object.entries(t.lead.outcomes).filter(([name]) => name !== "returned" || lead.state !== "sold")} />
    ${said.outcome === "returned" && html`<p class="small">${t.lead.outcomeReturned}</p>`}
    ${["lost", "returned"].includes(said.outcome) && html`<${Field} label=${t.lead.outcomeReason} value=${said.reason} maxlength="200" onInput=${set("reason")} />`}
    ${said.outcome === "converted" && html`<${Field} label=${t.lead.outcomeValue} type="number" min="0" step="0.01" value=${said.value} onInput=${set("value")} />`}<//>`;
}

function Forget({lead, close, after}) {
  const [typed, setTyped] = useState("");
  const forget = async () => {
    const answer = await request("DELETE", `leads/${lead.lead_id}/person`);
    close();
    return answer.data.forgotten_at ? t.lead.forgotten : t.lead.forgottenMore;
  };
  return html`<${Dialog} title=${t.lead.forget} close=${close} actions=${html`<${Button} onClick=${close}>${t.common.cancel}<//>
      <${Action} tone="grave" disabled=${typed !== t.lead.forgetWord} work=${forget} after=${after}>${t.lead.forgetDo}<//>`}>
    <p>${fill(t.lead.forgetAbout, {who: lead.who})}</p>
    <${Field} label=${fill(t.lead.forgetSure, {word: t.lead.forgetWord})} value=${typed} autocomplete="off" onInput=${(event) => setTyped(event.target.value)} /><//>`;
}

/** Every decision about the lead; the last one is shown first. */
function Decisions({story, names}) {
  const made = decisions(story);
  const [chosen, setChosen] = useState(null);
  useEffect(() => setChosen(null), [made.length]);
  const at = chosen ?? made.length - 1, shown = made[at];
  return html`<${Panel} title=${t.lead.path} about=${t.lead.pathAbout}>
    ${made.length > 1 && html`<${Segments} label=${t.lead.path} value=${at} set=${setChosen} options=${made.map((one, number) => (
      [number, one.recipient_id ? fill(t.lead.decision, {number: number + 1, who: names.of(one.recipient_id)}) : fill(t.lead.decisionNobody, {number: number + 1})]))} />`}
    ${shown ? html`<${Why} trace=${shown.trace} recipientId=${shown.recipient_id} names=${names} />`
      : html`<${Empty} tone="" icon="clock" title=${t.lead.noTrace}>${t.lead.noTraceAbout}<//>`}<//>`;
}

function decisions({offers, timeline}) {
  const found = [
    ...offers.filter((one) => one.trace).map((one) => ({at: one.made_at, trace: one.trace, recipient_id: one.recipient_id})),
    ...timeline.filter((one) => one.trace).map((one) => ({at: one.at, trace: one.trace, recipient_id: null})),
  ];
  return found.sort((a, b) => (a.at < b.at ? -1 : 1));
}

function Explain({story, names}) {
  const [who, setWho] = useState("");
  const leadId = story.lead.lead_id;
  const found = useLoad((signal) => (who ? get(`leads/${leadId}/explain`, {recipient: who}, signal) : null), [who, leadId]);
  const name = names.of(who);
  return html`<${Panel} title=${t.lead.explain} about=${t.lead.explainAbout}>
    <${Field} label=${t.lead.explainWho} value=${who} onChange=${(event) => setWho(event.target.value)}
      options=${[["", t.lead.notRecipients], ...names.recipients.map((one) => [one.id, one.name])]} />
    ${who && (found.error ? html`<${Failure} error=${found.error} />` : found.loading || !found.data ? html`<${Loading} />`
      : found.data.got_it ? html`<p class="answer">${fill(t.lead.explainGot, {name})}</p>`
      : html`<div class="answer" role="status"><p>${fill(t.lead.explainOne, {name, stage: found.data.best.name})}</p><${Checks} path=${found.data.best} names=${names} />
          ${found.data.others.length > 0 && html`<details><summary>${t.lead.explainOther}</summary>${found.data.others.map((path) => html`
            <h3>${path.name}</h3><${Checks} path=${path} names=${names} />`)}</details>`}</div>`)}<//>`;
}

const Checks = ({path, names}) => html`<ul class="checks">${path.checks.map((check) => html`<li><strong>${readable(check.words, names)}</strong>${own(check.own, names)}
    ${!isSaid(readable(check.needs, names), readable(check.words, names)) && html`<span class="quiet"> → ${readable(check.needs, names)}</span>`}</li>`)}</ul>${!path.recorded && html`<p class="small quiet">${t.lead.explainNow}</p>`}`;

/** Whether what it takes is what was asked, word for word: of a time nobody has a value of their own. */
const isSaid = (needs, words) => words.includes(needs.replace(": ", " is "));

function consentIn(consent) {
  if (!consent) return t.lead.consentNone;
  return consent.given ? fill(t.lead.consentGiven, {at: consent.at ? moment(consent.at) : ""}) : t.lead.consentRefused;
}

/** What the person agreed to: the evidence, in the words that were shown. */
const Consented = ({consent}) => html`${consentIn(consent)}${consent?.text && html`<blockquote class="agreed">${consent.text}</blockquote>
  <span class="small quiet">${[consent.version && fill(t.lead.consentVersion, consent), consent.page && fill(t.lead.consentPage, consent)].filter(Boolean).join(" · ")}</span>`}`;

const PROMPT = {open: "heed", met: "good", missed: "bad"};

function Person({story: {lead, promptness}, names}) {
  const {contact, consent, attributes} = lead;
  const place = [contact.street, contact.postal_code, contact.city, contact.state, contact.country].filter(Boolean).join(", ");
  const pairs = [
    ...["email", "phone", "company"].map((name) => [t.fields[name], contact[name]]), [t.fields.place, place],
    [t.lead.consent, html`<${Consented} consent=${consent} />`],
    ...Object.entries(attributes).map(([name, value]) => [words(name), typeof value === "object" ? JSON.stringify(value) : String(value)]),
    [t.lead.source, names.of(lead.source_id, "sources")],
    [t.lead.plan, lead.plan_id && html`<a href=${to(["plans", lead.plan_id])}>${fill(t.lead.planVersion, {plan: titleOf(lead.plan_id), version: lead.plan_version})}</a>`],
    [t.lead.due, lead.due_at && html`<${Time} at=${lead.due_at} full />${promptness && html` <${Badge} tone=${PROMPT[promptness]}>${t.lead.promptness[promptness]}<//>`}`],
    [t.lead.value, lead.value_cents !== null && money(lead.value_cents, lead.value_currency || "USD")], [t.lead.lostReason, lead.lost_reason],
    [t.lead.owner, ownerOf(lead, names)],
    [t.lead.id, html`<span class="mono">${lead.lead_id}</span>`],
  ].filter(([, value]) => value);
  return html`<${Panel} title=${t.lead.person}><dl class="pairs">${pairs.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl><//>`;
}

const words = (name) => name.replaceAll("_", " ").replace(/^./, (letter) => letter.toUpperCase());

function Score({story: {lead, timeline}}) {
  const scored = timeline.findLast((event) => event.kind === "LeadScored" || event.kind === "LeadDisqualified");
  const reasons = scored?.facts.reasons || [];
  return html`<${Panel} title=${t.lead.score}>
    ${lead.score === null ? html`<p class="quiet">${t.lead.scoreNone}</p>` : html`<p class="figure number">${lead.score}</p>
      <ul class="reasons">${reasons.map(({reason, points}) => html`<li><span>${reason}</span><strong class="number">${points > 0 ? "+" : ""}${points}</strong></li>`)}</ul>`}<//>`;
}

const History = ({story, names}) => html`<${Panel} title=${t.lead.history}><${Happened} story=${story} names=${names} /><//>`;

/** What happened to a lead, the newest first. */
export function Happened({story: {timeline}, names}) {
  // Where somebody was asked, also when that was for them: a mail at nine in Berlin came at three in New York.
  const zoneOf = ({facts}) => names.recipients.find((one) => one.id === facts.recipient_id)?.zone;
  return html`<ol class="history">${[...timeline].reverse().map((event) => html`
    <li key=${event.seq}><strong>${told(event, names)}</strong><div class="small quiet"><${Time} at=${event.at} full zone=${zoneOf(event)} />${event.facts.reason && ` · ${t.lead.reasons[event.facts.reason] || event.facts.reason}`}</div></li>`)}</ol>`;
}

/** What happened, with names. */
export function told({kind, facts}, names) {
  const {by, to: meant, recipient_id: recipient, why} = facts;
  if (kind === "OfferReleased" && !recipient) return t.eventParts.returned;
  const ways = (list) => list.map((way) => t.channels[way] || way).join(", ");
  const user = (who) => fill(t.eventParts.by, {who: who.replace(/^(rep|buyer|subscription|source):(.*)$/, (_, kind, id) => names.of(id, kind === "source" ? "sources" : undefined))});
  return fill(t.events[kind] || kind, {
    recipient: names.of(recipient || ""), source: names.of(facts.source_id || "", "sources"), points: facts.points,
    by: by && by !== "rule" ? user(by) : "", to: typeof meant === "string" ? fill(t.eventParts.to, {who: names.of(meant)}) : "",
    channels: ways(Object.keys(facts.failed || {})),
    instead: facts.told?.length ? fill(t.eventParts.instead, {channels: ways(facts.told)}) : "",
    told: Array.isArray(facts.to) && facts.to.length ? facts.to.map((id) => names.of(id)).join(", ") : t.eventParts.operations,
    why: (Array.isArray(why) ? why : []).map((code) => t.suspicions[code] || code).join(", "),
  });
}
