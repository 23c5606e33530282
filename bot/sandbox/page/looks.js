/** How people and places look: avatars, names, and in which group a person stands. */

import { h, icon } from "./dom.js";
import { SLACKBOT } from "./store.js";

const COLORS = 8;
const ROLES = ["Secretariat", "Focal point", "Alternate", "Coordinator", "Contributor", "Partner"];

/** A person's name, whoever they are. */
export function nameOf(store, id) {
  if (id === SLACKBOT) return "Slackbot";
  return store.who(id)?.name ?? id;
}

/** A square with initials, or the app's mark; for the eye only. */
export function avatar(store, id, size = "") {
  if (id === store.app.user) {
    const mark = h("img", { src: "/mark.svg", alt: "", width: "36", height: "36" });
    return h("span", { class: `avatar app ${size}`, "aria-hidden": "true" }, mark);
  }
  return initials(nameOf(store, id), id, size);
}

/** The same for somebody who is known by name only. */
export function initials(name, id, size = "") {
  const words = name.split(/\s+/).filter(Boolean);
  const letters = (words[0]?.[0] ?? "?") + (words.length > 1 ? words.at(-1)[0] : "");
  const sum = [...id].reduce((total, letter) => total * 31 + letter.codePointAt(0), 7);
  const color = id === SLACKBOT ? "system" : `c${Math.abs(sum % COLORS)}`;
  // The letters are drawn by the style: they are no words of the button or line that they stand in.
  return h("span", { class: `avatar ${color} ${size}`, "aria-hidden": "true", "data-letters": letters.toUpperCase() });
}

/** What a channel is called. */
export function placeName(store, channel) {
  return channel.kind === "im" ? nameOf(store, channel.with) : channel.name;
}

/** The sign before a channel's name. */
export function placeIcon(store, channel) {
  if (channel.kind === "im") return avatar(store, channel.with, "small");
  return icon(channel.kind === "channel" ? "hash" : "lock");
}

/**
 * People in groups by what they do, each by country: "Focal point, Indonesia" stands under "Focal points".
 *
 * @returns {{title: string, people: object[]}[]} bots and people who left are in none
 */
export function groups(people) {
  const found = new Map();
  for (const person of people) {
    if (person.bot || person.deactivated) continue;
    const role = (person.title || "").split(",")[0].trim();
    const known = ROLES.find((name) => role.toLowerCase().startsWith(name.toLowerCase()));
    const title = known ?? (role || "Others");
    found.set(title, [...(found.get(title) ?? []), person]);
  }
  const place = (title) => (ROLES.includes(title) ? ROLES.indexOf(title) : ROLES.length);
  return [...found]
    .sort(([a], [b]) => place(a) - place(b) || a.localeCompare(b))
    .map(([title, all]) => ({
      title: all.length > 1 && ROLES.includes(title) && title !== "Secretariat" ? `${title}s` : title,
      people: all.sort((a, b) => (a.title || "").localeCompare(b.title || "") || a.name.localeCompare(b.name)),
    }));
}
