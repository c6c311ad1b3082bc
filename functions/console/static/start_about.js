// First run, step 1: what the leads are about, and what the form asks.

import {At} from "./form.js";
import {html} from "./html.js";
import {CONTACT} from "./start_questions.js";
import {newKey} from "./start_setup.js";
import {fill, t} from "./texts.js";
import {Button, Panel} from "./ui.js";

export function About({form}) {
  const {doc: {questions}, set, wrong} = form, text = t.start.about;
  const add = (more) => set("questions", [...questions, {key: newKey(), must: false, ...more}]);
  const missing = CONTACT.filter((name) => !questions.some(({contact}) => contact === name));
  return html`<${Panel} title=${text.title}>
      <${At} form=${form} place="name" empty="" label=${text.name} hint=${text.nameHint} maxlength="100" autocomplete="off" required /><//>
    <${Panel} title=${text.questions} about=${text.questionsAbout}>
      <div class="start-questions">${questions.map((one, at) => html`<${Question} key=${one.key} one=${one} at=${at} form=${form}
        remove=${() => set("questions", questions.filter((other) => other !== one))} />`)}</div>
      ${wrong("questions") && html`<p class="wrong small" role="alert">${wrong("questions")}</p>`}
      <div class="line">
        <${Button} small icon="plus" onClick=${() => add({label: "", kind: "text", choices: ""})}>${text.own}<//>
        ${missing.map((name) => html`<${Button} key=${name} small tone="plain" icon="plus" onClick=${() => add({contact: name})}>${t.start.contact[name]}<//>`)}</div>
      <${At} form=${form} place="consent" empty="" label=${text.consent} hint=${text.consentHint} maxlength="4000" /><//>`;
}

function Question({one, at, form, remove}) {
  const text = t.start.about, place = `questions[${at}]`, name = one.contact ? t.start.contact[one.contact] : one.label || text.newQuestion;
  return html`<div class="start-question" role="group" aria-label=${name}>
    ${one.contact ? html`<strong class="start-question-name">${name}</strong>` : html`<div class="start-question-own">
      <${At} form=${form} place=${`${place}.label`} empty="" label=${text.label} maxlength="100" autocomplete="off" />
      <${At} form=${form} place=${`${place}.kind`} label=${text.kind} options=${Object.entries(text.kinds)} />
      ${one.kind === "choice" && html`<${At} form=${form} place=${`${place}.choices`} empty="" label=${text.choices} hint=${text.choicesHint} autocomplete="off" />`}</div>`}
    <label class="start-question-must"><input type="checkbox" checked=${one.must} onChange=${(event) => form.set(`${place}.must`, event.target.checked)} />${text.must}</label>
    <${Button} small tone="plain" icon="cross" title=${fill(text.remove, {name})} onClick=${remove} /></div>`;
}
