// A form for a web site, made of what a campaign asks for. One description of it is both copied as HTML and shown, so
// what somebody sees here is what their visitors will.

import {h} from "preact";
import {t} from "./texts.js";

// What a contact field is for a browser: the type of its input, and what fills it by itself.
const CONTACT = {
  first_name: ["text", "given-name"], last_name: ["text", "family-name"], email: ["email", "email"], phone: ["tel", "tel"],
  company: ["text", "organization"], street: ["text", "street-address"], city: ["text", "address-level2"],
  state: ["text", "address-level1"], postal_code: ["text", "postal-code"], country: ["text", "country-name"],
};
const USUAL = ["first_name", "last_name", "email", "phone"];
// Names that mean something else where they stand alone: an attribute that is called so is sent by its whole path.
const TAKEN = /^(utm_.*|referrer|landing_page|gclid|wbraid|gbraid|fbclid|msclkid|ttclid|li_fat_id|consent.*|name|test|ping_id|external_id)$/;
const INPUTS = {text: "text", number: "number", moment: "date", list: "text"};

export const CONTACT_FIELDS = Object.keys(CONTACT);

/** A name in words: "roof_m2" is "Roof m2". */
export const inWords = (name) => name.replaceAll("_", " ").replace(/^./, (letter) => letter.toUpperCase());

/** What a lead's field is called, by its path. */
export const titleOf = (path) => t.sources.contact[path.replace("contact.", "")] || inWords(path.replace(/^\w+\./, ""));

/** What a campaign can ask in a form: contact fields first, then its own; each {path, name, type, required, ...}. */
export function questionsOf(campaign) {
  const required = new Set(campaign.required || []), rules = campaign.fields || {};
  const contact = CONTACT_FIELDS.filter((name) => USUAL.includes(name) || required.has(`contact.${name}`) || rules[`contact.${name}`]);
  const own = Object.entries(campaign.attributes || {});
  const undeclared = [...required].filter((path) => path.startsWith("attributes.") && !campaign.attributes?.[path.slice(11)]);
  return [
    ...contact.map((name) => ({path: `contact.${name}`, name, type: CONTACT[name][0], fills: CONTACT[name][1]})),
    ...own.map(([name, type]) => ({path: `attributes.${name}`, name: alone(name), type})),
    ...undeclared.map((path) => ({path, name: alone(path.slice(11)), type: "text"})),
  ].map((one) => ({
    ...one, title: titleOf(one.path), required: required.has(one.path), usual: USUAL.includes(one.name),
    options: rules[one.path]?.allowed || [], least: rules[one.path]?.minimum ?? null, most: rules[one.path]?.maximum ?? null,
  }));
}

const alone = (name) => (name in CONTACT || TAKEN.test(name) ? `attributes.${name}` : name);

/** The form as elements {tag, attributes, children}: what goes into a page. `said`: consent, button, thanks. */
export function formOf({api, source, questions, said}) {
  const id = `${source.id}-form`;
  const trap = source.honeypot_field;
  return [
    el("script", {src: `${api}/v1/baton.js`, defer: true}, [], {unseen: true}),
    el("form", {"data-baton-source": source.id, action: `${api}/v1/sources/${source.id}/leads`, method: "post", id}, [
      ...questions.map(control),
      ...(trap ? [el("input", {name: trap, hidden: true, tabindex: "-1", autocomplete: "off"}, [], {unseen: true})] : []),
      ...(said.consent ? [el("label", {"data-baton-consent-version": said.version}, [
        el("input", {type: "checkbox", name: "consent", value: "yes", required: said.consentRequired}), ` ${said.consent}`])] : []),
      el("button", {}, [said.button]),
    ]),
    el("p", {"data-baton-thanks": id, hidden: true}, [said.thanks], {unseen: true}),
  ];
}

const el = (tag, attributes = {}, children = [], more = {}) => ({tag, attributes, children, ...more});

/** One question as a label with its control. */
function control({name, title, type, fills, required, options, least, most}) {
  const given = {name, required};
  const choices = type === "boolean" ? [["yes", t.sources.form.yes], ["no", t.sources.form.no]] : options.map((one) => [String(one), String(one)]);
  if (type === "list" && choices.length) {
    return el("fieldset", {}, [el("legend", {}, [title]), ...choices.map(([value, words]) => (
      el("label", {}, [el("input", {type: "checkbox", name, value}), ` ${words}`])))]);
  }
  const field = choices.length
    ? el("select", given, [el("option", {value: ""}, [t.sources.form.choose]), ...choices.map(([value, words]) => el("option", {value}, [words]))])
    : el("input", {type: INPUTS[type] || type, ...given, autocomplete: fills, min: type === "number" ? least : null, max: type === "number" ? most : null, step: type === "number" ? "any" : null});
  return el("label", {}, [`${title} `, field]);
}

const VOID = new Set(["input"]);
const escaped = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
const present = (attributes) => Object.entries(attributes).filter(([, value]) => value !== false && value !== null && value !== undefined);

/** Elements as HTML to be copied. */
export const asText = (elements) => elements.map((one) => block(one, "")).join("\n");

function block(one, indent) {
  if (["form", "fieldset", "select"].includes(one.tag)) {
    const inner = one.children.map((child) => block(child, `${indent}  `)).join("\n");
    return `${indent}${opening(one)}\n${inner}\n${indent}</${one.tag}>`;
  }
  const deep = one.children?.some((child) => child.tag === "select");
  if (!deep) return `${indent}${inline(one)}`;
  const inner = one.children.map((child) => (child.tag ? block(child, `${indent}  `) : `${indent}  ${escaped(child.trim())}`)).join("\n");
  return `${indent}${opening(one)}\n${inner}\n${indent}</${one.tag}>`;
}

const opening = ({tag, attributes}) => `<${[tag, ...present(attributes).map(([name, value]) => (value === true ? name : `${name}="${escaped(value)}"`))].join(" ")}>`;

function inline(one) {
  if (!one.tag) return escaped(one);
  return VOID.has(one.tag) ? opening(one) : `${opening(one)}${one.children.map(inline).join("")}</${one.tag}>`;
}

/** Elements as they look: what nobody sees is left out. */
export const asSeen = (elements) => elements.filter((one) => !one.unseen).map(seen);

const seen = (one) => (one.tag ? h(one.tag, Object.fromEntries(present(one.attributes)), one.children.filter((child) => !child.unseen).map(seen)) : one);
