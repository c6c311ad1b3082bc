// The form of a source, ready to be put into a web site, and how it looks.

import {useState} from "preact/hooks";
import {API} from "./api.js";
import {html} from "./html.js";
import {asSeen, asText, formOf, questionsOf} from "./snippet.js";
import {fill, t} from "./texts.js";
import {Copy, Field, Panel, Switch} from "./ui.js";

/** The snippet of a source's form: what it asks and says can be chosen, the text to copy follows. `consent`, `leave`: what to begin with. */
export function FormSnippet({source, campaign, consent, leave = []}) {
  const {form: words} = t.sources;
  const questions = questionsOf(campaign);
  const [left, setLeft] = useState(() => new Set(leave));
  const asksConsent = Boolean(campaign.consent?.required);
  const company = campaign.acknowledgement?.company || words.ourCompany;
  const [said, setSaid] = useState({
    agrees: consent !== "", consent: consent || fill(words.consentText, {company}), button: words.buttonText, thanks: words.thanksText,
  });
  const set = (name) => (event) => setSaid({...said, [name]: event.target.value});
  const asked = questions.filter((one) => one.required || !left.has(one.path));
  const elements = formOf({api: API, source, questions: asked, said: {
    ...said, consent: said.agrees || asksConsent ? said.consent : "", consentRequired: asksConsent, version: new Date().toISOString().slice(0, 7),
  }});
  const choose = (path, on) => setLeft((had) => { const next = new Set(had); if (on) next.delete(path); else next.add(path); return next; });
  return html`<${Panel} title=${words.title} about=${words.about}>
    <div class="halves"><div class="stack">
      <fieldset class="some"><legend>${words.asks}</legend>${questions.map((one) => html`<label key=${one.path}>
        <input type="checkbox" checked=${asked.includes(one)} disabled=${one.required} onChange=${(event) => choose(one.path, event.target.checked)} />
        <span>${one.title}${one.required && html` <span class="quiet small">${words.always}</span>`}</span></label>`)}</fieldset>
      <${Switch} label=${words.agrees} on=${said.agrees || asksConsent} disabled=${asksConsent} hint=${asksConsent ? words.agreesAlways : ""} set=${(on) => setSaid({...said, agrees: on})} />
      ${(said.agrees || asksConsent) && html`<${Field} area label=${words.consent} hint=${words.consentHint} value=${said.consent} onInput=${set("consent")} />`}
      <div class="fields"><${Field} label=${words.button} value=${said.button} onInput=${set("button")} /><${Field} label=${words.thanks} value=${said.thanks} onInput=${set("thanks")} /></div>
    </div><div class="stack"><h3>${words.look}</h3><div class="look" inert=${true}>${asSeen(elements)}</div>
      <p class="small quiet">${words.lookAbout}</p></div></div>
    <h3 class="above">${words.copy}</h3><p class="small quiet">${words.copyAbout}</p>
    <${Copy} block text=${asText(elements)} label=${words.title} />
    <ul class="steps-plain small quiet">${words.notes.map((note) => html`<li>${note}</li>`)}
      <li>${source.allowed_origins.length ? fill(words.sites, {sites: source.allowed_origins.join(", ")}) : words.anySite}</li></ul><//>`;
}
