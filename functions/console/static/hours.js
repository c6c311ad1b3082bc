// Working hours: the blocks of a schedule as the minutes of a week, and back.

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
export const HOURS = Array.from({length: 24}, (_, hour) => hour);
const HOUR_MIN = 60, DAY_MIN = 24 * HOUR_MIN;

/** A week without an hour. */
export const NO_HOURS = DAYS.map(() => []);

/** "09:30" or "09:30:15" as minutes since midnight. */
function minutes(clock) {
  const [hour, minute, second = 0] = clock.split(":").map(Number);
  return hour * HOUR_MIN + minute + second / 60;
}

/** Minutes as a time of day; that of the day's end is 00:00. */
export function clock(at) {
  const two = (number) => String(number).padStart(2, "0");
  const second = Math.round((at % 1) * 60);
  return `${two(Math.floor(at / HOUR_MIN) % 24)}:${two(Math.floor(at % HOUR_MIN))}${second ? `:${two(second)}` : ""}`;
}

/** When each day is worked: [from, until] in minutes, in their order, those that touch as one. Half-written blocks count for nothing. */
export const weekOf = (blocks) => DAYS.map((day) => joined(blocks.filter((block) => block.days.includes(day) && block.start && block.end)
  .map(({start, end}) => [minutes(start), minutes(end) || DAY_MIN]).filter(([from, until]) => from < until)));

/** The blocks of a week. Days with the same hours share a block. */
export function blocksOf(week) {
  const found = new Map();
  week.forEach((spans, day) => spans.forEach(([from, until]) => {
    const key = `${from}-${until}`;
    found.set(key, {days: [...(found.get(key)?.days || []), DAYS[day]], start: clock(from), end: clock(until % DAY_MIN)});
  }));
  return [...found.values()];
}

/** The week with a rectangle of days and whole hours worked, or not. Both ends of `days` and `hours` are in it. */
export function painted(week, {days, hours}, on) {
  const [from, until] = [hours[0] * HOUR_MIN, (hours[1] + 1) * HOUR_MIN];
  return week.map((spans, day) => (day < days[0] || day > days[1] ? spans
    : on ? joined([...spans, [from, until]]) : spans.flatMap(([start, end]) => [[start, Math.min(end, from)], [Math.max(start, until), end]].filter(([a, b]) => a < b))));
}

/** What is worked of one hour of a day: [from, until] as parts of the hour, 0 to 1. */
export function partsOf(spans, hour) {
  const [from, until] = [hour * HOUR_MIN, (hour + 1) * HOUR_MIN];
  return spans.map(([start, end]) => [Math.max(start, from), Math.min(end, until)]).filter(([start, end]) => start < end)
    .map(([start, end]) => [(start - from) / HOUR_MIN, (end - from) / HOUR_MIN]);
}

/** Whether an hour is worked from its beginning to its end. */
export const isWhole = (parts) => parts.length === 1 && parts[0][0] === 0 && parts[0][1] === 1;

function joined(spans) {
  const found = [];
  for (const [from, until] of [...spans].sort((one, other) => one[0] - other[0])) {
    const last = found.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], until);
    else found.push([from, until]);
  }
  return found;
}
