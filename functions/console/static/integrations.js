// Other systems that hear of events: whether each is on, whether it answers, and what it did not take.

import {useState} from "preact/hooks";
import {all, each, get, request} from "./api.js";
import {change} from "./change.js";
import {html} from "./html.js";
import {useLoad} from "./hooks.js";
import {Icon} from "./icons.js";
import {to} from "./route.js";
import {SecretField, signing} from "./secrets.js";
import {count, fill, t} from "./texts.js";
import {Action, Badge, Empty, Loaded, Panel, Time} from "./ui.js";

const SHOWN = 20;

export function Integrations() {
  const {integrations: words} = t.sources;
  const found = useLoad(async (signal) => {
    const subscriptions = await all("subscriptions", {}, 200, signal);
    const dead = await each(subscriptions, ({id}) => get(`subscriptions/${id}/deliveries`, {state: "dead", limit: SHOWN}, signal));
    return subscriptions.map((one, at) => ({...one, dead: dead[at].items, more: dead[at].next !== null}));
  }, []);
  return html`<${Loaded} of=${found}>${(subscriptions) => (subscriptions.length
    ? subscriptions.map((one) => html`<${OneIntegration} key=${one.id} subscription=${one} after=${found.reload} />`)
    : html`<div class="panel"><${Empty} icon="plug" tone="" title=${words.none}>${words.noneAbout}<//></div>`)}<//>`;
}

function OneIntegration({subscription, after}) {
  const {integrations: words} = t.sources;
  const {id, name, url, connector, active, events, secrets, dead, more} = subscription;
  const turn = async () => {
    await change(`subscriptions/${id}`, {active: !active});
    return fill(active ? words.turnedOff : words.turnedOn, {name});
  };
  const again = async ({delivery_id: which}) => {
    await request("POST", `subscriptions/${id}/deliveries/${which}/replay`);
    return words.sentAgain;
  };
  const hears = events.length ? events.map(called).join(", ") : words.everything;
  return html`<${Panel} title=${name} about=${fill(words.about, {system: connector ? words.systems[connector.system] : url, events: hears})}
      actions=${html`<${Badge} tone=${active ? "good" : "heed"}>${active ? t.sources.on : t.sources.off}<//>
        <${Action} small icon=${active ? "pause" : "play"} work=${turn} after=${after}>${active ? words.turnOff : words.turnOn}<//>`}>
    <${Trial} id=${id} />
    ${url && html`<details><summary class="small">${words.secret}</summary>${secrets.map((one) => html`<${SecretField} key=${one} path=${`subscriptions/${id}`} name=${one} label=${fill(words.secretOf, {name: one})} made=${signing} />`)}</details>`}
    ${dead.length > 0 && html`<h3 class="above">${fill(words.dead, {events: count(dead.length, "event")})}${more && html` <span class="quiet small">${words.deadMore}</span>`}</h3>
      <p class="small quiet">${words.deadAbout}</p>
      <ul class="rows plain-rows">${dead.map((one) => html`<li class="row" key=${one.delivery_id}><span class="sign-small"><${Icon} name="alert" size=${18} /></span>
        <div class="grow"><a class="row-link" href=${to(["leads", one.lead_id])}>${called(one.kind)}</a>
          <div class="small quiet"><${Time} at=${one.at} /> · ${whyNot(one)}</div></div>
        <${Action} small icon="again" work=${() => again(one)} after=${after}>${words.sendAgain}<//></li>`)}</ul>`}<//>`;
}

/** Send a made-up event, and say what came of it. */
function Trial({id}) {
  const {integrations: words} = t.sources;
  const [came, setCame] = useState(null);
  const work = async () => {
    setCame((await request("POST", `subscriptions/${id}/test`)).data);
    return false;
  };
  return html`<div class="line"><${Action} small icon="play" work=${work}>${words.test}<//>
    <span role="status" class=${came && !came.delivered ? "wrong" : ""}>${came && (came.delivered ? words.works : fill(words.worksNot, {why: whyNot(came)}))}</span></div>`;
}

/** The kind of an event in words: LeadAssigned is "Lead assigned". */
const called = (kind) => kind.replace(/(?!^)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const whyNot = ({status, trouble, said}) => [trouble ? t.sources.integrations.troubles[trouble] || trouble.replaceAll("_", " ") : status && fill(t.sources.integrations.status, {status}), said].filter(Boolean).join(" · ");
