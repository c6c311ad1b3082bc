// Taking a document away: asked before, and refused in words where something still needs it.

import {useState} from "preact/hooks";
import {Problem, request} from "./api.js";
import {html} from "./html.js";
import {forgetNames} from "./names.js";
import {go} from "./route.js";
import {fill, t} from "./texts.js";
import {Button, Sure} from "./ui.js";

/** The button that removes what the form is about. `named`: what those are called that may need it, by id; `show`: the list to go to. */
export function Remove({form, path, about, named = {}, show}) {
  const [asking, setAsking] = useState(false);
  const words = t.people.remove, {name} = form.doc;
  if (form.isNew) return null;
  const work = async () => {
    await remove(path, form.etag, named);
    return fill(words.done, {name});
  };
  return html`<${Button} changes tone="grave" icon="bin" onClick=${() => setAsking(true)}>${words.action}<//>
    ${asking && html`<${Sure} title=${fill(words.title, {name})} doIt=${words.action} close=${() => setAsking(false)} after=${() => { form.reset(); go(["people"], {show}); }} work=${work}><p>${about}</p><//>`}`;
}

async function remove(path, etag, named) {
  try {
    await request("DELETE", path, {etag});
  } catch (error) {
    if (error.code !== "in-use") throw error;
    const users = error.said.used_by.map((one) => inWords(one, named));
    throw new Problem(error.status, {title: t.people.remove.used, detail: fill(t.people.remove.usedBy, {users: users.join(", ")})});
  }
  forgetNames();
}

/** "pool 'team' (member)" with the name of the pool. */
function inWords(user, named) {
  const [, kind, id, role] = user.match(/^(.+) '(.+)' \((.+)\)$/) || [];
  return kind ? fill(t.people.remove.user, {kind, name: named[id] || id, role}) : user;
}
