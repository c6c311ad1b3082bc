// Which of our fields goes under which name to another system, a row each.

import {useState} from "preact/hooks";
import {at} from "./form.js";
import {html} from "./html.js";
import {fill, t} from "./texts.js";
import {Button, Field} from "./ui.js";
import {Pairs} from "./written.js";

const CONTACT = ["first_name", "last_name", "email", "phone", "company", "street", "city", "state", "postal_code", "country"].map((name) => `contact.${name}`);
const OURS = ["lead_id", "ping_id", "price", "price_cents", "score", "test", "bid_reference", "webhook_id", "consent.given", "consent.text", "consent.at", "consent.ip", "consent.page", "consent.trusted_form",
  "consent.jornaya", "attribution.utm_source", "attribution.utm_campaign", "time.now", "time.received", "email_sha256", "phone_sha256"];
// What says who the person is, and so is in no ping.
const PERSONAL = /^contact\.(first_name|last_name|email|phone|street|company)$|^consent\.ip$/;

/** The rows at a place of the form. `known`: id of the list of fields to choose from. */
export function FieldRows({form, place, known, names, purpose}) {
  const rows = at(form.doc, place) || [];
  const [opened, setOpened] = useState(null);
  const words = t.people.endpoint;
  const set = (row, fields) => form.set(place, rows.map((one, other) => (other === row ? {...one, ...fields} : one)));
  const attributes = names.campaigns.flatMap((campaign) => Object.keys(campaign.attributes || {}).map((name) => `attributes.${name}`));
  const ours = [...new Set([...CONTACT, ...attributes, ...OURS])].filter((one) => purpose !== "ping" || !PERSONAL.test(one));
  return html`<datalist id=${`${known}-${place}`}>${ours.map((one) => html`<option value=${one}></option>`)}</datalist>
    ${rows.length > 0 && html`<ul class="mapping">${rows.map((one, row) => html`<li class="mapping-row" key=${row}>
      <${Field} label=${words.ours} aria-label=${fill(words.oursOf, {number: row + 1})} list=${`${known}-${place}`} value=${one.field ?? ""} placeholder=${words.constant} autocomplete="off" wrong=${form.wrong(`${place}[${row}].field`) || form.wrong(`${place}[${row}]`)}
        onInput=${(event) => set(row, {field: event.target.value || null})} />
      <span class="mapping-arrow" aria-hidden="true">→</span>
      <${Field} label=${words.theirs} aria-label=${fill(words.theirsOf, {number: row + 1})} value=${one.name} autocomplete="off" wrong=${form.wrong(`${place}[${row}].name`)} onInput=${(event) => set(row, {name: event.target.value})} />
      ${(!one.field || opened === row) && html`<${Field} label=${one.field ? words.otherwise : words.always} value=${one.value ?? ""} wrong=${form.wrong(`${place}[${row}].value`)} onInput=${(event) => set(row, {value: event.target.value === "" ? null : event.target.value})} />`}
      <span class="line nowrap"><${Button} small tone="plain" icon="edit" title=${fill(words.moreOf, {number: row + 1})} aria-expanded=${opened === row ? "true" : "false"} onClick=${() => setOpened(opened === row ? null : row)} />
        <${Button} small tone="plain" icon="bin" title=${fill(words.removeField, {number: row + 1})} onClick=${() => { setOpened(null); form.set(place, rows.filter((_, other) => other !== row)); }} /></span>
      ${opened === row && html`<div class="mapping-more"><label class="switch"><input type="checkbox" role="switch" checked=${Boolean(one.required)} onChange=${(event) => set(row, {required: event.target.checked})} /><span>${words.required}</span></label>
        <${Pairs} form=${form} place=${`${place}[${row}].values`} between="=" label=${words.values} hint=${words.valuesHint} /></div>`}</li>`)}</ul>`}
    <div><${Button} small icon="plus" onClick=${() => form.set(place, [...rows, {name: "", field: null}])}>${words.addField}<//></div>`;
}
