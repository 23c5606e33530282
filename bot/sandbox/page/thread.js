/** A thread beside its conversation. */

import { Composer } from "./composer.js";
import { h, iconButton } from "./dom.js";
import { MessageList } from "./list.js";
import { placeName } from "./looks.js";

export class Thread {
  constructor(root, shell, channel, ts) {
    const place = shell.store.channels.get(channel);
    this.list = new MessageList(shell, {
      channel,
      thread: ts,
      label: "Messages of this thread",
      empty: "This message is no longer there.",
    });
    this.composer = new Composer(shell, { channel, thread: ts, label: "Reply in this thread", list: this.list });
    root.replaceChildren(
      h(
        "header",
        { class: "pane-head" },
        h("h2", { class: "pane-title" }, "Thread"),
        h("p", { class: "topic" }, place.kind === "im" ? placeName(shell.store, place) : `#${place.name}`),
        iconButton("close", "Close the thread", { onclick: () => shell.closePanel() }),
      ),
      this.list.element,
      h("div", { class: "main-foot" }, this.composer.element),
    );
    this.composer.takesFiles(root);
    this.composer.focus();
  }

  update(changes) {
    this.list.update(changes);
  }

  end() {
    this.list.end();
    this.composer.end();
  }
}
