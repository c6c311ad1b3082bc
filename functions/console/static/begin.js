// What to do where there is nothing yet: set something up, or send the first lead to what there is.

import {html} from "./html.js";
import {useNames} from "./names.js";
import {to} from "./route.js";
import {t} from "./texts.js";

/** The link that leads on, for an empty list. */
export function Begin() {
  const {campaigns} = useNames();
  const newest = campaigns.at(-1);
  return html`<a class="button small" href=${newest ? to(["start", newest.id]) : to(["start"])}>${newest ? t.start.test : t.start.title}</a>`;
}
