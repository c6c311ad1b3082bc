// Reports, funnel: how far leads come, and where they are lost.

import {html} from "./html.js";
import {leadsOf, percent} from "./report_figures.js";
import {Beside, Export, useReport} from "./report_table.js";
import {count, fill, t} from "./texts.js";
import {Bar, Empty, Loaded, Panel} from "./ui.js";

// In which states leads are now that came to the step before and not to this one.
const FALLEN = {
  qualified: ["duplicate", "quarantined", "disqualified"], offered: ["scored", "unassigned"], placed: ["offered", "unassigned"],
  contacted: ["assigned", "sold"], converted: ["contacted", "lost"],
};

export default function Funnel({days, campaign, query}) {
  const asked = {...days, campaign_id: campaign}, {compare} = query;
  const found = useReport("funnel", asked);
  const beside = useReport(compare !== "none" && "funnel", {...asked, compare});
  return html`<${Panel} title=${t.reports.funnel.title} about=${t.reports.funnel.about}
    actions=${html`<${Export} path="funnel" asked=${{...asked, compare}} title=${t.reports.funnel.title} />`}>
    <${Loaded} of=${found}>${(report) => {
      const what = t.reports.than[`${compare}${report.from === report.to ? "Day" : ""}`];
      if (!report.steps[0].leads) return html`<${Empty} tone="" icon="chart" title=${t.reports.none}>${t.reports.noneAbout}<//>`;
      return html`${beside.data && html`<${Beside} report=${beside.data} />`}<ol class="funnel">${report.steps.map((step, at) => html`
        <${Step} key=${step.step} step=${step} before=${beside.data?.before?.[at]} what=${what} period=${report.period} campaign=${campaign} />`)}</ol>`;
    }}<//><//>`;
}

function Step({step: {step, leads, of_received: ofAll, of_step_before: ofLast, dropped}, before, what, period, campaign}) {
  const name = t.reports.steps[step], link = (filters) => leadsOf(period, {campaign_id: campaign, ...filters});
  return html`<li><div class="funnel-head"><h3>${name}</h3>
      <a class="figure figure-link number" href=${link({step})}>${leads.toLocaleString("en")}</a></div>
    <${Bar} of=${ofAll ?? 0} label=${fill(t.reports.ofReceived, {rate: percent(ofAll ?? 0)})} />
    <p class="small quiet">${[
      step !== "received" && fill(t.reports.ofReceived, {rate: percent(ofAll ?? 0)}),
      step !== "received" && ofLast !== null && fill(t.reports.funnel.ofLast, {rate: percent(ofLast)}),
      before && step === "received" && fill(t.reports.before, {before: count(before.leads, "lead"), what}),
      before && step !== "received" && before.of_received !== null && fill(t.reports.before, {before: percent(before.of_received), what}),
    ].filter(Boolean).join(" · ")}</p>
    ${step in FALLEN && dropped > 0 && html`<p class="small">${fill(t.reports.funnel.dropped, {number: dropped.toLocaleString("en")})}
      ${FALLEN[step].map((state, at) => html`${at > 0 ? ", " : " "}<a href=${link({state})}>${t.states[state].toLowerCase()}</a>`)}</p>`}</li>`;
}
