// Pausing somebody, and letting them get leads again, with one click.

import {change} from "./change.js";
import {html} from "./html.js";
import {forgetNames} from "./names.js";
import {fill, t} from "./texts.js";
import {Action} from "./ui.js";

/** `one`: the recipient; `named`: with a word beside the sign. */
export function Pause({one, named, after}) {
  const pause = async () => {
    await change(`recipients/${one.id}`, {paused: !one.paused});
    forgetNames();
    return fill(one.paused ? t.now.resumed : t.now.paused, {name: one.name});
  };
  const title = fill(one.paused ? t.now.resume : t.now.pause, {name: one.name});
  return html`<${Action} small tone="plain" icon=${one.paused ? "play" : "pause"} title=${title} aria-label=${title} work=${pause} after=${after}>
    ${named && html`<span class="pause-word">${one.paused ? t.people.resume : t.people.pause}</span>`}<//>`;
}
