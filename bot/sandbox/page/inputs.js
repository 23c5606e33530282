/** Fields that people type in, and fields for files. */

import { field, held, isSent, kindOf, onLeave, send } from "./fields.js";
import { freshId } from "./dialogs.js";
import { make, plainText } from "./nodes.js";

const PAUSE = 400;
const CLOSE = 20;

/** A field for one line or several, for numbers, mail addresses and links. */
export function drawTyped(element, block, context, labels) {
  const several = element.type === "plain_text_input" && element.multiline;
  return typed(element, block, context, labels, several ? "textarea" : "input", TYPES[element.type] ?? {});
}

const TYPES = {
  plain_text_input: { type: "text" },
  number_input: { type: "text", inputmode: "decimal", autocomplete: "off" },
  email_text_input: { type: "email", inputmode: "email", autocomplete: "off" },
  url_text_input: { type: "url", inputmode: "url", autocomplete: "off" },
};

function typed(element, block, context, labels, tag, how, ...around) {
  const counter = make("span", { class: "b-counter", id: freshId("count"), "aria-hidden": "true" });
  const note = bounds(element);
  const noteId = note && freshId("bounds");
  const control = make(tag, {
    ...(tag === "input" ? how : { rows: String(element.min_lines ?? 4) }),
    class: "b-input",
    placeholder: plainText(element.placeholder) || null,
    "aria-labelledby": labels.labelledby,
    "aria-label": labels.labelledby ? null : labels.name,
    "aria-describedby": [labels.describedby, noteId].filter(Boolean).join(" ") || null,
    "aria-invalid": labels.invalid ? "true" : null,
    "aria-required": labels.required ? "true" : null,
    autofocus: element.focus_on_load,
  });
  if (tag === "input" && how.type === "text" && element.type === "number_input" && !element.is_decimal_allowed) {
    control.inputMode = "numeric";
  }
  control.value = written(held(element, block, context));
  const value = () => (control.value === "" ? null : control.value);
  const place = field(
    element,
    block,
    value,
    {},
    ...around,
    control,
    note && make("p", { class: "b-note", id: noteId }, note),
    element.max_length ? counter : null,
  );
  const count = () => {
    const left = (element.max_length ?? Infinity) - control.value.length;
    counter.textContent = left <= CLOSE ? String(left) : "";
    counter.classList.toggle("b-over", left < 0);
  };
  const tell = () => {
    if (isSent(block, context)) send(kindOf(block, context), control, element, block, value(), context);
  };
  const triggers = block.dispatch_action
    ? (element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"])
    : [];
  let pause;
  control.addEventListener("input", () => {
    place.dataset.dirty = "";
    count();
    clearTimeout(pause);
    if (triggers.includes("on_character_entered")) pause = setTimeout(tell, PAUSE);
  });
  control.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && triggers.includes("on_enter_pressed")) {
      event.preventDefault();
      tell();
    }
  });
  // A dispatching field is told by its triggers only; what is left of it goes along with the submission.
  if (!block.dispatch_action) onLeave(place, () => "dirty" in place.dataset && tell());
  count();
  return place;
}

/** What a rich text field holds, as words in Slack's notation; a plain text as it is. */
function written(value) {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return String(value);
  return (value.elements ?? []).map(writtenPart).join("\n");
}

function writtenPart(part) {
  const inner = (part.elements ?? []).map(writtenPart);
  switch (part.type) {
    case "rich_text_list":
      return inner.map((line, place) => (part.style === "ordered" ? `${place + 1}. ${line}` : `• ${line}`)).join("\n");
    case "rich_text_quote":
      return `> ${inner.join("")}`;
    case "rich_text_preformatted":
      return `\`\`\`${inner.join("")}\`\`\``;
    case "emoji":
      return `:${part.name}:`;
    case "link":
      return part.text ? `<${part.url}|${part.text}>` : part.url;
    case "user":
      return `<@${part.user_id}>`;
    case "channel":
      return `<#${part.channel_id}>`;
    default:
      return part.elements ? inner.join("") : marked(part.text ?? "", part.style);
  }
}

const MARKS = [["code", "`"], ["strike", "~"], ["italic", "_"], ["bold", "*"]];

function marked(text, style) {
  return MARKS.reduce((words, [name, mark]) => (style?.[name] ? `${mark}${words}${mark}` : words), text);
}

function bounds(element) {
  const { min_value: least, max_value: most, min_length: shortest } = element;
  if (least !== undefined && most !== undefined) return `From ${least} to ${most}.`;
  if (least !== undefined) return `At least ${least}.`;
  if (most !== undefined) return `At most ${most}.`;
  return shortest > 1 ? `At least ${shortest} characters.` : "";
}

const TOOLS = [["Bold", "*", "B"], ["Italic", "_", "I"], ["Strikethrough", "~", "S"], ["Code", "`", "‹›"]];

/** A field for formatted words, with buttons that put Slack's signs around what is selected. */
export function drawRich(element, block, context, labels) {
  const tools = make(
    "div",
    { class: "b-tools", role: "group", "aria-label": "Formatting" },
    TOOLS.map(([name, sign, face]) =>
      make(
        "button",
        { type: "button", class: `b-tool b-tool-${name.toLowerCase()}`, "aria-label": name, title: name, onclick: wrap(sign) },
        face,
      ),
    ),
  );
  return typed(element, block, context, labels, "textarea", {}, tools);
}

function wrap(sign) {
  return (event) => {
    const area = event.currentTarget.closest(".b-field").querySelector("textarea");
    const { selectionStart: start, selectionEnd: end, value } = area;
    area.setRangeText(sign + value.slice(start, end) + sign, start, end, "end");
    area.setSelectionRange(start + 1, end + 1);
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  };
}

/** A field for files; what is filled in is the list of File objects. */
export function drawFiles(element, block, context, labels) {
  const most = element.max_files ?? 10;
  const control = make("input", {
    type: "file",
    class: "b-file-input",
    multiple: most > 1,
    accept: element.filetypes?.map((type) => `.${type}`).join(",") || null,
    "aria-labelledby": labels.labelledby,
    "aria-describedby": labels.describedby,
    "aria-invalid": labels.invalid ? "true" : null,
  });
  const value = () => [...control.files];
  const place = field(element, block, value, { "data-kept": "no" }, control);
  control.addEventListener("change", () => {
    place.querySelector(":scope > .b-problem")?.remove();
    if (control.files.length > most) {
      control.value = "";
      place.append(make("p", { class: "b-problem", role: "alert" }, `No more than ${most} ${most === 1 ? "file" : "files"}.`));
      return;
    }
    if (isSent(block, context)) send(kindOf(block, context), control, element, block, value(), context);
  });
  return place;
}
