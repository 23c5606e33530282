/** The demo's clock in the bar on top: the time where whoever looks is, and how to let it pass. */

import { ask, send } from "./api.js";
import { h } from "./dom.js";
import { isFrom } from "./lettermarks.js";
import { shortDay } from "./moments.js";
import { hour, zoneName } from "./times.js";

const MINUTE = 60_000;
const LATE = 200;

/**
 * Draw the clock.
 *
 * @returns {{letPass: (id: string) => Promise<void>}} for others who let time pass; the clock says what came
 */
export function mountClock(element, store) {
  const clock = new Clock(element, store);
  return { letPass: (id) => clock.move(id) };
}

class Clock {
  constructor(element, store) {
    this.root = element;
    this.store = store;
    this.moves = [];
    this.running = false;
    this.timer = 0;
    this.time = h("time", { class: "clock-time" });
    this.buttons = h("div", { class: "clock-moves", id: "clock-moves", role: "group", "aria-label": "Let time pass" });
    this.menu = h(
      "button",
      { type: "button", class: "clock-move clock-menu", "aria-expanded": "false", "aria-controls": "clock-moves" },
      "Let time pass",
    );
    this.told = h("p", { class: "clock-told", role: "status" });
    element.replaceChildren(
      h("div", { class: "clock", "data-look": "clock" }, h("div", {}, this.time, this.told), this.menu, this.buttons),
    );
    this.listen();
    this.read();
  }

  listen() {
    this.menu.addEventListener("click", () => this.running || this.unfold(!this.unfolded));
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.unfolded) return;
      this.unfold(false);
      this.menu.focus();
    });
    document.addEventListener("click", (event) => this.root.contains(event.target) || this.unfold(false));
    document.addEventListener("visibilitychange", () => document.hidden || this.tick());
    this.store.subscribe((changes) => {
      if (this.store.me !== this.toldTo && !this.running) this.told.textContent = "";
      if (changes.clock || changes.all) this.tick();
      if (changes.all) this.read();
    });
  }

  get unfolded() {
    return this.menu.getAttribute("aria-expanded") === "true";
  }

  unfold(open) {
    this.menu.setAttribute("aria-expanded", String(open));
    this.root.classList.toggle("clock-open", open);
  }

  async read() {
    // Without the moves the time itself is still right: it comes with everything else that is seen.
    const found = await ask("clock").catch(() => ({ moves: [] }));
    if (!this.running) this.take(found);
  }

  take({ now, moves }) {
    this.moves = moves;
    this.drawMoves();
    if (now) this.store.setNow(now);
    this.tick();
  }

  /** Draw the time, and come back when the minute is over. */
  tick() {
    clearTimeout(this.timer);
    const now = this.store.now();
    const { zone } = this.store;
    const [city, offset] = zoneName(zone, now).split(" (");
    this.time.dateTime = now.toISOString();
    this.time.replaceChildren(
      h("span", { class: "clock-day" }, shortDay(now, zone)),
      h("span", { class: "clock-hour" }, hour(now, zone)),
      h("span", { class: "clock-zone" }, city, offset && h("span", { class: "clock-offset" }, ` (${offset}`)),
    );
    if (!document.hidden) this.timer = setTimeout(() => this.tick(), MINUTE - (now.getTime() % MINUTE) + LATE);
  }

  drawMoves() {
    this.menu.hidden = this.moves.length === 0;
    this.buttons.hidden = this.moves.length === 0;
    const focused = this.buttons.contains(document.activeElement) ? document.activeElement.dataset.move : null;
    this.buttons.replaceChildren(
      ...this.moves.map((move) =>
        h(
          "button",
          {
            type: "button",
            class: "clock-move",
            "data-move": move.id,
            // They are drawn anew while time still passes.
            "aria-disabled": String(this.running),
            onclick: () => this.chosen(move.id),
          },
          move.label,
        ),
      ),
    );
    if (focused) (this.buttons.querySelector(`[data-move="${CSS.escape(focused)}"]`) ?? this.buttons.firstChild)?.focus();
  }

  chosen(id) {
    if (this.running) return;
    if (this.unfolded) {
      this.unfold(false);
      this.menu.focus();
    }
    // What went wrong is said in the clock's own line.
    this.move(id).catch(() => {});
  }

  async move(id) {
    if (this.running) throw new Error("Time is passing already.");
    this.run(true);
    try {
      const before = await this.marks();
      const found = await send(`clock/${encodeURIComponent(id)}`);
      this.take(found);
      this.told.textContent = await this.news(before);
    } catch (refused) {
      this.told.textContent = `Time did not pass: ${refused.message}`;
      throw refused;
    } finally {
      this.run(false);
    }
  }

  run(running) {
    this.running = running;
    this.root.classList.toggle("clock-running", running);
    // They stay in the keyboard's reach: a button that is really disabled loses the focus.
    for (const button of this.root.querySelectorAll("button")) button.setAttribute("aria-disabled", String(running));
    this.toldTo = this.store.me;
    if (running) this.told.textContent = "Time passes…";
  }

  async marks() {
    const { now } = await ask("clock");
    return { n: this.store.n, seconds: Date.parse(now) / 1000, letters: (await letters()).length };
  }

  /** What came for whoever looks, and how much mail went to others. */
  async news({ n, seconds, letters: before }) {
    const { person } = this.store;
    const seen = await ask(`seen?as=${encodeURIComponent(person.id)}&after=${n}&drawn=0`);
    const messages = seen.messages.filter((one) => Number(one.ts) > seconds && one.user !== person.id).length;
    const all = await letters();
    const came = all.slice(0, Math.max(0, all.length - before)).filter((letter) => !isFrom(letter, person.email));
    const address = person.email.toLowerCase();
    const mine = came.filter((letter) => letter.to.some((to) => to.toLowerCase() === address)).length;
    const others = came.length - mine;
    const parts = [messages && counted(messages, "new message"), mine && counted(mine, "letter")].filter(Boolean);
    const first = parts.length ? `Since then ${parts.join(" and ")} for you.` : "Nothing new for you.";
    return others ? `${first} Others got ${counted(others, "letter")}.` : first;
  }
}

/** Every letter, the newest first; none where there is no mailbox. */
async function letters() {
  return (await ask("mail").catch(() => ({ letters: [] }))).letters;
}

function counted(n, noun) {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
