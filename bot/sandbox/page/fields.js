/** What every field has: the value it holds, how a change is sent, and how it lives through a new drawing of its view. */

import { make } from "./nodes.js";
import { confirmed } from "./dialogs.js";

/** For each element that remembers: the key of its value in `state`, and the key of its first value. */
export const STATE = {
  plain_text_input: ["value", "initial_value"],
  number_input: ["value", "initial_value"],
  email_text_input: ["value", "initial_value"],
  url_text_input: ["value", "initial_value"],
  rich_text_input: ["rich_text_value", "initial_value"],
  file_input: ["files", ""],
  datepicker: ["selected_date", "initial_date"],
  timepicker: ["selected_time", "initial_time"],
  datetimepicker: ["selected_date_time", "initial_date_time"],
  static_select: ["selected_option", "initial_option"],
  external_select: ["selected_option", "initial_option"],
  radio_buttons: ["selected_option", "initial_option"],
  users_select: ["selected_user", "initial_user"],
  channels_select: ["selected_channel", "initial_channel"],
  conversations_select: ["selected_conversation", "initial_conversation"],
  multi_static_select: ["selected_options", "initial_options"],
  multi_external_select: ["selected_options", "initial_options"],
  checkboxes: ["selected_options", "initial_options"],
  multi_users_select: ["selected_users", "initial_users"],
  multi_channels_select: ["selected_channels", "initial_channels"],
  multi_conversations_select: ["selected_conversations", "initial_conversations"],
};

const TYPING = /^(?:Arrow|Page|Home$|End$|.$)/u;
const VALUES = new WeakMap();
const RUNNING = new WeakMap();
const SHOWN = new WeakMap();
let redrawing = false;

/** What an element holds now: what the person chose before, else its first value. */
export function held(element, block, context) {
  const [key, initial] = STATE[element.type] ?? [];
  const entry = context.state?.[block.block_id]?.[element.action_id];
  return entry && key in entry ? entry[key] : element[initial];
}

/** Put a control into its field, by which it is found again after its view was drawn anew. */
export function field(element, block, value, attributes, ...children) {
  const made = make(
    "div",
    { ...attributes, class: `b-field ${attributes?.class ?? ""}`, "data-key": `${block.block_id}/${element.action_id}` },
    ...children,
  );
  VALUES.set(made, { element, block, value });
  SHOWN.set(made, shownIn(made));
  return made;
}

/** What the controls of a field show, to be put back when a person says no to their own choice. */
function shownIn(place) {
  return [...place.querySelectorAll("input, select")].map((control) => [control, control.value, control.checked]);
}

function putBack(place) {
  for (const [control, value, checked] of SHOWN.get(place) ?? []) {
    if (control.type === "checkbox" || control.type === "radio") control.checked = checked;
    else if (control.type !== "file") control.value = value;
  }
}

/** Whether a change of this element is kept with the modal (`fills`) or told to the bot at once (`selects`). */
export function kindOf(block, context) {
  return block.type === "input" && context.surface === "modal" ? "fills" : "selects";
}

/** Whether a change goes anywhere: an input in a message or a Home tab without `dispatch_action` is kept on the page. */
export function isSent(block, context) {
  return block.type !== "input" || context.surface === "modal" || block.dispatch_action === true;
}

/**
 * Do what a person did with an element: ask first if it wants to be asked about, then act, and say what went wrong.
 *
 * A second click while the first is on its way is not sent; a second value waits for the first.
 *
 * @returns {Promise<boolean | null>} whether it was done; null when the person was asked and said no
 */
export async function send(kind, control, element, block, value, context) {
  const place = control.closest(".b-field") ?? control;
  if (kind === "clicks" && RUNNING.has(place)) return false;
  if (!(await confirmed(element.confirm))) {
    putBack(place);
    return null;
  }
  const before = RUNNING.get(place) ?? Promise.resolve();
  const mine = before.then(() => act(kind, place, element, block, value, context));
  RUNNING.set(place, mine);
  const done = await mine;
  if (RUNNING.get(place) === mine) {
    RUNNING.delete(place);
    place.removeAttribute("aria-busy");
  }
  return done;
}

