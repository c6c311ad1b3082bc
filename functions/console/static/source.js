// One source: how leads come in, its settings, and files of leads.

import {useState} from "preact/hooks";
import {all, get, request} from "./api.js";
import {html} from "./html.js";
import {useLoad, useTitle} from "./hooks.js";
import {LeadFile} from "./lead_file.js";
import {go, to} from "./route.js";
import {ApiGuide} from "./source_api.js";
import {FormSnippet} from "./source_form.js";
import {Hook} from "./source_hooks.js";
import {Keys} from "./source_keys.js";
import {kindOf, waysOf} from "./source_kinds.js";
import {SourceSettings} from "./source_settings.js";
import {TestLead} from "./source_test.js";
import {t} from "./texts.js";
import {Badge, Button, Loaded, ScreenHead, Segments} from "./ui.js";

const TABS = ["connect", "settings", "file"];

export function Source({id, tab = "connect"}) {
  useTitle(t.screens.sources);
  const [testing, setTesting] = useState(false);
  const read = useLoad(async (signal) => {
    const {data: source, etag} = await request("GET", `sources/${id}`, {signal});
    const [campaign, campaigns] = await Promise.all([get(`campaigns/${source.campaign_id}`, {}, signal), all("campaigns", {}, 500, signal)]);
    return {source, etag, campaign, campaigns};
  }, [id]);
  const secrets = useLoad((signal) => get(`sources/${id}/secrets`, {}, signal), [id]);
  const stored = secrets.data ? secrets.data.stored : null;
  const again = () => { read.reload(); secrets.reload(); };
  return html`<a class="back" href=${to(["sources"])}>← ${t.screens.sources}</a>
    <${Loaded} of=${read}>${({source, etag, campaign, campaigns}) => html`
      <${ScreenHead} title=${source.name} about=${html`<${Badge} tone=${source.active ? "good" : "heed"}>${source.active ? t.sources.on : t.sources.off}<//>
          ${" "}${kindOf(source)} · <a href=${to(["sources", "campaign", campaign.id])}>${campaign.name}</a>`}>
        <${Button} tone="main" icon="play" changes disabled=${!source.active} title=${source.active ? undefined : t.sources.test.off} onClick=${() => setTesting(true)}>${t.sources.test.title}<//><//>
      <${Segments} label=${t.sources.parts} value=${tab} set=${(one) => go(["sources", "source", id, one])} options=${TABS.map((one) => [one, t.sources.tabs[one]])} />
      ${tab === "settings" ? html`<${SourceSettings} read=${{data: source, etag}} campaigns=${campaigns} saved=${again} />`
        : tab === "file" ? html`<${LeadFile} source=${source} />`
        : html`<${Connect} read=${{data: source, etag}} campaign=${campaign} stored=${stored} after=${again} />`}
      ${testing && html`<${TestLead} source=${source} campaign=${campaign} close=${() => setTesting(false)} />`}`}<//>`;
}

/** Everything that is needed to have leads come in, way by way. */
function Connect({read, campaign, stored, after}) {
  const source = read.data;
  const ways = waysOf(source);
  const needsKey = !ways.includes("api") && source.hooks?.generic;
  return html`${needsKey && html`<div class="notice heed"><div>${t.sources.keys.needed}</div></div>`}
    ${ways.map((way) => (way === "form" ? html`<${FormSnippet} key=${way} read=${read} campaign=${campaign} saved=${after} />`
      : way === "api" ? html`<${ApiGuide} key=${way} source=${source} campaign=${campaign} />`
      : html`<${Hook} key=${way} source=${source} way=${way} stored=${stored} after=${after} />`))}
    ${ways.includes("form") ? html`<details><summary>${t.sources.keys.instead}</summary><${Keys} source=${source} stored=${stored} after=${after} /></details>`
      : html`<${Keys} source=${source} stored=${stored} after=${after} />`}`;
}
