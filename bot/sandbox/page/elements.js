/** Every Block Kit element: what a person clicks, chooses and fills in. */

import { chosenOf, groupsOf, placesOf } from "./choices.js";
import { arrowKeys, confirmed, freshId, panelOf } from "./dialogs.js";
import { field, held, isSent, kindOf, onChoice, send } from "./fields.js";
import { drawFiles, drawRich, drawTyped } from "./inputs.js";
import { blockText, inlineText, isLink, link, make, plainText } from "./nodes.js";
import { drawPicker } from "./pickers.js";
import { fromWall, toWall } from "./zones.js";

/**
 * Draw one element.
 *
 * @param {object} element of Block Kit
 * @param {object} block in which it stands
 * @param {object} context as in blocks.js
 * @param {{name?: string, labelledby?: string, describedby?: string, invalid?: boolean, required?: boolean}} [labels]
 *   what names and describes it
 */
export function drawElement(element, block, context, labels = {}) {
  const draw = ELEMENTS[element.type];
  if (!draw) return make("span", { class: "b-note" }, `(${element.type}, which this page cannot draw)`);
  const known = { ...labels, name: plainText(element.placeholder) || labels.name || NAMES[element.type] || "Choose" };
  return draw(element, block, context, known);
}

const NAMES = { datepicker: "Date", timepicker: "Time", datetimepicker: "Date and time", overflow: "More" };

function drawButton(element, block, context) {
  const style = element.style === "primary" || element.style === "danger" ? ` b-${element.style}` : "";
  const attributes = { class: `b-button${style}`, "aria-label": element.accessibility_label ?? null };
  const goes = isLink(element.url);
  const control = goes
    ? link(element.url, attributes, inlineText(element.text))
    : make("button", { ...attributes, type: "button" }, inlineText(element.text));
  const place = field(element, block, () => element.value, { class: "b-buttons" }, control);
  control.addEventListener("click", async (event) => {
    if (goes && element.confirm) {
      event.preventDefault();
      if (!(await confirmed(element.confirm))) return;
      window.open(element.url, "_blank", "noopener,noreferrer");
    }
    // What a link was asked about already is not asked about again.
    const asked = goes ? { ...element, confirm: undefined } : element;
    await send("clicks", control, asked, block, element.value, context);
  });
  return place;
}

function drawOverflow(element, block, context, labels) {
  const button = make(
    "button",
    { type: "button", class: "b-button b-overflow", "aria-label": labels.name, "aria-haspopup": "menu" },
    "⋯",
  );
  const panel = make("div", { class: "b-panel b-menu", role: "menu", "aria-label": labels.name });
  for (const each of groupsOf(element)[0].choices) {
    const words = [make("span", {}, inlineText(each.text)), each.under && make("span", { class: "b-under" }, each.under)];
    const attributes = { class: "b-choice", role: "menuitem" };
    const item = isLink(each.url)
      ? link(each.url, attributes, ...words)
      : make("button", { ...attributes, type: "button" }, ...words);
    item.addEventListener("click", () => {
      panel.hidePopover();
      send("selects", button, element, block, each.value, context);
    });
    panel.append(item);
  }
  arrowKeys(panel, ".b-choice");
  panelOf(button, panel, { opened: () => panel.querySelector(".b-choice")?.focus() });
  return field(element, block, () => null, {}, button, panel);
}

function drawSelect(element, block, context, labels) {
  const groups = element.type === "static_select" ? groupsOf(element) : placesOf(element, context);
  const standing = held(element, block, context) ?? (element.default_to_current_conversation ? context.channel : null);
  const [now] = chosenOf(standing, groups);
  const select = make("select", { class: "b-select", ...named(labels), autofocus: element.focus_on_load });
  const none = make("option", { value: "" }, plainText(element.placeholder) || "Choose");
  // A choice can be taken back only where none is asked for.
  if (labels.required !== false) none.disabled = none.hidden = true;
  select.append(none);
  const known = new Set();
  for (const group of groups) {
    const options = group.choices.map((each) => {
      known.add(each.value);
      return make("option", { value: each.value }, each.under ? `${each.words} (${each.under})` : each.words);
    });
    select.append(...(group.label ? [make("optgroup", { label: group.label }, options)] : options));
  }
  if (now && !known.has(now.value)) select.append(make("option", { value: now.value }, now.words));
  select.value = now?.value ?? "";
  const value = () => select.value || null;
  const place = field(element, block, value, { class: "b-selects" }, select);
  onChoice(select, () => tell(select, element, block, value(), context), atOnce(block, context));
  return place;
}

