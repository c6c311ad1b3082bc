// Ready-made plans to start from. Each says what it is for, what it needs, and which pool each of its stages asks.

import {DEFAULTS} from "./plan_diff.js";
import {t} from "./texts.js";

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
const stage = (model, more = {}) => ({model, ...more});
const bySelf = {auto_accept: true};

/** What the stages of each do; their words are in texts.js under the same name, in the same order. */
const STAGES = {
  empty: () => [stage("round_robin")],
  agency: () => [stage("weighted", bySelf), stage("longest_idle", bySelf)],
  saas: () => [
    stage("waterfall", {when: {field: "score", op: "gte", value: 70}, accept_within_s: 120, max_offers: 3}),
    stage("weighted", {accept_within_s: 300})],
  insurance: () => [stage("ping_post", {auction: {...DEFAULTS.auction, floor_cents: 700}}), stage("least_loaded", {accept_within_s: 300})],
  local: () => [
    stage("round_robin", {when: {field: "time.now", op: "time_of_day", value: {from: "08:00", until: "18:00", zone: zone(), days: ["mon", "tue", "wed", "thu", "fri"]}}, accept_within_s: 90}),
    stage("waterfall", {accept_within_s: 180})],
};

/** The ready-made plans: {id, name, about, needs, stages}; a stage has all but its pool, and `asks`, which pool it wants. */
export const templates = () => Object.keys(STAGES).map((id) => {
  const {name, about, needs, stages} = t.plans.templates[id];
  return {id, name, about, needs, stages: STAGES[id]().map((one, at) => ({...DEFAULTS, ...one, ...stages[at]}))};
});

/** The plan that a template becomes: its stages with the pools that were chosen, and who gets what nobody took. */
export const planOf = ({stages}, {id, pools, fallback}) => ({
  id, fallback: fallback || null, stages: stages.map(({asks, pool, ...one}, at) => ({...one, pool_id: pools[at] || ""})),
});
