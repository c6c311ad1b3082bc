// Signing in again where something is not saved yet: in another window, so that what was typed here stays.

import {html} from "./html.js";
import {inWords} from "./problems.js";
import {SignInFailed, signInBeside} from "./session.js";
import {fill, t} from "./texts.js";
import {Button, useSession} from "./ui.js";

/** What is wrong, and the button. `then` is called once there is a session again. */
export function SignInBeside({then}) {
  const {tell} = useSession();
  const {beside, failed} = t.signIn;
  // Not busy meanwhile: whoever closes the other window can open it again.
  const again = async () => {
    try {
      await signInBeside();
      then();
      tell(beside.done);
    } catch (error) {
      if (error instanceof SignInFailed) tell(fill(failed.text, {what: error.message}), "bad", failed.title);
      else tell(inWords(error).text, "bad", inWords(error).title);
    }
  };
  return html`<span class="line"><span class="wrong">${t.problems.signedOut.title}. ${beside.kept}</span><${Button} small icon="lock" onClick=${again}>${beside.action}<//></span>`;
}
