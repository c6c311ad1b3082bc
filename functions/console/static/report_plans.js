// Reports, plans: the versions of each plan side by side, with what can be told of them apart from chance; and their stages.

import {useState} from "preact/hooks";
import {html} from "./html.js";
import {planName} from "./names.js";
import {currencyOf, Figure, leadsOf, None, percent} from "./report_figures.js";
import {Export, ReportPanel, useReport} from "./report_table.js";
import {fill, t} from "./texts.js";
import {Badge, Button, Empty, Field, Loaded, Panel} from "./ui.js";

const FIGURES = ["received", "qualify_rate", "place_rate", "contact_rate", "conversion", "response_p50_ms", "profit", "profit_per_lead"];
const STAGES = ["offers", "accepted", "accept_rate", "conversion", "return_rate", "response_p50_ms"];
const TONES = {better: "good", worse: "bad"};
const BESIDE = 5;

export default function Plans({days, query, set, names}) {
  const plans = [...new Set(names.campaigns.map((one) => one.plan_id))].sort();
  const called = (planId) => fill(t.reports.plans.plan, {plan: planName(planId, names)});
  const stage = {title: t.reports.plans.stage, show: ({ids: {plan_id: plan, version, stage: at}, name}, report) => html`
    <strong>${name || fill(t.reports.plans.stageNo, {number: at + 1})}</strong><div class="small"><a class="quiet"
      href=${leadsOf(report.period, {plan_id: plan, version})}>${fill(t.reports.plans.stageOf, {plan: called(plan), version})}</a></div>`};
  const asked = {...days, plan_id: query.plan_id, limit: 1000};
  const found = useReport("plan-versions", asked);
  return html`${plans.length > 1 && html`<div class="line tools"><${Field} label=${t.reports.plans.which} value=${query.plan_id || ""}
      onChange=${(event) => set({plan_id: event.target.value})} options=${[["", t.reports.plans.all], ...plans.map((one) => [one, called(one)])]} /></div>`}
    <${Loaded} of=${found}>${(report) => {
      const ids = [...new Set(report.rows.map((row) => row.ids.plan_id))];
      const rows = (planId) => report.rows.filter((row) => row.ids.plan_id === planId);
      return ids.length ? ids.map((planId) => html`<${Versions} key=${planId} title=${called(planId)} report=${report} asked=${{...asked, plan_id: planId}}
          rows=${rows(planId)} query=${query} />`)
        : html`<${Panel} title=${t.reports.plans.title}><${Empty} tone="" icon="chart" title=${t.reports.none}>${t.reports.noneAbout}<//><//>`;
    }}<//>
    <${ReportPanel} title=${t.reports.plans.stages} about=${t.reports.plans.stagesAbout} path="stages" days=${days} more=${{plan_id: query.plan_id}}
      columns=${STAGES} query=${query} set=${set} usual="-offers" first=${stage} />`;
}

function Versions({title, report, asked, rows, query}) {
  const [all, setAll] = useState(false);
  const newest = [...rows].reverse(), shown = all ? newest : newest.slice(0, BESIDE);
  const currency = currencyOf({...report, rows}, query.currency);
  const names = FIGURES.filter((name) => currency || !name.startsWith("profit"));
  const line = (name, cell) => html`<tr><th scope="row">${t.reports.columns[name]?.[0] || name}</th>
    ${shown.map((row) => html`<td class="right number">${cell(row)}</td>`)}</tr>`;
  return html`<${Panel} title=${title} about=${t.reports.plans.about} flush actions=${html`<${Export} path="plan-versions" asked=${asked} title=${title} />`}>
    <div class="table-box" tabindex="0" role="group" aria-label=${title}><table class="table figures versions">
      <thead><tr><td></td>${shown.map((row) => html`<th scope="col" class="right">
        <a href=${leadsOf(report.period, row.ids)}>${fill(t.reports.plans.version, {version: row.ids.version})}</a></th>`)}</tr></thead>
      <tbody>${names.map((name) => line(name, (row) => html`<${Figure} name=${name} figures=${row.figures} currency=${currency} row=${row} />`))}
        ${line(t.reports.plans.surely, ({certainty}) => html`<${Interval} ...${certainty} />`)}
        ${line(t.reports.plans.verdict, ({certainty}) => html`<${Verdict} ...${certainty} />`)}</tbody></table></div>
    ${rows.length > shown.length && html`<div class="panel-body">
      <${Button} small onClick=${() => setAll(true)}>${fill(t.reports.plans.older, {number: rows.length - shown.length})}<//></div>`}<//>`;
}

/** Between which shares the true one lies, as a bar from one to the other. */
function Interval({conversion_from: low, conversion_to: high}) {
  if (low === null) return html`<${None} />`;
  return html`<div class="share"><span>${fill(t.reports.plans.between, {low: percent(low), high: percent(high)})}</span>
    <span class="share-bar" aria-hidden="true"><i style=${{marginLeft: `${low * 100}%`, width: `${Math.max(high - low, 0.01) * 100}%`}}></i></span></div>`;
}

function Verdict({verdict, against, difference}) {
  if (!verdict) return html`<span class="quiet">${t.reports.plans.first}</span>`;
  return html`<div class="verdict"><${Badge} tone=${TONES[verdict]}>${t.reports.verdicts[verdict]}<//>
    ${difference !== null && html`<div class="small quiet">${fill(t.reports.plans.against[difference > 0 ? "more" : difference < 0 ? "less" : "same"],
      {version: against, by: (Math.abs(difference) * 100).toLocaleString("en", {maximumFractionDigits: 1})})}</div>`}</div>`;
}
