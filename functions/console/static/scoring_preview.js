// What scoring rules that are not saved yet make of the leads that came in last, beside what the stored ones do.

import {useEffect, useRef, useState} from "preact/hooks";
import {get, request} from "./api.js";
import {html} from "./html.js";
import {useLoad} from "./hooks.js";
import {to} from "./route.js";
import {fill, t} from "./texts.js";
import {Badge, Empty, Loaded, Panel, Time} from "./ui.js";

const LEADS = 20;
const TYPED_MS = 350;

export function ScoringPreview({form}) {
  const {preview: words} = t.sources;
  const leads = useLoad((signal) => (form.isNew ? {items: []} : get("leads", {campaign_id: form.doc.id, limit: LEADS}, signal)), [form.doc.id, form.isNew]);
  return html`<div class="stack beside"><${Panel} title=${words.title} about=${words.about} flush><${Loaded} of=${leads}>${({items}) => (items.length
    ? html`<${Compared} form=${form} leads=${items} />` : html`<${Empty} icon="inbox" tone="" title=${words.none}>${words.noneAbout}<//>`)}<//><//></div>`;
}

function Compared({form, leads}) {
  const {preview: words} = t.sources;
  const {scores, wrong} = useScores(form, leads);
  // What is saved holds for the API a few seconds later: rules that nobody has changed since are the stored ones.
  const rows = (scores || []).map((row) => (form.dirty ? row : {...row, before: row.after}));
  const by = new Map(rows.map((row) => [row.lead_id, row]));
  const changed = rows.filter(({before, after}) => before.points !== after.points || before.band !== after.band || before.outlook !== after.outlook);
  return html`<p class=${`preview-said small ${wrong ? "wrong" : "quiet"}`} role="status">${wrong ? words.wrong
      : !scores ? t.common.loading : changed.length ? fill(words.changed, {number: changed.length, of: rows.length}) : words.same}</p>
    <ul class="rows scores">${leads.filter((lead) => by.has(lead.lead_id) || !scores).map((lead) => html`<${Scored} key=${lead.lead_id} lead=${lead} row=${by.get(lead.lead_id)} />`)}</ul>`;
}

function Scored({lead, row}) {
  const {preview: words} = t.sources;
  const moved = row && row.before.points !== row.after.points;
  return html`<li class="row"><div class="grow"><a class="row-link" href=${to(["leads", lead.lead_id])}>${lead.who}</a><div class="small quiet"><${Time} at=${lead.received_at} /></div></div>
    ${row && html`<span class="line nowrap number" aria-label=${moved ? fill(words.from, {before: row.before.points, after: row.after.points}) : undefined}>
        ${moved && html`<span class="quiet was">${row.before.points}</span><span aria-hidden="true">→</span>`}<strong class=${moved ? (row.after.points > row.before.points ? "up" : "down") : ""}>${row.after.points}</strong></span>
      <span class="line nowrap">${row.before.band !== row.after.band && html`<${Band} band=${row.before.band} /><span aria-hidden="true">→</span>`}<${Band} band=${row.after.band} /></span>
      ${row.after.outlook !== "qualified" && html`<${Badge} tone=${row.after.outlook === "held" ? "heed" : "bad"}>${words.outlooks[row.after.outlook]}<//>`}
      <details class="rated"><summary class="small">${words.why}</summary><ul class="reasons">${row.after.reasons.length ? row.after.reasons.map(({reason, points}) => html`<li><span>${reason}</span><strong class="number">${points > 0 ? "+" : ""}${points}</strong></li>`)
        : html`<li class="quiet">${words.noReason}</li>`}</ul></details>`}</li>`;
}

/** Both scores of the leads, asked anew a moment after the rules have changed; those before stay meanwhile. */
function useScores(form, leads) {
  const [found, setFound] = useState({scores: null, wrong: false});
  const rules = JSON.stringify(form.doc.scoring || {});
  const first = useRef(true);
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      const body = {scoring: readable(JSON.parse(rules)), lead_ids: leads.map((lead) => lead.lead_id)};
      try {
        const {data} = await request("POST", `campaigns/${form.doc.id}/score/preview`, {body, signal: abort.signal});
        setFound({scores: data.leads, wrong: false});
      } catch {
        if (!abort.signal.aborted) setFound((had) => ({...had, wrong: true}));
      }
    }, first.current ? 0 : TYPED_MS);
    first.current = false;
    return () => { clearTimeout(timer); abort.abort(); };
  }, [rules, leads]);
  return found;
}

/** A rule that nobody has named yet counts all the same while it is looked at. */
const readable = (scoring) => ({...scoring, rules: (scoring.rules || []).map((rule) => ({...rule, reason: rule.reason || t.sources.preview.unnamed}))});

/** A band, in the colour of how good it is. */
export const Band = ({band}) => (band ? html`<${Badge} tone=${{hot: "bad", warm: "heed", cold: "moving"}[band] || ""}>${band}<//>` : html`<span class="quiet small">${t.common.nothing}</span>`);
