// How a rep hears of leads: by which channels, in which order, and when they are left in peace.

import {At} from "./form.js";
import {html} from "./html.js";
import {SecretField} from "./secrets.js";
import {fill, t} from "./texts.js";
import {moment} from "./times.js";
import {Button, Panel, Switch} from "./ui.js";

const CHANNELS = ["sms", "email", "slack", "teams", "webhook", "connect"];
const USUAL = [["sms", "email"]], LOUD = ["connect", "sms", "webhook"];
// What each other channel needs to know, at first.
const PLACES = {slack: {user: ""}, teams: {secret: "teams"}, webhook: {url: "", secrets: ["signing"]}, connect: {how: "task", flow: null}};

/** Steps of channels: all of a step at once, the next step where the whole one before failed. */
export function Channels({form}) {
  const {doc} = form;
  const steps = doc.channels || USUAL;
  const used = steps.flat();
  const set = (next) => form.set("channels", next);
  const choose = (at, channel) => {
    if (channel in PLACES && !doc[channel]) form.set(channel, PLACES[channel]);
    // A channel is used once: where it is chosen, it leaves every other step.
    const chosen = steps[at].includes(channel);
    set(steps.map((step, other) => (other === at && !chosen ? CHANNELS.filter((one) => one === channel || step.includes(one)) : step.filter((one) => one !== channel))));
  };
  const move = (at, by) => {
    const next = [...steps];
    [next[at], next[at + by]] = [next[at + by], next[at]];
    set(next);
  };
  return html`<${Panel} title=${t.people.channels.title} about=${t.people.channels.about}>
    <ol class="stack">${steps.map((step, at) => html`<li class="step" key=${at}><span class="small quiet step-name">${at ? t.people.channels.then : t.people.channels.first}</span>
      <${Choice} label=${fill(t.people.channels.step, {number: at + 1})} chosen=${step} toggle=${(channel) => choose(at, channel)} />
      ${steps.length > 1 && html`<span class="line"><${Button} small tone="plain" icon="up" disabled=${!at} title=${fill(t.people.channels.up, {number: at + 1})} onClick=${() => move(at, -1)} />
        <${Button} small tone="plain" icon="down" disabled=${at === steps.length - 1} title=${fill(t.people.channels.down, {number: at + 1})} onClick=${() => move(at, 1)} />
        <${Button} small tone="plain" icon="bin" title=${fill(t.people.channels.remove, {number: at + 1})} onClick=${() => set(steps.filter((_, other) => other !== at))} /></span>`}
      ${form.wrong(`channels[${at}]`) && html`<span class="wrong small">${t.people.channels.empty}</span>`}</li>`)}</ol>
    ${form.wrong("channels") && html`<p class="wrong small">${form.wrong("channels")}</p>`}
    ${used.length < CHANNELS.length && html`<div class="line then"><${Button} small icon="plus" onClick=${() => set([...steps, []])}>${t.people.channels.add}<//></div>`}
    <div class="stack">${CHANNELS.filter((one) => one in PLACES && used.includes(one)).map((one) => html`<${Place} key=${one} form=${form} channel=${one} />`)}</div><//>`;
}

/** Some of the channels. */
const Choice = ({label, chosen, toggle}) => html`<div class="toggles" role="group" aria-label=${label}>${CHANNELS.map((channel) => html`
  <button type="button" class="button small" aria-pressed=${chosen.includes(channel) ? "true" : "false"} onClick=${() => toggle(channel)}>${t.people.channels.names[channel]}</button>`)}</div>`;

/** Where a channel other than SMS and email finds the rep. */
function Place({form, channel}) {
  const {names, fields} = t.people.channels;
  const path = `recipients/${form.doc.id}`;
  const place = form.doc[channel] || {};
  return html`<section class="place"><h3>${names[channel]}</h3><div class="fields">
    ${channel === "slack" && html`<${At} form=${form} place="slack.user" empty="" label=${fields.slackUser} hint=${fields.slackUserHint} wrong=${form.wrong("slack.user") && fields.slackUserWrong} />
      <${At} form=${form} place="slack.channel" label=${fields.slackChannel} hint=${fields.slackChannelHint} />`}
    ${channel === "teams" && html`<${SecretField} path=${path} name=${place.secret || "teams"} waits=${form.isNew} hint=${fields.teamsHint} />`}
    ${channel === "webhook" && html`<${At} form=${form} place="webhook.url" empty="" type="url" label=${fields.url} hint=${fields.urlHint} wrong=${form.wrong("webhook.url") && fields.urlWrong} />
      ${(place.secrets || []).map((name) => html`<${SecretField} key=${name} path=${path} name=${name} waits=${form.isNew} hint=${fields.signingHint} />`)}`}
    ${channel === "connect" && html`<${At} form=${form} place="connect.how" label=${fields.connectHow} options=${Object.entries(fields.connectWays)} />
      <${At} form=${form} place="connect.flow" label=${fields.connectFlow} hint=${fields.connectFlowHint} />`}</div></section>`;
}

/** Addresses that Baton leaves out, because what was sent there came back. */
export function Failing({form}) {
  const failing = form.doc.failing || [];
  if (!failing.length) return null;
  const {failing: words} = t.people;
  return html`<${Panel} title=${words.title} about=${words.about}><ul class="stack">${failing.map((one, at) => html`<li class="line">
    <div class="grow"><strong>${t.people.channels.names[one.channel]}: ${one.address}</strong><div class="small quiet">${fill(words.since, {why: words.why[one.why] || one.why.replaceAll("_", " "), at: moment(one.since)})}</div></div>
    <${Button} small icon="again" onClick=${() => form.set("failing", failing.filter((_, other) => other !== at))}>${words.again}<//></li>`)}</ul><//>`;
}

/** Hours in which channels wait, on the rep's clock. */
export function Quiet({form}) {
  const {quiet} = form.doc;
  const chosen = quiet?.channels || [];
  const toggle = (channel) => form.set("quiet.channels", CHANNELS.filter((one) => (one === channel) !== chosen.includes(one)).sort());
  return html`<${Panel} title=${t.people.quiet.title} about=${t.people.quiet.about}>
    <${Switch} label=${t.people.quiet.on} on=${Boolean(quiet)} set=${(on) => form.set("quiet", on ? {begin: "21:00", end: "07:00", channels: LOUD} : null)} wrong=${form.wrong("quiet")} />
    ${quiet && html`<div class="stack"><div class="fields"><${At} form=${form} place="quiet.begin" type="time" label=${t.people.quiet.begin} />
      <${At} form=${form} place="quiet.end" type="time" label=${t.people.quiet.end} /></div>
      <div class="field"><span>${t.people.quiet.channels}</span><${Choice} label=${t.people.quiet.channels} chosen=${chosen} toggle=${toggle} /></div>
      ${form.wrong("quiet.channels") && html`<span class="wrong small">${t.people.quiet.none}</span>`}</div>`}<//>`;
}
