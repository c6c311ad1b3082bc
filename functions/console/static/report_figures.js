// Figures of reports in words, each by the name that the API gives it and sorts by.

import {html} from "./html.js";
import {clock} from "./range.js";
import {to} from "./route.js";
import {fill, money, t} from "./texts.js";
import {lasting} from "./times.js";

const MONEY = new Set(["cost", "revenue", "payout", "value", "won", "margin", "profit", "cost_per_lead", "cost_per_conversion", "profit_per_lead"]);
const OF_SHARE = new Set(["promised", "got", "expected", "off_by", "turns"]);
const A_DAY_MS = 23 * 60 * 60_000;
const TIME = /^(response|routing)_(p\d\d_ms)$/;
const RATE = /_rate$|^conversion$|^promised$|^got$/;

/** The value of a figure; undefined or null where there is none. */
export function valueOf(name, figures, currency, row) {
  if (MONEY.has(name)) return figures.money[currency]?.[`${name}_cents`];
  if (OF_SHARE.has(name)) return row?.share?.[name];
  const [, kind, part] = TIME.exec(name) || [];
  return kind ? figures[kind][part] : figures[name];
}

/** A value in words; null where there is none. */
export function worded(name, value, currency) {
  if (value === null || value === undefined) return null;
  if (MONEY.has(name)) return money(value, currency);
  if (name === "off_by") return `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value).toLocaleString("en")}`;
  if (RATE.test(name)) return percent(value);
  return TIME.test(name) ? lasting(value) : value.toLocaleString("en");
}

/** A part of a whole, 0 to 1, as a percentage. */
export const percent = (part) => `${(part * 100).toLocaleString("en", {maximumFractionDigits: 1})}%`;

/** Nothing to tell: a dash, and the words for whoever has the page read to them. */
export const None = () => html`<span class="quiet"><span aria-hidden="true">${t.common.nothing}</span><span class="visually-hidden">${t.reports.noFigure}</span></span>`;

/** A figure of a row. */
export const Figure = ({name, figures, currency, row}) => worded(name, valueOf(name, figures, currency, row), currency) ?? html`<${None} />`;

/** How a figure of all rows is beside the one before, in words; "" where there is nothing to say. */
export function change(name, {total, total_before: then, period, zone}, currency, what) {
  const now = valueOf(name, total, currency), before = valueOf(name, then, currency);
  if (before === null || before === undefined || now === null || now === undefined) return "";
  const told = {now: worded(name, now, currency), before: worded(name, before, currency), what, time: clock(period.end, zone)};
  // Of a day that is not over the part that is compared may be small: the figures themselves say more.
  if (new Date(period.end) - new Date(period.begin) < A_DAY_MS) return fill(t.reports.beforeBy, told);
  // Of a loss no part can be told.
  if (now < 0 || before < 0) return fill(t.reports.before, told);
  if (!before) return now ? fill(t.reports.beforeNone, {what}) : "";
  const by = Math.round((now / before - 1) * 100);
  return by === 0 ? fill(t.reports.beforeSame, {what}) : fill(by > 0 ? t.reports.beforeMore : t.reports.beforeLess, {by: Math.abs(by).toLocaleString("en"), what});
}

/** The currency of a report's amounts: the one that is wished for, else the one that most rows have. */
export function currencyOf({total, rows}, wished) {
  const there = Object.keys(total.money || {});
  const having = (currency) => rows.filter((row) => currency in (row.figures.money || {})).length;
  return there.includes(wished) ? wished : there.sort((a, b) => having(b) - having(a) || (a < b ? -1 : 1))[0] || null;
}

/** Where the leads of a period are: screen Leads, with what else narrows them down. */
export const leadsOf = ({begin, end}, filters) => to(["leads"], {since: bound(begin), until: bound(end), ...filters});

/** A moment as screen Leads has it: a day, where the viewer's day begins then. */
function bound(at) {
  const moment = new Date(at);
  const here = new Date(moment - moment.getTimezoneOffset() * 60_000).toISOString();
  return here.endsWith("T00:00:00.000Z") ? here.slice(0, 10) : moment.toISOString().replace(":00.000Z", "Z");
}
