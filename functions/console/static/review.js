// What a person decides about a lead that is held: let it go its way, or not.

import {useState} from "preact/hooks";
import {request} from "./api.js";
import {html} from "./html.js";
import {fill, t} from "./texts.js";
import {Action, Button, Dialog, Field} from "./ui.js";

const HELD = ["quarantined", "disqualified"];

/** Release and reject, where the lead's state lets somebody. */
export function Review({lead, after, small = true}) {
  const [rejecting, setRejecting] = useState(false);
  if (!HELD.includes(lead.state)) return null;
  const release = () => request("POST", `leads/${lead.lead_id}/release`);
  return html`<${Action} small=${small} icon="check" done=${t.review.released} after=${after}
      work=${async () => { await release(); }}>${t.review.release}<//>
    ${lead.state === "quarantined" && html`<${Button} small=${small} changes tone="grave" icon="cross" onClick=${() => setRejecting(true)}>${t.review.reject}<//>`}
    ${rejecting && html`<${Reject} lead=${lead} close=${() => setRejecting(false)} after=${after} />`}`;
}

function Reject({lead, close, after}) {
  const [reason, setReason] = useState("spam");
  const reject = async () => {
    await request("POST", `leads/${lead.lead_id}/rejection`, {body: {reason}});
    close();
    return t.review.rejected;
  };
  return html`<${Dialog} title=${t.review.rejectTitle} close=${close} actions=${html`
      <${Button} onClick=${close}>${t.common.cancel}<//><${Action} tone="grave" work=${reject} after=${after}>${t.review.reject}<//>`}>
    <p>${fill(t.review.rejectAbout, {who: lead.who || t.review.thisLead})}</p>
    <${Field} label=${t.review.reason} value=${reason} onChange=${(event) => setReason(event.target.value)} options=${Object.entries(t.review.reasons)} />
  <//>`;
}

/** Why a lead is held, in words. */
export const heldFor = (lead) => lead.suspicions.map((code) => t.suspicions[code] || code).join(", ");
