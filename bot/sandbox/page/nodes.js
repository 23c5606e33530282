/**
 * Nodes of bot/sandbox/drawing -> elements of the page.
 *
 * Every element is made by createElement, every word put in as text: nothing that a person typed can become markup.
 */

const STYLES = [["c", "code"], ["b", "strong"], ["i", "em"], ["s", "s"], ["u", "u"]];
const LINK = /^(?:https?:\/\/|mailto:|tel:)/i;
const COLOR = /^#[0-9a-f]{3,8}$/i;
const MOST_JUMBO = 23;

/** An element with attributes and children; false, null and undefined are left out. */
export function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** Whether an address may become a link: http, https, mailto and tel only. */
export function isLink(url) {
  return typeof url === "string" && LINK.test(url);
}

/** A link that opens beside the page and tells the other side nothing; the words alone where it may not be one. */
export function link(url, attributes, ...children) {
  if (!isLink(url)) return make("span", attributes, ...children);
  return make("a", { ...attributes, href: url, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/**
 * Block nodes as a fragment.
 *
 * @param {object[]} nodes what the control address gives as `drawn`
 * @param {{me?: string, jumbo?: boolean}} [how] who reads (their own mention is marked), and whether a text of nothing
 *   but emoji is drawn large
 */
export function drawNodes(nodes, how = {}) {
  const fragment = document.createDocumentFragment();
  const jumbo = how.jumbo && isJumbo(nodes ?? []);
  for (const node of nodes ?? []) {
    const made = (DRAW[node.t] ?? paragraph)(node, how);
    if (jumbo) made.classList.add("n-jumbo");
    fragment.append(made);
  }
  return fragment;
}

/** Inline nodes as a fragment. */
function drawInline(nodes, how = {}) {
  const fragment = document.createDocumentFragment();
  fragment.append(...(nodes ?? []).map((node) => styled(node, how)));
  return fragment;
}

/** The words of nodes, for labels and options, which hold no elements. */
export function plain(nodes) {
  return (nodes ?? []).map(plainNode).join("");
}

/** The words of a text object (plain_text or mrkdwn). */
export function plainText(text) {
  if (!text) return "";
  return text.drawn ? plain(text.drawn).trim() : String(text.text ?? "");
}

/** A text object as a fragment of inline elements, its paragraphs and quotes without their blocks. */
export function inlineText(text, how = {}) {
  const fragment = document.createDocumentFragment();
  if (!text?.drawn) {
    fragment.append(String(text?.text ?? ""));
    return fragment;
  }
  text.drawn.forEach((node, place) => {
    if (place) fragment.append(make("br"));
    fragment.append(Array.isArray(node.of) && node.t === "p" ? drawInline(node.of, how) : plainNode(node));
  });
  return fragment;
}

/** A text object as a fragment of blocks. */
export function blockText(text, how = {}) {
  if (text?.drawn) return drawNodes(text.drawn, how);
  return drawNodes([{ t: "p", of: [{ t: "text", text: String(text?.text ?? "") }] }], how);
}

function paragraph(node, how) {
  return make("p", { class: "n-p" }, drawInline(node.of, how));
}

const DRAW = {
  p: paragraph,
  h: (node, how) => make(`h${Math.min(6, node.level + 2)}`, { class: `n-h n-h${node.level}` }, drawInline(node.of, how)),
  hr: () => make("hr", { class: "n-hr" }),
  pre: (node) => make("pre", { class: "n-pre", tabindex: "0" }, make("code", {}, node.text)),
  quote: (node, how) => make("blockquote", { class: "n-quote" }, drawNodes(node.of, { ...how, jumbo: false })),
  list: drawList,
  table: drawTable,
};

function drawList(node, how) {
  const depth = Math.min(8, node.indent ?? 0);
  const list = make(
    node.ordered ? "ol" : "ul",
    {
      class: `n-list n-depth-${depth % 3}${node.border ? " n-border" : ""}`,
      start: node.ordered && node.start > 1 ? String(node.start) : null,
    },
    node.of.map((item) => make("li", {}, drawInline(item, how))),
  );
  list.style.setProperty("--n-indent", String(depth));
  return list;
}

function drawTable(node, how) {
  const row = (cells, tag) =>
    make(
      "tr",
      {},
      cells.map((cell) =>
        make(
          tag,
          {
            scope: tag === "th" ? "col" : null,
            class: `n-${cell.align ?? "left"}${cell.wrap ? " n-wrap" : ""}`,
          },
          drawInline(cell.of, how),
        ),
      ),
    );
  const [head, ...rest] = node.head ? node.rows : [null, ...node.rows];
  return make(
    "div",
    { class: "n-table", tabindex: "0", role: "group", "aria-label": "Table" },
    make(
      "table",
      {},
      head && make("thead", {}, row(head, "th")),
      make("tbody", {}, rest.map((cells) => row(cells, "td"))),
    ),
  );
}

const INLINE = {
  text: (node) => document.createTextNode(node.text),
  br: () => make("br"),
  link: (node, how) => link(node.url, { class: "n-link" }, drawInline(node.of, how)),
  user: (node, how) =>
    make("span", { class: `n-mention${node.id === how.me ? " n-me" : ""}`, "data-user": node.id }, `@${node.name}`),
  group: (node) => make("span", { class: "n-mention", "data-group": node.id }, `@${node.name}`),
  channel: (node) =>
    make("button", { class: "n-mention n-channel", type: "button", "data-channel": node.id }, `#${node.name}`),
  broadcast: (node) => make("span", { class: "n-mention n-me" }, `@${node.range}`),
  date: (node) =>
    make("time", { class: "n-date", datetime: isoOf(node.at), title: isoOf(node.at) && utcOf(node.at) }, node.text),
  emoji: drawEmoji,
  color: (node) => {
    const swatch = make("span", { class: "n-swatch", "aria-hidden": "true" });
    if (COLOR.test(node.value)) swatch.style.backgroundColor = node.value;
    return make("span", { class: "n-color" }, node.value, swatch);
  },
};

/** An emoji, named for those who do not see it; the workspace's own ones by their names. */
function drawEmoji(node) {
  if (!node.char) return document.createTextNode(`:${node.name}:`);
  const name = node.name.replaceAll(/[_-]+/g, " ");
  return make("span", { class: "n-emoji", role: "img", "aria-label": name, title: `:${node.name}:` }, node.char);
}

function styled(node, how) {
  let made = (INLINE[node.t] ?? ((other) => document.createTextNode(other.text ?? "")))(node, how);
  for (const [mark, tag] of STYLES) if (node[mark]) made = make(tag, tag === "code" ? { class: "n-code" } : {}, made);
  return made;
}

function isJumbo(nodes) {
  if (nodes.length !== 1 || nodes[0].t !== "p") return false;
  const seen = nodes[0].of.filter((node) => !(node.t === "text" && node.text.trim() === ""));
  return seen.length > 0 && seen.length <= MOST_JUMBO && seen.every((node) => node.t === "emoji" && node.char);
}

function plainNode(node) {
  switch (node.t) {
    case "text":
    case "date":
    case "pre":
      return node.text;
    case "br":
    case "hr":
      return "\n";
    case "user":
    case "group":
      return `@${node.name}`;
    case "channel":
      return `#${node.name}`;
    case "broadcast":
      return `@${node.range}`;
    case "emoji":
      return node.char ?? `:${node.name}:`;
    case "color":
      return node.value;
    case "list":
      return node.of.map((item) => `• ${plain(item)}\n`).join("");
    case "table":
      return node.rows.map((row) => `${row.map((cell) => plain(cell.of)).join("  ")}\n`).join("");
    default:
      return plain(node.of) + (node.t === "p" || node.t === "h" ? "\n" : "");
  }
}

function isoOf(at) {
  const moment = new Date(at * 1000);
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}

function utcOf(at) {
  return `${isoOf(at).slice(0, 16).replace("T", " ")} UTC`;
}
