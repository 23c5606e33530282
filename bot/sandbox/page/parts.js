/** The panels and parts that stand on the page beside the conversations; one line each. */

import { mountClock } from "./clock.js";
import { iconButton } from "./dom.js";
import { faults } from "./faults.js";
import { mailbox } from "./mailbox.js";
import { registerPanel } from "./panels.js";
import { mountTour } from "./tour.js";

/** Make every panel and part, in the order of the panels' buttons. */
export function addParts(store, shell) {
  const mail = mailbox(store);
  for (const panel of [mail, faults(store)]) registerPanel(panel);
  shell.panelsChanged();
  const clock = mountClock(document.getElementById("clock"), store);
  addTour(store, shell, mail, clock);
}

async function addTour(store, shell, mail, clock) {
  const tour = await mountTour(document.getElementById("tour"), {
    store,
    shell,
    openNewestLetter: mail.openNewest,
    letPass: clock.letPass,
  });
  if (!tour) return;
  const button = iconButton("tour", "Take the tour", { class: "tool", "data-tour-again": true, onclick: tour.start });
  document.getElementById("top-tools").prepend(button);
}
