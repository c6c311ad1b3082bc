// The parts that every screen is made of. A screen has no markup of its own for a button, a state or a time.

import {createContext} from "preact";
import {useContext, useEffect, useId, useRef, useState} from "preact/hooks";
import {html} from "./html.js";
import {Icon} from "./icons.js";
import {ago, moment, zoned} from "./times.js";
import {useNow} from "./hooks.js";
import {inWords} from "./problems.js";
import {SignedOut, signIn} from "./session.js";
import {fill, t} from "./texts.js";

/** What every part may need: the user, and `tell(text, tone)`. */
export const Session = createContext({user: null, tell() {}});
export const useSession = () => useContext(Session);

/** The head of a screen: what it is, and what can be done. */
export function ScreenHead({title, about, children}) {
  return html`<header class="screen-head"><div><h1>${title}</h1>${about && html`<p>${about}</p>`}</div>
    ${children && html`<div class="line tools">${children}</div>`}</header>`;
}

/** A part of a screen, with a title. `flush`: its content reaches its edges, as lists and tables do. */
export function Panel({title, about, actions, flush, children, ...more}) {
  const id = useId();
  return html`<section class="panel" aria-labelledby=${id} ...${more}>
    <div class="panel-head"><h2 id=${id}>${title}</h2>${actions}${about && html`<p>${about}</p>`}</div>
    <div class=${flush ? "panel-body flush" : "panel-body"}>${children}</div></section>`;
}

/** A button. `tone`: main, grave, plain; `changes`: viewers see it and cannot use it. */
export function Button({tone = "", small, icon, changes, busy, disabled, title, children, onClick, type = "button", ...more}) {
  const {user} = useSession();
  const forbidden = changes && !user?.mayChange;
  return html`<button type=${type} class=${`button ${tone} ${small ? "small" : ""} ${children ? "" : "icon"}`}
    disabled=${disabled || busy || forbidden} aria-busy=${busy ? "true" : undefined}
    title=${forbidden ? t.common.adminsOnly : title} aria-label=${children ? undefined : title} onClick=${onClick} ...${more}>
    ${icon && html`<${Icon} name=${icon} size=${small ? 16 : 18} />`}${children}</button>`;
}

/** A button that does something with the API: busy meanwhile, says what came of it. `work` may return what to say. */
export function Action({work, done, after, ...more}) {
  const [busy, setBusy] = useState(false);
  const {tell} = useSession();
  const run = async () => {
    setBusy(true);
    try {
      const said = await work();
      if (said !== false) tell(said || done, "good");
      after?.();
    } catch (error) {
      tell(inWords(error).text, "bad", inWords(error).title);
    } finally {
      setBusy(false);
    }
  };
  return html`<${Button} changes busy=${busy} onClick=${run} ...${more} />`;
}

const TONES = {
  received: "moving", scored: "moving", offered: "moving", delivering: "moving", quarantined: "heed", unassigned: "heed",
  assigned: "good", sold: "good", contacted: "good", converted: "good", returned: "bad", lost: "bad",
};

/** The state of a lead. */
export const State = ({state}) => html`<${Badge} tone=${TONES[state]}>${t.states[state] || state}<//>`;

/** Marks a lead that is a test. */
export const Test = ({of}) => (of.test ? html`<${Badge}>${t.common.test}<//>` : null);

/** A short word about something. `tone`: good, moving, heed, bad. */
export const Badge = ({tone = "", children}) => html`<span class=${`badge ${tone}`}>${children}</span>`;

/** The initials of somebody, in a circle. */
export function Avatar({name}) {
  const initials = (name || "?").split(/\s+/).slice(0, 2).map((word) => [...word][0]).join("").toUpperCase();
  return html`<span class="avatar" aria-hidden="true">${initials}</span>`;
}

/** A moment: how long ago, with the time itself on hover; `full`: the time, in the viewer's zone and in another one. */
export function Time({at, full, zone}) {
  const now = useNow();
  if (!at) return null;
  const theirs = zone && zoned(at, zone);
  if (full) return html`<time datetime=${at}>${moment(at)}${theirs && html` <span class="quiet small">(${theirs})</span>`}</time>`;
  return html`<time datetime=${at} title=${moment(at)}>${ago(at, now)}</time>`;
}

/** Content that is on its way. */
export const Loading = () => html`<div class="wait" role="status"><span class="visually-hidden">${t.common.loading}</span>
  <i></i><i></i><i></i><i></i></div>`;

/** There is nothing, and that may be good. `action`: a link or a button to what can be done about it. */
export const Empty = ({title, children, icon = "check", tone = "good", compact = true, action}) =>
  html`<div class=${`state ${tone} ${compact ? "compact" : ""}`}><span class="sign"><${Icon} name=${icon} /></span>
    <h2>${title}</h2>${children && html`<p>${children}</p>`}${action}</div>`;

