// Fields whose text is not what the document holds: money, lists, pairs.

import {useEffect, useState} from "preact/hooks";
import {at} from "./form.js";
import {html} from "./html.js";
import {Field} from "./ui.js";

const CENTS = 100;
const same = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

/** A field at a place of the form. `write` makes its text of the value there, `read` the value of what is typed. */
export function Written({form, place, write, read, ...more}) {
  const value = at(form.doc, place);
  const [text, setText] = useState(() => write(value));
  // What is typed stays as it is typed, until the document says something else.
  useEffect(() => { if (!same(read(text), value)) setText(write(value)); }, [JSON.stringify(value)]);
  const typed = (event) => {
    setText(event.target.value);
    form.set(place, read(event.target.value));
  };
  return html`<${Field} value=${text} wrong=${form.wrong(place)} onInput=${typed} ...${more} />`;
}

/** An amount, in whole currency with decimals; cents in the document. `empty`: what none is. */
export const Cents = ({empty = null, ...more}) => html`<${Written} type="number" min="0" step="0.01" inputmode="decimal" ...${more}
  write=${(cents) => (typeof cents === "number" ? (cents / CENTS).toFixed(2).replace(/\.00$/, "") : "")} read=${(text) => (text === "" ? empty : Math.round(Number(text) * CENTS))} />`;

/** Values with commas between them. */
export const List = ({numbers, ...more}) => html`<${Written} ...${more} write=${(list) => (list || []).join(", ")}
  read=${(text) => text.split(",").map((one) => one.trim()).filter(Boolean).map((one) => (numbers ? Number(one) : one))} />`;

/** Names with values, a line each: "name: value". */
export const Pairs = ({between = ":", ...more}) => html`<${Written} area spellcheck="false" ...${more} write=${(pairs) => Object.entries(pairs || {}).map(([name, value]) => `${name}${between} ${value}`).join("\n")}
  read=${(text) => Object.fromEntries(text.split("\n").filter((line) => line.includes(between)).map((line) => {
    const [name, ...rest] = line.split(between);
    return [name.trim(), rest.join(between).trim()];
  }))} />`;

/** An amount of money in words. */
export const amount = (cents, currency) => new Intl.NumberFormat(undefined, {style: "currency", currency}).format(cents / CENTS);
