// Import people from a table: pasted or from a file, looked at row by row, stored all at once or not at all.

import {useMemo, useState} from "preact/hooks";
import {all, request} from "./api.js";
import {download, readTable, writeTable} from "./csv.js";
import {html} from "./html.js";
import {useLoad, useTitle} from "./hooks.js";
import {Icon} from "./icons.js";
import {forgetNames} from "./names.js";
import {asTable, columnsOf, planned} from "./people_table.js";
import {go, to} from "./route.js";
import {count, fill, t} from "./texts.js";
import {Action, Badge, Button, Empty, Field, Loaded, Panel, ScreenHead, Switch} from "./ui.js";

const SHOWN = 100, MAX_BYTES = 2_000_000;

/** Everybody and every pool, as they are now. */
async function everything(signal) {
  const [recipients, pools] = await Promise.all([all("recipients", {}, 5000, signal), all("pools", {}, 1000, signal)]);
  return {recipients, pools};
}

export default function ImportPeople() {
  useTitle(t.people.import.title);
  const there = useLoad(everything);
  const words = t.people.import;
  return html`<a class="back" href=${to(["people"])}>← ${t.screens.people}</a>
    <${ScreenHead} title=${words.title} about=${words.about}>${there.data && html`<${Button} icon="download" onClick=${() => download("people.csv", writeTable(asTable(there.data)))}>${words.download}<//>`}<//>
    <${Loaded} of=${there}>${(found) => html`<${Table} there=${found} reload=${there.reload} />`}<//>`;
}

function Table({there, reload}) {
  const words = t.people.import;
  const [text, setText] = useState("");
  const [told, setTold] = useState("");
  const [without, setWithout] = useState(false);
  const table = useMemo(() => readTable(text), [text]);
  const plan = useMemo(() => planned(table, there), [table, there]);
  const {found, unknown} = columnsOf(table[0] || []);
  const choose = async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    setTold(file.size > MAX_BYTES ? words.tooLarge : "");
    if (file.size <= MAX_BYTES) setText(await file.text());
  };
  const lacking = table.length > 0 && !("name" in found) && !("email" in found) && !("phone" in found);
  return html`<${Panel} title=${words.file} about=${words.fileAbout}><div class="stack">
      <div class="fields"><${Field} label=${words.choose} type="file" accept=".csv,.tsv,.txt,text/csv" onChange=${choose} wrong=${told} /></div>
      <${Field} label=${words.paste} area spellcheck="false" value=${text} placeholder=${words.example} onInput=${(event) => setText(event.target.value)} /></div><//>
    ${lacking && html`<div class="notice heed" role="status"><${Icon} name="alert" /><div>${words.noColumns}</div></div>`}
    ${table.length > 1 && !lacking && html`<${Preview} plan=${plan} found=${found} unknown=${unknown} without=${without} setWithout=${setWithout} there=${there} reload=${reload} setTold=${setTold} />`}
    ${table.length === 1 && !lacking && html`<${Panel} title=${words.preview}><${Empty} icon="inbox" tone="" title=${words.noRows} /><//>`}`;
}

/** What the file would do, row by row, and the button that does it. */
function Preview({plan, found, unknown, without, setWithout, there, reload}) {
  const words = t.people.import;
  const [places, setPlaces] = useState([]);
  const {rows} = plan;
  const bad = rows.filter((row) => row.wrong.length).length;
  const fresh = rows.filter((row) => row.isNew).length;
  const changed = rows.filter((row) => !row.isNew && row.changes?.length).length;
  const nothing = !plan.recipients.length && !plan.pools.length;
  // Those with something wrong come first: a person has to see them.
  const shown = [...rows.filter((row) => row.wrong.length), ...rows.filter((row) => !row.wrong.length)].slice(0, SHOWN);
  const store = async () => {
    const now = await everything();
    // What the rows were compared with has to be what they replace.
    if (JSON.stringify(now) !== JSON.stringify(there)) {
      reload();
      return words.meanwhile;
    }
    try {
      await request("PUT", "configuration", {body: {recipients: plan.recipients, pools: plan.pools}});
    } catch (error) {
      setPlaces((error.errors || []).map((one) => said(one, plan)));
      throw error;
    }
    forgetNames();
    go(["people"]);
    return fill(words.done, {people: count(plan.recipients.length, "person", "people"), pools: count(plan.pools.length, "pool")});
  };
  return html`<${Panel} title=${words.preview} about=${fill(words.columnsFound, {columns: Object.keys(found).map((name) => words.columns[name]).join(", ")}) + (unknown.length ? ` ${fill(words.columnsUnknown, {columns: unknown.join(", ")})}` : "")} flush>
    <div class="line panel-body">${fresh > 0 && html`<${Badge} tone="good">${fill(words.counts.new, {number: fresh})}<//>`}${changed > 0 && html`<${Badge} tone="moving">${fill(words.counts.changed, {number: changed})}<//>`}
      <${Badge}>${fill(words.counts.same, {number: rows.length - fresh - changed - bad})}<//>${bad > 0 && html`<${Badge} tone="bad">${fill(words.counts.wrong, {number: bad})}<//>`}</div>
    <div class="table-box" tabindex="0" role="group" aria-label=${words.preview}><table class="table import"><thead><tr><th scope="col">${words.row}</th><th scope="col">${words.who}</th><th scope="col">${words.what}</th></tr></thead>
      <tbody>${shown.map((row) => html`<tr key=${row.number}><td class="number quiet">${row.number}</td><td>${row.name}</td><td><${What} row=${row} /></td></tr>`)}</tbody></table></div>
    ${shown.length < rows.length && html`<p class="panel-body small quiet">${fill(words.more, {number: rows.length - shown.length})}</p>`}
    <div class="panel-body stack">${bad > 0 && html`<${Switch} label=${fill(words.without, {rows: count(bad, "row")})} on=${without} set=${setWithout} />`}
      ${places.map((one) => html`<p class="wrong small">${one}</p>`)}
      <div class="line"><${Action} tone="main" disabled=${nothing || (bad > 0 && !without)} work=${store}>${words.store}<//>
        <span class="small quiet">${nothing ? words.nothing : bad > 0 && !without ? words.mend : words.atOnce}</span></div></div><//>`;
}

function What({row}) {
  const words = t.people.import;
  if (row.wrong.length) return html`<ul>${row.wrong.map((one) => html`<li class="wrong">${one}</li>`)}</ul>`;
  return html`${row.isNew && html`<${Badge} tone="good">${words.new}<//> `}${row.changes.length ? html`<span class="small">${row.changes.join(" · ")}</span>` : !row.isNew && html`<span class="quiet small">${words.same}</span>`}`;
}

/** What the API found wrong, with whom it is about in place of a place in the file. */
function said({field, problem}, plan) {
  const [, kind, at, name] = field.match(/^(recipients|pools)\[(\d+)\]\.?(.*)$/) || [];
  return kind ? `${plan[kind][Number(at)].name}${name ? `, ${name}` : ""}: ${problem}` : problem;
}