async function act(kind, place, element, block, value, context) {
  place.querySelector(":scope > .b-problem")?.remove();
  place.setAttribute("aria-busy", "true");
  try {
    await context.act(kind, element, block, value);
    if (VALUES.get(place)?.value() === value) delete place.dataset.dirty;
    SHOWN.set(place, shownIn(place));
    return true;
  } catch (error) {
    place.append(make("p", { class: "b-problem", role: "alert" }, error?.told ?? error?.message ?? "That did not work."));
    return false;
  }
}

/**
 * Hear when a choice is made: at once by pointer; by keyboard when the person leaves the control or presses Enter,
 * for there each arrow key passes through values that nobody meant.
 */
export function onChoice(control, chosen, atOnce = false) {
  let keyed = false;
  let waiting = false;
  const now = () => {
    waiting = false;
    chosen();
  };
  control.addEventListener("pointerdown", () => (keyed = false));
  control.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && waiting) now();
    else if (event.key !== "Tab") keyed = TYPING.test(event.key) && event.key !== " ";
  });
  control.addEventListener("change", () => {
    if (atOnce || !keyed) now();
    else waiting = true;
  });
  onLeave(control, () => waiting && now());
}

/**
 * Hear when a person leaves a field; not when it loses the focus because it is drawn anew.
 */
export function onLeave(place, left) {
  place.addEventListener("focusout", (event) => {
    if (!redrawing && place.isConnected && !place.contains(event.relatedTarget)) left();
  });
}

/** What was typed and not yet sent, by block_id: to go along with a submission. */
export function unsent(root) {
  const found = {};
  for (const place of root.querySelectorAll(".b-field[data-dirty]")) {
    const known = VALUES.get(place);
    if (known?.block.type === "input") found[known.block.block_id] = known.value();
  }
  return found;
}

/**
 * Keep what a new drawing would lose: words being typed, the focus, the selection, an open panel.
 *
 *     const again = remember(root); root.replaceChildren(drawBlocks(blocks, context)); again(root);
 */
export function remember(root) {
  const typed = [...root.querySelectorAll(".b-field[data-dirty]")].map((place) => [
    place.dataset.key,
    [...place.querySelectorAll("input, textarea, select")].map((control) =>
      control.type === "checkbox" || control.type === "radio" ? { checked: control.checked } : { value: control.value },
    ),
  ]);
  const active = root.contains(document.activeElement) ? document.activeElement : null;
  const at = active?.closest("[data-key]");
  const focus = at && { key: at.dataset.key, place: controls(at).indexOf(active), ...selectionOf(active) };
  const open = root.querySelector("[data-key] [popover]:popover-open")?.closest("[data-key]").dataset.key;
  redrawing = true;
  setTimeout(() => (redrawing = false));
  return (fresh) => {
    redrawing = false;
    for (const [key, values] of typed) {
      const place = find(fresh, key);
      const now = place ? [...place.querySelectorAll("input, textarea, select")] : [];
      if (now.length !== values.length || place.dataset.kept === "no") continue;
      now.forEach((control, index) => control.type !== "file" && Object.assign(control, values[index]));
      place.dataset.dirty = "";
    }
    if (open) find(fresh, open)?.querySelector("[popover]")?.showPopover();
    if (!focus) return;
    const place = find(fresh, focus.key);
    const control = place && controls(place)[focus.place];
    control?.focus({ preventScroll: true });
    if (focus.start !== undefined && control?.setSelectionRange) control.setSelectionRange(focus.start, focus.end);
  };
}

function find(root, key) {
  return [...root.querySelectorAll("[data-key]")].find((place) => place.dataset.key === key);
}

function controls(place) {
  return [...place.querySelectorAll("a[href], button, input, select, textarea")];
}

function selectionOf(control) {
  // Fields for mail, numbers and dates have no selection to ask for.
  const texts = control instanceof HTMLTextAreaElement || ["text", "url", "search", "tel"].includes(control.type);
  return texts ? { start: control.selectionStart, end: control.selectionEnd } : {};
}
