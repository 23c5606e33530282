/** The messages of a conversation or a thread, as a log: each is one element, drawn again only when it changed. */

import { h, icon, oneTabStop, roving } from "./dom.js";
import { remember } from "./fields.js";
import { drawMessage } from "./message.js";
import { MessageTools } from "./messagetools.js";
import { day, dayKey, momentOf } from "./times.js";

const STEP = 200;
const TOGETHER = 300;
const NEAR = 48;

export class MessageList {
  /**
   * @param {object} shell the page
   * @param {{channel: string | null, thread?: string | null, label: string, empty: string, mark?: string | null}} what
   *   `mark`: the ts up to which the person had read; what came later is shown as new
   */
  constructor(shell, { channel, thread = null, label, empty, mark = null }) {
    this.shell = shell;
    this.channel = channel;
    this.thread = thread;
    this.mark = mark;
    this.most = STEP;
    this.stuck = true;
    this._held = new Map();
    this.earlier = h(
      "button",
      { type: "button", class: "button earlier", hidden: true, onclick: () => this._more() },
      "Show earlier",
    );
    this.empty = h("p", { class: "log-empty muted" }, empty);
    this.items = h("div", { class: "log-items" });
    this.log = h(
      "div",
      { class: "log", role: "log", "aria-label": label, "aria-live": "polite" },
      this.earlier,
      this.empty,
      this.items,
    );
    this.jump = h(
      "button",
      { type: "button", class: "jump", hidden: true, onclick: () => this.toNewest() },
      icon("down"),
      h("span", {}, "Newest"),
    );
    this.element = h("div", { class: "log-frame" }, this.log, this.jump);
    roving(this.items, ".message");
    this.tools = new MessageTools(this.items, shell, (ts) => this._find(ts), { inThread: Boolean(thread) });
    this.log.addEventListener("scroll", () => this._scrolled(), { passive: true });
    this._sizes = new ResizeObserver(() => {
      // Who changes a message keeps it before their eyes.
      if (this.stuck && !this.items.querySelector(".editor")) this._down();
    });
    this._sizes.observe(this.items);
    this._sizes.observe(this.log);
    this.items.addEventListener("click", (event) => this._clicked(event));
    this.draw();
    this._open();
  }

  end() {
    this._sizes.disconnect();
  }

  /** Whether the newest message is on the screen. */
  get atEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR;
  }

  update(changes) {
    const touched = changes.messages.get(this.channel);
    if (changes.people.size) this._held.forEach((held) => (held.message = null));
    if (!changes.all && !touched && !changes.people.size) return;
    const { stuck, newest } = this;
    this.draw();
    if (stuck) this._down();
    else if (this.newest > newest) this._showJump(true);
  }

  /** Go to the newest message and stay there as others come. */
  stay() {
    this.stuck = true;
    this._down();
  }

  toNewest() {
    this.stay();
    this.items.lastElementChild?.focus({ preventScroll: true });
  }

  draw() {
    const all = this._all();
    this.newest = all.at(-1)?.ts ?? "";
    const shown = all.slice(-this.most);
    this.earlier.hidden = shown.length === all.length;
    this.empty.hidden = all.length > 0;
    const wanted = this._wanted(shown);
    const keys = new Set(wanted.map((item) => item.key));
    for (const [key, held] of this._held) {
      if (keys.has(key)) continue;
      held.element.remove();
      this._held.delete(key);
    }
    let at = this.items.firstChild;
    for (const item of wanted) {
      const isHere = at !== null && this._held.get(item.key)?.element === at;
      const element = this._element(item);
      if (isHere) at = element.nextSibling;
      else this.items.insertBefore(element, at);
    }
    oneTabStop(this.items, ".message", this._tabStop());
  }

  _tabStop() {
    return (
      this.items.querySelector('.message[tabindex="0"]') ?? [...this.items.querySelectorAll(".message")].at(-1) ?? null
    );
  }

  _all() {
    return this.channel ? this.shell.store.list(this.channel, this.thread) : [];
  }

  _find(ts) {
    return this._all().find((message) => message.ts === ts);
  }

  /** The separators and messages in their order. */
  _wanted(messages) {
    const { store } = this.shell;
    const wanted = [];
    let before = null;
    let marked = this.mark === null;
    for (const message of messages) {
      const moment = momentOf(message.ts);
      const key = dayKey(moment, store.zone);
      const newDay = before?.key !== key;
      if (newDay) {
        const name = day(moment, store.zone, store.now());
        wanted.push({ key: `day ${key}`, message: name, make: () => separator("day", name) });
      }
      const isNew = !marked && message.ts > this.mark && message.user !== store.me;
      if (isNew) {
        marked = true;
        wanted.push({ key: "new", message: "New", make: () => separator("new", "New") });
      }
      const compact = !newDay && !isNew && together(before.message, message);
      wanted.push({
        key: message.ts,
        message,
        compact,
        make: () => drawMessage(message, this.shell, { compact, inThread: Boolean(this.thread) }),
      });
      before = { key, message };
      if (message.ts === this.thread && messages.length > 1) {
        const count = messages.length === 2 ? "1 reply" : `${messages.length - 1} replies`;
        wanted.push({ key: "replies", message: count, make: () => separator("day", count) });
        before = { key, message: { user: null, ts: message.ts } };
      }
    }
    return wanted;
  }

  _element({ key, message, compact, make }) {
    const held = this._held.get(key);
    if (held && held.message === message && held.compact === compact) return held.element;
    const element = make();
    if (held) this._replace(held.element, element);
    this._held.set(key, { element, message, compact });
    return element;
  }

  _replace(before, element) {
    const restore = remember(before);
    const inside = before.contains(document.activeElement) ? document.activeElement : null;
    const key = inside?.dataset?.key;
    element.tabIndex = before.tabIndex;
    before.replaceWith(element);
    this.tools.moved(before, element);
    restore(element);
    if (!inside || element.contains(document.activeElement)) return;
    const again = key && [...element.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key);
    (again?.matches("button") ? again : element).focus({ preventScroll: true });
  }

  _open() {
    const line = this._held.get("new")?.element;
    requestAnimationFrame(() => {
      if (line && line.offsetTop + this.log.clientHeight < this.log.scrollHeight) {
        this.stuck = false;
        this.log.scrollTop = Math.max(0, line.offsetTop - NEAR);
        this.jump.hidden = this.atEnd;
      } else this._down();
    });
  }

  _more() {
    const height = this.log.scrollHeight;
    this.most += STEP;
    this.draw();
    this.log.scrollTop += this.log.scrollHeight - height;
    this.items.querySelector(".message")?.focus({ preventScroll: true });
  }

  _down() {
    this.log.scrollTop = this.log.scrollHeight;
    this._showJump(false);
  }

  _scrolled() {
    this.stuck = this.atEnd;
    if (this.stuck) {
      this._showJump(false);
      this.atEndTold?.();
    } else this.jump.hidden = false;
  }

  _showJump(news) {
    this.jump.hidden = !news || this.atEnd;
    this.jump.lastChild.textContent = news ? "New messages" : "Newest";
  }

  _clicked(event) {
    const place = event.target.closest("[data-channel]")?.dataset.channel;
    if (place && this.shell.store.channels.has(place)) this.shell.go({ place });
  }
}

function separator(kind, words) {
  return h("div", { class: `separator ${kind}`, role: "separator", "aria-label": words }, h("span", {}, words));
}

function together(before, message) {
  return (
    before.user === message.user &&
    Number(message.ts) - Number(before.ts) < TOGETHER &&
    !before.ephemeral === !message.ephemeral &&
    !message.broadcast
  );
}
