// A week as a picture: days by hours, painted with the mouse, a finger or the keyboard; and the same hours as exact times.

import {useEffect, useRef, useState} from "preact/hooks";
import {html} from "./html.js";
import {blocksOf, clock, DAYS, HOURS, isWhole, NO_HOURS, painted, partsOf, weekOf} from "./hours.js";
import {fill, t} from "./texts.js";
import {Button, Field} from "./ui.js";
import {aheadOfMe, placeOf} from "./zones.js";

const OFFICE = [{days: DAYS.slice(0, 5), start: "09:00", end: "17:00"}];
const EVERY_DAY = [{days: DAYS, start: "08:00", end: "20:00"}];
const MOVES = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]};
const within = (number, most) => Math.min(Math.max(number, 0), most);
const sorted = (one, other) => [Math.min(one, other), Math.max(one, other)];

/** The working hours of a week. `blocks` are those of a schedule; none at all is "any time". `wrong(index, name)`: what is wrong with one. */
export function Week({blocks, set: keep, zone, wrong = () => undefined}) {
  const [emptied, setEmptied] = useState(false);
  // No hours at all would be "any time": that is chosen by its own button, and never by taking the last hour out.
  const set = (next, anyTime = false) => {
    setEmptied(!next.length && !anyTime);
    if (next.length || anyTime) keep(next);
  };
  return html`<div class="stack"><div class="line"><span class="grow small quiet" role="status">${blocks.length ? summary(blocks) : t.people.week.always}</span>
      <${Button} small onClick=${() => set(OFFICE)}>${t.people.week.office}<//><${Button} small onClick=${() => set(EVERY_DAY)}>${t.people.week.everyDay}<//>
      <${Button} small disabled=${!blocks.length} onClick=${() => set([], true)}>${t.people.week.anyTime}<//></div>
    <${Grid} blocks=${blocks} set=${set} zone=${zone} />
    <div role="status">${emptied ? html`<div class="notice heed">${t.people.week.last}</div>` : html`<p class="small quiet">${t.people.week.how}</p>`}</div>
    <${Times} blocks=${blocks} set=${set} zone=${zone} wrong=${wrong} /></div>`;
}

/** The hours in words: "Mon-Fri 09:00-17:00". */
export function summary(blocks) {
  const day = (at) => t.people.week.short[DAYS[at]];
  return blocks.filter(({days, start, end}) => days.length && start && end).map(({days, start, end}) => {
    const at = days.map((one) => DAYS.indexOf(one)).sort((one, other) => one - other);
    const inRow = at.length > 2 && at.at(-1) - at[0] === at.length - 1;
    return `${inRow ? `${day(at[0])}–${day(at.at(-1))}` : at.map(day).join(", ")} ${start}–${end}`;
  }).join(" · ");
}

