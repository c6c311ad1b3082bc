// Screen Reports: what became of leads. Which report, of which days and of which leads is all in the address, so that a
// link shows the same.

import {html} from "./html.js";
import {useLoad, useTitle} from "./hooks.js";
import {useNames} from "./names.js";
import {asked, house, inDays, known, RANGES} from "./range.js";
import Campaigns from "./report_campaigns.js";
import Funnel from "./report_funnel.js";
import Overview from "./report_overview.js";
import Plans from "./report_plans.js";
import Reps from "./report_reps.js";
import Service from "./report_service.js";
import Sources from "./report_sources.js";
import {go, route, to} from "./route.js";
import {fill, t} from "./texts.js";
import {Empty, Field, Loaded, ScreenHead} from "./ui.js";
import {MINE, placeOf} from "./zones.js";

const VIEWS = {overview: Overview, funnel: Funnel, sources: Sources, reps: Reps, campaigns: Campaigns, plans: Plans, service: Service};
// Those that the API gives of all campaigns together; that show the days before unless somebody says otherwise; that never do.
const OF_ALL = new Set(["campaigns", "plans"]), BESIDE = new Set(["overview", "funnel"]), ALONE = new Set(["plans"]);
// What every report is asked with; whatever else is in the address belongs to one of them.
const SHARED = "range from to zone campaign_id compare currency".split(" ");

export default function Reports({parts: [view = "overview"], query}) {
  useTitle([t.reports.views[view], t.screens.reports].filter(Boolean).join(" · "));
  const names = useNames();
  const ours = useLoad(house);
  const View = VIEWS[view];
  const compare = ALONE.has(view) ? "none" : query.compare || (BESIDE.has(view) ? "previous" : "none");
  // Of the address as it is then: somebody may have changed something else meanwhile.
  const set = (changes) => {
    const now = route().query;
    go(["reports", view], {...now, zone: known(now.zone), ...changes}, {replace: true});
  };
  const shared = Object.fromEntries(SHARED.filter((name) => name in query).map((name) => [name, query[name]]));
  return html`<${ScreenHead} title=${t.screens.reports} about=${t.reports.title} />
    <nav class="views" aria-label=${t.reports.views.label}>${Object.keys(VIEWS).map((one) => html`
      <a href=${to(["reports", one], shared)} aria-current=${one === view ? "page" : undefined} ref=${one === view ? inSight : null}>${t.reports.views[one]}</a>`)}</nav>
    ${!View ? html`<${Empty} tone="" icon="search" title=${t.frame.notThere.title}>${t.frame.notThere.text}<//>`
    : html`<${Loaded} of=${ours}>${(zone) => {
      const {from, to: until, zone: its, why, group, wanted} = asked(query, zone);
      const days = {from, to: until, zone: its};
      return html`<div class="stack"><${Choices} view=${view} query=${query} compare=${compare} days=${days} ours=${zone} names=${names} set=${set} />
        <p class="small quiet" role="status">${inDays(days)} ${why && fill(t.reports.houseDays[why], {place: placeOf(wanted)})}</p></div>
        <${View} key=${JSON.stringify([days, compare, query.campaign_id])} days=${days} group=${group} campaign=${OF_ALL.has(view) ? "" : query.campaign_id || ""} names=${names} set=${set}
          query=${{...query, compare}} />`;
    }}<//>`}`;
}

const whose = (zone, ours) => fill(zone === MINE ? t.reports.zoneMine : zone === ours ? t.reports.zoneHouse : "{place}", {place: placeOf(zone)});

/** On a phone not all views fit beside each other: the one that is open is in sight. */
const inSight = (link) => link?.scrollIntoView({block: "nearest", inline: "center"});

function Choices({view, query, compare, days, ours, names, set}) {
  const chosen = known(query.zone);
  const zones = [...new Set([MINE, ours, chosen])];
  const on = (name) => (event) => set({[name]: event.target.value});
  // Whoever turns to days of their own begins with those that are shown.
  const range = (event) => set(event.target.value === "own" ? {range: "own", from: days.from, to: days.to} : {range: event.target.value, from: "", to: ""});
  return html`<div class="filters" role="group" aria-label=${t.reports.choices}>
    <${Field} label=${t.reports.range} value=${query.range || "7"} onChange=${range} options=${RANGES.map((one) => [one, t.reports.ranges[one]])} />
    ${query.range === "own" && html`<${Field} label=${t.reports.from} type="date" required value=${days.from} max=${days.to} onChange=${(event) => set({from: event.target.value})} />
      <${Field} label=${t.reports.to} type="date" required value=${days.to} min=${days.from} onChange=${(event) => set({to: event.target.value})} />`}
    ${!OF_ALL.has(view) && html`<${Field} label=${t.leads.campaign} value=${query.campaign_id || ""} onChange=${on("campaign_id")}
      options=${[["", t.reports.allCampaigns], ...names.campaigns.map((one) => [one.id, one.name])]} />`}
    ${!ALONE.has(view) && html`<${Field} label=${t.reports.compare} value=${compare} onChange=${on("compare")} options=${Object.entries(t.reports.compares)} />`}
    ${zones.length > 1 && html`<${Field} label=${t.reports.zone} value=${chosen} onChange=${on("zone")} options=${zones.map((one) => [one, whose(one, ours)])} />`}
  </div>`;
}
