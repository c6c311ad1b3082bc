// The kinds of sources, and the ways in which a source takes leads. A source's document does not say its kind: what it
// takes does.

import {t} from "./texts.js";

/** The platforms that post to an address of their own below a source. `secrets`: what has to be stored for it, in order. */
export const HOOKS = {
  google_ads: {format: "google-ads", secrets: ["key"], start: {key: "google-key"}},
  meta: {format: "meta", secrets: ["verify_token", "app_secret", "access_token"], start: {app_secret: "meta-app", verify_token: "meta-verify", access_token: "meta-page"}},
  linkedin: {format: "linkedin", secrets: ["client_secret", "access_token"], start: {client_secret: "linkedin-client", access_token: "linkedin-member"}},
  typeform: {format: "typeform", secrets: ["secret"], start: {secret: "typeform"}},
  generic: {format: "generic", secrets: [], start: {fields: {"contact.name": "name", "contact.email": "email", "contact.phone": "phone"}}},
};

const hooked = (name) => ({hooks: {[name]: HOOKS[name].start}});

/** What somebody can choose for a new source, with what its document begins with. `key`: without one anybody could post to it. */
export const KINDS = {
  form: {icon: "globe", start: {honeypot_field: "website"}},
  meta: {icon: "megaphone", start: hooked("meta")},
  google_ads: {icon: "megaphone", start: hooked("google_ads")},
  linkedin: {icon: "megaphone", start: hooked("linkedin")},
  typeform: {icon: "inbox", start: hooked("typeform")},
  generic: {icon: "plug", start: hooked("generic"), key: true},
  adf: {icon: "plug", start: {}, key: true},
  vendor: {icon: "cart", start: {}, key: true},
  ping: {icon: "cart", start: {}, key: true},
  file: {icon: "upload", start: {}, key: true},
};

/** Whether only senders that show who they are get in. */
export const knowsSenders = (source) => Boolean(source.api_keys?.length || source.secret || source.signature);

/** The ways in which leads come into a source: names of HOOKS, "api" where senders are known, "form" where nothing else is. */
export function waysOf(source) {
  const ways = Object.keys(HOOKS).filter((name) => source.hooks?.[name]);
  if (knowsSenders(source)) return [...ways, "api"];
  return ways.length ? ways : ["form"];
}

/** What kind of source it is, in words. */
export const kindOf = (source) => waysOf(source).map((way) => t.sources.ways[way]).join(", ");
