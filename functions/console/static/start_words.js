// What is set up, in sentences.

import {blocksOf, hoursWords} from "./start_hours.js";
import {clockOf, filled, limitIn, others, sourceName, takers, withHours} from "./start_setup.js";
import {count, fill, t} from "./texts.js";
import {placeOf} from "./zones.js";

/** "Ana", "Ana and Ben", "Ana, Ben and Carla". */
export const listed = (names) => (names.length < 2 ? names.join("") : fill(t.start.words.and, {first: names.slice(0, -1).join(", "), last: names.at(-1)}));

const divisor = (one, other) => (other ? divisor(other, one % other) : one);

/** Shares in their smallest whole numbers: 4 and 2 are [2, 1]. */
export function smallest(weights) {
  const by = weights.reduce(divisor, 0) || 1;
  return weights.map((weight) => weight / by);
}

/** Who gets how much: "Ana (2 of 3) and Ben (1 of 3)". */
export function sharesWords(parts) {
  const weights = smallest(parts.map(({weight}) => weight)), total = weights.reduce((sum, one) => sum + one, 0);
  const equal = weights.every((one) => one === weights[0]);
  return listed(parts.map(({name}, at) => (equal ? name : fill(t.start.words.share, {name, part: weights[at], total}))))
    + (equal && parts.length > 1 ? t.start.words.inTurn : "");
}

/** When somebody else gets a lead than the team. */
export function whenOtherwise(draft, reps) {
  const {outside, noAnswer, cannot} = t.start.words.when, limited = !draft.hours.any || withHours(draft, reps).length > 0;
  return [limited && outside, draft.asks && noAnswer, cannot].filter(Boolean).join(t.start.words.or);
}

/** The hours of the plan, with whose clock they go by: "Mon–Fri 09:00–17:00, New York time". */
export function planHours(draft, reps) {
  const {hours} = draft;
  if (hours.any) return t.start.hours.always;
  const zone = clockOf(draft, reps);
  return `${hoursWords(blocksOf(hours))}, ${zone ? fill(t.start.hours.clock, {city: placeOf(zone)}) : t.start.hours.ownClock}`;
}

/** What is to be known of somebody's limit: who takes what, and what follows for this form. */
export function limitWords(name, {words, none, missing}) {
  const {limit} = t.start;
  const what = listed(missing.map(({label}) => label));
  return fill(none && what ? limit.unasked : none ? limit.none : limit.some, {name, words, what});
}

/** The whole of it in a few sentences. */
export function wholeWords(draft, reps) {
  const {asks, minutes} = draft, {words} = t.start;
  const can = takers(draft, reps);
  const team = sharesWords(can.map(({name, share}) => ({name: name.trim(), weight: share})));
  const limited = filled(draft.people).map((row) => [row, limitIn(row, draft, reps)]).filter(([, limit]) => limit);
  const after = filled(others(draft)).map(({name}) => name.trim());
  const when = whenOtherwise(draft, reps), own = withHours(draft, reps).map(({name}) => name);
  const said = fill(can.length ? words.whole : words.noTeam, {
    form: sourceName(draft), team, hours: planHours(draft, reps),
    own: own.length ? fill(words.own, {who: listed(own)}) : "",
    how: fill(asks ? words.asked : words.atOnce, {minutes: count(minutes || 0, "minute")}),
    all: after.length ? fill(words.allTo, {who: listed(after)}) : words.allWait,
    otherwise: after.length ? fill(words.otherwise, {who: listed(after), when}) : fill(words.nobody, {when}),
  });
  return [said, ...limited.map(([{name}, limit]) => limitWords(name.trim(), limit))].join(" ");
}
