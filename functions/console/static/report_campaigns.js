// Reports, campaigns: what became of each one's leads; and whether the score says anything.

import {html} from "./html.js";
import {leadsOf} from "./report_figures.js";
import {ReportPanel} from "./report_table.js";
import {t} from "./texts.js";

const COLUMNS = ["received", "qualify_rate", "place_rate", "contact_rate", "conversion", "unassigned", "response_p50_ms", "revenue", "profit"];
const BANDS = ["received", "qualify_rate", "place_rate", "contact_rate", "conversion", "response_p50_ms", "profit_per_lead"];

export default function Campaigns({days, query, set}) {
  const shared = {days, query, set};
  const name = (row, report) => html`<a class="row-link" href=${leadsOf(report.period, {campaign_id: row.ids.campaign_id})}>${row.name || row.ids.campaign_id}</a>`;
  const band = ({ids}, report) => html`<a class="row-link" href=${leadsOf(report.period, ids)}>${t.reports.bands[ids.band] || ids.band}</a>`;
  return html`<${ReportPanel} ...${shared} title=${t.reports.campaigns.title} about=${t.reports.campaigns.about} path="campaigns" columns=${COLUMNS} usual="-received"
      first=${{title: t.leads.campaign, show: name}} />
    <${ReportPanel} ...${shared} title=${t.reports.campaigns.bands} about=${t.reports.campaigns.bandsAbout} path="bands" columns=${BANDS} usual="-conversion"
      none=${t.reports.campaigns.noBands} first=${{title: t.reports.campaigns.band, show: band}} />`;
}
