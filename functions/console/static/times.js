// Moments and durations in words, in the viewer's zone and language settings.

import {fill, t} from "./texts.js";

const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const whole = new Intl.DateTimeFormat(undefined, {dateStyle: "medium", timeStyle: "short"});
const relative = new Intl.RelativeTimeFormat("en", {numeric: "auto"});

/** A moment, in the viewer's zone. */
export const moment = (at) => whole.format(new Date(at));

/** The time of day in another zone, where it is another one than here: "14:05 in Madrid". */
export function zoned(at, zone) {
  const of = (timeZone) => new Intl.DateTimeFormat(undefined, {weekday: "short", hour: "2-digit", minute: "2-digit", timeZone}).format(new Date(at));
  return of(zone) === of(undefined) ? "" : fill(t.common.timeIn, {time: of(zone), zone: zone.split("/").pop().replaceAll("_", " ")});
}

/** How long ago, or ahead. */
export function ago(at, now = Date.now()) {
  const away = new Date(at) - now, far = Math.abs(away);
  if (far < MINUTE) return away > 0 ? t.common.inAMoment : t.common.justNow;
  if (far < HOUR) return relative.format(Math.round(away / MINUTE), "minute");
  if (far < DAY) return relative.format(Math.round(away / HOUR), "hour");
  return relative.format(Math.round(away / DAY), "day");
}

/** A duration: "850 ms", "34 s", "12 min", "3 h 20 min", "2 days". */
export function lasting(ms) {
  if (ms === null || ms === undefined) return t.common.nothing;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 100_000) return `${Math.round(ms / 1000)} s`;
  if (ms < HOUR) return `${Math.round(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h ${Math.round((ms % HOUR) / MINUTE)} min`;
  return `${Math.round(ms / DAY)} days`;
}
