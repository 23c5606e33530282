/** The mailbox of whoever looks: what came, what they wrote, and a letter opened. */

import { ask } from "./api.js";
import { h } from "./dom.js";
import { openedLetter } from "./letter.js";
import { isFrom, isUnread, markOpened, nameOf, unreadOf } from "./lettermarks.js";
import { shortMoment, wholeMoment } from "./moments.js";

/** The panel; its `openNewest` opens the newest letter that somebody else wrote to whoever looks. */
export function mailbox(store) {
  const box = new Mailbox(store);
  return {
    name: "mail",
    title: "Mailbox",
    icon: "mail",
    mount(element) {
      element.append(box.root);
      box.load();
    },
    unmount: () => box.root.remove(),
    badge: (told) => box.tellUnread(told),
    openNewest: () => box.openNewest(),
  };
}

class Mailbox {
  constructor(store) {
    this.store = store;
    this.told = () => {};
    this.letters = [];
    this.everybody = false;
    this.address = null;
    this.asked = 0;
    this.wanted = null;
    this.opened = null;
    this.list = h("ul", { class: "mail-list bare" });
    this.status = h("p", { class: "mail-status", role: "status" });
    this.whose = h("p", { class: "mail-whose" });
    this.empty = h("p", { class: "mail-empty", hidden: true });
    this.switch = h("input", { type: "checkbox", id: "mail-everybody" });
    this.switch.addEventListener("change", () => this.lookAt(this.switch.checked));
    const label = h("label", { class: "mail-switch", for: this.switch.id }, this.switch, "Everybody’s mail");
    this.overview = h(
      "div",
      { class: "mail-overview", "data-look": "mail" },
      h("div", { class: "mail-head" }, this.whose, label),
      this.status,
      this.list,
      this.empty,
    );
    this.root = h("div", { class: "mail" }, this.overview);
    store.subscribe((changes) => this.heard(changes));
    this.load();
  }

  tellUnread(told) {
    this.told = told;
    if (this.address) this.count();
  }

  heard(changes) {
    if (this.store.person && this.store.person.email !== this.address) {
      this.status.textContent = "";
      this.close();
      this.load();
    } else if (changes.letters || (changes.clock && this.everybody)) {
      this.load();
    }
  }

  lookAt(everybody) {
    this.everybody = everybody;
    this.switch.checked = everybody;
    return this.load();
  }

  /** Ask for the letters; done when the last question that was asked meanwhile is answered. */
  load() {
    this.loading = this.ask();
    return this.loading;
  }

  /** An answer that was overtaken by another question is left. */
  async ask() {
    const { person } = this.store;
    if (!person) return;
    const asked = ++this.asked;
    this.address = person.email;
    try {
      const { letters } = await ask(this.everybody ? "mail" : `mail?for=${encodeURIComponent(person.email)}`);
      if (asked !== this.asked) return this.loading;
      this.letters = letters;
      this.draw();
    } catch (refused) {
      if (asked !== this.asked) return this.loading;
      this.status.textContent = refused.message;
    }
  }

  draw() {
    const { person } = this.store;
    this.whose.textContent = this.everybody ? "All letters of the network" : person.email;
    const focused = this.list.contains(document.activeElement) && document.activeElement.dataset.letter;
    this.list.replaceChildren(...this.letters.map((letter) => this.row(letter)));
    if (focused) this.focusRow(focused);
    this.empty.hidden = this.letters.length > 0;
    this.empty.textContent = this.everybody
      ? "Nobody has a letter yet."
      : `${person.name} has no letters yet. Reminders and digests arrive here as time passes.`;
    this.count();
  }

  count() {
    const mine = this.letters.filter((letter) => isFrom(letter, this.address) || wroteTo(letter, this.address));
    this.told(unreadOf(mine, this.address));
  }

  row(letter) {
    const zone = this.store.zone;
    const mine = isFrom(letter, this.address);
    const unread = !this.everybody && isUnread(letter, this.address);
    const sent = letter.date && Date.parse(letter.date);
    const who = mine ? "You wrote" : nameOf(letter.from);
    return h(
      "li",
      {},
      h(
        "button",
        {
          type: "button",
          class: `mail-row${unread ? " unread" : ""}`,
          "data-letter": letter.n,
          onclick: () => this.open(letter.n),
        },
        h(
          "span",
          { class: "mail-row-head" },
          unread && h("span", { class: "mail-dot" }, h("span", { class: "sr" }, "Not read yet: ")),
          h("span", { class: "mail-from" }, who, this.everybody && ` to ${letter.to.map((to) => this.called(to)).join(", ")}`),
          sent &&
            h(
              "time",
              { datetime: letter.date, title: wholeMoment(sent, zone) },
              shortMoment(sent, zone, this.store.now()),
            ),
        ),
        h("span", { class: "mail-row-subject" }, letter.subject || "(no subject)"),
        h("span", { class: "mail-row-preview" }, letter.preview),
      ),
    );
  }

  /** The name behind an address, if the workspace knows it. */
  called(address) {
    const found = [...this.store.people.values()].find((person) => person.email?.toLowerCase() === address.toLowerCase());
    return found?.name ?? address;
  }

  async open(n) {
    this.wanted = n;
    let letter;
    try {
      letter = await ask(`mail/${n}`);
    } catch (refused) {
      this.status.textContent = refused.message;
      return;
    }
    if (this.wanted !== n) return;
    const row = this.letters.find((one) => one.n === n);
    if (row && !this.everybody) markOpened(row, this.letters, this.address);
    const { element, heading } = openedLetter(letter, {
      person: this.store.person,
      zone: this.store.zone,
      close: () => {
        this.close();
        this.focusRow(n);
      },
      answered: () => this.answered(),
    });
    this.opened?.remove();
    this.opened = element;
    this.overview.hidden = true;
    this.root.append(element);
    this.toTop();
    heading.focus({ preventScroll: true });
    this.count();
  }

  /** Back to the list. */
  close() {
    this.wanted = null;
    if (!this.opened) return;
    this.opened.remove();
    this.opened = null;
    this.overview.hidden = false;
    if (this.store.person?.email === this.address) this.draw();
    this.toTop();
  }

  async answered() {
    this.close();
    await this.load();
    this.status.textContent = "Your answer is sent.";
    this.list.querySelector("button")?.focus();
  }

  async openNewest() {
    this.close();
    await this.lookAt(false);
    const newest = this.letters.find((letter) => !isFrom(letter, this.address));
    if (newest) await this.open(newest.n);
  }

  focusRow(n) {
    this.list.querySelector(`[data-letter="${n}"]`)?.focus();
  }

  toTop() {
    for (let up = this.root; up; up = up.parentElement) up.scrollTop = 0;
  }
}

function wroteTo(letter, address) {
  return letter.to.some((to) => to.toLowerCase() === String(address).toLowerCase());
}
