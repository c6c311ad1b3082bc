// Screen People and buyers: who gets leads, in which pools, and one of them as a form. `#/people/~rep` and the like are no ids.

import {useState} from "preact/hooks";
import {all} from "./api.js";
import Buyer from "./buyer.js";
import {html} from "./html.js";
import {useLoad, useTitle} from "./hooks.js";
import ImportPeople from "./people_import.js";
import {People} from "./people_list.js";
import {Pools, PoolPage} from "./pools.js";
import {Opened} from "./recipient.js";
import Rep from "./rep.js";
import {go, to} from "./route.js";
import {t} from "./texts.js";
import {Loaded, ScreenHead, Segments} from "./ui.js";
import {MINE} from "./zones.js";

const SHOWN = ["reps", "buyers", "pools"];
const NEW_REP = {id: "", type: "rep", name: "", phone: null, email: null, zone: MINE, active: true, paused: false};
const NEW_BUYER = {
  id: "", type: "buyer", name: "", email: null, zone: MINE, active: true, paused: false,
  buyer: {status: "active", ping: null, post: null, price_cents: null, billing: {mode: "prepaid", currency: "USD", credit_limit_cents: 0}},
};

export default function Screen({parts: [what, id], query}) {
  if (!what) return html`<${Lists} query=${query} />`;
  if (what === "~import") return html`<${ImportPeople} />`;
  if (what === "~pool") return html`<${PoolPage} id=${id} />`;
  if (what === "~rep") return html`<${Rep} read=${{data: NEW_REP}} />`;
  if (what === "~buyer") return html`<${Buyer} read=${{data: NEW_BUYER}} />`;
  return html`<${Opened} id=${what} forms=${{rep: Rep, buyer: Buyer}} />`;
}

function Lists({query}) {
  useTitle(t.screens.people);
  const shown = SHOWN.includes(query.show) ? query.show : "reps";
  const found = useLoad(async (signal) => {
    const [recipients, pools] = await Promise.all([all("recipients", {}, 5000, signal), all("pools", {}, 1000, signal)]);
    return {recipients, pools};
  });
  // Beside the list, and no part of the address: what is typed may be a name.
  const [text, setText] = useState("");
  const look = (show) => { setText(""); go(["people"], {show: show === "reps" ? "" : show}, {replace: true}); };
  return html`<${ScreenHead} title=${t.screens.people} about=${t.people.about}>
      <a class="button" href=${to(["people", "~import"])}>${t.people.import.open}</a>
      <a class="button main" href=${to(["people", {reps: "~rep", buyers: "~buyer", pools: "~pool"}[shown]])}>${t.people.make[shown]}</a><//>
    <${Segments} label=${t.people.lists} value=${shown} set=${look} options=${SHOWN.map((one) => [one, t.people.tabs[one]])} />
    <${Loaded} of=${found}>${({recipients, pools}) => (shown === "pools"
      ? html`<${Pools} pools=${pools} recipients=${recipients} />`
      : html`<${People} key=${shown} type=${shown === "reps" ? "rep" : "buyer"} recipients=${recipients} pools=${pools} query=${query} text=${text} setText=${setText} after=${found.reload} />`)}<//>`;
}
