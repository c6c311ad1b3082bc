// Shares of a whole as one bar, with what each part is called and how much of it that is.

import {html} from "./html.js";
import {fill, t} from "./texts.js";

const COLOURS = 8, LISTED = 16;

/** How much of the whole each has, 0 to 1, by weight. */
export function sharesOf(parts) {
  const whole = parts.reduce((sum, one) => sum + one.weight, 0);
  return parts.map((one) => (whole > 0 ? one.weight / whole : 0));
}

/** A share in words: "33%", "under 1%". */
export const percent = (share) => (share > 0 && share < 0.01 ? t.people.shares.little : `${Number((share * 100).toFixed(share < 0.1 ? 1 : 0))}%`);

/** The bar. `parts`: {name, weight}s, in their order; beyond the first 16, the others are one part. `legend`: what each colour is, below it. */
export function Shares({parts, label, legend = true}) {
  const shown = together(parts), shares = sharesOf(shown);
  const said = shown.map((one, at) => `${one.name} ${percent(shares[at])}`);
  return html`<div class="shares"><div class="shares-bar" role="img" aria-label=${`${label}: ${said.join(", ") || t.people.shares.nobody}`}>
      ${shown.map((one, at) => shares[at] > 0 && html`<i key=${at} class=${colour(one, at)} style=${{flexGrow: one.weight}} title=${said[at]}></i>`)}</div>
    ${legend && html`<ul class="shares-legend">${shown.map((one, at) => html`<li key=${at}><i class=${colour(one, at)}></i>${one.name} <strong class="number">${percent(shares[at])}</strong></li>`)}</ul>`}</div>`;
}

const colour = (one, at) => (one.rest ? "share-rest" : `share-${at % COLOURS}`);

function together(parts) {
  if (parts.length <= LISTED) return parts;
  const rest = parts.slice(LISTED);
  return [...parts.slice(0, LISTED), {name: fill(t.people.shares.others, {number: rest.length}), weight: rest.reduce((sum, one) => sum + one.weight, 0), rest: true}];
}
