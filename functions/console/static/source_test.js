// A test lead: sent through the door of its source, and followed step by step until somebody has it.

import {useEffect, useRef, useState} from "preact/hooks";
import {get, request} from "./api.js";
import {html} from "./html.js";
import {Icon} from "./icons.js";
import {told} from "./lead.js";
import {useNames} from "./names.js";
import {inWords} from "./problems.js";
import {to} from "./route.js";
import {exampleOf} from "./source_api.js";
import {questionsOf} from "./snippet.js";
import {fill, t} from "./texts.js";
import {Button, Dialog, Field, State} from "./ui.js";

const LOOK_MS = 700;
const LONGEST_MS = 90_000;
// What happens to a lead and is not as one wishes.
const BAD = new Set(["LeadUnassigned", "LeadQuarantined", "LeadDisqualified", "LeadDuplicate", "OfferDeclined", "OfferExpired", "DeliveryRefused", "DeliveryFailed"]);
// States in which a lead stays unless somebody does something.
const SETTLED = new Set(["assigned", "sold", "unassigned", "quarantined", "disqualified", "duplicate"]);

export function TestLead({source, campaign, close}) {
  const questions = questionsOf(campaign);
  const fresh = () => Object.fromEntries(questions.map((one) => [one.path, examples(one)]));
  const [typed, setTyped] = useState(fresh);
  const [sent, setSent] = useState(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState(null);
  const once = useRef({});
  const send = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const fields = Object.fromEntries(questions.filter((one) => typed[one.path] !== "").map((one) => [one.path, valueOf(one, typed[one.path])]));
      // Sent again after no answer came, it is the same lead; the moment of its consent too.
      const said = JSON.stringify(fields);
      if (once.current.said !== said) once.current = {said, key: crypto.randomUUID(), body: {fields: {...fields, ...consentOf(campaign)}}};
      setSent((await request("POST", `sources/${source.id}/test`, {body: once.current.body, once: once.current.key})).data);
      once.current = {};
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const wrong = (path) => failure?.errors?.find((one) => one.field === path)?.problem;
  const other = failure && !questions.some((one) => wrong(one.path));
  if (sent) return html`<${Dialog} title=${t.sources.test.title} close=${close} actions=${html`
    <${Button} icon="again" onClick=${() => { setTyped(fresh()); setSent(null); }}>${t.sources.test.another}<//>
    <a class="button main" href=${to(["leads", sent.lead_id])}>${t.sources.test.look}</a>`}><${Following} leadId=${sent.lead_id} /><//>`;
  return html`<${Dialog} title=${t.sources.test.title} close=${close} actions=${html`<${Button} onClick=${close}>${t.common.cancel}<//>
      <${Button} tone="main" changes icon="play" busy=${busy} onClick=${send}>${t.sources.test.send}<//>`}>
    <p>${t.sources.test.about}</p>
    <div class="fields">${questions.map((one) => html`<${Field} key=${one.path} label=${one.title} value=${typed[one.path]} wrong=${wrong(one.path)}
      ...${choicesOf(one) ? {options: [["", t.common.nothing], ...choicesOf(one)]} : {}}
      ...${{[choicesOf(one) ? "onChange" : "onInput"]: (event) => setTyped({...typed, [one.path]: event.target.value})}} autocomplete="off" />`)}</div>
    ${other && html`<div class="notice bad" role="alert"><div><strong>${inWords(failure).title}.</strong> ${inWords(failure).text}</div></div>`}<//>`;
}

function choicesOf({type, options}) {
  if (type === "boolean") return [["yes", t.sources.form.yes], ["no", t.sources.form.no]];
  return options.length && type !== "list" ? options.map((option) => [String(option), String(option)]) : null;
}

/** What is in the field at first. Another address each time: a second test is no duplicate of the first. */
function examples(one) {
  if (one.path === "contact.email") return `test-${Date.now().toString(36)}@example.com`;
  if (one.path === "contact.first_name") return t.sources.test.firstName;
  if (one.path === "contact.last_name") return t.sources.test.lastName;
  // Of a number that is somebody's, nobody would be called: but two tests would be one person.
  if (one.path === "contact.phone" && !one.required) return "";
  return one.type === "boolean" ? "yes" : String(exampleOf(one));
}

/** A consent with what the campaign asks to prove it, but for certificates, which nobody can make up. */
function consentOf({consent}) {
  const known = {text: t.sources.test.consentText, version: "test", at: new Date().toISOString(), ip: "192.0.2.1", page: `${location.origin}/`};
  const asked = (consent?.required ? consent.evidence || [] : []).filter((name) => known[name]);
  return {"consent.given": true, ...Object.fromEntries(asked.map((name) => [`consent.${name}`, known[name]]))};
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
