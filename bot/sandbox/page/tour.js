/**
 * The guided tour: a card that leads from person to person, points to what it speaks of, and can do the deed itself.
 *
 * The page stays free all the time: whoever tries something else meanwhile goes on with Next.
 */

import { ask } from "./api.js";
import { NotThere, perform } from "./deeds.js";
import { h, icon, iconButton, kept } from "./dom.js";
import { Ring } from "./ring.js";

const OFFERED = "tour.offered";
const AT = "tour.at";

/**
 * Put the tour on the page.
 *
 * @param {HTMLElement} element where the card stands
 * @param {{store: object, shell: object, openNewestLetter: () => Promise<void>, letPass: (id: string) => Promise<void>}} how
 * @returns {Promise<{start: () => void} | null>} null where there is no tour
 */
export async function mountTour(element, how) {
  const { steps } = await ask("tour").catch(() => ({ steps: [] }));
  if (steps.length === 0) return null;
  const tour = new Tour(element, steps, how);
  tour.offer();
  return { start: () => tour.start() };
}

class Tour {
  constructor(element, steps, { store, shell, openNewestLetter, letPass }) {
    this.steps = steps;
    this.store = store;
    this.shell = shell;
    this.openNewestLetter = openNewestLetter;
    this.letPass = letPass;
    this.at = -1;
    this.element = element;
    this.ring = new Ring(element);
    this.card = h("section", { class: "tour-card", hidden: true, "aria-labelledby": "tour-title" });
    this.card.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      this.leave();
    });
    element.append(this.card);
    store.subscribe(() => this.sayWho());
    // On a phone the page ends where the card begins, so that nothing is under it.
    new ResizeObserver(() => {
      document.documentElement.style.setProperty("--tour-height", `${this.card.offsetHeight}px`);
      this.ring.soon();
    }).observe(this.card);
  }

  /** Once, at the first visit; a tour that a reload broke off goes on. */
  offer() {
    const at = Number(kept.get(AT) ?? -1);
    if (at >= 0 && at < this.steps.length) {
      this.enter(at, { lead: false });
      return;
    }
    if (kept.get(OFFERED)) return;
    const later = () => {
      kept.set(OFFERED, "yes");
      this.hide();
    };
    this.left = later;
    this.show(
      "A tour of four minutes",
      `${counted(this.steps.length)} short steps, as different people of the network: from a question of the bot to the digest by mail.`,
      h(
        "div",
        { class: "tour-buttons" },
        h("button", { type: "button", class: "button primary", onclick: () => this.start() }, "Begin the tour"),
        h("button", { type: "button", class: "button", onclick: later }, "Not now"),
      ),
    );
  }

  start() {
    kept.set(OFFERED, "yes");
    this.enter(0);
  }

  /** Lead to a step: be the person, go to the place, tell. */
  async enter(at, { lead = true } = {}) {
    const step = this.steps[at];
    this.at = at;
    this.left = () => this.leave();
    kept.set(AT, String(at));
    this.draw(step);
    if (lead) {
      await this.lead(step);
      if (this.at !== at) return;
    }
    await laidOut();
    if (this.at !== at) return;
    this.ring.around(step.look);
    this.ring.bringIntoView();
    this.heading.focus({ preventScroll: true });
  }

  async lead(step) {
    const { place = {} } = step;
    const where = { person: step.as, place: place.channel ?? (place.app === "home" ? "home" : "app") };
    if (place.mail) where.panel = "mail";
    const before = location.hash;
    const moved = new Promise((resolve) => window.addEventListener("hashchange", resolve, { once: true }));
    this.shell.go(where);
    // The page moves its focus to the new place then; the card's heading comes after that.
    if (location.hash !== before) await moved;
    await this.arrived(step.as);
    if (place.mail) await this.openNewestLetter();
  }

  /** Wait until the page shows what this person sees. */
  arrived(person) {
    const there = () => this.store.person?.id === person && this.store.me === person;
    if (there()) return Promise.resolve();
    return new Promise((resolve) => {
      const end = this.store.subscribe(() => {
        if (!there()) return;
        end();
        resolve();
      });
    });
  }

  draw(step) {
    const last = this.at === this.steps.length - 1;
    this.status = h("p", { class: "tour-status", role: "status" });
    this.next = h(
      "button",
      { type: "button", class: `button${step.do ? "" : " primary"}`, onclick: () => (last ? this.leave() : this.enter(this.at + 1)) },
      last ? "Finish" : "Next",
    );
    this.show(
      step.title,
      step.text,
      step.do && this.deed(step),
      this.status,
      h(
        "div",
        { class: "tour-buttons" },
        this.at > 0 && h("button", { type: "button", class: "button", onclick: () => this.enter(this.at - 1) }, "Back"),
        this.next,
        !last && h("button", { type: "button", class: "tour-leave", onclick: () => this.leave() }, "Leave the tour"),
      ),
    );
  }

  show(title, text, ...foot) {
    const step = this.steps[this.at];
    this.heading = h("h2", { class: "tour-title", id: "tour-title", tabindex: "-1" }, title);
    this.who = h("span", {});
    this.back = h("button", { type: "button", class: "tour-leave", hidden: true, onclick: () => this.enter(this.at) }, "Go there");
    const count = step ? `Step ${this.at + 1} of ${this.steps.length}` : "Welcome";
    const fold = iconButton("down", "Fold the tour away", { class: "tour-fold", "aria-expanded": "true" });
    fold.addEventListener("click", () => this.fold(fold));
    const parts = [
      h(
        "div",
        { class: "tour-head" },
        h("p", { class: "tour-count" }, count, this.who),
        this.back,
        fold,
      ),
      step && h("progress", { class: "tour-progress", max: this.steps.length, value: this.at + 1, "aria-hidden": "true" }),
      this.heading,
      h("div", { class: "tour-words" }, text.split(/\n\s*\n/).map((words) => h("p", {}, words))),
      h("div", { class: "tour-foot" }, foot),
    ];
    this.card.replaceChildren(...parts.filter(Boolean));
    this.sayWho();
    this.card.hidden = false;
    this.card.classList.remove("folded", "done");
  }

  /** Whose step it is; and the way there, for a visitor who went elsewhere meanwhile. */
  sayWho() {
    const step = this.steps[this.at];
    if (!step) return;
    const who = this.store.who(step.as);
    const there = this.store.me === step.as;
    this.who.textContent = who ? ` · ${there ? "you are" : "as"} ${who.name}` : "";
    this.back.hidden = !who || there;
  }

  fold(button) {
    const folded = this.card.classList.toggle("folded");
    button.setAttribute("aria-expanded", String(!folded));
    button.setAttribute("aria-label", folded ? "Unfold the tour" : "Fold the tour away");
    button.title = button.getAttribute("aria-label");
    button.replaceChildren(icon(folded ? "up" : "down"));
  }

  deed(step) {
    const button = h("button", { type: "button", class: "button primary tour-do" }, step.do.label);
    button.addEventListener("click", () => this.perform(step, button));
    return button;
  }

  async perform(step, button) {
    if (button.getAttribute("aria-disabled") === "true") return;
    const { at } = this;
    const { status } = this;
    button.setAttribute("aria-disabled", "true");
    status.className = "tour-status running";
    try {
      if (this.store.me !== step.as) await this.lead(step);
      await perform(step, {
        move: this.letPass,
        told: (done, all) => {
          const passes = step.do.acts[done]?.act === "clock";
          if (done < all) status.textContent = passes ? "Time passes…" : all > 1 ? `Doing it: ${done + 1} of ${all}…` : "Doing it…";
        },
      });
      status.className = "tour-status done";
      status.textContent = "Done. Look at what came, then go on.";
    } catch (error) {
      status.className = "tour-status kind";
      status.textContent =
        error instanceof NotThere
          ? "This was done already, perhaps by you. Nothing is lost: go on with Next."
          : `This did not work just now: ${error.message} You can go on with Next.`;
      if (!(error instanceof NotThere)) button.removeAttribute("aria-disabled");
    }
    if (this.at !== at) return;
    this.next.classList.add("primary");
    button.hidden = button.getAttribute("aria-disabled") === "true";
    this.card.classList.toggle("done", button.hidden);
    if (step.place?.mail) await this.openNewestLetter();
    this.ring.bringIntoView();
    this.next.focus({ preventScroll: true });
  }

  leave() {
    kept.set(AT, null);
    kept.set(OFFERED, "yes");
    this.at = -1;
    this.hide();
    document.querySelector("[data-tour-again]")?.focus();
  }

  hide() {
    this.card.hidden = true;
    this.ring.around(null);
  }
}

/** When a place was drawn and has scrolled to where its reader left it. */
function laidOut() {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}

const WORDS = ["Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"];

function counted(n) {
  return WORDS[n] ?? String(n);
}
