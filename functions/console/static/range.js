// Of which days a report is, and on whose clock: what the address says, as the API wants it, and in words.

import {get} from "./api.js";
import {fill, t} from "./texts.js";
import {dayIn, isZone, MINE, placeOf} from "./zones.js";

const DAY_MS = 24 * 60 * 60_000;
// The API divides days of another clock than the house's only as far back as this: each is put together from hours.
const FAR = 31;
const BY_HOUR = 2;
const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

export const RANGES = ["today", "yesterday", "week", "7", "30", "90", "own"];

/** A zone that there is: the viewer's, where somebody's address has another. */
export const known = (zone) => (isZone(zone) ? zone : MINE);

const shifted = (day, days) => new Date(Date.parse(`${day}T00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
const sinceMonday = (day) => (new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7;
const many = ({from, to}) => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;

let kept = null;

/** The zone by whose days and hours leads are counted. */
export async function house() {
  kept ||= get("reports/funnel").then((report) => report.zone);
  kept.catch(() => { kept = null; });
  return kept;
}

/** The first and the last day that an address asks for, on that zone's clock. */
export function daysOf({range = "7", ...own}, zone) {
  const last = dayIn(zone), from = DAY.test(own.from) && own.from, to = DAY.test(own.to) && own.to;
  if (range === "own") return {from: from || to || last, to: to || (from > last ? from : last)};
  if (range === "yesterday") return {from: shifted(last, -1), to: shifted(last, -1)};
  if (range === "week") return {from: shifted(last, -sinceMonday(last)), to: last};
  return {from: shifted(last, 1 - (Number(range) || 1)), to: last};
}

/** What the address asks for: `from`, `to`, `zone`, `group`; `why`, where the zone has to be the house's. */
export function asked(query, ours) {
  const wanted = known(query.zone);
  const why = wanted === ours ? null : many(daysOf(query, wanted)) > FAR ? "far" : minutes(wanted) !== minutes(ours) ? "half" : null;
  const zone = why ? ours : wanted;
  const days = daysOf(query, zone);
  return {...days, zone, why, wanted, group: many(days) <= BY_HOUR ? "hour" : "day"};
}

/** How far a zone's clock is from a full hour. */
function minutes(zone) {
  const text = new Intl.DateTimeFormat("en", {timeZone: zone, timeZoneName: "longOffset"}).format();
  return Number(/[+-]\d\d:(\d\d)/.exec(text)?.[1] || 0);
}

/** A report's period in words: "Nov 23 – 29, 2026, days of New York". */
export function inDays({from, to, zone}) {
  const form = new Intl.DateTimeFormat("en", {dateStyle: "medium", timeZone: "UTC"});
  const days = form.formatRange(new Date(`${from}T00:00Z`), new Date(`${to}T00:00Z`));
  return fill(t.reports.daysOf, {days, place: placeOf(zone)});
}

/** The days of a period in words: "Nov 23 – 29, 2026". */
export const between = ({begin, end}, zone) => new Intl.DateTimeFormat("en", {dateStyle: "medium", timeZone: zone}).formatRange(new Date(begin), new Date(new Date(end) - 1));

/** The time of day in a zone; "00:00" where a period ends with a day. */
export const clock = (at, zone) => new Intl.DateTimeFormat("en-GB", {timeStyle: "short", timeZone: zone}).format(new Date(at));

/** What a part of a report is called below a chart, and beside its figures. */
export function momentIn(begin, group, zone) {
  const words = (options) => new Intl.DateTimeFormat("en", {...options, timeZone: zone}).format(new Date(begin));
  if (group === "hour") return {short: clock(begin, zone), long: words({weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23"})};
  return {short: words({day: "numeric", month: "short"}), long: words({weekday: "short", day: "numeric", month: "short", year: "numeric"})};
}

/** The days that a report was compared with, so that they can be asked for by themselves. */
export const daysBefore = ({compared_with: {begin, end}, zone}) => ({from: dayIn(zone, new Date(begin)), to: dayIn(zone, new Date(new Date(end) - 1))});
