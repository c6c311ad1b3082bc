// A condition made in words: which leads something is for. Screens give the document and its fields, and get it back changed.
//
// What cannot be drawn here, because it nests too deep or says something newer than this page, is shown in words and kept.

import {useState} from "preact/hooks";
import {asks, carried, choicesOf, comparison, empty, fieldsOf, partOf, strange} from "./condition_fields.js";
import {conditionWords, groupOf, ofGroup} from "./condition_words.js";
import {ValueOf} from "./condition_values.js";
import {html} from "./html.js";
import {fill, t} from "./texts.js";
import {Button, Dialog, Field} from "./ui.js";

export {conditionWords, fieldsOf};

const DEEPEST = 3;
const OTHER = " other";

/**
 * The editor of a condition.
 *
 * `value` is the condition, null for every lead; `set` is given what it becomes; `fields` are those of fieldsOf; `wrong(place)` says
 * what is wrong at a place in it, such as "all[0].value", "" being its root; `label` is the question that it answers.
 */
export function ConditionEditor({value, set, fields, wrong = () => null, label = t.conditions.which, none = t.conditions.everyLead}) {
  const whole = value ? groupOf(value) || {mode: "all", parts: [value], bare: true} : {mode: "all", parts: []};
  const change = (group) => set(!group.parts.length ? null
    : group.mode === "all" && group.parts.length === 1 && !groupOf(group.parts[0]) ? group.parts[0] : ofGroup(group));
  return html`<div class="condition" role="group" aria-label=${label}>
    ${whole.parts.length ? html`<${Group} group=${whole} set=${change} fields=${fields} wrong=${wrong} place="" depth=${1} />`
      : html`<p class="condition-none"><strong>${["any", "notAll"].includes(whole.mode) ? t.conditions.noLead : none}</strong></p>${wrong("") && html`<p class="small wrong">${wrong("")}</p>`}
        <div class="line"><${Button} small icon="plus" onClick=${() => change({mode: "all", parts: [begun(fields)]})}>${t.conditions.add}<//></div>`}</div>`;
}

/** What the API says of a comparison that is not filled in, in words for whoever is filling it in. */
const unfilled = (problem) => (problem && UNFILLED.test(problem) ? t.conditions.fillIn : problem);
export const UNFILLED = /^operator '\w+' needs/;

const begun = (fields) => fresh(fields[0] || strange("contact.state"));
const fresh = (field) => {
  const [choice] = choicesOf(field);
  return partOf({choice, field: field.path, value: empty(choice)});
};

/** Comparisons and groups that are joined: all of them, one of them, none. */
function Group({group, set, remove, fields, wrong, place, depth}) {
  const {mode, parts} = group;
  const inner = (at) => (group.bare ? "" : `${place ? `${place}.` : ""}${{all: "all", any: "any", none: "not.any", notAll: "not.all"}[mode]}[${at}]`);
  const put = (at, part) => set({mode, parts: parts.map((one, number) => (number === at ? part : one))});
  const drop = (at) => set({mode, parts: parts.filter((_, number) => number !== at)});
  const add = (part) => set({mode, parts: [...parts, part]});
  const nested = {any: [begun(fields), begun(fields)]};
  return html`<div class=${`condition-group depth-${depth}`} role="group" aria-label=${t.conditions.modes[mode]}>
    <div class="line between"><span class="field condition-mode"><select aria-label=${t.conditions.mode} value=${mode} onChange=${(event) => set({mode: event.target.value, parts})}>
      ${Object.entries(t.conditions.modes).map(([one, words]) => html`<option value=${one}>${words}</option>`)}</select></span>
      ${remove && html`<${Button} small tone="plain" icon="bin" title=${t.conditions.removeGroup} onClick=${remove} />`}</div>
    ${!group.bare && wrong(place) && html`<p class="small wrong">${wrong(place)}</p>`}
    <ul class="condition-parts">${parts.map((part, at) => html`<li key=${at}><${Part} part=${part} set=${(next) => put(at, next)} remove=${() => drop(at)}
      fields=${fields} wrong=${wrong} place=${inner(at)} depth=${depth} /></li>`)}</ul>
    <div class="line"><${Button} small icon="plus" onClick=${() => add(begun(fields))}>${t.conditions.add}<//>
      ${depth < DEEPEST && html`<${Button} small tone="plain" onClick=${() => add(nested)}>${t.conditions.addGroup}<//>`}</div></div>`;
}

