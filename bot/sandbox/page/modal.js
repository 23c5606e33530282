/** The modals that the app opened for this person: the top one of the stack, as a dialog. */

import { attach } from "./api.js";
import { drawBlocks, remember, unsent } from "./blocks.js";
import { freshId } from "./dialogs.js";
import { h, icon, iconButton } from "./dom.js";
import { friendly } from "./home.js";
import { plainText } from "./nodes.js";

export class Modal {
  constructor(shell) {
    this.shell = shell;
    this.errors = {};
    this._fills = Promise.resolve();
    this.title = h("h2", { id: "modal-title" });
    this.back = iconButton("back", "Back", { onclick: () => this._close() });
    this.cross = iconButton("close", "Close", { onclick: () => this._close(true) });
    this.problem = h("p", { class: "modal-problem", role: "alert", hidden: true });
    this.body = h("div", { class: "modal-body" });
    this.closes = h("button", { type: "button", class: "button", onclick: () => this._close() });
    this.submit = h("button", { type: "submit", class: "button primary" });
    this.form = h(
      "form",
      { class: "modal-form", novalidate: true },
      h("header", { class: "modal-head" }, this.back, this.title, this.cross),
      this.problem,
      this.body,
      h("footer", { class: "modal-foot" }, this.closes, this.submit),
    );
    this.dialog = h("dialog", { class: "sheet modal", "aria-labelledby": "modal-title" }, this.form);
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      if (event.target === this.dialog) this._close();
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this._submit();
    });
    document.body.append(this.dialog);
  }

  get view() {
    return this.shell.store.modals.at(-1);
  }

  update() {
    const { view } = this;
    if (!view) {
      this._drawn = null;
      this.dialog.close();
      return;
    }
    const sign = JSON.stringify([
      view.id,
      view.blocks,
      view.title,
      view.submit,
      view.close,
      this.shell.store.modals.length,
    ]);
    if (sign === this._drawn) return;
    const same = this._id === view.id;
    this._drawn = sign;
    this._id = view.id;
    if (!same) this._tell("", {});
    this._draw(same);
    if (!this.dialog.open) this.dialog.showModal();
    if (!same) this._first();
  }

  _draw(same) {
    const { view, shell } = this;
    this.title.textContent = plainText(view.title);
    this.back.hidden = shell.store.modals.length < 2;
    this.closes.textContent = plainText(view.close) || (view.submit ? "Cancel" : "Close");
    this.submit.hidden = !view.submit;
    this.submit.textContent = plainText(view.submit) || "Submit";
    const again = same ? remember(this.body) : null;
    this.body.replaceChildren(drawBlocks(view.blocks, this._context(view)));
    again?.(this.body);
    if (!same) this.body.scrollTop = 0;
  }

  _first() {
    const shown = [...this.body.querySelectorAll(CONTROL)].filter((control) => control.offsetParent !== null);
    const field =
      shown.find((control) => control.autofocus) ?? shown.find((control) => control.closest(".b-input-block"));
    (field ?? (this.submit.hidden ? this.closes : this.submit)).focus();
  }

  _context(view) {
    const { shell } = this;
    return {
      surface: "modal",
      state: view.state?.values ?? {},
      errors: this.errors,
      names: shell.names,
      act: (kind, element, block, value) => {
        const done = this._fills.then(() => this._act(kind, element, block, value));
        this._fills = done.catch(() => {});
        return done;
      },
    };
  }

  async _act(kind, element, block, value) {
    const { shell } = this;
    try {
      if (kind === "fills") {
        const given = element.type === "file_input" ? await this._attach(value) : value;
        return await shell.act("fills", { values: { [block.block_id]: given } });
      }
      const given = {
        action_id: element.action_id,
        block_id: block.block_id,
        where: "modal",
        value: value ?? undefined,
      };
      if (kind === "selects") given.value = value;
      return await shell.act(kind, kind === "suggests" ? given : { ...given, wait: true });
    } catch (refused) {
      throw friendly(refused, shell.store.app.name);
    }
  }

  /** The ids of files that were chosen: each goes to the sandbox first. */
  async _attach(files) {
    const ids = [];
    for (const file of files ?? []) ids.push((await attach(this.shell.store.me, file)).id);
    return ids;
  }

  async _submit() {
    if (this._busy) return;
    const id = this.view?.id;
    this._wait(true);
    try {
      await this._fills;
      const { errors } = await this.shell.act("submits", { values: unsent(this.body) });
      if (id !== this.view?.id && errors) return;
      this._tell("", errors ?? {});
      if (errors) this._showErrors();
    } catch (refused) {
      const { app } = this.shell.store;
      const told =
        refused.code === "operation_timeout"
          ? `${app.name} did not respond. Nothing of what you filled in is lost.`
          : refused.told;
      this._tell(told ?? refused.message, this.errors);
    } finally {
      this._wait(false);
    }
  }

  _showErrors() {
    const shown = markErrors(this.body, this.errors);
    if (!shown.length) return this._tell(Object.values(this.errors).join(" "), this.errors);
    shown[0].scrollIntoView({ block: "center" });
    shown[0].querySelector(CONTROL)?.focus({ preventScroll: true });
  }

  _tell(problem, errors) {
    this.errors = errors;
    markErrors(this.body, {});
    this.problem.hidden = !problem;
    this.problem.replaceChildren(...(problem ? [icon("fault"), problem] : []));
  }

  _wait(on) {
    this._busy = on;
    this.form.setAttribute("aria-busy", String(on));
    this.submit.setAttribute("aria-disabled", String(on));
    this.submit.classList.toggle("busy", on);
  }

  async _close(all = false) {
    if (this._busy || !this.view) return;
    await this._fills;
    this.shell.does("closes", { all });
  }
}

const CONTROL = "input:not([type=hidden]), textarea, select, button";

/** Put errors under their fields and take others away, without drawing the fields anew; gives the wrong blocks. */
function markErrors(body, errors) {
  for (const block of body.querySelectorAll(".b-wrong")) {
    block.classList.remove("b-wrong");
    for (const old of block.querySelectorAll(":scope > .b-problem")) {
      for (const control of block.querySelectorAll(`[aria-describedby~="${old.id}"]`)) {
        const others = control
          .getAttribute("aria-describedby")
          .split(" ")
          .filter((id) => id !== old.id);
        control.setAttribute("aria-describedby", others.join(" "));
        control.removeAttribute("aria-invalid");
      }
      old.remove();
    }
  }
  const wrong = [...body.querySelectorAll("[data-block]")].filter((block) => errors[block.dataset.block]);
  for (const block of wrong) {
    const problem = h("p", { class: "b-problem", id: freshId("error"), role: "alert" }, errors[block.dataset.block]);
    block.classList.add("b-wrong");
    (block.querySelector(".b-field") ?? block.lastElementChild).after(problem);
    for (const control of block.querySelectorAll("input, textarea, select, [role=group], [role=radiogroup]")) {
      control.setAttribute(
        "aria-describedby",
        `${problem.id} ${control.getAttribute("aria-describedby") ?? ""}`.trim(),
      );
      if (control.matches("input, textarea, select")) control.setAttribute("aria-invalid", "true");
    }
  }
  return wrong;
}
