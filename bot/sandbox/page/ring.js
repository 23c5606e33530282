/** A ring around what the tour speaks of. It lies over the page, so that a place drawn anew keeps it. */

import { h } from "./dom.js";

const GAP = 5;
const EDGE = 3;
const TALL = 0.5;

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

  /** Scroll to the newest message, then to what the ring is around: from its beginning where it is long. */
  bringIntoView() {
    for (const wanted of [newest(KNOWN.message), this.target]) {
      const room = wanted?.parentElement?.closest("#main, #panel")?.clientHeight ?? 0;
      wanted?.scrollIntoView({ block: wanted.offsetHeight > room * TALL ? "start" : "nearest" });
    }
    this.soon();
  }

  get target() {
    if (!this.name) return null;
    return newest(KNOWN[this.name] ?? `[data-look="${CSS.escape(this.name)}"]`);
  }

  place() {
    const target = this.target;
    const at = target && clipped(target);
    this.element.hidden = !at;
    if (!at) return;
    const style = this.element.style;
    style.left = `${at.left}px`;
    style.top = `${at.top}px`;
    style.width = `${at.right - at.left}px`;
    style.height = `${at.bottom - at.top}px`;
  }
}

function newest(selector) {
  const all = [...document.querySelectorAll(selector)];
  return all.reverse().find((one) => one.checkVisibility?.() ?? one.offsetParent !== null) ?? null;
}

/** A little more than what of an element can be seen: its box within those of its scrolling ancestors; null for nothing. */
function clipped(element) {
  const box = element.getBoundingClientRect();
  let [left, top] = [Math.max(EDGE, box.left - GAP), Math.max(EDGE, box.top - GAP)];
  let [right, bottom] = [Math.min(innerWidth - EDGE, box.right + GAP), Math.min(innerHeight - EDGE, box.bottom + GAP)];
  for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) {
    if (getComputedStyle(up).overflow === "visible") continue;
    const around = up.getBoundingClientRect();
    left = Math.max(left, around.left + 1);
    top = Math.max(top, around.top + 1);
    right = Math.min(right, around.right - 1);
    bottom = Math.min(bottom, around.bottom - 1);
  }
  return right - left > 1 && bottom - top > 1 ? { left, top, right, bottom } : null;
}
