/** The page's frame: which person, which place and what stands beside it, and what all parts need of each other. */

import { act, AWAY } from "./api.js";
import { Conversation } from "./conversation.js";
import { h, iconButton, isNarrow } from "./dom.js";
import { Home } from "./home.js";
import { avatar } from "./looks.js";
import { Modal } from "./modal.js";
import { PANELS } from "./panels.js";
import { Switcher, Welcome } from "./picker.js";
import { goTo, here } from "./route.js";
import { Sidebar } from "./sidebar.js";
import { appearanceButton } from "./appearance.js";
import { Thread } from "./thread.js";
import { toast } from "./toasts.js";

export class Shell {
  constructor(store) {
    this.store = store;
    this.route = here();
    this.toast = toast;
    this.frame = document.getElementById("shell");
    this.main = document.getElementById("main");
    this.beside = document.getElementById("panel");
    this.sidebar = new Sidebar(document.getElementById("sidebar"), this);
    this.welcome = new Welcome(document.getElementById("welcome"), this);
    this.switcher = new Switcher(this);
    this.modal = new Modal(this);
    this._panelButtons = new Map();
    this._drawTools();
  }

  /** Show what the address says, and follow it. */
  start() {
    this.store.subscribe((changes) => this._heard(changes));
    window.addEventListener("hashchange", () => this._moved());
    window.addEventListener("focus", () => this._view?.seen?.());
    document.addEventListener("visibilitychange", () => this._view?.seen?.());
    document.addEventListener("keydown", (event) => this._key(event));
    this._moved();
  }

  /** Go somewhere; what is not named stays as it is, but what stands beside closes. */
  go(where, how) {
    const { person, place } = { ...this.route, ...where };
    goTo({ person, place, thread: where.thread, panel: where.panel }, how);
  }

  openPanel(name) {
    this.go({ place: this.route.place ?? "app", panel: name });
  }

  openThread(ts) {
    this.go({ thread: ts });
  }

  closePanel() {
    const back = this._opener;
    this.go({});
    if (back?.isConnected) back.focus();
    else this._view?.focus?.();
  }

  /** The channel of a place in the address; undefined where there is none yet. */
  channelOf(place) {
    if (place === "app") return this.store.direct;
    return this.store.channels.get(place);
  }

  /** The place in the address of a channel. */
  placeOf(channel) {
    return channel.id === this.store.direct?.id ? "app" : channel.id;
  }

  /**
   * Something that the chosen person does.
   *
   * @throws {Refused} what the control address refuses
   */
  act(name, given) {
    return act(this.store.me, name, given);
  }

  /**
   * The same, and a refusal is told: as Slackbot does when the app is silent, as a note otherwise.
   *
   * @param {{channel?: string, thread?: string, what?: string}} [place] where a private line may stand, and what was tried
   * @returns {Promise<object | null>} null when it was refused
   */
  async does(name, given, place = {}) {
    try {
      return await this.act(name, given);
    } catch (refused) {
      this.tellRefusal(refused, place);
      return null;
    }
  }

  tellRefusal(refused, { channel, thread, what } = {}) {
    const app = this.store.app.name || "The app";
    if (refused.code === AWAY) {
      toast("The sandbox does not answer. What you wrote is still here.", "danger");
    } else if (refused.code === "operation_timeout" && channel) {
      const tried = what ? `${what} failed` : "That failed";
      this.store.whisper(channel, thread, `${tried}, because ${app} did not respond (operation_timeout).`);
    } else {
      toast(refused.told ?? refused.message, "danger");
    }
  }

  /** What drawn blocks need to know about people and places. */
  get names() {
    const { me, zone, people, channels } = this.store;
    return { me, zone, people: [...people.values()], channels: [...channels.values()] };
  }

  /** Draw panels' buttons again when panels were registered. */
  panelsChanged() {
    const tools = document.getElementById("top-tools");
    for (const panel of PANELS.values()) {
      if (this._panelButtons.has(panel.name)) continue;
      const count = h("span", { class: "badge", hidden: true });
      const button = iconButton(panel.icon, panel.title, {
        class: "tool",
        "aria-pressed": "false",
        "data-panel": panel.name,
        onclick: () => (this.route.panel === panel.name ? this.closePanel() : this.openPanel(panel.name)),
      });
      button.append(count);
      tools.append(button);
      this._panelButtons.set(panel.name, button);
      panel.badge?.((n, told) => {
        count.hidden = !n;
        count.textContent = n ? String(n) : "";
        button.setAttribute("aria-label", n ? `${panel.title}, ${told || `${n} new`}` : panel.title);
      });
    }
    this._drawPressed();
  }

  async _moved() {
    const before = this.route;
    this.route = here();
    const { person } = this.route;
    if (!person) return this._choose();
    this.frame.hidden = false;
    this.welcome.hide();
    if (person !== this.store.me) {
      this._leave();
      try {
        await this.store.open(person);
        // Who was chosen keeps the focus for a moment after its list is hidden.
        const hidden = document.activeElement?.getClientRects().length === 0;
        if ((hidden || document.activeElement === document.body) && !isNarrow()) this._view?.focus();
      } catch (refused) {
        toast(refused.told ?? refused.message, "danger");
        goTo({}, { replace: true });
      }
      return;
    }
    this._drawPlace();
    this._drawBeside();
    this.sidebar.draw();
    if (before.place !== this.route.place && !isNarrow()) this._view?.focus?.();
  }

