// States and countries as leads have them: by code. Whoever types a name in a condition gets its code.

const CANADA = "AB Alberta|BC British Columbia|MB Manitoba|NB New Brunswick|NL Newfoundland and Labrador|NS Nova Scotia|" +
  "NT Northwest Territories|NU Nunavut|ON Ontario|PE Prince Edward Island|QC Quebec|SK Saskatchewan|YT Yukon";
const STATES = ("AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|DC District of Columbia|" +
  "FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|" +
  "MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|" +
  "NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|" +
  "PA Pennsylvania|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|" +
  "WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming|PR Puerto Rico|GU Guam|VI Virgin Islands|AS American Samoa|" +
  "MP Northern Mariana Islands" +
  `|${CANADA}`).split("|").map((one) => [one.slice(0, 2), one.slice(3)]);
const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

let countries = null;
/** Every country with its English name: [code, name]. */
function everyCountry() {
  const called = new Intl.DisplayNames("en", {type: "region", fallback: "none"});
  countries ||= LETTERS.flatMap((first) => LETTERS.map((second) => first + second)).map((code) => [code, called.of(code)]).filter(([, name]) => name);
  return countries;
}

const KNOWN = {"contact.state": () => STATES, "contact.country": everyCountry};
const bare = (text) => text.trim().toLowerCase().replaceAll(".", "");

/** The codes that there are for a field, as [code, name]; none where leads have what was typed. */
export const codesOf = (path) => KNOWN[path]?.() || [];

/** What leads have for what somebody typed: "Texas" and "tx" are TX. What is no name of a code stays. */
export function spelt(path, typed) {
  if (typeof typed !== "string") return typed;
  const known = codesOf(path), text = bare(typed);
  return (known.find(([code]) => code.toLowerCase() === text) || known.find(([, name]) => name.toLowerCase() === text))?.[0] ?? typed;
}
