// A chart of figures over time: uPlot draws it in the colours of the tokens. The same figures are below it as a table.
//
// By keyboard it is a slider over its moments: arrows choose one, Enter opens its leads.

import uPlot from "uplot";
import {useEffect, useRef, useState} from "preact/hooks";
import {html} from "./html.js";
import {t} from "./texts.js";
import {useTheme} from "./theme.js";

const HEIGHT = 220;
const MANY = 40;
// The card: how wide it may be, and how far from its moment.
const CARD = 200, GAP = 12;
// Numbers that the axes may count by: whole ones, so that no axis speaks of half a lead.
const STEPS = [1, 2, 5].flatMap((one) => [0, 1, 2, 3, 4, 5, 6, 7].map((power) => one * 10 ** power)).sort((a, b) => a - b);
const MOMENTS = [1, 2, 3, 4, 6, 7, 14, 28, 56, 91];

/**
 * Lines and bars over the same moments.
 *
 * `moments`: [{short, long, href}], in their order. `lines`: {name, values, colour, bars, dashed}: a `colour` is one of the
 * tokens, `bars` stand behind the lines. `say(value)` is a value in words.
 */
export function Chart({title, moments, lines, say}) {
  const [at, setAt] = useState(null);
  const step = (to) => setAt(Math.min(Math.max(to, 0), moments.length - 1));
  const keys = {
    ArrowLeft: () => step((at ?? moments.length) - 1), ArrowRight: () => step((at ?? -1) + 1),
    ArrowDown: () => step((at ?? moments.length) - 1), ArrowUp: () => step((at ?? -1) + 1),
    Home: () => step(0), End: () => step(moments.length - 1), Escape: () => setAt(null),
    Enter: () => { if (at !== null) location.hash = moments[at].href; },
  };
  const typed = (event) => {
    if (!keys[event.key] || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    keys[event.key]();
  };
  const left = (event) => { if (!event.currentTarget.contains(event.relatedTarget)) setAt(null); };
  const told = at === null ? t.reports.chart.none : `${moments[at].long}: ${lines.map((line) => `${line.name} ${say(line.values[at])}`).join(", ")}`;
  return html`<figure class="chart">
    <ul class="legend" aria-hidden="true">${lines.map((line) => html`<li><${Swatch} line=${line} />${line.name}</li>`)}</ul>
    <div class="chart-box" role="slider" tabindex="0" aria-label=${title} aria-valuemin="0" aria-valuemax=${Math.max(moments.length - 1, 0)}
      aria-valuenow=${at ?? 0} aria-valuetext=${told} onKeyDown=${typed} onBlur=${left}>
      <${Canvas} moments=${moments} lines=${lines} at=${at} setAt=${setAt} say=${say} /></div>
    <${AsTable} title=${title} moments=${moments} lines=${lines} say=${say} /></figure>`;
}

const Swatch = ({line}) => html`<i class=${`swatch ${line.bars ? "bars" : line.dashed ? "dashed" : ""}`} style=${{color: `var(--${line.colour})`}}></i>`;

/** What uPlot draws, and a card with the figures of the moment that is pointed at or chosen. */
function Canvas({moments, lines, at, setAt, say}) {
  const box = useRef(), plot = useRef(null), touched = useRef(false);
  const theme = useTheme();
  const [, drawn] = useState(0);
  // A finger that leaves the chart is on its way to the card.
  const point = (to) => { if (to !== null || !touched.current) setAt(to); };
  useEffect(looks, []);
  useEffect(() => {
    const made = new uPlot(options(box.current, moments, lines, point), [moments.map((_, n) => n), ...lines.map((line) => line.values)], box.current);
    plot.current = made;
    const fits = new ResizeObserver(() => { made.setSize({width: box.current.clientWidth, height: HEIGHT}); drawn((n) => n + 1); });
    fits.observe(box.current);
    return () => { fits.disconnect(); made.destroy(); };
  }, [theme, JSON.stringify([moments, lines])]);
  const open = () => { if (at !== null && !touched.current) location.hash = moments[at].href; };
  return html`<div class="chart-canvas" ref=${box} onClick=${open} onPointerDown=${(event) => { touched.current = event.pointerType === "touch"; }}></div>
    ${at !== null && at < moments.length && html`<div class="chart-card" style=${place(plot.current, at, moments.length)}>
      <strong>${moments[at].long}</strong>
      <dl>${lines.map((line) => html`<dt><${Swatch} line=${line} />${line.name}</dt><dd class="number">${say(line.values[at])}</dd>`)}</dl>
      <a class="small" tabindex="-1" href=${moments[at].href}>${t.reports.seeLeads}</a></div>`}`;
}

/** Beside the moment, on the side where there is room. */
function place(plot, at, many) {
  if (!plot) return {};
  const left = plot.over.offsetLeft + plot.valToPos(at, "x");
  const room = plot.width - CARD;
  return at < many / 2 ? {left: `${Math.min(left + GAP, room)}px`} : {right: `${Math.min(plot.width - left + GAP, room)}px`};
}

function options(box, moments, lines, point) {
  const colour = colours(box);
  const {fontFamily} = getComputedStyle(box);
  const axis = {stroke: colour("text-quiet"), font: `12px ${fontFamily}`, ticks: {show: false}};
  return {
    width: box.clientWidth, height: HEIGHT, padding: [10, 8, 0, 0], legend: {show: false},
    cursor: {y: false, drag: {x: false, y: false}, points: {size: 8}},
    scales: {
      x: {time: false, range: [-0.5, moments.length - 0.5]},
      y: {range: (_, low, high) => [Math.min(0, low * 1.1), Math.max(high * 1.1, 4)]},
    },
    axes: [
      {...axis, grid: {show: false}, incrs: MOMENTS, space: 64, size: 30, gap: 8, values: (_, splits) => splits.map((n) => moments[n]?.short ?? "")},
      {...axis, grid: {stroke: colour("line"), width: 1}, incrs: STEPS, size: 52, values: (_, splits) => splits.map((n) => n.toLocaleString("en", {notation: n >= 10_000 ? "compact" : "standard"}))},
    ],
    series: [{}, ...lines.map((line) => series(line, colour, moments.length))],
    hooks: {setCursor: [(made) => point(made.cursor.left < 0 ? null : made.cursor.idx ?? null)]},
  };
}

function series({bars, dashed, colour: name}, colour, many) {
  const stroke = colour(name);
  if (bars) return {stroke, fill: colour(`${name}-soft`), width: 1, paths: uPlot.paths.bars({size: [0.66, 48]}), points: {show: false}};
  return {stroke, width: 2, dash: dashed ? [5, 5] : undefined, points: {show: !dashed && many < MANY, size: 6, fill: stroke}};
}

/** What a token's colour is at this moment: a canvas knows no tokens. */
function colours(box) {
  return (name) => {
    const probe = box.appendChild(document.createElement("i"));
    probe.style.color = `var(--${name})`;
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  };
}

/** uPlot's own looks, which the page does without until there is a chart. */
function looks() {
  const href = new URL(import.meta.resolve("./uplot.css")).href;
  if (document.querySelector(`link[href="${href}"]`)) return;
  const link = document.createElement("link");
  Object.assign(link, {rel: "stylesheet", href});
  document.head.append(link);
}

const AsTable = ({title, moments, lines, say}) => html`<details class="as-table"><summary>${t.reports.asTable}</summary>
  <div class="table-box" tabindex="0" role="group" aria-label=${title}><table class="table figures"><thead><tr><th scope="col">${t.reports.when}</th>
    ${lines.map((line) => html`<th scope="col" class="right">${line.name}</th>`)}</tr></thead>
  <tbody>${moments.map((moment, at) => html`<tr><th scope="row"><a class="row-link" href=${moment.href}>${moment.long}</a></th>
    ${lines.map((line) => html`<td class="right number">${say(line.values[at])}</td>`)}</tr>`)}</tbody></table></div></details>`;
