/** Who am I: the first page, and the switcher that opens over every other one. */

import { ask, AWAY } from "./api.js";
import { h, icon, iconButton, oneTabStop, roving } from "./dom.js";
import { groups, initials, placeIcon, placeName } from "./looks.js";
import { goTo } from "./route.js";

const LOOK_AGAIN = 2000;

/** The page on which somebody is chosen. */
export class Welcome {
  constructor(root, shell) {
    this.root = root;
    this.shell = shell;
    roving(root, ".person");
  }

  hide() {
    clearTimeout(this._timer);
    this.root.hidden = true;
  }

  async show() {
    this.root.hidden = false;
    try {
      const { people } = await ask("people");
      this._draw(people);
    } catch (refused) {
      if (refused.code !== AWAY) throw refused;
      this.root.replaceChildren(
        h(
          "p",
          { class: "away", role: "status" },
          "The sandbox has stopped. Start it again, and this page goes on by itself.",
        ),
      );
      this._timer = setTimeout(() => this.show(), LOOK_AGAIN);
    }
  }

  _draw(people) {
    this.root.replaceChildren(
      h(
        "main",
        { class: "welcome-body" },
        h("img", { src: "/mark.svg", alt: "", width: "44", height: "44" }),
        h("h1", {}, "Who would you like to be?"),
        h(
          "p",
          { class: "welcome-lead" },
          "Nothing here leaves this computer. Be one person, then another, and see how the bot speaks with each.",
        ),
        ...groups(people).map(({ title, people: all }) =>
          h(
            "section",
            { class: "welcome-group" },
            h("h2", {}, title),
            h(
              "ul",
              { class: "bare people-grid" },
              all.map((person) =>
                h(
                  "li",
                  {},
                  personButton(person, () => goTo({ person: person.id, place: firstPlace(person) })),
                ),
              ),
            ),
          ),
        ),
      ),
    );
    oneTabStop(this.root, ".person");
    this.root.querySelector(".person")?.focus({ preventScroll: true, focusVisible: false });
  }
}

/** Where somebody looks first: those whom the bot asks at what it asks, everybody else at how things stand. */
const firstPlace = (person) => (/^(?:focal point|alternate)/i.test(person.title) ? "app" : "home");

function personButton(person, chosen) {
  const country = (person.title || "")
    .split(",")
    .slice(1)
    .join(",")
    .trim()
    .replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
  const from = person.guest ? "Guest" : person.stranger && !/organisation/i.test(country) ? "Other organisation" : null;
  return h(
    "button",
    { type: "button", class: "person", "data-person": person.id, tabindex: "-1", onclick: chosen },
    initials(person.name, person.id),
    h(
      "span",
      { class: "person-words" },
      h("span", { class: "person-name" }, person.name),
      " ",
      h("span", { class: "person-title" }, country || person.title || person.email),
      from && h("span", { class: "tag" }, from),
    ),
  );
}

/** Go to a conversation, or be somebody else: a list that one types into. */
export class Switcher {
  constructor(shell) {
    this.shell = shell;
    this.field = h("input", {
      class: "field",
      type: "search",
      role: "combobox",
      "aria-expanded": "true",
      "aria-controls": "switcher-list",
      "aria-autocomplete": "list",
      "aria-label": "A conversation or a person",
      placeholder: "A conversation, or somebody to be",
      autocomplete: "off",
    });
    this.list = h("div", {
      id: "switcher-list",
      class: "switcher-list",
      role: "listbox",
      "aria-label": "Places and people",
      tabindex: "-1",
    });
    this.dialog = h(
      "dialog",
      { class: "sheet switcher", "aria-label": "Go to, or be somebody else" },
      h(
        "div",
        { class: "switcher-head" },
        this.field,
        iconButton("close", "Stay here", { onclick: () => this.dialog.close() }),
      ),
      this.list,
    );
    this.field.addEventListener("input", () => this._draw());
    this.field.addEventListener("keydown", (event) => this._key(event));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    document.body.append(this.dialog);
  }

  open(only = null) {
    if (this.dialog.open || document.querySelector("dialog[open]") || !this.shell.store.person) return;
    this.only = only;
    this.field.value = "";
    this._draw();
    this.dialog.showModal();
    this.field.focus();
  }

  _rows() {
    const { store, route } = this.shell;
    const places = [
      { group: "Go to", words: "Home", sign: icon("home"), go: { place: "home" } },
      { group: "Go to", words: store.app.name, sign: icon("bolt"), go: { place: "app" } },
      ...[...store.channels.values()]
        .filter((channel) => channel.id !== store.direct?.id)
        .map((channel) => ({
          group: "Go to",
          words: placeName(store, channel),
          sign: placeIcon(store, channel),
          go: { place: channel.id },
        })),
    ];
    const people = groups(store.people.values()).flatMap(({ people: all }) =>
      all
        .filter((person) => person.id !== store.me)
        .map((person) => ({
          group: "Be",
          words: person.name,
          more: person.title,
          sign: initials(person.name, person.id, "small"),
          go: { person: person.id, place: route.place === "home" ? "home" : "app" },
        })),
    );
    const wanted = this.field.value.trim().toLowerCase();
    return [...(this.only ? [] : places), ...people].filter((row) =>
      `${row.words} ${row.more ?? ""}`.toLowerCase().includes(wanted),
    );
  }

  _draw() {
    this.rows = this._rows();
    const drawn = [];
    let group = null;
    for (const [place, row] of this.rows.entries()) {
      if (row.group !== group) drawn.push(h("div", { class: "switcher-group", role: "presentation" }, row.group));
      group = row.group;
      drawn.push(
        h(
          "div",
          {
            id: `switcher-${place}`,
            class: "switcher-row",
            role: "option",
            "aria-selected": "false",
            onclick: () => this._choose(row),
          },
          row.sign,
          h("span", { class: "person-name" }, row.words),
          row.more ? h("span", { class: "person-title" }, row.more) : null,
        ),
      );
    }
    if (!drawn.length) drawn.push(h("p", { class: "muted", role: "presentation" }, "Nothing has that name."));
    this.list.replaceChildren(...drawn);
    this._mark(0);
  }

  _mark(place) {
    this.at = Math.max(0, Math.min(place, this.rows.length - 1));
    for (const row of this.list.querySelectorAll('[aria-selected="true"]')) row.setAttribute("aria-selected", "false");
    const row = document.getElementById(`switcher-${this.at}`);
    row?.setAttribute("aria-selected", "true");
    row?.scrollIntoView({ block: "nearest" });
    if (row) this.field.setAttribute("aria-activedescendant", row.id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  _key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) this._mark(this.at + step);
    else if (event.key === "Enter" && this.rows[this.at]) this._choose(this.rows[this.at]);
    else return;
    event.preventDefault();
  }

  _choose(row) {
    this.dialog.close();
    this.shell.go(row.go);
  }
}
