// Fields whose text is not what the document holds.

import {at} from "./form.js";
import {useTyped} from "./hooks.js";
import {html} from "./html.js";
import {Field} from "./ui.js";

/** A field at a place of the form. `write` makes its text of the value there, `read` the value of what is typed. */
export function Written({form, place, write, read, ...more}) {
  const [text, typed] = useTyped(at(form.doc, place) ?? read(""), write, read, (value) => form.set(place, value));
  return html`<${Field} value=${text} wrong=${form.wrong(place)} onInput=${typed} ...${more} />`;
}

/** Names with values, a line each: "name: value". */
export const Pairs = ({between = ":", ...more}) => html`<${Written} area spellcheck="false" ...${more} write=${(pairs) => Object.entries(pairs || {}).map(([name, value]) => `${name}${between} ${value}`).join("\n")}
  read=${(text) => Object.fromEntries(text.split("\n").filter((line) => line.includes(between)).map((line) => {
    const [name, ...rest] = line.split(between);
    return [name.trim(), rest.join(between).trim()];
  }))} />`;
