// Reports, reps and buyers: who got the share that was promised, who accepts, and how soon people are reached.

import {html} from "./html.js";
import {leadsOf, None, percent} from "./report_figures.js";
import {ReportPanel, useReport} from "./report_table.js";
import {fill, t} from "./texts.js";
import {Badge, Field} from "./ui.js";

const OFFERS = ["accepted", "kept", "offers", "accept_rate", "response_p50_ms", "response_p90_ms", "contact_rate", "conversion", "return_rate"];
const FAIR = ["accepted", "kept", {name: "got", show: ({share}) => html`<${Share} share=${share} />`}, "off_by", ...OFFERS.slice(2)];

export default function Reps({days, campaign, query, set}) {
  const pool = query.pool_id;
  const pools = useReport("pools", {...days, campaign_id: campaign, limit: 1000, sort: "-offers"});
  const options = [["", t.reports.reps.allPools], ...(pools.data?.rows || []).map((row) => [row.ids.pool_id, row.name || row.ids.pool_id])];
  if (pool && !options.some(([id]) => id === pool)) options.push([pool, pool]);
  const name = options.find(([id]) => id === pool)?.[1];
  const who = {title: t.reports.reps.who, show: (row, report) => html`<a class="row-link"
      href=${leadsOf(report.period, {campaign_id: pool ? "" : campaign, recipient_id: row.ids.recipient_id})}>${row.name || row.ids.recipient_id}</a>
    ${row.share?.absent && html` <${Badge}>${t.reports.absent[row.share.absent]}<//>`}`};
  const which = {title: t.reports.reps.pool, show: (row) => html`<button type="button" class="row-link as-link"
    onClick=${() => { set({pool_id: row.ids.pool_id}); scrollTo(0, 0); }}>${row.name || row.ids.pool_id}</button>`};
  const shared = {days, query, set, usual: "-accepted"};
  return html`<${ReportPanel} ...${shared} title=${pool ? fill(t.reports.reps.members, {pool: name}) : t.reports.reps.title}
      about=${pool && campaign ? t.reports.reps.allCampaigns : campaign ? t.reports.reps.ownShares : t.reports.reps.about}
      path=${pool ? "members" : "recipients"} more=${pool ? {pool_id: pool} : {campaign_id: campaign}} first=${who} columns=${FAIR}
      above=${(report) => html`${report.basis && html`<p class="panel-body small quiet">${t.reports.basis[report.basis]}</p>`}
        ${report.rows.length > 0 && report.rows.every(({contact_rate: rate}) => !rate) && html`<p class="panel-body small quiet">${t.reports.reps.noneReached}</p>`}`}
      tools=${html`<${Field} label=${t.reports.reps.pool} value=${pool || ""} onChange=${(event) => set({pool_id: event.target.value})} options=${options} />`} />
    <${ReportPanel} ...${shared} title=${t.reports.reps.pools} about=${t.reports.reps.poolsAbout} path="pools" more=${{campaign_id: campaign}} first=${which} columns=${OFFERS} />`;
}

/** The share that somebody got, as a bar with a mark where the promise is. */
function Share({share}) {
  if (!share || share.got === null) return html`<${None} />`;
  const {got, promised} = share;
  return html`<div class="share"><span>${percent(got)}</span>
    <span class="share-bar" aria-hidden="true"><i style=${{width: `${Math.min(got, 1) * 100}%`}}></i>
      ${promised !== null && html`<b style=${{left: `${promised * 100}%`}}></b>`}</span>
    ${promised !== null && html`<span class="small quiet">${fill(t.reports.reps.promised, {promised: percent(promised)})}</span>`}</div>`;
}
