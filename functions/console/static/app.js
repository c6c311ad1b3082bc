// The console: signs in, and puts the screen that the address names into the frame.

import {render} from "preact";
import {useCallback, useEffect, useErrorBoundary, useRef, useState} from "preact/hooks";
import {html} from "./html.js";
import {Icon} from "./icons.js";
import {names} from "./names.js";
import {go, route, to, useRoute} from "./route.js";
import {screens} from "./screens.js";
import {SignedInBeside, SignedOut, signIn, signOut, start} from "./session.js";
import {fill, t} from "./texts.js";
import {theme, toggleTheme, useTheme} from "./theme.js";
import {Avatar, Button, Empty, Failure, Loading, Session} from "./ui.js";

const TOLD_MS = 6000;

function App({user}) {
  const [told, setTold] = useState([]);
  const tell = useCallback((text, tone = "good", title = "") => {
    const one = {text, tone, title, key: Math.random()};
    setTold((had) => [...had.slice(-2), one]);
    setTimeout(() => setTold((had) => had.filter((other) => other !== one)), TOLD_MS);
  }, []);
  useEffect(beginAtTheBeginning, []);
  return html`<${Session.Provider} value=${{user, tell}}>
    <a class="skip" href="#main" onClick=${(event) => { event.preventDefault(); document.getElementById("main").focus(); }}>${t.frame.skip}</a>
    <div class="frame"><${Side} user=${user} /><${Screen} /></div>
    <div class="told" aria-live="polite">${told.map((one) => html`<div key=${one.key} class=${`notice ${one.tone}`}>
      <${Icon} name=${one.tone === "bad" ? "alert" : "check"} /><div>${one.title && html`<strong>${one.title}.</strong> `}${one.text}</div></div>`)}</div>
  <//>`;
}

/** Where nothing is set up yet, that is what there is to do: First run is the first screen, unless another one was asked for. */
function beginAtTheBeginning() {
  if (route().parts.length || !screens.some(({id}) => id === "start")) return;
  // What cannot be read is said by the screen that wants it.
  names().then(({campaigns}) => { if (!campaigns.length && !route().parts.length) go(["start"], {}, {replace: true}); }, () => {});
}

function Side({user}) {
  const {parts: [open = screens[0].id]} = useRoute();
  const shown = useTheme();
  const other = shown === "dark" ? "light" : "dark";
  const role = user.groups.includes("admin") ? "admin" : "viewer";
  return html`<header class="side">
    <a class="brand" href=${to([])}><img src=${new URL(import.meta.resolve("./baton.svg")).href} width="28" height="28" alt="" />Baton</a>
    <nav class="nav" aria-label=${t.frame.navigation}>${screens.map(({id, icon, title, short}) => html`
      <a href=${to([id])} aria-current=${id === open ? "page" : undefined}><${Icon} name=${icon} /><span class="nav-long">${title}</span><span class="nav-short">${short}</span></a>`)}</nav>
    <div class="who"><div class="who-name"><${Avatar} name=${user.name} />
      <div><strong>${user.name}</strong><small>${t.frame.roles[role]}</small></div></div>
      <div class="who-actions">
        <${Button} tone="plain" small icon=${other === "dark" ? "moon" : "sun"} title=${fill(t.frame.theme, {theme: t.frame[other].toLowerCase()})} onClick=${toggleTheme} />
        <${Button} tone="plain" small icon="out" onClick=${signOut}>${t.frame.signOut}<//>
      </div></div></header>`;
}

function Screen() {
  const {parts, query} = useRoute();
  const [id = screens[0].id, ...rest] = parts;
  const screen = screens.find((one) => one.id === id);
  const [loaded, setLoaded] = useState({});
  const main = useRef(), first = useRef(true);
  useEffect(() => {
    let left = false;
    screen?.load().then((module) => !left && setLoaded({id, View: module.default}), (error) => !left && setLoaded({id, error}));
    return () => { left = true; };
  }, [id]);
  // Whoever reads with a screen reader or the keyboard goes on in the new screen.
  useEffect(() => {
    if (first.current) first.current = false;
    else main.current.focus();
    scrollTo(0, 0);
  }, [parts.join("/")]);
  const mine = loaded.id === id ? loaded : {};
  return html`<main class="screen" id="main" tabindex="-1" ref=${main}>
    ${!screen ? html`<${Empty} tone="" icon="search" title=${t.frame.notThere.title}>${t.frame.notThere.text}<//>`
    : mine.error ? html`<${Broken} error=${mine.error} />`
    : mine.View ? html`<${Guard} key=${parts.join("/")}><${mine.View} parts=${rest} query=${query} /><//>`
    : html`<${Loading} />`}</main>`;
}

/** Around a screen: where it fails, that is said, and the rest goes on. */
function Guard({children}) {
  const [error] = useErrorBoundary();
  return error ? html`<${Broken} error=${error} />` : children;
}

const Broken = ({error}) => html`<${Failure} error=${error} retry=${() => location.reload()} />`;

/** What fills the window where there is no console to show: one thing to say, one thing to do. */
function Whole({title, text, action, onClick, icon = "lock"}) {
  return html`<main class="whole"><div class="panel"><div class="state"><span class="sign"><${Icon} name=${icon} /></span>
    <h1>${title}</h1><p>${text}</p>${action && html`<${Button} tone="main" onClick=${onClick}>${action}<//>`}</div></div></main>`;
}

async function open(root) {
  let user;
  try {
    user = await start();
  } catch (error) {
    if (error instanceof SignedInBeside) {
      close();
      return render(html`<${Whole} title=${t.signIn.beside.title} text=${t.signIn.beside.text} icon="check" />`, root);
    }
    const said = error instanceof SignedOut ? t.signIn.again : t.signIn.failed;
    return render(html`<${Whole} title=${said.title} text=${fill(said.text, {what: error.message})} action=${said.action} onClick=${signIn} />`, root);
  }
  if (!user) return null; // on the way to the login
  if (user.groups.includes("admin") || user.groups.includes("viewer")) return render(html`<${App} user=${user} />`, root);
  const {title, text} = t.signIn.noGroup;
  return render(html`<${Whole} title=${title} text=${fill(text, {name: user.name})} action=${t.frame.signOut} onClick=${signOut} />`, root);
}

theme();
await open(document.getElementById("app"));
