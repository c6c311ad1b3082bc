// How another system's answer is read: what in it is a yes, a no, a price.

import {At, at} from "./form.js";
import {ListAt} from "./form_parts.js";
import {html} from "./html.js";
import {t} from "./texts.js";
import {Written} from "./written.js";

const numbersIn = (text) => (text.match(/\d+/g) || []).map(Number);
const TAKEN = {status: [200, 201, 202]};

/** The reader at a place of the form. */
export function AnswerForm({form, place, purpose}) {
  const words = t.people.answer;
  const format = at(form.doc, `${place}.format`) || "json";
  return html`<div class="stack"><div class="fields"><${At} form=${form} place=${`${place}.format`} empty="json" label=${words.format} options=${Object.entries(words.formats)} hint=${words.paths[format]} /></div>
    <${Match} form=${form} place=${`${place}.accepted`} title=${words.accepted[purpose] || words.accepted.post} none=${TAKEN} usual=${words.usual} />
    <${Match} form=${form} place=${`${place}.rejected`} title=${words.rejected} none=${null} usual=${words.usualNo} />
    <div class="fields"><${At} form=${form} place=${`${place}.price`} label=${words.price} placeholder=${words.examples[format].price} />
      <${At} form=${form} place=${`${place}.price_unit`} empty="major" label=${words.unit} options=${Object.entries(words.units)} />
      <${At} form=${form} place=${`${place}.reason`} label=${words.reason} placeholder=${words.examples[format].reason} />
      <${At} form=${form} place=${`${place}.reference`} label=${words.reference} placeholder=${words.examples[format].reference} /></div>
    <details><summary>${words.more}</summary><${Match} form=${form} place=${`${place}.duplicate`} title=${words.duplicate} none=${{contains: "duplic"}} usual=${words.usualDuplicate} /></details></div>`;
}

/** Something an answer says. `none`: what holds where nothing is said. */
function Match({form, place, title, none, usual}) {
  const words = t.people.answer;
  const match = at(form.doc, place) || {};
  const isEmpty = (one) => !one.path && !one.contains && !one.equals?.length && !one.status?.length;
  // A part of what is said; where the last part goes, what is usual holds again.
  const part = {...form, set: (here, value) => {
    const next = {...match, [here.slice(place.length + 1)]: value};
    form.set(place, isEmpty(next) ? none : next);
  }};
  return html`<fieldset class="match"><legend>${title}</legend><p class="small quiet">${usual}</p><div class="fields">
    <${At} form=${part} place=${`${place}.path`} label=${words.path} />
    <${ListAt} form=${part} place=${`${place}.equals`} label=${words.equals} hint=${words.commas} />
    <${At} form=${part} place=${`${place}.contains`} label=${words.contains} />
    <${Written} form=${part} place=${`${place}.status`} label=${words.status} write=${(codes) => (codes || []).join(", ")} read=${numbersIn} /></div>
    ${form.wrong(place) && html`<p class="wrong small">${form.wrong(place)}</p>`}</fieldset>`;
}
