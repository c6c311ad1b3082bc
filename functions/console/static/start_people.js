// First run, steps 2 and 3: who gets the leads, and who does when none of them can.

import {useRef, useState} from "preact/hooks";
import {At} from "./form.js";
import {DAYS} from "./hours.js";
import {html} from "./html.js";
import {Icon} from "./icons.js";
import {Shares} from "./shares.js";
import {to} from "./route.js";
import {hoursWords} from "./start_hours.js";
import {questionFor} from "./start_questions.js";
import {filled, knownOf, limitIn, namesake, newKey, others, somebody, takers, zoneOfPlan} from "./start_setup.js";
import {limitWords, whenOtherwise} from "./start_words.js";
import {fill, t} from "./texts.js";
import {Avatar, Button, Panel, Segments} from "./ui.js";
import {MINE, placeOf} from "./zones.js";

const ZONES = [...new Set([MINE, ...Intl.supportedValuesOf("timeZone")])].map((zone) => [zone, zone.replaceAll("_", " ")]);
const SUGGESTED = 200;

export function Team({form}) {
  const {doc, reps} = form, {people, hours, asks} = doc, text = t.start.people;
  const shared = takers(doc, reps);
  const zone = zoneOfPlan(doc, reps);
  return html`<${Panel} title=${text.title} about=${text.about}>
      <${People} form=${form} place="people" rows=${people} shares />
      ${shared.length > 1 && html`<${Shares} label=${text.shares} parts=${shared.map((row) => ({name: row.name || text.unnamed, weight: row.share || 0}))} />`}<//>
    <${Panel} title=${text.when}>
      <${Segments} label=${text.when} value=${hours.any} set=${(any) => form.set("hours.any", any)} options=${[[true, text.anyTime], [false, text.hours]]} />
      ${hours.any ? html`<p class="quiet">${text.anyTimeAbout}</p>` : html`<${Hours} form=${form} />
        <p class="small quiet">${text.ownClock}${zone && ` ${fill(text.planClock, {city: placeOf(zone)})}`}</p>`}<//>
    <${Panel} title=${text.how}>
      <${Segments} label=${text.how} value=${asks} set=${(value) => form.set("asks", value)} options=${[[true, text.asked], [false, text.atOnce]]} />
      ${asks ? html`<div class="start-minutes"><${At} form=${form} place="minutes" type="number" min="1" max="10080" label=${text.minutes} hint=${text.minutesHint} /></div>`
        : html`<p class="quiet">${text.atOnceAbout}</p>`}<//>`;
}

export function Otherwise({form}) {
  const {doc} = form, {kind, people} = doc.otherwise, text = t.start.otherwise;
  return html`<${Panel} title=${text.title} about=${fill(text.about, {when: whenOtherwise(doc, form.reps)})}>
    <${Segments} label=${text.title} value=${kind} set=${(value) => form.set("otherwise.kind", value)} options=${Object.entries(text.kinds)} />
    <p class="quiet small">${text.abouts[kind]}</p>
    ${kind !== "nobody" && html`<${People} form=${form} place="otherwise.people" rows=${kind === "person" ? others(doc) : people} one=${kind === "person"} shares=${kind === "team"} />`}<//>`;
}

/** Rows of people; a name that is there already means that person. */
function People({form, place, rows, one, shares}) {
  const {doc, set, reps} = form, text = t.start.people;
  const more = shares && rows.length > 1;
  return html`<datalist id="people-there">${reps.slice(0, SUGGESTED).map((rep) => html`<option key=${rep.id} value=${rep.name} />`)}</datalist>
    <div class=${`start-people ${more ? "start-shared" : ""}`}>${rows.map((row, at) => html`<${Person} key=${row.key} row=${row} form=${form} place=${`${place}[${at}]`}
      label=${one ? text.thePerson : fill(text.person, {number: at + 1})} shares=${more} before=${filled([...(place === "people" ? [] : doc.people), ...rows.slice(0, at)])}
      remove=${rows.length > 1 && (() => set(place, rows.filter((other) => other !== row)))} />`)}</div>
    ${!one && html`<div class="line"><${Button} small icon="plus" onClick=${() => set(place, [...rows, somebody()])}>${text.more}<//></div>`}`;
}

