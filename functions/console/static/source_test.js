// A test lead: sent through the door of its source, and followed step by step until somebody has it.

import {useEffect, useRef, useState} from "preact/hooks";
import {get} from "./api.js";
import {consentOf} from "./form_words.js";
import {useLoad} from "./hooks.js";
import {html} from "./html.js";
import {Icon} from "./icons.js";
import {told} from "./lead.js";
import {useNames} from "./names.js";
import {inWords} from "./problems.js";
import {to} from "./route.js";
import {questionsOf} from "./snippet.js";
import {answers} from "./start_questions.js";
import {placed, sentOnce} from "./start_tests.js";
import {count, fill, t} from "./texts.js";
import {Button, Dialog, Field, State} from "./ui.js";

const SEVERAL = 6;
const LOOK_MS = 700, LIVE_MS = 2000;
const LONGEST_MS = 90_000;
// What happens to a lead and is not as one wishes.
const BAD = new Set(["LeadUnassigned", "LeadQuarantined", "LeadDisqualified", "LeadDuplicate", "OfferDeclined", "OfferExpired", "DeliveryRefused", "DeliveryFailed"]);
// States in which a lead stays unless somebody does something.
const SETTLED = new Set(["assigned", "sold", "unassigned", "quarantined", "disqualified", "duplicate"]);

export function TestLead({source, campaign, close}) {
  const {test: words} = t.sources;
  const questions = questionsOf(campaign);
  const [typed, setTyped] = useState(() => answers(questions, 1));
  const [sent, setSent] = useState([]);
  const [left, setLeft] = useState(0);
  const [failure, setFailure] = useState(null);
  const gone = useRef(false), once = useRef({});
  useEffect(() => () => { gone.current = true; }, []);
  const send = async (many) => {
    setFailure(null);
    try {
      for (let rest = many, number = sent.length + 1; rest > 0 && !gone.current; rest -= 1, number += 1) {
        setLeft(rest);
        const fields = number === 1 ? typed : {...typed, ...somebodyElse(questions, number)};
        const answered = Object.fromEntries(questions.filter((one) => fields[one.path] !== "").map((one) => [one.path, valueOf(one, fields[one.path])]));
        const id = await sentOnce(once, `sources/${source.id}/test`, answered, () => consentOf(source, campaign));
        setSent((had) => [...had, {id, number}]);
        // One after another, as leads come: of two at the same moment the second may go to the one after next.
        if (rest > 1) await placed(id);
      }
    } catch (error) {
      setFailure(error);
    }
    setLeft(0);
  };
  const wrong = (path) => failure?.errors?.find((one) => one.field === path)?.problem;
  const other = failure && (sent.length || !questions.some((one) => wrong(one.path)));
  const several = html`<${Button} changes busy=${left > 0} onClick=${() => send(SEVERAL)}>${left > 1 ? fill(words.sending, {number: left}) : fill(words.several, {number: SEVERAL})}<//>`;
  const notice = other && html`<div class="notice bad" role="alert"><div><strong>${inWords(failure).title}.</strong> ${inWords(failure).text}</div></div>`;
  const last = sent.at(-1);
  if (last) return html`<${Dialog} title=${words.title} close=${close} actions=${html`
    <${Button} changes icon="again" busy=${left > 0} onClick=${() => send(1)}>${words.another}<//>${several}
    <a class="button main" href=${to(["leads", last.id])}>${words.look}</a>`}>
    ${sent.length > 1 && html`<${Sent} sent=${sent} source=${source} />`}<${Following} key=${last.id} leadId=${last.id} />${notice}<//>`;
  return html`<${Dialog} title=${words.title} close=${close} actions=${html`<${Button} onClick=${close}>${t.common.cancel}<//>${several}
      <${Button} tone="main" changes icon="play" busy=${left > 0} onClick=${() => send(1)}>${words.send}<//>`}>
    <p>${words.about}</p>
    <div class="fields">${questions.map((one) => html`<${Field} key=${one.path} label=${one.title} value=${typed[one.path]} wrong=${wrong(one.path)}
      ...${choicesOf(one) ? {options: [["", t.common.nothing], ...choicesOf(one)]} : {}}
      ...${{[choicesOf(one) ? "onChange" : "onInput"]: (event) => setTyped({...typed, [one.path]: event.target.value})}} autocomplete="off" />`)}</div>
    ${notice}<//>`;
}

