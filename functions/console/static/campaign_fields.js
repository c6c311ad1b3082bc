// What a campaign asks for, field by field: contact fields, and questions of its own.

import {useState} from "preact/hooks";
import {At} from "./form.js";
import {ListAt} from "./form_parts.js";
import {html} from "./html.js";
import {Icon} from "./icons.js";
import {useNames} from "./names.js";
import {to} from "./route.js";
import {CONTACT_FIELDS, inWords, titleOf} from "./snippet.js";
import {waysOf} from "./source_kinds.js";
import {fill, t} from "./texts.js";
import {Badge, Button, Empty, Field, Panel} from "./ui.js";

// Of the contact, what a buyer may be told before it buys: where somebody lives, and nothing else.
const PLACES = new Set(["contact.city", "contact.state", "contact.postal_code", "contact.country"]);
const TYPES = ["text", "number", "boolean", "list", "moment"];
const ATTRIBUTE = "attributes.";
const LONGEST = 200;

/** `stored`: the campaign as it is kept; `lately`: what has to be there since it was saved from here. */
export function CampaignFields({form, stored, lately}) {
  const {fields: words} = t.sources, {doc} = form;
  const own = Object.keys(doc.attributes || {}).map((name) => ATTRIBUTE + name);
  const named = [...(doc.required || []), ...Object.keys(doc.fields || {}), ...(doc.pingable || [])];
  const contact = CONTACT_FIELDS.map((name) => `contact.${name}`).filter((path) => named.includes(path));
  const undeclared = [...new Set(named)].filter((path) => path.startsWith(ATTRIBUTE) && !own.includes(path));
  const rows = [...contact, ...own, ...undeclared];
  return html`<${Panel} title=${words.title} about=${words.about} flush>
    ${lately.length > 0 && html`<div class="panel-body"><${Refuses} campaign=${doc} paths=${lately} words=${words.breaks.after} /></div>`}
    ${rows.length ? html`<ul class="rows">${rows.map((path) => html`<${OneField} key=${path} form=${form} path=${path} own=${own} isNew=${newlyAsked(stored, doc).includes(path)} />`)}</ul>`
      : html`<${Empty} icon="edit" tone="" title=${words.none}>${words.noneAbout}<//>`}
    <div class="panel-body"><${AddField} form=${form} rows=${rows} /></div><//>`;
}

/** What has to be there in every lead, and had not to be before. */
export const newlyAsked = (before, after) => (after.required || []).filter((path) => !(before.required || []).includes(path));

/** Leads that are refused by what a campaign newly asks: those of pages that have an older form, and of whatever else sends. */
function Refuses({campaign, paths, words}) {
  const mine = useNames().sources.filter((one) => one.campaign_id === campaign.id);
  if (!paths.length || !mine.length) return null;
  const forms = mine.filter((one) => waysOf(one).includes("form")), others = mine.filter((one) => !forms.includes(one));
  return html`<div class="notice heed" role="status"><${Icon} name="alert" /><div>
    ${forms.length > 0 && html`<p>${fill(words, {titles: paths.map(titleOf).join(", ")})} ${forms.map((one, at) => html`${at > 0 && ", "}<a key=${one.id} href=${to(["sources", "source", one.id])}>${one.name}</a>`)}</p>`}
    ${others.length > 0 && html`<p>${fill(t.sources.fields.breaks.others, {sources: others.map((one) => one.name).join(", ")})}</p>`}</div></div>`;
}

