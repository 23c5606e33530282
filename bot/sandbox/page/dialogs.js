/** What opens over the page: the question before a deed, and small panels beside a button. */

import { inlineText, make, plainText } from "./nodes.js";

let given = 0;

/** An id that nothing else on the page has, for labels and descriptions. */
export function freshId(prefix = "b") {
  given += 1;
  return `${prefix}-${given}`;
}

/**
 * Ask as an element's `confirm` object asks.
 *
 * @returns {Promise<boolean>} whether the person went on; Escape and the second button are no
 */
export function confirmed(confirm) {
  if (!confirm) return Promise.resolve(true);
  const title = freshId("confirm");
  const text = freshId("confirm");
  const no = make("button", { type: "button", class: "b-button" }, plainText(confirm.deny));
  const yes = make(
    "button",
    { type: "button", class: `b-button b-${confirm.style === "danger" ? "danger" : "primary"}` },
    plainText(confirm.confirm),
  );
  const dialog = make(
    "dialog",
    { class: "b-dialog", "aria-labelledby": title, "aria-describedby": text },
    make("h2", { id: title }, plainText(confirm.title)),
    make("p", { id: text, class: "n-p" }, inlineText(confirm.text)),
    make("div", { class: "b-dialog-buttons" }, no, yes),
  );
  document.body.append(dialog);
  return new Promise((resolve) => {
    yes.addEventListener("click", () => dialog.close("yes"));
    no.addEventListener("click", () => dialog.close(""));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    dialog.showModal();
    (confirm.style === "danger" ? no : yes).focus();
  });
}

/**
 * A button with a panel that opens beside it, closes on Escape or a click elsewhere, and gives the focus back.
 *
 * @param {HTMLElement} button what opens it
 * @param {HTMLElement} panel what opens
 * @param {{opened?: () => void, closed?: () => void}} [heard]
 */
export function panelOf(button, panel, heard = {}) {
  panel.id = freshId("panel");
  panel.setAttribute("popover", "auto");
  button.setAttribute("popovertarget", panel.id);
  button.setAttribute("aria-expanded", "false");
  panel.addEventListener("toggle", (event) => {
    const open = event.newState === "open";
    button.setAttribute("aria-expanded", String(open));
    if (open) {
      place(button, panel);
      heard.opened?.();
    } else {
      heard.closed?.();
    }
  });
}

function place(button, panel) {
  const gap = 4;
  const edge = 8;
  const at = button.getBoundingClientRect();
  panel.style.minWidth = `${Math.min(at.width, window.innerWidth - 2 * edge)}px`;
  const { width, height } = panel.getBoundingClientRect();
  const left = Math.max(edge, Math.min(at.left, window.innerWidth - width - edge));
  const below = at.bottom + gap;
  const above = at.top - gap - height;
  const top = below + height > window.innerHeight - edge && above >= edge ? above : below;
  panel.style.left = `${left}px`;
  panel.style.top = `${Math.max(edge, Math.min(top, window.innerHeight - height - edge))}px`;
}

/** Up, Down, Home and End move among the buttons of a panel. */
export function arrowKeys(panel, selector) {
  panel.addEventListener("keydown", (event) => {
    const all = [...panel.querySelectorAll(selector)];
    const here = all.indexOf(document.activeElement);
    const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined || all.length === 0) return;
    event.preventDefault();
    all[(next + all.length) % all.length].focus();
  });
}
