// A stage of a plan in words: whom it asks, how it chooses, how it offers.

import {conditionWords} from "./conditions.js";
import {membersInWords} from "./pool.js";
import {fill, money, t} from "./texts.js";
import {duration} from "./typed.js";

export const MODELS = ["round_robin", "weighted", "waterfall", "least_loaded", "longest_idle", "ping_post"];

/** What an id is called that is made of a name and has none of its own: "car-insurance" is "Car insurance". */
export const titleOf = (id) => id.replaceAll(/[-_]+/g, " ").replace(/^./, (letter) => letter.toUpperCase());

/** Which leads the stage is for. */
export const leadsOf = (stage, scene) => (stage.when ? conditionWords(stage.when, scene.fields) : t.plans.everyLead);

/** Whom it asks: the pool, and who is in it. */
export function poolOf(stage, scene) {
  const pool = scene.pools.get(stage.pool_id);
  if (!stage.pool_id) return t.plans.noPool;
  if (!pool) return fill(t.plans.poolGone, {pool: stage.pool_id});
  return `${pool.name}: ${membersInWords(pool, scene.names, stage.model === "waterfall" ? "priority" : "weight")}`;
}

/** How it chooses and offers. */
export function waysOf(stage, scene) {
  const {models, ways} = t.plans, asked = stage.max_offers && fill(ways.atMost, {number: stage.max_offers});
  if (stage.model === "ping_post") return [models[stage.model].name, ...auctionOf(stage, scene), asked].filter(Boolean).join("; ");
  const offered = stage.auto_accept ? ways.atOnce : fill(ways.asked, {time: duration(stage.accept_within_s ?? 300)});
  return [models[stage.model || "round_robin"].name, offered, asked].filter(Boolean).join("; ");
}

function auctionOf({auction = {}}, {currency}) {
  const {ways} = t.plans;
  return [
    fill(ways.deadline, {time: (auction.deadline_ms ?? 2000) / 1000}), auction.floor_cents > 0 && fill(ways.floor, {amount: money(auction.floor_cents, currency)}),
    auction.winners > 1 && fill(ways.winners, {number: auction.winners}),
  ].filter(Boolean);
}

/** What the plan does with what nobody took. */
export const fallbackOf = (plan, scene) => (plan.fallback ? scene.names.of(plan.fallback) : t.plans.nobodyElse);
