// A buyer is tried: what would be sent, what was answered, and how that was read. Nothing is sold by it.

import {useState} from "preact/hooks";
import {request} from "./api.js";
import {html} from "./html.js";
import {Icon} from "./icons.js";
import {inWords} from "./problems.js";
import {fill, money, t} from "./texts.js";
import {lasting} from "./times.js";
import {Badge, Button, Empty, Field, Panel, Switch} from "./ui.js";

const TONES = {accepted: "good", rejected: "heed", unclear: "bad"};

/** The test call of the buyer in the form, as it is stored. */
export function Trial({form, names}) {
  const words = t.people.trial;
  const {doc, isNew, dirty} = form;
  const [post, setPost] = useState(true);
  const [campaignId, setCampaignId] = useState("");
  const [tried, setTried] = useState({});
  const run = async () => {
    setTried({busy: true});
    try {
      const {data} = await request("POST", `recipients/${doc.id}/test`, {body: {post, campaign_id: campaignId || null}});
      setTried({calls: data.calls});
    } catch (error) {
      setTried({error: inWords(error)});
    }
  };
  return html`<${Panel} title=${words.title} about=${words.about}>
    <div class="trial"><${Field} label=${words.campaign} hint=${words.campaignHint} value=${campaignId} onChange=${(event) => setCampaignId(event.target.value)} options=${[["", words.anyCampaign], ...names.campaigns.map((one) => [one.id, one.name])]} />
      <${Switch} label=${words.post} hint=${words.postHint} on=${post} set=${setPost} />
      <${Button} changes tone="main" icon="play" busy=${tried.busy} disabled=${isNew || dirty} onClick=${run}>${words.run}<//></div>
    ${(isNew || dirty) && html`<p class="small quiet">${words.saveFirst}</p>`}
    <div role="status">${tried.busy && html`<p class="quiet">${words.busy}</p>`}
      ${tried.error && html`<div class="notice bad"><${Icon} name="alert" /><div><strong>${tried.error.title}.</strong> ${tried.error.text}</div></div>`}</div>
    ${tried.calls && (tried.calls.length ? html`<ol class="stack">${tried.calls.map((call) => html`<${Call} key=${call.purpose} call=${call} currency=${doc.buyer.billing.currency} />`)}</ol>` : html`<${Empty} title=${words.nothing} />`)}<//>`;
}

/** One request and what came of it. */
function Call({call, currency}) {
  const words = t.people.trial;
  const read = [
    call.price_cents !== null && [words.read.price, money(call.price_cents, currency)],
    call.reason && [words.read.reason, call.reason],
    call.reference && [words.read.reference, call.reference],
    call.took_ms !== null && [words.read.took, lasting(call.took_ms)],
  ].filter(Boolean);
  return html`<li class="call"><div class="line between"><h3>${words.purposes[call.purpose]}</h3>
      ${call.sent ? html`<${Badge} tone=${TONES[call.verdict]}>${words.verdicts[call.verdict] || call.verdict}<//>` : html`<${Badge} tone="heed">${words.notSent}<//>`}</div>
    ${call.why_not && html`<p>${fill(words.because, {why: call.why_not})}</p>`}
    ${read.length > 0 && html`<dl class="pairs">${read.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`}
    ${(call.request || call.response || call.trouble) && html`<div class="call-texts">
      ${call.request && html`<${Text} title=${words.request} text=${call.request} />`}
      ${call.sent && html`<${Text} title=${call.status ? fill(words.response, {status: call.status}) : words.noResponse} text=${call.response || call.trouble || words.empty} />`}</div>`}
    ${call.notes.length > 0 && html`<ul class="notes small quiet">${call.notes.map((note) => html`<li>${note}</li>`)}</ul>`}</li>`;
}

const Text = ({title, text}) => html`<figure class="call-text"><figcaption class="small quiet">${title}</figcaption><pre class="mono" tabindex="0" role="group" aria-label=${title}>${text}</pre></figure>`;
