// The settings of a source as a form, for a new one and for one that is there.

import {useState} from "preact/hooks";
import {request} from "./api.js";
import {At, Editable, SaveBar, useForm} from "./form.js";
import {ListAt, MoneyAt, NameAt, SecondsAt} from "./form_parts.js";
import {html} from "./html.js";
import {forgetNames} from "./names.js";
import {go} from "./route.js";
import {SecretField} from "./secrets.js";
import {HOOKS} from "./source_kinds.js";
import {fill, t} from "./texts.js";
import {Button, Field, Panel, Sure, Switch} from "./ui.js";

/** A form over a source; `saved` is told once it is stored. */
export function SourceSettings({read, campaigns, saved, about}) {
  const form = useForm({read, path: (doc) => `sources/${doc.id}`, saved: (doc) => { forgetNames(); saved?.(doc); }});
  const {doc} = form, words = t.sources.settings;
  const [going, setGoing] = useState(false);
  const campaign = campaigns.find((one) => one.id === doc.campaign_id);
  const currency = campaign?.currency || "";
  return html`<div class="stack"><${Editable}>
    <${Panel} title=${words.basics} about=${about}><div class="fields">
      <${NameAt} form=${form} label=${words.name} hint=${words.nameHint} />
      <${At} form=${form} place="campaign_id" label=${words.campaign} hint=${words.campaignHint} options=${[...(campaign ? [] : [["", words.choose]]), ...campaigns.map((one) => [one.id, one.name])]} />
      <${At} form=${form} place="active" check label=${words.active} hint=${words.activeHint} /></div><//>
    <${Panel} title=${words.money} about=${words.moneyAbout}><div class="fields">
      <${MoneyAt} form=${form} place="cost_cents" empty=${0} currency=${currency} label=${words.cost} hint=${words.costHint} />
      <${MoneyAt} form=${form} place="payout.fixed_cents" empty=${0} currency=${currency} label=${words.fixed} hint=${words.fixedHint} />
      <${At} form=${form} place="payout.share_percent" type="number" min="0" max="100" step="any" empty=${0} label=${words.share} hint=${words.shareHint} /></div>
      ${form.wrong("payout") && html`<p class="wrong small">${form.wrong("payout")}</p>`}
      <details><summary>${words.limits}</summary><div class="fields">
        <${At} form=${form} place="limits.per_day" type="number" min="0" label=${words.perDay} hint=${words.perDayHint} />
        <${MoneyAt} form=${form} place="limits.budget_cents" currency=${currency} label=${words.budget} hint=${words.budgetHint} />
        <${MoneyAt} form=${form} place="limits.min_price_cents" empty=${0} currency=${currency} label=${words.minPrice} hint=${words.minPriceHint} />
        <${At} form=${form} place="limits.max_return_percent" type="number" min="0" max="100" step="any" label=${words.returns} hint=${words.returnsHint} /></div></details><//>
    <${Panel} title=${words.safety} about=${words.safetyAbout}><div class="fields">
      <${ListAt} form=${form} place="allowed_origins" area label=${words.origins} hint=${words.originsHint} />
      <${At} form=${form} place="honeypot_field" label=${words.honeypot} hint=${words.honeypotHint} />
      <${SecondsAt} form=${form} place="spam.min_fill_ms" empty=${0} max="60" label=${words.fast} hint=${words.fastHint} />
      <${At} form=${form} place="spam.per_address_per_hour" type="number" min="1" label=${words.perAddress} hint=${words.perAddressHint} />
      <${At} form=${form} place="spam.per_person_per_day" type="number" min="1" label=${words.perPerson} hint=${words.perPersonHint} />
      <${At} form=${{...form, set: (_, kind) => form.set("spam.challenge", kind ? {secret: "challenge", ...(doc.spam?.challenge || read.data.spam?.challenge), kind} : null)}} place="spam.challenge.kind" label=${words.challenge} hint=${words.challengeHint}
        options=${[["", t.common.nothing], ...Object.entries(words.challenges)]} /></div>
      ${doc.spam?.challenge && (read.data.spam?.challenge ? html`<${SecretField} path=${`sources/${doc.id}`} name=${doc.spam.challenge.secret} label=${words.challengeSecret} />`
        : html`<p class="small quiet">${words.challengeLater}</p>`)}<//>
    <${Panel} title=${words.more}><div class="fields">
      <${At} form=${form} place="score_points" type="number" empty=${0} label=${words.points} hint=${words.pointsHint} />
      <${At} form=${form} place="sub_source_field" empty="utm_campaign" label=${words.sub} hint=${words.subHint} />
      <${At} form=${form} place="test" check label=${words.test} hint=${words.testHint} /></div>
      <details><summary>${words.ways}</summary><p class="small quiet">${words.waysAbout}</p>${Object.keys(HOOKS).map((way) => html`
        <${Switch} key=${way} label=${t.sources.ways[way]} on=${Boolean(doc.hooks?.[way])} wrong=${form.wrong(`hooks.${way}`)}
          set=${(on) => form.set(`hooks.${way}`, on ? HOOKS[way].start : null)} />`)}</details>
      ${doc.hooks?.meta && html`<${ListAt} form=${form} place="hooks.meta.form_ids" label=${words.forms} hint=${words.formsHint} />`}
      ${doc.hooks?.generic && html`<${Names} form=${form} />`}<//><//>
    <${SaveBar} form=${form}>${!form.isNew && html`<${Button} changes tone="grave" icon="bin" onClick=${() => setGoing(true)}>${words.remove}<//>`}<//>
    ${going && html`<${Sure} title=${fill(words.removeSure, {name: doc.name})} doIt=${words.remove} close=${() => setGoing(false)} after=${() => { forgetNames(); form.reset(); go(["sources"]); }}
      work=${async () => { await request("DELETE", `sources/${doc.id}`, {etag: "*"}); return words.removed; }}><p>${words.removeAbout}</p><//>`}</div>`;
}

/** Which of their names is which field of a lead, where another system posts what it likes. */
function Names({form}) {
  const {settings: words} = t.sources;
  const pairs = Object.entries(form.doc.hooks.generic.fields);
  const [adding, setAdding] = useState("");
  const set = (changed) => form.set("hooks.generic.fields", Object.fromEntries(changed));
  return html`<h3 class="above">${words.names}</h3><p class="small quiet">${words.namesAbout}</p>
    <ul class="rows plain-rows">${pairs.map(([path, theirs], number) => html`<li class="row" key=${path}>
      <div class="grow"><${FieldOf} label=${fill(words.theirs, {path})} value=${theirs} wrong=${form.wrong(`hooks.generic.fields.${path}`)} set=${(text) => set(pairs.map((one, at) => (at === number ? [path, text] : one)))} /></div>
      <${Button} small tone="plain" icon="bin" title=${fill(words.leaveOut, {path})} onClick=${() => set(pairs.filter((_, at) => at !== number))} /></li>`)}</ul>
    <div class="line add"><${FieldOf} label=${words.addPath} hint=${words.addPathHint} value=${adding} set=${setAdding} />
      <${Button} icon="plus" disabled=${!/^(contact|attributes|attribution|consent)\.[^.]+$/.test(adding) || pairs.some(([path]) => path === adding)}
        onClick=${() => { set([...pairs, [adding, adding.split(".")[1]]]); setAdding(""); }}>${words.add}<//></div>`;
}

const FieldOf = ({set, ...more}) => html`<${Field} autocomplete="off" onInput=${(event) => set(event.target.value)} ...${more} />`;
