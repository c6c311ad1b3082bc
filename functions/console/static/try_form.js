// A lead that is made up to be tried: what the form of a source would send.

import {html} from "./html.js";
import {fill, t} from "./texts.js";
import {Field} from "./ui.js";

const CONTACT = ["first_name", "last_name", "email", "phone", "state", "postal_code"];
const LONG = {list: t.plans.trying.listHint};

/** The fields that a source's campaign asks for, as its form calls them. */
export function asked(source, scene) {
  const answers = scene.fields.filter(({path}) => path.startsWith("attributes."));
  const campaign = scene.names.campaigns.find((one) => one.id === source?.campaign_id);
  const own = new Set([...Object.keys(campaign?.attributes || {}).map((name) => `attributes.${name}`), ...campaign?.required || [], ...Object.keys(campaign?.fields || {})]);
  const contact = [...CONTACT, ...[...own].filter((path) => path.startsWith("contact.")).map((path) => path.slice("contact.".length))];
  const here = answers.filter(({path}) => !Object.keys(campaign?.attributes || {}).length || own.has(path));
  return [
    ...[...new Set(contact)].map((name) => ({name, label: scene.fields.find(({path}) => path === `contact.${name}`)?.label || name, required: own.has(`contact.${name}`) && campaign?.required?.includes(`contact.${name}`)})),
    ...here.map(({path, label, type, options}) => ({name: path.slice("attributes.".length), label, type, options, required: campaign?.required?.includes(path)})),
  ];
}

/** Somebody who does not exist, so that one click shows something. */
export const startOf = (source) => ({sourceId: source?.id || "", fields: {...t.plans.trying.person}});

export function MadeUp({form, set, sources, scene, error}) {
  const source = sources.find((one) => one.id === form.sourceId), {trying} = t.plans;
  const put = (name, value) => {
    const {[name]: _, ...rest} = form.fields;
    set({...form, fields: value === "" ? rest : {...rest, [name]: value}});
  };
  const wrong = (name) => error?.errors?.find((one) => [`contact.${name}`, `attributes.${name}`, name].includes(one.field))?.problem;
  if (!sources.length) return html`<p class="quiet">${trying.noSources}</p>`;
  return html`<${Field} label=${trying.source} value=${form.sourceId} onChange=${(event) => set({...form, sourceId: event.target.value})} options=${sources.map((one) => [one.id, one.name])} />
    <div class="fields">${asked(source, scene).map(({name, label, type, options, required}) => html`<${Field} key=${name} label=${required ? fill(trying.required, {label}) : label}
      value=${form.fields[name] ?? ""} autocomplete="off" wrong=${wrong(name)} hint=${LONG[type]} ...${kindOf(type, options)}
      ...${{[options || type === "boolean" ? "onChange" : "onInput"]: (event) => put(name, event.target.value)}} />`)}</div>`;
}

function kindOf(type, options) {
  if (type === "boolean") return {options: [["", t.common.nothing], ["yes", t.conditions.flags.true], ["no", t.conditions.flags.false]]};
  if (options?.length) return {options: [["", t.common.nothing], ...options]};
  return type === "number" ? {type: "number", step: "any"} : type === "moment" ? {type: "date"} : {};
}
