// What a form asks: as it is typed, as a campaign has it, and what somebody might answer.

import {idOf} from "./form.js";

/** A field that people do not see: programs fill it, and their leads are held. */
export const HONEYPOT = "website";
/** What a form can ask of the person without more words, in the order in which forms ask. */
export const CONTACT = ["first_name", "last_name", "email", "phone", "company", "street", "postal_code", "city", "state"];
const FORMATS = {email: "email", phone: "phone"};
const TYPES = {text: "text", number: "number", boolean: "boolean", choice: "text"};
const LONGEST = 200;

/** What a question of one's own is called in leads. */
export const nameOf = ({label}, at) => idOf(label).replaceAll("-", "_") || `question_${at + 1}`;

/** Where the answer to a question is in leads. */
export const pathOf = (one, at) => (one.contact ? `contact.${one.contact}` : `attributes.${nameOf(one, at)}`);

/** The question whose answer is there; null where it cannot be asked for by that name. */
export function questionFor({path, label}) {
  const name = path.replace(/^\w+\./, "");
  if (path.startsWith("contact.")) return CONTACT.includes(name) ? {contact: name, must: true} : null;
  return nameOf({label}, 0) === name ? {label, kind: "text", choices: "", must: true} : null;
}

/** The part of a campaign that says what its forms ask. */
export function rulesOf({questions, consent}) {
  const required = [], attributes = {}, fields = {};
  questions.forEach((one, at) => {
    const path = pathOf(one, at);
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

// Of each area, 555-0100 to 555-0199 are nobody's: what is kept for stories and tests.
const AREAS = ["202", "212", "305", "312", "404", "415", "512", "617", "702", "713"];
const nobodysNumber = () => `+1${AREAS[Math.floor(Math.random() * AREAS.length)]}55501${String(Math.floor(Math.random() * 100)).padStart(2, "0")}`;

/** Another person's answers each time, so that no lead is taken for a second one of the same: {path: value}. */
export function answers(questions, number) {
  const mark = `${Date.now().toString(36)}-${number}`;
  const person = {
    first_name: "Test", last_name: `Lead ${number}`, email: `test-${mark}@example.com`, phone: nobodysNumber(),
    company: "Example", street: "1 Main Street", postal_code: "10001", city: "New York", state: "NY", country: "US",
  };
  const other = {number: ({least}) => String(least ?? 1), boolean: () => "yes", moment: () => new Date().toISOString().slice(0, 10)};
  return Object.fromEntries(questions.map((one) => [one.path,
    String((one.path.startsWith("contact.") && person[one.name]) || (one.options.length ? one.options[0] : other[one.type]?.(one) ?? "Test"))]));
}
