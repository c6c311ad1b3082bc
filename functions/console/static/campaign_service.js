// What a campaign promises: how soon somebody calls, and what the person hears meanwhile.

import {At} from "./form.js";
import {MinutesAt, PartAt} from "./form_parts.js";
import {html} from "./html.js";
import {fill, t} from "./texts.js";
import {Button, Field, Panel} from "./ui.js";

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
      ${step.do === "escalate" && html`<${Whom} told=${step.to || []} reps=${reps} set=${(to) => form.set(`${place}[${number}].to`, to)} />`}</div>
      <${Button} small tone="plain" icon="bin" title=${fill(words.remove, {number: number + 1})} onClick=${() => set(steps.filter((_, one) => one !== number))} />
      ${form.wrong(`${place}[${number}]`) && html`<p class="wrong small">${form.wrong(`${place}[${number}]`)}</p>`}</li>`)}</ol>
    <div class="line"><${Button} small icon="plus" onClick=${add}>${words.add}<//></div>`;
}

/** Who is told, a field each and one for somebody more; nobody of them is operations. */
function Whom({told, reps, set}) {
  const {service: words} = t.sources;
  const pick = (at, id) => set([...told.slice(0, at), id, ...told.slice(at + 1)].filter(Boolean));
  return [...told, ""].map((id, at) => {
    const left = reps.filter((one) => one.id === id || !told.includes(one.id));
    const gone = id && !reps.some((one) => one.id === id) ? [[id, id]] : [];
    return html`<${Field} key=${at} label=${at ? words.whomToo : words.whom} value=${id} onChange=${(event) => pick(at, event.target.value)}
      options=${[["", at || told.length > 1 ? t.common.nothing : words.operations], ...gone, ...left.map((one) => [one.id, one.name])]} />`;
  });
}
