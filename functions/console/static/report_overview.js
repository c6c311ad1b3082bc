// Reports, overview: what came in, what became of it and what it brought, day by day, beside the days before.

import {html} from "./html.js";
import {Chart} from "./chart.js";
import {daysBefore, momentIn} from "./range.js";
import {change, currencyOf, worded, leadsOf, percent, valueOf} from "./report_figures.js";
import {Beside, Currencies, Export, useReport} from "./report_table.js";
import {fill, money, t} from "./texts.js";
import {lasting} from "./times.js";
import {Empty, Loaded, Panel} from "./ui.js";

const COUNTS = [["received", "brand", {bars: true}], ["placed", "good"], ["converted", "heed"]];
const BRIEF = {maximumFractionDigits: 0};
const AMOUNTS = [["revenue", "good"], ["cost", "heed"], ["margin", "brand-text"]];

export default function Overview({days, campaign, group, query, set}) {
  const asked = {...days, campaign_id: campaign, limit: 1};
  const {compare} = query, alone = compare === "none";
  // Asked for apart: what is compared ends with the last full hour, and what came in since is to be seen all the same.
  const found = useReport("sources", {...asked, group});
  const beside = useReport(!alone && "sources", {...asked, compare});
  const before = useReport(beside.data && "sources", {...asked, ...(beside.data && daysBefore(beside.data)), group});
  return html`<${Loaded} of=${found}>${(report) => {
    const currency = currencyOf(report, query.currency), shown = {report, beside: beside.data, campaign, compare};
    const chart = {moments: momentsOf(report, group, campaign)}, inMoney = fill(t.reports.overview.money, {currency});
    return html`${beside.data && html`<${Beside} report=${beside.data} />`}<${Tiles} ...${shown} wanted=${tilesOf(report)} />
      <${Panel} title=${t.reports.overview.leads} about=${t.reports.overview.leadsAbout}
          actions=${html`<${Export} path="sources" asked=${{...days, campaign_id: campaign, group}} title=${t.reports.overview.exported} />`}>
        ${report.total.received || before.data?.total.received ? html`<${Chart} ...${chart} title=${t.reports.overview.leads}
            say=${(value) => value?.toLocaleString("en") ?? t.common.nothing} lines=${[...lines(report, COUNTS), ...ghost(before.data, report, "received")]} />`
          : html`<${Empty} tone="" icon="chart" title=${t.reports.none}>${t.reports.noneAbout}<//>`}<//>
      ${currency && html`<${Currencies} report=${report} currency=${currency} set=${set} />
        <${Tiles} ...${shown} wanted=${AMOUNTS.map(([name]) => [name])} currency=${currency} />
        <${Panel} title=${inMoney} about=${t.reports.overview.moneyAbout}><${Chart} ...${chart} title=${inMoney} lines=${lines(report, AMOUNTS, currency)}
          say=${(value) => (typeof value === "number" ? money(value * 100, currency) : t.common.nothing)} /><//>`}`;
  }}<//>`;
}

function momentsOf(report, group, campaign) {
  const begins = report.total_parts.map((part) => part.begin);
  return begins.map((begin, at) => ({
    ...momentIn(begin, group, report.zone), href: leadsOf({begin, end: begins[at + 1] || report.period.end}, {campaign_id: campaign}),
  }));
}

const lines = (report, wanted, currency) => wanted.map(([name, colour, more]) => ({
  name: t.reports.columns[name][0], colour, ...more,
  values: report.total_parts.map(({begin, figures}) => (isAhead(begin) ? null : currency ? (valueOf(name, figures, currency) ?? 0) / 100 : figures[name])),
}));

const isAhead = (begin) => Date.parse(begin) > Date.now();

/** The same of the days before, as a dashed line, as far as these days go. */
const ghost = (then, report, name) => (then ? [{
  name: fill(t.reports.overview.ghost, {what: t.reports.columns[name][0]}), colour: "text-quiet", dashed: true,
  values: report.total_parts.map((_, at) => then.total_parts[at]?.figures[name] ?? null),
}] : []);

/** Figures of all days together. `wanted`: [name, filters of the leads that it is made of, more words]s. */
function Tiles({wanted, report, beside, currency, campaign, compare}) {
  const {total, period} = report;
  return html`<dl class="tiles">${wanted.map(([name, filters, more]) => {
    const value = valueOf(name, total, currency);
    const words = (currency && value !== undefined ? money(value, currency, BRIEF) : worded(name, value)) ?? t.common.nothing;
    const than = beside && !name.endsWith("_ms") && change(name, beside, currency, t.reports.than[`${compare}${report.from === report.to ? "Day" : ""}`]);
    return html`<div class="tile"><dt>${t.reports.columns[name][0]}</dt>
      <dd class="figure number">${filters ? html`<a class="figure-link" href=${leadsOf(period, {campaign_id: campaign, ...filters})}>${words}</a>` : words}</dd>
      ${[more, than].filter(Boolean).map((text) => html`<dd class="small quiet">${text}</dd>`)}</div>`;
  })}</dl>`;
}

const tilesOf = ({total}) => [
  ["received", {}], ["placed", {step: "placed"}, total.place_rate !== null && fill(t.reports.ofQualified, {rate: percent(total.place_rate)})],
  ["converted", {step: "converted"}, total.conversion !== null && fill(t.reports.ofReceived, {rate: percent(total.conversion)})],
  ["response_p50_ms", null, total.response.p90_ms === null ? t.reports.noneReached : fill(t.reports.nineOfTen, {time: lasting(total.response.p90_ms)})],
];
