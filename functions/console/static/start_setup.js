// What First run sets up: what was typed, what is wrong with it, and the documents that it becomes.

import {all, get, Problem, request} from "./api.js";
import {idOf} from "./form.js";
import {firstWords} from "./form_words.js";
import {blocksOf} from "./start_hours.js";
import {questionsOf} from "./snippet.js";
import {limitOf} from "./start_limits.js";
import {HONEYPOT, pathOf, rulesOf} from "./start_questions.js";
import {fill, t} from "./texts.js";
import {MINE} from "./zones.js";

/** The steps, in their order; the last one only looks. */
export const STEPS = ["about", "people", "otherwise", "door", "look"];
const PHONE = /^\+[1-9]\d{6,14}$/, EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;
const MOST_MINUTES = 7 * 24 * 60;
const TRIES = 3;
let made = 0;

/** A key for a row that has no id yet. */
export const newKey = () => `row-${made += 1}`;

/** A row for a person. */
export const somebody = () => ({key: newKey(), name: "", phone: "", email: "", zone: MINE, share: 1, other: false});

/** What is there before anything is typed. */
export const blank = () => ({
  reached: 0,
  name: "",
  questions: ["first_name", "last_name", "email", "phone"].map((name) => ({key: newKey(), contact: name, must: ["last_name", "email"].includes(name)})),
  consent: t.sources.form.consentText,
  people: [somebody(), somebody()],
  hours: {any: true, days: ["mon", "tue", "wed", "thu", "fri"], start: "09:00", end: "17:00"},
  asks: true,
  minutes: 5,
  otherwise: {kind: "person", people: [somebody()]},
  door: {kind: "form", name: "", site: ""},
});

/** Rows with something in them. */
export const filled = (rows) => rows.filter((row) => row.name || row.phone || row.email);

/** The rows of those who come after the team: one person, or several. */
export const others = ({otherwise: {kind, people}}) => (kind === "person" ? people.slice(0, 1) : kind === "team" ? people : []);

const plain = (name) => name.trim().toLowerCase();

/** The rep that a row means: who has that name already, where nobody said that it is somebody else. */
export function knownOf(row, reps) {
  if (row.other || !plain(row.name)) return null;
  const same = reps.filter((one) => plain(one.name) === plain(row.name));
  return same.length === 1 ? same[0] : null;
}

/** A phone number as it is stored: without what only makes it readable. */
export const phoneOf = (typed) => typed.replace(/[\s().\-/]/g, "").replace(/^00/, "+");

/** A web site's origin, of whatever part of its address was typed; "" for none, null where it is no address. */
export function originOf(typed) {
  const text = typed.trim();
  if (!text) return "";
  const address = text.includes("://") ? text : `https:${text}`, url = URL.canParse(address) ? new URL(address) : null;
  return url && ["http:", "https:"].includes(url.protocol) && (url.hostname.includes(".") || url.hostname === "localhost") ? url.origin : null;
}

/** What the source is called where nobody named it. */
export const sourceName = ({door, name}) => door.name.trim() || fill(t.start.door.names[door.kind], {name: name.trim()});

/** What is wrong in a step: {place: words}. */
export const wrongIn = (step, draft, reps) => Object.fromEntries((CHECKS[step]?.(draft, reps) || []).filter(([, words]) => words));

