// What ids are called: recipients, campaigns, sources. Read once, and again after a minute.

import {useEffect, useState} from "preact/hooks";
import {all} from "./api.js";
import {fill, t} from "./texts.js";

const FRESH_MS = 60_000, RETRY_MS = 15_000;
const KINDS = ["recipients", "campaigns", "sources"];
const EMPTY = {of: (id) => id, recipients: [], campaigns: [], sources: []};

let kept = null;

/** The documents of the three kinds, and `of(id, kind)`: what an id is called. A kind of its own, or that of recipients, comes first. */
export async function names() {
  if (!kept || Date.now() > kept.until) {
    kept = {until: Date.now() + FRESH_MS, promise: read()};
    kept.promise.catch(() => { kept = null; });
  }
  return kept.promise;
}

/** Something was changed: read anew. */
export const forgetNames = () => { kept = null; };

/** The names; ids stand for themselves until they are there. Read again while somebody is unknown, such as a rep who is new. */
export function useNames() {
  const [found, setFound] = useState(EMPTY);
  useEffect(() => {
    let left = false, timer = 0;
    const later = (work, pause) => { if (!left) timer = setTimeout(work, pause); };
    const look = () => names().then((read) => {
      if (left) return;
      setFound(read);
      const again = () => (read.strangers.size && !document.hidden ? look() : later(again, FRESH_MS));
      later(again, FRESH_MS);
    }, () => later(look, RETRY_MS));
    look();
    return () => { left = true; clearTimeout(timer); };
  }, []);
  return found;
}

/** A plan has no name of its own: it goes by the campaigns that follow it. */
export const planName = (planId, names) => names.campaigns.filter((one) => one.plan_id === planId).map((one) => one.name).join(", ") || planId;

/** Who has a lead; of one that was given back, who had it. */
export function ownerOf({state, recipient_id: who}, names) {
  if (!who) return t.lead.ownerNobody;
  return state === "returned" ? fill(t.lead.ownerReturned, {name: names.of(who)}) : names.of(who);
}

async function read() {
  const lists = await Promise.all(KINDS.map((kind) => all(kind)));
  const called = lists.map((list) => new Map(list.map((one) => [one.id, one.name])));
  const strangers = new Set();
  const of = (id, kind = "recipients") => {
    const holder = [called[KINDS.indexOf(kind)], ...called].find((map) => map?.has(id));
    if (id && !holder) strangers.add(id);
    return holder?.get(id) || id;
  };
  return {of, strangers, ...Object.fromEntries(KINDS.map((kind, at) => [kind, lists[at]]))};
}
