// A new plan: from a ready-made one, with the pools and the owner of last resort that it needs, or from nothing.

import {useState} from "preact/hooks";
import {all, request} from "./api.js";
import {idOf} from "./form.js";
import {html} from "./html.js";
import {useLoad} from "./hooks.js";
import {useNames} from "./names.js";
import {planOf, templates} from "./plan_templates.js";
import {membersInWords, PoolDialog} from "./pool.js";
import {go} from "./route.js";
import {fill, t} from "./texts.js";
import {Action, Button, Dialog, Field, Loaded} from "./ui.js";

/** The dialog. `taken` are the ids that plans have. */
export function NewPlan({taken, close}) {
  const [chosen, setChosen] = useState(null);
  return html`<${Dialog} wide title=${chosen ? chosen.name : t.plans.add} close=${close}>
    ${chosen ? html`<${Details} template=${chosen} taken=${taken} back=${() => setChosen(null)} />`
    : html`<p>${t.plans.templatesAbout}</p><ul class="templates">${templates().map((one) => html`<li key=${one.id}><button type="button" class="template" onClick=${() => setChosen(one)}>
        <strong>${one.name}</strong><span>${one.about}</span><span class="small quiet">${one.needs}</span></button></li>`)}</ul>`}<//>`;
}

function Details({template, taken, back}) {
  const names = useNames();
  const found = useLoad((signal) => all("pools", {}, 1000, signal));
  return html`<${Loaded} of=${found}>${(pools) => html`<${Form} template=${template} taken=${taken} back=${back} names=${names} pools=${pools} />`}<//>`;
}

function Form({template, taken, back, names, pools: known}) {
  const [pools, setPools] = useState(known);
  const [doc, setDoc] = useState({name: template.id === "empty" ? "" : template.name, pools: [], fallback: ""});
  const [making, setMaking] = useState(null);
  const id = idOf(doc.name), {creating} = t.plans;
  const isTaken = taken.includes(id);
  const reps = names.recipients.filter((one) => one.type !== "buyer");
  const choose = (at, poolId) => setDoc((had) => ({...had, pools: template.stages.map((_, number) => (number === at ? poolId : had.pools[number] || ""))}));
  const create = async () => {
    await request("PUT", `plans/${id}/draft`, {body: planOf(template, {...doc, id}), etag: "new"});
    go(["plans", id]);
    return creating.done;
  };
  const ready = id && !isTaken && template.stages.every((_, at) => doc.pools[at]);
  const members = (at) => { const pool = pools.find((one) => one.id === doc.pools[at]); return pool && membersInWords(pool, names); };
  return html`<p>${template.about}</p>
    <${Field} label=${creating.name} hint=${creating.nameHint} wrong=${isTaken ? fill(creating.taken, {id}) : undefined} value=${doc.name} maxlength="60" autocomplete="off"
      onInput=${(event) => setDoc({...doc, name: event.target.value})} />
    ${template.stages.map((stage, at) => html`<div class="template-stage" key=${at}><${Field} label=${fill(creating.stage, {number: at + 1, name: stage.name})} hint=${members(at) || stage.asks} value=${doc.pools[at] || ""}
        onChange=${(event) => choose(at, event.target.value)} options=${[["", creating.choosePool], ...pools.map((one) => [one.id, one.name])]} />
      <${Button} changes icon="plus" onClick=${() => setMaking(at)}>${t.plans.form.newPool}<//></div>`)}
    <${Field} label=${t.plans.fallback} hint=${t.plans.fallbackHint} value=${doc.fallback} onChange=${(event) => setDoc({...doc, fallback: event.target.value})}
      options=${[["", t.plans.nobodyElse], ...reps.map((one) => [one.id, one.name])]} />
    <div class="dialog-actions"><${Button} onClick=${back}>${creating.back}<//><${Action} tone="main" disabled=${!ready} work=${create}>${creating.do}<//></div>
    ${making !== null && html`<${PoolDialog} name=${template.stages[making].pool} names=${names} close=${() => setMaking(null)}
      saved=${(pool) => { setPools((had) => [...had.filter((one) => one.id !== pool.id), pool]); choose(making, pool.id); setMaking(null); }} />`}`;
}
