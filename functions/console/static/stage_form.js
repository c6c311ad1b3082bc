// A stage as a form: which leads, who gets them, how it chooses among those, and how it offers.

import {useState} from "preact/hooks";
import {request} from "./api.js";
import {ConditionEditor} from "./conditions.js";
import {wrongAt} from "./findings.js";
import {html} from "./html.js";
import {Icon} from "./icons.js";
import {AuctionForm, DeliveryForm} from "./stage_terms.js";
import {MODELS} from "./stage_words.js";
import {membersInWords, PoolDialog, poolOfOne} from "./pool.js";
import {fill, t} from "./texts.js";
import {DurationField, NumberField} from "./typed.js";
import {Action, Button, Dialog, Field} from "./ui.js";

export function StageForm({draft, scene, at, poolSaved}) {
  const stage = draft.doc.stages[at], place = `stages[${at}]`, {form} = t.plans;
  const set = (name, value) => draft.set(`${place}.${name}`, value);
  const wrong = (name) => wrongAt(draft, `${place}.${name}`, scene);
  const bids = stage.model === "ping_post";
  const pool = scene.pools.get(stage.pool_id);
  const sells = bids || pool?.members.some((one) => scene.names.recipients.find(({id}) => id === one.recipient_id)?.type === "buyer");
  return html`<div class="stage-form">
    <${Field} label=${form.name} value=${stage.name} maxlength="100" wrong=${wrong("name")} data-do="name" onInput=${(event) => set("name", event.target.value)} />
    <section><h4>${form.leads}</h4><${ConditionEditor} value=${stage.when} set=${(when) => set("when", when)} fields=${scene.fields} label=${form.leads} none=${t.plans.everyLead}
      wrong=${(inner) => wrong(`when${inner && `.${inner}`}`)} /></section>
    <section><h4>${form.who}</h4><${PoolChoice} stage=${stage} scene=${scene} set=${set} wrong=${wrong("pool_id")} poolSaved=${poolSaved} /></section>
    <section><h4>${form.model}</h4><${ModelChoice} stage=${stage} at=${at} pool=${pool} set=${set} /></section>
    <section><h4>${bids ? form.auction : form.offer}</h4>${bids ? html`<${AuctionForm} auction=${stage.auction} currency=${scene.currency} wrong=${(name) => wrong(`auction.${name}`)} set=${(name, value) => set(`auction.${name}`, value)} />`
      : html`<${Offering} stage=${stage} at=${at} set=${set} />`}
      <div class="fields">${!bids && !stage.auto_accept && html`<${DurationField} label=${form.acceptWithin} value=${stage.accept_within_s} set=${(value) => set("accept_within_s", value)} wrong=${wrong("accept_within_s")} />`}
      <${NumberField} label=${form.maxOffers} hint=${form.maxOffersHint} min="1" max="100" step="1" value=${stage.max_offers} set=${(value) => set("max_offers", value)} wrong=${wrong("max_offers")} /></div>
      ${sells && html`<${DeliveryForm} delivery=${stage.delivery} set=${(name, value) => set(`delivery.${name}`, value)} wrong=${(name) => wrong(`delivery.${name}`)} />`}</section></div>`;
}

/** The pool, with who is in it; another one, a new one made here, or one person alone. */
function PoolChoice({stage, scene, set, wrong, poolSaved}) {
  const [open, setOpen] = useState(null);
  const pool = scene.pools.get(stage.pool_id), {form} = t.plans;
  const options = [...scene.pools.values()].sort((a, b) => a.name.localeCompare(b.name)).map((one) => [one.id, one.name]);
  const saved = (stored) => { poolSaved(stored); set("pool_id", stored.id); setOpen(null); };
  return html`<div class="pool-choice"><${Field} label=${form.pool} wrong=${stage.pool_id && wrong} hint=${stage.pool_id ? null : form.poolHint} value=${stage.pool_id} onChange=${(event) => set("pool_id", event.target.value)}
      options=${[...(pool ? [] : [[stage.pool_id, stage.pool_id ? fill(t.plans.poolGone, {pool: stage.pool_id}) : form.choosePool]]), ...options]} />
    <div class="line">${pool && html`<${Button} small changes icon="people" onClick=${() => setOpen({poolId: pool.id})}>${form.changePool}<//>`}
      <${Button} small changes icon="plus" onClick=${() => setOpen({name: stage.name})}>${form.newPool}<//>
      <${Button} small changes icon="person" onClick=${() => setOpen({one: true})}>${form.onePerson}<//></div>
    ${pool && html`<p class="small quiet">${membersInWords(pool, scene.names, stage.model === "waterfall" ? "priority" : "weight", 20)}</p>`}</div>
    ${open?.one ? html`<${OnePerson} scene=${scene} close=${() => setOpen(null)} saved=${saved} />`
      : open && html`<${PoolDialog} ...${open} names=${scene.names} close=${() => setOpen(null)} saved=${saved} />`}`;
}

/** One person instead of a pool: theirs alone is found, or made. */
function OnePerson({scene, close, saved}) {
  const those = scene.names.recipients, {one} = t.plans.form;
  const [who, setWho] = useState(those[0]?.id || "");
  const use = async () => {
    const pools = [...scene.pools.values()], pool = poolOfOne(those.find(({id}) => id === who), pools);
    saved(pools.includes(pool) ? pool : (await request("PUT", `pools/${pool.id}`, {body: pool, etag: "new"})).data);
    return fill(one.done, {name: scene.names.of(who)});
  };
  return html`<${Dialog} title=${one.title} close=${close} actions=${html`<${Button} onClick=${close}>${t.common.cancel}<//>
      <${Action} tone="main" disabled=${!who} work=${use}>${one.do}<//>`}>
    <${Field} label=${one.who} hint=${one.hint} value=${who} onChange=${(event) => setWho(event.target.value)} options=${those.map(({id, name}) => [id, name])} /><//>`;
}

/** The models, each with what it does in a sentence. */
function ModelChoice({stage, at, pool, set}) {
  const heed = pool && hintOf(stage.model, pool.members);
  return html`<div class="alternatives" role="radiogroup" aria-label=${t.plans.form.model}>${MODELS.map((model) => html`<label class="alternative" key=${model}>
      <input type="radio" name=${`model-${at}`} checked=${stage.model === model} onChange=${() => set("model", model)} /><span><strong>${t.plans.models[model].name}</strong><span class="small quiet">${t.plans.models[model].about}</span></span></label>`)}</div>
    ${heed && html`<p class="small notice heed"><${Icon} name="alert" size=${16} /><span>${heed}</span></p>`}`;
}

/** What may not be meant so: weights that nothing goes by, or a model that finds no weights. */
function hintOf(model, members) {
  const {form: {even, unused}} = t.plans, differ = (name) => new Set(members.map((one) => one[name])).size > 1;
  if (members.length < 2) return null;
  if (model === "weighted") return differ("weight") ? null : even.weighted;
  if (model === "waterfall") return differ("priority") ? null : even.waterfall;
  return model === "round_robin" && differ("weight") ? unused : null;
}

function Offering({stage, at, set}) {
  const {form} = t.plans;
  const choice = (value, words) => html`<label class="alternative"><input type="radio" name=${`offer-${at}`} checked=${stage.auto_accept === value} onChange=${() => set("auto_accept", value)} />
    <span><strong>${words.name}</strong><span class="small quiet">${words.about}</span></span></label>`;
  return html`<div class="alternatives" role="radiogroup" aria-label=${form.offer}>${choice(false, form.ask)}${choice(true, form.assign)}</div>`;
}
