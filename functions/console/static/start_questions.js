// What a form asks: as it is typed, as a campaign has it, and what somebody might answer.

import {idOf} from "./form.js";
import {t} from "./texts.js";

/** A field that people do not see: programs fill it, and their leads are held. */
export const HONEYPOT = "website";
/** What a form can ask of the person without more words, in the order in which forms ask. */
export const CONTACT = ["first_name", "last_name", "email", "phone", "company", "street", "postal_code", "city", "state"];
const FORMATS = {email: "email", phone: "phone"};
const TYPES = {text: "text", number: "number", boolean: "boolean", choice: "text"};
const LONGEST = 200;
// Names that mean something else to whoever takes the form in.
const TAKEN = new Set([...CONTACT, "country", "name", "consent", "referrer", "landing_page", "external_id", "ping_id", "test", HONEYPOT]);

/** What a question of one's own is called in the form. */
export const nameOf = ({label}, at) => {
  const name = idOf(label).replaceAll("-", "_");
  return name && !TAKEN.has(name) && !name.startsWith("utm_") ? name : `${name || "question"}_${at + 1}`;
};

/** The part of a campaign that says what its forms ask. */
export function rulesOf({questions, consent}) {
  const required = [], attributes = {}, fields = {};
  questions.forEach((one, at) => {
    const path = one.contact ? `contact.${one.contact}` : `attributes.${nameOf(one, at)}`;
    if (one.must) required.push(path);
    if (!one.contact) attributes[nameOf(one, at)] = TYPES[one.kind];
    // A rule for each, also where there is little to say: it is how the campaign knows that the form asks for it.
    fields[path] = one.contact ? FORMATS[one.contact] ? {format: FORMATS[one.contact]} : {max_length: LONGEST} : ruleOf(one);
  });
  return {required, attributes, fields, ...(consent.trim() && {consent: {required: true}}), region: regionHere()};
}

const choicesOf = ({choices}) => choices.split(",").map((one) => one.trim()).filter(Boolean);

function ruleOf(one) {
  if (one.kind === "choice") return {allowed: choicesOf(one)};
  return one.kind === "text" ? {max_length: LONGEST * 10} : {};
}

/** The country of numbers without one: where the viewer's browser says they are. */
function regionHere() {
  const {region} = new Intl.Locale(navigator.language).maximize();
  return /^[A-Z]{2}$/.test(region || "") ? region : "US";
}

/** What a campaign's forms ask, in order: {name, path, label, kind, choices, must}. Contact details by their usual words. */
export function asked({required, attributes, fields}) {
  const named = new Set([...required, ...Object.keys(fields), ...Object.keys(attributes).map((name) => `attributes.${name}`)]);
  const known = CONTACT.map((name) => `contact.${name}`).filter((path) => named.has(path));
  // A campaign that says nothing takes whoever can be reached.
  const contact = known.length ? known : ["contact.last_name", "contact.email", "contact.phone"];
  return [...contact, ...[...named].filter((path) => path.startsWith("attributes."))].map((path) => {
    const name = path.split(".")[1], rule = fields[path] || {}, own = path.startsWith("attributes.");
    return {
      name, path, must: required.includes(path), label: own ? words(name) : t.start.contact[name], choices: rule.allowed || [],
      kind: rule.allowed?.length ? "choice" : own ? attributes[name] || "text" : FORMATS[name] === "phone" ? "tel" : FORMATS[name] || "text", least: rule.minimum ?? null,
    };
  });
}

const words = (name) => name.replaceAll("_", " ").replace(/^./, (letter) => letter.toUpperCase());

/** What somebody might answer, who is another person each time: {name: text}. */
export function answers(questions, number) {
  const person = {
    first_name: "Test", last_name: `Lead ${number}`, email: `test-${Date.now().toString(36)}-${number}@example.com`,
    phone: `+120255501${String(Math.floor(Math.random() * 100)).padStart(2, "0")}`, company: "Example", street: "1 Main Street", postal_code: "10001", city: "New York", state: "NY",
  };
  const other = {choice: ({choices}) => String(choices[0]), number: ({least}) => String(least ?? 1), boolean: () => "yes", moment: () => new Date().toISOString().slice(0, 10)};
  return Object.fromEntries(questions.map((one) => [one.name, (one.path.startsWith("contact.") && person[one.name]) || other[one.kind]?.(one) || "Test"]));
}
