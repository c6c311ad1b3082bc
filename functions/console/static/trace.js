// A decision drawn as a picture: the plan's stages from top to bottom, who stood in each, and where the lead ended.

import {useState} from "preact/hooks";
import {readable} from "./condition_words.js";
import {html} from "./html.js";
import {Icon} from "./icons.js";
import {fill, t} from "./texts.js";
import {Avatar} from "./ui.js";

const FEW = 6;
const TOOK = new Set(["chose", "owner", "fallback", "by_hand"]);

/** The way of a lead through its plan. `recipientId`: who got it, null for nobody; `open`: what is still to be decided, if so; `imagined`: there is no such lead. */
export function Why({trace, recipientId, names, open, imagined}) {
  const said = imagined ? t.trace.imagined : t.trace;
  return html`<ol class="way"><li class="way-step start"><span class="way-dot"></span><p class="small quiet">${t.trace.start}</p></li>
    ${trace.stages.map((stage, at) => html`<${Stage} key=${at} stage=${stage} last=${at === trace.stages.length - 1} names=${names} imagined=${imagined} />`)}
    <li class=${`way-step end ${recipientId ? "good" : "heed"}`}><span class="way-dot"><${Icon} name=${recipientId ? "check" : "alert"} size=${16} /></span>
      <strong>${recipientId ? fill(said.winner, {name: names.of(recipientId)}) : open || said.nobody}</strong>
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
      <p class="small quiet">${readable(stage.words, names)}</p>
      ${stage.candidates.length > 0 && html`<ul class="candidates">${candidates.map((one) => html`<${Candidate} key=${one.recipient_id} one=${one} names=${names} imagined=${imagined} />`)}</ul>`}
      ${hidden > 0 && html`<button type="button" class="button small plain" onClick=${() => setAll(true)}>${fill(t.trace.more, {number: hidden})}</button>`}
      ${Object.entries(stage.more).map(([reason, number]) => html`<p class="small quiet">${fill(t.trace.others, {number})}: ${reason.replaceAll("_", " ")}</p>`)}
    </div></li>`;
}

function Candidate({one, names, imagined}) {
  const got = one.code === 100, later = one.code >= 200 && one.code < 300;
  const [short, ...rest] = one.words.split(/: (.*)/s);
  return html`<li class=${got ? "got" : later ? "later" : "out"}><${Avatar} name=${names.of(one.recipient_id)} />
    <div><strong>${names.of(one.recipient_id)}</strong> <span>${got && imagined ? t.trace.imagined.got : short}</span>${rest[0] && html`<div class="small quiet">${readable(rest[0], names)}</div>`}
      ${one.also.map((verdict) => html`<div class="small quiet">${readable(verdict.words, names)}</div>`)}</div></li>`;
}
