// One campaign: what it asks for, how its leads are scored, what becomes of duplicates, and what is promised.

import {useEffect, useState} from "preact/hooks";
import {all, request} from "./api.js";
import {CampaignFields, newlyAsked} from "./campaign_fields.js";
import {CampaignMore} from "./campaign_more.js";
import {CampaignScoring} from "./campaign_scoring.js";
import {CampaignService} from "./campaign_service.js";
import {At, Editable, SaveBar, useForm} from "./form.js";
import {NameAt, PartAt, SomeAt} from "./form_parts.js";
import {html} from "./html.js";
import {useLoad, useTitle} from "./hooks.js";
import {forgetNames} from "./names.js";
import {go, to} from "./route.js";
import {titleOf} from "./snippet.js";
import {titleOf as planTitle} from "./stage_words.js";
import {fill, t} from "./texts.js";
import {Button, Loaded, Panel, ScreenHead, Segments, Sure} from "./ui.js";

const DEDUPE = {by: ["email", "phone"], match: "any", window_days: 30, scope: "campaign", policy: "mark"};
// A new campaign: what the API takes where nothing is said, and people who are known already are marked.
const BLANK = {
  id: "", name: "", plan_id: "", currency: "USD", region: "US", required: [], attributes: {}, fields: {}, pingable: [], dedupe: DEDUPE,
  scoring: {rules: [], groups: {}, bands: {}, qualify_from: null, hold_below: null, learned: {mode: "off"}}, service_level: null, acknowledgement: null,
  consent: {required: false, evidence: [], missing: "refuse"}, disposable: true, honour_do_not_contact: true, quiet_hours: null, retention_days: null,
  vetting: {email_domain: false, certificate: "off", certificate_key: null}, quarantine: {release_when: null, reject_when: null, reject_after_days: null},
  reveal: "at_once", unknown: "keep", sticky: {person: "off", company: "off"},
  returns: {reasons: ["invalid_contact", "duplicate", "wrong_person", "no_consent"], window_days: 7, max_percent: 20, auto_approve: false, resell: true},
};
const TABS = {basics: Basics, scoring: CampaignScoring, duplicates: Duplicates, service: CampaignService, more: CampaignMore};

/** `adds`: whether somebody came to add a question. */
export default function Campaign({id, adds}) {
  const read = useLoad(async (signal) => {
    const [{data, etag}, more] = await Promise.all([request("GET", `campaigns/${id}`, {signal}), around(signal)]);
    return {read: {data, etag}, ...more};
  }, [id]);
  return html`<${Frame}><${Loaded} of=${read}>${(found) => html`<${ScreenHead} title=${found.read.data.name} about=${t.sources.campaign.about}>
      <a class="button" href=${to(["leads"], {campaign_id: id})}>${t.sources.campaign.leads}</a>
      <a class="button" href=${to(["start", id])}>${t.start.proof.link}</a>
      <${Button} changes icon="plus" onClick=${() => go(["sources", "new-source"], {campaign: id})}>${t.sources.newSource}<//><//>
    <${Settings} ...${found} adds=${adds} saved=${read.reload} />`}<//><//>`;
}

export function NewCampaign() {
  const read = useLoad(async (signal) => ({read: {data: BLANK, etag: null}, ...await around(signal)}), []);
  return html`<${Frame}><${ScreenHead} title=${t.sources.newCampaign} about=${t.sources.campaign.freshAbout} />
    <${Loaded} of=${read}>${(found) => html`<${Settings} ...${found} saved=${({id}) => go(["sources", "campaign", id])} />`}<//><//>`;
}

function Frame({children}) {
  useTitle(t.screens.sources);
  return html`<a class="back" href=${to(["sources"])}>← ${t.screens.sources}</a>${children}`;
}

/** What a campaign can refer to. */
async function around(signal) {
  const [plans, recipients] = await Promise.all([all("plans", {}, 500, signal), all("recipients", {}, 1000, signal)]);
  return {plans, reps: recipients.filter((one) => one.type !== "buyer")};
}

