// Reports, campaigns: what became of each one's leads; and whether the score says anything.

import {html} from "./html.js";
import {leadsOf} from "./report-figures.js";
import {ReportPanel} from "./report-table.js";
import {t} from "./texts.js";

const COLUMNS = ["received", "qualify_rate", "place_rate", "contact_rate", "conversion", "unassigned", "response_p50_ms", "revenue", "profit"];
const BANDS = ["received", "qualify_rate", "place_rate", "contact_rate", "conversion", "response_p50_ms", "profit_per_lead"];

export default function Campaigns({days, campaign, query, set}) {
  return html`<${ReportPanel} title=${t.reports.campaigns.title} about=${t.reports.campaigns.about} path="campaigns" days=${days} columns=${COLUMNS} usual="-received" query=${query} set=${set}
      first=${{title: t.leads.campaign, show: (row, report) => html`<a class="row-link" href=${leadsOf(report.period, {campaign_id: row.ids.campaign_id})}>${row.name || row.ids.campaign_id}</a>`}} />
    <${ReportPanel} title=${t.reports.campaigns.bands} about=${t.reports.campaigns.bandsAbout} path="bands" days=${days} more=${{campaign_id: campaign}} columns=${BANDS} usual="-conversion" query=${query} set=${set}
      none=${t.reports.campaigns.noBands} first=${{title: t.reports.campaigns.band, show: (row) => t.reports.bands[row.ids.band] || row.ids.band}} />`;
}
