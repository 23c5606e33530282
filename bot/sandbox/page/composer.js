/** Where one writes: Enter sends, Shift+Enter begins a line, what is not sent yet is kept for each conversation. */

import { upload } from "./api.js";
import { Completion } from "./completion.js";
import { h, icon, iconButton, kept, sizeOf } from "./dom.js";
import { openEditor } from "./editor.js";
import { emojiPicker } from "./emoji.js";
import { grow } from "./growing.js";

const MOST_BYTES = 64 * 1024 * 1024;
let made = 0;

export class Composer {
  /**
   * @param {object} shell the page
   * @param {{channel?: string, thread?: string, label: string, list: object}} where `list`: the messages above it
   */
  constructor(shell, { channel, thread, label, list }) {
    this.shell = shell;
    this.channel = channel;
    this.thread = thread;
    this.list = list;
    this.files = [];
    made += 1;
    this._key = `draft ${shell.store.me} ${channel ?? "app"} ${thread ?? ""}`.trim();
    this.field = h("textarea", {
      class: "composer-field",
      id: `composer-${made}`,
      rows: "1",
      "aria-label": label,
      placeholder: label,
      "aria-autocomplete": "list",
    });
    this.field.value = kept.get(this._key) ?? "";
    this.chips = h("ul", { class: "bare chips", "aria-label": "Files to send", hidden: true });
    const input = h("input", { type: "file", multiple: true, hidden: true, tabindex: "-1", "aria-label": "Files" });
    input.addEventListener("change", () => {
      this._add(input.files);
      input.value = "";
    });
    const clip = iconButton("clip", "Attach a file", { onclick: () => input.click() });
    const smile = iconButton("smile", "Insert an emoji");
    const picker = emojiPicker(smile, (_name, char) => this._insert(char));
    this.button = iconButton("send", "Send", { class: "send", onclick: () => this.send() });
    this.completion = new Completion(this.field, shell, {
      done: () => this._changed(),
      shortcut: (id) => this._shortcut(id),
    });
    this.element = h(
      "div",
      { class: "composer", "data-look": thread ? null : "composer" },
      this.completion.list,
      this.chips,
      this.field,
      h(
        "div",
        { class: "composer-tools" },
        clip,
        input,
        smile,
        picker,
        h("span", { class: "composer-hint" }, "Shift + Enter for a new line"),
        this.button,
      ),
    );
    this._fit = grow(this.field);
    this.field.addEventListener("input", () => this._changed());
    this.field.addEventListener("keydown", (event) => this._pressed(event));
    this.field.addEventListener("paste", (event) => this._pasted(event));
    this._changed();
  }

  end() {
    for (const { address } of this.files) if (address) URL.revokeObjectURL(address);
  }

  focus() {
    this.field.focus({ preventScroll: true });
    this.field.setSelectionRange(this.field.value.length, this.field.value.length);
  }

  /** Files dropped on `root` are added. */
  takesFiles(root) {
    const isFile = (event) => event.dataTransfer?.types.includes("Files") && this.element.isConnected;
    const mark = (on) => this.element.classList.toggle("dropping", on);
    root.ondragover = (event) => {
      if (!isFile(event)) return;
      event.preventDefault();
      mark(true);
    };
    root.ondragleave = (event) => root.contains(event.relatedTarget) || mark(false);
    root.ondrop = (event) => {
      if (!isFile(event)) return;
      event.preventDefault();
      mark(false);
      this._add(event.dataTransfer.files);
    };
  }

  async send() {
    const text = this.field.value.trim();
    if (this._busy || (!text && !this.files.length)) return;
    this._wait(true);
    const before = this.field.value;
    this._write("");
    const sent = this.files.length ? await this._sendFiles(text) : await this._sendText(text);
    // What could not be sent stands there again, unless something new was begun.
    if (!sent && !this.field.value) this._write(before);
    this._wait(false);
    if (sent) this.list.stay();
  }

