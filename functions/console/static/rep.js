// A rep as a form: who, how they hear of leads, when they work, how many and which leads they get.

import {useState} from "preact/hooks";
import {Accepts} from "./accepts.js";
import {Channels, Failing, Quiet} from "./channels.js";
import {CapBar} from "./caps.js";
import {At, SaveBar, useForm} from "./form.js";
import {html} from "./html.js";
import {Head, HowMany, IdField, InPools, NameFields, OnOff, pathOf, plainPhone, remove, stored, useSurroundings, When} from "./recipient.js";
import {go} from "./route.js";
import {fill, t} from "./texts.js";
import {Button, Panel, Sure} from "./ui.js";
import {Zone} from "./zones.js";

/** `read`: the document and its etag; without an etag a new one. */
export default function Rep({read}) {
  const form = useForm({read, path: pathOf, saved: stored(!read.etag)});
  const {standing, pools, names} = useSurroundings(form);
  const [removing, setRemoving] = useState(false);
  const {doc, isNew} = form;
  const caps = standing?.caps || [];
  return html`<${Head} form=${form} standing=${standing} title=${t.people.newRep}>
      ${!isNew && html`<${Button} changes tone="grave" icon="bin" onClick=${() => setRemoving(true)}>${t.people.remove.action}<//>`}<//>
    <div class="columns"><div class="stack">
      <${Panel} title=${t.people.who}><div class="fields"><${NameFields} form=${form} names=${names} />
        <${At} form=${form} place="phone" type="tel" label=${t.fields.phone} hint=${t.people.phoneHint} autocomplete="off" wrong=${form.wrong("phone") && t.people.phoneWrong}
          onInput=${(event) => form.set("phone", plainPhone(event.target.value) || null)} />
        <${At} form=${form} place="email" type="email" label=${t.fields.email} autocomplete="off" wrong=${form.wrong("email") && t.people.emailWrong} />
        <${Zone} form=${form} /></div>
        <details open=${Boolean(form.wrong("id"))}><summary>${t.people.more}</summary><${IdField} form=${form} /></details><//>
      <${Failing} form=${form} />
      <${Channels} form=${form} />
      <${Quiet} form=${form} /></div>
      <div class="stack">${!isNew && caps.length > 0 && html`<${Panel} title=${t.people.caps.today}><div class="stack">${caps.map((cap) => html`<div key=${`${cap.campaign_id} ${cap.span}`}>
          ${cap.campaign_id && html`<strong class="small">${names.of(cap.campaign_id)}</strong>`}<${CapBar} cap=${cap} /></div>`)}</div><//>`}
        <${OnOff} form=${form} /><${InPools} pools=${pools} isNew=${isNew} /></div></div>
    <${When} form=${form} />
    <${HowMany} form=${form} standing=${standing} names=${names} />
    <${Accepts} form=${form} names=${names} />
    <${SaveBar} form=${form} />
    ${removing && html`<${Sure} title=${fill(t.people.remove.title, {name: doc.name})} doIt=${t.people.remove.action} close=${() => setRemoving(false)} after=${() => go(["people"])}
      work=${async () => { await remove(pathOf(doc), form.etag, Object.fromEntries(pools.map((pool) => [pool.id, pool.name]))); return fill(t.people.remove.done, {name: doc.name}); }}>
      <p>${t.people.remove.about}</p><//>`}`;
}
