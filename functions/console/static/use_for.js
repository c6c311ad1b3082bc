// A plan that no campaign uses: let one follow it.

import {useState} from "preact/hooks";
import {change} from "./change.js";
import {html} from "./html.js";
import {Icon} from "./icons.js";
import {forgetNames} from "./names.js";
import {titleOf} from "./stage_words.js";
import {fill, t} from "./texts.js";
import {Action, Button, Dialog, Field} from "./ui.js";

export function UseFor({planId, scene, after}) {
  const [open, setOpen] = useState(false);
  const [campaignId, setCampaignId] = useState(scene.names.campaigns[0]?.id);
  const campaign = scene.names.campaigns.find((one) => one.id === campaignId);
  const use = async () => {
    await change(`campaigns/${campaignId}`, {plan_id: planId});
    forgetNames();
    return fill(t.plans.use.done, {campaign: campaign.name, plan: titleOf(planId)});
  };
  return html`<div class="notice"><${Icon} name="route" /><div>${scene.names.campaigns.length ? t.plans.use.notice : t.plans.use.noCampaign}</div>
      ${campaign && html`<${Button} small changes onClick=${() => setOpen(true)}>${t.plans.use.choose}<//>`}</div>
    ${open && html`<${Dialog} title=${t.plans.use.title} close=${() => setOpen(false)} actions=${html`<${Button} onClick=${() => setOpen(false)}>${t.common.cancel}<//>
        <${Action} tone="main" work=${use} after=${after}>${t.plans.use.do}<//>`}>
      <${Field} label=${t.plans.use.campaign} value=${campaignId} onChange=${(event) => setCampaignId(event.target.value)} options=${scene.names.campaigns.map((one) => [one.id, one.name])} />
      <p>${fill(t.plans.use.about, {campaign: campaign.name, plan: titleOf(planId), before: titleOf(campaign.plan_id)})}</p><//>`}`;
}
