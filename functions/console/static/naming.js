// What a document is called, and the id that is made of its name.

import {useEffect} from "preact/hooks";
import {At, idOf} from "./form.js";
import {html} from "./html.js";
import {t} from "./texts.js";
import {Field} from "./ui.js";

/** An id that none of those `taken` is. */
export function madeOf(name, taken) {
  const id = idOf(name);
  let number = 2, tried = id;
  while (tried && taken.has(tried)) tried = `${id}-${number++}`;
  return tried;
}

/** The name. As long as the document is new, its id follows it, unless somebody typed another one. `taken`: ids that there are. */
export function NameField({form, taken, label = t.people.name}) {
  const {doc, isNew} = form;
  // Which ids there are may be known only after somebody has begun to type.
  useEffect(() => {
    if (isNew && taken.has(doc.id) && doc.id === idOf(doc.name)) form.set("id", madeOf(doc.name, taken));
  });
  const named = (event) => {
    const name = event.target.value;
    if (isNew && [madeOf(doc.name, taken), ""].includes(doc.id)) form.set("id", madeOf(name, taken));
    form.set("name", name);
  };
  return html`<${Field} label=${label} value=${doc.name} onInput=${named} autocomplete="off" maxlength="100" required
    wrong=${form.wrong("name") ? t.people.nameWrong : !doc.id && form.wrong("id")} />`;
}

/** The id, for who wants another one than was made of the name. */
export const IdField = ({form}) => html`<details open=${Boolean(form.wrong("id"))}><summary>${t.people.more}</summary>${form.isNew
  ? html`<${At} form=${form} place="id" empty="" label=${t.people.id} hint=${t.people.idHint} />`
  : html`<p class="small quiet">${t.people.id}: <span class="mono">${form.doc.id}</span></p>`}</details>`;
