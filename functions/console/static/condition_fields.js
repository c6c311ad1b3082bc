// The fields that a condition can ask for, what they are called, and how each type of them can be compared.

import {t} from "./texts.js";

/** How a comparison is chosen, by the type of its field; the first is what a new one begins with. */
const CHOICES = {
  text: ["eq", "ne", "in", "not_in", "contains", "not contains", "starts_with", "not starts_with", "exists", "missing", "matches"],
  number: ["gte", "lte", "between", "gt", "lt", "eq", "ne", "in", "not_in", "exists", "missing"],
  boolean: ["eq", "exists", "missing"],
  list: ["contains", "not contains", "exists", "missing"],
  moment: ["time_of_day", "not time_of_day", "exists", "missing"],
};
const ANY = [...new Set([...CHOICES.text, ...CHOICES.number])];
const NEAR = ["within_miles", "not within_miles"];

/** What stands beside a comparison: one value, several, a number, two, a text, a distance, hours, or nothing. */
const ASKS = {
  eq: "one", ne: "one", contains: "one", in: "many", not_in: "many", gt: "number", gte: "number", lt: "number", lte: "number",
  between: "span", starts_with: "text", matches: "text", exists: "nothing", missing: "nothing", within_miles: "near", time_of_day: "hours",
};
export const asks = (choice) => ASKS[choice.replace("not ", "")];

/** The comparisons that fit a field, with the one that it has. */
export function choicesOf({type, path}, had) {
  const fitting = [...CHOICES[type] || ANY, ...(path === "contact.postal_code" || type === "any" ? NEAR : [])];
  return fitting.includes(had) || !had ? fitting : [...fitting, had];
}

/** A part of a condition that is one comparison: how it was chosen, its field, its value; null for anything else. */
export function comparison(part) {
  const leaf = part?.not ?? part;
  if (typeof leaf?.field !== "string" || !(leaf.op in ASKS) || leaf.op === "missing") return null;
  if (leaf.op === "exists" && leaf.value === false) return part.not ? null : {choice: "missing", field: leaf.field, value: null};
  return {choice: part.not ? `not ${leaf.op}` : leaf.op, field: leaf.field, value: leaf.value ?? null};
}

/** The same as a document. */
export function partOf({choice, field, value}) {
  if (choice === "missing") return {field, op: "exists", value: false};
  const op = choice.replace("not ", ""), leaf = {field, op, value: op === "exists" ? true : value};
  return op === choice ? leaf : {not: leaf};
}

/** What is left of a value where it is compared in another way. */
export function carried(value, from, to) {
  const had = asks(from), now = asks(to);
  if (had === now) return value;
  if (now === "many" && ["one", "text", "number"].includes(had)) return value === null ? [] : [value];
  if (now === "one" && had === "many") return value?.[0] ?? null;
  if (now === "one" && ["number", "text"].includes(had)) return value;
  if (now === "number" && typeof value === "number") return value;
  if (now === "text" && typeof value === "string") return value;
  return empty(to);
}

/** What a comparison begins with. */
export function empty(choice) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return {many: [], span: [null, null], near: {postal_code: "", miles: 25}, hours: {from: "09:00", until: "17:00", zone, days: [...WORKDAYS]}}[asks(choice)] ?? null;
}

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const WORKDAYS = DAYS.slice(0, 5);

const CONTACT = ["state", "postal_code", "city", "country", "first_name", "last_name", "company", "email", "phone", "street"];
const UTM = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"];
const QUALITY = {email_disposable: "boolean", email_role: "boolean", email_free: "boolean", phone_valid: "boolean", phone_type: "text", phone_region: "text"};

/**
 * The fields of leads of these campaigns: {path, label, group, type, options}.
 *
 * `sources` are offered by name; `also` are conditions whose fields are there too, whatever the campaigns say of them.
 */
export function fieldsOf({campaigns = [], sources = [], also = []} = {}) {
  const {names, groups} = t.conditions;
  const field = (group, path, type, options) => ({path, type, options, group: groups[group], label: names[path] || calledAs(path)});
  const bands = [...new Set(campaigns.flatMap((one) => Object.keys(one.scoring?.bands || {})))];
  const known = [
    ...CONTACT.map((name) => field("person", `contact.${name}`, "text", allowed(campaigns, `contact.${name}`))),
    ...answersOf(campaigns, also).map(([path, type]) => field("answers", path, type, allowed(campaigns, path))),
    field("origin", "source_id", "text", sources.map((one) => [one.id, one.name])),
    field("origin", "campaign_id", "text", campaigns.map((one) => [one.id, one.name])),
    ...UTM.map((name) => field("origin", `attribution.${name}`, "text")),
    field("rating", "score", "number"), field("rating", "band", "text", bands.map((band) => [band, band])), field("rating", "probability", "number"),
    field("time", "time.now", "moment"), field("time", "time.received", "moment"),
    field("quality", "consent.given", "boolean"), field("quality", "duplicate", "boolean"),
    field("quality", "suspicions", "list", Object.entries(t.suspicions)),
    ...Object.entries(QUALITY).map(([name, type]) => field("quality", `quality.${name}`, type)),
  ];
  const there = new Set(known.map((one) => one.path));
  const others = also.flatMap(pathsIn).filter((path) => !there.has(path));
  return [...known, ...[...new Set(others)].map((path) => strange(path))];
}

/** A field that nobody named. */
export const strange = (path) => ({path, type: path.startsWith("attributes.") ? "any" : "text", group: t.conditions.groups.answers, label: t.conditions.names[path] || calledAs(path)});

/** The answers that forms give: those that campaigns declare with their types, and those that they only speak of. */
function answersOf(campaigns, also) {
  const declared = Object.assign({}, ...campaigns.map((one) => one.attributes || {}));
  const named = campaigns.flatMap((one) => [
    ...one.required || [], ...Object.keys(one.fields || {}), ...one.pingable || [], ...(one.scoring?.rules || []).flatMap((rule) => pathsIn(rule.when))]);
  const loose = [...named, ...also.flatMap(pathsIn)].filter((path) => path.startsWith("attributes."));
  const all = [...new Set([...Object.keys(declared).map((name) => `attributes.${name}`), ...loose])];
  return all.map((path) => [path, declared[path.slice("attributes.".length)] || "any"]);
}

function allowed(campaigns, path) {
  const values = campaigns.flatMap((one) => one.fields?.[path]?.allowed || []);
  return values.length ? [...new Set(values)].map((value) => [value, String(value)]) : undefined;
}

/** Every field that a condition names. */
export function pathsIn(condition) {
  if (!condition) return [];
  if (condition.field) return [condition.field];
  return [...condition.all || [], ...condition.any || [], condition.not].filter(Boolean).flatMap(pathsIn);
}

/** "attributes.roof_m2" is "Roof m2". */
function calledAs(path) {
  const name = path.split(".").slice(1).join(" ") || path;
  return name.replaceAll("_", " ").replace(/^./, (letter) => letter.toUpperCase());
}
