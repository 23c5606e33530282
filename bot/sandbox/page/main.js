/** Where the page begins. To add a panel, see panels.js. */

import { addParts } from "./parts.js";
import { Shell } from "./shell.js";
import { Store } from "./store.js";

const store = new Store();
const shell = new Shell(store);
addParts(store, shell);
shell.start();