function Person({row, form, place, label, shares, before, remove}) {
  const [more, setMore] = useState(false);
  const group = useRef();
  const text = t.start.people, known = knownOf(row, form.reps);
  // Who only comes last is asked nothing: what they take otherwise does not count.
  const limit = place.startsWith("people") || form.doc.otherwise.kind === "team" ? limitIn(row, form.doc, form.reps) : null;
  const above = before.some((other) => other.name.trim().toLowerCase() === row.name.trim().toLowerCase()) && row.name.trim() && !form.wrong(`${place}.name`);
  const same = namesake(row, form.reps);
  // Another name is another question: who is meant by it was not said yet.
  const naming = {...form, set: (where, value) => { form.set(where, value); form.set(`${place}.other`, false); }};
  const somebodyElse = () => {
    form.set(`${place}.other`, true);
    requestAnimationFrame(() => group.current?.querySelector("[type=tel]")?.focus());
  };
  const field = (name, given) => html`<${At} form=${form} place=${`${place}.${name}`} empty="" label=${text[name]} autocomplete="off" ...${given} />`;
  return html`<div role="group" aria-label=${label} class="start-person" ref=${group}>
    ${field("name", {form: naming, list: "people-there", maxlength: "100"})}
    ${known ? html`<${Known} rep=${known} />` : above ? html`<p class="start-known small quiet">${text.above}</p>`
    : html`${field("phone", {type: "tel", placeholder: text.phoneLike})}${field("email", {type: "email"})}
      ${more ? html`<${At} form=${form} place=${`${place}.zone`} label=${text.zone} options=${ZONES} />`
        : html`<div class="field start-zone"><span>${text.zone}</span><button type="button" class="button plain" onClick=${() => setMore(true)}><${Icon} name="clock" size=${16} />${placeOf(row.zone)}</button></div>`}`}
    ${shares && html`<div class="start-share">${field("share", {type: "number", min: "1", max: "1000000", step: "1", label: text.share, empty: null})}</div>`}
    ${remove ? html`<div class="start-remove"><${Button} small tone="plain" icon="cross" title=${fill(text.remove, {who: row.name || label})} onClick=${remove} /></div>` : ""}
    ${limit && html`<${Limit} rep=${known} limit=${limit} form=${form} />`}
    ${known && html`<div class="start-under"><${Button} small tone="plain" onClick=${somebodyElse}>${text.another}<//></div>`}
    ${same && html`<div class="start-under"><${Button} small tone="plain" onClick=${() => form.set(`${place}.other`, false)}>${fill(text.thatOne, {name: same.name})}<//></div>`}</div>`;
}

/** What keeps leads of this form from somebody, and what can be done about it. */
function Limit({rep, limit, form: {doc, set}}) {
  const text = t.start.limit, more = limit.missing.map(questionFor).filter(Boolean);
  const ask = () => set("questions", [...doc.questions, ...more.map((one) => ({key: newKey(), ...one}))]);
  return html`<div class="start-under notice heed" role="status"><${Icon} name="alert" /><div class="stack">
    <span>${limitWords(rep.name, limit)}</span><div class="line">
    ${more.length > 0 && html`<${Button} small icon="plus" onClick=${ask}>${fill(text.ask, {what: limit.missing.map(({label}) => label).join(", ")})}<//>`}
    <a class="button small" href=${to(["people", rep.id])}>${fill(text.open, {name: rep.name})}</a></div></div></div>`;
}

/** Somebody who is there already, with what holds for them: nothing of it is changed here. */
function Known({rep}) {
  const text = t.start.people, reach = [rep.phone, rep.email].filter(Boolean).join(" · ");
  return html`<div class="start-known"><${Avatar} name=${rep.name} /><div><strong>${fill(text.known, {name: rep.name})}</strong>
    <div class="small quiet">${[reach, rep.schedule?.blocks?.length ? hoursWords(rep.schedule.blocks) : text.noHours, placeOf(rep.zone)].filter(Boolean).join(" · ")}</div>
    ${rep.paused && html`<div class="small start-heed">${text.paused}</div>`}</div></div>`;
}

function Hours({form}) {
  const {days} = form.doc.hours, text = t.start.hours, wrong = form.wrong("hours.days");
  const toggle = (day) => form.set("hours.days", DAYS.filter((one) => (one === day ? !days.includes(day) : days.includes(one))));
  return html`<div class="start-hours"><div class="field"><span id="days">${text.which}</span><div class="start-days" role="group" aria-labelledby="days">${DAYS.map((day) => html`
      <button key=${day} type="button" class="button small" aria-pressed=${days.includes(day) ? "true" : "false"} onClick=${() => toggle(day)}>${text.days[day]}</button>`)}</div>
      ${wrong && html`<span class="wrong">${wrong}</span>`}</div>
    <${At} form=${form} place="hours.start" type="time" empty="" label=${text.from} /><${At} form=${form} place="hours.end" type="time" empty="" label=${text.until} /></div>`;
}
