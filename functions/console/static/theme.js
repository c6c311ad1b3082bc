// Light or dark: as the system is, or as the person chose. The choice is the one thing that is kept in the browser.

import {useEffect, useState} from "preact/hooks";

const KEPT = "baton.theme";
const CHANGED = "baton:theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

/** Show what was chosen before. */
export function theme() {
  const chosen = localStorage.getItem(KEPT);
  if (chosen) document.documentElement.dataset.theme = chosen;
}

/** What is shown: "light" or "dark". */
export const shown = () => document.documentElement.dataset.theme || (dark.matches ? "dark" : "light");

/** Choose the other one; where that is what the system has, nothing is kept. */
export function toggleTheme() {
  const other = shown() === "dark" ? "light" : "dark";
  if (other === (dark.matches ? "dark" : "light")) {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem(KEPT);
  } else {
    document.documentElement.dataset.theme = other;
    localStorage.setItem(KEPT, other);
  }
  dispatchEvent(new Event(CHANGED));
}

/** What is shown, and a new rendering when that changes. */
export function useTheme() {
  const [now, setNow] = useState(shown);
  useEffect(() => {
    const changed = () => setNow(shown());
    dark.addEventListener("change", changed);
    addEventListener(CHANGED, changed);
    return () => {
      dark.removeEventListener("change", changed);
      removeEventListener(CHANGED, changed);
    };
  }, []);
  return now;
}
