// What is different between two versions of a plan, stage by stage, in words.

import {conditionWords} from "./conditions.js";
import {html} from "./html.js";
import {fallbackOf} from "./stage_words.js";
import {fill, money, t} from "./texts.js";
import {duration} from "./typed.js";
import {Badge} from "./ui.js";

/** What a stage is where it does not say. */
export const DEFAULTS = {
  model: "round_robin", off: false, when: null, auto_accept: false, accept_within_s: 300, max_offers: null,
  auction: {deadline_ms: 2000, floor_cents: 0, margin_cents: 0, margin_percent: 0, winners: 1, share_percent: {}, fixed_price: true, min_bidders: 1, bids_good_for_s: 300},
  delivery: {unknown_after_s: 3600, unknown_counts_as: "sold"},
};

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** A stage with everything that it does not say. */
const whole = (stage) => ({...DEFAULTS, ...stage, auction: {...DEFAULTS.auction, ...stage.auction}, delivery: {...DEFAULTS.delivery, ...stage.delivery}});

/**
 * The differences: {kind, name, from, to, fields}, kind being added, removed, moved, changed or fallback.
 *
 * Stages are the same that are equal, then those of one name, then those of one pool at one place: a new name.
 */
export function differences(before, after, scene) {
  const old = before.stages.map(whole), now = after.stages.map(whole);
  const pairs = paired(old, now);
  const stays = inOrder(pairs.map(([, from]) => from));
  const found = pairs.flatMap(([to, from]) => {
    const fields = fieldsOf(old[from], now[to], scene), moved = !stays.has(from);
    return fields.length || moved ? [{kind: moved ? "moved" : "changed", name: now[to].name, from, to, fields}] : [];
  });
  const added = now.flatMap((stage, to) => (pairs.some(([one]) => one === to) ? [] : [{kind: "added", name: stage.name, to, fields: fieldsOf({}, stage, scene)}]));
  const removed = old.flatMap((stage, from) => (pairs.some(([, one]) => one === from) ? [] : [{kind: "removed", name: stage.name, from, fields: []}]));
  const fallback = same(before.fallback ?? null, after.fallback ?? null) ? [] : [{kind: "fallback", name: t.plans.fallback, fields: [
    {what: t.plans.diff.owner, before: fallbackOf(before, scene), after: fallbackOf(after, scene)}]}];
  return [...[...found, ...added].sort((a, b) => a.to - b.to), ...removed, ...fallback];
}

/** Which stage was which: [to, from]s, in the order of what is now. */
function paired(old, now) {
  const freeOld = new Set(old.keys()), freeNow = new Set(now.keys()), pairs = [];
  const match = (fits) => {
    for (const to of [...freeNow]) {
      const from = [...freeOld].find((one) => fits(old[one], now[to], one, to));
      if (from === undefined) continue;
      pairs.push([to, from]);
      freeOld.delete(from);
      freeNow.delete(to);
    }
  };
  match(same);
  match((a, b) => a.name === b.name);
  match((a, b, from, to) => from === to && a.pool_id === b.pool_id);
  return pairs.sort(([a], [b]) => a - b);
}

/** Of places in their new order, the most that are still in their old one; the others were moved. */
function inOrder(places) {
  const best = places.map((place) => [place]);
  places.forEach((place, at) => {
    for (let before = 0; before < at; before += 1) {
      if (places[before] < place && best[before].length + 1 > best[at].length) best[at] = [...best[before], place];
    }
  });
  return new Set(best.reduce((longest, one) => (one.length > longest.length ? one : longest), []));
}

/** The fields of a stage that differ, before and after, in words. */
function fieldsOf(old, now, scene) {
  const {diff} = t.plans;
  return FIELDS.flatMap(([name, read, say]) => {
    const [was, is] = [old.name ? read(old) : undefined, read(now)];
    const unsaid = !old.name && (same(is, read(whole({name: ""}))) || name === "name");
    return same(was, is) || unsaid ? [] : [{what: diff.fields[name], before: was === undefined ? null : say(was, scene), after: say(is, scene)}];
  });
}

const plain = (value) => String(value ?? t.plans.diff.none);
const yes = (value) => t.conditions.flags[value];
const cents = (value, {currency}) => money(value, currency);
const percent = (value) => `${value}%`;
const shares = (value) => Object.entries(value).map(([number, part]) => fill(t.plans.diff.share, {number, part})).join(", ") || t.plans.diff.none;
const auction = (name, say) => [name, (stage) => stage.auction?.[name], say];
const delivery = (name, say) => [name, (stage) => stage.delivery?.[name], say];

const FIELDS = [
  ["name", (stage) => stage.name, plain],
  ["off", (stage) => stage.off, (value) => t.plans.diff.onOff[value]],
  ["when", (stage) => stage.when, (value, {fields}) => (value ? conditionWords(value, fields) : t.plans.everyLead)],
  ["pool_id", (stage) => stage.pool_id, (value, {pools}) => pools.get(value)?.name || value || t.plans.noPool],
  ["model", (stage) => stage.model, (value) => t.plans.models[value].name],
  ["auto_accept", (stage) => stage.auto_accept, (value) => t.plans.diff.offers[value]],
  ["accept_within_s", (stage) => stage.accept_within_s, duration],
  ["max_offers", (stage) => stage.max_offers, (value) => (value === null ? t.plans.diff.allOfThem : plain(value))],
  auction("deadline_ms", (value) => fill(t.plans.diff.seconds, {number: value / 1000})), auction("floor_cents", cents), auction("min_bidders", plain),
  auction("winners", plain), auction("share_percent", shares), auction("fixed_price", yes), auction("margin_cents", cents),
  auction("margin_percent", percent), auction("bids_good_for_s", duration),
  delivery("unknown_after_s", duration), delivery("unknown_counts_as", (value) => t.plans.terms.unknown[value]),
];

const TONES = {added: "good", removed: "bad", moved: "moving", changed: "heed", fallback: "heed"};

/** The differences as a list. */
export function Differences({before, after, scene}) {
  const found = differences(before, after, scene), {kinds, moved, at} = t.plans.diff;
  if (!found.length) return html`<p class="quiet">${t.plans.diff.nothing}</p>`;
  return html`<ul class="differences">${found.map((one) => html`<li><div class="line"><${Badge} tone=${TONES[one.kind]}>${kinds[one.kind]}<//><strong>${one.name}</strong>
      ${one.kind === "moved" && html`<span class="small quiet">${fill(moved, {from: one.from + 1, to: one.to + 1})}</span>`}
      ${one.kind === "added" && html`<span class="small quiet">${fill(at[one.to === 0 ? "first" : one.to === after.stages.length - 1 ? "last" : "between"], {to: one.to + 1, of: after.stages.length})}</span>`}</div>
    ${one.fields.length > 0 && html`<dl class="pairs small">${one.fields.map((field) => html`<dt>${field.what}</dt><dd>${field.before !== null && html`<del>${field.before}</del> <span aria-hidden="true">→</span> `}<ins>${field.after}</ins></dd>`)}</dl>`}</li>`)}</ul>`;
}
