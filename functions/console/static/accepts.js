// Which leads somebody may get.

import {ConditionEditor, fieldsOf} from "./conditions.js";
import {html} from "./html.js";
import {t} from "./texts.js";
import {Panel} from "./ui.js";

/** The condition of the form's recipient. */
export const Accepts = ({form, names}) => html`<${Panel} id="accepts" tabindex="-1" title=${t.people.accepts.title} about=${t.people.accepts.about}>
  <${ConditionEditor} value=${form.doc.accepts || null} set=${(condition) => form.set("accepts", condition)} none=${t.people.accepts.any} label=${t.people.accepts.title}
    fields=${fieldsOf({...names, also: [form.doc.accepts]})} wrong=${(place) => form.wrong(place ? `accepts.${place}` : "accepts")} /><//>`;
