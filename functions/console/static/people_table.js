// People as a table: what each row of a file would make of those who are there, and those who are there as rows.

import {madeOf} from "./naming.js";
import {plainPhone} from "./recipient.js";
import {fill, t} from "./texts.js";
import {isZone, MINE} from "./zones.js";

export const COLUMNS = ["name", "phone", "email", "zone", "pool", "weight"];
const CALLED = {
  name: ["name", "full name", "rep", "person", "agent", "salesperson"], phone: ["phone", "mobile", "cell", "telephone", "phone number", "mobile number", "tel"],
  email: ["email", "e-mail", "mail", "email address"], zone: ["zone", "timezone", "time zone", "tz"], pool: ["pool", "team", "group"], weight: ["weight", "share"],
};
const PHONE = /^\+[1-9]\d{6,14}$/, EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/, LONGEST_NAME = 100, MOST_WEIGHT = 1_000_000;
const same = (one, other) => Boolean(one && other) && one.toLowerCase() === other.toLowerCase();

/** Which column of the table is which; those of other names are `unknown`. */
export function columnsOf(head) {
  const found = {}, unknown = [];
  head.forEach((cell, at) => {
    const name = COLUMNS.find((one) => CALLED[one].includes(cell.toLowerCase().replaceAll("_", " ")) && !(one in found));
    if (name) found[name] = at;
    else if (cell) unknown.push(cell);
  });
  return {found, unknown};
}

/**
 * What the rows would do: {rows, recipients, pools}, of which the last two are documents to store.
 *
 * A row is {number, name, says, wrong, isNew, changes}. Rows of the same person are one person, in several pools. An empty cell
 * leaves what is there.
 */
export function planned(table, {recipients, pools}) {
  const {found} = columnsOf(table[0] || []);
  const people = recipients.filter((one) => one.type === "rep");
  const draft = {byId: new Map(), taken: new Set(recipients.map((one) => one.id)), pools: new Map(), poolIds: new Set(pools.map((one) => one.id))};
  const rows = table.slice(1).map((cells, at) => {
    const given = Object.fromEntries(COLUMNS.map((name) => [name, name in found ? cells[found[name]] || "" : ""]));
    given.phone = plainPhone(given.phone);
    const {called, ...what} = outcome(given, people, pools, draft);
    return {number: at + 2, name: given.name || called || given.email || given.phone, ...what};
  });
  return {rows, recipients: [...draft.byId.values()].filter((one) => one.changed).map((one) => one.doc), pools: [...draft.pools.values()].filter((one) => one.changed).map((one) => one.doc)};
}

function outcome(given, people, pools, draft) {
  const drafted = [...draft.byId.values()].map((one) => one.doc);
  const {who, wrong: unclear} = known(given, [...drafted, ...people.filter((one) => !draft.byId.has(one.id))]);
  const wrong = [unclear, ...mistakes(given, who)].filter(Boolean);
  if (wrong.length) return {wrong, called: who?.name};
  const fields = Object.fromEntries(["name", "phone", "email", "zone"].filter((name) => given[name]).map((name) => [name, given[name]]));
  const before = who || {id: madeOf(given.name, draft.taken), type: "rep", phone: null, email: null, zone: MINE};
  const doc = {...before, ...fields};
  const changes = who ? Object.keys(fields).filter((name) => fields[name] !== who[name]).map((name) => fill(t.people.import.change, {field: t.people.import.columns[name], was: who[name] || t.common.nothing, now: fields[name]})) : [];
  const had = draft.byId.get(doc.id);
  draft.taken.add(doc.id);
  draft.byId.set(doc.id, {doc, changed: Boolean(had?.changed || !who || changes.length)});
  const joined = given.pool ? join(given, doc, pools, draft) : [];
  const namesake = !who && people.some((one) => same(one.name, given.name)) ? [t.people.import.namesake] : [];
  return {wrong: [], isNew: !who, called: who?.name, changes: [...namesake, ...changes, ...joined]};
}

/** Whom a row is about: by email, else by phone; by name only where that says nothing else of them, since two may have one name. */
function known(given, people) {
  const fits = (one, name) => !given[name] || !one[name] || same(one[name], given[name]);
  const ways = [(one) => same(one.email, given.email), (one) => same(one.phone, given.phone), (one) => same(one.name, given.name) && fits(one, "email") && fits(one, "phone")];
  for (const way of ways) {
    const alike = people.filter(way);
    if (alike.length > 1) return {wrong: fill(t.people.import.wrong.several, {what: given.email || given.phone || given.name})};
    if (alike.length) return {who: alike[0]};
  }
  return {who: null};
}

/** What is wrong with a row itself. */
function mistakes({name, phone, email, zone, pool, weight}, who) {
  const {wrong} = t.people.import;
  return [
    !who && !name && wrong.name, name.length > LONGEST_NAME && wrong.long,
    phone && !PHONE.test(phone) && fill(wrong.phone, {phone}), email && !EMAIL.test(email) && fill(wrong.email, {email}),
    !who && !phone && !email && wrong.nowhere, zone && !isZone(zone) && fill(wrong.zone, {zone}),
    weight && !(/^\d+$/.test(weight) && Number(weight) >= 1 && Number(weight) <= MOST_WEIGHT) && fill(wrong.weight, {weight}), weight && !pool && wrong.poolless,
  ].filter(Boolean);
}

/** Put somebody into a pool, which is made where there is none of that name: what changes. */
function join({pool: called, weight}, doc, pools, draft) {
  const stored = pools.find((one) => same(one.name, called) || one.id === called);
  const key = stored?.id || called.toLowerCase();
  if (!draft.pools.has(key)) {
    draft.pools.set(key, {doc: stored || {id: madeOf(called, draft.poolIds), name: called, members: []}, changed: !stored});
    draft.poolIds.add(draft.pools.get(key).doc.id);
  }
  const pool = draft.pools.get(key);
  const member = pool.doc.members.find((one) => one.recipient_id === doc.id);
  const wanted = weight ? Number(weight) : member?.weight ?? 1;
  if (member?.weight === wanted) return [];
  const {members} = pool.doc;
  draft.pools.set(key, {changed: true, doc: {...pool.doc, members: member ? members.map((one) => (one === member ? {...one, weight: wanted} : one)) : [...members, {recipient_id: doc.id, weight: wanted}]}});
  const words = t.people.import;
  return [fill(member ? words.weighs : stored ? words.joins : words.joinsNew, {pool: pool.doc.name, weight: wanted})];
}

/** Everybody who is there, a row for each pool that they are in. */
export function asTable({recipients, pools}) {
  const rows = recipients.filter((one) => one.type === "rep").flatMap((one) => {
    const member = pools.flatMap((pool) => pool.members.filter((other) => other.recipient_id === one.id).map(({weight}) => [pool.name, weight]));
    return (member.length ? member : [["", ""]]).map((place) => [one.name, one.phone, one.email, one.zone, ...place]);
  });
  return [COLUMNS, ...rows];
}
