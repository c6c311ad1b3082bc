// Changing a document without losing anybody's change: read it, change it, save it against what was read.
//
// Where somebody else saved meanwhile (412), their fields and ours are put together, and if both changed the same ones the
// person is asked, with who it was and when.

import {useState} from "preact/hooks";
import {get, Problem, request} from "./api.js";
import {html} from "./html.js";
import {fill, t} from "./texts.js";
import {ago} from "./times.js";
import {Button, Dialog} from "./ui.js";

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
  throw new Conflict({path, read, mine, theirs: now.data, etag: now.etag, merged, fields, ...await whoChanged(now.data.id)});
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

/** The dialog about a Conflict: one choice for each field. `saved` is given what the API answered. */
export function Merge({conflict, close, saved, failed}) {
  const [chosen, setChosen] = useState(() => Object.fromEntries(conflict.fields.map((name) => [name, "mine"])));
  const {by, at} = conflict;
  const keep = async () => {
    const picked = Object.fromEntries(conflict.fields.map((name) => [name, conflict[chosen[name]][name]]));
    try {
      saved(await save(conflict.path, {...conflict.merged, ...picked}, {read: conflict.theirs, etag: conflict.etag}));
    } catch (error) {
      failed(error);
    }
  };
  const side = (name, which) => html`<label><input type="radio" name=${name} checked=${chosen[name] === which}
    onChange=${() => setChosen({...chosen, [name]: which})} /><span>${shown(conflict[which][name])}</span></label>`;
  return html`<${Dialog} wide title=${t.merge.title} close=${close} actions=${html`
      <${Button} onClick=${close}>${t.common.cancel}<//><${Button} tone="main" changes onClick=${keep}>${t.merge.save}<//>`}>
    <p>${by ? fill(t.merge.about, {by, ago: ago(at)}) : t.merge.aboutUnknown}</p>
    <div class="table-box"><table class="table merge"><thead><tr><th scope="col">${t.merge.field}</th><th scope="col">${t.merge.was}</th>
      <th scope="col">${t.merge.mine}</th><th scope="col">${t.merge.theirs}</th></tr></thead>
      <tbody>${conflict.fields.map((name) => html`<tr><th scope="row">${name}</th><td class="quiet">${shown(conflict.read[name])}</td>
        <td>${side(name, "mine")}</td><td>${side(name, "theirs")}</td></tr>`)}</tbody></table></div><//>`;
}

const shown = (value) => (value === null || value === undefined ? t.common.nothing : typeof value === "object" ? JSON.stringify(value) : String(value));

/** Who changed the document last, as the change log says. */
async function whoChanged(id) {
  const {items} = await get("changes", {limit: LOOKED_AT});
  const last = items.find((one) => one.key === id);
  return last ? {by: last.by, at: last.at} : {};
}
