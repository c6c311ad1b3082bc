// How everybody stands: who can take a lead at this moment, who is full, who is away.

import {all} from "./api.js";
import {names} from "./names.js";
import {fill, t} from "./texts.js";
import {ago} from "./times.js";

const AT_ONCE = 100;
const ORDER = ["available", "full", "away"];

/** Active reps and buyers with their `group`, `about` (why, in a few words) and `open_leads`; those who can take a lead first. */
export async function everybody(signal) {
  const [stand, {recipients}] = await Promise.all([all("availability", {limit: AT_ONCE}, 2000, signal), names()]);
  const known = new Map(recipients.map((one) => [one.id, one]));
  return stand.filter((one) => known.has(one.recipient_id)).map((one) => standing(known.get(one.recipient_id), one))
    .sort((a, b) => ORDER.indexOf(a.group) - ORDER.indexOf(b.group) || a.name.localeCompare(b.name));
}

function standing(recipient, view) {
  const {available, words, open_leads: open, caps} = view;
  const used = available && caps.find((cap) => cap.campaign_id === null && cap.used >= cap.cap);
  const most = recipient.caps.open_leads, full = used || (available && most !== null && open >= most);
  // The API's words begin with the name, which stands above them, and end with why.
  const why = words.slice(words.indexOf(": ") + 2), until = view.next_available;
  const away = available ? "" : until ? fill(t.now.back, {why, when: ago(until)}) : words.replace(`${recipient.name} is `, "");
  const about = used ? fill(t.now.capFull, {...used, span: t.now.spans[used.span]}) : full ? fill(t.now.openFull, {open, cap: most}) : away;
  return {...recipient, open_leads: open, group: full ? "full" : available ? "available" : "away", about};
}

/** Those whose name has these letters in it. */
export const called = (people, wanted) => people.filter((one) => one.name.toLowerCase().includes(wanted.trim().toLowerCase()));
