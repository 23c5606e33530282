/** What can be chosen: the options of an element, or the people and channels of the workspace. */

import { plainText } from "./nodes.js";

/** One choice: its value, its words, what is said under it, and the text objects it came from. */
function choice(option) {
  return {
    value: option.value,
    words: plainText(option.text),
    under: plainText(option.description),
    text: option.text,
    description: option.description,
    url: option.url,
  };
}

/** Groups of choices, one without a label where there are no groups. */
export function groupsOf(element) {
  const groups = element.option_groups ?? [{ options: element.options ?? [] }];
  return groups.map((group) => ({ label: plainText(group.label), choices: (group.options ?? []).map(choice) }));
}

const KINDS = { channel: "public", group: "private", im: "im", mpim: "mpim" };

/** The people, channels or conversations that an element of that kind offers. */
export function placesOf(element, context) {
  const people = listed(context.names?.people).filter((person) => !person.deactivated);
  const channels = listed(context.names?.channels).filter((channel) => !channel.archived);
  if (element.type.includes("users")) return [group(people.map(person))];
  if (element.type.includes("channels")) {
    return [group(channels.filter((channel) => channel.kind === "channel").map(named))];
  }
  const { include, exclude_bot_users: noBots } = element.filter ?? {};
  const direct = new Map(people.map((each) => [each.id, each]));
  const offered = channels
    .filter((channel) => channel.member !== false)
    .filter((channel) => !include || include.includes(KINDS[channel.kind]))
    .filter((channel) => !(noBots && channel.kind === "im" && direct.get(channel.with)?.bot))
    .map((channel) =>
      channel.kind === "im"
        ? { value: channel.id, words: direct.get(channel.with)?.name ?? channel.with, under: "Direct message" }
        : named(channel),
    );
  return [group(offered)];
}

/** What is chosen now, as choices: from options with their words, or from ids. */
export function chosenOf(value, groups) {
  const known = new Map(groups.flatMap((each) => each.choices).map((each) => [each.value, each]));
  return (Array.isArray(value) ? value : value ? [value] : []).map((each) =>
    typeof each === "string" ? (known.get(each) ?? { value: each, words: each, under: "" }) : choice(each),
  );
}

function listed(many) {
  if (many instanceof Map) return [...many.values()];
  return Array.isArray(many) ? many : Object.values(many ?? {});
}

function group(choices) {
  return { label: "", choices: choices.sort((a, b) => a.words.localeCompare(b.words)) };
}

function person(each) {
  return { value: each.id, words: each.name, under: each.title ?? "" };
}

function named(channel) {
  return { value: channel.id, words: `#${channel.name}`, under: "" };
}
