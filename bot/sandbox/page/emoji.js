/** A small picker: the emoji that people use most, and a search by name. */

import { h } from "./dom.js";
import { panelOf } from "./dialogs.js";
import { NAMES } from "./emojinames.js";

const COLUMNS = 8;

/** The emoji whose name holds the words, those that begin with them first. */
export function emojiLike(words, most) {
  const wanted = words.trim().toLowerCase().replaceAll(" ", "_");
  const found = NAMES.filter(([name]) => name.includes(wanted));
  found.sort(([a], [b]) => Number(b.startsWith(wanted)) - Number(a.startsWith(wanted)));
  return found.slice(0, most);
}

/** `:book:` -> the emoji; null where the page knows none of that name. */
export function emojiOf(text) {
  const wanted = (text ?? "").replaceAll(":", "");
  return NAMES.find(([name]) => name === wanted)?.[1] ?? null;
}

/**
 * A panel for a button; it is empty until it opens.
 *
 * @param {HTMLButtonElement} button
 * @param {(name: string, char: string) => void} chosen
 */
export function emojiPicker(button, chosen) {
  const panel = h("div", { class: "emoji-panel", role: "group", "aria-label": "Choose an emoji" });
  const search = h("input", {
    class: "field",
    type: "search",
    placeholder: "Search by name",
    "aria-label": "Search emoji by name",
  });
  const grid = h("div", { class: "emoji-grid" });
  const fill = () => {
    const found = emojiLike(search.value, 64);
    grid.replaceChildren(
      ...found.map(([name, char], place) =>
        h(
          "button",
          {
            type: "button",
            class: "emoji",
            title: `:${name}:`,
            "aria-label": name.replaceAll("_", " "),
            tabindex: place ? "-1" : "0",
            onclick: () => {
              panel.hidePopover();
              chosen(name, char);
            },
          },
          char,
        ),
      ),
    );
    if (!found.length) grid.append(h("p", { class: "muted" }, "None has that name."));
  };
  search.addEventListener("input", fill);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === "ArrowDown") {
      event.preventDefault();
      const first = grid.querySelector("button");
      if (event.key === "Enter") first?.click();
      else first?.focus();
    }
  });
  grid.addEventListener("keydown", (event) => {
    const all = [...grid.querySelectorAll("button")];
    const at = all.indexOf(document.activeElement);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
    if (step === undefined || at < 0) return;
    event.preventDefault();
    (all[at + step] ?? search).focus();
  });
  panel.addEventListener("beforetoggle", (event) => {
    if (event.newState !== "open") return;
    if (!panel.firstChild) panel.append(search, grid);
    search.value = "";
    fill();
  });
  panelOf(button, panel, { opened: () => search.focus() });
  return panel;
}
