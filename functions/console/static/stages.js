// The stages of a plan as cards, from where a lead comes in to whoever gets what nobody took.

import {useEffect, useRef, useState} from "preact/hooks";
import {newKey} from "./draft.js";
import {besideFields, Finding, findingsAt, wrongAt} from "./findings.js";
import {html} from "./html.js";
import {Icon} from "./icons.js";
import {DEFAULTS} from "./plan_diff.js";
import {leadsOf, poolOf, waysOf} from "./stage_words.js";
import {StageForm} from "./stage_form.js";
import {fill, t} from "./texts.js";
import {Badge, Button, Field, Panel} from "./ui.js";

/** A new stage, as the API would complete it. */
const newStage = (name) => ({name, pool_id: "", ...DEFAULTS});

/** A name that no stage has yet. */
function unique(name, stages) {
  const taken = new Set(stages.map((one) => one.name));
  const found = [name, ...Array.from({length: 60}, (_, at) => `${name} ${at + 2}`)].find((one) => !taken.has(one));
  return found.slice(0, 100);
}

export function Stages({draft, scene, poolSaved, shown}) {
  const {stages} = draft.doc, known = draft.keys;
  const [open, setOpen] = useState(() => new Set());
  const [removed, setRemoved] = useState(null);
  const [said, setSaid] = useState("");
  const focus = useRef(null);
  const list = useRef();
  useEffect(() => {
    if (!focus.current) return;
    const {id, name} = focus.current;
    const card = list.current.querySelector(`[data-key="${id}"]`), wanted = card?.querySelector(`[data-do="${name}"]:not(:disabled)`) || card?.querySelector("[data-do]:not(:disabled)");
    wanted?.focus();
    focus.current = null;
  });
  useEffect(() => {
    if (!shown) return;
    setOpen((had) => new Set(had).add(known[shown.at]));
    focus.current = {id: known[shown.at], name: "edit"};
  }, [shown]);

  const toggle = (id, on) => setOpen((had) => { const next = new Set(had); if (on) next.add(id); else next.delete(id); return next; });
  const add = (stage, at) => {
    const id = newKey();
    draft.arrange(stages.toSpliced(at, 0, stage), known.toSpliced(at, 0, id));
    toggle(id, true);
    focus.current = {id, name: "name"};
  };
  const move = (at, by) => {
    const moved = (list) => { const next = [...list], [one] = next.splice(at, 1); next.splice(at + by, 0, one); return next; };
    draft.arrange(moved(stages), moved(known));
    focus.current = {id: known[at], name: by < 0 ? "up" : "down"};
    setSaid(fill(t.plans.moved, {name: stages[at].name, number: at + by + 1, of: stages.length}));
  };
  const remove = (at) => {
    setRemoved({stage: stages[at], at});
    draft.arrange(stages.toSpliced(at, 1), known.toSpliced(at, 1));
  };
  const undo = () => {
    draft.arrange(stages.toSpliced(removed.at, 0, removed.stage), known.toSpliced(removed.at, 0, newKey()));
    setRemoved(null);
  };
  return html`<${Panel} title=${t.plans.stages} about=${t.plans.stagesAbout}><span class="visually-hidden" role="status">${said}</span>
    <ol class="way stages" ref=${list}><li class="way-step start"><span class="way-dot"></span><p class="small quiet">${t.trace.start}</p></li>
      ${stages.map((stage, at) => html`<${Card} key=${known[at]} id=${known[at]} draft=${draft} scene=${scene} at=${at} open=${open.has(known[at])} toggle=${(on) => toggle(known[at], on)}
        move=${(by) => move(at, by)} remove=${() => remove(at)} copy=${() => add({...stage, name: unique(fill(t.plans.copyName, {name: stage.name}).slice(0, 96), stages)}, at + 1)} poolSaved=${poolSaved} />`)}
      ${removed && html`<li class="way-step"><div class="notice"><div>${fill(t.plans.removed, {name: removed.stage.name})}</div><${Button} small icon="again" onClick=${undo}>${t.plans.undo}<//></div></li>`}
      <li class="way-step adding"><span class="way-dot"><${Icon} name="plus" size=${16} /></span><${Button} changes onClick=${() => { setRemoved(null); add(newStage(unique(fill(t.plans.stage, {number: stages.length + 1}), stages)), stages.length); }}>${t.plans.addStage}<//></li>
      <${Fallback} draft=${draft} scene=${scene} /></ol><//>`;
}

/** One stage: in words, and as a form where it is open. */
function Card({id, draft, scene, at, open, toggle, move, remove, copy, poolSaved}) {
  const stage = draft.doc.stages[at], last = at === draft.doc.stages.length - 1, {card} = t.plans;
  const found = findingsAt(draft, at).filter((one) => !open || besideFields(one));
  const act = (name, icon, title, doIt, disabled) => html`<${Button} small tone="plain" changes icon=${icon} title=${fill(title, {name: stage.name})} disabled=${disabled} onClick=${doIt} data-do=${name} />`;
  return html`<li class=${`way-step ${stage.off ? "passed" : ""}`} data-key=${id}><span class="way-dot number">${at + 1}</span>
    <section class="way-card" aria-label=${stage.name || fill(t.plans.stage, {number: at + 1})}>
      <div class="stage-head"><h3>${stage.name || fill(t.plans.stage, {number: at + 1})}</h3>${stage.off && html`<${Badge}>${card.off}<//>`}
        <span class="stage-tools">${act("up", "up", card.up, () => move(-1), at === 0)}${act("down", "down", card.down, () => move(1), last)}
          ${act("switch", stage.off ? "play" : "pause", stage.off ? card.switchOn : card.switchOff, () => draft.set(`stages[${at}].off`, !stage.off))}
          ${act("copy", "copy", card.copy, copy)}${act("remove", "bin", card.remove, remove)}
          <${Button} small icon=${open ? "check" : "edit"} aria-expanded=${open ? "true" : "false"} onClick=${() => toggle(!open)} data-do="edit">${open ? card.done : card.edit}<//></span></div>
      ${!open && html`<dl class="pairs stage-words"><dt>${card.leads}</dt><dd>${leadsOf(stage, scene)}</dd><dt>${card.pool}</dt><dd>${poolOf(stage, scene)}</dd><dt>${card.ways}</dt><dd>${waysOf(stage, scene)}</dd></dl>`}
      ${found.length > 0 && html`<ul class="findings">${found.map((one) => html`<${Finding} found=${one} scene=${scene} />`)}</ul>`}
      ${open && html`<${StageForm} draft=${draft} scene=${scene} at=${at} poolSaved=${poolSaved} />`}</section></li>`;
}

/** Who gets what no stage placed. */
function Fallback({draft, scene}) {
  const reps = scene.names.recipients.filter((one) => one.type !== "buyer");
  const {fallback} = draft.doc, gone = fallback && !reps.some((one) => one.id === fallback);
  const options = [["", t.plans.nobodyElse], ...(gone ? [[fallback, scene.names.of(fallback)]] : []), ...reps.map((one) => [one.id, one.name])];
  return html`<li class="way-step end"><span class="way-dot">★</span><div class="way-card"><${Field} label=${t.plans.fallback} hint=${t.plans.fallbackHint} wrong=${wrongAt(draft, "fallback", scene)}
    value=${fallback || ""} onChange=${(event) => draft.set("fallback", event.target.value || null)} options=${options} />
    ${draft.severity("fallback") === "warning" && html`<ul class="findings"><${Finding} found=${{severity: "warning", problem: draft.wrong("fallback")}} scene=${scene} /></ul>`}</div></li>`;
}
