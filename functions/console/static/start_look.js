// First run, step 5: the whole in words and as a picture, and the button that makes it.

import {useState} from "preact/hooks";
import {blocksOf, hoursWords} from "./start_hours.js";
import {html} from "./html.js";
import {Icon} from "./icons.js";
import {forgetNames} from "./names.js";
import {inWords} from "./problems.js";
import {filled, knownOf, make, others, sourceName} from "./start_setup.js";
import {wholeWords, whenOtherwise} from "./start_words.js";
import {count, fill, t} from "./texts.js";
import {Avatar, Button, Panel} from "./ui.js";

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
  const {hours, asks, minutes, otherwise} = doc, text = t.start.look, team = filled(doc.people), after = filled(others(doc));
  const total = team.reduce((sum, {share}) => sum + share, 0);
  const how = asks ? fill(text.asked, {minutes: count(minutes, "minute")}) : text.atOnce;
  return html`<ol class="way"><li class="way-step start"><span class="way-dot"></span><p class="small quiet">${fill(text.comes, {form: sourceName(doc)})}</p></li>
    <li class="way-step good"><span class="way-dot number">1</span><div class="way-card"><h3>${t.start.stages[0]}</h3>
      <p class="small quiet">${hours.any ? t.start.hours.always : hoursWords(blocksOf(hours))} · ${how}</p>
      <ul class="candidates">${team.map((row) => html`<${Candidate} key=${row.key} row=${row} reps=${reps} more=${team.length > 1 ? fill(text.share, {part: row.share, total}) : ""} />`)}</ul></div></li>
    <li class=${`way-step ${after.length ? "good" : "heed"}`}><span class="way-dot number">${otherwise.kind === "team" ? 2 : "★"}</span><div class="way-card"><h3>${t.start.look.otherwise}</h3>
      <p class="small quiet">${fill(text.when, {when: whenOtherwise(doc, reps)})}</p>
      ${after.length ? html`<ul class="candidates">${after.map((row) => html`<${Candidate} key=${row.key} row=${row} reps=${reps} more=${text.anyHour} hours=${otherwise.kind === "team"} />`)}</ul>` : html`<p>${text.waits}</p>`}</div></li></ol>`;
}

function Candidate({row, reps, more, hours = true}) {
  const known = knownOf(row, reps);
  const about = [more, hours && known && hoursWords(known.schedule?.blocks), known?.accepts && t.start.people.accepts].filter(Boolean).join(" · ");
  return html`<li><${Avatar} name=${row.name} /><div><strong>${row.name}</strong>${about && html`<div class="small quiet">${about}</div>`}</div></li>`;
}
