// What a comparison compares with, by the kind of value that it asks for.

import {useId} from "preact/hooks";
import {DAYS} from "./condition_fields.js";
import {useTyped} from "./hooks.js";
import {html} from "./html.js";
import {Icon} from "./icons.js";
import {codesOf, spelt} from "./spelling.js";
import {fill, t} from "./texts.js";

const LONG = 40;

/** The fields for a value. `asked` is its kind: one, many, number, span, text, near, hours, nothing. */
export function ValueOf({asked, field, value, set, wrong}) {
  const kinds = {nothing: () => null, many: Many, number: Amount, span: Span, text: Text, near: Near, hours: Hours};
  const Kind = kinds[asked] || (field.type === "boolean" ? YesNo : field.options?.length ? OneOf : field.type === "number" ? Amount : Text);
  return html`<${Kind} field=${field} value=${value} set=${set} label=${fill(t.conditions.value, {field: field.label})} invalid=${wrong ? "true" : undefined} />`;
}

const Box = ({children, like = ""}) => html`<span class=${`field condition-value ${like}`}>${children}</span>`;

/** A text, or a number where the field takes any: what stood there stays what it is. */
function Text({field, value, set, label, invalid}) {
  const list = useId(), codes = codesOf(field.path);
  return html`<${Box}><input aria-label=${label} aria-invalid=${invalid} value=${value ?? ""} autocomplete="off" list=${codes.length ? list : undefined}
    onInput=${(event) => set(meant(event.target.value, field, [value]))} onChange=${() => set(spelt(field.path, value))} />
    ${codes.length > 0 && html`<datalist id=${list}>${codes.map(([code, name]) => html`<option value=${code}>${name}</option>`)}</datalist>`}<//>`;
}

/** What was typed, as the field's type wants it. Forms know only text, so a number where there may be either means both. */
function meant(text, field, had = []) {
  const same = had.find((one) => String(one) === text);
  if (same !== undefined && same !== null) return same;
  const isNumber = text.trim() !== "" && String(Number(text)) === text.trim();
  if (text === "") return null;
  return isNumber && (field.type === "number" || field.type === "any") ? Number(text) : text;
}

const number = (text) => (text.trim() === "" || Number.isNaN(Number(text)) ? null : Number(text));
const shown = (value) => (value === null || value === undefined ? "" : String(value));

function Amount({value, set, label, invalid}) {
  return html`<${Box}><${NumberIn} value=${value} set=${set} label=${label} invalid=${invalid} /><//>`;
}

function NumberIn({value, set, label, invalid}) {
  const [text, typed] = useTyped(value, shown, number, set);
  return html`<input type="number" step="any" aria-label=${label} aria-invalid=${invalid} value=${text} onInput=${typed} />`;
}

function Span({field, value, set, invalid}) {
  const [low = null, high = null] = value || [];
  const input = (name, one, put) => html`<${NumberIn} label=${fill(t.conditions[name], {field: field.label})} invalid=${invalid} value=${one} set=${put} />`;
  return html`<${Box}><span class="condition-pair">${input("from", low, (one) => set([one, high]))}<span>${t.conditions.to}</span>${input("upTo", high, (one) => set([low, one]))}</span><//>`;
}

function YesNo({value, set, label, invalid}) {
  return html`<${Box}><select aria-label=${label} aria-invalid=${invalid} value=${String(value)} onChange=${(event) => set(event.target.value === "true")}>
    ${value === null && html`<option value="null">${t.conditions.choose}</option>`}
    ${["true", "false"].map((flag) => html`<option value=${flag}>${t.conditions.flags[flag]}</option>`)}</select><//>`;
}

function OneOf({field, value, set, label, invalid}) {
  const known = field.options.some(([one]) => one === value);
  return html`<${Box}><select aria-label=${label} aria-invalid=${invalid} value=${String(value)} onChange=${(event) => set(field.options.find(([one]) => String(one) === event.target.value)[0])}>
    ${!known && html`<option value=${String(value)}>${value ?? t.conditions.choose}</option>`}
    ${field.options.map(([one, words]) => html`<option value=${String(one)}>${words}</option>`)}</select><//>`;
}