const CHECKS = {
  about: ({name, questions}) => [
    ["name", !name.trim() && t.start.wrong.name],
    ["questions", !questions.some(({contact}) => ["email", "phone"].includes(contact)) && t.start.wrong.unreachable],
    ...questions.flatMap(({contact, label, kind, choices}, at) => (contact ? [] : [
      [`questions[${at}].label`, !label.trim() ? t.start.wrong.question : questions.slice(0, at).some((one) => !one.contact && plain(one.label) === plain(label)) && t.start.wrong.twice],
      [`questions[${at}].choices`, kind === "choice" && choices.split(",").filter((one) => one.trim()).length < 2 && t.start.wrong.choices]])),
  ],
  people: ({people, hours, asks, minutes}, reps) => [
    ["people[0].name", !filled(people).length && t.start.wrong.nobody],
    ...wrongPeople("people", people, reps),
    ["hours.days", !hours.any && !hours.days.length && t.start.wrong.days],
    ["hours.end", !hours.any && (!hours.start || !hours.end || (hours.start === hours.end && hours.end !== "00:00")) && t.start.wrong.until],
    ["minutes", asks && !(minutes >= 1 && minutes <= MOST_MINUTES) && t.start.wrong.minutes],
  ],
  otherwise: (draft, reps) => (draft.otherwise.kind === "nobody" ? [] : [
    ["otherwise.people[0].name", !filled(others(draft)).length && t.start.wrong.nobody],
    ...wrongPeople("otherwise.people", others(draft), reps, draft.people)]),
  door: ({door}) => [["door.site", door.kind === "form" && originOf(door.site) === null && t.start.wrong.site]],
};

/** What is wrong with rows of people; those of an earlier step need not be described anew. */
function wrongPeople(place, rows, reps, earlier = []) {
  return rows.flatMap((row, at) => {
    if (!filled([row]).length) return [];
    const here = `${place}[${at}]`, phone = phoneOf(row.phone);
    const before = [...filled(earlier), ...rows.slice(0, at)].some((one) => plain(one.name) === plain(row.name));
    const share = [`${here}.share`, !(Number.isInteger(row.share) && row.share >= 1) && t.start.wrong.share];
    if (!plain(row.name)) return [[`${here}.name`, t.start.wrong.person]];
    if (rows.slice(0, at).some((one) => plain(one.name) === plain(row.name))) return [[`${here}.name`, t.start.wrong.twice]];
    if (before || knownOf(row, reps)) return [share];
    return [share,
      [`${here}.phone`, phone ? !PHONE.test(phone) && t.start.wrong.phone : !row.email && t.start.wrong.reach],
      [`${here}.email`, row.email && !EMAIL.test(row.email.trim()) && t.start.wrong.email]];
  });
}

/** Somebody of that name who is in Baton, although it was said that somebody else is meant. */
export const namesake = (row, reps) => (row.other ? knownOf({...row, other: false}, reps) : null);

/** What keeps the form's leads from whoever a row means, as limitOf says it. */
export const limitIn = (row, {questions}, reps) => limitOf(knownOf(row, reps), questions.map(pathOf));

/** The people of the team whom leads of this form can go to. */
export const takers = (draft, reps) => filled(draft.people).filter((row) => !limitIn(row, draft, reps)?.none);

/** The one zone whose clock the hours go by; null: everybody's own. */
export function clockOf(draft, reps) {
  const zones = new Set(filled(draft.people).map((row) => knownOf(row, reps)?.zone ?? row.zone));
  return zoneOfPlan(draft, reps) ?? (zones.size === 1 ? [...zones][0] : null);
}

/** The people of the team who are there already, with hours of their own. */
export const withHours = ({people}, reps) => filled(people).map((row) => knownOf(row, reps)).filter((rep) => rep?.schedule?.blocks?.length);

/** Where people who are there already have no hours of their own, the plan keeps to them: on the clock of which zone. */
export function zoneOfPlan({people, hours}, reps) {
  if (hours.any) return null;
  return filled(people).map((row) => knownOf(row, reps)).find((rep) => rep && !rep.schedule?.blocks?.length)?.zone ?? null;
}

