// What a campaign promises: how soon somebody calls, and what the person hears meanwhile.

import {At} from "./form.js";
import {MinutesAt, PartAt} from "./form_parts.js";
import {html} from "./html.js";
import {fill, t} from "./texts.js";
import {Button, Panel} from "./ui.js";

const MINUTE = 60;

export function CampaignService({form, reps}) {
  const {service: words} = t.sources, level = form.doc.service_level;
  return html`<${Panel} title=${words.title} about=${words.about}>
      <${PartAt} form=${form} place="service_level" label=${words.on} start=${{contact_within_s: 15 * MINUTE, counts: "working_hours", attempts_count: true, then: []}}>
        <div class="fields"><${MinutesAt} form=${form} place="service_level.contact_within_s" label=${words.within} hint=${words.withinHint} />
          <${At} form=${form} place="service_level.counts" label=${words.counts} options=${Object.entries(words.countsOf)} />
          <${At} form=${form} place="service_level.attempts_count" check label=${words.attempts} /></div>
        ${level && html`<${Steps} form=${form} steps=${level.then || []} reps=${reps} />`}<//>
      ${form.wrong("service_level") && html`<p class="wrong small">${form.wrong("service_level")}</p>`}<//>
    <${Panel} title=${words.hears} about=${words.hearsAbout}>
      <${PartAt} form=${form} place="acknowledgement" label=${words.hearsOn} start=${{company: "", phone: null, sms: words.smsText, mail: null, after_s: MINUTE, needs_consent: false}}>
        <div class="fields"><${At} form=${form} place="acknowledgement.company" empty="" label=${words.company} hint=${words.companyHint} />
          <${At} form=${form} place="acknowledgement.phone" type="tel" label=${words.phone} hint=${words.phoneHint} />
          <${At} form=${form} place="acknowledgement.after_s" type="number" min="0" label=${words.after} hint=${words.afterHint} /></div>
        <${At} form=${form} place="acknowledgement.sms" area maxlength="480" label=${words.sms} hint=${words.blanks} />
        <${PartAt} form=${form} place="acknowledgement.mail" label=${words.mail} start=${{subject: words.mailSubject, text: words.mailText}}>
          <${At} form=${form} place="acknowledgement.mail.subject" empty="" label=${words.subject} />
          <${At} form=${form} place="acknowledgement.mail.text" area empty="" label=${words.text} hint=${words.blanks} /><//>
        <${At} form=${form} place="acknowledgement.needs_consent" check label=${words.consent} /><//>
      ${form.wrong("acknowledgement") && html`<p class="wrong small">${form.wrong("acknowledgement")}</p>`}<//>`;
}

/** What happens where nobody called in time, one after another. */
function Steps({form, steps, reps}) {
  const {service: words} = t.sources, place = "service_level.then";
  const set = (next) => form.set(place, next);
  const add = () => set([...steps, {after_s: (steps.at(-1)?.after_s || 5 * MINUTE) + 5 * MINUTE, do: "remind", to: []}]);
  return html`<h3>${words.then}</h3><ol class="stack">${steps.map((step, number) => html`<li key=${number} class="step-row"><div class="fields">
      <${MinutesAt} form=${form} place=${`${place}[${number}].after_s`} label=${words.step} />
      <${At} form=${form} place=${`${place}[${number}].do`} label=${words.does} options=${Object.entries(words.doings)} />
      ${step.do === "escalate" && html`<${At} form=${{...form, set: (_, who) => form.set(`${place}[${number}].to`, who ? [who] : [])}} place=${`${place}[${number}].to[0]`} label=${words.whom}
        options=${[["", words.operations], ...reps.map((one) => [one.id, one.name])]} />`}</div>
      <${Button} small tone="plain" icon="bin" title=${fill(words.remove, {number: number + 1})} onClick=${() => set(steps.filter((_, one) => one !== number))} />
      ${form.wrong(`${place}[${number}]`) && html`<p class="wrong small">${form.wrong(`${place}[${number}]`)}</p>`}</li>`)}</ol>
    <div class="line"><${Button} small icon="plus" onClick=${add}>${words.add}<//></div>`;
}
