// Whom leads of a form cannot go to: what people take only, against what the form asks.

import {fieldsOf, pathsIn, strange} from "./condition_fields.js";
import {conditionWords, groupOf} from "./condition_words.js";

const ANSWERS = /^(contact|attributes)\./;
// Baton may know it although nobody was asked.
const KNOWN = ["contact.country"];

const isAsked = (path, asked) => !ANSWERS.test(path) || KNOWN.includes(path) || asked.includes(path);

/** Whether leads meet a condition whose forms ask only for the paths `asked`: true all, false none, null some. What nobody asks is in no lead. */
export function meets(condition, asked) {
  const group = groupOf(condition);
  if (group) {
    const parts = group.parts.map((part) => meets(part, asked)), every = group.mode === "all" || group.mode === "notAll";
    const found = every ? (parts.includes(false) ? false : parts.includes(null) ? null : true) : (parts.includes(true) ? true : parts.includes(null) ? null : false);
    return ["none", "notAll"].includes(group.mode) ? opposite(found) : found;
  }
  if (condition.not) return opposite(meets(condition.not, asked));
  if (isAsked(condition.field, asked)) return null;
  return condition.op === "exists" && condition.value === false;
}

const opposite = (found) => (found === null ? null : !found);

/**
 * What keeps leads of a form from somebody: {words, none, missing}; null where nothing does.
 *
 * `none`: no lead of it can go to them. `missing`: what they go by and the form does not ask, as {path, label}s.
 */
export function limitOf(rep, asked) {
  const met = rep?.accepts ? meets(rep.accepts, asked) : true;
  if (met === true) return null;
  const missing = [...new Set(pathsIn(rep.accepts))].filter((path) => !isAsked(path, asked)).map(strange);
  return {words: conditionWords(rep.accepts, fieldsOf()), none: met === false, missing};
}
