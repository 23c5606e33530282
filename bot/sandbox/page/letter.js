/** One letter, opened: as its page, its text, its headers and its source, with what is attached, and an answer to it. */

import { send } from "./api.js";
import { h, icon, sizeOf } from "./dom.js";
import { isFrom, nameOf } from "./lettermarks.js";
import { wholeMoment } from "./moments.js";

const MOST_SOURCE = 200_000;
const BORDERS = 2;

/**
 * A letter as an element.
 *
 * @param {object} letter as GET /control/mail/N gives it
 * @param {{person: object, zone: string, close: () => void, answered: () => Promise<void>}} how who reads it, and in
 *   which zone; what goes back to the list; what happens once an answer is sent
 */
export function openedLetter(letter, how) {
  const { person, zone } = how;
  const back = h("button", { type: "button", class: "quiet-button mail-back", onclick: how.close }, icon("back"), "All letters");
  const heading = h("h3", { class: "mail-subject", tabindex: "-1", id: `letter-${letter.n}` }, letter.subject || "(no subject)");
  const mine = isFrom(letter, person.email);
  const body = h(
    "article",
    { class: "mail-letter", "data-look": "mail", "aria-labelledby": heading.id },
    back,
    heading,
    h(
      "dl",
      { class: "mail-envelope" },
      pair("From", mine ? `${nameOf(letter.from)} (you)` : letter.from),
      pair("To", letter.to.join(", ")),
      letter.date && pair("Sent", h("time", { datetime: letter.date }, wholeMoment(Date.parse(letter.date), zone))),
    ),
    attachments(letter),
    tabs(letter),
    answerTo(letter, how),
  );
  return { element: body, heading };
}

function pair(name, value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, value));
}

// what is attached

function attachments(letter) {
  if (letter.attachments.length === 0) return null;
  return h(
    "section",
    { class: "mail-parts", "aria-label": "Attached" },
    h("h4", {}, letter.attachments.length === 1 ? "1 part attached" : `${letter.attachments.length} parts attached`),
    h("ul", {}, letter.attachments.map((part) => h("li", {}, attached(letter, part)))),
  );
}

function attached(letter, part) {
  const address = `/control/mail/${letter.n}/part/${part.n}`;
  const picture = part.type.startsWith("image/");
  const name = part.name || (picture ? "Picture in the letter" : "Part without a name");
  const how = picture ? { target: "_blank", rel: "noopener" } : { download: part.name || `part-${part.n}` };
  return h(
    "a",
    { href: address, class: "mail-part", ...how },
    h("span", { class: "mail-part-kind", "aria-hidden": "true" }, kindOf(part)),
    h("span", { class: "mail-part-name" }, name),
    h("span", { class: "mail-part-size" }, sizeOf(part.size)),
  );
}

function kindOf(part) {
  const ending = /\.(\w{1,4})$/.exec(part.name)?.[1];
  return (ending ?? part.type.split("/").at(-1).replace(/^(x-|vnd\.).*/, "file")).slice(0, 4).toUpperCase();
}

// the four ways to look at it

