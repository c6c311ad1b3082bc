// Reports, sources: what leads cost and brought, and which source to stop.

import {html} from "./html.js";
import {Icon} from "./icons.js";
import {leadsOf, money, percent} from "./report-figures.js";
import {ReportPanel} from "./report-table.js";
import {count, fill, t} from "./texts.js";
import {Badge, Segments} from "./ui.js";

const COLUMNS = ["received", "profit", "profit_per_lead", "cost_per_lead", "conversion", "return_rate", "cost", "revenue", "won"];
// Leads below which a source's figures say nothing, as in the daily digest.
const FEWEST = 10;

export default function Sources({days, campaign, query, set}) {
  const parts = query.parts === "yes";
  const first = {
    title: parts ? t.reports.sources.part : t.reports.sources.source,
    show: (row, report, currency) => html`<a class="row-link" href=${leadsOf(report.period, {campaign_id: campaign, source_id: row.ids.source_id})}>${called(row)}</a>
      ${row === worst(report, currency) && html` <${Badge} tone="heed">${t.reports.sources.stop}<//>`}`,
  };
  return html`<${ReportPanel} key=${parts} title=${t.reports.sources.title} about=${t.reports.sources.about} path=${parts ? "sub-sources" : "sources"} days=${days}
    more=${{campaign_id: campaign}} columns=${COLUMNS} first=${first} usual="-profit" query=${query} set=${set}
    tools=${html`<${Segments} label=${t.reports.sources.by} value=${parts ? "yes" : ""} set=${(value) => set({parts: value})}
      options=${[["", t.reports.sources.bySource], ["yes", t.reports.sources.byPart]]} />`}
    above=${(report, currency) => html`<${Doubt} row=${worst(report, currency)} report=${report} currency=${currency} campaign=${campaign} />`} />`;
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
function Doubt({row, report, currency, campaign}) {
  if (!row) return null;
  const {figures} = row, cents = figures.money[currency];
  const given = {
    name: called(row), leads: count(figures.received, "lead"), rate: percent(figures.conversion ?? 0), all: percent(report.total.conversion ?? 0),
    lost: cents && money(-cents.profit_cents, currency), cost: cents && money(cents.cost_per_lead_cents ?? 0, currency), back: figures.return_rate ? fill(t.reports.sources.back, {rate: percent(figures.return_rate)}) : "",
  };
  return html`<div class="panel-body"><div class="notice heed"><${Icon} name="alert" /><div><strong>${t.reports.sources.stop}</strong> ${fill(cents ? t.reports.sources.loses : t.reports.sources.nothing, given)}
    ${" "}<a href=${leadsOf(report.period, {campaign_id: campaign, source_id: row.ids.source_id})}>${t.reports.seeLeads}</a></div></div></div>`;
}
