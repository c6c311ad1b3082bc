// Screen Now: what is going on, and what needs somebody.

import {html} from "./html.js";
import {get} from "./api.js";
import {useLoad, useTitle} from "./hooks.js";
import {t} from "./texts.js";
import {Loaded, Panel, ScreenHead} from "./ui.js";

export default function Now() {
  useTitle(t.screens.now);
  const overview = useLoad((signal) => get("reports/overview", {}, signal), [], {every: 5000});
  return html`<${ScreenHead} title=${t.screens.now} />
    <${Panel} title="Leads"><${Loaded} of=${overview}>${(found) => html`<p>${found.today.so_far.received}</p>`}<//><//>`;
}
