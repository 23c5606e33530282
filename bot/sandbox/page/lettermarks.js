/** Which letters an address has not opened yet, kept in this browser. */

import { kept } from "./dom.js";

const KEY = "mail.opened.";

// A number alone is not enough: a demo that starts over gives the same numbers to other letters.
const mark = (letter) => `${letter.n} ${letter.date}`;

function opened(address) {
  try {
    const marks = JSON.parse(kept.get(KEY + address) ?? "[]");
    return new Set(Array.isArray(marks) ? marks : []);
  } catch {
    return new Set();
  }
}

/** Whether a letter came from outside and was not opened. */
export function isUnread(letter, address) {
  return !isFrom(letter, address) && !opened(address).has(mark(letter));
}

/** How many of these letters are unread. */
export function unreadOf(letters, address) {
  const known = opened(address);
  return letters.filter((letter) => !isFrom(letter, address) && !known.has(mark(letter))).length;
}

/** Keep that a letter was opened; marks of letters that are gone go too. */
export function markOpened(letter, letters, address) {
  const known = opened(address);
  known.add(mark(letter));
  const there = new Set(letters.map(mark));
  kept.set(KEY + address, JSON.stringify([...known].filter((one) => there.has(one))));
}

/** Whether an address wrote a letter itself. */
export function isFrom(letter, address) {
  const angle = /<([^<>]*)>\s*$/.exec(letter.from);
  return (angle ? angle[1] : letter.from).trim().toLowerCase() === String(address).toLowerCase();
}

/** "spnet <bot@example.org>" -> "spnet" */
export function nameOf(from) {
  const name = from.replace(/<[^<>]*>\s*$/, "").trim().replace(/^"(.*)"$/, "$1");
  return name || from;
}
