// Who would get leads at a moment: one inside the hours and one outside of them as pictures, and several in a row at any time.

import {useMemo, useState} from "preact/hooks";
import {request} from "./api.js";
import {useLoad} from "./hooks.js";
import {html} from "./html.js";
import {Icon} from "./icons.js";
import {to} from "./route.js";
import {Shares} from "./shares.js";
import {firstMoment, isOpen} from "./start_hours.js";
import {limitOf} from "./start_limits.js";
import {answers} from "./start_questions.js";
import {limitWords, listed, sharesWords} from "./start_words.js";
import {count, fill, t} from "./texts.js";
import {moment, zoned} from "./times.js";
import {Why} from "./trace.js";
import {Button, Failure, Field, Loaded, Panel} from "./ui.js";
import {MINE, momentIn, placeOf, typedIn} from "./zones.js";

const SEVERAL = 6, MOST = 20, HOUR_MS = 3_600_000;

/** What happens to the leads of a campaign. `open(at)`: whether some of its team work then; `whole(at)`: all. Nobody is told, and nothing is kept. */
export function Tries({of, open, whole}) {
  const {campaign, questions, team} = of, text = t.start.proof;
  const [within, without] = useMemo(() => [firstMoment(whole) ?? firstMoment(open), firstMoment((at) => !open(at))], [of]);
  const tried = useLoad((signal) => {
    const moments = [[without === null ? text.atAnyTime : text.within, within], [text.without, without]].filter(([, at]) => at !== null);
    return Promise.all(moments.map(async ([title, at]) => ({title, ...(await tryOut(of, at, SEVERAL, signal))})));
  }, [campaign.id]);
  const asked = questions.map(({path}) => path);
  const limits = team.map((rep) => [rep, limitOf(rep, asked)]).filter(([, limit]) => limit);
  const can = team.filter((rep) => !limits.some(([other, limit]) => other === rep && limit.none));
  return html`<${Panel} title=${text.tries} about=${text.triesAbout}>
    ${limits.map(([rep, limit]) => html`<div class="notice heed" key=${rep.id}><${Icon} name="alert" /><div>${limitWords(rep.name, limit)}</div>
      <a class="button small" href=${to(["people", rep.id])}>${fill(t.start.limit.open, {name: rep.name})}</a></div>`)}
    <${Loaded} of=${tried}>${(all) => html`<div class="grid">${all.map((one) => html`<${Box} key=${one.title} one=${one} of=${of} picture />`)}</div>`}<//>
    ${can.length > 1 && html`<p class="notice"><${Icon} name="people" /><span>${fill(text.longRun, {shares: sharesWords(can)})}</span></p>`}
    <${Row} of=${of} open=${open} /><//>`;
}

/** The API's answer about so many leads in a row. */
async function tryOut({source, questions}, at, number, signal) {
  const body = {source_id: source.id, fields: answers(questions, 1), at: new Date(at).toISOString(), in_a_row: number};
  return {at, ...(await request("POST", "simulations/lead", {body, signal})).data};
}

/** As many as one likes, when one likes, on the clock of those who work. */
function Row({of, open}) {
  const text = t.start.proof;
  const [at, setAt] = useState(() => typedIn(of.zone, firstMoment(open, mondayAtTen(of.zone)) ?? mondayAtTen(of.zone))), [number, setNumber] = useState(SEVERAL), [tried, setTried] = useState({});
  const run = async (event) => {
    event.preventDefault();
    setTried({busy: true});
    try {
      setTried({one: await tryOut(of, momentIn(of.zone, at), number)});
    } catch (error) {
      setTried({error});
    }
  };
  return html`<h3 class="above">${text.row}</h3><form class="start-tries" aria-label=${text.row} onSubmit=${run}>
      <${Field} label=${fill(text.number, {most: MOST})} type="number" min="1" max=${MOST} required value=${number} onInput=${(event) => setNumber(Number(event.target.value))} />
      <${Field} label=${fill(text.when, {city: placeOf(of.zone)})} type="datetime-local" required value=${at} onInput=${(event) => setAt(event.target.value)} />
      <${Button} type="submit" icon="play" busy=${tried.busy}>${text.try}<//></form>
    <div role="status">${tried.error && html`<${Failure} error=${tried.error} />`}
      ${tried.one && html`<${Box} one=${{title: text.result, ...tried.one}} of=${of} />`}</div>`;
}

/** The next Monday at ten there: what is then is seldom said by what is now. */
function mondayAtTen(zone) {
  const found = firstMoment((at) => isOpen([{days: ["mon"], start: "10:00", end: "11:00"}], zone, at), Date.now() + HOUR_MS);
  return momentIn(zone, `${typedIn(zone, found).slice(0, 10)}T10:00`);
}

/** What would become of leads at a moment: the first as a picture, and all of them in numbers. */
function Box({one: {title, at, trace, decision, auction, row}, of: {names, zone}, picture}) {
  const text = t.start.proof, there = zoned(at, zone);
  const given = row.map((who) => who && names.of(who.recipient_id));
  const who = [...new Set(given)], got = (name) => given.filter((other) => other === name).length;
  return html`<section class="start-box" aria-label=${title}><h3>${title}</h3>
    <p class="small quiet">${fill(row.length > 1 && !picture ? text.ifSeveral : text.if, {at: moment(at), city: placeOf(MINE), there: there && fill(text.there, {there})})}</p>
    ${auction ? html`<p>${fill(text.auction, {who: listed(auction.buyers.map((buyer) => names.of(buyer.recipient_id)))})}</p>`
      : !trace ? html`<p>${text.disqualified}</p>` : html`${picture && html`<${Why} trace=${trace} recipientId=${decision?.recipient_id} names=${names} imagined />`}
        <p class="above">${fill(text.several, {leads: count(row.length, "lead"), who: listed(who.map((name) => fill(text.gets, {name: name || text.nobody, number: got(name)})))})}</p>
        ${who.length > 1 && html`<${Shares} label=${text.result} legend=${false} parts=${who.map((name) => ({name: name || text.nobody, weight: got(name)}))} />
          <p class="small quiet">${fill(text.order, {names: given.map((name) => name || text.nobody).join(", ")})}</p>`}`}</section>`;
}
