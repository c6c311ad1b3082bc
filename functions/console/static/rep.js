// A rep as a form: who, how they hear of leads, when they work, how many and which leads they get.

import {Accepts} from "./accepts.js";
import {Channels, Failing, Quiet} from "./channels.js";
import {CapBar} from "./caps.js";
import {At, Editable, SaveBar, useForm} from "./form.js";
import {Glance} from "./glance.js";
import {html} from "./html.js";
import {IdField, NameField} from "./naming.js";
import {calledPools, Head, HowMany, InPools, OnOff, pathOf, plainPhone, stored, useSurroundings, When} from "./recipient.js";
import {Remove} from "./remove.js";
import {t} from "./texts.js";
import {Panel} from "./ui.js";
import {Zone} from "./zones.js";

/** `read`: the document and its etag; without an etag a new one. */
export default function Rep({read}) {
  const form = useForm({read, path: pathOf, saved: stored(!read.etag)});
  const {standing, pools, names, taken} = useSurroundings(form);
  const {doc, isNew} = form;
  const caps = standing?.caps || [];
  return html`<${Head} form=${form} standing=${standing} title=${t.people.newRep}>
      <${Remove} form=${form} path=${pathOf(doc)} about=${t.people.remove.about} named=${calledPools(pools)} /><//>
    <${Glance} form=${form} names=${names} />
    <${Editable}><div class="columns"><div class="stack">
      <${Panel} title=${t.people.who}><div class="fields"><${NameField} form=${form} taken=${taken} />
        <${At} form=${form} place="phone" type="tel" label=${t.fields.phone} hint=${t.people.phoneHint} autocomplete="off" wrong=${form.wrong("phone") && t.people.phoneWrong}
          onInput=${(event) => form.set("phone", plainPhone(event.target.value) || null)} />
        <${At} form=${form} place="email" type="email" label=${t.fields.email} autocomplete="off" wrong=${form.wrong("email") && t.people.emailWrong} />
        <${Zone} form=${form} /></div>
        <${IdField} form=${form} /><//>
      <${Failing} form=${form} />
      <${Channels} form=${form} />
      <${Quiet} form=${form} /></div>
      <div class="stack">${!isNew && caps.length > 0 && html`<${Panel} title=${t.people.caps.today}><div class="stack">${caps.map((cap) => html`<div key=${`${cap.campaign_id} ${cap.span}`}>
          ${cap.campaign_id && html`<strong class="small">${names.of(cap.campaign_id, "campaigns")}</strong>`}<${CapBar} cap=${cap} /></div>`)}</div><//>`}
        <${OnOff} form=${form} /><${InPools} form=${form} pools=${pools} /></div></div>
    <${When} form=${form} />
    <${HowMany} form=${form} standing=${standing} names=${names} />
    <${Accepts} form=${form} names=${names} /><//>
    <${SaveBar} form=${form} />`;
}
