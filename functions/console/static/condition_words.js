// A condition as somebody would say it.

import {asks, comparison, DAYS, strange} from "./condition_fields.js";
import {fill, t} from "./texts.js";

const MOST = 12;

/** The group that a condition is, with its parts: all, any, none, not all; null for a comparison. */
export function groupOf(condition) {
  const inner = condition?.not;
  if (Array.isArray(condition?.all)) return {mode: "all", parts: condition.all};
  if (Array.isArray(condition?.any)) return {mode: "any", parts: condition.any};
  if (Array.isArray(inner?.any)) return {mode: "none", parts: inner.any};
  if (Array.isArray(inner?.all)) return {mode: "notAll", parts: inner.all};
  return null;
}

/** The group as a document. */
export const ofGroup = ({mode, parts}) => ({all: {all: parts}, any: {any: parts}, none: {not: {any: parts}}, notAll: {not: {all: parts}}})[mode];

const ROOTS = /^(contact\.|attributes\.|consent\.|attribution\.|quality\.|time\.|suspicions$|duplicate$|score$|band$|probability$|source_id$|campaign_id$)/;
const SAID = /\b([a-z]+(?:_id)?(?:\.[\w.-]+)?) (exists false|exists true|eq|ne|in|not_in|gte?|lte?|between|contains|starts_with|matches|exists|within_miles|time_of_day)\b/g;

const NEEDED = /^([a-z]+(?:_id)?(?:\.[\w.-]+)?): /;

/** A sentence of the API's, with names for the ids in quotes, and comparisons as people say them: "source_id eq web" is "Source is Web form". */
export function readable(text, names) {
  const {choices} = t.conditions, words = {...choices, "exists true": choices.exists, "exists false": choices.missing};
  const called = text.replace(/\b((?:source_id|campaign_id) (?:eq|ne|in|not_in)) (\[[^\]]*\]|[\w-]+)/g, (_, what, ids) => `${what} ${ids.replace(/[\w-]+/g, (id) => names.of(id, what.startsWith("source") ? "sources" : "campaigns"))}`);
  return called.replace(/'([a-z0-9][\w-]*)'/g, (_, id) => names.of(id)).replace(NEEDED, (whole, path) => (ROOTS.test(path) ? `${strange(path).label}: ` : whole)).replace(SAID, (whole, path, op) => (ROOTS.test(path) ? `${strange(path).label} ${words[op]}` : whole));
}

/** A condition in words; `fields` are those of fieldsOf. */
export function conditionWords(condition, fields = []) {
  if (!condition) return t.conditions.everyLead;
  return said(condition, new Map(fields.map((one) => [one.path, one])), true);
}

function said(condition, fields, outermost = false) {
  const group = groupOf(condition);
  if (group) return saidGroup(group, fields, outermost);
  const one = comparison(condition);
  if (one) {
    const field = fields.get(one.field) || strange(one.field), {choices} = t.conditions;
    return [field.label, choices[one.choice], saidValue(one, field)].filter(Boolean).join(" ");
  }
  return condition.not ? fill(t.conditions.notThat, {what: said(condition.not, fields)}) : JSON.stringify(condition);
}

function saidGroup({mode, parts}, fields, outermost) {
  const {joined, nothingIn} = t.conditions;
  if (!parts.length) return nothingIn[mode];
  const words = parts.slice(0, MOST).map((part) => said(part, fields));
  if (parts.length > MOST) words.push(fill(t.conditions.moreParts, {number: parts.length - MOST}));
  const text = words.join(mode === "any" || mode === "none" ? joined.or : joined.and);
  if (mode === "none" || mode === "notAll") return fill(t.conditions.notThat, {what: text});
  return outermost || words.length === 1 ? text : `(${text})`;
}

function saidValue({choice, value}, field) {
  const called = (one) => String(field.options?.find(([known]) => known === one)?.[1] ?? (typeof one === "boolean" ? t.conditions.flags[one] : one) ?? "…");
  switch (asks(choice)) {
    case "nothing": return "";
    case "many": return listed((value || []).map(called)) || "…";
    case "span": return fill(t.conditions.span, {low: value?.[0] ?? "…", high: value?.[1] ?? "…"});
    case "near": return fill(t.conditions.near, {miles: value?.miles ?? "…", code: value?.postal_code || "…"});
    case "hours": return hoursWords(value || {});
    default: return value === "" ? "“”" : called(value);
  }
}

const listed = (words) => (words.length > MOST ? `${words.slice(0, MOST).join(", ")} ${fill(t.conditions.moreParts, {number: words.length - MOST})}` : words.join(", "));

/** "09:00 to 17:00, Mon to Fri, New York". */
export function hoursWords({from, until, zone = "", days = DAYS}) {
  const {short} = t.conditions.days, at = DAYS.filter((day) => days.includes(day)).map((day) => DAYS.indexOf(day));
  const inRow = at.length > 2 && at.at(-1) - at[0] === at.length - 1;
  const when = at.length === DAYS.length ? "" : inRow ? fill(t.conditions.days.span, {first: short[DAYS[at[0]]], last: short[DAYS[at.at(-1)]]}) : at.map((one) => short[DAYS[one]]).join(", ");
  return [fill(t.conditions.hours, {from, until}), when, zone.split("/").pop().replaceAll("_", " ")].filter(Boolean).join(", ");
}
