// Tables as text with commas, semicolons or tabs between their cells: read and written.

const QUOTED = /["\n\r,;\t]/;
// What a spreadsheet would take for a formula. A phone number with its plus is none.
const FORMULA = /^[=@\t\r]|^[+-](?!\d[\d ]*$)/;

/** Rows of cells. The first line says what is between them. */
export function readTable(text) {
  const clean = text.replace(/^\uFEFF/, "");
  const head = clean.split(/\r?\n/, 1)[0];
  const between = [",", ";", "\t"].sort((one, other) => head.split(other).length - head.split(one).length)[0];
  const rows = [];
  let row = [], cell = "", quoted = false;
  const endCell = () => { row.push(cell.trim().replace(/^'(?=[=@+-])/, "")); cell = ""; };
  const endRow = () => { endCell(); if (row.some(Boolean)) rows.push(row); row = []; };
  for (let at = 0; at < clean.length; at += 1) {
    const char = clean[at];
    if (quoted) {
      if (char !== '"') cell += char;
      else if (clean[at + 1] === '"') { cell += char; at += 1; }
      else quoted = false;
    } else if (char === '"' && !cell) quoted = true;
    else if (char === between) endCell();
    else if (char === "\n") endRow();
    else if (char !== "\r") cell += char;
  }
  endRow();
  return rows;
}

/** A table as text with commas. */
export const writeTable = (rows) => rows.map((row) => row.map((cell) => {
  const text = String(cell ?? "");
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}).join(",")).join("\r\n") + "\r\n";

/** Hand a text to the person as a file. */
export function download(name, text, type = "text/csv") {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], {type}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
