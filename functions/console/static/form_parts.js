// Fields that more than one form of this screen has: a name with its id, money, times, lists.

import {useState} from "preact/hooks";
import {At, at, idOf} from "./form.js";
import {html} from "./html.js";
import {t} from "./texts.js";
import {MoneyField, NumberField} from "./typed.js";
import {Field} from "./ui.js";
import {Written} from "./written.js";

/** The name of a document. Of a new one the id is made of it, until somebody writes another. */
export function NameAt({form, label, hint}) {
  const [own, setOwn] = useState(false);
  const named = (event) => {
    form.set("name", event.target.value);
    if (form.isNew && !own) form.set("id", idOf(event.target.value));
  };
  return html`<div><${Field} label=${label} hint=${hint} value=${form.doc.name} wrong=${form.wrong("name") || (form.isNew && form.wrong("id"))} required autocomplete="off" onInput=${named} />
    ${form.isNew && html`<details><summary class="small">${t.sources.id}</summary>
      <${Field} label=${t.sources.id} hint=${t.sources.idHint} value=${form.doc.id} autocomplete="off" onInput=${(event) => { setOwn(true); form.set("id", event.target.value); }} /></details>`}</div>`;
}

/** What a field is given for a place of a document. */
const of = (form, place) => ({value: at(form.doc, place), wrong: form.wrong(place), set: (value) => form.set(place, value)});

/** An amount, in whole currency. */
export const MoneyAt = ({form, place, ...more}) => html`<${MoneyField} ...${of(form, place)} ...${more} />`;

/** A time that is kept in seconds, in minutes. */
export const MinutesAt = ({form, place, ...more}) => html`<${NumberField} factor=${60} min="0" step="any" ...${of(form, place)} ...${more} />`;

/** A time that is kept in milliseconds, in seconds. */
export const SecondsAt = ({form, place, ...more}) => html`<${NumberField} factor=${1000} min="0" step="any" ...${of(form, place)} ...${more} />`;

/** A list of texts: one on each line, or with commas between them. `as` makes of each text what stands in the document. */
export function ListAt({form, place, area, as = (text) => text, ...more}) {
  const stored = at(form.doc, place) || [];
  const wrong = form.wrong(place) || stored.map((_, number) => form.wrong(Array.isArray(place) ? [...place, number] : `${place}[${number}]`)).find(Boolean);
  return html`<${Written} form=${form} place=${place} area=${area} ...${more} wrong=${wrong} write=${(list) => (list || []).join(area ? "\n" : ", ")}
    read=${(said) => said.split(area ? /\n/ : ",").map((one) => one.trim()).filter(Boolean).map(as)} />`;
}

/** Which of a few hold, each with its words. */
export function SomeAt({form, place, label, options}) {
  const chosen = at(form.doc, place) || [];
  const set = (value, on) => form.set(place, on ? [...chosen, value] : chosen.filter((one) => one !== value));
  return html`<fieldset class="some"><legend>${label}</legend>${options.map(([value, words]) => html`
    <label><input type="checkbox" checked=${chosen.includes(value)} onChange=${(event) => set(value, event.target.checked)} /><span>${words}</span></label>`)}
    ${form.wrong(place) && html`<span class="wrong small">${form.wrong(place)}</span>`}</fieldset>`;
}

/** A part of a document that may not be there at all, such as a service level: a switch, and its fields while it is on. */
export function PartAt({form, place, label, hint, start, children}) {
  const there = Boolean(at(form.doc, place));
  return html`<div class="stack"><${At} form=${{...form, set: (_, on) => form.set(place, on ? start : null)}} place=${place} check label=${label} hint=${hint} />
    ${there && html`<div class="part">${children}</div>`}</div>`;
}
