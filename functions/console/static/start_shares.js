// How something is shared, as one bar: a part for each, with its name and its share in words.

import {html} from "./html.js";
import {fill, t} from "./texts.js";

/** `parts`: {name, weight}s. */
export function Shares({parts, label}) {
  const total = parts.reduce((sum, {weight}) => sum + (weight || 0), 0);
  if (!total) return null;
  const percent = (weight) => Math.round((weight / total) * 100);
  return html`<figure class="start-shares"><figcaption class="small quiet">${label}</figcaption>
    <div class="start-shares-bar" aria-hidden="true">${parts.map(({weight}, at) => html`<i key=${at} class=${`start-part-${at % 6}`} style=${{flexGrow: weight || 0}}></i>`)}</div>
    <ul class="start-shares-names">${parts.map(({name, weight}, at) => html`<li key=${at}><i class=${`start-part-${at % 6}`}></i>${name} <span class="quiet number">${fill(t.start.shareOf, {weight: weight || 0, total, percent: percent(weight || 0)})}</span></li>`)}</ul></figure>`;
}