function tabs(letter) {
  const views = [
    letter.has_html && ["Letter", () => pageOf(letter)],
    ["Text", () => h("pre", { class: "mail-text", tabindex: "0" }, letter.text.trim() || "This letter has no text part.")],
    ["Headers", () => headersOf(letter)],
    ["Source", () => sourceOf(letter)],
  ].filter(Boolean);
  const panel = h("div", { role: "tabpanel", id: `letter-${letter.n}-view`, class: "mail-view" });
  const list = h("div", { role: "tablist", class: "mail-tabs", "aria-label": "How to see the letter" });
  const buttons = views.map(([name, draw], place) => {
    const button = h(
      "button",
      { type: "button", role: "tab", id: `letter-${letter.n}-tab-${place}`, "aria-controls": panel.id },
      name,
    );
    button.addEventListener("click", () => show(place));
    button.addEventListener("keydown", (event) => {
      const next = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: views.length - 1 }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      show((next + views.length) % views.length);
      buttons[(next + views.length) % views.length].focus();
    });
    return button;
  });
  list.append(...buttons);
  function show(chosen) {
    buttons.forEach((button, place) => {
      button.setAttribute("aria-selected", String(place === chosen));
      button.tabIndex = place === chosen ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", buttons[chosen].id);
    panel.replaceChildren(views[chosen][1]());
  }
  show(0);
  return h("section", { class: "mail-views" }, list, panel);
}

/** The mail's own page in a frame where nothing runs, as high as the mail is long. */
function pageOf(letter) {
  const frame = h("iframe", {
    class: "mail-page",
    src: `/control/mail/${letter.n}/html`,
    // Its own pictures are refused to a frame without an origin; without allow-scripts there is nobody to misuse it.
    sandbox: "allow-same-origin allow-popups allow-popups-to-escape-sandbox",
    title: `The letter: ${letter.subject}`,
    referrerpolicy: "no-referrer",
  });
  let width = 0;
  const fit = () => {
    const inside = frame.contentDocument?.documentElement;
    if (!inside) return;
    // A mail may be as high as its frame by its own wish: it is measured in a low one.
    frame.style.height = "1px";
    frame.style.height = `${inside.scrollHeight + BORDERS}px`;
  };
  frame.addEventListener("load", () => {
    fit();
    new ResizeObserver(() => {
      if (frame.clientWidth === width) return;
      width = frame.clientWidth;
      fit();
    }).observe(frame);
  });
  return frame;
}

function headersOf(letter) {
  const rows = letter.headers.map(([name, value]) =>
    h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value)),
  );
  return h(
    "table",
    { class: "mail-headers" },
    h("caption", { class: "sr" }, "The letter's headers"),
    h("tbody", {}, rows),
  );
}

function sourceOf(letter) {
  const address = `/control/mail/${letter.n}/source`;
  const text = h("pre", { class: "mail-source", tabindex: "0", "aria-label": "Source" }, "One moment…");
  const box = h("div", {}, text);
  fetch(address)
    .then((answer) => answer.text())
    .then((source) => {
      text.textContent = source.slice(0, MOST_SOURCE);
      if (source.length <= MOST_SOURCE) return;
      const whole = h("a", { href: address, target: "_blank", rel: "noopener" }, "See the whole source");
      box.append(h("p", { class: "mail-note" }, `This is the beginning of ${sizeOf(letter.size)}. `, whole));
    })
    .catch(() => {
      text.textContent = "The source could not be read. Is the demo still running?";
    });
  return box;
}

// an answer

function answerTo(letter, { person, answered }) {
  const mine = letter.to.some((address) => address.toLowerCase() === String(person.email).toLowerCase());
  if (!mine) {
    const reader = isFrom(letter, person.email) ? null : "Only the person it was written to can answer this letter.";
    return reader && h("p", { class: "mail-note" }, reader);
  }
  const text = h("textarea", { class: "field", id: `answer-${letter.n}`, rows: "4", required: true });
  const wrong = h("p", { class: "mail-wrong", role: "alert" });
  const button = h("button", { type: "submit", class: "button primary" }, "Send the answer");
  const form = h(
    "form",
    { class: "mail-answer", novalidate: true },
    h("label", { for: text.id }, `Answer as ${person.name}`),
    text,
    wrong,
    button,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    wrong.textContent = "";
    if (!text.value.trim()) {
      wrong.textContent = "Please write a few words first.";
      text.focus();
      return;
    }
    button.disabled = true;
    button.textContent = "Sending…";
    try {
      await send(`mail/${letter.n}/reply`, { as: person.email, text: text.value });
      await answered();
    } catch (error) {
      wrong.textContent = `The answer was not sent: ${error.message} Your words are still here.`;
      button.disabled = false;
      button.textContent = "Send the answer";
    }
  });
  return form;
}
