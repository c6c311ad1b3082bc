// A report as a table: sorted by the API, exported as the API's own CSV, and every row leads to its leads.

import {useRef, useState} from "preact/hooks";
import {get, request} from "./api.js";
import {html} from "./html.js";
import {useLoad} from "./hooks.js";
import {Icon} from "./icons.js";
import {between, clock} from "./range.js";
import {currencyOf, Figure, valueOf} from "./report_figures.js";
import {fill, t} from "./texts.js";
import {Action, Button, Empty, Field, Loaded, Panel} from "./ui.js";

const FEW = 50, MOST = 1000;

/** A report; while another one of its kind is on its way, what there was stays. Without a path there is none. */
export function useReport(path, query) {
  const found = useLoad((signal) => (path ? get(`reports/${path}`, query, signal) : null), [path, JSON.stringify(query)]);
  const last = useRef({}), kind = JSON.stringify([path, query.by, query.pool_id]);
  if (found.data) last.current = {kind, data: found.data};
  const kept = path && last.current.kind === kind && !found.error ? last.current.data : null;
  return {...found, data: found.data ?? kept};
}

/**
 * A panel with a report's table.
 *
 * `path` and `more` are what is asked for; `columns`: names of figures, or {name, show(row)}; `first`: {title, show(row, report,
 * noted)}, the head of a row; `note(report, currency)` is the row that something is to be said of, and `above` says it.
 */
export function ReportPanel({title, about, path, days, more = {}, columns, first, usual, query, set, note, above, tools, none}) {
  const place = `sort_${path}`, sort = query[place] || usual;
  const [limit, setLimit] = useState(FEW);
  const asked = {...days, ...more, compare: query.compare, sort, currency: query.currency};
  const found = useReport(path, {...asked, limit});
  return html`<${Panel} title=${title} about=${about} flush actions=${html`<${Export} path=${path} asked=${asked} title=${title} />`}>
    ${tools && html`<div class="panel-body line tools">${tools}</div>`}
    <${Loaded} of=${found}>${(report) => {
      const currency = currencyOf(report, query.currency), noted = note?.(report, currency);
      return html`${above?.(report, currency, noted)}
        ${report.compared_with && html`<div class="panel-body"><${Beside} report=${report} /></div>`}
        <${Currencies} report=${report} currency=${currency} set=${set} />
        ${report.rows.length ? html`<${Table} title=${title} report=${report} currency=${currency} columns=${columns} first=${first} noted=${noted} sort=${sort}
            busy=${found.loading} resort=${(name) => set({[place]: sort === `-${name}` ? name : `-${name}`})} />`
          : html`<${Empty} tone="" icon="chart" title=${none || t.reports.none}>${t.reports.noneAbout}<//>`}
        ${report.left_out > 0 && html`<div class="panel-body line between">
          <span class="small quiet">${fill(t.reports.leftOut, {number: report.left_out.toLocaleString("en")})}</span>
          ${limit < MOST && html`<${Button} small onClick=${() => setLimit(MOST)}>${t.common.more}<//>`}</div>`}
        <${Meanings} columns=${columns} />`;
    }}<//><//>`;
}

const nameOf = (column) => column.name || column;

function Table({title, report, currency, columns, first, noted, sort, resort, busy}) {
  const cells = (row, total) => columns.map((column) => html`<${Cell} column=${column} row=${row} currency=${currency} total=${total} />`);
  return html`<div class="table-box" tabindex="0" role="group" aria-label=${title} aria-busy=${busy ? "true" : undefined}><table class="table figures">
    <thead><tr><th scope="col">${first.title}</th>${columns.map((column) => html`<${Head} name=${nameOf(column)} sort=${sort} resort=${resort} />`)}</tr></thead>
    <tbody>${report.rows.map((row) => html`<tr key=${Object.values(row.ids).join("/")}><th scope="row">${first.show(row, report, noted)}</th>${cells(row)}</tr>`)}</tbody>
    ${report.rows.length > 1 && html`<tfoot><tr><th scope="row">${t.reports.together}</th>
      ${cells({figures: report.total, before: report.total_before}, true)}</tr></tfoot>`}
  </table></div>`;
}

/** A figure, and below it what it was before where that is known. Of all rows together there is the figure alone. */
function Cell({column, row, currency, total}) {
  const name = nameOf(column), before = row.before && valueOf(name, row.before, currency);
  return html`<td class="right number">
    ${column.show && !total ? column.show(row) : html`<${Figure} name=${name} figures=${row.figures} currency=${currency} row=${row} />`}
    ${typeof before === "number" && html`<div class="small quiet">${t.reports.was} <${Figure} name=${name} figures=${row.before} currency=${currency} /></div>`}</td>`;
}

function Head({name, sort, resort}) {
  const by = sort?.replace(/^-/, "") === name, down = sort?.startsWith("-");
  return html`<th scope="col" class="right" aria-sort=${by ? (down ? "descending" : "ascending") : undefined}>
    <button type="button" class="sort" onClick=${() => resort(name)}>${t.reports.columns[name][0]}${by && html`<${Icon} name=${down ? "down" : "up"} size=${14} />`}</button></th>`;
}

/** With which days a report is compared, and how far. */
export function Beside({report: {period, compared_with: before, zone}}) {
  const time = clock(period.end, zone);
  return before && html`<p class="small quiet">${fill(time === "00:00" ? t.reports.beside : t.reports.besideHours, {time, before: between(before, zone)})}</p>`;
}

/** In which money, where there are several. */
export function Currencies({report, currency, set}) {
  const there = Object.keys(report.total.money || {});
  if (there.length < 2) return null;
  return html`<div class="panel-body line tools"><${Field} label=${t.reports.currency} value=${currency}
    onChange=${(event) => set({currency: event.target.value})} options=${there.map((one) => [one, one])} /></div>`;
}

const Meanings = ({columns}) => html`<details class="panel-body meanings"><summary>${t.reports.meanings}</summary><dl class="pairs">${columns.map((column) => {
  const [title, meaning] = t.reports.columns[nameOf(column)];
  return html`<dt>${title}</dt><dd>${meaning}</dd>`;
})}</dl></details>`;

/** The API's own table, as a file. */
export function Export({path, asked, title}) {
  const save = async () => {
    const {data} = await request("GET", `reports/${path}`, {query: {...asked, ...(path in NO_ROWS ? {} : {limit: MOST}), format: "csv"}});
    const name = ["baton", path, asked.from, asked.to].filter(Boolean).join("-") + ".csv";
    const link = Object.assign(document.createElement("a"), {download: name, href: URL.createObjectURL(new Blob([data], {type: "text/csv"}))});
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    return fill(t.reports.exported, {name});
  };
  return html`<${Action} small icon="download" changes=${false} title=${fill(t.reports.exportOf, {what: title})} work=${save}>${t.reports.export}<//>`;
}

const NO_ROWS = {funnel: true, overview: true};
