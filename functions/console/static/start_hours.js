// Working hours: as schedules have them, in words, and the next moments inside and outside of them.

import {DAYS} from "./hours.js";
import {fill, t} from "./texts.js";

const QUARTER_MS = 15 * 60_000, LOOKED_AT = 8 * 24 * 4;
const MIDNIGHT = "00:00";

/** The blocks of a schedule for `{any, days, start, end}`; what passes midnight is two. None: always. */
export function blocksOf({any, days, start, end}) {
  if (any) return [];
  if (end === MIDNIGHT || start < end) return [{days, start, end}];
  const next = DAYS.filter((_, at) => days.includes(DAYS[(at + 6) % 7]));
  return [{days, start, end: MIDNIGHT}, {days: next, start: MIDNIGHT, end}];
}

/** The blocks of a condition on the time of day. */
export const blocksOfTest = ({days, from: start, until: end}) => blocksOf({days: days || DAYS, start, end});

/** Whether somebody with those blocks works at a moment, on the clock of that zone. Leave and holidays are not looked at. */
export function isOpen(blocks, zone, at) {
  if (!blocks?.length) return true;
  const {day, time} = clock(at, zone);
  return blocks.some(({days, start, end}) => days.includes(day) && short(start) <= time && (short(end) === MIDNIGHT || time < short(end)));
}

/** The first moment from `from` on at which `holds(at)`; null: not in the next eight days. */
export function firstMoment(holds, from = Date.now()) {
  if (holds(from)) return from;
  const first = Math.ceil(from / QUARTER_MS) * QUARTER_MS;
  for (let step = 0; step < LOOKED_AT; step += 1) {
    // A little into the quarter, so that a moment on the edge is on neither side of it.
    const at = first + step * QUARTER_MS + 60_000;
    if (holds(at)) return at;
  }
  return null;
}

/** Blocks in words: "Mon–Fri 09:00–17:00". */
export function hoursWords(blocks) {
  if (!blocks?.length) return t.start.hours.always;
  return blocks.map(({days, start, end}) => `${daysWords(days)} ${short(start)}–${short(end)}`).join(", ");
}

/** Days in words, those that follow each other as one: "Mon–Wed, Fri". */
function daysWords(days) {
  if (days.length === DAYS.length) return t.start.hours.everyDay;
  const runs = [];
  DAYS.forEach((day, at) => {
    if (!days.includes(day)) return;
    if (at && days.includes(DAYS[at - 1])) runs.at(-1).push(day);
    else runs.push([day]);
  });
  const name = (day) => t.start.hours.days[day];
  return runs.map((run) => (run.length > 1 ? fill(t.start.hours.range, {first: name(run[0]), last: name(run.at(-1))}) : name(run[0]))).join(", ");
}

const short = (time) => time.slice(0, 5);
const clocks = new Map();

/** What calendar and clock on the wall show in that zone: {day: "mon", time: "09:00"}. */
function clock(at, zone) {
  if (!clocks.has(zone)) clocks.set(zone, new Intl.DateTimeFormat("en-GB", {timeZone: zone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23"}));
  const parts = Object.fromEntries(clocks.get(zone).formatToParts(at).map(({type, value}) => [type, value]));
  return {day: parts.weekday.toLowerCase(), time: `${parts.hour}:${parts.minute}`};
}
