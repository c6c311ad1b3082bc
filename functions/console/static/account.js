// A buyer's account: what it can spend, the latest entries, and a payment to book.

import {useState} from "preact/hooks";
import {get, request} from "./api.js";
import {html} from "./html.js";
import {useLoad} from "./hooks.js";
import {to} from "./route.js";
import {fill, money, t} from "./texts.js";
import {Action, Bar, Button, Dialog, Field, Loaded, Panel, Time} from "./ui.js";

const DAYS = [30, 3, 1.1], DAY_MS = 86_400_000, SHOWN = 5, NEARLY = 0.8, CENTS = 100;

/** `etag`: read anew whenever the buyer is stored. */
export function Account({id, etag}) {
  const words = t.people.account;
  const [paying, setPaying] = useState(false);
  const account = useLoad(async (signal) => {
    const [now, entries] = await Promise.all([get(`recipients/${id}/account`, {}, signal), newest(id, signal)]);
    return {now, entries};
  }, [id, etag]);
  return html`<${Panel} title=${words.title} actions=${html`<${Button} small changes icon="plus" onClick=${() => setPaying(true)}>${words.pay}<//>`}><${Loaded} of=${account}>${({now, entries}) => html`<div class="stack">
      <div><div class="figure number">${money(now.balance_cents, now.currency)}</div><p class="small quiet">${now.mode === "prepaid" ? words.left : words.owed}</p></div>
      <dl class="pairs"><dt>${words.canSpend}</dt><dd class="number">${money(now.can_spend_cents, now.currency)}</dd>
        ${now.held_cents > 0 && html`<dt>${words.held}</dt><dd class="number">${money(now.held_cents, now.currency)}</dd>`}</dl>
      <${Spent} words=${words.today} spent=${now.spent_today_cents} most=${now.per_day_cents} currency=${now.currency} />
      <${Spent} words=${words.month} spent=${now.spent_this_month_cents} most=${now.per_month_cents} currency=${now.currency} />
      ${entries.length > 0 && html`<div><h3>${words.entries}</h3><ul class="reasons">${entries.map((one) => html`<li key=${one.entry_id}><span>${one.lead_id ? html`<a href=${to(["leads", one.lead_id])}>${words.kinds[one.kind] || one.kind}</a>` : words.kinds[one.kind] || one.kind}
        <span class="small quiet"> · <${Time} at=${one.at} /></span></span><span class="number">${money(one.cents, one.currency)}</span></li>`)}</ul></div>`}
      ${paying && html`<${Pay} id=${id} currency=${now.currency} close=${() => setPaying(false)} after=${account.reload} />`}</div>`}<//><//>`;
}

/** The newest entries. A statement begins with the oldest, so the days that it looks back are fewer where there are many. */
async function newest(id, signal) {
  const until = new Date(Date.now() + DAY_MS);
  let statement;
  for (const days of DAYS) {
    statement = await get(`recipients/${id}/statement`, {since: new Date(until - days * DAY_MS).toISOString(), until: until.toISOString(), limit: 200}, signal);
    if (!statement.next) break;
  }
  return statement.items.reverse().slice(0, SHOWN);
}

/** What was spent, and of how much. */
function Spent({words, spent, most, currency}) {
  const said = most === null ? money(spent, currency) : fill(t.people.account.of, {spent: money(spent, currency), most: money(most, currency)});
  return html`<div class="cap"><span class="small quiet number">${words}: ${said}</span>${most !== null && html`<${Bar} of=${most ? spent / most : 1} tone=${spent >= most * NEARLY ? "heed" : ""} label=${`${words}: ${said}`} />`}</div>`;
}

/** A payment or a correction. However often it is sent, it counts once. */
function Pay({id, currency, close, after}) {
  const words = t.people.account;
  const [key] = useState(() => `console-${crypto.getRandomValues(new Uint32Array(4)).join("-")}`);
  const [given, setGiven] = useState({kind: "top_up", amount: "", reason: ""});
  const set = (name) => (event) => setGiven({...given, [name]: event.target.value});
  const book = async () => {
    await request("POST", `recipients/${id}/payments`, {once: key, body: {kind: given.kind, cents: Math.round(Number(given.amount) * CENTS), reason: given.reason}});
    close();
    return words.booked;
  };
  return html`<${Dialog} title=${words.pay} close=${close} actions=${html`<${Button} onClick=${close}>${t.common.cancel}<//>
      <${Action} tone="main" disabled=${!Number(given.amount) || !given.reason.trim()} work=${book} after=${after}>${words.book}<//>`}>
    <div class="fields"><${Field} label=${words.kind} value=${given.kind} onChange=${set("kind")} options=${Object.entries(words.payments)} />
      <${Field} label=${fill(words.amount, {currency})} type="number" step="0.01" min=${given.kind === "top_up" ? "0" : undefined} inputmode="decimal" value=${given.amount} onInput=${set("amount")} hint=${given.kind === "correction" ? words.below : undefined} /></div>
    <${Field} label=${words.reason} value=${given.reason} maxlength="200" onInput=${set("reason")} hint=${words.reasonHint} /><//>`;
}
