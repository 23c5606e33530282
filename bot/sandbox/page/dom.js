/** Small tools for making the page: elements, icons, moving among a list by keys, saying something to a screen reader. */

import { make } from "./nodes.js";
import { PATHS } from "./icons.js";

export { make as h };

const SVG = "http://www.w3.org/2000/svg";

/** An icon for the eye only; its button carries the name. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name] ?? PATHS.dot);
  svg.append(path);
  return svg;
}

/** A button that shows only an icon; `label` is its name and its tooltip. */
export function iconButton(name, label, attributes = {}) {
  const { class: more = "", ...rest } = attributes;
  return make(
    "button",
    { type: "button", class: `quiet-button ${more}`.trim(), "aria-label": label, title: label, ...rest },
    icon(name),
  );
}

/**
 * One tab stop for a list; Up, Down, Home and End move inside it.
 *
 * @param {HTMLElement} list what holds the items
 * @param {string} selector which of its descendants are items
 */
export function roving(list, selector) {
  const items = () => [...list.querySelectorAll(selector)].filter((item) => item.offsetParent !== null);
  list.addEventListener("focusin", (event) => {
    const here = event.target.closest(selector);
    if (!here || !list.contains(here)) return;
    for (const item of list.querySelectorAll(`${selector}[tabindex="0"]`)) if (item !== here) item.tabIndex = -1;
    here.tabIndex = 0;
  });
  list.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !event.target.matches(selector)) return;
    const all = items();
    const here = all.indexOf(event.target);
    const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined || !all[next]) return;
    event.preventDefault();
    all[next].focus();
  });
}

/** After items changed: exactly one of them is the tab stop, the current one if there is one. */
export function oneTabStop(list, selector, wanted = null) {
  const all = [...list.querySelectorAll(selector)];
  const kept = wanted ?? all.find((item) => item.tabIndex === 0) ?? all[0];
  for (const item of all) item.tabIndex = item === kept ? 0 : -1;
}

/** Whether the page is as narrow as a phone: one pane at a time. */
export const isNarrow = () => window.matchMedia("(width <= 760px)").matches;

/** Something kept between visits; nothing happens where the browser keeps nothing. */
export const kept = {
  get(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      if (value === null || value === "") localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch {
      // Full or forbidden: the page works without.
    }
  },
};

/** A size in bytes for people. */
export function sizeOf(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
