// Test leads by the door that the form uses, and who gets each, as it happens.

import {useRef, useState} from "preact/hooks";
import {get, request} from "./api.js";
import {consentOf} from "./form_words.js";
import {html} from "./html.js";
import {useLoad} from "./hooks.js";
import {Icon} from "./icons.js";
import {Happened} from "./lead.js";
import {inWords} from "./problems.js";
import {to} from "./route.js";
import {Shares} from "./shares.js";
import {answers} from "./start_questions.js";
import {listed} from "./start_words.js";
import {count, fill, t} from "./texts.js";
import {Button, Field, Panel, State} from "./ui.js";

const SEVERAL = 6;
const LIVE_MS = 2000, ASKED_MS = 5000, LOOK_MS = 400, PATIENCE_MS = 30_000;
// On the way to a first decision.
const GOING = new Set(["received", "scored"]), ASKED = new Set(["offered", "delivering"]);

export function Tests({of, open}) {
  const {source, questions, names, team} = of, text = t.start.tests;
  const [typed, setTyped] = useState(() => answers(questions, 1));
  const [sent, setSent] = useState([]);
  const [left, setLeft] = useState(0);
  const [failure, setFailure] = useState(null);
  const numbers = useRef(0), edited = useRef(false), once = useRef({});
  const wrong = (path) => failure?.errors?.find(({field}) => field === path)?.problem;

  const send = async (many) => {
    setFailure(null);
    try {
      for (let rest = many; rest > 0; rest -= 1) {
        setLeft(rest);
        const number = numbers.current += 1;
        const fields = edited.current || number === 1 ? typed : answers(questions, number);
        const sends = Object.fromEntries(questions.filter(({path}) => fields[path] !== "").map((one) => [one.path, valueOf(one, fields[one.path])]));
        const id = await sentOnce(once, `sources/${source.id}/test`, sends, () => consentOf(source, of.campaign));
        setSent((had) => [...had, {id, number}]);
        // One after another, as leads come: of two at the same moment the second may go to the one after next.
        await placed(id);
      }
    } catch (error) {
      if (once.current.key) numbers.current -= 1;
      setFailure(error);
    }
    setLeft(0);
  };
  return html`<${Panel} title=${text.title} about=${fill(text.about, {who: listed(team.map(({name}) => name))})}>
    ${!open && html`<p class="notice heed"><${Icon} name="clock" /><span>${fill(text.outside, {who: of.plan.fallback ? names.of(of.plan.fallback) : following(of)?.name || text.waits})}</span></p>`}
    <div class="grid"><form class="start-box stack" aria-label=${text.form} onSubmit=${(event) => { event.preventDefault(); send(1); }}>
      ${questions.map((one) => html`<${Answer} key=${one.path} one=${one} value=${typed[one.path]} wrong=${wrong(one.path)}
        set=${(value) => { edited.current = true; setTyped((had) => ({...had, [one.path]: value})); }} />`)}
      ${failure && html`<div class="notice bad" role="alert"><${Icon} name="alert" /><div>${inWords(failure).title}. ${inWords(failure).text}</div></div>`}
      <div class="line"><${Button} tone="main" changes type="submit" busy=${left > 0}>${text.one}<//>
        <${Button} changes busy=${left > 0} onClick=${() => send(SEVERAL)}>${left > 1 ? fill(text.left, {number: left}) : fill(text.several, {number: SEVERAL})}<//></div>
      <p class="small quiet">${text.contact}</p></form>
      <${Arrivals} sent=${sent} names=${names} team=${team} campaignId=${of.campaign.id} /></div><//>`;
}

/**
 * Send a test lead: its id. The same answers sent again after no answer came are the same lead, with the consent of the first
 * time, which has a moment in it. `once` is a ref that holds what is under way.
 */
