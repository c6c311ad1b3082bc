// Who is signed in. Tokens live in this module's memory alone: never in storage, in a cookie or in an address.
//
// The sign-in is the hosted login's: a code, exchanged with PKCE. A reload forgets the tokens and goes there again,
// where the person is still known, so they see nothing of it. What waits in sessionStorage meanwhile is no token: the
// PKCE verifier, which works once and with its code alone. Where something is not saved yet, another window goes to the login
// and hands the code over; the verifier stays in this window's memory, so that nobody else can do anything with the code.

import {t} from "./texts.js";

const LEEWAY_MS = 60_000;
const SCOPE = "openid";
const SIGN_IN = "baton.sign-in";
const SIGNED_OUT = "baton.signed-out";
const BESIDE = "beside.";

const settings = {login: told("baton-login"), client: told("baton-client")};
const here = location.origin + location.pathname;

let tokens = null;
// Whose session it is.
let known = "";
let refreshing = null;

/** The hosted login said no, or what came back from it does not belong to this browser. */
export class SignInFailed extends Error {}

/** Nobody is signed in any more. */
export class SignedOut extends Error {}

/** This window was opened to sign in for another one, and that is done. */
export class SignedInBeside extends Error {}

/** Sign in, or go on with what the hosted login sent: {name, groups, mayChange}; null while the browser goes there. */
export async function start() {
  const back = new URLSearchParams(location.search);
  if (back.has("error")) {
    clean();
    throw new SignInFailed(back.get("error_description") || back.get("error"));
  }
  if (back.has("code") && back.get("state")?.startsWith(BESIDE)) {
    clean("");
    new BroadcastChannel(SIGN_IN).postMessage({code: back.get("code"), state: back.get("state")});
    throw new SignedInBeside();
  }
  if (back.has("code")) return arrive(back.get("code"), back.get("state"));
  if (sessionStorage.getItem(SIGNED_OUT)) {
    sessionStorage.removeItem(SIGNED_OUT);
    throw new SignedOut();
  }
  await signIn();
  return null;
}

/** Go to the hosted login, and come back to where we are. */
export async function signIn() {
  const verifier = random(), state = random();
  sessionStorage.setItem(SIGN_IN, JSON.stringify({verifier, state, route: location.hash}));
  location.assign(await login(verifier, state));
}

/** Sign in again in a window of its own, while this one stays as it is. Throws SignInFailed, also where it was somebody else. */
export async function signInBeside() {
  const verifier = random(), state = BESIDE + random();
  const channel = new BroadcastChannel(SIGN_IN);
  const arrived = new Promise((heard) => {
    channel.onmessage = ({data}) => { if (data.state === state) heard(data.code); };
  });
  open(await login(verifier, state), "_blank", "noopener");
  const code = await arrived;
  channel.close();
  const fresh = await exchange({grant_type: "authorization_code", code, redirect_uri: here, code_verifier: verifier});
  if (user(fresh.id).name !== known) throw new SignInFailed(t.signIn.another);
  tokens = fresh;
}

/** The hosted login's address. */
async function login(verifier, state) {
  const challenge = base64(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
  const asked = {
    response_type: "code", client_id: settings.client, redirect_uri: here, scope: SCOPE, state,
    code_challenge: challenge, code_challenge_method: "S256",
  };
  return `${settings.login}/oauth2/authorize?${new URLSearchParams(asked)}`;
}

/** End the session here and at the hosted login. */
export function signOut() {
  tokens = null;
  sessionStorage.setItem(SIGNED_OUT, "yes");
  const asked = {client_id: settings.client, logout_uri: here};
  location.assign(`${settings.login}/logout?${new URLSearchParams(asked)}`);
}

/** A token for the API, renewed where it is about to end. Throws SignedOut. */
export async function idToken() {
  if (!tokens) throw new SignedOut();
  if (Date.now() > tokens.until - LEEWAY_MS) {
    refreshing ??= renew().finally(() => { refreshing = null; });
    await refreshing;
  }
  return tokens.id;
}

async function arrive(code, state) {
  const asked = JSON.parse(sessionStorage.getItem(SIGN_IN) || "null");
  sessionStorage.removeItem(SIGN_IN);
  clean(asked?.route);
  // An address that was kept: a code is good once.
  if (!asked) {
    await signIn();
    return null;
  }
  // Somebody else's code. Going there again by ourselves could go on for ever.
  if (asked.state !== state) throw new SignInFailed(t.signIn.notOurs);
  tokens = await exchange({grant_type: "authorization_code", code, redirect_uri: here, code_verifier: asked.verifier});
  const arrived = user(tokens.id);
  known = arrived.name;
  return arrived;
}

async function renew() {
  try {
    tokens = {...tokens, ...await exchange({grant_type: "refresh_token", refresh_token: tokens.refresh})};
  } catch (error) {
    if (error instanceof SignInFailed) {
      tokens = null;
      throw new SignedOut();
    }
    throw error;
  }
}

async function exchange(form) {
  const body = new URLSearchParams({...form, client_id: settings.client});
  const answer = await fetch(`${settings.login}/oauth2/token`, {method: "POST", body});
  const said = await answer.json();
  if (!answer.ok) throw new SignInFailed(said.error_description || said.error);
  const until = Date.now() + said.expires_in * 1000;
  return {id: said.id_token, until, ...(said.refresh_token && {refresh: said.refresh_token})};
}

/** What the token says of the person. Only for what the page shows: the API checks the token itself. */
function user(token) {
  const bytes = Uint8Array.from(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const claims = JSON.parse(new TextDecoder().decode(bytes));
  const groups = claims["cognito:groups"] || [];
  return {name: claims["cognito:username"], groups, mayChange: groups.includes("admin")};
}

function clean(route = location.hash) {
  history.replaceState(history.state, "", here + (route || ""));
}

function told(name) {
  return document.querySelector(`meta[name="${name}"]`)?.content || "";
}

function random() {
  return base64(crypto.getRandomValues(new Uint8Array(32)));
}

function base64(bytes) {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
