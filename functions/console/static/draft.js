// The draft of a plan while it is edited. It saves itself a moment after each change, since leads never see it, and is checked then.

import {useEffect, useMemo, useRef, useState} from "preact/hooks";
import {get, Problem, request} from "./api.js";
import {Conflict, mended, save, together} from "./change.js";
import {put, useUnsaved} from "./form.js";
import {useSession} from "./ui.js";

const PAUSE_MS = 600;
// No document has this revision: whoever writes against it hears what is there instead.
const NEVER = '"0"';
const NOTHING = {problems: [], failure: null, conflict: null, keys: []};

let keys = 0;
/** What tells a stage from the others while it is edited: stages have no ids. */
export const newKey = () => (keys += 1);

/** A plan to edit: its draft or, where it has none, what is published; with the campaigns, pools and versions beside it. */
export async function readPlan(planId, signal) {
  const known = (await get("plans", {}, signal)).items.find((one) => one.id === planId);
  if (!known) throw new Problem(404, {type: "urn:baton:not-found"});
  const there = (is, path) => (is ? request("GET", path, {signal}) : null);
  const [draft, published] = await Promise.all([there(known.draft_etag, `plans/${planId}/draft`), there(known.published, `plans/${planId}`)]);
  return {draft, published, base: draft || {data: asDraft(published.data), etag: null}};
}

/** What a draft says that was made of a version. */
export const asDraft = ({id, stages, fallback}) => ({id, stages, fallback});

/**
 * The draft as a form: `doc`, `set(place, value)`, `wrong(place)`, as useForm has them. `keys` tell its stages apart, `arrange` puts
 * them into another order with theirs. `state` is none, saved, saving, failed, theirs or looking; `told` is what the API would not save
 * and what its check found, each at its place as it is now; `checked` whether it was.
 */
export function useDraft(planId, read) {
  const path = `plans/${planId}/draft`;
  const {user} = useSession();
  const [base, setBase] = useState(read);
  const [doc, setDoc] = useState(read.data);
  const [those, setThose] = useState(() => read.data.stages.map(newKey));
  const [heard, setHeard] = useState(NOTHING);
  const [saving, setSaving] = useState(false);
  const [checked, setChecked] = useState(null);
  const dirty = useMemo(() => JSON.stringify(doc) !== JSON.stringify(base.data), [doc, base]);
  const known = those.length === doc.stages.length ? those : doc.stages.map((_, at) => those[at] ?? `new-${at}`);
  const now = useRef(), refused = useRef(null);
  now.current = {doc, base, saving, known};
  useUnsaved(dirty && user?.mayChange);

  const check = async (then) => setChecked({keys: then, findings: (await request("POST", `${path}/check`)).data.findings});
  const finish = (answer, sent, then) => {
    setBase({data: answer.data, etag: answer.etag});
    // Typed meanwhile: that counts, and whatever else the answer brought of somebody else's.
    setDoc((had) => (had === sent ? answer.data : mended(sent, had, answer.data)));
    setHeard(NOTHING);
    return check(then);
  };
  const failed = (error, sent, then) => {
    if (error instanceof Conflict) return setHeard({...NOTHING, conflict: error});
    // Published or dropped by somebody else: ours is a draft anew.
    if (error.status === 404) return setBase((had) => ({...had, etag: null}));
    refused.current = sent;
    return setHeard({...NOTHING, problems: error instanceof Problem ? error.errors : [], failure: error, keys: then});
  };
  const store = async () => {
    const {doc: mine, base: from, saving: busy, known: then} = now.current;
    if (busy || !user?.mayChange) return;
    setSaving(true);
    try {
      await finish(await write(path, mine, from), mine, then);
    } catch (error) {
      failed(error, mine, then);
    } finally {
      setSaving(false);
    }
  };
  useEffect(() => {
    if (!dirty && heard.problems.length) setHeard(NOTHING);
    if (!dirty || saving || heard.conflict || doc === refused.current) return undefined;
    const timer = setTimeout(store, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [doc, base, saving, heard.conflict]);
  useEffect(() => { if (read.etag) check(known).catch((error) => failed(error, doc, known)); }, []);

  const told = [...moved(heard.problems, heard.keys, known), ...moved(checked?.findings || [], checked?.keys, known)];
  const at = (place) => told.find((one) => plain(one.place) === plain(place));
  return {
    doc, keys: known, told, checked: checked !== null, conflict: heard.conflict, failure: heard.failure, etag: base.etag, exists: Boolean(base.etag), store,
    state: !user?.mayChange ? "looking" : heard.conflict ? "theirs" : heard.failure ? "failed" : saving || dirty ? "saving" : base.etag ? "saved" : "none",
    set: (place, value) => setDoc((had) => put(had, place, value)),
    arrange: (stages, theirs) => { setDoc((had) => ({...had, stages})); setThose(theirs); },
    wrong: (place) => at(place)?.problem,
    severity: (place) => at(place)?.severity,
    again: () => check(known),
    /** After a conflict: whose parts hold, "mine" or "theirs" by name. */
    settle: (chosen) => {
      const {conflict: {read: before, theirs, etag, fields}} = heard;
      const {merged} = together(before, doc, theirs);
      setBase({data: theirs, etag});
      setDoc({...merged, ...Object.fromEntries(fields.map((name) => [name, (chosen[name] === "mine" ? doc : theirs)[name]]))});
      setHeard(NOTHING);
    },
  };
}

/** What was said of stages, each at the place that its stage has now: {place, severity, problem}. Of those that are gone, nothing. */
function moved(told, then, known) {
  return told.flatMap(({place, field, severity = "error", problem}) => {
    const [, at, rest] = /^stages\[(\d+)\](.*)$/.exec(place ?? field) || [];
    if (at === undefined) return [{place: place ?? field, severity, problem}];
    const to = known.indexOf(then[at]);
    return to < 0 ? [] : [{place: `stages[${to}]${rest}`, severity, problem}];
  });
}

const plain = (place) => (place || "").replaceAll("[", ".").replaceAll("]", "");

async function write(path, mine, {data, etag}) {
  if (etag) return save(path, mine, {read: data, etag});
  try {
    return await request("PUT", path, {body: mine, etag: "new"});
  } catch (error) {
    // Somebody else began one meanwhile.
    if (error.status !== 409 && error.status !== 412) throw error;
    return save(path, mine, {read: data, etag: NEVER});
  }
}
