// A new source: first what it is, then its name and campaign; what it needs to be connected comes right after.

import {useMemo, useState} from "preact/hooks";
import {all} from "./api.js";
import {firstWords} from "./form_words.js";
import {html} from "./html.js";
import {useLoad, useTitle} from "./hooks.js";
import {Icon} from "./icons.js";
import {go, to} from "./route.js";
import {digestOf, random, ShownOnce} from "./source_keys.js";
import {KINDS} from "./source_kinds.js";
import {SourceSettings} from "./source_settings.js";
import {t} from "./texts.js";
import {Empty, Loaded, ScreenHead} from "./ui.js";

export function NewSource({kind, query}) {
  useTitle(t.screens.sources);
  const chosen = KINDS[kind] ? kind : null;
  return html`<a class="back" href=${to(chosen ? ["sources", "new-source"] : ["sources"], query)}>← ${chosen ? t.sources.fresh.other : t.screens.sources}</a>
    ${chosen ? html`<${Begin} kind=${chosen} campaignId=${query.campaign || ""} />` : html`<${Choice} query=${query} />`}`;
}

const Choice = ({query}) => html`<${ScreenHead} title=${t.sources.newSource} about=${t.sources.fresh.about} />
  <ul class="choices">${Object.entries(KINDS).map(([kind, {icon}]) => html`<li key=${kind}><a class="choice" href=${to(["sources", "new-source", kind], query)}>
    <span class="sign-small brand-sign"><${Icon} name=${icon} /></span><span><strong>${t.sources.kinds[kind].title}</strong><span class="small quiet">${t.sources.kinds[kind].about}</span></span></a></li>`)}</ul>`;

function Begin({kind, campaignId}) {
  const {start, key: needsKey} = KINDS[kind];
  const made = useMemo(() => (needsKey ? random("vk_") : ""), [kind]);
  const read = useLoad(async (signal) => {
    const [campaigns, digest] = await Promise.all([all("campaigns", {}, 500, signal), needsKey ? digestOf(made) : null]);
    const campaign = campaigns.find((one) => one.id === campaignId) || (campaigns.length === 1 ? campaigns[0] : null);
    const blank = {id: "", name: "", campaign_id: campaign?.id || "", active: true, allowed_origins: [], honeypot_field: null, cost_cents: 0,
      score_points: 0, sub_source_field: "utm_campaign", spam: {}, payout: {}, limits: {}, hooks: {}, test: false, form: kind === "form" ? firstWords() : null, api_keys: digest ? [digest] : []};
    return {campaigns, data: {...blank, ...start}};
  }, [kind]);
  const [stored, setStored] = useState(null);
  const on = (id) => go(["sources", "source", id, ...(kind === "file" ? ["file"] : [])]);
  // A key of a source for files is nobody's: it shuts the door.
  const saved = ({id}) => (needsKey && kind !== "file" ? setStored(id) : on(id));
  return html`<${ScreenHead} title=${t.sources.kinds[kind].title} about=${t.sources.kinds[kind].about} />
    <${Loaded} of=${read}>${({campaigns, data}) => (campaigns.length
      ? html`<${SourceSettings} read=${{data, etag: null}} campaigns=${campaigns} saved=${saved} />`
      : html`<div class="panel"><${Empty} icon="funnel" tone="" title=${t.sources.fresh.noCampaign}>${t.sources.fresh.noCampaignAbout} <a href=${to(["sources", "new-campaign"])}>${t.sources.newCampaign}</a><//></div>`)}<//>
    ${stored && html`<${ShownOnce} value=${made} close=${() => on(stored)} />`}`;
}
