// The form of a source: what it asks and says, kept with the source, how it looks, and the text to be put into a web site.

import {useState} from "preact/hooks";
import {API} from "./api.js";
import {Editable, SaveBar, useForm} from "./form.js";
import {agreed, firstWords} from "./form_words.js";
import {html} from "./html.js";
import {Icon} from "./icons.js";
import {to} from "./route.js";
import {asSeen, asText, formOf, questionsOf} from "./snippet.js";
import {fill, t} from "./texts.js";
import {Button, Copy, Field, Panel, Switch} from "./ui.js";

/** The form of the source that was `read`, `{data, etag}`. `saved` is told once its words are stored. */
export function FormSnippet({read, campaign, saved}) {
  const {form: words} = t.sources;
  const asksConsent = Boolean(campaign.consent?.required);
  const begun = beginning(read.data.form, asksConsent);
  const [kept, setKept] = useState(begun === read.data.form ? begun : null);
  const form = useForm({read: {...read, data: {...read.data, form: begun}}, path: ({id}) => `sources/${id}`,
    saved: (source) => { setKept(source.form); saved?.(source); }});
  const source = form.doc, said = source.form;
  const asked = questionsOf(campaign).filter((one) => one.required || !said.unasked.includes(one.path));
  const elements = formOf({api: API, source, questions: asked, said: {
    consent: said.consent?.text, version: said.consent?.version, consentRequired: asksConsent, button: said.button || words.buttonText, thanks: said.thanks || words.thanksText,
  }});
  return html`<${Panel} title=${words.title} about=${words.about}>
    <div class="halves"><div class="stack"><${Editable}>
      <${Asked} form=${form} campaign=${campaign} asked=${asked} />
      <${Agreed} form=${form} kept=${kept?.consent} always=${asksConsent} />
      <div class="fields"><${Said} form=${form} name="button" label=${words.button} /><${Said} form=${form} name="thanks" label=${words.thanks} /></div><//>
    </div><div class="stack"><h3>${words.look}</h3><div class="look" inert=${true}>${asSeen(elements)}</div>
      <p class="small quiet">${words.lookAbout}</p></div></div>
    <h3 class="above">${words.copy}</h3>
    ${!kept ? html`<div class="notice heed"><${Icon} name="alert" /><div>${words.proposed}</div><${Button} small tone="main" changes busy=${form.busy} onClick=${form.save}>${words.keep}<//></div>`
      : form.dirty ? html`<p class="notice heed"><${Icon} name="alert" /><span>${words.saveFirst}</span></p>`
      : html`<p class="small quiet">${words.copyAbout}</p><${Copy} block text=${asText(elements)} label=${words.title} />`}
    <ul class="steps-plain small quiet">${[...words.notes, ...(kept ? [words.pagesKeep] : [])].map((note) => html`<li>${note}</li>`)}
      <li>${source.allowed_origins.length ? fill(words.sites, {sites: source.allowed_origins.join(", ")}) : words.anySite}</li></ul>
    ${(kept && form.dirty || form.conflict) && html`<${SaveBar} form=${form} />`}<//>`;
}

/** What is stored, or where something of it has to be said first, what is proposed. */
function beginning(stored, asksConsent) {
  if (!stored) return firstWords();
  return asksConsent && !stored.consent ? {...stored, consent: firstWords().consent} : stored;
}

/** What the form asks, of what its campaign takes. */
function Asked({form, campaign, asked}) {
  const {form: words} = t.sources, {unasked} = form.doc.form;
  const choose = (path, on) => form.set("form.unasked", on ? unasked.filter((one) => one !== path) : [...unasked, path]);
  return html`<fieldset class="some"><legend>${words.asks}</legend>${questionsOf(campaign).map((one) => html`<label key=${one.path}>
      <input type="checkbox" checked=${asked.some(({path}) => path === one.path)} disabled=${one.required} onChange=${(event) => choose(one.path, event.target.checked)} />
      <span>${one.title}${one.required && html` <span class="quiet small">${words.always}</span>`}</span></label>`)}</fieldset>
    <p class="small quiet"><a href=${to(["sources", "campaign", campaign.id], {add: "question"})}>${words.addQuestion}</a> ${fill(words.addAbout, {campaign: campaign.name})}</p>`;
}

/** Whether it asks for consent, and in which words. */
function Agreed({form, kept, always}) {
  const {form: words} = t.sources, {consent} = form.doc.form;
  const set = (text) => form.set("form.consent", agreed(text, kept));
  const hint = consent === kept ? fill(words.consentKept, {version: consent?.version}) : kept ? words.consentHint : "";
  return html`<${Switch} label=${words.agrees} on=${Boolean(consent)} disabled=${always} hint=${always ? words.agreesAlways : ""}
      set=${(on) => (on ? set(kept?.text || words.consentText) : form.set("form.consent", null))} />
    ${consent && html`<${Field} area label=${words.consent} hint=${hint} maxlength="4000" value=${consent.text} wrong=${form.wrong("form.consent.text") || form.wrong("form.consent.version")} onInput=${(event) => set(event.target.value)} />`}`;
}

const Said = ({form, name, label}) => html`<${Field} label=${label} value=${form.doc.form[name] ?? t.sources.form[`${name}Text`]} wrong=${form.wrong(`form.${name}`)}
  onInput=${(event) => form.set(`form.${name}`, event.target.value)} />`;
