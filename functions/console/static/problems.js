// What goes wrong, in words for people: what it is, and what to do next.

import {Problem} from "./api.js";
import {SignedOut} from "./session.js";
import {fill, t} from "./texts.js";

const ICONS = {offline: "again", forbidden: "lock", "edit-conflict": "people", "not-found": "search"};

/** An error's title, text and icon. */
export function inWords(error) {
  if (error instanceof SignedOut) return {...t.problems.signedOut, icon: "lock"};
  // A module of another version than the one that runs: there was a deployment meanwhile.
  if (error instanceof TypeError && /module/i.test(error.message)) return {...t.problems.newVersion, icon: "again"};
  if (error instanceof TypeError && /fetch|network/i.test(error.message)) return {...t.problems.offline, icon: ICONS.offline};
  if (!(error instanceof Problem)) return {title: t.problems.unexpected.title, text: fill(t.problems.unexpected.text, {what: error.message}), icon: "alert"};
  const known = t.problems[error.code] || (error.status >= 500 ? t.problems.server : null);
  // "body" is the whole: no place that a person would look for.
  const places = error.errors.slice(0, 5).map((one) => [one.field === "body" ? "" : one.field || one.place, one.problem || one.words || one.message].filter(Boolean).join(": "));
  const said = [error.detail, ...places].filter(Boolean).join(" · ");
  return {
    title: known?.title || error.message,
    text: known ? known.text + (known.adds && said ? ` ${said}` : "") : said || t.problems.server.text,
    icon: ICONS[error.code] || "alert",
  };
}
