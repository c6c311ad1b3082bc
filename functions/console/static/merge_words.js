// Fields of documents in words, where their versions stand side by side: only what is different in them.

import {conditionWords} from "./condition_words.js";
import {fill, t} from "./texts.js";
import {moment} from "./times.js";
import {duration} from "./typed.js";
import {summary} from "./week.js";

// What tells the things of a list apart, by what they have.
const KEYS = ["recipient_id", "id", "name", "reason", "field", "channel", "first"];
const GROUPS = ["all", "any", "not"];

/** What a field is called. One that no text speaks of goes by its own name: "min_pause_s" is "Min pause". */
export function called(name) {
  const plain = name.replace(/_(cents|ms|s|ids?)$/, "").replaceAll("_", " ");
  return t.merge.fields[name] || plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** Where the versions of a field differ: {label, said: words by version}s. `versions` are its values by name. */
export function different(name, versions, names, labels = []) {
  const values = Object.values(versions).map((value) => value ?? null);
  if (new Set(values.map((value) => JSON.stringify(value))).size === 1) return [];
  const parts = values.map((value) => partsOf(name, value, names));
  if (!parts.every(Boolean)) {
    return [{label: labels.join(" \u00b7 "), said: Object.fromEntries(Object.keys(versions).map((which, at) => [which, words(name, values[at], names)]))}];
  }
  const inner = [...new Set(parts.flatMap((one) => [...one.keys()]))];
  return inner.flatMap((key) => different(key, Object.fromEntries(Object.keys(versions).map((which, at) => [which, parts[at].get(key)])), names,
    [...labels, partName(key, names)]));
}

/** What a value consists of, by name; null for what is said as a whole. */
function partsOf(name, value, names) {
  if (value === null || typeof value !== "object" || isCondition(value) || name === "blocks") return null;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const key = value.length && KEYS.find((one) => value.every((item) => item && typeof item === "object" && one in item));
  if (!key) return null;
  const found = new Map(value.map((item) => [String(item[key]), item]));
  return found.size === value.length ? found : null;
}

const isCondition = (value) => GROUPS.includes(Object.keys(value)[0]) || ("field" in value && "op" in value);
const partName = (key, names) => (names.of(key) !== key ? names.of(key) : called(key));

const isNothing = (value) => value === null || value === "" || (Array.isArray(value) && !value.length);

/** A value as somebody would say it. */
function words(name, value, names) {
  if (isNothing(value)) return name === "blocks" ? t.people.week.always : t.common.nothing;
  if (typeof value === "boolean") return t.conditions.flags[value];
  if (typeof value === "number") return name.endsWith("_cents") ? (value / 100).toFixed(2) : name.endsWith("_s") ? duration(value) : String(value);
  if (typeof value === "string") return text(name, value, names);
  if (name === "blocks") return summary(value);
  if (name === "channels" && Array.isArray(value[0])) return value.map((step) => words(name, step, names)).join(t.merge.then);
  if (Array.isArray(value)) return value.map((one) => words(name, one, names)).join(typeof value[0] === "object" ? "; " : ", ");
  if (isCondition(value)) return conditionWords(value);
  // What is not set, and whose it is, goes without saying.
  const said = Object.entries(value).filter(([key, inner]) => key !== "recipient_id" && !isNothing(inner)).map(([key, inner]) => [key, words(key, inner, names)]);
  return said.filter(([, inner]) => inner).map(([key, inner]) => fill(t.merge.part, {name: partName(key, names), value: inner})).join(", ");
}

function text(name, value, names) {
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return moment(value);
  if (/^[0-9a-f]{64}$/.test(value)) return `${value.slice(0, 8)}\u2026`;
  const known = name === "channels" ? t.people.channels.names[value] || value : names.of(value);
  return known !== value || !/^[a-z]+(_[a-z]+)+$/.test(value) ? known : value.replaceAll("_", " ");
}
