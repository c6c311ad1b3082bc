// A secret: stored, replaced, never shown again.

import {useState} from "preact/hooks";
import {request} from "./api.js";
import {html} from "./html.js";
import {fill, t} from "./texts.js";
import {Action, Field} from "./ui.js";

/** A field for the secret of that name, of the document at `path`. `stored`: whether the document is there already. */
export function Secret({path, name, stored, hint}) {
  const [value, setValue] = useState("");
  const store = async () => {
    await request("PUT", `${path}/secrets/${name}`, {body: {value}});
    setValue("");
    return fill(t.people.secrets.done, {name});
  };
  return html`<div class="line secret-row"><div class="grow"><${Field} label=${fill(t.people.secrets.label, {name})} type="password" autocomplete="new-password" value=${value}
      disabled=${!stored} hint=${stored ? hint || t.people.secrets.hint : t.people.secrets.saveFirst} onInput=${(event) => setValue(event.target.value)} /></div>
    <${Action} small icon="lock" disabled=${!stored || !value} work=${store}>${t.people.secrets.store}<//></div>`;
}