export async function sentOnce(once, path, answered, consent) {
  const said = JSON.stringify(answered);
  if (once.current.said !== said) once.current = {said, key: crypto.randomUUID(), body: {fields: {...answered, ...consent()}}};
  const {data} = await request("POST", path, {body: once.current.body, once: once.current.key});
  once.current = {};
  return data.lead_id;
}

/** The stage that is asked when the first one's hours are over. */
const following = ({plan, stage}) => plan.stages.slice(plan.stages.indexOf(stage) + 1).find(({off}) => !off);

/** Wait until a lead is with somebody, or stands still for another reason. */
export async function placed(id) {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until;) {
    const {lead} = await get(`leads/${id}`, {traces: false, exchanges: false});
    if (!GOING.has(lead.state)) return;
    await new Promise((resolve) => { setTimeout(resolve, LOOK_MS); });
  }
}

const valueOf = ({type}, text) => (type === "list" ? text.split(",").map((one) => one.trim()) : text);

function Answer({one: {title, type, options, required, name}, value, set, wrong}) {
  const choices = type === "boolean" ? [["yes", t.sources.form.yes], ["no", t.sources.form.no]] : options.length && type !== "list" ? options.map((one) => [String(one), String(one)]) : undefined;
  return html`<${Field} label=${title} value=${value} wrong=${wrong} options=${choices} required=${required} autocomplete="off" name=${name}
    type=${{email: "email", tel: "tel", number: "number", moment: "date"}[type]} ...${{[choices ? "onChange" : "onInput"]: (event) => set(event.target.value)}} />`;
}

/** How soon to look again at leads in these states: not at all, once each has come to an end. */
const pauseOf = (states) => (states.some((state) => !state || GOING.has(state)) ? LIVE_MS : states.some((state) => ASKED.has(state)) ? ASKED_MS : 0);

/** The leads that were sent, who got each, and what happened to the last. */
function Arrivals({sent, names, team, campaignId}) {
  const text = t.start.tests, last = sent.at(-1);
  const live = useLoad(async (signal) => {
    if (!last) return null;
    const [page, story] = await Promise.all([get("leads", {campaign_id: campaignId, limit: 100}, signal), get(`leads/${last.id}`, {exchanges: false, traces: false}, signal)]);
    return {rows: new Map(page.items.map((lead) => [lead.lead_id, lead])), story};
  }, [last?.id], {every: (found) => (last ? pauseOf(sent.map(({id}) => found?.rows.get(id)?.state)) : 0)});
  const kept = useRef(null);
  if (live.data) kept.current = live.data;
  if (!last) return html`<div class="start-box"><p class="quiet">${text.nothing}</p></div>`;
  const rows = sent.map((one) => ({...one, lead: kept.current?.rows.get(one.id)}));
  const got = (id) => rows.filter(({lead}) => lead?.recipient_id === id).length;
  const everybody = [...new Set([...team.map(({id}) => id), ...rows.map(({lead}) => lead?.recipient_id).filter(Boolean)])];
  return html`<section class="start-box stack" aria-label=${text.arrived}>
    <h3>${text.arrived}</h3>
    <p role="status">${listed(everybody.filter(got).map((id) => fill(text.got, {name: names.of(id), leads: count(got(id), "lead")}))) || text.underWay}</p>
    ${rows.length > 1 && html`<${Shares} label=${text.tally} parts=${everybody.map((id) => ({name: names.of(id), weight: got(id)}))} />`}
    <ul class="rows start-arrivals">${rows.map(({id, number, lead}) => html`<li class="row nowrap" key=${id}><span class="grow">
        <a class="row-link" href=${to(["leads", id])}>${fill(text.lead, {number})}</a>
        <span class="small quiet"> ${lead?.recipient_id ? fill(text.to, {name: names.of(lead.recipient_id)}) : text.underWay}</span></span>
      ${lead && html`<${State} state=${lead.state} />`}</li>`)}</ul>
    ${kept.current?.story && html`<details open><summary>${fill(text.history, {number: last.number})}</summary><${Happened} story=${kept.current.story} names=${names} /></details>`}</section>`;
}
