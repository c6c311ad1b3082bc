// What the check of a draft finds: all of it in one list, and that of one stage at its card.

import {UNFILLED} from "./conditions.js";
import {html} from "./html.js";
import {Icon} from "./icons.js";
import {count, fill, t} from "./texts.js";
import {Badge, Empty, Loading, Panel} from "./ui.js";

const STAGE = /^stages\[(\d+)\]\.?(.*)$/;

/** What is wrong at a stage: {within, severity, problem}; `severity` is error, warning, or open where something is not filled in yet. */
export const findingsAt = (draft, at) => draft.told.map(one).filter(({stage}) => stage === at);

function one({place, severity, problem}) {
  const [, stage, within] = STAGE.exec(place) || [];
  const open = missing(problem, within);
  return {stage: stage === undefined ? null : Number(stage), within, severity: open ? "open" : severity, problem: open || problem};
}

/** What is only not filled in yet, in words; null for what is wrong. */
export function missing(problem, within) {
  if (UNFILLED.test(problem)) return t.conditions.fillIn;
  if (/pool_id$/.test(within) && /pattern/.test(problem)) return t.plans.findings.choosePool;
  return /name$/.test(within) && /at least 1 character/.test(problem) ? t.plans.findings.giveName : null;
}

/** Those that no field of an open card says. */
export const besideFields = ({within, severity}) => !within || within === "model" || severity === "warning";

/** A finding's words, with names for the ids in quotes. */
export function saidOf({problem}, {names, pools}) {
  const named = problem.replace(/'([^']+)'/g, (_, id) => `“${pools.get(id)?.name || names.of(id)}”`);
  return named[0].toUpperCase() + named.slice(1);
}

/** One of them, as a line. */
export const Finding = ({found, scene, children}) => html`<li class=${`finding ${found.severity}`}><${Icon} name="alert" size=${16} />
  <span><span class="visually-hidden">${t.plans.findings[found.severity]}</span> ${saidOf(found, scene)}${children}</span></li>`;

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
