// A file of leads: looked at first, then loaded, with what became of every row.

import {useState} from "preact/hooks";
import {get, Problem, request} from "./api.js";
import {download} from "./csv.js";
import {useLoad} from "./hooks.js";
import {html} from "./html.js";
import {inWords} from "./problems.js";
import {CONTACT_FIELDS, titleOf} from "./snippet.js";
import {count, fill, t} from "./texts.js";
import {Action, Bar, Button, Failure, Field, Panel} from "./ui.js";

const LOOK_MS = 1000;
const MOST_BYTES = 5_000_000;
const SHOWN = 20, FEW = 6;

export function LeadFile({source}) {
  const {file: words} = t.sources;
  const [csv, setCsv] = useState(null);
  const [columns, setColumns] = useState({});
  const [seen, setSeen] = useState(null);
  const [failure, setFailure] = useState(null);
  const [begun, setBegun] = useState(null);
  const look = async (text, read) => {
    setFailure(null);
    try {
      setSeen((await request("POST", `sources/${source.id}/imports/preview`, {body: {csv: text, columns: read}})).data);
      return false;
    } catch (error) {
      setFailure(error);
      return false;
    }
  };
  const chosen = async (event) => {
    const picked = event.target.files[0];
    setSeen(null);
    setBegun(null);
    setColumns({});
    if (!picked) return;
    if (picked.size > MOST_BYTES) return setFailure(new Problem(413, {title: words.tooLarge, detail: words.tooLarge}));
    const text = await picked.text();
    setCsv(text);
    await look(text, {});
  };
  const readAs = (name, field) => {
    const next = {...columns, [name]: field || null};
    setColumns(next);
    look(csv, next);
  };
  const load = async () => {
    const answer = await request("POST", `sources/${source.id}/imports`, {body: {csv, columns}});
    setBegun(answer.data);
    return words.begun;
  };
  return html`<div class="stack"><${Panel} title=${words.title} about=${words.about}>
      <div class="fields"><${Field} type="file" accept=".csv,text/csv" label=${words.choose} hint=${words.chooseHint} onChange=${chosen} /></div>
      ${failure && html`<div class="notice bad" role="alert"><div>${inWords(failure).text}</div></div>`}<//>
    ${seen && html`<${Columns} seen=${seen} readAs=${readAs} />
      <${Panel} title=${words.check} actions=${!begun && html`<${Action} tone="main" icon="upload" disabled=${seen.bad === seen.rows} work=${load}>${fill(words.load, {leads: count(seen.rows - seen.bad, "lead")})}<//>`}>
        <p>${fill(words.counts, {rows: count(seen.rows, "row"), bad: seen.bad})}</p><${Faults} problems=${seen.problems} /><//>`}
    ${begun && html`<${Progress} key=${begun.import_id} begun=${begun} />`}</div>`;
}

/** Which column is which field; where the guess is wrong, another is chosen. */
function Columns({seen, readAs}) {
  const {file: words} = t.sources;
  const known = [["", words.leftOut], ["contact.name", words.fullName], ...CONTACT_FIELDS.map((name) => [`contact.${name}`, titleOf(`contact.${name}`)])];
  return html`<${Panel} title=${words.columns} about=${words.columnsAbout} flush><div class="table-box" tabindex="0" role="group" aria-label=${words.columns}><table class="table">
    <thead><tr><th scope="col">${words.column}</th><th scope="col">${words.field}</th><th scope="col">${words.filled}</th><th scope="col">${words.example}</th></tr></thead>
    <tbody>${seen.columns.map(({name, field, filled}) => {
      const options = field && !known.some(([value]) => value === field) ? [...known, [field, titleOf(field)]] : known;
      return html`<tr key=${name}><th scope="row" class="plain-head">${name}</th><td><select class="inline-select" aria-label=${fill(words.readAs, {column: name})} value=${field || ""} onChange=${(event) => readAs(name, event.target.value)}>
        ${options.map(([value, text]) => html`<option value=${value}>${text}</option>`)}</select></td>
        <td class="number">${filled}</td><td class="quiet">${example(seen.first[0], field)}</td></tr>`;
    })}</tbody></table></div><//>`;
}

function example(lead, field) {
  const [group, name] = (field || "").split(/\.(.*)/s);
  const value = lead?.[group]?.[name];
  return value === undefined || value === null ? t.common.nothing : String(value);
}

/** What is wrong, each once, with the rows that it is wrong in. */
function Faults({problems}) {
  const rows = new Map();
  for (const {row, field, problem} of problems) {
    const said = JSON.stringify([field, problem]);
    rows.set(said, [...rows.get(said) || [], row]);
  }
  const {file: words} = t.sources;
  return html`<ul class="faults small">${[...rows].slice(0, SHOWN).map(([said, at]) => {
    const [field, problem] = JSON.parse(said);
    const which = at.length > FEW ? fill(words.rowsMore, {rows: at.slice(0, FEW).join(", "), number: at.length - FEW}) : at.join(", ");
    return html`<li key=${said}><strong>${field ? titleOf(field) : ""}</strong> ${problem} <span class="quiet">${fill(at.length > 1 ? words.rowsAt : words.rowAt, {rows: which})}</span></li>`;
  })}</ul>`;
}

/** How far an import is, until it is done. */
function Progress({begun}) {
  const {file: words} = t.sources;
  const live = useLoad((signal) => get(`imports/${begun.import_id}`, {}, signal), [], {every: (found) => (found && !found.waiting ? 0 : LOOK_MS)});
  const now = live.data || begun;
  const {tally, waiting, rows} = now;
  const refused = async () => {
    download(words.refusedFile, await get(`imports/${begun.import_id}/refused`));
  };
  return html`<${Panel} title=${waiting ? words.going : words.done}><div class="stack">${live.error && html`<${Failure} error=${live.error} retry=${live.reload} />`}<${Bar} of=${(rows - waiting) / rows} label=${fill(words.progress, {done: rows - waiting, rows})} />
    <p role="status">${fill(words.progress, {done: rows - waiting, rows})}</p>
    <dl class="pairs">${Object.entries(words.tally).map(([name, text]) => tally[name] > 0 && html`<dt>${text}</dt><dd class="number">${tally[name]}</dd>`)}</dl>
    ${tally.refused > 0 && html`<${Faults} problems=${now.problems} /><div class="line"><${Button} icon="download" onClick=${refused}>${words.refused}<//></div>`}</div><//>`;
}
