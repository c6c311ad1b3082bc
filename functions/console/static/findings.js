// What the check of a draft finds: all of it in one list, and that of one stage at its card.

import {strange} from "./condition_fields.js";
import {UNFILLED} from "./conditions.js";
import {html} from "./html.js";
import {Icon} from "./icons.js";
import {count, fill, t} from "./texts.js";
import {duration} from "./typed.js";
import {Badge, Empty, Loading, Panel} from "./ui.js";

const STAGE = /^stages\[(\d+)\]\.?(.*)$/;

/** What is wrong with a field, in words; undefined where nothing is. */
export function wrongAt(draft, place, scene) {
  const said = draft.severity(place) === "error" && one({place, severity: "error", problem: draft.wrong(place)});
  return said ? saidOf(said, scene) : undefined;
}

/** What is wrong at a stage: {within, about, severity, problem}; `severity` is error, warning, or open where something is not filled in yet. */
export const findingsAt = (draft, at) => draft.told.map(one).filter(({stage}) => stage === at);

/** Whether all that is wrong is only not filled in yet, as of a stage that somebody has just begun. */
export const isBegun = (draft) => draft.told.length > 0 && draft.told.map(one).every(({severity}) => severity !== "error");

function one({place, severity, problem}) {
  const [, stage, within] = STAGE.exec(place) || [];
  const open = missing(problem, within), isShort = open === t.plans.findings.giveNumber || LIMIT.test(problem);
  return {about: isShort ? t.plans.diff.fields[within?.split(".").pop()] : "", stage: stage === undefined ? null : Number(stage), within, severity: open ? "open" : severity, problem: open || limitIn(problem, within)};
}

/** What is only not filled in yet, in words; null for what is wrong. */
function missing(problem, within) {
  if (UNFILLED.test(problem)) return t.conditions.fillIn;
  if (/pool_id$/.test(within) && /pattern/.test(problem)) return t.plans.findings.choosePool;
  if (/^Input should be a valid (integer|number)/.test(problem)) return t.plans.findings.giveNumber;
  return /name$/.test(within) && /at least 1 character/.test(problem) ? t.plans.findings.giveName : null;
}

const LIMIT = /^Input should be (greater|less) than( or equal to)? ([\d.]+)$/;

/** A limit in the unit that the field has for people. */
function limitIn(problem, within) {
  const [, side, also, number] = LIMIT.exec(problem) || [];
  if (!side) return problem;
  const limit = /_s$/.test(within) ? duration(Number(number)) : /_ms$/.test(within) ? duration(number / 1000) : /_cents$/.test(within) ? (number / 100).toFixed(2) : number;
  return fill(t.plans.findings[side === "greater" ? (also ? "atLeast" : "above") : (also ? "atMost" : "below")], {limit});
}

const BESIDE = /^(name|when|pool_id|accept_within_s|max_offers|(auction|delivery)\.\w)/;

/** Those that no field of an open card says. */
export const besideFields = ({within, severity}) => severity === "warning" || !BESIDE.test(within);

/** A finding's words, with names for the ids in quotes and for the fields of a person. */
export function saidOf({problem}, {names, pools}) {
  const named = problem.replace(/'([^']+)'/g, (_, id) => `“${pools.get(id)?.name || names.of(id)}”`)
    .replace(/\bcontact\.\w+/g, (path) => t.conditions.listed[path] || strange(path).label);
  return named[0].toUpperCase() + named.slice(1);
}

/** One of them, as a line. */
export const Finding = ({found, scene, children}) => html`<li class=${`finding ${found.severity}`}><${Icon} name="alert" size=${16} />
  <span><span class="visually-hidden">${t.plans.findings[found.severity]}</span> ${found.about && `${found.about}: `}${saidOf(found, scene)}${children}</span></li>`;

/** All of them, each with the way to its stage. */
export function Findings({draft, scene, show}) {
  const found = draft.told.map(one), number = (which) => found.filter(({severity}) => severity === which).length, [errors, open, warnings] = ["error", "open", "warning"].map(number);
  const name = ({stage}) => draft.doc.stages[stage]?.name || fill(t.plans.stage, {number: stage + 1});
  return html`<${Panel} title=${t.plans.findings.title} actions=${html`${errors > 0 && html`<${Badge} tone="bad">${count(errors, t.plans.findings.toMend, t.plans.findings.toMend)}<//>`}
      ${open > 0 && html`<${Badge} tone="heed">${count(open, t.plans.findings.toFill, t.plans.findings.toFill)}<//>`}${warnings > 0 && html`<${Badge} tone="heed">${count(warnings, t.plans.findings.toHeed)}<//>`}`}>
    <div role="status">${!draft.exists && !found.length ? html`<p class="quiet">${t.plans.findings.nothingYet}</p>`
      : !draft.checked && !found.length && !draft.failure ? html`<${Loading} />`
      : !found.length ? html`<${Empty} title=${t.plans.findings.none}>${t.plans.findings.noneAbout}<//>`
      : html`<ul class="findings">${found.map((finding) => html`<${Finding} found=${finding} scene=${scene}>${finding.stage !== null && html` · <button type="button" class="link" onClick=${() => show(finding.stage)}>${name(finding)}</button>`}<//>`)}</ul>`}</div><//>`;
}
