// Reports, sources: what leads cost and brought, and which source to stop.

import {html} from "./html.js";
import {Icon} from "./icons.js";
import {leadsOf, percent} from "./report_figures.js";
import {ReportPanel} from "./report_table.js";
import {count, fill, money, t} from "./texts.js";
import {Badge, Segments} from "./ui.js";

const COLUMNS = ["received", "profit", "profit_per_lead", "cost_per_lead", "conversion", "return_rate", "cost", "revenue", "won"];
// Leads below which a source's figures say nothing, as in the daily digest.
const FEWEST = 10;

export default function Sources({days, campaign, query, set}) {
  const parts = query.parts === "yes";
  const leads = (row, report) => leadsOf(report.period, {campaign_id: campaign, ...row.ids});
  const first = {
    title: parts ? t.reports.sources.part : t.reports.sources.source,
    show: (row, report, noted) => html`<a class="row-link" href=${leads(row, report)}>${called(row)}</a>
      ${row === noted && html` <${Badge} tone="heed">${t.reports.sources.stop}<//>`}`,
  };
  const above = (report, currency, noted) => noted && html`<${Doubt} row=${noted} all=${report.total} currency=${currency}>
    <a href=${leads(noted, report)}>${t.reports.seeLeads}</a><//>`;
  return html`<${ReportPanel} title=${t.reports.sources.title} about=${t.reports.sources.about} path=${parts ? "sub-sources" : "sources"} days=${days}
    more=${{campaign_id: campaign}} columns=${COLUMNS} first=${first} usual="-profit" query=${query} set=${set} note=${worst} above=${above}
    tools=${html`<${Segments} label=${t.reports.sources.by} value=${parts ? "yes" : ""} set=${(value) => set({parts: value})}
      options=${[["", t.reports.sources.bySource], ["yes", t.reports.sources.byPart]]} />`} />`;
}

const called = ({ids, name}) => [name || ids.source_id, ids.sub_source].filter(Boolean).join(" · ");

/** The row that loses most; where no money is known, the largest of which nothing converted although others do. */
function worst({rows, total}, currency) {
  const telling = rows.filter((row) => row.figures.received >= FEWEST);
  const most = (some, figure) => some.reduce((found, row) => (!found || figure(row) > figure(found) ? row : found), null);
  if (currency) return most(telling.filter((row) => row.figures.money[currency]?.profit_cents < 0), (row) => -row.figures.money[currency].profit_cents);
  return total.converted ? most(telling.filter((row) => !row.figures.converted), (row) => row.figures.received) : null;
}

/** Why somebody should think of stopping it. */
function Doubt({row, all, currency, children}) {
  const {received, conversion, return_rate: back, money: {[currency]: cents}} = row.figures;
  const given = {
    name: called(row), leads: count(received, "lead"), rate: percent(conversion ?? 0), all: percent(all.conversion ?? 0),
    lost: cents && money(-cents.profit_cents, currency), cost: cents && money(cents.cost_per_lead_cents ?? 0, currency),
    back: back ? fill(t.reports.sources.back, {rate: percent(back)}) : "",
  };
  return html`<div class="panel-body"><div class="notice heed"><${Icon} name="alert" /><div><strong>${t.reports.sources.stop}</strong>${" "}
    ${fill(cents ? t.reports.sources.loses : t.reports.sources.nothing, given)} ${children}</div></div></div>`;
}