function Part({part, set, remove, fields, wrong, place, depth}) {
  const group = groupOf(part), one = comparison(part);
  if (group && depth < DEEPEST) {
    const change = (next) => (next.parts.length ? set(ofGroup(next)) : remove());
    return html`<${Group} group=${group} set=${change} remove=${remove} fields=${fields} wrong=${wrong} place=${place} depth=${depth + 1} />`;
  }
  if (one) return html`<${Comparison} one=${one} set=${(next) => set(partOf(next))} remove=${remove} fields=${fields} wrong=${wrong} place=${place} />`;
  return html`<div class="condition-row kept"><p class="grow"><span class="small quiet">${t.conditions.kept}</span> ${conditionWords(part, fields)}</p>
    <${Button} small tone="plain" icon="cross" title=${t.conditions.remove} onClick=${remove} /></div>`;
}

/** One comparison: a field, how it is compared, and with what. */
function Comparison({one, set, remove, fields, wrong, place}) {
  const [asking, setAsking] = useState(false);
  const field = fields.find(({path}) => path === one.field) || strange(one.field);
  const problem = unfilled(placesOf(place, one.choice).map(wrong).find(Boolean));
  const move = (next) => {
    const choices = choicesOf(next), choice = choices.includes(one.choice) && next.type === field.type ? one.choice : choices[0];
    const keep = next.type === field.type && !next.options?.length && !field.options?.length;
    set({field: next.path, choice, value: keep ? carried(one.value, one.choice, choice) : empty(choice)});
  };
  const pick = (path) => (path === OTHER ? setAsking(true) : move(fields.find((known) => known.path === path)));
  const compare = (choice) => set({...one, choice, value: carried(one.value, one.choice, choice)});
  return html`<div class="condition-row">
    <span class="field condition-field"><select aria-label=${t.conditions.field} value=${field.path} aria-invalid=${problem ? "true" : undefined} onChange=${(event) => { pick(event.target.value); event.target.value = field.path; }}>
      ${grouped(fields, field).map(([group, those]) => html`<optgroup label=${group}>${those.map(({path, label}) => html`<option value=${path}>${t.conditions.listed[path] || label}</option>`)}</optgroup>`)}
      <option value=${OTHER}>${t.conditions.otherField}</option></select></span>
    <span class="field condition-choice"><select aria-label=${fill(t.conditions.choice, {field: field.label})} value=${one.choice} onChange=${(event) => compare(event.target.value)}>
      ${choicesOf(field, one.choice).map((choice) => html`<option value=${choice}>${t.conditions.choices[choice]}</option>`)}</select></span>
    <${ValueOf} asked=${asks(one.choice)} field=${field} value=${one.value} set=${(value) => set({...one, value})} wrong=${problem} />
    <${Button} small tone="plain" icon="cross" title=${fill(t.conditions.removeOne, {field: field.label})} onClick=${remove} />
    ${problem && html`<p class="small wrong">${problem}</p>`}
    ${asking && html`<${OtherField} close=${() => setAsking(false)} chosen=${(path) => { setAsking(false); move(fields.find((known) => known.path === path) || strange(path)); }} />`}</div>`;
}

/** Where the API may say that something is wrong with a comparison. */
function placesOf(place, choice) {
  const inner = choice.startsWith("not ") ? `${place ? `${place}.` : ""}not` : place;
  return [place, inner, ...["field", "op", "value", ...["from", "until", "zone", "days", "postal_code", "miles"].map((name) => `value.${name}`)].map((name) => (inner ? `${inner}.${name}` : name))];
}

function grouped(fields, chosen) {
  const every = fields.includes(chosen) ? fields : [...fields, chosen];
  return Object.values(t.conditions.groups).map((group) => [group, every.filter((one) => one.group === group)]).filter(([, those]) => those.length);
}

/** A field that no campaign declares: what the form calls it. */
function OtherField({close, chosen}) {
  const [name, setName] = useState("");
  const clean = name.trim();
  const path = /^(contact|attributes|attribution|consent|quality)\./.test(clean) ? clean : `attributes.${clean}`;
  return html`<${Dialog} title=${t.conditions.otherField} close=${close} actions=${html`<${Button} onClick=${close}>${t.common.cancel}<//>
      <${Button} tone="main" disabled=${!clean} onClick=${() => chosen(path)}>${t.conditions.useField}<//>`}>
    <${Field} label=${t.conditions.otherName} hint=${t.conditions.otherHint} value=${name} maxlength="100" autocomplete="off" onInput=${(event) => setName(event.target.value)} /><//>`;
}
