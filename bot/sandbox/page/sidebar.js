/** Who and where: the conversations that the person sees, with what is unread. */

import { h, icon, isNarrow, oneTabStop, roving } from "./dom.js";
import { avatar, placeIcon, placeName } from "./looks.js";
import { addressOf } from "./route.js";

export class Sidebar {
  constructor(root, shell) {
    this.root = root;
    this.shell = shell;
    roving(root, ".place");
  }

  update(changes) {
    if (changes.all || changes.channels.size || changes.people.size || changes.app) this.draw();
  }

  draw() {
    const { store } = this.shell;
    if (!store.person) return;
    const focused = this.root.contains(document.activeElement) ? document.activeElement.dataset.place : null;
    const all = [...store.channels.values()].filter((channel) => !channel.archived || channel.member);
    const channels = all.filter((channel) => channel.kind !== "im").sort(byName(store));
    const others = all
      .filter((channel) => channel.kind === "im" && channel.id !== store.direct?.id)
      .sort(byName(store));
    this.root.replaceChildren(
      this._group("The app", [this._app("home", "Home", icon("home")), this._app("app", store.app.name, null)]),
      this._group(
        "Channels",
        channels.filter((channel) => channel.member).map((channel) => this._place(channel)),
      ),
      this._group(
        "Channels to join",
        channels.filter((channel) => !channel.member).map((channel) => this._place(channel)),
      ),
      this._group(
        "Direct messages",
        others.map((channel) => this._place(channel)),
      ),
    );
    const places = this.root.querySelectorAll(".place");
    const current = this.root.querySelector('[aria-current="page"]');
    oneTabStop(this.root, ".place", current);
    if (focused) [...places].find((place) => place.dataset.place === focused)?.focus();
  }

  _group(title, items) {
    if (!items.length) return h("span", { hidden: true });
    const id = `side-${title.toLowerCase().replaceAll(" ", "-")}`;
    return h(
      "section",
      { class: "side-group", "aria-labelledby": id },
      h("h2", { id, class: "side-title" }, title),
      h(
        "ul",
        { class: "bare" },
        items.map((item) => h("li", {}, item)),
      ),
    );
  }

  _app(place, name, sign) {
    const { store } = this.shell;
    const unread = place === "app" ? (store.direct?.unread ?? 0) : 0;
    return this._link(place, sign ?? avatar(store, store.app.user, "small"), name, unread, unread);
  }

  _place(channel) {
    const { store } = this.shell;
    const counts = channel.kind === "im" ? channel.unread : channel.mentions;
    const unread = channel.member ? channel.unread : 0;
    return this._link(channel.id, placeIcon(store, channel), placeName(store, channel), unread, counts, channel);
  }

  _link(place, sign, name, unread, counts, channel) {
    const { route } = this.shell;
    const current = (route.place ?? (isNarrow() ? null : "app")) === place;
    const kind = channel?.kind === "group" ? "private channel " : channel?.kind === "channel" ? "channel " : "";
    return h(
      "a",
      {
        class: `place${unread ? " unread" : ""}`,
        href: addressOf({ person: route.person, place }),
        "data-place": place,
        tabindex: "-1",
        "aria-current": current ? "page" : null,
      },
      sign,
      h("span", { class: "place-name" }, said(kind), name, unread ? said(`, ${unread} unread`) : null),
      counts && unread ? h("span", { class: "badge", "aria-hidden": "true" }, String(counts)) : null,
    );
  }
}

const byName = (store) => (a, b) => placeName(store, a).localeCompare(placeName(store, b));

/** Words that are only heard. They stay in their line: a box of their own would put a space before a comma. */
const said = (words) => (words ? h("span", { class: "said" }, words) : null);
