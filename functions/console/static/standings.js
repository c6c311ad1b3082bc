// How recipients stand at this moment: who can take a lead, who is full, and what is used of their caps.

import {all} from "./api.js";
import {fill, t} from "./texts.js";
import {moment} from "./times.js";

const AT_ONCE = 100, MOST = 5000;
const SAID = new Set(["inactive", "paused", "away"]);

/** In which tone each group is shown. */
export const TONES = {available: "good", full: "heed", away: "", off: "bad"};

/** How everybody who is switched on stands, by id. */
export async function standings(signal) {
  const found = await all("availability", {limit: AT_ONCE}, MOST, signal);
  return new Map(found.map((one) => [one.recipient_id, one]));
}

/** available, full, away or off, as somebody stands. */
export function groupNow(standing, caps) {
  if (standing.reason === "inactive") return "off";
  if (!standing.available) return "away";
  const most = caps?.open_leads ?? Infinity;
  return standing.open_leads >= most || standing.caps.some((cap) => !cap.campaign_id && cap.used >= cap.cap) ? "full" : "available";
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
  // The API's words are a sentence with the name, and the recipient's clock, before the reason.
  const reason = standing.words.split(": ").slice(1).join(": ");
  return [standing.next_available && fill(t.people.back, {at: moment(standing.next_available)}), reason].filter(Boolean).join(" · ");
}
