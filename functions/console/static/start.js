// Screen First run: a campaign with its people, rules and form in five short steps; and the next one in the same way.

import {useEffect, useRef, useState} from "preact/hooks";
import {html} from "./html.js";
import {put} from "./form.js";
import {useLoad, useTitle} from "./hooks.js";
import {Icon} from "./icons.js";
import {names} from "./names.js";
import {go, to} from "./route.js";
import {blank, filled, STEPS, wrongIn} from "./start_setup.js";
import {About} from "./start_about.js";
import {Look} from "./start_look.js";
import {Otherwise, Team} from "./start_people.js";
import {Door} from "./start_door.js";
import Proof from "./start_proof.js";
import {fill, t} from "./texts.js";
import {Button, Loaded, ScreenHead, useSession} from "./ui.js";

const PANELS = {about: About, people: Team, otherwise: Otherwise, door: Door, look: Look};

// What was typed, for as long as the page is open. Names and numbers of people go into no storage and no address.
let kept = null;

export default function Start({parts: [campaignId], query}) {
  useTitle(t.screens.start);
  return campaignId ? html`<${Proof} campaignId=${campaignId} />` : html`<${Setup} asked=${query.step} />`;
}

function Setup({asked}) {
  const there = useLoad(() => names());
  const {user} = useSession();
  const another = there.data?.campaigns.length > 0;
  return html`<${ScreenHead} title=${another ? t.start.another : t.start.title} about=${another ? t.start.anotherAbout : t.start.titleAbout} />
    ${!user.mayChange && html`<div class="notice"><${Icon} name="lock" /><div>${t.start.viewer}</div></div>`}
    <${Loaded} of=${there}>${({recipients}) => html`<${Steps} asked=${asked} reps=${recipients.filter((one) => one.type === "rep" && one.active)} />`}<//>`;
}

function Steps({asked, reps}) {
  const [doc, setDoc] = useState(kept || blank);
  const [tried, setTried] = useState({});
  const [refused, setRefused] = useState({});
  const panel = useRef(), moved = useRef(false);
  kept = doc;
  const open = STEPS.findIndex((step) => Object.keys(wrongIn(step, doc, reps)).length > 0);
  // Nobody gets ahead of what is still missing, whatever the address says.
  const reached = Math.min(doc.reached, open < 0 ? STEPS.length : open);
  const at = Math.min(Math.max(STEPS.indexOf(asked), 0), reached);
  const step = STEPS[at], found = tried[step] ? wrongIn(step, doc, reps) : {};
  const form = {
    doc, reps, wrong: (place) => found[place] || refused[place],
    set: (place, value) => {
      setDoc((had) => put(had, place, value));
      setRefused((had) => (had[place] ? {...had, [place]: undefined} : had));
    },
  };
  useLeaving(Boolean(doc.name || filled(doc.people).length));
  const show = (other) => go(["start"], {step: STEPS[other]});
  useEffect(() => {
    // Whoever goes on types on: the cursor is in the first field already.
    if (moved.current) (panel.current.querySelector("input, select") || panel.current.querySelector("button"))?.focus();
    moved.current = true;
    scrollTo(0, 0);
  }, [step]);

  const next = (event) => {
    event.preventDefault();
    setTried((had) => ({...had, [step]: true}));
    if (Object.keys(wrongIn(step, doc, reps)).length === 0) {
      setDoc((had) => ({...had, reached: Math.max(had.reached, at + 1)}));
      show(at + 1);
    } else requestAnimationFrame(() => panel.current?.querySelector("[aria-invalid=true]")?.focus());
  };
  const refuse = (places) => {
    setRefused(places);
    const first = STEPS.findIndex((one) => Object.keys(places).some((place) => STEP_OF(place) === one));
    if (first >= 0) show(first);
  };
  const View = PANELS[step];
  return html`<${Trail} at=${at} reached=${reached} />
    <form class="stack" ref=${panel} noValidate onSubmit=${next}>
      <${View} form=${form} made=${(campaign) => { kept = null; go(["start", campaign]); }} refuse=${refuse} back=${() => show(at - 1)} />
      ${step !== "look" && html`<div class="line between start-next">
        ${at > 0 ? html`<${Button} icon="back" onClick=${() => show(at - 1)}>${t.start.back}<//>` : html`<span></span>`}
        <${Button} tone="main" type="submit">${fill(t.start.next, {step: t.start.steps[STEPS[at + 1]]})}<//></div>`}</form>`;
}

const STEP_OF = (place) => ({name: "about", questions: "about", consent: "about", people: "people", hours: "people", minutes: "people", otherwise: "otherwise", door: "door"}[place.split(/[.[]/)[0]]);

/** Where somebody is, and what is done. */
function Trail({at, reached}) {
  return html`<nav aria-label=${t.start.trail}><ol class="trail">${STEPS.map((step, number) => {
    const state = number === at ? "here" : number < reached ? "done" : "";
    const inside = html`<span class="trail-dot number">${state === "done" ? html`<${Icon} name="check" size=${14} />` : number + 1}</span><span class="trail-word">${t.start.steps[step]}</span>`;
    return html`<li class=${state} key=${step}>${number !== at && number <= reached
      ? html`<a href=${to(["start"], {step})}>${inside}${state === "done" && html`<span class="visually-hidden">, ${t.start.done}</span>`}</a>`
      : html`<span aria-current=${state === "here" ? "step" : undefined}>${inside}</span>`}</li>`;
  })}</ol></nav>`;
}

/** Whoever closes the page before anything is made is asked: what was typed is nowhere else. */
function useLeaving(typed) {
  const now = useRef(typed);
  now.current = typed;
  useEffect(() => {
    const ask = (event) => { if (now.current) event.preventDefault(); };
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, []);
}
