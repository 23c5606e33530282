/** One message as an element. It is drawn once and again only when it changed. */

import { drawAttachments, drawBlocks } from "./blocks.js";
import { h, icon, sizeOf } from "./dom.js";
import { avatar, nameOf } from "./looks.js";
import { drawNodes } from "./nodes.js";
import { full, hour, momentOf, when } from "./times.js";

const MOST_FACES = 4;
/** Messages by which Slack itself says what somebody did. */
const NOTICE = /^(?:channel|group)_|^(?:un)?pinned_item$|^bot_(?:add|remove)$/;

/**
 * @param {object} message as the control address tells it
 * @param {object} shell the page
 * @param {{compact: boolean, inThread: boolean}} how whether the name is left out, since the same person just spoke
 * @returns {HTMLElement}
 */
export function drawMessage(message, shell, { compact, inThread }) {
  const { store } = shell;
  const moment = momentOf(message.ts);
  const name = nameOf(store, message.user);
  const made = h(
    "div",
    {
      class: [
        "message",
        compact && "compact",
        message.ephemeral && "ephemeral",
        NOTICE.test(message.subtype) && "notice",
      ]
        .filter(Boolean)
        .join(" "),
      role: "article",
      tabindex: "-1",
      "data-ts": message.ts,
      "aria-label": `${name}, ${when(moment, store.zone, store.now())}`,
    },
    h("div", { class: "message-side" }, compact ? timeOf(message, store) : avatar(store, message.user)),
    h("div", { class: "message-body" }, ...bodyOf(message, shell, { compact, inThread, name })),
  );
  return made;
}

function bodyOf(message, shell, { compact, inThread, name }) {
  const { store } = shell;
  const context = contextOf(message, shell);
  const words = message.blocks?.length ? drawBlocks(message.blocks, context) : wordsOf(message, context.names);
  return [
    message.ephemeral && note("eye", "Only visible to you"),
    message.pinned && note("pin", "Pinned"),
    compact
      ? null
      : h(
          "div",
          { class: "message-head" },
          h("span", { class: "message-name" }, name),
          message.user === store.app.user ? h("span", { class: "tag" }, "App") : null,
          timeOf(message, store),
        ),
    message.broadcast && !inThread && repliedTo(message, shell),
    h("div", { class: "message-words" }, message.edited ? withEdited(words) : words),
    message.attachments?.length ? drawAttachments(message.attachments, context) : null,
    message.files?.length ? h("div", { class: "files" }, message.files.map(fileOf)) : null,
    message.reactions?.length ? reactionsOf(message, shell) : null,
    message.replies && !inThread ? repliesOf(message, shell) : null,
  ];
}

function wordsOf(message, names) {
  if (message.drawn) return drawNodes(message.drawn, { ...names, jumbo: true });
  return message.files?.length ? h("span", { class: "sr" }, "A file") : document.createTextNode(message.text);
}

/** The mark that a message was changed stands behind its last word. */
function withEdited(words) {
  const mark = h("span", { class: "edited" }, " (edited)");
  const last = [...(words.querySelectorAll?.(".n-p") ?? [])].at(-1);
  if (!last) return [words, mark];
  last.append(mark);
  return words;
}

function timeOf(message, store) {
  const moment = momentOf(message.ts);
  return h(
    "time",
    { class: "message-time", datetime: moment.toISOString(), title: full(moment, store.zone) },
    hour(moment, store.zone),
  );
}

function note(sign, text) {
  return h("p", { class: "message-note" }, icon(sign), text);
}

function repliedTo(message, shell) {
  return h(
    "p",
    { class: "message-note" },
    icon("reply"),
    "replied to ",
    h("button", { type: "button", class: "link", onclick: () => shell.openThread(message.thread) }, "a thread"),
  );
}

/** What blocks of a message need to know; what people do in them goes to the app. */
function contextOf(message, shell) {
  const { channel, ts, thread } = message;
  return {
    surface: "message",
    state: message.chosen ?? {},
    errors: {},
    names: shell.names,
    channel,
    async act(kind, element, block, value) {
      const given = { action_id: element.action_id, block_id: block.block_id, value: value ?? undefined, message: ts };
      if (kind === "suggests") return shell.act("suggests", given);
      if (kind === "selects") given.value = value;
      try {
        return await shell.act(kind, { ...given, where: "message", wait: true });
      } catch (refused) {
        // Slack says this in a private line, not at the button.
        if (refused.code !== "operation_timeout") throw refused;
        const label = element.text?.text ?? "Your choice";
        shell.tellRefusal(refused, { channel, thread, what: `“${label}”` });
        return null;
      }
    },
  };
}

function fileOf(file) {
  if (/^image\/(png|jpeg|gif|webp)$/.test(file.mimetype)) {
    const shown = file.alt ? `${file.name}: ${file.alt}` : file.name;
    const picture = h("img", { src: file.url, alt: textOf(file), loading: "lazy" });
    return h(
      "button",
      {
        type: "button",
        class: "picture",
        "aria-label": `Open the picture ${shown}`,
        onclick: () => openPicture(file),
      },
      picture,
    );
  }
  return h(
    "a",
    { class: "file", href: file.url, download: file.name },
    icon("file"),
    h("span", { class: "sr" }, "Download "),
    h("span", { class: "file-name" }, file.name),
    h("span", { class: "file-size" }, sizeOf(file.size)),
  );
}

/** What a picture shows, in words. */
const textOf = (file) => file.alt || file.title || file.name;

function openPicture(file) {
  const close = h("button", { type: "button", class: "button" }, "Close");
  const dialog = h(
    "dialog",
    { class: "sheet picture-sheet", "aria-label": file.name },
    h("img", { src: file.url, alt: textOf(file) }),
    h(
      "div",
      { class: "picture-foot" },
      h("span", {}, file.name),
      h("a", { href: file.url, download: file.name }, "Download"),
      close,
    ),
  );
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function reactionsOf(message, shell) {
  const { store } = shell;
  return h(
    "div",
    { class: "reactions", role: "group", "aria-label": "Reactions" },
    message.reactions.map(({ name, char, users }) => {
      const mine = users.includes(store.me);
      const who = users.map((id) => nameOf(store, id)).join(", ");
      return h(
        "button",
        {
          type: "button",
          class: "reaction",
          "aria-pressed": String(mine),
          title: `${who}: :${name}:`,
          "data-key": `reaction ${name}`,
          onclick: () =>
            shell.does(mine ? "unreacts" : "reacts", { name, ts: message.ts, channel: message.channel }, message),
        },
        h("span", { "aria-hidden": "true" }, char ?? `:${name}:`),
        h("span", { class: "reaction-count" }, String(users.length)),
        h("span", { class: "sr" }, ` ${name.replaceAll("_", " ")}: ${who}`),
      );
    }),
  );
}

function repliesOf(message, shell) {
  const { store } = shell;
  const faces = (message.repliers ?? []).slice(0, MOST_FACES);
  const last = message.latest_reply && when(momentOf(message.latest_reply), store.zone, store.now());
  const count = message.replies === 1 ? "1 reply" : `${message.replies} replies`;
  return h(
    "button",
    { type: "button", class: "replies", "data-key": "replies", onclick: () => shell.openThread(message.ts) },
    faces.map((id) => avatar(store, id, "small")),
    h("span", { class: "replies-count" }, count),
    h("span", { class: "replies-last" }, last ? `Last reply ${last}` : ""),
    h("span", { class: "replies-view" }, "View thread"),
  );
}
