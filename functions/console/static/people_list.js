// The list of reps, or of buyers: how each stands, what is used of their caps, and in which pools they are.

import {useMemo, useState} from "preact/hooks";
import {CapBar} from "./caps.js";
import {html} from "./html.js";
import {useLoad} from "./hooks.js";
import {isOnLeave, leaveWords} from "./leave.js";
import {Pause} from "./pause.js";
import {go, to} from "./route.js";
import {groupOf, standings, TONES, wordsOf} from "./standing.js";
import {count, fill, money, t} from "./texts.js";
import {Avatar, Badge, Button, Empty, Failure, Field, Loading, Panel} from "./ui.js";

const PAGE = 50, STANDING_MS = 60_000, POOLS_SHOWN = 3;

/** `type`: rep or buyer. `query`: which pool and state are asked for. */
export function People({type, recipients, pools, query, text, setText, after}) {
  const [pages, setPages] = useState(1);
  const poolsOf = useMemo(() => byMember(pools), [pools]);
  const typed = text.trim().toLowerCase();
  const wanted = recipients.filter((one) => one.type === type && one.name.toLowerCase().includes(typed)
    && (!query.pool || poolsOf.get(one.id)?.some((pool) => pool.id === query.pool)));
  const standing = useLoad(standings, [], {every: STANDING_MS});
  const known = standing.data || new Map();
  const states = new Map(wanted.map((one) => [one.id, groupOf(one, known.get(one.id))]));
  const found = wanted.filter((one) => !query.state || states.get(one.id) === query.state);
  const shown = found.slice(0, pages * PAGE);
  const set = (name) => (event) => { setPages(1); go(["people"], {...query, [name]: event.target.value}, {replace: true}); };
  return html`<form class="filters" role="search" onSubmit=${(event) => event.preventDefault()}>
      <${Field} label=${t.people.find} type="search" value=${text} autocomplete="off" onInput=${(event) => { setPages(1); setText(event.target.value); }} />
      <${Field} label=${t.people.pool.one} value=${query.pool || ""} onChange=${set("pool")} options=${[["", t.leads.any], ...pools.map((pool) => [pool.id, pool.name])]} />
      <${Field} label=${t.people.state} value=${query.state || ""} onChange=${set("state")} options=${[["", t.leads.any], ...Object.entries(t.people.groups)]} /></form>
    <${Panel} title=${t.people.all[type]} flush actions=${html`<span class="small quiet number" role="status">${fill(t.people.shown, {shown: shown.length, total: found.length})}</span>`}>
      ${standing.error && html`<${Failure} error=${standing.error} retry=${standing.reload} />`}
      ${shown.length ? html`<ul class="rows people">${shown.map((one) => html`<${Row} key=${one.id} one=${one} standing=${known.get(one.id)}
          group=${states.get(one.id)} pools=${poolsOf.get(one.id) || []} after=${after} />`)}</ul>`
        : query.state && standing.loading ? html`<${Loading} />` : html`<${None} type=${type} any=${recipients.some((one) => one.type === type)} />`}
      ${shown.length < found.length && html`<div class="panel-body"><${Button} onClick=${() => setPages(pages + 1)}>${t.common.more}<//></div>`}<//>`;
}

function Row({one, standing, group, pools, after}) {
  const rep = one.type === "rep";
  const said = [rep && standing?.open_leads ? count(standing.open_leads, "open lead") : "", !isOnLeave(one) && group !== "available" && wordsOf(standing), leaveWords(one)].filter(Boolean).join(" · ");
  const day = standing?.caps.filter((cap) => !cap.campaign_id) || [];
  return html`<li class="row person"><${Avatar} name=${one.name} />
    <div class="grow"><a class="row-link" href=${to(["people", one.id])}>${one.name}</a>
      <div class="small quiet">${said || (one.buyer ? paysIn(one.buyer) : standing ? t.people.free : one.email || one.phone)}</div></div>
    <div class="person-pools small quiet">${pools.slice(0, POOLS_SHOWN).map((pool) => pool.name).join(", ")}${pools.length > POOLS_SHOWN && ` +${pools.length - POOLS_SHOWN}`}${!pools.length && t.people.noPool}</div>
    <div class="person-caps">${day.slice(0, 2).map((cap) => html`<${CapBar} key=${cap.span} cap=${cap} short />`)}</div>
    <span class="person-state">${one.failing.length > 0 && html`<${Badge} tone="bad">${t.people.failing.badge}<//> `}${one.buyer?.status === "test" && html`<${Badge} tone="moving">${t.people.buyer.statuses.test}<//> `}
      ${group && html`<${Badge} tone=${TONES[group]}>${t.people.groups[group]}<//>`}</span>
    <${Pause} one=${one} named after=${after} /></li>`;
}

/** What a buyer pays, and when. */
const paysIn = ({price_cents: cents, billing: {mode, currency}}) => fill(cents === null ? t.people.buyer.bids : t.people.buyer.fixed,
  {price: cents === null ? "" : money(cents, currency), mode: t.people.buyer.billing.modes[mode]});

function None({type, any}) {
  return any ? html`<${Empty} icon="search" tone="" title=${t.people.noneSuch}>${t.people.noneSuchAbout}<//>`
    : html`<${Empty} icon="people" tone="" title=${t.people.none[type]}>${t.people.noneAbout[type]}<//>`;
}

/** The pools that each recipient is in. */
function byMember(pools) {
  const found = new Map();
  for (const pool of pools) for (const {recipient_id: id} of pool.members) found.set(id, [...(found.get(id) || []), pool]);
  return found;
}
