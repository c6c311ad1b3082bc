// The rest of a campaign: consent, what is held or asked outside, when nobody is called, what is kept, returns.

import {ConditionEditor, fieldsOf} from "./conditions.js";
import {At} from "./form.js";
import {ListAt, PartAt, SomeAt} from "./form_parts.js";
import {html} from "./html.js";
import {SecretField} from "./secrets.js";
import {t} from "./texts.js";
import {Panel} from "./ui.js";

export function CampaignMore({form}) {
  const {more: words} = t.sources, {doc} = form;
  const fields = fieldsOf({campaigns: [doc], also: [doc.quarantine?.reject_when, doc.quarantine?.release_when]});
  const condition = (name) => html`<${ConditionEditor} value=${doc.quarantine?.[name]} fields=${fields} label=${words[name]} none=${words.noLead}
    set=${(when) => form.set(`quarantine.${name}`, when)} wrong=${(place) => form.wrong(place ? `quarantine.${name}.${place}` : `quarantine.${name}`)} />`;
  return html`<${Panel} title=${words.consent} about=${words.consentAbout}>
      <${At} form=${form} place="consent.required" check label=${words.required} />
      ${doc.consent?.required && html`<${SomeAt} form=${form} place="consent.evidence" label=${words.evidence} options=${Object.entries(words.evidences)} />
        <div class="fields"><${At} form=${form} place="consent.missing" label=${words.missing} options=${Object.entries(t.sources.fields.faults)} /></div>`}<//>
    <${Panel} title=${words.held} about=${words.heldAbout}>
      <div class="fields"><${At} form=${form} place="disposable" check label=${words.disposable} />
        <${At} form=${form} place="honour_do_not_contact" check label=${words.doNotContact} />
        <${At} form=${form} place="vetting.email_domain" check label=${words.domain} hint=${words.domainHint} />
        <${At} form=${form} place="quarantine.reject_after_days" type="number" min="1" max="365" label=${words.days} hint=${words.daysHint} />
        <${At} form=${form} place="vetting.certificate" empty="off" label=${words.certificate} options=${Object.entries(words.certificates)} /></div>
      ${doc.vetting?.certificate && doc.vetting.certificate !== "off" && html`<div class="fields"><${At} form=${form} place="vetting.certificate_key" label=${words.certificateKey} placeholder="trusted-form" /></div>
        ${doc.vetting.certificate_key && !form.isNew && html`<${SecretField} path=${`campaigns/${doc.id}`} name=${doc.vetting.certificate_key} label=${words.certificateSecret} />`}`}
      <h3 class="above">${words.reject_when}</h3>${condition("reject_when")}
      <h3 class="above">${words.release_when}</h3>${condition("release_when")}<//>
    <${Panel} title=${words.quiet} about=${words.quietAbout}>
      <${PartAt} form=${form} place="quiet_hours" label=${words.quietOn} start=${{begin: "21:00", end: "08:00", zone: "America/New_York"}}><div class="fields">
        <${At} form=${form} place="quiet_hours.begin" type="time" label=${words.begin} /><${At} form=${form} place="quiet_hours.end" type="time" label=${words.end} />
        <${At} form=${form} place="quiet_hours.zone" label=${words.zone} hint=${words.zoneHint} /></div><//><//>
    <${Panel} title=${words.rest}><div class="fields">
      <${At} form=${form} place="reveal" label=${words.reveal} options=${Object.entries(words.reveals)} />
      <${At} form=${form} place="unknown" label=${words.unknown} options=${Object.entries(words.unknowns)} />
      <${At} form=${form} place="sticky.person" label=${words.stickyPerson} options=${Object.entries(words.policies)} />
      <${At} form=${form} place="sticky.company" label=${words.stickyCompany} options=${Object.entries(words.policies)} />
      <${At} form=${form} place="retention_days" type="number" min="30" max="3650" label=${words.retention} hint=${words.retentionHint} /></div>
      <details><summary>${words.returns}</summary><div class="fields">
        <${At} form=${form} place="returns.window_days" type="number" min="0" max="365" empty=${0} label=${words.returnDays} />
        <${At} form=${form} place="returns.max_percent" type="number" min="0" max="100" step="any" empty=${0} label=${words.returnPercent} />
        <${ListAt} form=${form} place="returns.reasons" label=${words.returnReasons} hint=${words.returnReasonsHint} />
        <${At} form=${form} place="returns.auto_approve" check label=${words.autoApprove} /><${At} form=${form} place="returns.resell" check label=${words.resell} /></div></details><//>`;
}