/** The file of everything, under ids that are not `taken`; and where each of its parts was typed. */
export function documents(draft, taken, reps) {
  const used = Object.fromEntries(Object.entries(taken).map(([section, ids]) => [section, new Set(ids)]));
  const free = (section, name, other) => {
    const wanted = idOf(name) || other;
    let id = wanted;
    for (let number = 2; used[section].has(id); number += 1) id = `${wanted}-${number}`;
    used[section].add(id);
    return id;
  };
  const recipients = [], places = {"campaigns[0].name": "name", "sources[0].allowed_origins[0]": "door.site"}, ids = new Map();
  const person = (row, place, blocks) => {
    const known = knownOf(row, reps)?.id ?? ids.get(plain(row.name));
    if (known) return known;
    const id = free("recipients", row.name, "person");
    places[`recipients[${recipients.length}]`] = place;
    ids.set(plain(row.name), id);
    recipients.push({id, type: "rep", name: row.name.trim(), phone: phoneOf(row.phone) || null, email: row.email.trim() || null, zone: row.zone, schedule: {blocks}});
    return id;
  };
  const {name, otherwise, hours, asks, minutes} = draft;
  const campaign = {id: free("campaigns", name, "campaign"), name: name.trim(), plan_id: free("plans", name, "plan"), ...rulesOf(draft)};
  const offers = asks ? {accept_within_s: Math.round(minutes * 60)} : {auto_accept: true};
  const pools = [], stages = [];
  const stage = (title, rows, place, blocks, when) => {
    const members = rows.map((row, at) => [row, at]).filter(([row]) => filled([row]).length)
      .map(([row, at]) => ({recipient_id: person(row, `${place}[${at}]`, blocks), weight: row.share}));
    const pool = {id: free("pools", name, "pool"), name: fill(title, {name: name.trim()}), members};
    pools.push(pool);
    const model = members.every(({weight}) => weight === members[0].weight) ? "round_robin" : "weighted";
    stages.push({name: t.start.stages[stages.length], pool_id: pool.id, model, ...offers, ...(when && {when})});
  };
  const zone = zoneOfPlan(draft, reps), {days, start, end} = hours;
  stage(t.start.pools.first, draft.people, "people", blocksOf(hours),
    zone && {field: "time.now", op: "time_of_day", value: {days, from: start, until: end, zone}});
  if (otherwise.kind === "team") stage(t.start.pools.next, otherwise.people, "otherwise.people", []);
  const fallback = otherwise.kind === "person" ? person(otherwise.people[0], "otherwise.people[0]", []) : null;
  const origin = draft.door.kind === "form" && originOf(draft.door.site);
  const source = {id: free("sources", sourceName(draft), "source"), name: sourceName(draft), campaign_id: campaign.id,
    ...(origin && {allowed_origins: [origin]}), ...(draft.door.kind === "form" && {honeypot_field: HONEYPOT, form: wordsOf(draft, campaign)})};
  return {file: {campaigns: [campaign], sources: [source], recipients, pools, plans: [{id: campaign.plan_id, stages, fallback}]}, places};
}

/** What the form says: the words of consent, and the contact details that it does not ask. */
function wordsOf({consent, questions}, campaign) {
  const contact = questions.map((one) => one.contact);
  return {...firstWords(consent.trim()), unasked: questionsOf(campaign).filter(({path, name}) => path.startsWith("contact.") && !contact.includes(name)).map(({path}) => path)};
}

/** The ids that there are, by section of a file. */
async function takenIds() {
  const kinds = ["campaigns", "sources", "recipients", "pools"];
  const [plans, ...lists] = await Promise.all([get("plans"), ...kinds.map((kind) => all(kind))]);
  return Object.fromEntries([["plans", plans.items], ...kinds.map((kind, at) => [kind, lists[at]])].map(([kind, list]) => [kind, list.map(({id}) => id)]));
}

/** Store all of it at one moment: the campaign's id. Throws Problem, with `places`. */
export async function make(draft, reps) {
  for (let tries = 1; ; tries += 1) {
    const {file, places} = documents(draft, await takenIds(), reps);
    try {
      // Nothing that is there is ever replaced: where somebody else made one of these ids just now, others are chosen.
      await request("PUT", "configuration", {body: file, etag: "new"});
      return file.campaigns[0].id;
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== "already-exists" || tries >= TRIES) throw withPlaces(error, places);
    }
  }
}

/** The API's problem, with `places`: what is wrong by where it was typed. */
function withPlaces(error, places) {
  error.places = {};
  for (const {field, problem} of error.errors || []) {
    const of = Object.keys(places).find((place) => field === place || field.startsWith(`${place}.`));
    // What is wrong with a person as a whole stands beside the name.
    if (of) error.places[places[of] + (field.slice(of.length) || (of.startsWith("recipients") ? ".name" : ""))] = problem;
  }
  return error;
}
