// Who can take a lead: everybody in groups, found by name, and paused with one click.

import {useState} from "preact/hooks";
import {html} from "./html.js";
import {leaveWords} from "./leave.js";
import {Pause} from "./pause.js";
import {called, GROUPS, TONES} from "./standing.js";
import {count, fill, t} from "./texts.js";
import {Avatar, Badge, Button, Empty, Field, Loaded, Panel, Segments} from "./ui.js";

const SHOWN = 25;

export function Team({of}) {
  const [wanted, setWanted] = useState("");
  const [group, setGroup] = useState("all");
  const [most, setMost] = useState(SHOWN);
  const narrow = (set) => (value) => { set(value); setMost(SHOWN); };
  return html`<${Panel} title=${t.now.people} flush><${Loaded} of=${of}>${(people) => {
    if (!people.length) return html`<${Empty} icon="people" tone="" title=${t.now.noPeople} />`;
    const found = called(people, wanted);
    const groups = [["all", found], ...GROUPS.map((name) => [name, found.filter((one) => one.group === name)])];
    const shown = groups.find(([name]) => name === group)[1];
    return html`<div class="panel-body team-find"><${Field} label=${t.now.find} type="search" value=${wanted} autocomplete="off"
        onInput=${(event) => narrow(setWanted)(event.target.value)} />
      <${Segments} label=${t.now.groupsOf} value=${group} set=${narrow(setGroup)}
        options=${groups.map(([name, those]) => [name, `${t.now.groupTabs[name]} ${those.length.toLocaleString("en")}`])} /></div>
    ${shown.length ? html`<ul class="rows">${shown.slice(0, most).map((one) => html`<${Member} key=${one.id} one=${one} after=${of.reload} />`)}</ul>`
      : html`<p class="panel-body quiet" role="status">${t.now.nobodyLike}</p>`}
    ${shown.length > most && html`<div class="panel-body"><${Button} onClick=${() => setMost(most + 4 * SHOWN)}>${fill(t.now.morePeople, {shown: most, total: shown.length})}<//></div>`}`;
  }}<//><//>`;
}

function Member({one, after}) {
  const rep = one.type === "rep";
  const has = rep && one.open_leads ? count(one.open_leads, "open lead") : rep ? t.now.free : t.now.buyer;
  return html`<li class="row nowrap"><${Avatar} name=${one.name} /><div class="grow"><strong>${one.name}</strong>
    <div class="small quiet">${[has, one.about || leaveWords(one)].filter(Boolean).join(" · ")}</div></div>
    <${Badge} tone=${TONES[one.group]}>${t.now.groups[one.group]}<//>
    ${rep && html`<${Pause} one=${one} after=${after} />`}</li>`;
}
