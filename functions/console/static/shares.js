// Shares of a whole as one bar, with what each part is called and how much of it that is.

import {html} from "./html.js";
import {fill, t} from "./texts.js";

const COLOURS = 8, LISTED = 30;

/** How much of the whole each has, 0 to 1, by weight. */
export function sharesOf(parts) {
  const whole = parts.reduce((sum, one) => sum + one.weight, 0);
  return parts.map((one) => (whole > 0 ? one.weight / whole : 0));
}

/** A share in words: "33%", "under 1%". */
export const percent = (share) => (share > 0 && share < 0.01 ? t.people.shares.little : `${Number((share * 100).toFixed(share < 0.1 ? 1 : 0))}%`);

/** The bar. `parts`: {name, weight}s, in their order. `legend`: what each colour is, below it. */
export function Shares({parts, label, legend = true}) {
  const shares = sharesOf(parts);
  const words = parts.slice(0, LISTED).map((one, at) => `${one.name} ${percent(shares[at])}`).join(", ");
  return html`<div class="shares"><div class="shares-bar" role="img" aria-label=${`${label}: ${words || t.people.shares.nobody}`}>
      ${parts.map((one, at) => shares[at] > 0 && html`<i key=${at} class=${`share-${at % COLOURS}`} style=${{flexGrow: one.weight}} title=${`${one.name} ${percent(shares[at])}`}></i>`)}</div>
    ${legend && html`<ul class="shares-legend">${parts.slice(0, LISTED).map((one, at) => html`<li key=${at}><i class=${`share-${at % COLOURS}`}></i>${one.name}
      <strong class="number">${percent(shares[at])}</strong></li>`)}
      ${parts.length > LISTED && html`<li class="quiet">${fill(t.people.shares.more, {number: parts.length - LISTED})}</li>`}</ul>`}</div>`;
}
