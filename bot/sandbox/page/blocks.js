/**
 * Block Kit -> elements of the page, as people know it from Slack.
 *
 *     root.replaceChildren(drawBlocks(message.blocks, context));
 *
 * Texts come drawn (the key `drawn`, from bot/sandbox/drawing). The context is what blocks need of the page:
 *
 * - `act(kind, element, block, value)` does what a person did, a promise: `clicks` (value: the button's), `selects`
 *   (value: an option's value, an id, a date, seconds, a list of them, a typed text), `fills` (the same, in an input of a
 *   modal; a list of File for file inputs), `suggests` (value: what was typed; answers {options, option_groups}). When it
 *   fails, the error's `told` or `message` is shown at the element.
 * - `surface`: "message", "modal" or "home". `fills` comes only from inputs of a modal.
 * - `state`: block_id -> action_id -> what it holds, as `chosen` of a message or `state.values` of a view.
 * - `errors`: block_id -> what is wrong with it.
 * - `names`: {me, zone, people: Person[], channels: Channel[]} (arrays, or tables by id), for the selects of people and
 *   channels, and for date and time pickers.
 * - `channel`: the id of the conversation that is shown, for selects that begin with it.
 * - `files`: where the workspace's files are, "/control/file/" if not said.
 *
 * Every control is in an element with `data-key="block_id/action_id"`. fields.js has `remember`, for drawing anew without
 * losing what is being typed, and `unsent`, for what was typed and not sent yet.
 */

import { freshId } from "./dialogs.js";
import { drawElement, picture } from "./elements.js";
import { blockText, drawNodes, inlineText, isLink, link, make, plainText } from "./nodes.js";

export { remember, unsent } from "./fields.js";

/** Blocks as a fragment. */
export function drawBlocks(blocks, context) {
  const fragment = document.createDocumentFragment();
  for (const block of blocks ?? []) {
    const draw = BLOCKS[block.type];
    const made = draw
      ? draw(block, context)
      : make("p", { class: "b-note" }, `(A block of type ${block.type}, which this page cannot draw.)`);
    made.classList.add("b-block");
    if (block.block_id) made.dataset.block = block.block_id;
    fragment.append(made);
  }
  return fragment;
}

function drawSection(block, context) {
  const words = make("div", { class: "b-body" });
  if (block.text) words.append(make("div", { class: "b-text" }, blockText(block.text, context.names)));
  if (block.fields) {
    words.append(
      make(
        "div",
        { class: "b-fields" },
        block.fields.map((text) => make("div", { class: "b-text" }, blockText(text, context.names))),
      ),
    );
  }
  const made = make("div", { class: "b-section" }, words);
  if (block.accessory) {
    const name = shortened(plainText(block.text ?? block.fields?.[0]));
    const accessory = drawElement(block.accessory, block, context, { name });
    made.append(make("div", { class: `b-accessory b-accessory-${sizeOf(block.accessory)}` }, accessory));
  }
  return made;
}

function sizeOf(element) {
  if (["button", "overflow", "image"].includes(element.type)) return "small";
  return ["radio_buttons", "checkboxes"].includes(element.type) ? "wide" : "select";
}

