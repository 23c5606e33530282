/** Draws the gallery's blocks and writes down what a person does with them, in `window.acts`. */

import { drawAttachments, drawBlocks, remember, unsent } from "/blocks.js";

const data = await (await fetch("/gallery/data.json")).json();
const root = (id) => document.getElementById(id);
window.forget = () => {
  window.acts = [];
  document.body.dataset.acts = "[]";
};
window.forget();
window.answer = async () => ({});

async function act(kind, element, block, value) {
  const files = Array.isArray(value) && value[0] instanceof File;
  window.acts.push([kind, `${block.block_id}/${element.action_id}`, files ? value.map((file) => file.name) : (value ?? null)]);
  document.body.dataset.acts = JSON.stringify(window.acts);
  if (kind === "suggests") return { options: data.suggested.filter((each) => each.value.toLowerCase().includes(value)) };
  return window.answer();
}

const context = (surface, errors) => ({ act, surface, errors, names: data.names, channel: "D0BOT", state: window.state ?? {} });

window.draw = () => {
  const again = remember(root("modal"));
  root("modal").replaceChildren(drawBlocks(data.modal, context("modal", data.errors)));
  again(root("modal"));
};
window.unsent = () => unsent(root("modal"));
root("message").replaceChildren(drawBlocks(data.message, context("message")));
root("attachments").replaceChildren(drawAttachments(data.attachments, context("message")));
window.draw();
document.body.dataset.drawn = "";
