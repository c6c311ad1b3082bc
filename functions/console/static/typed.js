// Fields for what is a number in a document and more than that for people: durations and amounts of money.

import {useState} from "preact/hooks";
import {html} from "./html.js";
import {useTyped} from "./hooks.js";
import {count, fill, t} from "./texts.js";
import {Field} from "./ui.js";

const UNITS = {seconds: 1, minutes: 60, hours: 3600, days: 86_400};

/** A duration in words, in the largest unit that it is whole in: "90 seconds", "5 minutes". */
export function duration(seconds) {
  const unit = unitOf(seconds);
  return count(seconds / UNITS[unit], unit.slice(0, -1));
}

const unitOf = (seconds) => (seconds && Object.keys(UNITS).findLast((name) => seconds % UNITS[name] === 0)) || "seconds";

const amount = (text) => (text.trim() === "" || Number.isNaN(Number(text)) ? null : Number(text));
const shown = (value) => (value === null || value === undefined ? "" : String(value));

/** A number, whole or not. `factor`: how many of the document's units are one of those that are typed; `empty`: what an empty field says. */
export function NumberField({value, set, factor = 1, empty = null, ...more}) {
  const show = (now) => shown(now === null || now === undefined ? null : now / factor);
  const read = (text) => (amount(text) === null ? empty : factor === 1 ? amount(text) : Math.round(amount(text) * factor * 1e6) / 1e6);
  const [text, typed] = useTyped(value ?? null, show, read, set);
  return html`<${Field} type="number" inputmode="decimal" value=${text} onInput=${typed} ...${more} />`;
}

/** An amount of money, in whole currency with decimals; cents in the document. */
export function MoneyField({label, currency = "USD", value, set, ...more}) {
  const cents = (next) => set(next === null ? null : Math.round(next));
  return html`<${NumberField} label=${fill(t.typed.money, {label, currency})} min="0" step="0.01" factor=${100} value=${value} set=${cents} ...${more} />`;
}

/** A duration: a number and its unit; seconds in the document. */
export function DurationField({label, value, set, units = Object.keys(UNITS), ...more}) {
  const [unit, setUnit] = useState(() => unitOf(value));
  const chosen = units.includes(unit) ? unit : units[0];
  const another = (event) => {
    setUnit(event.target.value);
    if (value) set(Math.round((value / UNITS[chosen]) * UNITS[event.target.value]));
  };
  return html`<div class="duration"><${NumberField} key=${chosen} label=${label} min="1" factor=${UNITS[chosen]} value=${value} set=${set} ...${more} />
    <${Field} label=${t.typed.unit} value=${chosen} onChange=${another} options=${units.map((name) => [name, t.typed.units[name]])} /></div>`;
}