const Many = ({field, ...more}) => (field.options?.length ? html`<${Chosen} field=${field} ...${more} />` : html`<${Listed} field=${field} ...${more} />`);

/** Several of those that there are: chosen one by one. */
function Chosen({field, value, set, label, invalid}) {
  const has = value || [];
  const left = field.options.filter(([one]) => !has.includes(one));
  const called = (one) => field.options.find(([known]) => known === one)?.[1] ?? String(one);
  return html`<${Box} like="wide"><span class="chips">${has.map((one) => html`<button type="button" class="chip" key=${String(one)} aria-label=${fill(t.conditions.removeValue, {value: called(one)})}
      onClick=${() => set(has.filter((other) => other !== one))}>${called(one)}<${Icon} name="cross" size=${14} /></button>`)}
    ${left.length > 0 && html`<select aria-label=${label} aria-invalid=${invalid} value="" onChange=${(event) => {
      const found = left.find(([one]) => String(one) === event.target.value);
      if (found) set([...has, found[0]]);
      event.target.value = "";
    }}><option value="">${has.length ? t.conditions.chooseMore : t.conditions.choose}</option>
      ${left.map(([one, words]) => html`<option value=${String(one)}>${words}</option>`)}</select>`}</span><//>`;
}

/** Several that are typed, with commas; where one has a comma in it, or there are very many, a line each. */
function Listed({field, value, set, label, invalid}) {
  const has = value || [];
  const lines = has.length > LONG || has.some((one) => String(one).includes(","));
  const read = (text) => text.split(lines ? /\n/ : /[,\n]/).map((one) => one.trim()).filter(Boolean).map((one) => meant(one, field, has));
  const [text, typed] = useTyped(has, (those) => those.join(lines ? "\n" : ", "), read, set);
  const given = {"aria-label": label, "aria-invalid": invalid, value: text, autocomplete: "off", onInput: typed, onChange: () => set(has.map((one) => spelt(field.path, one)))};
  return html`<${Box}>${lines ? html`<textarea ...${given}></textarea>` : html`<input placeholder=${t.conditions.listHint} ...${given} />`}<//>`;
}

function Near({value, set, invalid}) {
  const now = {postal_code: "", miles: null, ...value};
  return html`<${Box} like="wide"><span class="condition-pair">
    <${NumberIn} label=${t.conditions.miles} invalid=${invalid} value=${now.miles} set=${(miles) => set({...now, miles})} /><span>${t.conditions.milesOf}</span>
    <input inputmode="numeric" aria-label=${t.conditions.code} aria-invalid=${invalid} value=${now.postal_code} placeholder="90210" onInput=${(event) => set({...now, postal_code: event.target.value.trim()})} /></span><//>`;
}

let zones = null;
/** Every zone of the browser's, with the one that is set. */
const zonesWith = (zone) => {
  zones ||= Intl.supportedValuesOf("timeZone");
  return zones.includes(zone) ? zones : [zone, ...zones];
};

function Hours({value, set, invalid}) {
  const now = {from: "", until: "", zone: "UTC", days: DAYS, ...value};
  const toggle = (day) => set({...now, days: DAYS.filter((one) => (one === day) !== now.days.includes(one))});
  const time = (name, label) => html`<input type="time" aria-label=${label} aria-invalid=${invalid} value=${now[name].slice(0, 5)} onInput=${(event) => set({...now, [name]: event.target.value})} />`;
  return html`<${Box} like="hours"><span class="condition-pair">${time("from", t.conditions.fromTime)}<span>${t.conditions.to}</span>${time("until", t.conditions.untilTime)}</span>
    <span class="chips" role="group" aria-label=${t.conditions.onDays}>${DAYS.map((day) => html`<button type="button" class="chip day" title=${t.conditions.days.long[day]}
      aria-pressed=${now.days.includes(day) ? "true" : "false"} onClick=${() => toggle(day)}>${t.conditions.days.short[day]}</button>`)}</span>
    <select aria-label=${t.conditions.zone} value=${now.zone} onChange=${(event) => set({...now, zone: event.target.value})}>
      ${zonesWith(now.zone).map((zone) => html`<option value=${zone}>${zone.replaceAll("_", " ")}</option>`)}</select><//>`;
}
