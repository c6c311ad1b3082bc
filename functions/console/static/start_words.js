// What is set up, in sentences.

import {blocksOf, hoursWords} from "./start_hours.js";
import {filled, others, sourceName, withHours} from "./start_setup.js";
import {count, fill, t} from "./texts.js";

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
  return [limited && outside, draft.asks ? noAnswer : !limited && cannot].filter(Boolean).join(t.start.words.or);
}

/** The whole of it in one or two sentences. */
export function wholeWords(draft, reps) {
  const {hours, asks, minutes, otherwise} = draft, {words} = t.start;
  const team = sharesWords(filled(draft.people).map(({name, share}) => ({name: name.trim(), weight: share})));
  const after = filled(others(draft)).map(({name}) => name.trim());
  const when = whenOtherwise(draft, reps), own = withHours(draft, reps).map(({name}) => name);
  return fill(words.whole, {
    form: sourceName(draft), team, hours: hoursWords(blocksOf(hours)),
    own: own.length ? fill(words.own, {who: listed(own)}) : "",
    how: fill(asks ? words.asked : words.atOnce, {minutes: count(minutes || 0, "minute")}),
    otherwise: after.length ? fill(words.otherwise, {who: listed(after), when}) : fill(words.nobody, {when}),
  });
}
