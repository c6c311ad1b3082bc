// Where a pool's weights come from: stated, or measured by what each member makes of its leads.

import {useState} from "preact/hooks";
import {request} from "./api.js";
import {At} from "./form.js";
import {html} from "./html.js";
import {count, t} from "./texts.js";
import {Action, Panel, Segments} from "./ui.js";

/** `after(answer)`: once the pool may have other weights. */
export function Weighing({form, names, after}) {
  const words = t.people.weighing;
  const {doc, isNew, dirty} = form;
  const [measured, setMeasured] = useState(null);
  const byPerformance = doc.weighting === "performance";
  const measure = async () => {
    const {data} = await request("POST", `pools/${doc.id}/weights`);
    setMeasured(data.members);
    if (data.changed) after(await request("GET", `pools/${doc.id}`));
    return data.changed ? words.changed : words.same;
  };
  return html`<${Panel} title=${words.title} about=${byPerformance ? words.performanceAbout : words.statedAbout}>
    <${Segments} label=${words.title} value=${doc.weighting} set=${(weighting) => form.set("weighting", weighting)} options=${Object.entries(words.kinds)} />
    ${byPerformance && html`<div class="fields"><${At} form=${form} place="performance.window_weeks" empty=${8} type="number" min="1" max="13" label=${words.weeks} placeholder="8" />
      <${At} form=${form} place="performance.floor_percent" empty=${20} type="number" min="0" max="100" label=${words.floor} hint=${words.floorHint} placeholder="20" />
      <${At} form=${form} place="performance.prior_leads" empty=${30} type="number" min="1" label=${words.prior} hint=${words.priorHint} placeholder="30" /></div>`}
    ${!isNew && html`<div class="line then"><${Action} small icon="chart" disabled=${dirty} work=${measure}>${byPerformance ? words.weigh : words.measure}<//>${dirty && html`<span class="small quiet">${words.saveFirst}</span>`}</div>`}
    ${measured && html`<div class="table-box" tabindex="0" role="group" aria-label=${words.measured}><table class="table"><thead><tr><th scope="col">${words.table.who}</th><th scope="col" class="right">${words.table.leads}</th>
      <th scope="col" class="right">${words.table.conversions}</th><th scope="col" class="right">${words.table.weight}</th></tr></thead>
      <tbody>${measured.map((one) => html`<tr><th scope="row">${names.of(one.recipient_id)}</th><td class="right number">${one.leads}</td><td class="right number">${one.conversions}</td><td class="right number">${one.weight}</td></tr>`)}</tbody></table></div>
      <p class="small quiet">${count(measured.reduce((sum, one) => sum + one.leads, 0), "lead")}</p>`}<//>`;
}