/** Who the next one is: another person each time, with the same answers. A second test is no duplicate of the first. */
function somebodyElse(questions, number) {
  const found = answers(questions, number);
  return Object.fromEntries(["contact.last_name", "contact.email", "contact.phone"].filter((path) => path in found).map((path) => [path, found[path]]));
}

/** The tests that were sent from here, each with whom it is with. */
function Sent({sent, source}) {
  const names = useNames();
  const live = useLoad((signal) => get("leads", {campaign_id: source.campaign_id, source_id: source.id, test: true, limit: 100}, signal), [sent.length], {every: LIVE_MS});
  const kept = useRef([]);
  if (live.data) kept.current = live.data.items;
  const rows = sent.map((one) => ({...one, lead: kept.current.find(({lead_id: id}) => id === one.id)}));
  const holders = Map.groupBy(rows.filter(({lead}) => lead?.recipient_id), ({lead}) => lead.recipient_id);
  return html`<section class="stack" aria-label=${t.sources.test.sent}><p role="status"><strong>${[...holders].map(([id, held]) => fill(t.start.tests.got, {name: names.of(id), leads: count(held.length, "lead")})).join(", ") || t.sources.test.waiting}</strong></p>
    <ul class="rows plain-rows sent">${rows.map(({id, number, lead}) => html`<li class="row nowrap" key=${id}><a class="row-link grow" href=${to(["leads", id])}>${fill(t.sources.test.number, {number})}</a>
      ${lead && html`<span class="small quiet">${lead.recipient_id ? names.of(lead.recipient_id) : ""}</span><${State} state=${lead.state} />`}</li>`)}</ul></section>`;
}

function choicesOf({type, options}) {
  if (type === "boolean") return [["yes", t.sources.form.yes], ["no", t.sources.form.no]];
  return options.length && type !== "list" ? options.map((option) => [String(option), String(option)]) : null;
}

const valueOf = ({type}, text) => (type === "list" ? text.split(",").map((one) => one.trim()) : text);

/** What happens to the lead, as it happens. */
function Following({leadId}) {
  const names = useNames();
  const [story, setStory] = useState(null);
  const [over, setOver] = useState(false);
  useEffect(() => {
    const begun = Date.now();
    let timer = 0, left = false;
    const look = async () => {
      const found = await get(`leads/${leadId}`, {traces: false, exchanges: false}).catch(() => null);
      if (left) return;
      if (found) setStory(found);
      if (found && SETTLED.has(found.lead.state)) return setOver(true);
      if (Date.now() - begun > LONGEST_MS) return setOver(true);
      timer = setTimeout(look, LOOK_MS);
    };
    look();
    return () => { left = true; clearTimeout(timer); };
  }, [leadId]);
  const {lead, timeline = []} = story || {};
  return html`<ol class="follow" aria-live="polite"><li class="good"><span class="follow-dot"><${Icon} name="check" size=${16} /></span><div>${t.sources.test.taken}</div></li>
      ${timeline.slice(1).map((event) => html`<li key=${event.seq} class=${BAD.has(event.kind) ? "heed" : "good"}><span class="follow-dot"><${Icon} name=${BAD.has(event.kind) ? "alert" : "check"} size=${16} /></span><div>${told(event, names)}</div></li>`)}
      ${!over && html`<li class="moving"><span class="follow-dot"><${Icon} name="clock" size=${16} /></span><div>${lead?.state === "offered" ? fill(t.sources.test.offered, {who: names.of(lead.recipient_id || "")}) : t.sources.test.waiting}</div></li>`}</ol>
    ${lead && html`<div class=${`notice ${END[lead.state] || ""}`} role="status"><div><div class="line"><${State} state=${lead.state} />
      ${lead.recipient_id && html`<strong>${names.of(lead.recipient_id)}</strong>`}</div><p>${t.sources.test.ends[lead.state] || t.sources.test.ends.moving}</p></div></div>`}`;
}

const END = {assigned: "good", sold: "good", unassigned: "heed", quarantined: "heed", disqualified: "heed", duplicate: "heed"};
