// baton.js: makes an HTML form a reliable source of leads. Guide: docs/forms.md.
//
// A form with `data-baton-source` is sent by fetch as JSON, with where its visitor came from and what they agreed to.
// The lead is written into the browser's storage before it is sent, and removed once the API has answered for it: no
// dead network, no API that is down, and no closed page loses it. Its Idempotency-Key makes every repetition the same
// lead. Without this script, or where it fails, the form posts itself as HTML always did.
//
// ECMAScript 2017, no dependencies. What is served is this file without its indentation and the lines that are only
// comments. So no text in backticks may go over several lines. 4 kB gzipped is the limit.
(() => {
'use strict';
// Included twice, it would send every lead twice.
if (window.baton) return;

const LEAD = 'baton.lead.';
const TOUCH = 'baton.touch';
// At most this many leads wait in the browser, and none longer than three days: then nobody expects a call any more.
const MAX_KEPT = 20;
const MAX_AGE_MS = 3 * 864e5;
// API Gateway gives up on a function after 29 seconds, Baton's own intake after 15.
const TIMEOUT_MS = 2e4;
const MAX_PAUSE_MS = 3e5;
const MAX_RETRY_AFTER_MS = 36e5;
// A visitor who waited longer than this may be doing something else by now: no redirect then.
const REDIRECT_WITHIN_MS = 3e4;
// All keepalive requests of a page together may carry 64 KiB, and a character may take three bytes.
const MAX_KEEPALIVE = 7e3;
const MAX_TEXT = 1000;
const MAX_CONSENT = 4000;
const CAMPAIGN = /^(utm_\w{1,30}|gclid|wbraid|gbraid|fbclid|msclkid|ttclid|li_fat_id)$/;
// Never read: what is typed here has no place in a lead, and less in a browser's storage.
const SECRET = '[type=password],[type=file],[autocomplete*=password],[autocomplete*=cc-],[data-baton-skip]';
const SOURCE = 'data-baton-source';
const DESCRIBED = 'aria-describedby';
const VERSION = 'data-baton-consent-version';

const script = document.currentScript;
const loaded = performance.now();
const begun = new WeakMap();
// What is being sent, by form; and what wakes the leads that wait for their next attempt.
const sending = new WeakMap();
const resting = new Map();
const marked = new WeakMap();

const on = (target, types, listener) => types.split(' ').forEach(type => target.addEventListener(type, listener));
// A field may be called `id` or `action` and then hides the form's own property: attributes are safe.
const attribute = (element, name) => element.getAttribute(name) || '';
const controls = form => [...form.elements].filter(control => control.name);
// Nothing that a visitor cannot see may make the API refuse what the visitor typed: too long, control characters, half
// a surrogate pair.
const clean = (text, most = MAX_TEXT) =>
  text.replace(/[\x00-\x1f\x7f-\x9f]+/g, ' ').trim().slice(0, most).replace(/[\ud800-\udbff]$/, '');
// An address without its query and fragment, where personal data and tokens are.
const bare = url => clean(url.split(/[?#]/)[0]);

// ---------------------------------------------------------------- storage
// It may be full, switched off or cleared, and then even looking at it is an error.
const safely = work => { try { return work(); } catch (_) { return false; } };
const read = (store, name) => safely(() => JSON.parse(window[store].getItem(name)));
const write = (store, name, value) => safely(() => !window[store].setItem(name, JSON.stringify(value)));
const remove = name => safely(() => localStorage.removeItem(name));
const names = () => safely(() => Object.keys(localStorage).filter(name => name.startsWith(LEAD))) || [];

// ---------------------------------------------------------------- attribution
// The first campaign of a browsing session counts, as a whole: a later one changes nothing. A visit without any gives
// way to one with. Kept in sessionStorage, which ends with the tab.
const now = {landing_page: bare(location.href), referrer: bare(document.referrer)};
new URLSearchParams(location.search).forEach((value, name) => {
  if (CAMPAIGN.test(name) && value && !now[name]) now[name] = clean(value);
});
const led = visit => Object.keys(visit).some(name => CAMPAIGN.test(name));
const before = read('sessionStorage', TOUCH);
const touched = before && (led(before) || !led(now)) ? before : now;
write('sessionStorage', TOUCH, touched);

// ---------------------------------------------------------------- from a form to a lead
// The words that were shown: of what is marked as such, or of the label of the box named consent.
const consentOf = form => {
  const box = controls(form).find(control => control.name == 'consent');
  const marks = [...form.querySelectorAll('[data-baton-consent]')];
  const shown = marks.length || !box ? marks : [...box.labels || []];
  const version = form.querySelector(`[${VERSION}]`) || form;
  return {
    text: clean(shown.map(element => element.innerText).join('\n'), MAX_CONSENT),
    version: attribute(version, VERSION),
    page: bare(location.href),
  };
};

const fieldsOf = (form, submitter) => {
  const fields = Object.create(null);
  const secret = controls(form).filter(control => control.matches(SECRET)).map(control => control.name);
  new FormData(form, submitter).forEach((value, name) => {
    if (typeof value != 'string' || secret.includes(name)) return;
    fields[name] = name in fields ? [].concat(fields[name], value) : value;
  });
  // A field of the form's own wins, unless it is empty.
  const add = (name, value) => { if (value && !fields[name]) fields[name] = value; };
  for (const name in touched) add(name, touched[name]);
  const consent = consentOf(form);
  add('_page', consent.page);
  for (const name in consent) if (consent.text && !fields[`consent_${name}`]) add(`consent.${name}`, consent[name]);
  add('_form', attribute(form, 'id') || attribute(form, 'name'));
  fields._fill_ms = Math.round(performance.now() - (begun.get(form) || loaded));
  return fields;
};

const addressOf = form => new URL(
  attribute(form, 'action') || script.src.replace(/baton\.js.*/, `sources/${attribute(form, SOURCE)}/leads`),
  document.baseURI
).href;

// Pages without https have no randomUUID.
const newKey = () => crypto.randomUUID ? crypto.randomUUID()
  : crypto.getRandomValues(new Uint32Array(4)).join('-');

const take = event => {
  const form = event.target;
  const submitter = event.submitter;
  // The page's own script has stopped it, or a button sends it elsewhere.
  if (event.defaultPrevented || (submitter && submitter.hasAttribute('formaction'))) return;
  if (sending.has(form)) {
    event.preventDefault();
    return wake();
  }
  const fields = fieldsOf(form, submitter);
  const redirect = fields._redirect;
  // The server would answer with a redirect, which a script may not follow to another site.
  delete fields._redirect;
  const lead = {key: newKey(), url: addressOf(form), body: JSON.stringify(fields), at: Date.now(), kept: true};
  // Only now: had anything above failed, the browser would send the form by itself.
  event.preventDefault();
  unmark(form);
  lead.kept = attribute(form, 'data-baton-keep') != 'no' && names().length < MAX_KEPT
    && write('localStorage', LEAD + lead.key, lead);
  sending.set(form, lead);
  form.setAttribute('aria-busy', 'true');
  tell(form, 'queued', {key: lead.key, kept: lead.kept});
  deliver(lead, form, redirect);
};

// ---------------------------------------------------------------- sending
const post = async lead => {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const answer = await fetch(lead.url, {
      method: 'POST',
      body: lead.body,
      headers: {'Content-Type': 'application/json', 'Idempotency-Key': lead.key},
      // A redirect is no receipt, and cookies have nothing to do with it.
      redirect: 'error',
      credentials: 'omit',
      keepalive: lead.body.length < MAX_KEEPALIVE,
      signal: abort.signal,
    });
    const body = await answer.json().catch(() => ({}));
    return {status: answer.status, after: answer.headers.get('Retry-After'), body};
  } catch (_) {
    return {status: 503};
  } finally {
    clearTimeout(timer);
  }
};

// Whether that is the last word: a receipt that names the lead, or a refusal of Baton's own that a repetition would not
// change. What stands before Baton may refuse for an hour; a source is switched on again, and its limit is of a day.
const settled = ({status, body}) => status < 300 ? body.lead_id
  : status < 500 && /^urn:baton:(?!source-)/.test(body.type);

// Half a second to one at first, then doubling, unless something wakes it.
const rest = (lead, attempt) => new Promise(resolve => {
  resting.set(lead, resolve);
  setTimeout(resolve, Math.min(1e3 * 2 ** attempt, MAX_PAUSE_MS) * (0.5 + Math.random() / 2));
}).then(() => resting.delete(lead));
const wake = () => resting.forEach(resolve => resolve());

// One tab at a time holds a lead, until it is settled or the page is gone; then the next one takes over. Where there
// are no Web Locks (pages without https), two may send it: the key says that it is one.
const alone = async (lead, work) => {
  let ran;
  // What was removed from the storage takes a moment to be gone for other tabs.
  const once = async () => { ran = true; await work(); await new Promise(resolve => setTimeout(resolve, 500)); };
  try { await navigator.locks.request(LEAD + lead.key, once); } catch (error) { if (ran) throw error; await once(); }
};

const deliver = (lead, form, redirect) => alone(lead, async () => {
  // Another tab had it and is done. A form's own lead is sent even if somebody has cleared the storage meanwhile.
  if (!form && !read('localStorage', LEAD + lead.key)) return;
  for (let attempt = 0; ; attempt++) {
    if (Date.now() - lead.at > MAX_AGE_MS) return finish(lead, form, {status: 410});
    // What the API asked for is waited for, whatever wakes us.
    if (!(lead.until > Date.now())) {
      const answer = await post(lead);
      if (settled(answer)) return finish(lead, form, answer, redirect);
      lead.until = Date.now() + Math.min(answer.after * 1e3 || 0, MAX_RETRY_AFTER_MS);
      if (answer.after && lead.kept) write('localStorage', LEAD + lead.key, lead);
    }
    if (form && !attempt) say(form, 'waiting', 'Not sent yet. We have kept it and keep trying.');
    await rest(lead, attempt);
  }
});

const finish = (lead, form, {status, body = {}}, redirect) => {
  remove(LEAD + lead.key);
  if (form) {
    sending.delete(form);
    form.removeAttribute('aria-busy');
    say(form);
  }
  const sent = status < 300;
  if (!tell(form, sent ? 'sent' : 'refused', {key: lead.key, status, answer: body}) || !form) return;
  if (sent) thank(form, Date.now() - lead.at < REDIRECT_WITHIN_MS && redirect);
  else mark(form, body);
};

// ---------------------------------------------------------------- what the visitor sees
// Returns false where the page wants to say it itself: it has called preventDefault.
const tell = (form, name, detail) => (form || document).dispatchEvent(
  new CustomEvent(`baton:${name}`, {bubbles: true, cancelable: true, detail})
);

const line = (tag, name, role, text) => {
  const made = document.createElement(tag);
  made.className = `baton-${name}`;
  made.setAttribute('role', role);
  made.textContent = text;
  return made;
};

// One line at the end of the form. The form's own `data-baton-waiting` and so on say it in another language.
const say = (form, name, text) => {
  const said = form.querySelector('.baton-status');
  if (said) said.remove();
  if (!name) return;
  const role = name == 'refused' ? 'alert' : 'status';
  form.appendChild(line('p', `status baton-${name}`, role, attribute(form, `data-baton-${name}`) || text));
};

const thank = (form, redirect) => {
  HTMLFormElement.prototype.reset.call(form);
  begun.set(form, performance.now());
  const thanks = form.parentNode.querySelector('[data-baton-thanks=""]')
    || document.querySelector(`[data-baton-thanks="${CSS.escape(attribute(form, 'id'))}"]`);
  if (thanks) {
    thanks.hidden = false;
    if (!form.contains(thanks)) form.style.display = 'none';
    thanks.tabIndex = -1;
    thanks.focus();
  } else if (redirect && safely(() => /^http/.test(new URL(redirect, document.baseURI)))) {
    location.assign(redirect);
  } else {
    say(form, 'sent', 'Thank you. We have received your request.');
  }
};

// The field of the form that a problem means: `contact.email` may be called so, or just `email`.
const fieldFor = (form, path) => {
  const [group, name] = path.split(/\.(.*)/);
  const names = [path, name, path == 'consent.given' && group];
  return controls(form).find(
    control => names.includes(control.name) && control.willValidate && control.getClientRects()[0]
  );
};

const mark = (form, {title, errors = []}) => {
  const others = [];
  const found = errors.map(({field, problem}) => {
    const control = fieldFor(form, field);
    if (!control) {
      others.push(`${field.replace(/^\w+\./, '').replace(/_/g, ' ')} ${problem}`);
    } else if (!marked.has(control)) {
      const error = line('span', 'error', 'alert', `This ${problem}.`);
      const described = attribute(control, DESCRIBED);
      error.id = newKey();
      (/checkbox|radio/.test(control.type) && control.closest('label') || control).after(error);
      marked.set(control, {error, described});
      control.setAttribute(DESCRIBED, `${error.id} ${described}`);
      control.setAttribute('aria-invalid', 'true');
      control.setCustomValidity(error.textContent);
    }
    return control;
  }).find(control => control);
  if (found) found.focus();
  if (!found || others[0]) say(form, 'refused', `Not sent: ${others.join('; ') || title || 'it was refused'}.`);
};

// After any change nothing of ours keeps the form from being sent again: what was changed may be what was missing.
const unmark = (form, only) => controls(form).filter(control => marked.has(control)).forEach(control => {
  control.setCustomValidity('');
  if (only && only != control) return;
  const {error, described} = marked.get(control);
  marked.delete(control);
  error.remove();
  control.setAttribute(DESCRIBED, described);
  control.removeAttribute('aria-invalid');
});

// ---------------------------------------------------------------- begin
// Listening on the document finds forms that are added later too. `baton.enhance` is for those in a shadow root, or
// without the attribute.
const edit = ({target}) => { if (target.form) unmark(target.form, target); };
const enhance = form => {
  begun.set(form, performance.now());
  on(form, 'submit', take);
  on(form, 'input change', edit);
};
on(document, 'submit', event => { if (event.target.hasAttribute(SOURCE)) take(event); });
on(document, 'input change', edit);
on(window, 'online pageshow', wake);
// A last attempt for what is waiting. It stays kept: nobody hears the answer, and the key makes it the same lead.
on(window, 'pagehide', () => resting.forEach((_, lead) => { if (!(lead.until > Date.now())) post(lead); }));

names().forEach(name => {
  const lead = read('localStorage', name);
  if (lead && lead.key && lead.url && lead.body && lead.at) deliver(lead);
  else remove(name);
});
window.baton = {enhance};
})();
