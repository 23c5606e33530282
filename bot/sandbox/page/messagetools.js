/** What can be done with a message: a small bar that stands at the one pointed to or focused, and a menu. */

import { h, icon, iconButton } from "./dom.js";
import { confirmed, arrowKeys, panelOf } from "./dialogs.js";
import { openEditor } from "./editor.js";
import { emojiPicker } from "./emoji.js";
import { unmarked } from "./typed.js";

/** One bar for a list of messages; it moves along. */
export class MessageTools {
  /**
   * @param {HTMLElement} items what holds the messages
   * @param {object} shell the page
   * @param {(ts: string) => object | undefined} find the message of a ts
   * @param {{inThread: boolean}} how
   */
  constructor(items, shell, find, { inThread }) {
    this.shell = shell;
    this.find = find;
    this.inThread = inThread;
    this.bar = h("div", { class: "tools", role: "toolbar", "aria-label": "What to do with this message" });
    const show = (event) => {
      const element = event.target.closest?.(".message");
      if (element) this.show(element);
    };
    items.addEventListener("pointerover", (event) => event.pointerType === "mouse" && show(event));
    items.addEventListener("focusin", show);
    // Only when all is done: a bar that goes while its own button loses the focus would go twice.
    const leave = () =>
      requestAnimationFrame(() => items.contains(document.activeElement) || this._isHeld || this.bar.remove());
    items.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && leave());
    items.addEventListener("focusout", leave);
    items.addEventListener("keydown", (event) => this._key(event));
  }

  /** Whether the bar is in use and must stay. */
  get _isHeld() {
    return this.bar.querySelector(":popover-open") || this.bar.contains(document.activeElement);
  }

  show(element) {
    if (this.bar.parentElement === element || this._isHeld || element.querySelector(".editor")) return;
    const message = this.find(element.dataset.ts);
    if (!message || message.own) return this.bar.remove();
    this.message = message;
    this.bar.replaceChildren(...this._buttons(message, element));
    element.append(this.bar);
  }

  /** The message was drawn anew: the bar goes with it. */
  moved(before, after) {
    if (this.bar.parentElement !== before) return;
    this.bar.remove();
    this.show(after);
  }

  _buttons(message, element) {
    const { shell } = this;
    const buttons = [];
    if (!message.ephemeral) {
      const react = iconButton("smile", "React (R)", { "data-tool": "react" });
      buttons.push(
        react,
        emojiPicker(react, (name) => this._react(name, message)),
      );
      if (!this.inThread) {
        const ts = message.thread ?? message.ts;
        buttons.push(iconButton("reply", "Reply in a thread (T)", { onclick: () => shell.openThread(ts) }));
      }
    }
    if (this._isMine(message)) {
      buttons.push(iconButton("edit", "Edit (E)", { onclick: () => this._edit(message, element) }));
    }
    const more = iconButton("more", "More", { "data-tool": "more" });
    buttons.push(more, this._menu(more, message));
    return buttons;
  }

  _menu(button, message) {
    const { shell } = this;
    const menu = h("div", { class: "menu", role: "group", "aria-label": "More to do" });
    const item = (sign, label, does, danger) =>
      h(
        "button",
        {
          type: "button",
          class: `menu-item${danger ? " danger" : ""}`,
          onclick: () => {
            menu.hidePopover();
            does();
          },
        },
        icon(sign),
        label,
      );
    const copy = () => copied(shell, unmarked(message.text, shell.store));
    menu.append(item("copy", "Copy the text", copy));
    if (!message.ephemeral) {
      const pinned = shell.store.channels.get(message.channel)?.pins?.includes(message.ts);
      const given = { ts: message.ts, channel: message.channel };
      menu.append(
        item("pin", pinned ? "Take the pin away" : "Pin it here", () =>
          shell.does(pinned ? "unpins" : "pins", given, message),
        ),
      );
      for (const shortcut of shell.store.app.shortcuts.filter((each) => each.type === "message")) {
        const given = { callback_id: shortcut.callback_id, message: message.ts, channel: message.channel };
        menu.append(
          item("bolt", `${shortcut.name} · ${shell.store.app.name}`, () => shell.does("shortcut", given, message)),
        );
      }
    }
    if (this._isMine(message)) menu.append(item("trash", "Delete", () => this._delete(message), true));
    panelOf(button, menu, { opened: () => menu.querySelector("button").focus() });
    arrowKeys(menu, ".menu-item");
    return menu;
  }

  _isMine(message) {
    return message.user === this.shell.store.me && !message.ephemeral;
  }

  _react(name, message) {
    const mine = message.reactions.some((each) => each.name === name && each.users.includes(this.shell.store.me));
    if (!mine) this.shell.does("reacts", { name, ts: message.ts, channel: message.channel }, message);
  }

  _edit(message, element) {
    element.focus({ preventScroll: true });
    this.bar.remove();
    openEditor(element, message, this.shell);
  }

  async _delete(message) {
    const sure = await confirmed({
      title: { type: "plain_text", text: "Delete this message?" },
      text: { type: "plain_text", text: "It goes for everybody." },
      confirm: { type: "plain_text", text: "Delete" },
      deny: { type: "plain_text", text: "Keep it" },
      style: "danger",
    });
    if (sure) this.shell.does("deletes", { ts: message.ts, channel: message.channel }, message);
  }

  /** Letters do the same while a message itself has the focus. */
  _key(event) {
    if (!event.target.matches?.(".message") || event.ctrlKey || event.metaKey || event.altKey) return;
    const message = this.find(event.target.dataset.ts);
    if (!message || message.own) return;
    const key = event.key.toLowerCase();
    if (key === "e" && this._isMine(message)) this._edit(message, event.target);
    else if (key === "t" && !message.ephemeral && !this.inThread) this.shell.openThread(message.thread ?? message.ts);
    else if (key === "r" && !message.ephemeral) this.bar.querySelector('[data-tool="react"]')?.click();
    else if (key === "delete" && this._isMine(message)) this._delete(message);
    else return;
    event.preventDefault();
  }
}

async function copied(shell, text) {
  try {
    await navigator.clipboard.writeText(text);
    shell.toast("Copied.", "ok");
  } catch {
    shell.toast("The browser did not allow copying.", "danger");
  }
}
