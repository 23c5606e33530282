/** What may come next while somebody types: commands after "/", people after "@", emoji after ":". */

import { h, icon } from "./dom.js";
import { emojiLike } from "./emoji.js";
import { initials } from "./looks.js";

const MOST = 8;
const MOST_COMMANDS = 60;
let made = 0;

export class Completion {
  /**
   * @param {HTMLTextAreaElement} field
   * @param {object} shell the page
   * @param {{done: () => void, shortcut: (callback_id: string) => void}} heard
   */
  constructor(field, shell, heard) {
    this.field = field;
    this.shell = shell;
    this.heard = heard;
    this.rows = [];
    made += 1;
    this.name = `completion-${made}`;
    this.list = h("div", {
      id: this.name,
      class: "completion",
      role: "listbox",
      "aria-label": "Suggestions",
      hidden: true,
    });
    field.setAttribute("aria-controls", this.name);
    field.addEventListener("blur", () => this.close());
    // A press on a row must not take the focus, or the list is gone before the click.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  /** Look at what stands before the caret. */
  look() {
    if (document.activeElement !== this.field) return this.close();
    const before = this.field.value.slice(0, this.field.selectionStart);
    this.rows = this._commands(before) ?? this._people(before) ?? this._emoji(before) ?? [];
    this._draw();
  }

  close() {
    this.rows = [];
    this._draw();
  }

  /** Whether a key belonged to the list. */
  takes(event) {
    if (!this.rows.length || event.ctrlKey || event.metaKey) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = this.rows[this.at];
    if (step) this._mark((this.at + step + this.rows.length) % this.rows.length);
    else if (event.key === "Escape") this.close();
    // What is written out in full is sent by Enter, not completed once more.
    else if (event.key === "Enter" && !event.shiftKey && row.whole?.trim() !== this.field.value.trim())
      this._choose(row);
    else if (event.key === "Tab" && !event.shiftKey) this._choose(row);
    else return false;
    event.preventDefault();
    return true;
  }

  _commands(before) {
    if (!before.startsWith("/") || before.includes("\n")) return null;
    const { app } = this.shell.store;
    const wanted = before.toLowerCase();
    const rows = [];
    for (const { command, usage_hint: usage, description, completions = [] } of app.commands) {
      if (command.startsWith(wanted)) rows.push({ whole: `${command} `, words: command, usage, help: description });
      if (!wanted.startsWith(`${command} `)) continue;
      const rest = wanted.slice(command.length + 1).trimStart();
      for (const { text, help } of completions) {
        const fixed = text.split(/\s+(?=[[<({…])/)[0];
        if (!text.toLowerCase().startsWith(rest) && !rest.startsWith(`${fixed.toLowerCase()} `)) continue;
        const more = fixed === text ? "" : " ";
        const done = rest.startsWith(`${fixed.toLowerCase()} `);
        rows.push({ whole: done ? before : `${command} ${fixed}${more}`, words: `${command} ${text}`, help, done });
      }
    }
    if (!before.includes(" ")) {
      for (const { callback_id, name, type } of app.shortcuts) {
        if (type === "global" && `/${name.toLowerCase()}`.includes(wanted.slice(1))) {
          rows.push({ shortcut: callback_id, words: name, help: `A shortcut of ${app.name}`, sign: icon("bolt") });
        }
      }
    }
    return rows.slice(0, MOST_COMMANDS);
  }

  _people(before) {
    const match = /(^|[\s(])@([\p{L}\d._-]*)$/u.exec(before);
    if (!match) return null;
    const wanted = match[2].toLowerCase();
    const from = before.length - wanted.length - 1;
    const people = [...this.shell.store.people.values()].filter(
      (person) =>
        !person.deactivated &&
        [person.handle, ...person.name.split(" ")].some((name) => name.toLowerCase().startsWith(wanted)),
    );
    return people.slice(0, MOST).map((person) => ({
      from,
      text: `@${person.handle} `,
      words: person.name,
      usage: `@${person.handle}`,
      help: person.title,
      sign: initials(person.name, person.id, "small"),
    }));
  }

  _emoji(before) {
    const match = /(^|\s):([a-z_+-]{2,})$/i.exec(before);
    if (!match) return null;
    const from = before.length - match[2].length - 1;
    return emojiLike(match[2], MOST).map(([name, char]) => ({ from, text: char, words: `:${name}:`, sign: char }));
  }

  _draw() {
    const open = this.rows.length > 0;
    this.list.hidden = !open;
    if (!open) {
      this.list.replaceChildren();
      this.field.removeAttribute("aria-activedescendant");
      return;
    }
    this.list.replaceChildren(
      ...this.rows.map((row, place) =>
        h(
          "div",
          {
            id: `${this.name}-${place}`,
            class: "completion-row",
            role: "option",
            "aria-selected": "false",
            onclick: () => this._choose(row),
          },
          row.sign ? h("span", { class: "completion-sign", "aria-hidden": "true" }, row.sign) : null,
          h("span", { class: "completion-words" }, row.words),
          row.usage ? h("span", { class: "completion-usage" }, row.usage) : null,
          row.help ? h("span", { class: "completion-help" }, row.help) : null,
        ),
      ),
    );
    this._mark(0);
  }

  _mark(place) {
    this.at = place;
    for (const [n, row] of [...this.list.children].entries()) {
      row.setAttribute("aria-selected", String(n === place));
      if (n === place) row.scrollIntoView({ block: "nearest" });
    }
    this.field.setAttribute("aria-activedescendant", `${this.name}-${place}`);
  }

  _choose(row) {
    if (row.shortcut) {
      this.close();
      this.heard.shortcut(row.shortcut);
      return;
    }
    const { field } = this;
    if (row.whole) field.setRangeText(row.whole, 0, field.selectionStart, "end");
    else field.setRangeText(row.text, row.from, field.selectionStart, "end");
    field.dispatchEvent(new Event("input"));
    field.focus();
    if (row.done) this.close();
  }
}
