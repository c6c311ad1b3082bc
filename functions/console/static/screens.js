// The screens, in the order of the navigation. One whose module is not there yet is not shown: docs/console.md.

import {t} from "./texts.js";

const map = JSON.parse(document.querySelector("script[type=importmap]").textContent).imports;

export const screens = [
  {id: "now", icon: "pulse"},
  {id: "leads", icon: "inbox"},
  {id: "plans", icon: "route"},
  {id: "people", icon: "people"},
  {id: "sources", icon: "funnel"},
  {id: "reports", icon: "chart"},
  {id: "start", icon: "flag"},
].filter(({id}) => `./${id}.js` in map).map((screen) => ({
  ...screen, title: t.screens[screen.id], short: t.shortScreens[screen.id] || t.screens[screen.id], load: () => import(`./${screen.id}.js`),
}));
