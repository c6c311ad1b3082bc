// Every text of the console, by where it stands. Words are those of the API and of the guides.

/** A text with its {names} filled in. */
export const fill = (text, given) => text.replace(/\{(\w+)\}/g, (_, name) => given[name] ?? "");

/** One or many: "1 lead", "3 leads". */
export const count = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

export const t = {
  common: {
    adminsOnly: "Only people in the group admin can change something",
    cancel: "Cancel",
    close: "Close",
    inAMoment: "in a moment",
    justNow: "just now",
    loading: "Loading",
    more: "Show more",
    nothing: "–",
    percent: "{percent} percent",
    save: "Save",
    shownIsOld: "What is shown is from before.",
    timeIn: "{time} in {zone}",
    tryAgain: "Try again",
  },
  frame: {
    dark: "Dark",
    light: "Light",
    navigation: "Screens",
    notThere: {title: "There is no such page", text: "Its address may be old. The navigation has all there is."},
    roles: {admin: "Changes everything", viewer: "Looks, changes nothing", none: "May see nothing yet"},
    signOut: "Sign out",
    skip: "Skip to content",
    theme: "Switch to {theme}",
  },
  merge: {
    about: "{by} saved a change {ago}, after you opened it. Nothing is lost: choose what holds for each field, and save again.",
    aboutUnknown: "Somebody saved a change after you opened it. Nothing is lost: choose what holds for each field, and save again.",
    field: "Field",
    mine: "Yours",
    save: "Save what is chosen",
    theirs: "Theirs",
    title: "Changed meanwhile",
    was: "Before",
  },
  problems: {
    "edit-conflict": {title: "Somebody else changed it", text: "Look at what it is now, and change it again."},
    forbidden: {title: "You may not do this", text: "It takes the group admin. Whoever runs Baton can put you into it."},
    "illegal-transition": {title: "It is not in that state any more", text: "Somebody, or the lead's own way, was faster. What is shown now is as it is."},
    "invalid-request": {title: "Something is not right yet", text: "", adds: true},
    "not-found": {title: "It is not there", text: "It was removed, or the address is wrong."},
    newVersion: {title: "There is a new version", text: "Baton was updated while this page was open. Load the page again."},
    offline: {title: "No answer", text: "The network or Baton did not answer. It is tried again by itself where the screen is live."},
    server: {title: "Something went wrong at our end", text: "Try again in a moment. If it stays, the function's log says more."},
    signedOut: {title: "Your session is over", text: "Sign in again, and go on where you were."},
    unexpected: {title: "That should not have happened", text: "The console itself failed: {what}"},
  },
  screens: {
    now: "Now",
    leads: "Leads",
    plans: "Plans",
    people: "People and buyers",
    sources: "Sources and campaigns",
    reports: "Reports",
    start: "First run",
  },
  signIn: {
    again: {title: "Signed out", text: "See you soon.", action: "Sign in"},
    failed: {title: "Signing in did not work", text: "The login said: {what}", action: "Try again"},
    noGroup: {title: "Nothing to see yet", text: "You are signed in as {name}, but in neither of the groups admin and viewer. Whoever runs Baton can put you into one; then sign in again."},
    notSet: {title: "No login", text: "This deployment does not say where to sign in."},
  },
  states: {
    received: "Received",
    duplicate: "Duplicate",
    quarantined: "Held",
    disqualified: "Disqualified",
    scored: "Scored",
    offered: "Offered",
    delivering: "Delivering",
    assigned: "Assigned",
    sold: "Sold",
    unassigned: "Unassigned",
    contacted: "Contacted",
    converted: "Converted",
    lost: "Lost",
    returned: "Returned",
  },
};
