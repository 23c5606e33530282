/** The app's Home tab. */

import { drawBlocks, remember } from "./blocks.js";
import { appTabs, backButton } from "./conversation.js";
import { h } from "./dom.js";
import { avatar } from "./looks.js";

export class Home {
  constructor(root, shell) {
    this.shell = shell;
    this.view = undefined;
    const { store } = shell;
    this.body = h("div", { class: "home-body" });
    root.replaceChildren(
      h(
        "div",
        { class: "main-head" },
        h(
          "header",
          { class: "pane-head" },
          backButton(shell),
          avatar(store, store.app.user, "small"),
          h("h2", {}, store.app.name),
        ),
        appTabs(shell, "home"),
      ),
      h("section", { class: "home", "aria-label": "Home", tabindex: "0" }, this.body),
    );
    this._draw();
    shell.does("opens_home", {});
  }

  update(changes) {
    if (changes.home || changes.all) this._draw();
  }

  end() {}

  focus() {
    document.getElementById("main").focus();
  }

  _draw() {
    const { home, app } = this.shell.store;
    const sign = JSON.stringify(home?.blocks ?? null);
    if (sign === this.view) return;
    this.view = sign;
    if (!home) {
      this.body.replaceChildren(h("p", { class: "log-empty muted" }, `${app.name} has put nothing here yet.`));
      return;
    }
    const again = remember(this.body);
    this.body.replaceChildren(drawBlocks(home.blocks, this._context(home)));
    again(this.body);
  }

  _context(home) {
    const { shell } = this;
    return {
      surface: "home",
      state: home.state?.values ?? {},
      errors: {},
      names: shell.names,
      async act(kind, element, block, value) {
        const given = {
          action_id: element.action_id,
          block_id: block.block_id,
          value: value ?? undefined,
          where: "home",
        };
        if (kind === "selects") given.value = value;
        try {
          return await shell.act(kind, kind === "suggests" ? given : { ...given, wait: true });
        } catch (refused) {
          throw friendly(refused, shell.store.app.name);
        }
      },
    };
  }
}

/** A refusal in the words of the page, where no private line can stand. */
export function friendly(refused, app) {
  if (refused.code === "operation_timeout") refused.told = `${app} did not respond. Try once more.`;
  return refused;
}
