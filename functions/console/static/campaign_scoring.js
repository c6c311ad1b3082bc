// How a campaign's leads are scored: rules in words, bands and limits; and what they make of the leads that came in last.

import {useMemo, useState} from "preact/hooks";
import {ConditionEditor, conditionWords, fieldsOf} from "./conditions.js";
import {At, at, idOf} from "./form.js";
import {html} from "./html.js";
import {useNames} from "./names.js";
import {Band, ScoringPreview} from "./scoring_preview.js";
import {inWords} from "./snippet.js";
import {fill, t} from "./texts.js";
import {Badge, Button, Empty, Field, Panel} from "./ui.js";

// What a score cannot be made of: itself.
const RESULTS = new Set(["score", "band", "probability"]);

export function CampaignScoring({form}) {
  const {scoring: words} = t.sources, {doc} = form;
  const names = useNames();
  const rules = doc.scoring?.rules || [];
  const fields = useMemo(() => fieldsOf({campaigns: [doc], sources: names.sources.filter((one) => one.campaign_id === doc.id), also: rules.map((rule) => rule.when)})
    .filter((one) => !RESULTS.has(one.path)), [doc.attributes, doc.fields, names, rules.length]);
  const set = (next) => form.set("scoring.rules", next);
  const add = () => set([...rules, {reason: "", when: {field: "contact.phone", op: "exists", value: true}, points: 10}]);
  const move = (number, by) => { const next = [...rules]; next.splice(number + by, 0, ...next.splice(number, 1)); set(next); };
  return html`<div class="columns even"><div class="stack">
    <${Panel} title=${words.rules} about=${words.rulesAbout} flush>
      ${rules.length ? html`<ol class="rows">${rules.map((rule, number) => html`<${Rule} key=${number} form=${form} number=${number} rule=${rule} fields=${fields}
        move=${(by) => move(number, by)} last=${number === rules.length - 1} remove=${() => set(rules.filter((_, one) => one !== number))} />`)}</ol>`
        : html`<${Empty} icon="chart" tone="" title=${words.none}>${words.noneAbout}<//>`}
      <div class="panel-body"><${Button} icon="plus" onClick=${add}>${words.add}<//></div><//>
    <${Panel} title=${words.lines} about=${words.linesAbout}>
      <${Bands} form=${form} />
      <div class="fields above"><${At} form=${form} place="scoring.qualify_from" type="number" label=${words.qualify} hint=${words.qualifyHint} />
        <${At} form=${form} place="scoring.hold_below" type="number" label=${words.hold} hint=${words.holdHint} /></div><//>
    <${Panel} title=${words.learned} about=${words.learnedAbout}>
      <${At} form=${form} place="scoring.learned.mode" empty="off" label=${words.mode} hint=${words.modes[at(doc, "scoring.learned.mode") || "off"].about}
        options=${Object.entries(words.modes).map(([value, {title}]) => [value, title])} /><//></div>
    <${ScoringPreview} form=${form} /></div>`;
}

function Rule({form, number, rule, fields, move, last, remove}) {
  const {scoring: words} = t.sources, place = `scoring.rules[${number}]`;
  // One without a reason was just added.
  const [open, setOpen] = useState(!rule.reason);
  const said = conditionWords(rule.when, fields);
  const wrong = form.wrong(place) || ["points", "reason", "when", "since"].map((name) => form.wrong(`${place}.${name}`)).find(Boolean);
  return html`<li class="field-row"><div class="line between nowrap"><div class="line"><${Badge} tone=${rule.points < 0 ? "bad" : "good"}>${rule.points > 0 ? "+" : ""}${rule.points ?? 0}<//>
      <div><strong>${rule.reason || words.unnamed}</strong><div class="small quiet">${said}</div></div></div>
      <div class="line nowrap">${number > 0 && html`<${Button} small tone="plain" icon="up" title=${fill(words.up, {number: number + 1})} onClick=${() => move(-1)} />`}
        ${!last && html`<${Button} small tone="plain" icon="down" title=${fill(words.down, {number: number + 1})} onClick=${() => move(1)} />`}
        <${Button} small tone="plain" icon="edit" aria-expanded=${open ? "true" : "false"} title=${fill(words.edit, {number: number + 1})} onClick=${() => setOpen(!open)} />
        <${Button} small tone="plain" icon="bin" title=${fill(words.remove, {number: number + 1})} onClick=${remove} /></div></div>
    ${wrong && !open && html`<p class="wrong small">${wrong}</p>`}
    ${open && html`<div class="part"><div class="rule-more"><${At} form=${form} place=${`${place}.points`} type="number" step="1" empty=${0} label=${words.points} />
        <${At} form=${form} place=${`${place}.reason`} empty="" label=${words.reason} hint=${words.reasonHint} maxlength="200" /></div>
      <${ConditionEditor} value=${rule.when} fields=${fields} label=${fill(words.when, {number: number + 1})} set=${(when) => form.set(`${place}.when`, when || {all: []})}
        wrong=${(inner) => form.wrong(inner ? `${place}.when.${inner}` : `${place}.when`)} />
      <details open=${Boolean(rule.since)}><summary class="small">${words.fades}</summary><p class="small quiet">${words.fadesAbout}</p>
        <div class="fields"><${At} form=${form} place=${`${place}.since`} label=${words.since} options=${[["", words.never], ...moments(form.doc, rule)]} />
          <${At} form=${form} place=${`${place}.half_life_days`} type="number" min="0" step="any" label=${words.half} />
          <${At} form=${form} place=${`${place}.group`} label=${words.group} hint=${words.groupHint} /></div>
        ${form.wrong(place) && html`<p class="wrong small">${form.wrong(place)}</p>`}</details></div>`}</li>`;
}

/** Fields from whose moment points can fade. */
function moments(doc, rule) {
  const own = Object.entries(doc.attributes || {}).filter(([, type]) => type === "moment").map(([name]) => [`attributes.${name}`, inWords(name)]);
  const known = [["time.received", t.sources.scoring.received], ["consent.at", t.sources.scoring.consented], ...own];
  return !rule.since || known.some(([path]) => path === rule.since) ? known : [...known, [rule.since, rule.since]];
}

/** The names for how good a lead is, each from so many points on. */
function Bands({form}) {
  const {scoring: words} = t.sources;
  const bands = Object.entries(form.doc.scoring?.bands || {}).sort(([, one], [, other]) => other - one);
  const set = (next) => form.set("scoring.bands", Object.fromEntries(next));
  const usual = Object.entries(words.usual).filter(([name]) => !bands.some(([had]) => had === name));
  return html`<h3>${words.bands}</h3><p class="small quiet">${words.bandsAbout}</p>
    <ul class="bands">${bands.map(([name, line]) => html`<li key=${name} class="line nowrap"><${Band} band=${name} />
      <${Field} type="number" label=${fill(words.bandFrom, {band: name})} value=${line} onInput=${(event) => set(bands.map((one) => (one[0] === name ? [name, Math.round(Number(event.target.value))] : one)))} />
      <${Button} small tone="plain" icon="bin" title=${fill(words.bandRemove, {band: name})} onClick=${() => set(bands.filter(([one]) => one !== name))} /></li>`)}</ul>
    <form class="add" onSubmit=${(event) => { event.preventDefault(); const name = idOf(event.target.elements.band.value); if (name) { set([...bands.filter(([one]) => one !== name), [name, words.usual[name] ?? 0]]); event.target.reset(); } }}>
      <${Field} name="band" label=${words.bandName} placeholder=${usual.map(([name]) => name).join(", ")} autocomplete="off" /><${Button} type="submit" icon="plus">${words.bandAdd}<//></form>`;
}
