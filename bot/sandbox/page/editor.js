/** Changing an own message where it stands. */

import { h } from "./dom.js";
import { grow } from "./growing.js";
import { unmarked } from "./typed.js";

/** Put a field in the place of the message's words; Enter keeps, Escape leaves everything as it was. */
export function openEditor(element, message, shell) {
  const words = element.querySelector(".message-words");
  if (!words || element.querySelector(".editor")) return;
  const before = unmarked(message.text, shell.store);
  const field = h("textarea", { class: "field", rows: "1", "aria-label": "Change your message" });
  field.value = before;
  const save = h("button", { type: "submit", class: "button primary" }, "Save");
  const cancel = h("button", { type: "button", class: "button" }, "Cancel");
  const form = h("form", { class: "editor" }, field, h("div", { class: "editor-buttons" }, cancel, save));
  const close = () => {
    form.remove();
    words.hidden = false;
    element.focus();
  };
  const keep = async () => {
    const text = field.value.trim();
    if (!text || text === before) return close();
    save.disabled = true;
    const done = await shell.does("edits", { ts: message.ts, channel: message.channel, text }, message);
    save.disabled = false;
    if (done) close();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keep();
  });
  cancel.addEventListener("click", close);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      keep();
    }
  });
  words.hidden = true;
  words.after(form);
  grow(field);
  field.focus();
  form.scrollIntoView({ block: "nearest" });
  field.setSelectionRange(field.value.length, field.value.length);
}
