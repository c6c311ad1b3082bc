// Reports, service level: who is reached in time, and who keeps what campaigns promise.

import {useEffect, useState} from "preact/hooks";
import {html} from "./html.js";
import {leadsOf, None, percent} from "./report_figures.js";
import {ReportPanel} from "./report_table.js";
import {to} from "./route.js";
import {count, fill, t} from "./texts.js";
import {Bar, Field, Segments} from "./ui.js";

const REACHED = ["leads", "contact_rate", {name: "in_time_rate", show: ({figures}) => html`<${InTime} rate=${figures.in_time_rate} />`}, "response_p50_ms", "response_p90_ms"];
const PROMISED = ["met_rate", "met", "missed", "waiting"];
const BY = ["campaign", "source", "band", "recipient", "pool"];
const USUAL = 5, MOST = 30 * 24 * 60;
const PAUSE_MS = 400;

export default function Service({days, campaign, query, set, names}) {
  // The rows of one campaign alone are not told apart by campaign.
  const by = BY.includes(query.by) && !(campaign && query.by === "campaign") ? query.by : campaign ? "source" : "campaign";
  const promise = names.campaigns.find((one) => one.id === campaign)?.service_level;
  const usual = promise ? Math.round(promise.contact_within_s / 60) || 1 : USUAL;
  const minutes = Number(query.minutes) || usual;
  const called = (row) => row.name || t.reports.bands[row.ids.band] || Object.values(row.ids)[0];
  const members = (row) => to(["reports", "reps"], {range: query.range, from: query.from, to: query.to, zone: query.zone, pool_id: row.ids.pool_id});
  const columns = by === "recipient" || by === "pool" ? REACHED : [...REACHED, ...PROMISED];
  const first = {title: t.reports.service.by[by], show: (row, report) => html`<a class="row-link"
    href=${by === "pool" ? members(row) : leadsOf(report.period, {campaign_id: campaign, ...row.ids})}>${called(row)}</a>`};
  const sum = ({total}) => total.leads > 0 && html`<p class="panel-body">${fill(t.reports.service.sum, {
      reached: total.in_time.toLocaleString("en"), leads: count(total.leads, "lead"), minutes: count(minutes, "minute"), rate: percent(total.in_time_rate)})}
    ${total.met_rate !== null && ` ${fill(t.reports.service.kept, {rate: percent(total.met_rate)})}`}</p>`;
  return html`<${ReportPanel} title=${t.reports.service.title} path="service-level" days=${days} more=${{campaign_id: campaign, by, minutes}} columns=${columns}
    about=${promise ? fill(t.reports.service.promises, {time: count(usual, "minute")}) : t.reports.service.about} none=${t.reports.service.none}
    query=${query} set=${set} usual="in_time_rate" first=${first} above=${sum}
    tools=${html`<${Segments} label=${t.reports.service.told} value=${by} set=${(value) => set({by: value})}
        options=${BY.filter((one) => !campaign || one !== "campaign").map((one) => [one, t.reports.service.by[one]])} />
      <${Minutes} minutes=${minutes} set=${(value) => set({minutes: value === usual ? "" : value})} />`} />`;
}

function InTime({rate}) {
  return rate === null ? html`<${None} />` : html`<div class="share"><span>${percent(rate)}</span><${Bar} of=${rate} tone=${rate < 0.5 ? "heed" : ""} /></div>`;
}

/** The minutes within which is in time: asked for once somebody has stopped typing. */
function Minutes({minutes, set}) {
  const [typed, setTyped] = useState(String(minutes));
  const number = Math.round(Number(typed)), fits = number >= 1 && number <= MOST;
  useEffect(() => setTyped(String(minutes)), [minutes]);
  useEffect(() => {
    if (!fits || number === minutes) return undefined;
    const timer = setTimeout(() => set(number), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return html`<${Field} label=${t.reports.service.minutes} type="number" inputmode="numeric" min="1" max=${MOST} value=${typed}
    wrong=${fits ? "" : t.reports.service.minutesWrong} onInput=${(event) => setTyped(event.target.value)} />`;
}
