// How leads come in: the form to copy, or the platform to connect.

import {request} from "./api.js";
import {html} from "./html.js";
import {useLoad} from "./hooks.js";
import {Icon} from "./icons.js";
import {to} from "./route.js";
import {FormSnippet} from "./source_form.js";
import {t} from "./texts.js";
import {Empty, Loaded, Panel} from "./ui.js";

export function Site({of: {campaign, source}}) {
  const read = useLoad((signal) => request("GET", `sources/${source.id}`, {signal}), [source.id]);
  const text = t.start.site, more = html`<a class="button small" href=${to(["sources", "source", source.id])}>${text.more}</a>`;
  // A form has a field that people do not see; what else sends leads has none.
  if (!source.honeypot_field) return html`<${Panel} title=${text.connect}><${Empty} tone="" icon="funnel" title=${text.connectTitle} action=${more}>${text.connectAbout}<//><//>`;
  return html`<${Loaded} of=${read}>${(found) => html`<${FormSnippet} read=${found} campaign=${campaign} />`}<//>
    <p class="notice"><${Icon} name="funnel" /><span>${text.later} ${more}</span></p>`;
}
