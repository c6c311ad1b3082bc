// A lead goes to somebody else: to a rep by name, or to whoever is next.

import {useState} from "preact/hooks";
import {request} from "./api.js";
import {html} from "./html.js";
import {useLoad} from "./hooks.js";
import {called, everybody, TONES} from "./standing.js";
import {count, fill, t} from "./texts.js";
import {Action, Avatar, Badge, Button, Dialog, Field, Loaded} from "./ui.js";

const HAD = ["offered", "assigned"], ANEW = ["unassigned", "returned"];
const SHOWN = 5, NEXT = "";

/** Reassign, or assign and try again, where the lead's state lets somebody. `offers`: how many of it were seen. */
export function Reassign({lead, offers, after, small = true}) {
  // How many there were when it was opened: whoever chooses does not know of a later one.
  const [seen, setSeen] = useState(null);
  const anew = ANEW.includes(lead.state);
  if (!anew && !HAD.includes(lead.state)) return null;
  const order = (offerNo) => (body) => request("POST", `leads/${lead.lead_id}/reassignment`, {body: {...body, offer_no: offerNo}});
  const again = async () => { await order(offers)({reason: "try-again"}); };
  return html`${anew && html`<${Action} small=${small} icon="again" done=${t.lead.triedAgain} work=${again} after=${after}>${t.lead.goAgain}<//>`}
    <${Button} small=${small} changes icon="people" onClick=${() => setSeen({offers})}>${anew ? t.lead.assign : t.lead.reassign}<//>
    ${seen && html`<${Choose} lead=${lead} order=${order(seen.offers)} anew=${anew} close=${() => setSeen(null)} after=${after} />`}`;
}

function Choose({lead, order, anew, close, after}) {
  const [to, setTo] = useState(NEXT);
  const [reason, setReason] = useState("");
  const [wanted, setWanted] = useState("");
  const people = useLoad(everybody);
  const reps = (people.data || []).filter((one) => one.type === "rep" && one.id !== lead.recipient_id);
  const chosen = reps.find((one) => one.id === to);
  const give = async () => {
    await order({recipient_id: to || null, reason: anew ? "by-hand" : reason});
    close();
    return to ? fill(t.lead.given, {name: chosen.name}) : t.lead.givenOn;
  };
  return html`<${Dialog} title=${fill(anew ? t.lead.assignTitle : t.lead.reassignTitle, {who: lead.who})} close=${close} actions=${html`
      <${Button} onClick=${close}>${t.common.cancel}<//><${Action} tone="main" disabled=${!anew && !reason} work=${give} after=${after}>${chosen ? fill(t.lead.giveTo, {name: chosen.name}) : t.lead.giveOn}<//>`}>
    <fieldset class="takers"><legend>${t.lead.toWhom}</legend>
      <${Choice} value=${NEXT} to=${to} set=${setTo}><div class="grow"><strong>${t.lead.toNext}</strong><div class="small quiet">${anew ? t.lead.toNextAnew : t.lead.toNextAbout}</div></div><//>
      <${Field} label=${t.lead.find} type="search" value=${wanted} autocomplete="off" onInput=${(event) => setWanted(event.target.value)} />
      <${Loaded} of=${people}>${() => html`<${Reps} found=${called(reps, wanted)} chosen=${chosen} to=${to} set=${setTo} />`}<//></fieldset>
    ${!anew && html`<${Field} label=${t.lead.why} value=${reason} onChange=${(event) => setReason(event.target.value)} options=${[["", t.lead.chooseWhy], ...Object.entries(t.lead.reasons)]} />`}
    <p class="small quiet">${chosen ? t.lead.atOnce : anew ? "" : t.lead.oldIsTold}</p><//>`;
}

/** The first of those who were found; whoever is chosen stays in sight. */
function Reps({found, chosen, to, set}) {
  const first = found.slice(0, SHOWN);
  const shown = chosen && !first.includes(chosen) ? [chosen, ...first] : first;
  return html`${shown.map((one) => html`<${Choice} key=${one.id} value=${one.id} to=${to} set=${set}><${Avatar} name=${one.name} />
      <div class="grow"><strong>${one.name}</strong><div class="small quiet">${[one.open_leads ? count(one.open_leads, "open lead") : t.now.free, one.about].filter(Boolean).join(" · ")}</div></div>
      <${Badge} tone=${TONES[one.group]}>${t.now.groups[one.group]}<//><//>`)}
    ${found.length > SHOWN && html`<p class="small quiet" role="status">${fill(t.lead.moreReps, {number: found.length - SHOWN})}</p>`}
    ${!found.length && html`<p class="quiet" role="status">${t.now.nobodyLike}</p>`}`;
}

const Choice = ({value, to, set, children}) => html`<label class=${`taker ${value === to ? "chosen" : ""}`}>
  <input type="radio" name="to" value=${value} checked=${value === to} onChange=${() => set(value)} />${children}</label>`;
