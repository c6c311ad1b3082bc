// What the form of a source says, as it is kept with the source: one text in every page and in every lead.

import {t} from "./texts.js";

/** A version for words that are new: when they were written. */
const version = () => new Date().toISOString().slice(0, 19).replace("T", " ");

/** Words that people agree to, under a version of their own; those that are `kept` stay under theirs. */
export const agreed = (text, kept) => (text === kept?.text ? kept : {text, version: version()});

/** What a form says where nobody has said otherwise. */
export const firstWords = (consent = t.sources.form.consentText) => ({
  consent: consent ? agreed(consent) : null, button: t.sources.form.buttonText, thanks: t.sources.form.thanksText, unasked: [],
});

/** The consent of a test lead: to the words of its form, with what the campaign asks to prove it, but for certificates, which nobody can make up. */
export function consentOf({form}, {consent}) {
  const words = form?.consent;
  const known = {text: words?.text || t.sources.test.consentText, version: words?.version || "test", at: new Date().toISOString(), ip: "192.0.2.1", page: `${location.origin}/`};
  const asked = [...(words ? ["text", "version"] : []), ...(consent?.required ? consent.evidence || [] : [])].filter((name) => known[name]);
  return {"consent.given": true, ...Object.fromEntries(asked.map((name) => [`consent.${name}`, known[name]]))};
}