function Settings({read, plans, reps, adds, saved}) {
  const [lately, setLately] = useState([]);
  const form = useForm({read, path: (doc) => `campaigns/${doc.id}`, saved: (doc) => { setLately((had) => [...had, ...newlyAsked(read.data, doc)]); forgetNames(); saved?.(doc); }});
  const [tab, setTab] = useState("basics");
  const [going, setGoing] = useState(false);
  useEffect(() => { if (adds) document.querySelector("main .add input")?.focus(); }, []);
  const {doc} = form, Part = TABS[tab];
  return html`<div class="stack"><${Segments} label=${t.sources.parts} value=${tab} set=${setTab} options=${Object.keys(TABS).map((one) => [one, t.sources.campaign.tabs[one]])} />
    <${Editable}><${Part} form=${form} plans=${plans} reps=${reps} stored=${read.data} lately=${lately} /><//>
    <${SaveBar} form=${form}>${!form.isNew && html`<${Button} changes tone="grave" icon="bin" onClick=${() => setGoing(true)}>${t.sources.campaign.remove}<//>`}<//>
    ${going && html`<${Sure} title=${fill(t.sources.settings.removeSure, {name: doc.name})} doIt=${t.sources.campaign.remove} close=${() => setGoing(false)} after=${() => { forgetNames(); form.reset(); go(["sources"]); }}
      work=${async () => { await request("DELETE", `campaigns/${doc.id}`, {etag: "*"}); return t.sources.campaign.removed; }}><p>${t.sources.campaign.removeAbout}</p><//>`}</div>`;
}

function Basics({form, plans, stored, lately}) {
  const {campaign: words} = t.sources, {doc} = form;
  const known = plans.some((one) => one.id === doc.plan_id);
  return html`${!plans.length && html`<div class="notice heed"><div>${words.noPlan} <a href=${to(["plans"])}>${t.screens.plans}</a></div></div>`}
    <${Panel} title=${words.basics}><div class="fields">
      <${NameAt} form=${form} label=${words.name} hint=${words.nameHint} />
      <${At} form=${form} place="plan_id" empty="" label=${words.plan} hint=${known ? html`${words.planHint} <a href=${to(["plans", doc.plan_id])}>${words.openPlan}</a>` : words.planHint} options=${[...(known ? [] : [[doc.plan_id, doc.plan_id ? planTitle(doc.plan_id) : words.choosePlan]]), ...plans.map((one) => [one.id, planTitle(one.id)])]} />
      <${At} form=${form} place="currency" empty="USD" maxlength="3" label=${words.currency} hint=${words.currencyHint} placeholder="USD" />
      <${At} form=${form} place="region" empty="US" maxlength="2" label=${words.region} hint=${words.regionHint} placeholder="US" /></div><//>
    <${CampaignFields} form=${form} stored=${stored} lately=${lately} />`;
}
function Duplicates({form}) {
  const {duplicates: words} = t.sources, dedupe = form.doc.dedupe;
  const own = Object.keys(form.doc.attributes || {}).map((name) => [`attributes.${name}`, titleOf(`attributes.${name}`)]);
  const choices = (name) => Object.entries(words[name]).map(([value, {title}]) => [value, title]);
  const told = (name) => (dedupe ? words[name][dedupe[name]]?.about : "");
  return html`<${Panel} title=${words.title} about=${words.about}>
    <${PartAt} form=${form} place="dedupe" label=${words.on} start=${DEDUPE}>
      <${SomeAt} form=${form} place="dedupe.by" label=${words.by} options=${[["email", t.fields.email], ["phone", t.fields.phone], ...own]} />
      <div class="fields"><${At} form=${form} place="dedupe.match" label=${words.matchLabel} hint=${told("match")} options=${choices("match")} />
        <${At} form=${form} place="dedupe.window_days" type="number" min="1" max="3650" label=${words.days} hint=${words.daysHint} />
        <${At} form=${form} place="dedupe.scope" label=${words.scopeLabel} hint=${told("scope")} options=${choices("scope")} />
        <${At} form=${form} place="dedupe.policy" label=${words.policyLabel} hint=${told("policy")} options=${choices("policy")} /></div><//><//>`;
}
