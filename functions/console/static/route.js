// Where the person is: the part of the address after #, such as #/leads/0f3a...?state=unassigned. No names in it.

import {useEffect, useState} from "preact/hooks";
import {t} from "./texts.js";

/** The address as it is now: its parts, and its query. */
export function route() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  return {parts: path.split("/").filter(Boolean).map(decodeURIComponent), query: Object.fromEntries(new URLSearchParams(query))};
}

/** An address to link to. What is empty is left out of its query. */
export function to(parts, query = {}) {
  const asked = Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const text = new URLSearchParams(asked).toString();
  return `#/${parts.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}

/** Go there; with `replace`, the way back does not lead here again. */
export function go(parts, query, {replace = false} = {}) {
  if (replace) {
    history.replaceState(history.state, "", to(parts, query));
    dispatchEvent(new HashChangeEvent("hashchange"));
  } else {
    location.hash = to(parts, query);
  }
}

const holders = new Set();

/** While `unsaved()` says true, the person is asked before the address changes. Gives back how to let go. */
export function holdHere(unsaved) {
  holders.add(unsaved);
  return () => holders.delete(unsaved);
}

// Each entry of the browser's history has its number, so that who stays is led back the way they went: writing the old address over
// the new entry would lose what is there.
let number = history.state?.number ?? 0;
const numbered = (next) => { number = next; history.replaceState({number}, ""); };
numbered(number);

// Before anybody else hears of the new address: this module is the first to listen.
let returning = false;
addEventListener("hashchange", (event) => {
  if (!event.oldURL) return;
  const from = number, entered = history.state?.number;
  if (entered === undefined) numbered(from + 1);
  else number = entered;
  const stays = !returning && [...holders].some((unsaved) => unsaved()) && !confirm(t.form.leave);
  if (stays || returning) event.stopImmediatePropagation();
  returning = stays && number !== from;
  if (returning) history.go(from - number);
});

/** The address, and a new rendering whenever it changes. */
export function useRoute() {
  const [now, setNow] = useState(route);
  useEffect(() => {
    const changed = () => setNow(route());
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return now;
}