function Grid({blocks, set, zone}) {
  const week = weekOf(blocks), always = !blocks.length, ahead = aheadOfMe(zone);
  const [at, setAt] = useState([0, 9]);
  const grid = useRef(), stroke = useRef(null);
  useEffect(() => {
    const lift = () => { if (!stroke.current?.keys) stroke.current = null; };
    addEventListener("pointerup", lift);
    return () => removeEventListener("pointerup", lift);
  }, []);

  // A stroke begins with the week as it was: what is dragged over and left again is as before.
  const worked = ([day, hour]) => !always && isWhole(partsOf(week[day], hour));
  const begin = (cell, keys, on = !worked(cell)) => {
    stroke.current = {from: cell, on, keys, base: always ? NO_HOURS : week};
    drawTo(cell);
  };
  const drawTo = ([day, hour]) => {
    const {from, on, base} = stroke.current;
    setAt([day, hour]);
    set(blocksOf(painted(base, {days: sorted(from[0], day), hours: sorted(from[1], hour)}, on)));
  };
  const under = (event) => {
    const cell = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-hour]");
    return cell && grid.current.contains(cell) ? [Number(cell.dataset.day), Number(cell.dataset.hour)] : null;
  };
  const pressed = (event) => {
    const cell = under(event);
    if (!cell || event.button) return;
    // A finger is held by what it first touched; what it is over counts.
    if (event.target.hasPointerCapture?.(event.pointerId)) event.target.releasePointerCapture(event.pointerId);
    begin(cell, false);
  };
  const moved = (event) => {
    const cell = stroke.current && !stroke.current.keys && event.buttons ? under(event) : null;
    if (cell && String(cell) !== String(at)) drawTo(cell);
  };
  const typed = (event) => {
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      begin(at, true);
      return;
    }
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    // On a phone days stand side by side.
    const turned = getComputedStyle(grid.current).gridAutoFlow.startsWith("column");
    const [down, right] = turned ? [move[1], move[0]] : move;
    const next = [within(at[0] + down, DAYS.length - 1), within(at[1] + right, HOURS.length - 1)];
    if (event.shiftKey) {
      // Without Space before, what the hour is goes on.
      if (!stroke.current) begin(at, true, always || worked(at));
      drawTo(next);
    } else {
      stroke.current = null;
      setAt(next);
    }
    grid.current.querySelector(`[data-day="${next[0]}"][data-hour="${next[1]}"]`).focus();
  };
  return html`<div class="week-box"><div class=${`week ${always ? "always" : ""}`} role="grid" aria-label=${fill(t.people.week.grid, {place: placeOf(zone)})}
      aria-multiselectable="true" ref=${grid} onPointerDown=${pressed} onPointerMove=${moved} onKeyDown=${typed}>
    <div class="week-row" role="row"><span class="week-head" role="columnheader">${ahead ? html`<span>${placeOf(zone)}</span><small>${t.people.week.you}</small>` : ""}<span class="visually-hidden">${t.people.week.day}</span></span>
      ${HOURS.map((hour) => html`<span class="week-head" role="columnheader"><span>${hour}</span>${ahead !== 0 && html`<small>${there(hour, ahead)}</small>`}</span>`)}</div>
    ${DAYS.map((name, day) => html`<div class="week-row" role="row"><span class="week-head day" role="rowheader">${t.people.week.short[name]}</span>
      ${HOURS.map((hour) => {
        const parts = always ? [[0, 1]] : partsOf(week[day], hour);
        const label = `${t.people.week.days[name]} ${clock(hour * 60)}–${clock((hour + 1) * 60)}`;
        return html`<span class="week-cell" role="gridcell" data-day=${day} data-hour=${hour} tabindex=${at[0] === day && at[1] === hour ? "0" : "-1"}
          aria-label=${label} aria-selected=${parts.length ? "true" : "false"} onFocus=${() => setAt([day, hour])}>${parts.map(([from, until]) => html`<i style=${{"--from": `${from * 100}%`, "--until": `${100 - until * 100}%`}}></i>`)}</span>`;
      })}</div>`)}</div></div>`;
}

/** An hour of theirs on the viewer's clock. `ahead`: by how many minutes theirs is ahead. */
const there = (hour, ahead) => {
  const mine = ((hour * 60 - ahead) % 1440 + 1440) % 1440;
  return mine % 60 ? clock(mine) : mine / 60;
};

/** The same hours as times to type in, a row each. */
function Times({blocks, set, zone, wrong}) {
  const change = (index, fields) => set(blocks.map((block, at) => (at === index ? {...block, ...fields} : block)));
  const ahead = aheadOfMe(zone);
  const mine = (at) => clock(((Number(at.slice(0, 2)) * 60 + Number(at.slice(3, 5)) - ahead) % 1440 + 1440) % 1440);
  return html`<ul class="stack times">${blocks.map((block, index) => html`<li class="times-row">
      <${DayChoice} chosen=${block.days} set=${(days) => change(index, {days})} label=${fill(t.people.week.daysOf, {number: index + 1})} />
      <${Field} label=${t.people.week.from} type="time" value=${block.start || ""} wrong=${wrong(index, "start") && t.people.week.timeWrong} onInput=${(event) => change(index, {start: event.target.value || null})} />
      <${Field} label=${t.people.week.until} type="time" value=${block.end || ""} wrong=${wrong(index, "end") ? t.people.week.timeWrong : wrong(index) && t.people.week.backwards} onInput=${(event) => change(index, {end: event.target.value || null})} />
      <${Button} tone="plain" icon="bin" title=${fill(t.people.week.remove, {number: index + 1})} onClick=${() => set(blocks.filter((_, at) => at !== index))} />
      ${!block.days.length && html`<p class="small quiet">${t.people.week.noDays}</p>`}
      ${ahead !== 0 && block.start && block.end && html`<p class="small quiet">${fill(t.people.week.forYou, {from: mine(block.start), until: mine(block.end)})}</p>`}</li>`)}</ul>
    <div><${Button} small icon="plus" onClick=${() => set([...blocks, blocks.length ? {days: blocks.at(-1).days, start: null, end: null} : OFFICE[0]])}>${t.people.week.add}<//></div>`;
}

/** Some of the days of a week. */
const DayChoice = ({chosen, set, label}) => html`<div class="toggles" role="group" aria-label=${label}>${DAYS.map((day) => html`
  <button type="button" class="button small" aria-pressed=${chosen.includes(day) ? "true" : "false"}
    onClick=${() => set(DAYS.filter((one) => (one === day) !== chosen.includes(one)))}>${t.people.week.short[day]}</button>`)}</div>`;
