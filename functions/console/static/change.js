// Changing a document without losing anybody's change: read it, change it, save it against what was read.
//
// Where somebody else saved meanwhile (412), their fields and ours are put together, and if both changed the same ones the
// person is asked, with who it was and when.

import {get, Problem, request} from "./api.js";

const CONFLICT = 412;
const LOOKED_AT = 50;

/** Both changed the same fields. `theirs` is what is stored now, with `etag`; `fields` those in question. */
export class Conflict extends Error {
  constructor(given) {
    super("conflict");
    Object.assign(this, given);
  }
}

/** Change some fields of a document as it is now, or those that a function makes of it: what is stored in the end. Throws Problem. */
export async function change(path, fields) {
  for (let tries = 0; ; tries += 1) {
    const read = await request("GET", path);
    try {
      return (await request("PUT", path, {body: {...read.data, ...(typeof fields === "function" ? fields(read.data) : fields)}, etag: read.etag})).data;
    } catch (error) {
      // Only these fields are ours, so what somebody else made of the others is kept by reading again.
      if (!(error instanceof Problem) || error.status !== CONFLICT || tries >= 3) throw error;
    }
  }
}

/** Save what a form made of a document: `mine`, of what was `read` with its `etag`. Throws Conflict, Problem. */
export async function save(path, mine, {read, etag}) {
  try {
    return await request("PUT", path, {body: mine, etag});
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== CONFLICT) throw error;
  }
  const now = await request("GET", path);
  const {merged, fields} = together(read, mine, now.data);
  if (!fields.length) return save(path, merged, {read: now.data, etag: now.etag});
  throw new Conflict({path, read, mine, theirs: now.data, etag: now.etag, merged, fields, ...await whoChanged(path)});
}

/** Three versions put together: fields that only one side changed are that side's; those that both did are `fields`. */
export function together(read, mine, theirs) {
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const merged = {...theirs}, fields = [];
  for (const name of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    if (same(mine[name], theirs[name]) || same(mine[name], read[name])) continue;
    if (same(theirs[name], read[name])) merged[name] = mine[name];
    else fields.push(name);
  }
  return {merged, fields};
}

/** Three versions put together, where ours hold where both changed the same. */
export function mended(read, mine, theirs) {
  const {merged, fields} = together(read, mine, theirs);
  return {...merged, ...Object.fromEntries(fields.map((name) => [name, mine[name]]))};
}

/** Who changed the document at a path last, as the change log says. */
async function whoChanged(path) {
  const [, kind, id, draft] = path.match(/^(\w+)s\/([^/]+)(\/draft)?$/) || [];
  const {items} = await get("changes", {limit: LOOKED_AT});
  const last = items.find((one) => one.key === id && one.kind === (draft ? "draft_plan" : kind));
  return last ? {by: last.by, at: last.at} : {};
}
