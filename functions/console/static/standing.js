// How everybody stands at this moment: who can take a lead, who is full, who is away, and what is used of their caps.

import {all} from "./api.js";
import {names} from "./names.js";
import {fill, t} from "./texts.js";
import {ago, moment} from "./times.js";

const AT_ONCE = 100, MOST = 5000;
// What a document says of itself.
const SAID = new Set(["inactive", "paused", "away"]);

/** In which groups active recipients are; those who can take a lead first. */
export const GROUPS = ["available", "full", "away"];

/** In which tone each group is shown. */
export const TONES = {available: "good", full: "heed", away: "", off: "bad"};

/** How everybody who is switched on stands, by id. */
export async function standings(signal) {
  const stand = await all("availability", {limit: AT_ONCE}, MOST, signal);
  return new Map(stand.map((one) => [one.recipient_id, one]));
}

/** Active reps and buyers with their `group`, `about` (why, in a few words) and `open_leads`, group by group. */
export async function everybody(signal) {
  const [stand, {recipients}] = await Promise.all([standings(signal), names()]);
  return recipients.filter((one) => stand.has(one.id)).map((one) => withGroup(one, stand.get(one.id)))
    .sort((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group) || a.name.localeCompare(b.name));
}

function withGroup(recipient, standing) {
  const group = groupNow(standing, recipient.caps), {words, open_leads: open, next_available: until} = standing;
  const used = standing.caps.find(isUsed);
  const away = until ? fill(t.now.back, {why: reasonOf(standing), when: ago(until)}) : words.replace(`${recipient.name} is `, "");
  const full = used ? fill(t.now.capFull, {...used, span: t.now.spans[used.span]}) : fill(t.now.openFull, {open, cap: recipient.caps?.open_leads});
  return {...recipient, open_leads: open, group, about: {available: "", full, away}[group]};
}

/** Those whose name has these letters in it. */
export const called = (people, wanted) => people.filter((one) => one.name.toLowerCase().includes(wanted.trim().toLowerCase()));

const isUsed = (cap) => !cap.campaign_id && cap.used >= cap.cap;

/** available, full, away or off, as somebody stands. */
export function groupNow(standing, caps) {
  if (standing.reason === "inactive") return "off";
  if (!standing.available) return "away";
  return standing.open_leads >= (caps?.open_leads ?? Infinity) || standing.caps.some(isUsed) ? "full" : "available";
}

/** The same of a recipient; null where it is not known yet. What the document says of itself is newer than how they stand. */
export function groupOf(recipient, standing) {
  if (!recipient.active) return "off";
  if (recipient.paused || (recipient.away_until && new Date(recipient.away_until) > new Date())) return "away";
  return standing ? groupNow(SAID.has(standing.reason) ? {...standing, available: true, reason: null} : standing, recipient.caps) : null;
}

/** Why they get none now, and from when on again, on the viewer's clock. */
export function wordsOf(standing) {
  if (!standing || standing.available) return "";
  return [standing.next_available && fill(t.people.back, {at: moment(standing.next_available)}), reasonOf(standing)].filter(Boolean).join(" · ");
}

/** The API's words are a sentence with the name, and the recipient's clock, before the reason. */
const reasonOf = ({words}) => words.split(": ").slice(1).join(": ");
