// The dialog about a Conflict: two people changed the same fields, and one choice is made for each.

import {useState} from "preact/hooks";
import {save} from "./change.js";
import {html} from "./html.js";
import {called, different} from "./merge_words.js";
import {useNames} from "./names.js";
import {fill, t} from "./texts.js";
import {ago} from "./times.js";
import {Button, Dialog} from "./ui.js";

/** `saved` is given what the API answered, `failed` what it refused: that may be a newer Conflict. */
export function Merge({conflict, close, saved, failed}) {
  const {by, at, fields, read, mine, theirs} = conflict;
  const [chosen, setChosen] = useState(() => Object.fromEntries(fields.map((name) => [name, "mine"])));
  const [busy, setBusy] = useState(false);
  const names = useNames();
  const keep = async () => {
    const picked = Object.fromEntries(fields.map((name) => [name, conflict[chosen[name]][name]]));
    setBusy(true);
    try {
      saved(await save(conflict.path, {...conflict.merged, ...picked}, {read: theirs, etag: conflict.etag}));
    } catch (error) {
      setBusy(false);
      failed(error);
    }
  };
  const side = (name, which, rows) => html`<label><input type="radio" name=${name} checked=${chosen[name] === which}
    onChange=${() => setChosen({...chosen, [name]: which})} /><${Said} rows=${rows} which=${which} /></label>`;
  return html`<${Dialog} wide title=${t.merge.title} close=${close} actions=${html`
      <${Button} onClick=${close}>${t.common.cancel}<//><${Button} tone="main" changes busy=${busy} onClick=${keep}>${t.merge.save}<//>`}>
    <p>${by ? fill(t.merge.about, {by, ago: ago(at)}) : t.merge.aboutUnknown}</p>
    <div class="table-box"><table class="table merge"><thead><tr><th scope="col">${t.merge.field}</th><th scope="col">${t.merge.was}</th>
      <th scope="col">${t.merge.mine}</th><th scope="col">${t.merge.theirs}</th></tr></thead>
      <tbody>${fields.map((name) => {
        const rows = different(name, {read: read[name], mine: mine[name], theirs: theirs[name]}, names);
        return html`<tr key=${name}><th scope="row">${called(name)}</th><td class="quiet"><${Said} rows=${rows} which="read" /></td>
          <td>${side(name, "mine", rows)}</td><td>${side(name, "theirs", rows)}</td></tr>`;
      })}</tbody></table></div><//>`;
}

/** What one of the versions says: a line for each difference. */
const Said = ({rows, which}) => html`<span>${rows.map(({label, said}) => html`<span class="merge-line" key=${label}>${label ? `${label}: ` : ""}${said[which]}</span>`)}</span>`;
