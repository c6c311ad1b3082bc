// Where the person is: the part of the address after #, such as #/leads/0f3a...?state=unassigned. No names in it.

import {useEffect, useState} from "preact/hooks";

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
    history.replaceState(null, "", to(parts, query));
    dispatchEvent(new HashChangeEvent("hashchange"));
  } else {
    location.hash = to(parts, query);
  }
}

const holders = new Set();

/** Ask before the address changes: where `stays()` says true, it does not. Gives back how to let go. */
export function holdHere(stays) {
  holders.add(stays);
  return () => holders.delete(stays);
}

// Before anybody else hears of the new address: this module is the first to listen.
addEventListener("hashchange", (event) => {
  if (!event.oldURL || ![...holders].some((stays) => stays())) return;
  event.stopImmediatePropagation();
  history.replaceState(null, "", event.oldURL);
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