function shortened(words) {
  const line = words.replaceAll(/\s+/g, " ").trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

function drawHeader(block) {
  return make("h3", { class: "b-header" }, inlineText(block.text));
}

function drawDivider() {
  return make("hr", { class: "b-divider" });
}

function drawContext(block, context) {
  return make(
    "div",
    { class: "b-context" },
    block.elements.map((element) => drawElement(element, block, context)),
  );
}

function drawActions(block, context) {
  return make(
    "div",
    { class: "b-actions" },
    block.elements.map((element) => drawElement(element, block, context)),
  );
}

function drawImage(block, context) {
  const title = block.title && plainText(block.title);
  return make(
    "figure",
    { class: "b-figure" },
    title && make("figcaption", {}, inlineText(block.title)),
    picture(block, "b-picture", context),
  );
}

const ONE_CONTROL = /_input$|^(?:static|users|channels|conversations)_select$|picker$/;

function drawInput(block, context) {
  const label = freshId("label");
  const hint = block.hint && freshId("hint");
  const wrong = context.errors?.[block.block_id];
  const error = wrong && freshId("error");
  const words = [
    inlineText(block.label),
    block.optional && make("span", { class: "b-optional" }, " (optional)"),
  ];
  const element = drawElement(block.element, block, context, {
    name: plainText(block.label),
    labelledby: label,
    describedby: [error, hint].filter(Boolean).join(" ") || null,
    invalid: Boolean(wrong),
    required: !block.optional,
  });
  const control = ONE_CONTROL.test(block.element.type) ? element.querySelector("input, select, textarea") : null;
  if (control) control.id ||= freshId("control");
  return make(
    "div",
    { class: `b-input-block${wrong ? " b-wrong" : ""}` },
    make(control ? "label" : "div", { id: label, class: "b-label", for: control?.id }, ...words),
    element,
    wrong && make("p", { id: error, class: "b-problem", role: "alert" }, wrong),
    hint && make("p", { id: hint, class: "b-hint" }, inlineText(block.hint)),
  );
}

function drawRichText(block, context) {
  return make("div", { class: "b-text" }, drawNodes(block.drawn, { ...context.names, jumbo: context.surface === "message" }));
}

function drawMarkdown(block, context) {
  if (block.drawn) return make("div", { class: "b-text" }, drawNodes(block.drawn, context.names));
  return make("div", { class: "b-text" }, blockText({ text: block.text }));
}

function drawTable(block, context) {
  return make("div", { class: "b-text" }, drawNodes(block.drawn, context.names));
}

function drawVideo(block, context) {
  const from = [block.author_name, block.provider_name].filter(Boolean).join(" · ");
  const film = isLink(block.video_url) ? block.video_url : null;
  return make(
    "div",
    { class: "b-video" },
    link(block.title_url ?? film, { class: "b-video-title n-link" }, plainText(block.title)),
    block.description && make("p", { class: "b-text" }, inlineText(block.description)),
    picture({ image_url: block.thumbnail_url, alt_text: block.alt_text }, "b-picture", context),
    make(
      "p",
      { class: "b-note" },
      film && link(film, { class: "n-link" }, "▶ Watch the film"),
      from && (film ? ` · ${from}` : from),
    ),
  );
}

function drawFile(block) {
  return make(
    "div",
    { class: "b-file" },
    make("span", { class: "b-file-sign", "aria-hidden": "true" }),
    make("span", {}, make("strong", {}, block.external_id), make("span", { class: "b-under" }, "A file kept elsewhere")),
  );
}

/** Every block that bot/sandbox/limits.py takes. */
export const BLOCKS = {
  section: drawSection,
  divider: drawDivider,
  header: drawHeader,
  actions: drawActions,
  context: drawContext,
  image: drawImage,
  input: drawInput,
  rich_text: drawRichText,
  markdown: drawMarkdown,
  table: drawTable,
  video: drawVideo,
  file: drawFile,
};

const NAMED_COLORS = { good: "var(--ok)", warning: "var(--warn)", danger: "var(--danger)" };

/** A message's attachments as a fragment: a colour bar, blocks, and the fields of the older form. */
export function drawAttachments(attachments, context) {
  const fragment = document.createDocumentFragment();
  for (const each of attachments ?? []) {
    const body = make("div", { class: "b-attached-body" }, legacy(each, context), drawBlocks(each.blocks, context));
    if (each.thumb_url) body.append(picture({ image_url: each.thumb_url, alt_text: each.fallback ?? "" }, "b-image", context));
    const made = make("div", { class: "b-attached" }, body);
    const color = NAMED_COLORS[each.color] ?? (/^#?[0-9a-f]{6}$/i.test(each.color ?? "") ? `#${each.color.replace("#", "")}` : "");
    if (color) made.style.setProperty("--b-bar", color);
    if (each.drawn?.pretext) fragment.append(make("div", { class: "b-text" }, drawNodes(each.drawn.pretext, context.names)));
    fragment.append(made);
  }
  return fragment;
}

function legacy(each, context) {
  const fragment = document.createDocumentFragment();
  const { drawn = {} } = each;
  const footer = [each.footer && drawNodes(drawn.footer, context.names), each.ts && momentOf(each.ts)];
  if (each.author_name) fragment.append(make("p", { class: "b-note" }, link(each.author_link, { class: "b-author" }, each.author_name)));
  if (each.title) {
    fragment.append(make("div", { class: "b-attached-title" }, link(each.title_link, { class: "n-link" }, drawNodes(drawn.title, context.names))));
  }
  if (drawn.text) fragment.append(make("div", { class: "b-text" }, drawNodes(drawn.text, context.names)));
  if (each.fields?.length) {
    fragment.append(
      make(
        "div",
        { class: "b-fields" },
        each.fields.map((field) =>
          make(
            "div",
            { class: `b-text${field.short ? "" : " b-long"}` },
            field.title && make("strong", { class: "b-field-title" }, field.title),
            drawNodes(field.drawn, context.names),
          ),
        ),
      ),
    );
  }
  if (each.image_url) fragment.append(picture({ image_url: each.image_url, alt_text: each.fallback ?? "" }, "b-picture", context));
  if (footer.some(Boolean)) fragment.append(make("div", { class: "b-note b-footer" }, ...footer));
  return fragment;
}

function momentOf(seconds) {
  const moment = new Date(Number(seconds) * 1000);
  if (Number.isNaN(moment.getTime())) return null;
  return make("time", { datetime: moment.toISOString() }, moment.toISOString().slice(0, 10));
}
