// A form over a document of the API: what was read, what it became, what is wrong with it, and saving it without losing
// what somebody else changed meanwhile.

import {useEffect, useMemo, useRef, useState} from "preact/hooks";
import {Problem, request} from "./api.js";
import {Conflict, mended, save} from "./change.js";
import {html} from "./html.js";
import {Merge} from "./merge.js";
import {inWords} from "./problems.js";
import {holdHere} from "./route.js";
import {SignedOut} from "./session.js";
import {SignInBeside} from "./sign_in.js";
import {fill, t} from "./texts.js";
import {Button, Field, Switch, useSession} from "./ui.js";

/** A place in a document as a list of keys: "stages[1].caps.per_day" is ["stages", 1, "caps", "per_day"]; a list is one. */
const keys = (place) => (Array.isArray(place) ? place : place ? place.split(/[.[\]]+/).filter(Boolean).map((key) => (/^\d+$/.test(key) ? Number(key) : key)) : []);
const plain = (place) => keys(place).join(".");

/** What stands at a place; undefined where nothing does. */
export const at = (document, place) => keys(place).reduce((found, key) => found?.[key], document);

/** The document with something else at a place; the one given stays as it is. */
export function put(document, place, value) {
  const set = (here, [key, ...rest]) => {
    if (key === undefined) return value;
    const copy = Array.isArray(here) ? [...here] : {...here};
    copy[key] = set(here?.[key], rest);
    return copy;
  };
  return set(document, keys(place));
}

/** An id made of a name: "Ana López" is "ana-lopez". */
export const idOf = (name) => name.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 50);

/**
 * A form over the document that was read, `{data, etag}`; without an etag it is a new one.
 *
 * `path` is where it is kept, a function of the document. `saved(document)` is called once the API has all of it. Gives back `doc`,
 * `set(place, value)`, `wrong(place)`, `dirty`, `busy`, `save()`, `reset()`, and what SaveBar needs.
 */
