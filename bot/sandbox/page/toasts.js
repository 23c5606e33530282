/** Short notes at the edge of the page, read out by a screen reader; they go by themselves, errors stay until closed. */

import { h, iconButton } from "./dom.js";

const STAYS = 5000;
const MOST = 3;

/**
 * @param {string} text one or two sentences
 * @param {"info" | "ok" | "danger"} [kind]
 */
export function toast(text, kind = "info") {
  const all = document.getElementById("toasts");
  const close = iconButton("close", "Close this note");
  const note = h("div", { class: `toast ${kind}` }, h("p", {}, text), close);
  const gone = () => note.remove();
  close.addEventListener("click", gone);
  if (kind !== "danger") {
    let timer = setTimeout(gone, STAYS);
    note.addEventListener("pointerenter", () => clearTimeout(timer));
    note.addEventListener("focusin", () => clearTimeout(timer));
    note.addEventListener("pointerleave", () => {
      timer = setTimeout(gone, STAYS);
    });
  }
  all.append(note);
  while (all.children.length > MOST) all.firstChild.remove();
}
