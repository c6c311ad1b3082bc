// Screen Sources and campaigns: what leads are for, and where they come from.

import {useState} from "preact/hooks";
import {all, get} from "./api.js";
import {Begin} from "./begin.js";
import Campaign, {NewCampaign} from "./campaign.js";
import {html} from "./html.js";
import {useLoad, useTitle} from "./hooks.js";
import {Integrations} from "./integrations.js";
import {go, to} from "./route.js";
import {Source} from "./source.js";
import {NewSource} from "./new_source.js";
import {kindOf} from "./source_kinds.js";
import {titleOf} from "./stage_words.js";
import {count, fill, t} from "./texts.js";
import {Badge, Button, Empty, Field, Loaded, Panel, ScreenHead, Segments} from "./ui.js";

const SLOW_MS = 30_000;
const SHOWN = 20;

export default function Sources({parts: [kind, id, tab], query}) {
  if (kind === "campaign") return html`<${Campaign} id=${id} adds=${query.add === "question"} />`;
  if (kind === "source") return html`<${Source} id=${id} tab=${tab} />`;
  if (kind === "new-source") return html`<${NewSource} kind=${id} query=${query} />`;
  if (kind === "new-campaign") return html`<${NewCampaign} />`;
  return html`<${Frame} tab=${kind === "integrations" ? kind : ""} />`;
}

/** The list, or the other systems that hear of leads. */
function Frame({tab}) {
  useTitle(t.screens.sources);
  return html`<${ScreenHead} title=${t.screens.sources} about=${t.sources.about}>
      <${Button} changes icon="plus" onClick=${() => go(["sources", "new-campaign"])}>${t.sources.newCampaign}<//>
      <${Button} tone="main" changes icon="plus" onClick=${() => go(["sources", "new-source"])}>${t.sources.newSource}<//><//>
    <${Segments} label=${t.sources.parts} value=${tab} set=${(one) => go(["sources", ...(one ? [one] : [])])} options=${[["", t.sources.both], ["integrations", t.sources.integrations.all]]} />
    ${tab ? html`<${Integrations} />` : html`<${List} />`}`;
}

const byName = (one, other) => one.name.localeCompare(other.name);

function List() {
  const [wanted, setWanted] = useState("");
  const found = useLoad(async (signal) => {
    const [campaigns, sources] = await Promise.all([all("campaigns", {}, 500, signal), all("sources", {}, 1000, signal)]);
    return {campaigns: campaigns.sort(byName), sources: sources.sort(byName)};
  }, []);
  const today = useLoad((signal) => get("reports/sources", {}, signal), [], {every: SLOW_MS});
  const figures = new Map((today.data?.rows || []).map(({ids, figures: found}) => [ids.source_id, found]));
  return html`<${Loaded} of=${found}>${({campaigns, sources}) => {
    if (!campaigns.length) return html`<div class="panel"><${Empty} icon="funnel" tone="" compact=${false} title=${t.sources.none} action=${html`<${Begin} />`}>${t.sources.noneAbout}<//></div>`;
    const fits = ({name}) => name.toLowerCase().includes(wanted.trim().toLowerCase());
    const shown = campaigns.map((one) => ({...one, sources: sources.filter((source) => source.campaign_id === one.id && (fits(source) || fits(one)))}))
      .filter((one) => fits(one) || one.sources.length);
    return html`${sources.length > 6 && html`<div class="finder"><${Field} type="search" label=${t.sources.find} value=${wanted} autocomplete="off" onInput=${(event) => setWanted(event.target.value)} /></div>`}
      ${shown.map((one) => html`<${OneCampaign} key=${one.id} campaign=${one} figures=${figures} known=${today.data !== null} />`)}
      ${!shown.length && html`<div class="panel"><${Empty} icon="search" tone="" title=${t.sources.notFound} /></div>`}`;
  }}<//>`;
}

function OneCampaign({campaign, figures, known}) {
  const [whole, setWhole] = useState(false);
  const shown = whole ? campaign.sources : campaign.sources.slice(0, SHOWN);
  const hidden = campaign.sources.length - shown.length;
  const came = campaign.sources.reduce((sum, {id}) => sum + (figures.get(id)?.received || 0), 0);
  return html`<${Panel} flush title=${campaign.name} about=${html`${fill(t.sources.campaignAbout, {leads: known ? count(came, "lead") : t.common.nothing})}<a href=${to(["plans", campaign.plan_id])}>${fill(t.sources.campaignPlan, {plan: titleOf(campaign.plan_id)})}</a>`}
      actions=${html`<a class="button small" href=${to(["sources", "campaign", campaign.id])}>${t.sources.openCampaign}</a>
        <${Button} small changes icon="plus" title=${fill(t.sources.addTo, {name: campaign.name})} onClick=${() => go(["sources", "new-source"], {campaign: campaign.id})} />`}>
    ${campaign.sources.length ? html`<ul class="rows">${shown.map((source) => html`<${OneSource} key=${source.id} source=${source} campaign=${campaign} figures=${figures.get(source.id)} known=${known} />`)}</ul>`
      : html`<${Empty} icon="funnel" tone="" title=${t.sources.noSource}>${t.sources.noSourceAbout}<//>`}
    ${hidden > 0 && html`<div class="panel-body"><${Button} small tone="plain" onClick=${() => setWhole(true)}>${fill(t.trace.more, {number: hidden})}<//></div>`}<//>`;
}

function OneSource({source, campaign, figures, known}) {
  const cost = source.cost_cents ? fill(t.sources.costs, {amount: (source.cost_cents / 100).toFixed(2), currency: campaign.currency}) : "";
  return html`<li class="row source-row"><div class="grow"><a class="row-link" href=${to(["sources", "source", source.id])}>${source.name}</a>
      <div class="small quiet">${[kindOf(source), cost].filter(Boolean).join(" · ")}</div></div>
    <a class="came" href=${to(["leads"], {source_id: source.id})}><strong class="number">${known ? figures?.received ?? 0 : t.common.nothing}</strong> <span class="small quiet">${t.sources.today}</span></a>
    <${Badge} tone=${source.active ? "good" : "heed"}>${source.active ? t.sources.on : t.sources.off}<//></li>`;
}
