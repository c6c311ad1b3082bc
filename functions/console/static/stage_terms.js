// The terms on which a stage sells: how it asks buyers for bids, and what holds when one does not answer.

import {html} from "./html.js";
import {fill, t} from "./texts.js";
import {DurationField, MoneyField, NumberField} from "./typed.js";
import {Field, Switch} from "./ui.js";

/** The auction of a stage. The highest bid wins and pays what it bid. */
export function AuctionForm({auction, currency, set, wrong}) {
  const {terms} = t.plans;
  const number = (name, more) => html`<${NumberField} label=${terms[name]} hint=${terms[`${name}_hint`]} value=${auction[name]} set=${(value) => set(name, value)} wrong=${wrong(name)} ...${more} />`;
  const price = (name) => html`<${MoneyField} label=${terms[name]} hint=${terms[`${name}_hint`]} currency=${currency} value=${auction[name]} set=${(value) => set(name, value)} wrong=${wrong(name)} />`;
  const winners = (value) => {
    const many = Array.from({length: Math.max(0, Math.min(value || 1, 10) - 1)}, (_, at) => at + 2);
    set("winners", value);
    set("share_percent", Object.fromEntries(many.map((count) => [count, auction.share_percent[count] ?? Math.round(100 / count) + 10])));
  };
  return html`<p class="small quiet">${terms.about}</p><div class="fields">${price("floor_cents")}${number("deadline_ms", {factor: 1000, min: "0.1", max: "20", step: "0.1"})}
      ${number("min_bidders", {min: "1", max: "100", step: "1"})}${number("winners", {min: "1", max: "10", step: "1", set: winners})}
      ${Object.entries(auction.share_percent).map(([count, percent]) => html`<${NumberField} key=${count} label=${fill(terms.share, {number: count})} hint=${terms.shareHint} min="1" max="100" step="1"
        value=${percent} set=${(value) => set("share_percent", {...auction.share_percent, [count]: value})} wrong=${wrong(`share_percent.${count}`)} />`)}</div>
    <${Switch} label=${terms.fixed_price} hint=${terms.fixed_price_hint} on=${auction.fixed_price} set=${(on) => set("fixed_price", on)} />
    <details><summary>${terms.more}</summary><div class="fields">${price("margin_cents")}${number("margin_percent", {min: "0", max: "100", step: "1"})}
      <${DurationField} label=${terms.bids_good_for_s} value=${auction.bids_good_for_s} set=${(value) => set("bids_good_for_s", value)} wrong=${wrong("bids_good_for_s")} units=${["seconds", "minutes", "hours"]} /></div></details>`;
}

/** What happens when a buyer does not say whether it took a lead. */
export function DeliveryForm({delivery, set, wrong}) {
  const {terms} = t.plans;
  return html`<details><summary>${terms.delivery}</summary><p class="small quiet">${terms.deliveryAbout}</p><div class="fields">
    <${DurationField} label=${terms.unknown_after_s} value=${delivery.unknown_after_s} set=${(value) => set("unknown_after_s", value)} wrong=${wrong("unknown_after_s")} />
    <${Field} label=${terms.unknown_counts_as} value=${delivery.unknown_counts_as} wrong=${wrong("unknown_counts_as")} onChange=${(event) => set("unknown_counts_as", event.target.value)} options=${Object.entries(terms.unknown)} /></div></details>`;
}