export function useForm({read, path, saved}) {
  const [base, setBase] = useState(read);
  const [doc, draw] = useState(read.data);
  const [problems, setProblems] = useState([]);
  const [failure, setFailure] = useState(null);
  const [conflict, setConflict] = useState(null);
  const [busy, setBusy] = useState(false);
  const {tell, user} = useSession();
  const dirty = useMemo(() => !same(doc, base.data), [doc, base]);
  // The document as it is at this moment, also for who began with it a while ago.
  const now = useRef(doc), sent = useRef(doc);
  const setDoc = (next) => draw(now.current = next);
  useUnsaved(dirty && user?.mayChange);

  const finish = (answer, was = now.current) => {
    // What is typed while it is on its way stays, over whatever else the answer brings of somebody else's.
    const all = same(now.current, was);
    setBase({data: answer.data, etag: answer.etag});
    setDoc(all ? answer.data : mended(was, now.current, answer.data));
    setProblems([]);
    setFailure(null);
    setConflict(null);
    if (all) saved?.(answer.data);
    return answer.data;
  };
  const failed = (error) => {
    if (error instanceof Conflict) return setConflict(error);
    setProblems(error instanceof Problem ? error.errors : []);
    setFailure(error);
    tell(hasPlaces(error) ? t.form.marked : inWords(error).text, "bad", inWords(error).title);
    // Whoever reads with a screen reader or the keyboard goes on where the first thing is wrong.
    requestAnimationFrame(() => document.querySelector("main [aria-invalid=true]")?.focus());
  };
  const store = async () => {
    const mine = sent.current = now.current;
    setBusy(true);
    try {
      return finish(base.etag ? await save(path(mine), mine, {read: base.data, etag: base.etag}) : await make(path(mine), mine), mine);
    } catch (error) {
      // A new document whose id somebody else's has.
      const taken = !base.etag && error instanceof Problem && [409, 412].includes(error.status);
      failed(taken ? new Problem(error.status, {title: t.form.taken, type: "urn:baton:taken", errors: [{field: "id", problem: fill(t.form.takenId, {id: mine.id})}]}) : error);
      return null;
    } finally {
      setBusy(false);
    }
  };
  return {
    doc, dirty, busy, failure, conflict, isNew: !base.etag, etag: base.etag, finish: (answer) => finish(answer), failed, settled: (answer) => finish(answer, sent.current),
    set: (place, value) => { if (user?.mayChange) setDoc(put(now.current, place, value)); },
    wrong: (place) => problems.find((one) => plain(one.field) === plain(place))?.problem,
    save: store, reset: () => { setDoc(base.data); setProblems([]); setFailure(null); }, close: () => setConflict(null), settle: () => setFailure(null),
  };
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Store a new document. One that is there already as we sent it is ours: the answer to the first try was lost. */
async function make(path, doc) {
  try {
    return await request("PUT", path, {body: doc, etag: "new"});
  } catch (error) {
    if (!(error instanceof Problem) || ![409, 412].includes(error.status)) throw error;
    const there = await request("GET", path);
    if (!holds(there.data, doc)) throw error;
    return there;
  }
}

/** Whether all of `part` stands in `whole`, which may say more: what nobody said, the API fills in. */
function holds(whole, part) {
  if (part === null || typeof part !== "object") return (whole ?? null) === (part ?? null);
  if (whole === null || typeof whole !== "object" || (Array.isArray(part) && part.length !== whole.length)) return false;
  return Object.entries(part).every(([key, value]) => holds(whole[key], value));
}

/** Whether fields are named that are wrong, and not only the document as a whole. */
const hasPlaces = (error) => error instanceof Problem && error.errors.some(({field}) => field && field !== "body");

/** While something is not saved, leaving asks first. */
export function useUnsaved(dirty) {
  const now = useRef(dirty);
  now.current = dirty;
  useEffect(() => {
    const ask = (event) => { if (now.current) event.preventDefault(); };
    const release = holdHere(() => now.current);
    addEventListener("beforeunload", ask);
    return () => { removeEventListener("beforeunload", ask); release(); };
  }, []);
}

/** A field of a form, at a place of its document. Empty is null; `type="number"` gives numbers, `check` true and false. */
export function At({form, place, check, type, empty = null, ...more}) {
  const value = at(form.doc, place);
  if (check) return html`<${Switch} on=${Boolean(value)} set=${(on) => form.set(place, on)} wrong=${form.wrong(place)} ...${more} />`;
  const typed = (event) => {
    const text = event.target.value;
    form.set(place, text === "" ? empty : type === "number" ? Number(text) : text);
  };
  return html`<${Field} type=${type} value=${value ?? ""} wrong=${form.wrong(place)} ...${{[more.options ? "onChange" : "onInput"]: typed}} ...${more} />`;
}

/** Around the fields of a form: who may change nothing reads them. Links and what unfolds still work. */
export const Editable = ({children}) => html`<fieldset class="editable" disabled=${!useSession().user?.mayChange}>${children}</fieldset>`;

/** Below a form: save it or leave it as it was, and what is wrong. Who both changed the same is asked. `label`: what saving is called. */
export function SaveBar({form, children, label = t.form.save}) {
  const {dirty, busy, conflict, failure} = form;
  return html`<div class=${`save-bar ${dirty ? "dirty" : ""}`} role="group" aria-label=${t.form.saving}>
      <span class="grow small" role="status">${failure ? html`<${NotSaved} form=${form} />` : dirty || form.isNew ? t.form.unsaved : t.form.allSaved}</span>
      ${children}<${Button} disabled=${!dirty} onClick=${form.reset}>${t.form.discard}<//>
      <${Button} tone="main" changes busy=${busy} disabled=${!dirty && !form.isNew} onClick=${form.save}>${label}<//></div>
    ${conflict && html`<${Merge} key=${conflict.etag} conflict=${conflict} close=${form.close} saved=${form.settled} failed=${form.failed} />`}`;
}

/** Why it was not saved: fields say what is wrong with them, and all of it is there for who wants it. */
function NotSaved({form: {failure, settle}}) {
  const {title, text} = inWords(failure);
  if (failure instanceof SignedOut) return html`<${SignInBeside} then=${settle} />`;
  return hasPlaces(failure) ? html`<details class="wrong"><summary>${title}. ${t.form.marked}</summary>${text}</details>`
    : html`<span class="wrong">${title}. ${text}</span>`;
}
