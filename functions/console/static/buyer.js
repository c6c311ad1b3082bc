// A buyer as a form: what it pays, how it is asked and served, how it pays, when and how many leads it takes.

import {useState} from "preact/hooks";
import {Accepts} from "./accepts.js";
import {Account} from "./account.js";
import {newEndpoint} from "./buyer_endpoint.js";
import {BuyerMore} from "./buyer_more.js";
import {EndpointForm} from "./endpoint.js";
import {At, Editable, SaveBar, useForm} from "./form.js";
import {MoneyAt} from "./form_parts.js";
import {Glance} from "./glance.js";
import {html} from "./html.js";
import {IdField, NameField} from "./naming.js";
import {calledPools, Head, HowMany, InPools, OnOff, pathOf, stored, useSurroundings, When} from "./recipient.js";
import {Remove} from "./remove.js";
import {t} from "./texts.js";
import {Trial} from "./trial.js";
import {Panel, Segments, Switch} from "./ui.js";
import {Zone} from "./zones.js";

/** `read`: the document and its etag; without an etag a new one. */
export default function Buyer({read}) {
  const form = useForm({read, path: pathOf, saved: stored(!read.etag)});
  const {standing, pools, names, taken} = useSurroundings(form);
  const {doc, isNew} = form;
  const words = t.people.buyer;
  return html`<${Head} form=${form} standing=${standing} show="buyers" title=${words.new}>
      <${Remove} form=${form} path=${pathOf(doc)} about=${words.removeAbout} named=${calledPools(pools)} show="buyers" /><//>
    <${Glance} form=${form} names=${names} />
    <${Editable}><div class="columns"><div class="stack">
      <${Panel} title=${words.company}><div class="fields"><${NameField} form=${form} taken=${taken} />
        <${At} form=${form} place="email" type="email" label=${t.fields.email} autocomplete="off" hint=${words.emailHint} wrong=${form.wrong("email") && t.people.emailWrong} />
        <${Zone} form=${form} />
        <${At} form=${form} place="buyer.status" label=${words.status} options=${Object.entries(words.statuses)} hint=${words.statusHints[doc.buyer.status]} /></div>
        <${IdField} form=${form} /><//>
      <${Price} form=${form} />
      <${Billing} form=${form} /></div>
      <div class="stack">${!isNew && html`<${Account} id=${doc.id} etag=${form.etag} />`}<${OnOff} form=${form} /><${InPools} form=${form} pools=${pools} /></div></div>
    <${Calls} form=${form} names=${names} />
    <${When} form=${form} />
    <${HowMany} form=${form} standing=${standing} names=${names} />
    <${Accepts} form=${form} names=${names} />
    <${BuyerMore} form=${form} names=${names} /><//>
    <${SaveBar} form=${form} />`;
}

/** What it pays for a lead: a price that is always the same, or what it bids. */
function Price({form}) {
  const {price_cents: price, ping, billing} = form.doc.buyer;
  const words = t.people.buyer.price;
  const [kind, setKind] = useState(ping && isNone(price) ? "bids" : "fixed");
  const choose = (one) => {
    setKind(one);
    if (one === "bids") form.set("buyer.price_cents", null);
    if (one === "bids" && !ping) form.set("buyer.ping", newEndpoint("ping"));
  };
  return html`<${Panel} title=${words.title} about=${words.about[kind]}>
    <${Segments} label=${words.title} value=${kind} set=${choose} options=${Object.entries(words.kinds)} />
    ${kind === "fixed" && html`<div class="fields"><${MoneyAt} form=${form} place="buyer.price_cents" label=${words.cents} currency=${billing.currency} hint=${isNone(price) && ping ? words.noPrice : undefined} /></div>`}
    ${form.wrong("buyer") && html`<p class="wrong small">${form.wrong("buyer")}</p>`}<//>`;
}

const isNone = (value) => value === null || value === undefined;

/** When it pays, and how much it may spend. */
function Billing({form}) {
  const words = t.people.buyer.billing, {mode, currency} = form.doc.buyer.billing;
  const choose = (event) => {
    form.set("buyer.billing.mode", event.target.value);
    if (event.target.value === "prepaid") form.set("buyer.billing.credit_limit_cents", 0);
  };
  return html`<${Panel} title=${words.title} about=${words.about[mode]}><div class="fields">
    <${At} form=${form} place="buyer.billing.mode" label=${words.mode} options=${Object.entries(words.modes)} onChange=${choose} />
    <${At} form=${form} place="buyer.billing.currency" empty="" label=${words.currency} hint=${words.currencyHint} maxlength="3" wrong=${form.wrong("buyer.billing.currency") && words.currencyWrong}
      onInput=${(event) => form.set("buyer.billing.currency", event.target.value.toUpperCase())} />
    ${mode === "invoiced" && html`<${MoneyAt} form=${form} place="buyer.billing.credit_limit_cents" set=${(cents) => form.set("buyer.billing.credit_limit_cents", cents ?? 0)} label=${words.credit} currency=${currency} hint=${words.creditHint} />`}
    <${MoneyAt} form=${form} place="buyer.billing.per_day_cents" label=${words.perDay} currency=${currency} placeholder=${t.people.caps.none} />
    <${MoneyAt} form=${form} place="buyer.billing.per_month_cents" label=${words.perMonth} currency=${currency} placeholder=${t.people.caps.none} /></div><//>`;
}

/** How its system is asked for a bid and gets the lead, and a call to try it. */
function Calls({form, names}) {
  const words = t.people.buyer.calls;
  const {price_cents: price} = form.doc.buyer;
  return html`${["ping", "post"].map((purpose) => {
      const there = form.doc.buyer[purpose];
      // Who bids is asked: there has to be an address.
      const needed = purpose === "ping" && there && isNone(price);
      return html`<${Panel} key=${purpose} title=${words[purpose]} about=${words.about[purpose]}>
        ${!needed && html`<${Switch} label=${words.on[purpose]} hint=${there ? undefined : words.off[purpose]} on=${Boolean(there)} set=${(on) => form.set(`buyer.${purpose}`, on ? newEndpoint(purpose) : null)} />`}
        ${there && html`<${EndpointForm} form=${form} place=${`buyer.${purpose}`} purpose=${purpose} names=${names} />`}<//>`;
    })}
    <${Trial} form=${form} names=${names} />`;
}
