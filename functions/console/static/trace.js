// A decision drawn as a picture: the plan's stages from top to bottom, who stood in each, and where the lead ended.

import {useState} from "preact/hooks";
import {strange} from "./condition_fields.js";
import {readable} from "./condition_words.js";
import {html} from "./html.js";
import {Icon} from "./icons.js";
import {fill, t} from "./texts.js";
import {Avatar, Time} from "./ui.js";

const FEW = 6;
const TOOK = new Set(["chose", "owner", "fallback", "by_hand"]);

/**
 * The way of a lead through its plan. `recipientId`: who got it, null for nobody; `open`: what is still to be decided, if so;
 * `imagined`: it is only tried, and nobody gets it.
 */
export function Why({trace, recipientId, names, open, imagined = false}) {
  return html`<ol class="way"><li class="way-step start"><span class="way-dot"></span><p class="small quiet">${t.trace.start}</p></li>
    ${trace.stages.map((stage, at) => html`<${Stage} key=${at} stage=${stage} names=${names} imagined=${imagined} />`)}
    <li class=${`way-step end ${recipientId ? "good" : "heed"}`}><span class="way-dot"><${Icon} name=${recipientId ? "check" : "alert"} size=${16} /></span>
      <strong>${recipientId ? fill(imagined ? t.trace.wouldWin : t.trace.winner, {name: names.of(recipientId)}) : open || (imagined ? t.trace.nobodyWould : t.trace.nobody)}</strong>
      ${!recipientId && !open && html`<p class="small quiet">${t.trace.nobodyAbout}</p>`}</li></ol>`;
}

// What has no number is the fallback, unless somebody who had the person before, or somebody by hand, came before the stages.
const headOf = ({stage, outcome, name}) => (outcome === "by_hand" ? t.trace.byHand : stage === null && outcome !== "kept_for_owner" ? t.trace.fallback : name);

function Stage({stage, names, imagined}) {
  const [all, setAll] = useState(false);
  const took = TOOK.has(stage.outcome);
  const candidates = all ? stage.candidates : stage.candidates.slice(0, FEW);
  const hidden = stage.candidates.length - candidates.length;
  return html`<li class=${`way-step ${took ? "good" : "passed"}`}><span class="way-dot number">${stage.stage === null ? "★" : stage.stage + 1}</span>
    <div class="way-card"><div class="line between"><h3>${headOf(stage)}</h3></div>
      <p class="small quiet">${said(stage.words, names, imagined)}${own(stage.own, names)}</p>
      ${stage.candidates.length > 0 && html`<ul class="candidates">${candidates.map((one) => html`<${Candidate} key=${one.recipient_id} one=${one} names=${names} imagined=${imagined} />`)}</ul>`}
      ${hidden > 0 && html`<button type="button" class="button small plain" onClick=${() => setAll(true)}>${fill(t.trace.more, {number: hidden})}</button>`}
      ${Object.entries(stage.more).map(([reason, number]) => html`<p class="small quiet">${fill(t.trace.others, {number})}: ${reason.replaceAll("_", " ")}</p>`)}
    </div></li>`;
}

function Candidate({one, names, imagined}) {
  const got = one.code === 100, later = one.code >= 200 && one.code < 300;
  const [short, ...rest] = said(one.words, names, imagined).split(/: (.*)/s);
  return html`<li class=${got ? "got" : later ? "later" : "out"}><${Avatar} name=${names.of(one.recipient_id)} />
    <div><strong>${names.of(one.recipient_id)}</strong> <span>${short}</span>${rest[0] && html`<div class="small quiet">${rest[0]}${own(one.own, names)}</div>`}
      ${one.also.map((verdict) => html`<div class="small quiet">${said(verdict.words, names, imagined)}${own(verdict.own, names)}</div>`)}
      ${"turns" in one.facts && html`<${Numbers} facts=${one.facts} />`}</div></li>`;
}

/** The exact numbers that decided whose turn it was. */
function Numbers({facts}) {
  const {numbers, begun, never} = t.trace;
  const moment = (at) => (at ? html`<${Time} at=${new Date(at * 1000).toISOString()} full />` : never);
  const shown = {...facts, begun: begun[facts.begun], last_s: moment(facts.last_s), last_lead_s: moment(facts.last_lead_s)};
  return html`<details class="small turn-numbers"><summary>${t.trace.exact}</summary><dl class="pairs">${Object.entries(numbers).filter(([name]) => name in facts).map(([name, label]) => html`
    <dt>${label}</dt><dd>${shown[name]}</dd>`)}</dl></details>`;
}

const said = (words, names, imagined) => readable(imagined ? words.replace(/^got the lead/, t.trace.wouldGet).replace(/^gave the lead/, t.trace.wouldGive) : words, names);

/** What the lead itself has, beside what was asked of it. */
export function own(values = {}, names) {
  const those = Object.entries(values).map(([path, value]) => [path, /^(source|campaign)_id$/.test(path) ? names.of(value, path.replace("_id", "s")) : value]);
  const words = those.length === 1 ? those[0][1] : those.map(([path, value]) => fill(t.trace.ownOne, {field: strange(path).label, value})).join(", ");
  return those.length ? fill(t.trace.own, {value: words}) : "";
}
