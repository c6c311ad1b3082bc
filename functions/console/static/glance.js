// A recipient at a glance, above a long form: when, how many and which leads, and the way to each part.

import {conditionWords, fieldsOf} from "./conditions.js";
import {html} from "./html.js";
import {leaveWords} from "./leave.js";
import {fill, t} from "./texts.js";
import {summary} from "./week.js";
import {placeOf} from "./zones.js";

/** The parts of the form that lie far below, each with what is set there. */
export function Glance({form: {doc, isNew}, names}) {
  if (isNew) return null;
  const words = t.people.glance, {schedule} = doc;
  const hours = summary(schedule?.blocks || []);
  const parts = [
    ["when", t.people.when, hours ? `${hours} (${placeOf(doc.zone)})` : t.people.week.always],
    ["leave", t.people.leave.title, leaveWords(doc) || t.people.leave.none],
    ["caps", t.people.caps.title, limits(doc) || words.noLimit],
    ["accepts", t.people.accepts.title, doc.accepts ? conditionWords(doc.accepts, fieldsOf({...names, also: [doc.accepts]})) : t.people.accepts.any],
  ];
  return html`<nav class="glance" aria-label=${words.label}>${parts.map(([id, title, said]) => html`
    <button type="button" class="glance-part" onClick=${() => show(id)}><strong>${title}</strong> <span class="small quiet">${said}</span></button>`)}</nav>`;
}

function show(id) {
  const part = document.getElementById(id);
  part.scrollIntoView();
  part.focus({preventScroll: true});
}

/** How many leads at most, in words: "10 a day, 5 open". */
function limits({caps = {}, campaign_caps: ofCampaigns}) {
  const {limits: words} = t.people.glance;
  const own = Object.keys(words).filter((name) => typeof caps[name] === "number").map((name) => fill(words[name], {cap: caps[name]}));
  return [...own, Object.keys(ofCampaigns || {}).length && t.people.glance.byCampaign].filter(Boolean).join(", ");
}
