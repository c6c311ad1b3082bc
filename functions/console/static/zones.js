// Time zones: which there are, what time it is there, and a field to find one.

import {useId} from "preact/hooks";
import {html} from "./html.js";
import {At} from "./form.js";
import {fill, t} from "./texts.js";

/** The viewer's own. */
export const MINE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const MINUTE_MS = 60_000;
const ZONES = [...new Set([MINE, "UTC", ...Intl.supportedValuesOf("timeZone")])];

/** The place that a zone is named after: "New York". */
export const placeOf = (zone) => (zone || "").split("/").pop().replaceAll("_", " ");

/** Whether there is such a zone. */
export function isZone(zone) {
  try {
    return Boolean(new Intl.DateTimeFormat("en", {timeZone: zone}) && zone);
  } catch {
    return false;
  }
}

/** The day that it is there, at that moment: "2026-11-29". */
export function dayIn(zone, at = new Date()) {
  if (!calendars.has(zone)) calendars.set(zone, new Intl.DateTimeFormat("sv-SE", {timeZone: isZone(zone) ? zone : MINE}));
  return calendars.get(zone).format(at);
}

const calendars = new Map();

/** By how many minutes the clocks there are ahead of the viewer's, at this moment. 0 where there is no such zone. */
export const aheadOfMe = (zone) => (isZone(zone) ? offset(zone) - offset(MINE) : 0);

/** A moment as a field for one has it, on the clock of that zone: "2026-11-30T10:00". */
export const typedIn = (zone, at) => new Intl.DateTimeFormat("sv-SE", {timeZone: zone, dateStyle: "short", timeStyle: "short"}).format(at).replace(" ", "T");

/** The moment, in milliseconds, at which the clocks of that zone show what was typed in such a field. */
export function momentIn(zone, typed) {
  const shown = Date.parse(`${typed}Z`), guess = shown - offset(zone, shown) * MINUTE_MS;
  // Once more, for the days on which the clocks are changed.
  return shown - offset(zone, guess) * MINUTE_MS;
}

function offset(zone, at = Date.now()) {
  const {value} = new Intl.DateTimeFormat("en", {timeZone: zone, timeZoneName: "longOffset"}).formatToParts(at).find((part) => part.type === "timeZoneName");
  const [, sign, hours, minutes] = value.match(/GMT([+-])(\d+):(\d+)/) || ["", "+", 0, 0];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** What time it is there, where it is another one than here. */
export function timeThere(zone) {
  if (!isZone(zone)) return "";
  const ahead = aheadOfMe(zone), hours = Math.abs(ahead) / 60;
  const time = new Intl.DateTimeFormat(undefined, {weekday: "short", hour: "2-digit", minute: "2-digit", timeZone: zone}).format();
  return fill(ahead === 0 ? t.people.zone.same : ahead > 0 ? t.people.zone.ahead : t.people.zone.behind, {time, hours: Number.isInteger(hours) ? hours : hours.toFixed(1)});
}

/** A field for a zone, which finds it by the name of its place. */
export function Zone({form, place = "zone"}) {
  const id = useId();
  const zone = form.doc[place];
  return html`<${At} form=${form} place=${place} label=${t.people.zone.label} list=${id} autocomplete="off" hint=${timeThere(zone)}
      wrong=${zone && !isZone(zone) ? t.people.zone.unknown : form.wrong(place)} />
    <datalist id=${id}>${ZONES.map((one) => html`<option value=${one}>${placeOf(one)}</option>`)}</datalist>`;
}
