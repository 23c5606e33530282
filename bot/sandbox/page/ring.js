/** A ring around what the tour speaks of. It lies over the page, so that a place drawn anew keeps it. */

import { h } from "./dom.js";

const GAP = 5;
const EDGE = 3;

// What a step may point to without a hook of its own in the page.
const KNOWN = { message: "#main .message", home: "#main .home" };

export class Ring {
  constructor(root) {
    this.element = h("div", { class: "tour-ring", hidden: true, "aria-hidden": "true" });
    root.append(this.element);
    this.name = null;
    this.frame = 0;
    this.soon = () => {
      this.frame ||= requestAnimationFrame(() => {
        this.frame = 0;
        this.place();
      });
    };
    this.watch = new MutationObserver(this.soon);
  }

  /** Put it around the newest visible element with this data-look; nowhere for null. */
  around(name) {
    this.name = name;
    this.watch.disconnect();
    for (const [target, kind] of [[document, "scroll"], [window, "resize"]]) {
      target.removeEventListener(kind, this.soon, true);
      if (name) target.addEventListener(kind, this.soon, true);
    }
    if (name) {
      for (const id of ["main", "panel", "clock"]) {
        const part = document.getElementById(id);
        if (part) this.watch.observe(part, { childList: true, subtree: true, attributes: true, attributeFilter: ["hidden", "class"] });
      }
    }
    this.place();
  }

  get target() {
    if (!this.name) return null;
    const all = [...document.querySelectorAll(KNOWN[this.name] ?? `[data-look="${CSS.escape(this.name)}"]`)];
    return all.reverse().find((one) => one.checkVisibility?.() ?? one.offsetParent !== null) ?? null;
  }

  place() {
    const target = this.target;
    const at = target && clipped(target);
    this.element.hidden = !at;
    if (!at) return;
    const style = this.element.style;
    const left = Math.max(EDGE, at.left - GAP);
    const top = Math.max(EDGE, at.top - GAP);
    style.left = `${left}px`;
    style.top = `${top}px`;
    style.width = `${Math.min(innerWidth - EDGE, at.right + GAP) - left}px`;
    style.height = `${Math.min(innerHeight - EDGE, at.bottom + GAP) - top}px`;
  }
}

/** What of an element can be seen: its box within those of its scrolling ancestors; null for nothing. */
function clipped(element) {
  let { left, top, right, bottom } = element.getBoundingClientRect();
  for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) {
    if (getComputedStyle(up).overflow === "visible") continue;
    const box = up.getBoundingClientRect();
    left = Math.max(left, box.left);
    top = Math.max(top, box.top);
    right = Math.min(right, box.right);
    bottom = Math.min(bottom, box.bottom);
  }
  return right - left > 1 && bottom - top > 1 ? { left, top, right, bottom } : null;
}
