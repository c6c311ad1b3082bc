// Asks every second whether anything is new, and then takes over the list from the page as it is now.
"use strict";

const EVERY_MS = 1000;

async function look() {
  const shown = document.getElementById("inbox");
  const { version } = await (await fetch("/messages.json" + location.search)).json();
  if (version === shown.dataset.version) return;
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const next = page.getElementById("inbox");
  for (const message of next.querySelectorAll(".messages > li[id]")) {
    if (!document.getElementById(message.id)) message.classList.add("new");
  }
  document.title = page.title;
  shown.replaceWith(next);
}

async function lookAgainAndAgain() {
  try {
    if (!document.hidden) await look();
    document.body.classList.remove("offline");
  } catch {
    document.body.classList.add("offline");
  }
  setTimeout(lookAgainAndAgain, EVERY_MS);
}

lookAgainAndAgain();
