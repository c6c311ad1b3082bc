// Markup: `html` makes what Preact renders. Text in it stays text, whatever it says.

import {h} from "preact";
import htm from "htm";

export const html = htm.bind(h);