function OneField({form, path, own, isNew}) {
  const {fields: words} = t.sources, {doc} = form;
  const name = path.slice(ATTRIBUTE.length), at = own.indexOf(path), type = doc.attributes?.[name];
  const isContact = path.startsWith("contact."), rule = doc.fields?.[path], rulePlace = ruleAt(path);
  const has = (list) => (doc[list] || []).includes(path);
  const toggle = (list) => (event) => {
    form.set(list, event.target.checked ? [...(doc[list] || []), path] : doc[list].filter((one) => one !== path));
    // A field of the contact of which nothing is said any more would be gone from the form.
    if (!event.target.checked && isContact && !rule) form.set(["fields", path], plainRule(path));
  };
  const move = (by) => {
    const entries = Object.entries(doc.attributes);
    entries.splice(at + by, 0, ...entries.splice(at, 1));
    form.set("attributes", Object.fromEntries(entries));
  };
  const title = titleOf(path);
  const mayPing = PLACES.has(path) || !isContact;
  return html`<li class="field-row"><div class="line between"><div><strong>${title}</strong></div>
      <div class="line nowrap">${isContact && html`<${Badge}>${words.contact}<//>`}
        ${at > 0 && html`<${Button} small tone="plain" icon="up" title=${fill(words.up, {title})} onClick=${() => move(-1)} />`}
        ${at >= 0 && at < own.length - 1 && html`<${Button} small tone="plain" icon="down" title=${fill(words.down, {title})} onClick=${() => move(1)} />`}
        <${Button} small tone="plain" icon="bin" title=${fill(words.remove, {title})} onClick=${() => remove(form, path)} /></div></div>
    <div class="field-line">${at >= 0 && html`<${At} form=${form} place=${`attributes.${name}`} label=${words.type} options=${TYPES.map((one) => [one, words.types[one]])} />`}
      <div class="ticks"><label><input type="checkbox" checked=${has("required")} onChange=${toggle("required")} /><span>${words.required}</span></label>
        ${mayPing && html`<label><input type="checkbox" checked=${has("pingable")} onChange=${toggle("pingable")} /><span>${words.pingable}</span></label>`}</div></div>
    ${isNew && html`<${Refuses} campaign=${doc} paths=${[path]} words=${words.breaks.before} />`}
    <details><summary class="small">${rule ? words.moreSet : words.more}</summary><p class="small quiet">${fill(words.sentAs, {name: path})}</p><div class="fields">
      ${type !== "boolean" && type !== "moment" && html`<${Options} form=${form} path=${path} type=${type} />`}
      ${(type === "number" || rule?.minimum != null || rule?.maximum != null) && html`<${At} form=${ruled(form, path)} place=${rulePlace("minimum")} type="number" step="any" label=${words.minimum} />
        <${At} form=${ruled(form, path)} place=${rulePlace("maximum")} type="number" step="any" label=${words.maximum} />`}
      ${(isContact || !type || type === "text") && html`<${At} form=${ruled(form, path)} place=${rulePlace("format")} label=${words.format} options=${[["", t.common.nothing], ...Object.entries(words.formats)]} />
        <${At} form=${ruled(form, path)} place=${rulePlace("max_length")} type="number" min="1" label=${words.longest} />
        <${At} form=${ruled(form, path)} place=${rulePlace("pattern")} label=${words.pattern} hint=${words.patternHint} />`}
      <${At} form=${ruled(form, path)} place=${rulePlace("on_fault")} empty="refuse" value=${rule?.on_fault || "refuse"} label=${words.fault} options=${Object.entries(words.faults)} /></div>
      ${rule?.required_if && html`<p class="small quiet">${words.requiredIf}</p>`}</details></li>`;
}

/** The only answers that are taken, with commas between them. Numbers stay numbers. */
function Options({form, path, type}) {
  const as = (text) => (type === "number" && !Number.isNaN(Number(text)) ? Number(text) : text);
  return html`<${ListAt} form=${ruled(form, path)} place=${ruleAt(path)("allowed")} as=${as} label=${t.sources.fields.options} hint=${t.sources.fields.optionsHint} />`;
}

/** The rule by which a form asks for a field of the contact, and takes a lead without it. */
const plainRule = (path) => ({"contact.email": {format: "email"}, "contact.phone": {format: "phone"}}[path] || {max_length: LONGEST});

/** The place of a rule of a field. The path has a dot in it, which is no step down: `at` and `put` take it in brackets. */
const ruleAt = (path) => (name) => ["fields", path, name];

/** The form, for the places of one field's rule: one that asks nothing is none. */
const ruled = (form, path) => ({
  ...form,
  set: (place, value) => {
    const fields = {...(form.doc.fields || {})};
    const rule = {...fields[path], [place.at(-1)]: value};
    const asks = Object.entries(rule).some(([name, one]) => one !== null && one !== undefined && one !== "" && !(Array.isArray(one) && !one.length) && !(name === "on_fault" && one === "refuse"));
    if (asks) fields[path] = rule;
    else delete fields[path];
    form.set("fields", fields);
  },
});

function remove(form, path) {
  const {doc} = form;
  const without = (list) => (doc[list] || []).filter((one) => one !== path);
  const left = (map, key) => Object.fromEntries(Object.entries(map || {}).filter(([name]) => name !== key));
  form.set("required", without("required"));
  form.set("pingable", without("pingable"));
  form.set("fields", left(doc.fields, path));
  if (path.startsWith(ATTRIBUTE)) form.set("attributes", left(doc.attributes, path.slice(ATTRIBUTE.length)));
}

function AddField({form, rows}) {
  const {fields: words} = t.sources;
  const [chosen, setChosen] = useState("");
  const [name, setName] = useState("");
  const left = CONTACT_FIELDS.map((one) => `contact.${one}`).filter((path) => !rows.includes(path));
  const key = keyOf(name), taken = rows.includes(ATTRIBUTE + key);
  const add = () => {
    if (chosen) form.set(["fields", chosen], plainRule(chosen));
    else form.set("attributes", {...(form.doc.attributes || {}), [key]: "text"});
    setChosen("");
    setName("");
  };
  const typed = (event) => { if (event.key === "Enter" && !chosen && key && !taken) { event.preventDefault(); add(); } };
  return html`<div class="add"><${Field} label=${words.addWhat} value=${chosen} onChange=${(event) => setChosen(event.target.value)} options=${[["", words.own], ...left.map((path) => [path, titleOf(path)])]} />
    ${!chosen && html`<${Field} label=${words.question} hint=${key ? fill(words.sentAs, {name: key}) : words.questionHint} wrong=${taken ? fill(words.taken, {title: inWords(key)}) : ""} value=${name} autocomplete="off" onInput=${(event) => setName(event.target.value)} onKeyDown=${typed} />`}
    <${Button} icon="plus" disabled=${!chosen && (!key || taken)} onClick=${add}>${words.add}<//></div>`;
}

/** What a question is called in a form: "Roof in m²" is roof_in_m2. */
const keyOf = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 64);
