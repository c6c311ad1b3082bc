// How the form comes into the web site, or where a platform is connected.

import {html} from "./html.js";
import {to} from "./route.js";
import {consentOf} from "./start_setup.js";
import {snippet} from "./start_snippet.js";
import {fill, t} from "./texts.js";
import {Copy, Panel} from "./ui.js";

export function Site({of: {campaign, source, questions}}) {
  const text = t.start.site, consent = campaign.consent?.required ? consentOf(campaign.id) : "";
  const sites = (source.allowed_origins || []).filter((origin) => origin !== location.origin);
  return html`<${Panel} title=${text.title} about=${text.about}>
    <ol class="start-list">
      <li>${text.copy}<${Copy} block text=${snippet(source.id, questions, consent)} label=${text.snippet} /></li>
      <li>${sites.length ? fill(text.only, {sites: sites.join(", ")}) : text.anySite}</li>
      <li>${text.every}</li></ol>
    <p><a class="button" href=${to(["sources", source.id])}>${text.more}</a></p><//>`;
}
