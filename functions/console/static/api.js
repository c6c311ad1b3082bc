// The API, as everybody else has it: docs/api.md. Nothing in the console gets its facts in another way.

import {idToken, SignedOut} from "./session.js";

const ROOT = new URL("../v1/", location.origin + location.pathname);
/** Where the API is, for those who send something to it. */
export const API = new URL("..", location.origin + location.pathname).href.replace(/\/$/, "");
const PAGE = 200;
const TIMEOUT_MS = 30_000;

/** The API said no. `code` is that of docs/api.md; `offline` where no answer came. */
export class Problem extends Error {
  constructor(status, said = {}) {
    super(said.title || String(status));
    this.status = status;
    this.code = (said.type || "").replace("urn:baton:", "") || (status ? "gateway" : "offline");
    this.detail = said.detail || "";
    this.errors = said.errors || said.findings || [];
    this.said = said;
  }
}

/**
 * Send one request: what it answers, and its ETag. Throws Problem, SignedOut; an AbortError where `signal` ends it.
 *
 * `query` leaves out what is null or empty; `etag` is what the change is made to, "*" for whatever is there, "new" for
 * a document that must not be there. What is sent again with the same `once` happens once.
 */
export async function request(method, path, {query, body, etag, once, signal} = {}) {
  const url = new URL(path, ROOT);
  for (const [name, value] of Object.entries(query || {})) {
    if (value !== null && value !== undefined && value !== "") url.searchParams.set(name, value);
  }
  const headers = {Authorization: await idToken()};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (etag) headers[etag === "new" ? "If-None-Match" : "If-Match"] = etag === "new" ? "*" : etag;
  if (once) headers["Idempotency-Key"] = once;
  const ends = AbortSignal.timeout(TIMEOUT_MS);
  const answer = await fetch(url, {
    method, headers, body: body === undefined ? undefined : JSON.stringify(body), cache: "no-cache",
    signal: signal ? AbortSignal.any([signal, ends]) : ends,
  }).catch((error) => {
    if (signal?.aborted) throw error;
    throw new Problem(0);
  });
  const text = await answer.text();
  const said = text && /json/.test(answer.headers.get("content-type") || "") ? JSON.parse(text) : text;
  if (answer.status === 401) throw new SignedOut();
  if (!answer.ok) throw new Problem(answer.status, said || {});
  return {data: said, etag: answer.headers.get("etag"), status: answer.status};
}

/** What a GET answers. */
export const get = async (path, query, signal) => (await request("GET", path, {query, signal})).data;

/** Every document of a list, page by page, at most `most` of them. */
export async function all(path, query = {}, most = 2000, signal) {
  const items = [];
  let after = null;
  do {
    const page = await get(path, {limit: PAGE, ...query, after}, signal);
    items.push(...page.items);
    after = page.next;
  } while (after && items.length < most);
  return items;
}

/** Do something with each of many, a few at a time; the answers in their order. */
export async function each(many, work, atOnce = 6) {
  const found = new Array(many.length);
  let next = 0;
  const worker = async () => {
    while (next < many.length) {
      const at = next++;
      found[at] = await work(many[at]);
    }
  };
  await Promise.all(Array.from({length: Math.min(atOnce, many.length)}, worker));
  return found;
}