function drawMarked(element, block, context, labels) {
  const many = element.type === "checkboxes";
  const groups = groupsOf(element);
  const chosen = new Set(chosenOf(held(element, block, context), groups).map((each) => each.value));
  const group = freshId("choice");
  const set = make("fieldset", { class: "b-set", ...named(labels), role: many ? "group" : "radiogroup" });
  if (many) for (const name of ["aria-required", "aria-invalid"]) set.removeAttribute(name);
  groups[0].choices.forEach((each, place) => {
    const under = each.description && freshId("under");
    const box = make("input", {
      type: many ? "checkbox" : "radio",
      name: group,
      "aria-describedby": under,
      autofocus: element.focus_on_load && place === 0,
    });
    box.value = each.value;
    box.checked = chosen.has(each.value);
    set.append(
      make(
        "label",
        { class: "b-choice" },
        box,
        make(
          "span",
          { class: "b-words" },
          make("span", {}, inlineText(each.text)),
          under && make("span", { class: "b-under", id: under }, inlineText(each.description)),
        ),
      ),
    );
  });
  const value = () => {
    const on = [...set.querySelectorAll("input:checked")].map((box) => box.value);
    return many ? on : (on[0] ?? null);
  };
  const place = field(element, block, value, {}, set);
  onChoice(set, () => tell(set, element, block, value(), context), many || atOnce(block, context));
  return place;
}

const CLOCKS = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };

function drawClock(element, block, context, labels) {
  const zone = context.names?.zone;
  const moment = element.type === "datetimepicker";
  const standing = held(element, block, context);
  const control = make("input", {
    type: CLOCKS[element.type],
    class: "b-input b-clock",
    ...named(labels),
    autofocus: element.focus_on_load,
  });
  control.value = moment ? (standing ? toWall(Number(standing), zone) : "") : (standing ?? "");
  const value = () => (control.value === "" ? null : moment ? fromWall(control.value, zone) : control.value);
  const place = field(element, block, value, { class: "b-clocks" }, control);
  const zoneOf = element.timezone ?? (moment ? zone : null);
  if (zoneOf) place.append(make("span", { class: "b-note" }, zoneOf.replaceAll("_", " ")));
  onChoice(control, () => tell(control, element, block, value(), context), atOnce(block, context));
  return place;
}

function drawImage(element, block, context) {
  return picture(element, "b-image", context);
}

/**
 * A picture from this page's own address; of a picture elsewhere its words and a link, for the page loads nothing from
 * other places.
 */
export function picture(element, kind, context = {}) {
  const file = element.slack_file?.id ?? /\b(F[A-Z0-9]{6,})\b/.exec(element.slack_file?.url ?? "")?.[1];
  const source = file ? `${context.files ?? "/control/file/"}${file}` : (element.image_url ?? element.thumbnail_url ?? "");
  const words = element.alt_text ?? "";
  if (!isOwn(source)) {
    return link(source, { class: `${kind} b-elsewhere`, title: source }, words || "Picture");
  }
  const made = make("img", { class: kind, src: source, alt: words, loading: "lazy" });
  made.addEventListener("error", () => made.replaceWith(make("span", { class: `${kind} b-elsewhere` }, words || "Picture")));
  return made;
}

function isOwn(source) {
  if (/^data:image\/(?:png|jpeg|gif|webp);/i.test(source)) return true;
  try {
    return new URL(source, document.baseURI).origin === location.origin && source !== "";
  } catch {
    return false;
  }
}

function drawText(element, block, context) {
  return make("div", { class: "b-text" }, blockText(element, context.names));
}

function named(labels) {
  return {
    "aria-labelledby": labels.labelledby,
    "aria-label": labels.labelledby ? null : labels.name,
    "aria-describedby": labels.describedby,
    "aria-invalid": labels.invalid ? "true" : null,
    "aria-required": labels.required ? "true" : null,
  };
}

function atOnce(block, context) {
  return kindOf(block, context) === "fills" && !block.dispatch_action;
}

function tell(control, element, block, value, context) {
  if (isSent(block, context)) send(kindOf(block, context), control, element, block, value, context);
}

/** Every element that bot/sandbox/limits.py takes. */
export const ELEMENTS = {
  button: drawButton,
  overflow: drawOverflow,
  static_select: drawSelect,
  multi_static_select: drawPicker,
  external_select: drawPicker,
  multi_external_select: drawPicker,
  users_select: drawSelect,
  multi_users_select: drawPicker,
  channels_select: drawSelect,
  multi_channels_select: drawPicker,
  conversations_select: drawSelect,
  multi_conversations_select: drawPicker,
  radio_buttons: drawMarked,
  checkboxes: drawMarked,
  datepicker: drawClock,
  timepicker: drawClock,
  datetimepicker: drawClock,
  plain_text_input: drawTyped,
  number_input: drawTyped,
  email_text_input: drawTyped,
  url_text_input: drawTyped,
  rich_text_input: drawRich,
  file_input: drawFiles,
  image: drawImage,
  mrkdwn: drawText,
  plain_text: drawText,
};