  _choose() {
    this._leave();
    this.store.close();
    this.frame.hidden = true;
    document.title = "spnet";
    this.welcome.show();
  }

  _leave() {
    this._view?.end();
    this._view = null;
    this._viewKey = null;
    this._closeBeside();
    this.main.replaceChildren();
  }

  _heard(changes) {
    if (changes.link) this._drawAway();
    if (!this.store.person) return;
    if (changes.all || changes.people.size) this._drawMe();
    if (changes.all) this.welcome.hide();
    this.sidebar.update(changes);
    this._drawPlace(changes);
    this._drawBeside(changes);
    if (changes.modals || changes.all) this.modal.update();
    this._drawTitle();
  }

  _drawPlace(changes) {
    const { store, route } = this;
    if (!store.person) return;
    const place = route.place ?? (isNarrow() ? null : "app");
    this._pane();
    const channel = place && this.channelOf(place);
    const known = place === "home" || place === "app" || channel;
    if (place && !known) {
      toast("This person cannot see that conversation.");
      this.go({ place: "app" }, { replace: true });
      return;
    }
    const key = `${store.me} ${place} ${channel?.id ?? ""}`;
    if (key !== this._viewKey) {
      this._view?.end();
      this._viewKey = key;
      this._view = null;
      const inside = this.main.contains(document.activeElement);
      this.main.replaceChildren();
      if (!place) return;
      this._view = place === "home" ? new Home(this.main, this) : new Conversation(this.main, this, place, channel?.id);
      if (inside) this._view.focus();
    } else if (changes) {
      this._view?.update(changes);
    }
  }

  _drawBeside(changes) {
    const { thread, panel, place } = this.route;
    const channel = this.channelOf(place ?? "app");
    const key = thread
      ? `${this.store.me} ${channel?.id} ${thread}`
      : panel && PANELS.has(panel)
        ? `panel ${panel}`
        : null;
    if (key === this._besideKey) {
      if (changes) this._besideView?.update?.(changes);
      return;
    }
    this._closeBeside();
    if (!key || (thread && !channel)) return;
    this._opener = document.activeElement;
    this._besideKey = key;
    this.beside.hidden = false;
    this.frame.dataset.beside = thread ? "thread" : panel;
    this._besideView = thread ? new Thread(this.beside, this, channel.id, thread) : this._mountPanel(PANELS.get(panel));
    this._drawPressed();
    this._pane();
  }

  _mountPanel(panel) {
    const body = h("div", { class: "panel-body" });
    const close = iconButton("close", `Close ${panel.title}`, { onclick: () => this.closePanel() });
    const title = h("h2", { class: "pane-title", tabindex: "-1" }, panel.title);
    this.beside.replaceChildren(h("header", { class: "pane-head" }, title, close), body);
    panel.mount(body);
    title.focus({ preventScroll: true });
    return { end: () => panel.unmount?.() };
  }

  _closeBeside() {
    this._besideView?.end?.();
    this._besideView = null;
    this._besideKey = null;
    this.beside.hidden = true;
    this.beside.replaceChildren();
    delete this.frame.dataset.beside;
    this._drawPressed();
    this._pane();
  }

  _pane() {
    const { place, thread, panel } = this.route;
    this.frame.dataset.pane = thread || (panel && PANELS.has(panel)) ? "beside" : place ? "main" : "side";
  }

  _drawPressed() {
    for (const [name, button] of this._panelButtons)
      button.setAttribute("aria-pressed", String(this.route.panel === name));
  }

  _drawTools() {
    document.getElementById("top-tools").append(
      iconButton("search", "Go to, or be somebody else (Ctrl+K)", {
        class: "tool",
        onclick: () => this.switcher.open(),
      }),
      appearanceButton(),
    );
  }

  _drawMe() {
    const { store } = this;
    const { person } = store;
    const button = h(
      "button",
      {
        type: "button",
        class: "me",
        "aria-label": `You are ${person.name}, ${person.title}. Be somebody else`,
        title: "Be somebody else",
        onclick: () => this.switcher.open("people"),
      },
      avatar(store, person.id),
      h(
        "span",
        { class: "me-words" },
        h("span", { class: "me-name" }, person.name),
        " ",
        h("span", { class: "me-title" }, person.title),
      ),
    );
    document.getElementById("top-me").replaceChildren(button);
  }

  _drawTitle() {
    const { store } = this;
    const unread = [...store.channels.values()].reduce((n, channel) => n + (channel.member ? channel.unread : 0), 0);
    document.title = `${unread ? `(${unread}) ` : ""}${store.person.name} · spnet`;
  }

  _drawAway() {
    const line = document.getElementById("away");
    line.hidden = !this.store.away;
    line.textContent = this.store.away
      ? "The sandbox has stopped. Start it again, and this page goes on by itself where you were."
      : "";
  }

  _key(event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      this.switcher.open();
    } else if (
      event.key === "Escape" &&
      !event.defaultPrevented &&
      !document.querySelector("dialog[open], :popover-open")
    ) {
      if (!this.beside.hidden) this.closePanel();
    }
  }
}
