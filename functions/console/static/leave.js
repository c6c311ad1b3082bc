// When somebody is not there: away until a moment, on leave, on days off and public holidays.

import {html} from "./html.js";
import {At} from "./form.js";
import {fill, t} from "./texts.js";
import {zoned} from "./times.js";
import {Badge, Button, Field, Panel, Switch} from "./ui.js";
import {dayIn} from "./zones.js";

const SOON_DAYS = 30, DAY_MS = 24 * 60 * 60_000;
const dates = new Intl.DateTimeFormat("en", {month: "short", day: "numeric", timeZone: "UTC"});
const regions = new Intl.DisplayNames(["en"], {type: "region"});

/** The leave that somebody is on, or the next one, where it begins soon; on their own calendar. */
function leaveOf({schedule, zone}) {
  const soon = dayIn(zone, new Date(Date.now() + SOON_DAYS * DAY_MS)), today = dayIn(zone);
  return (schedule?.leave || []).filter(({first, last}) => first && last && last >= today && first <= soon).sort((a, b) => (a.first < b.first ? -1 : 1))[0];
}

/** Whether somebody is on leave today, where they are. */
export const isOnLeave = (recipient) => (leaveOf(recipient)?.first || "9") <= dayIn(recipient.zone);

/** When somebody is on leave: "on leave Nov 30 – Dec 4"; "" where they are not, and will not be soon. */
export function leaveWords(recipient) {
  const found = leaveOf(recipient);
  // No line ends between a month and its day.
  const days = found && dates.formatRange(new Date(found.first), new Date(found.last)).replace(/ (?=\d)/g, "\u00a0");
  return found ? fill(t.people.leave.said, {days}) : "";
}

/** Away until a moment, on the viewer's clock. */
export function Away({form}) {
  const {away_until: until, zone} = form.doc;
  const over = until && new Date(until) <= new Date();
  const there = until && zoned(until, zone);
  return html`<${Field} label=${t.people.leave.awayUntil} type="datetime-local" value=${until ? local(until) : ""} wrong=${form.wrong("away_until")}
    hint=${over ? t.people.leave.over : there || t.people.leave.awayHint}
    onInput=${(event) => form.set("away_until", event.target.value ? new Date(event.target.value).toISOString() : null)} />`;
}

/** Leave, single days off, and public holidays, all on the recipient's own calendar. */
export function DaysOff({form}) {
  const {schedule = {}, zone} = form.doc;
  const leave = schedule.leave || [], days = schedule.days_off || [], holidays = schedule.holidays;
  const today = dayIn(zone);
  const set = (name, value) => form.set(`schedule.${name}`, value);
  const dated = (place, value, label, change) => html`<${Field} type="date" label=${label} value=${value || ""} wrong=${form.wrong(place)} onInput=${(event) => change(event.target.value || null)} />`;
  return html`<${Panel} id="leave" tabindex="-1" title=${t.people.leave.title} about=${t.people.leave.about}><div class="fields">
    <div class="stack"><h3>${t.people.leave.leave}</h3>
      ${!leave.length && html`<p class="small quiet">${t.people.leave.none}</p>`}
      <ul class="stack">${leave.map((one, at) => html`<li class="dated">
        ${dated(`schedule.leave[${at}].first`, one.first, t.people.leave.first, (first) => set("leave", replaced(leave, at, {...one, first, last: one.last && one.last >= first ? one.last : first})))}
        ${dated(`schedule.leave[${at}].last`, one.last, t.people.leave.last, (last) => set("leave", replaced(leave, at, {...one, last})))}
        <${Button} tone="plain" icon="bin" title=${fill(t.people.leave.remove, {number: at + 1})} onClick=${() => set("leave", leave.filter((_, other) => other !== at))} />
        ${form.wrong(`schedule.leave[${at}]`) && html`<span class="wrong small">${t.people.leave.backwards}</span>`}
        ${one.last && (one.last < today ? html`<${Badge}>${t.people.leave.past}<//>` : one.first <= today && html`<${Badge} tone="heed">${t.people.leave.now}<//>`)}</li>`)}</ul>
      <div><${Button} small icon="plus" onClick=${() => set("leave", [...leave, {first: today, last: today}])}>${t.people.leave.add}<//></div></div>
    <div class="stack"><h3>${t.people.leave.days}</h3>
      ${!days.length && html`<p class="small quiet">${t.people.leave.noDays}</p>`}
      <ul class="stack">${days.map((one, at) => html`<li class="dated">
        ${dated(`schedule.days_off[${at}]`, one, fill(t.people.leave.day, {number: at + 1}), (day) => set("days_off", replaced(days, at, day)))}
        <${Button} tone="plain" icon="bin" title=${fill(t.people.leave.removeDay, {number: at + 1})} onClick=${() => set("days_off", days.filter((_, other) => other !== at))} /></li>`)}</ul>
      <div><${Button} small icon="plus" onClick=${() => set("days_off", [...days, today])}>${t.people.leave.addDay}<//></div></div>
    <div class="stack"><h3>${t.people.leave.holidays}</h3>
      <${Switch} label=${t.people.leave.holidaysOn} on=${Boolean(holidays)} set=${(on) => set("holidays", on ? {country: "US", subdivision: null} : null)} wrong=${form.wrong("schedule.holidays")} />
      ${holidays && html`<div class="fields"><${Capitals} form=${form} place="schedule.holidays.country" label=${t.people.leave.country} hint=${countryOf(holidays.country)} />
        <${At} form=${form} place="schedule.holidays.subdivision" label=${t.people.leave.region} hint=${t.people.leave.regionHint} /></div>`}</div></div><//>`;
}

const replaced = (list, at, value) => list.map((one, other) => (other === at ? value : one));

/** A field of capital letters. */
const Capitals = ({form, place, ...more}) => html`<${At} form=${form} place=${place} maxlength="2" ...${more}
  onInput=${(event) => form.set(place, event.target.value.toUpperCase())} />`;

/** What a country is called, by its code. */
function countryOf(code) {
  return /^[A-Z]{2}$/.test(code || "") ? regions.of(code) : t.people.leave.countryHint;
}

/** A moment as a field of date and time has it, on the viewer's clock. */
function local(at) {
  const date = new Date(at);
  return new Date(date - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
