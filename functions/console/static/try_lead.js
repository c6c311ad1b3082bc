// Try a lead: who would get it and why, by the draft or by what is published, before anything is.

import {useEffect, useState} from "preact/hooks";
import {each, get, request} from "./api.js";
import {html} from "./html.js";
import {useLoad} from "./hooks.js";
import {Icon} from "./icons.js";
import {MadeUp, startOf} from "./try_form.js";
import {fill, money, t} from "./texts.js";
import {ago} from "./times.js";
import {Why} from "./trace.js";
import {Button, Empty, Failure, Field, Loaded, Panel, Segments} from "./ui.js";
import {MINE, placeOf} from "./zones.js";

const NEWEST = 20, CAMPAIGNS = 5;

export function TryLead({planId, draft, published, scene}) {
  const sources = scene.names.sources.filter((one) => !scene.campaigns.length || scene.campaigns.some(({id}) => id === one.campaign_id));
  const [by, setBy] = useState(published && !draft.exists ? "published" : "draft");
  const [chosen, setFrom] = useState("");
  const [leadId, setLeadId] = useState("");
  const [form, setForm] = useState(() => startOf(sources[0], scene));
  const [at, setAt] = useState("");
  const [tried, setTried] = useState({});
  const {trying} = t.plans;
  const leads = useLoad((signal) => newest(scene.campaigns, signal));
  const from = chosen || (leads.data?.length === 0 ? "new" : "past");
  useEffect(() => { if (draft.exists) setBy("draft"); }, [draft.exists]);
  // What the draft has become since is not what was tried.
  useEffect(() => setTried((had) => (had.answer && by === "draft" ? {...had, old: true} : had)), [draft.doc]);

  const run = async () => {
    const which = from === "past" ? {lead_id: leadId || leads.data?.[0]?.lead_id} : {source_id: form.sourceId, fields: form.fields};
    const rules = by === "draft" ? {draft: true} : {};
    setTried((had) => ({...had, busy: true}));
    try {
      const {data} = await request("POST", "simulations/lead", {body: {...which, plan_id: planId, ...rules, at: at ? new Date(at).toISOString() : null}});
      setTried({answer: data});
    } catch (error) {
      setTried({error});
    }
  };
  const shown = by !== "draft" || ["saved", "looking"].includes(draft.state);
  const ready = shown && (by !== "draft" || draft.exists) && (from === "past" ? leads.data?.length : form.sourceId);
  return html`<${Panel} title=${trying.title} about=${trying.about}><form class="stack try" onSubmit=${(event) => { event.preventDefault(); run(); }}>
    ${draft.exists && published && html`<${Segments} label=${trying.by} value=${by} set=${setBy} options=${[["draft", trying.draft], ["published", fill(trying.published, {version: published.data.version})]]} />`}
    <${Segments} label=${trying.which} value=${from} set=${setFrom} options=${[["past", trying.past], ["new", trying.new]]} />
    ${from === "past" ? html`<${Loaded} of=${leads}>${(found) => (found.length ? html`<${Field} label=${trying.lead} value=${leadId || found[0].lead_id} onChange=${(event) => setLeadId(event.target.value)}
        options=${found.map((lead) => [lead.lead_id, `${lead.who} · ${scene.names.of(lead.source_id, "sources")} · ${ago(lead.received_at)}`])} />`
      : html`<p class="quiet">${trying.noLeads}</p>`)}<//>`
    : html`<${MadeUp} form=${form} set=${setForm} sources=${sources} scene=${scene} error=${tried.error} />`}
    <${Field} label=${trying.at} hint=${fill(trying.atHint, {city: placeOf(MINE)})} type="datetime-local" value=${at} onInput=${(event) => setAt(event.target.value)} />
    <div><${Button} type="submit" tone=${draft.exists ? "" : "main"} icon="play" busy=${tried.busy} disabled=${!ready} title=${shown ? undefined : trying.first}>${trying.do}<//></div></form>
    <div role="status" class="tried">${tried.error && html`<${Failure} error=${tried.error} />`}
      ${tried.answer && html`${tried.old && html`<div class="notice heed"><${Icon} name="alert" /><div>${trying.old}</div></div>`}<${Outcome} answer=${tried.answer} scene=${scene} />`}</div><//>`;
}

/** The newest leads of the plan's campaigns; of all, where it has none. */
async function newest(campaigns, signal) {
  const ids = campaigns.length ? campaigns.slice(0, CAMPAIGNS).map((one) => one.id) : [null];
  const pages = await each(ids, (id) => get("leads", {campaign_id: id, limit: NEWEST}, signal));
  return pages.flatMap((page) => page.items).sort((a, b) => (a.received_at < b.received_at ? 1 : -1)).slice(0, NEWEST);
}

/** What would happen: the score with its reasons, and the way through the plan. */
function Outcome({answer: {score, decision, auction, trace}, scene}) {
  const {trying} = t.plans, {names, currency} = scene;
  return html`<div class="stack"><div class="line between"><h3>${trying.score}</h3><strong class="number">${score.points}</strong></div>
    ${score.reasons.length > 0 && html`<ul class="reasons small">${score.reasons.map(({reason, points}) => html`<li><span>${reason}</span><strong class="number">${points > 0 ? "+" : ""}${points}</strong></li>`)}</ul>`}
    ${trace ? html`<${Why} trace=${trace} recipientId=${decision?.recipient_id || null} names=${names} open=${auction && trying.auction} imagined />`
      : html`<${Empty} tone="" icon="alert" title=${trying.disqualified}>${trying.disqualifiedAbout}<//>`}
    ${auction && html`<ul class="rows">${auction.buyers.map((one) => html`<li class="row"><span class="grow">${names.of(one.recipient_id)}</span>
      <span class="small quiet">${one.pinged ? trying.pinged : fill(trying.fixed, {price: money(one.price_cents, currency)})}</span></li>`)}</ul>`}
    ${decision?.price_cents > 0 && html`<p class="small quiet">${fill(trying.price, {price: money(decision.price_cents, currency)})}</p>`}</div>`;
}
