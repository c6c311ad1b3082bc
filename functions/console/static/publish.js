// The step from a draft to the version that leads follow; and what to do where two people changed one draft.

import {useState} from "preact/hooks";
import {request} from "./api.js";
import {saidOf} from "./findings.js";
import {html} from "./html.js";
import {Icon} from "./icons.js";
import {Differences} from "./plan_diff.js";
import {fill, t} from "./texts.js";
import {ago} from "./times.js";
import {Action, Button, Dialog, Segments} from "./ui.js";

/** Shows what leads will notice and what the check found, then publishes exactly the draft that was shown. */
export function Publish({plan, draft, scene, close, done}) {
  const {published} = plan, {publishing} = t.plans;
  const [errors, warnings] = ["error", "warning"].map((which) => draft.told.filter((one) => one.severity === which));
  const publish = async () => {
    const {data} = await request("POST", `plans/${draft.doc.id}/publish`, {etag: draft.etag});
    return fill(publishing.done, {version: data.version});
  };
  return html`<${Dialog} wide title=${publishing.title} close=${close} actions=${html`<${Button} onClick=${close}>${t.common.cancel}<//>
      <${Action} tone="main" icon="check" disabled=${errors.length > 0 || !draft.checked} work=${publish} after=${() => { close(); done(); }}>${publishing.do}<//>`}>
    <p>${published ? fill(publishing.about, {version: published.data.version}) : publishing.first}</p>
    ${errors.length > 0 && html`<div class="notice bad"><${Icon} name="alert" /><div><strong>${publishing.errors}</strong><${Problems} those=${errors} scene=${scene} /></div></div>`}
    ${warnings.length > 0 && html`<div class="notice heed"><${Icon} name="alert" /><div><strong>${publishing.warnings}</strong><${Problems} those=${warnings} scene=${scene} /></div></div>`}
    <h3>${published ? publishing.changes : publishing.content}</h3>
    <${Differences} before=${published ? published.data : {stages: [], fallback: null}} after=${draft.doc} scene=${scene} /><//>`;
}

const Problems = ({those, scene}) => html`<ul class="small">${those.map((one) => html`<li>${saidOf(one, scene)}</li>`)}</ul>`;

/** Somebody else changed the same: what they did and what is ours, in words; one of the two holds for each part. */
export function DraftConflict({draft, scene, close}) {
  const {read, mine, theirs, fields, by, at} = draft.conflict, {conflict} = t.plans;
  const [chosen, setChosen] = useState(() => Object.fromEntries(fields.map((name) => [name, "mine"])));
  const only = (document) => ({stages: read.stages, fallback: read.fallback, ...Object.fromEntries(fields.map((name) => [name, document[name]]))});
  return html`<${Dialog} wide title=${t.merge.title} close=${close} actions=${html`<${Button} tone="main" changes onClick=${() => draft.settle(chosen)}>${conflict.go}<//>`}>
    <p>${by ? fill(conflict.about, {by, ago: ago(at)}) : conflict.aboutUnknown}</p>
    <div class="grid"><div class="stack"><h3>${by ? fill(conflict.theirsBy, {by}) : conflict.theirs}</h3><${Differences} before=${read} after=${only(theirs)} scene=${scene} /></div>
      <div class="stack"><h3>${conflict.mine}</h3><${Differences} before=${read} after=${only(mine)} scene=${scene} /></div></div>
    ${fields.map((name) => html`<div><strong>${conflict.fields[name]}</strong><${Segments} label=${conflict.fields[name]} value=${chosen[name]} set=${(which) => setChosen({...chosen, [name]: which})}
      options=${[["mine", conflict.keepMine], ["theirs", conflict.takeTheirs]]} /></div>`)}<//>`;
}