  _sendText(text) {
    const name = text.match(/^\/[^\s/]+/)?.[0];
    if (name) return this._command(name, text.slice(name.length).trim());
    return this._does("says", { text, channel: this.channel, thread: this.thread }, "Sending your message");
  }

  async _command(name, text) {
    const { shell } = this;
    if (!shell.store.app.commands.some((each) => each.command === name)) {
      if (!this.channel) shell.toast(`${name} is not a command here.`, "danger");
      else
        shell.store.whisper(
          this.channel,
          this.thread,
          `${name} is not a command here. To say it as a message, put a space before it.`,
        );
      return false;
    }
    // As in Slack, a command that failed is not written back: a private line says what happened to it.
    await this._does("command", { name, text, channel: this.channel }, `${name} ${text}`.trim());
    return true;
  }

  async _sendFiles(text) {
    const { shell, channel, thread } = this;
    let comment = text;
    while (this.files.length) {
      try {
        await upload(shell.store.me, this.files[0].file, { text: comment, channel, thread });
      } catch (refused) {
        shell.tellRefusal(refused, { channel, thread, what: `Sending ${this.files[0].file.name}` });
        return false;
      }
      comment = "";
      this._drop(this.files[0]);
    }
    return true;
  }

  async _does(name, given, what) {
    return Boolean(await this.shell.does(name, given, { channel: this.channel, thread: this.thread, what }));
  }

  _shortcut(callback_id) {
    this._write("");
    this.shell.does("shortcut", { callback_id }, { channel: this.channel, what: "The shortcut" });
  }

  _pressed(event) {
    if (event.isComposing || this.completion.takes(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "ArrowUp" && !this.field.value) {
      this._editLast(event);
    }
  }

  _editLast(event) {
    const { store } = this.shell;
    const mine = this.channel
      ? store.list(this.channel, this.thread).findLast((each) => each.user === store.me && !each.ephemeral)
      : null;
    const element = mine && this.list.items.querySelector(`[data-ts="${CSS.escape(mine.ts)}"]`);
    if (!element) return;
    event.preventDefault();
    openEditor(element, mine, this.shell);
  }

  _pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this._add(files);
  }

  _add(files) {
    for (const file of files) {
      if (file.size > MOST_BYTES) {
        this.shell.toast(`${file.name} is larger than ${sizeOf(MOST_BYTES)}.`, "danger");
        continue;
      }
      const address = file.type.startsWith("image/") ? URL.createObjectURL(file) : null;
      this.files.push({ file, address });
    }
    this._drawFiles();
    this.focus();
  }

  _drop(each) {
    if (each.address) URL.revokeObjectURL(each.address);
    this.files = this.files.filter((other) => other !== each);
    this._drawFiles();
  }

  _drawFiles() {
    this.chips.hidden = !this.files.length;
    this.chips.replaceChildren(
      ...this.files.map((each) => {
        const gone = () => {
          this._drop(each);
          this.focus();
        };
        return h(
          "li",
          { class: "chip" },
          each.address ? h("img", { src: each.address, alt: "" }) : icon("file"),
          h("span", { class: "chip-name" }, each.file.name),
          h("span", { class: "muted" }, sizeOf(each.file.size)),
          iconButton("close", `Take ${each.file.name} away`, { onclick: gone }),
        );
      }),
    );
    this._changed();
  }

  _insert(text) {
    this.field.setRangeText(text, this.field.selectionStart, this.field.selectionEnd, "end");
    this.field.focus();
    this.field.dispatchEvent(new Event("input"));
  }

  _write(text) {
    this.field.value = text;
    this._fit();
    this._changed();
  }

  _changed() {
    kept.set(this._key, this.field.value.trim() ? this.field.value : null);
    this._ready();
    this.completion.look();
  }

  _ready() {
    const ready = !this._busy && Boolean(this.field.value.trim() || this.files.length);
    this.button.classList.toggle("ready", ready);
    this.button.setAttribute("aria-disabled", String(!ready));
  }

  _wait(on) {
    this._busy = on;
    this.element.setAttribute("aria-busy", String(on));
    this._ready();
  }
}
