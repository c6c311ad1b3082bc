// First run, step 5: the whole in words and as a picture, and the button that makes it.

import {useState} from "preact/hooks";
import {hoursWords} from "./start_hours.js";
import {html} from "./html.js";
import {Icon} from "./icons.js";
import {forgetNames} from "./names.js";
import {inWords} from "./problems.js";
import {filled, knownOf, limitIn, make, others, sourceName, takers} from "./start_setup.js";
import {limitWords, planHours, wholeWords, whenOtherwise} from "./start_words.js";
import {count, fill, t} from "./texts.js";
import {Avatar, Button, Panel} from "./ui.js";
import {placeOf} from "./zones.js";

export function Look({form: {doc, reps}, made, refuse, back}) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState(null);
  const text = t.start.look;
  const makeIt = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const campaign = await make(doc, reps);
      forgetNames();
      made(campaign);
    } catch (error) {
      setFailure(error);
      setBusy(false);
      if (error.places && Object.keys(error.places).length) refuse(error.places);
    }
  };
  return html`<${Panel} title=${text.title}>
    <p class="start-said">${wholeWords(doc, reps)}</p>
    <${Picture} doc=${doc} reps=${reps} />
    ${failure && html`<div class="notice bad" role="alert"><${Icon} name="alert" /><div><strong>${inWords(failure).title}.</strong> ${inWords(failure).text}</div></div>`}
    <p class="small quiet">${text.about}</p><//>
    <div class="line between"><${Button} icon="back" onClick=${back}>${t.start.back}<//>
      <${Button} tone="main" changes icon="check" busy=${busy} onClick=${makeIt}>${busy ? text.making : text.make}<//></div>`;
}

/** The way of a lead, as it will be: in the looks of a trace. */
function Picture({doc, reps}) {
  const {asks, minutes, otherwise} = doc, text = t.start.look, team = filled(doc.people), after = filled(others(doc));
  const can = takers(doc, reps), total = can.reduce((sum, {share}) => sum + share, 0);
  const how = asks ? fill(text.asked, {minutes: count(minutes, "minute")}) : text.atOnce;
  return html`<ol class="way"><li class="way-step start"><span class="way-dot"></span><p class="small quiet">${fill(text.comes, {form: sourceName(doc)})}</p></li>
    <li class="way-step good"><span class="way-dot number">1</span><div class="way-card"><h3>${t.start.stages[0]}</h3>
      <p class="small quiet">${planHours(doc, reps)} · ${how}</p>
      <ul class="candidates">${team.map((row) => html`<${Candidate} key=${row.key} row=${row} doc=${doc} reps=${reps} more=${can.length > 1 && can.includes(row) ? fill(text.share, {part: row.share, total}) : ""} />`)}</ul></div></li>
    <li class=${`way-step ${after.length ? "good" : "heed"}`}><span class="way-dot number">${otherwise.kind === "team" ? 2 : "★"}</span><div class="way-card"><h3>${t.start.look.otherwise}</h3>
      <p class="small quiet">${fill(text.when, {when: whenOtherwise(doc, reps)})}</p>
      ${after.length ? html`<ul class="candidates">${after.map((row) => html`<${Candidate} key=${row.key} row=${row} doc=${doc} reps=${reps} more=${text.anyHour} last=${otherwise.kind === "person"} />`)}</ul>` : html`<p>${text.waits}</p>`}</div></li></ol>`;
}

function Candidate({row, doc, reps, more, last}) {
  const known = knownOf(row, reps), limit = last ? null : limitIn(row, doc, reps), blocks = known?.schedule?.blocks;
  // Whoever has no hours of their own has those of the plan, which stand above.
  const own = !last && blocks?.length > 0 && fill(t.start.look.own, {hours: hoursWords(blocks), city: placeOf(known.zone)});
  const about = [more, own].filter(Boolean).join(" · ");
  return html`<li class=${limit?.none ? "out" : ""}><${Avatar} name=${row.name} /><div><strong>${row.name}</strong>${about && html`<div class="small quiet">${about}</div>`}
    ${limit && html`<div class="small start-heed">${limitWords(row.name.trim(), limit)}</div>`}</div></li>`;
}
