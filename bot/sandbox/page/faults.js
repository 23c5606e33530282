/** "What can go wrong": switches for the troubles of the network between Slack and the bot. */

import { ask, send } from "./api.js";
import { h } from "./dom.js";
import { faultRow } from "./faultform.js";

const AGAIN = 5000;
const SOON = 400;

const GROUPS = [
  ["What Slack answers to the bot", ["slow", "limit", "fail", "crash", "expire_triggers"]],
  ["What people do, on its way to the bot", ["duplicate_next", "drop_ack_next", "lose_next", "reorder_next"]],
  ["The connection", ["disconnect", "cut", "half_open"]],
  ["Accounts and channels", ["deactivate", "other_organisation", "remove_from_channel", "archive", "revoke_token", "uninstall"]],
];
const OTHERS = "Others";

/** The panel. */
export function faults(store) {
  const panel = new Faults(store);
  return {
    name: "faults",
    title: "What can go wrong",
    icon: "fault",
    mount(element) {
      element.append(panel.root);
      panel.read();
    },
    unmount: () => panel.root.remove(),
    badge: (told) => panel.tellOn(told),
  };
}

class Faults {
  constructor(store) {
    this.store = store;
    this.told = () => {};
    this.rows = new Map();
    this.on = 0;
    this.timer = 0;
    this.status = h("p", { class: "faults-status", role: "status" });
    this.well = h("button", { type: "button", class: "button", onclick: () => this.clear() }, "All well again");
    this.groups = new Map([...GROUPS.map(([title]) => title), OTHERS].map((title) => [title, group(title)]));
    this.root = h(
      "div",
      { class: "faults" },
      h(
        "p",
        { class: "faults-intro" },
        "For whoever builds the bot or decides about it: let something go wrong, then write and click as before. ",
        "Messages may come late, but nothing that people said is lost.",
      ),
      h("div", { class: "faults-head" }, this.status, this.well),
      [...this.groups.values()].map((one) => one.element),
    );
    store.subscribe(() => this.on > 0 && this.readSoon(SOON));
    this.read();
  }

  /** While something is on it may use itself up without anybody seeing a change: look again from time to time. */
  readSoon(wait = AGAIN) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.read(), wait);
  }

  async read() {
    clearTimeout(this.timer);
    try {
      const { faults: found } = await ask("faults");
      this.draw(found.filter((fault) => fault.name !== "clear"));
    } catch (error) {
      this.status.textContent = `This could not be read: ${error.message}`;
    }
    if (this.on && !document.hidden) this.readSoon();
  }

  draw(found) {
    for (const fault of found) {
      const row = this.rows.get(fault.name) ?? this.newRow(fault);
      row.show(fault.on);
    }
    this.on = found.filter((fault) => fault.on).length;
    this.well.disabled = this.on === 0;
    const told = this.on ? `${this.on} of ${found.length} on` : "All is well.";
    if (this.status.textContent !== told) this.status.textContent = told;
    this.tellOn(this.told);
  }

  tellOn(told) {
    this.told = told;
    told(this.on, this.on === 1 ? "1 fault on" : `${this.on} faults on`);
  }

  newRow(fault) {
    const row = faultRow(fault, {
      store: this.store,
      start: (values) => this.switched(fault.name, values),
      stop: () => this.switched("clear", { name: fault.name }),
    });
    this.rows.set(fault.name, row);
    const title = GROUPS.find(([, names]) => names.includes(fault.name))?.[0] ?? OTHERS;
    const { element, list } = this.groups.get(title);
    list.append(row.element);
    element.hidden = false;
    return row;
  }

  async switched(name, values) {
    await send(`faults/${name}`, values);
    await this.read();
  }

  async clear() {
    try {
      await this.switched("clear", {});
      this.status.textContent = "All is well again.";
    } catch (error) {
      this.status.textContent = `That did not work: ${error.message}`;
    }
  }
}

function group(title) {
  const list = h("ul", { class: "bare" });
  return { list, element: h("section", { class: "faults-group", hidden: true }, h("h3", {}, title), list) };
}
