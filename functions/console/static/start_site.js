// How leads come in: the form to copy, or the platform to connect.

import {html} from "./html.js";
import {Icon} from "./icons.js";
import {to} from "./route.js";
import {FormSnippet} from "./source_form.js";
import {formOf} from "./start_setup.js";
import {t} from "./texts.js";
import {Empty, Panel} from "./ui.js";

export function Site({of: {campaign, source, unasked}}) {
  const text = t.start.site, more = html`<a class="button small" href=${to(["sources", "source", source.id])}>${text.more}</a>`;
  // A form has a field that people do not see; what else sends leads has none.
  if (!source.honeypot_field) return html`<${Panel} title=${text.connect}><${Empty} tone="" icon="funnel" title=${text.connectTitle} action=${more}>${text.connectAbout}<//><//>`;
  return html`<${FormSnippet} source=${source} campaign=${campaign} consent=${formOf(campaign.id)?.consent} leave=${unasked} />
    <p class="notice"><${Icon} name="funnel" /><span>${text.later} ${more}</span></p>`;
}
