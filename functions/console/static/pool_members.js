// The members of a pool as rows: who, their weight and share, whose turn is first, and what they get through this pool.

import {useState} from "preact/hooks";
import {Editable} from "./form.js";
import {html} from "./html.js";
import {to} from "./route.js";
import {percent, sharesOf} from "./shares.js";
import {fill, t} from "./texts.js";
import {Avatar, Button, Field} from "./ui.js";

const PAGE = 50, SLIDER = 10, MANY = 12;
const SPANS = ["hour", "day", "week", "month"];

/** Rows to change, and a field to find more members. */
export function Members({form, names}) {
  const {members, weighting} = form.doc;
  const [pages, setPages] = useState(1);
  const [opened, setOpened] = useState(null);
  const [text, setText] = useState("");
  const typed = text.trim().toLowerCase();
  const found = members.map((one, at) => [one, at]).filter(([one]) => names.of(one.recipient_id).toLowerCase().includes(typed));
  const shares = sharesOf(members.map((one) => ({weight: Number(one.weight) || 0})));
  const most = Math.max(SLIDER, ...members.map((one) => Number(one.weight) || 0));
  const set = (at, fields) => form.set("members", members.map((one, other) => (other === at ? {...one, ...fields} : one)));
  return html`${members.length > MANY && html`<${Field} label=${t.people.pool.find} type="search" autocomplete="off" value=${text} onInput=${(event) => setText(event.target.value)} />`}
    <ul class="rows members">${found.slice(0, pages * PAGE).map(([one, at]) => {
    const name = names.of(one.recipient_id);
    return html`<li class="member" key=${one.recipient_id}>
      <div class="member-name"><${Avatar} name=${name} /><div class="grow"><a class="row-link" href=${to(["people", one.recipient_id])}>${name}</a>
        <div class="small quiet number">${fill(t.people.pool.share, {share: percent(shares[at])})}</div></div></div>
      <div class="member-weight"><${Editable}><input type="range" min="1" max=${most} value=${one.weight} disabled=${weighting === "performance"} aria-label=${fill(t.people.pool.weightOf, {name})} onInput=${(event) => set(at, {weight: Number(event.target.value)})} />
        <${Field} type="number" min="1" label=${t.people.pool.weight} aria-label=${fill(t.people.pool.weightNumber, {name})} value=${one.weight ?? ""} disabled=${weighting === "performance"} wrong=${form.wrong(`members[${at}].weight`) && t.people.pool.weightWrong}
          onInput=${(event) => set(at, {weight: event.target.value === "" ? null : Number(event.target.value)})} />
        <${Field} type="number" min="1" max="1000" label=${t.people.pool.priority} aria-label=${fill(t.people.pool.priorityOf, {name})} value=${one.priority ?? 1} wrong=${form.wrong(`members[${at}].priority`) && t.people.pool.priorityWrong}
          onInput=${(event) => set(at, {priority: event.target.value === "" ? null : Number(event.target.value)})} /><//></div>
      <div class="line nowrap member-tools"><${Button} small tone="plain" icon="edit" title=${fill(t.people.pool.capsOf, {name})} aria-expanded=${opened === one.recipient_id ? "true" : "false"} onClick=${() => setOpened(opened === one.recipient_id ? null : one.recipient_id)} />
        <${Button} small changes tone="plain" icon="bin" title=${fill(t.people.pool.takeOut, {name})} onClick=${() => form.set("members", members.filter((_, other) => other !== at))} /></div>
      ${opened === one.recipient_id && html`<div class="member-caps"><p class="small quiet">${fill(t.people.pool.capsAbout, {name})}</p><div class="fields"><${Editable}>${SPANS.map((span) => html`
        <${Field} key=${span} type="number" min="0" label=${t.people.caps.spans[span]} placeholder=${t.people.caps.none} value=${one.caps?.[`per_${span}`] ?? ""}
          onInput=${(event) => set(at, {caps: {...one.caps, [`per_${span}`]: event.target.value === "" ? null : Number(event.target.value)}})} />`)}<//></div></div>`}</li>`;
  })}</ul>
    ${pages * PAGE < found.length && html`<div><${Button} onClick=${() => setPages(pages + 1)}>${t.common.more}<//></div>`}
    <${Editable}><${Add} form=${form} names=${names} /><//>`;
}

const FOUND = 8;

/** Finds somebody by name, and makes them a member. */
function Add({form, names}) {
  const [text, setText] = useState("");
  const there = new Set(form.doc.members.map((one) => one.recipient_id));
  const typed = text.trim().toLowerCase();
  const left = names.recipients.filter((one) => !there.has(one.id));
  const found = left.filter((one) => one.name.toLowerCase().includes(typed)).slice(0, FOUND);
  const add = (id) => {
    form.set("members", [...form.doc.members, {recipient_id: id, weight: 1, priority: 1}]);
    setText("");
  };
  return html`<div class="add-member"><${Field} label=${t.people.pool.add} type="search" value=${text} autocomplete="off" hint=${left.length ? undefined : t.people.pool.allIn} onInput=${(event) => setText(event.target.value)}
      onKeyDown=${(event) => { if (event.key === "Enter" && typed && found.length) { event.preventDefault(); add(found[0].id); } }} />
    ${(typed || left.length <= FOUND) && html`<div class="toggles">${found.map((one) => html`<${Button} key=${one.id} small icon="plus" onClick=${() => add(one.id)}>${one.name}<//>`)}
      ${typed && !found.length && html`<span class="small quiet">${t.people.noneSuch}</span>`}</div>`}</div>`;
}
