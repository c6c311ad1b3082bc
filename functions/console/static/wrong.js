// What is wrong, each in words with the next step, and a link to where it is mended.

import {html} from "./html.js";
import {Icon} from "./icons.js";
import {to} from "./route.js";
import {screens} from "./screens.js";
import {count, fill, t} from "./texts.js";
import {inWords as said} from "./problems.js";
import {ago} from "./times.js";
import {Button, Panel} from "./ui.js";

// Where each kind of trouble is mended. Dead letters and subscriptions have no screen.
const PLACES = {
  plan_not_published: () => ["plans"], buyer_rested: (of) => ["people", of], address_failing: (of) => ["people", of], source_off: (of) => ["sources", of],
};
// Worth a look, and nothing is lost by them.
const MILD = new Set(["source_off", "subscription_off", "not_counted"]);

// What is said where a part cannot be read.
const UNKNOWN = ["unknown", "unknownReturns", "unknownWaiting", "unknownPeople", "unknownService"];

// Fewer promises kept than this part, and something is wrong.
const KEPT = 0.9;

/** `troubles`, `returns`, `service`, `waiting`, `people`: as they are loaded; `states`: how many leads are in each. */
export function Wrong({troubles, returns, service, states, waiting, people}) {
  const parts = [troubles, returns, waiting, people, service];
  if (parts.some(({data, error}) => !data && !error)) return null;
  const given = waiting.data?.given;
  const total = service.data?.total;
  const late = total && total.met_rate !== null && total.met_rate < KEPT;
  const nobody = people.data?.length > 0 && people.data[0].group !== "available";
  const list = [
    nobody && {text: t.now.wrong.nobody, icon: "people"},
    states.unassigned && {text: fill(t.now.wrong.unassigned, {leads: count(states.unassigned, "lead")}), href: to(["leads"], {state: "unassigned"}), go: t.now.wrong.look},
    states.quarantined && {text: fill(t.now.wrong.held, {leads: count(states.quarantined, "lead")}), href: to(["leads"], {state: "quarantined"}), go: t.now.wrong.decide},
    given && {text: fill(t.now.wrong.given, {leads: count(given, "lead")}), href: to(["leads"], {state: "returned"}), go: t.now.wrong.look},
    late && {text: fill(t.now.wrong.late, {missed: count(total.missed, "lead")}), more: t.now.wrong.lateNext, mild: true, icon: "clock",
      href: to(["reports", "service"], {range: "today"}), go: t.now.wrong.lateGo},
    returns.data?.items.length && {text: fill(t.now.wrong.returns, {returns: count(returns.data.items.length, "return")})},
    ...(troubles.data?.items || []).map(inWords),
    ...parts.map((one, at) => one.error && unknown(t.now.wrong[UNKNOWN[at]], one)),
  ].filter(Boolean);
  if (!list.length) return html`<div class="notice good"><${Icon} name="check" /><div>${t.now.allWell}</div></div>`;
  return html`<${Panel} title=${t.now.needs} flush><ul class="rows">${list.map(({text, more, href, go, again, mild, icon = "alert"}) => html`
    <li class="row"><span class=${`sign-small ${mild ? "mild" : ""}`}><${Icon} name=${icon} size=${18} /></span><div class="grow">${text}
      ${more && html`<div class="small quiet">${more}</div>`}</div>
      ${again && html`<${Button} small icon="again" onClick=${again}>${t.common.tryAgain}<//>`}
      ${href && html`<a class="button small" href=${href}>${go}</a>`}</li>`)}</ul><//>`;
}

/** What could not be read: it may be wrong, and nothing here says so. */
const unknown = (text, {error, reload}) => ({text, more: said(error).text, again: reload});

function inWords({kind, of, words, next, until}) {
  const place = PLACES[kind]?.(of);
  const more = [next, until && fill(t.now.wrong.untilAgain, {ago: ago(until)})].filter(Boolean).join(" ");
  // A screen that is not there yet is no place to go.
  return {text: words, more, mild: MILD.has(kind), ...(place && screens.some(({id}) => id === place[0]) ? {href: to(place), go: t.now.wrong.mend} : {})};
}