/** Something could not be loaded: what is wrong, and what to do. Who may not see it is told that. */
export function Failure({error, retry}) {
  const {title, text, icon} = inWords(error);
  return html`<div class="state bad compact" role="alert"><span class="sign"><${Icon} name=${icon} /></span>
    <h2>${title}</h2><p>${text}</p>
    <${NextStep} error=${error} retry=${retry} /></div>`;
}

/** What to do about a failure: sign in again, or try again. Who may not do it cannot. */
function NextStep({error, retry}) {
  if (error instanceof SignedOut) return html`<${Button} tone="main" onClick=${signIn}>${t.signIn.again.action}<//>`;
  return retry && error.status !== 403 ? html`<${Button} small icon="again" onClick=${retry}>${t.common.tryAgain}<//>` : null;
}

/** What a useLoad has: waiting, a failure, or the children, which are a function of the data. */
export function Loaded({of: {data, error, loading, reload}, children}) {
  if (data !== null) {
    return html`${error && html`<div class="notice heed" role="status"><${Icon} name="alert" /><div>${inWords(error).text} ${t.common.shownIsOld}</div>
      <${NextStep} error=${error} retry=${reload} /></div>`}
      ${children(data)}`;
  }
  if (error) return html`<${Failure} error=${error} retry=${reload} />`;
  return loading ? html`<${Loading} />` : null;
}

/** A field of a form, with its label, a hint, and what is wrong with it. `options`: [value, words]s to choose from. */
export function Field({label, hint, wrong, options, area, ...more}) {
  const id = useId();
  const given = {id, "aria-invalid": wrong ? "true" : undefined, "aria-describedby": hint || wrong ? `${id}-more` : undefined, ...more};
  const control = options
    ? html`<select ...${given}>${options.map(([value, words]) => html`<option value=${value}>${words}</option>`)}</select>`
    : area ? html`<textarea ...${given}></textarea>` : html`<input ...${given} />`;
  return html`<div class="field"><label for=${id}>${label}</label>${control}
    ${(hint || wrong) && html`<span id=${`${id}-more`} class=${wrong ? "wrong" : "hint"}>${wrong || hint}</span>`}</div>`;
}

/** A dialog over the screen, as long as it is rendered. Escape and the cross call `close`. */
export function Dialog({title, close, wide, children, actions}) {
  const dialog = useRef(), id = useId();
  useEffect(() => {
    const opened = document.activeElement;
    dialog.current.showModal();
    return () => opened?.focus?.();
  }, []);
  return html`<dialog ref=${dialog} class=${wide ? "wide" : ""} aria-labelledby=${id} onCancel=${(event) => { event.preventDefault(); close(); }}>
    <div class="dialog-head"><h2 id=${id}>${title}</h2><${Button} tone="plain" icon="cross" title=${t.common.close} onClick=${close} /></div>
    <div class="dialog-body">${children}${actions && html`<div class="dialog-actions">${actions}</div>`}</div></dialog>`;
}

/** A part of a whole, as a bar: 0 to 1. */
export function Bar({of, tone = "", label}) {
  const percent = Math.round(Math.min(Math.max(of, 0), 1) * 100);
  return html`<span class=${`bar ${tone}`} role="img" aria-label=${label || fill(t.common.percent, {percent})}>
    <i style=${{width: `${percent}%`}}></i></span>`;
}

/** Something that is on or off. */
export function Switch({label, hint, wrong, on, set, disabled}) {
  const id = useId();
  return html`<div class="field"><label class="switch"><input type="checkbox" role="switch" checked=${on} disabled=${disabled}
      aria-describedby=${hint || wrong ? `${id}-more` : undefined} onChange=${(event) => set(event.target.checked)} /><span>${label}</span></label>
    ${(hint || wrong) && html`<span id=${`${id}-more`} class=${wrong ? "wrong" : "hint"}>${wrong || hint}</span>`}</div>`;
}

/** One of a few views, side by side. `options`: [value, words]s. */
export const Segments = ({label, value, set, options}) => html`<div class="segments" role="group" aria-label=${label}>${options.map(([one, words]) => html`
  <button type="button" class="button small" aria-pressed=${one === value ? "true" : "false"} onClick=${() => set(one)}>${words}</button>`)}</div>`;

/** A text to be copied, as it is, with the button that does it. */
export function Copy({text, label, block}) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return html`<div class=${`copy ${block ? "block" : ""}`}><${block ? "pre" : "span"} class="mono" tabindex=${block ? "0" : undefined} role=${block ? "group" : undefined} aria-label=${block ? label : undefined}>${text}<//>
    <${Button} small icon=${copied ? "check" : "copy"} title=${fill(t.common.copy, {what: label})} onClick=${copy}>${copied ? t.common.copied : t.common.copyShort}<//></div>`;
}

/** Asks before something that cannot be taken back. */
export const Sure = ({title, children, doIt, work, after, close}) => html`<${Dialog} title=${title} close=${close}
  actions=${html`<${Button} onClick=${close}>${t.common.cancel}<//><${Action} tone="grave" after=${() => { close(); after?.(); }} work=${work}>${doIt}<//>`}>${children}<//>`;
