/** A channel, or the direct message with the app: its head, its messages, and where one writes. */

import { Composer } from "./composer.js";
import { h, icon, iconButton } from "./dom.js";
import { emojiOf } from "./emoji.js";
import { MessageList } from "./list.js";
import { avatar, nameOf, placeIcon, placeName } from "./looks.js";
import { isLink } from "./nodes.js";
import { panelOf } from "./dialogs.js";
import { addressOf } from "./route.js";

export class Conversation {
  /**
   * @param {HTMLElement} root where it is drawn
   * @param {object} shell the page
   * @param {string} place as in the address
   * @param {string | undefined} id the channel; none before the first message to the app
   */
  constructor(root, shell, place, id) {
    this.shell = shell;
    this.id = id;
    this.place = place;
    const { store } = shell;
    const { channel } = this;
    const name = channel ? placeName(store, channel) : store.app.name;
    this.head = h("div", { class: "main-head" });
    this.list = new MessageList(shell, {
      channel: id ?? null,
      label: `Messages in ${name}`,
      empty: `Nothing was said here yet.${place === "app" ? ` Write to ${name} below, or open Home to see where things stand.` : ""}`,
      mark: channel?.unread ? channel.read : null,
    });
    this.list.atEndTold = () => this.seen();
    const to = !channel || channel.kind === "im" ? name : `#${name}`;
    this.composer = new Composer(shell, { channel: id, label: `Write to ${to}`, list: this.list });
    this.foot = h("div", { class: "main-foot" });
    root.replaceChildren(this.head, this.list.element, this.foot);
    this._drawHead();
    this._drawFoot();
    this.composer.takesFiles(root);
    this.seen();
  }

  get channel() {
    return this.shell.store.channels.get(this.id);
  }

  end() {
    this.list.end();
    this.composer.end();
  }

  focus() {
    if (this.foot.contains(this.composer.element)) this.composer.focus();
    else document.getElementById("main").focus();
  }

  update(changes) {
    this._markNew();
    this.list.update(changes);
    if (changes.all || changes.channels.has(this.id) || changes.people.size) {
      this._drawHead();
      this._drawFoot();
    }
    this.seen();
  }

  /** The person has read up to the newest message: said only when it is on the screen in front of them. */
  seen() {
    const { channel, shell } = this;
    if (!channel?.member || !channel.unread || !this.list.atEnd) return;
    if (document.visibilityState !== "visible" || this._reading) return;
    this._reading = true;
    shell
      .act("reads", { channel: channel.id })
      .catch(() => {})
      .finally(() => (this._reading = false));
  }

  /** What comes while nobody looks is new for them when they come back. */
  _markNew() {
    const isHidden = document.visibilityState === "hidden";
    if (isHidden && this.channel?.unread && !this._away) this.list.mark = this.channel.read;
    this._away = isHidden;
  }

  _drawHead() {
    const { shell, channel, place } = this;
    const { store } = shell;
    const sign = JSON.stringify([
      channel?.name,
      channel?.topic,
      channel?.members,
      channel?.pins,
      channel?.bookmarks,
      store.me,
    ]);
    if (sign === this._headSign) return;
    this._headSign = sign;
    const title =
      place === "app" || channel.kind === "im"
        ? [
            avatar(store, channel?.with ?? store.app.user, "small"),
            h("h2", {}, channel ? placeName(store, channel) : store.app.name),
          ]
        : [placeIcon(store, channel), h("h2", {}, placeName(store, channel))];
    const parts = [h("header", { class: "pane-head" }, backButton(shell), ...title, ...this._about())];
    if (place === "app") parts.push(appTabs(shell, "app"));
    const kept = [...this._pins(), ...(channel?.bookmarks ?? []).map(bookmark)];
    if (kept.length)
      parts.push(h("div", { class: "kept-bar", role: "group", "aria-label": "Pins and bookmarks" }, kept));
    this.head.replaceChildren(...parts);
  }

  _about() {
    const { channel, shell } = this;
    if (!channel || channel.kind === "im") return [];
    const button = h(
      "button",
      { type: "button", class: "quiet-button members", "aria-label": `${channel.members.length} members` },
      icon("people"),
      String(channel.members.length),
    );
    const names = channel.members.map((id) =>
      h("li", {}, avatar(shell.store, id, "small"), " ", nameOf(shell.store, id)),
    );
    const panel = h(
      "div",
      { class: "menu members-list", role: "group", "aria-label": "Members", tabindex: "0" },
      h("ul", { class: "bare" }, names),
      ...this._membersButtons(() => panel.hidePopover()),
    );
    panelOf(button, panel);
    return [h("p", { class: "topic" }, channel.topic || channel.purpose || ""), button, panel];
  }

  /** Bring the app in where it is not, and go out. */
  _membersButtons(close) {
    const { channel, shell } = this;
    const { app } = shell.store;
    if (!channel.member || channel.archived) return [];
    const button = (words, act) =>
      h(
        "button",
        {
          type: "button",
          class: "button",
          onclick: () => {
            close();
            shell.does(act, { channel: channel.id });
          },
        },
        words,
      );
    return [
      !channel.members.includes(app.user) && button(`Bring ${app.name} in`, "invites"),
      button("Leave this channel", "leaves"),
    ];
  }

  _pins() {
    const pins = this.channel?.pins ?? [];
    if (!pins.length) return [];
    const text = pins.length === 1 ? "1 pinned message" : `${pins.length} pinned messages`;
    const go = () => {
      const at = this.list.items.querySelector(`[data-ts="${CSS.escape(pins.at(-1))}"]`);
      at?.scrollIntoView({ block: "center" });
      at?.focus({ preventScroll: true });
    };
    return [h("button", { type: "button", class: "kept", onclick: go }, icon("pin"), text)];
  }

  _drawFoot() {
    const { channel, shell, place } = this;
    const wanted = channel?.archived ? "archived" : channel && !channel.member && place !== "app" ? "join" : "composer";
    if (wanted === this._foot) return;
    this._foot = wanted;
    if (wanted === "archived")
      this.foot.replaceChildren(
        h("p", { class: "foot-note" }, "This channel was archived: nobody writes in it any more."),
      );
    else if (wanted === "join") {
      const join = () => shell.does("joins", { channel: channel.id });
      this.foot.replaceChildren(
        h(
          "p",
          { class: "foot-note" },
          "You are looking at this channel. ",
          h("button", { type: "button", class: "button primary", onclick: join }, "Join it"),
        ),
      );
    } else this.foot.replaceChildren(this.composer.element);
  }
}

function bookmark({ title, link, emoji }) {
  const words = [h("span", { "aria-hidden": "true" }, emojiOf(emoji) ?? icon("bookmark")), title];
  if (!isLink(link)) return h("span", { class: "kept" }, words);
  return h("a", { class: "kept", href: link, target: "_blank", rel: "noopener noreferrer" }, words);
}

/** On a phone: back to the list of conversations. */
export function backButton(shell) {
  return iconButton("back", "Back to the conversations", {
    class: "back",
    onclick: () => shell.go({ place: null }),
  });
}

/** The two tabs of the app. */
export function appTabs(shell, current) {
  const tab = (place, words) =>
    h(
      "a",
      {
        class: "tab",
        href: addressOf({ person: shell.route.person, place }),
        "aria-current": place === current ? "page" : null,
      },
      words,
    );
  return h(
    "nav",
    { class: "tabs", "aria-label": `Tabs of ${shell.store.app.name}` },
    tab("home", "Home"),
    tab("app", "Messages"),
  );
}
