// A secret: stored apart, replaced, and never shown again.

import {useState} from "preact/hooks";
import {request} from "./api.js";
import {html} from "./html.js";
import {fill, t} from "./texts.js";
import {Action, Badge, Button, Copy, Field} from "./ui.js";

const BYTES = 24;

/** Random bytes, as long as a secret has to be. */
export const bytes = () => crypto.getRandomValues(new Uint8Array(BYTES));

/** A secret as Standard Webhooks wants it. */
export const signing = () => `whsec_${btoa(String.fromCharCode(...bytes()))}`;

/**
 * A secret of the document at `path`, by the name under which that speaks of it.
 *
 * `made` makes one, where it is ours to choose; `stored`: whether it is there, null where nobody knows; `waits`: the document itself
 * is not stored yet.
 */
export function SecretField({path, name, label = fill(t.secrets.label, {name}), hint, made, stored = null, waits = false, after}) {
  const [value, setValue] = useState("");
  const [shown, setShown] = useState("");
  const store = async () => {
    await request("PUT", `${path}/secrets/${name}`, {body: {value: value.trim()}});
    setValue("");
    after?.();
    return fill(t.secrets.done, {label});
  };
  const make = () => { const one = made(); setValue(one); setShown(one); };
  return html`<div class="secret"><div class="line between"><strong>${label}</strong>
      ${stored !== null && html`<${Badge} tone=${stored ? "good" : "heed"}>${stored ? t.secrets.there : t.secrets.missing}<//>`}</div>
    <div class="secret-line"><${Field} label=${stored ? t.secrets.replace : t.secrets.enter} hint=${waits ? t.secrets.saveFirst : hint || t.secrets.hint} type="password"
        autocomplete="new-password" value=${value} disabled=${waits} onInput=${(event) => { setValue(event.target.value); setShown(""); }} />
      <div class="line">${made && html`<${Button} changes disabled=${waits} onClick=${make}>${t.secrets.make}<//>`}<${Action} icon="lock" disabled=${waits || !value.trim()} work=${store}>${t.secrets.store}<//></div></div>
    ${shown && html`<div class="notice"><div><p>${t.secrets.copyNow}</p><${Copy} text=${shown} label=${label} /></div></div>`}</div>`;
}
