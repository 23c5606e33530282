/** One fault as a row with its small form: what it does, how, and a button that starts or stops it. */

import { h } from "./dom.js";

const METHODS = [
  "chat.postMessage",
  "chat.postEphemeral",
  "chat.update",
  "conversations.open",
  "response_url",
  "users.info",
  "views.open",
  "views.publish",
  "views.push",
  "views.update",
];

const NAMES = {
  channel: "Channel",
  error: "Error code",
  method: "Which call",
  new_ids: "Under new ids",
  reason: "Reason",
  retry_after: "Wait",
  seconds: "Seconds",
  status: "HTTP status",
  times: "How many",
  user: "Who",
  warned: "Warned before",
};

/**
 * @param {object} fault as GET /control/faults gives it
 * @param {{store: object, start: (values: object) => Promise<void>, stop: () => Promise<void>}} how
 * @returns {{element: HTMLElement, show: (on: boolean) => void}}
 */
export function faultRow(fault, { store, start, stop }) {
  const id = `fault-${fault.name}`;
  const fields = fault.arguments.map((argument) => field(argument, `${id}-${argument.name}`, store));
  const button = h("button", { type: "submit", class: "button", "aria-describedby": `${id}-help` }, "Start");
  const told = h("p", { class: "fault-told", role: "status" });
  const how = fields.length
    ? h("details", { class: "fault-how" }, h("summary", {}, "How exactly"), fields.map((one) => one.element))
    : null;
  const form = h(
    "form",
    { class: "fault-form", novalidate: true },
    h("div", { class: "fault-head" }, h("p", { class: "fault-help", id: `${id}-help` }, fault.help), button),
    how,
    told,
  );
  const element = h("li", { class: "fault", "data-fault": fault.name }, form);
  let on = false;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled") === "true") return;
    told.textContent = "";
    const wrong = on ? null : fields.find((one) => one.missing());
    if (wrong) {
      how.open = true;
      wrong.input.focus();
      told.textContent = `Please say first: ${wrong.name.toLowerCase()}.`;
      return;
    }
    button.setAttribute("aria-disabled", "true");
    try {
      if (on) {
        await stop();
      } else {
        await start(Object.fromEntries(fields.map((one) => [one.key, one.value()]).filter(([, value]) => value !== null)));
        // What is over at once is never seen as on.
        if (!on) told.textContent = "Done. This happens once.";
      }
    } catch (error) {
      told.textContent = `That did not work: ${error.message}`;
    } finally {
      button.removeAttribute("aria-disabled");
    }
  });

  return {
    element,
    show(now) {
      if (now) told.textContent = "";
      on = now;
      element.classList.toggle("fault-on", now);
      button.textContent = now ? "Stop" : "Start";
      button.classList.toggle("primary", now);
    },
  };
}

function field(argument, id, store) {
  const name = NAMES[argument.name] ?? plainName(argument.name);
  const help = h("span", { class: "fault-hint", id: `${id}-hint` }, argument.help);
  const given = { id, "aria-describedby": help.id };
  const input = inputFor(argument, given, store);
  const flag = argument.kind === "flag";
  if (!flag) input.classList.add("field");
  const element = flag
    ? h("div", { class: "fault-field fault-flag" }, input, h("label", { for: id }, name), help)
    : h("div", { class: "fault-field" }, h("label", { for: id }, name), input, extras(argument, id), help);
  return {
    element,
    input,
    name,
    key: argument.name,
    missing: () => argument.needed && !input.value.trim(),
    value() {
      if (flag) return input.checked;
      const text = input.value.trim();
      if (!text) return null;
      return argument.kind === "number" ? Number(text) : text;
    },
  };
}

function plainName(name) {
  const words = name.replaceAll("_", " ");
  return words[0].toUpperCase() + words.slice(1);
}

function inputFor(argument, given, store) {
  if (argument.kind === "flag") return h("input", { ...given, type: "checkbox", checked: argument.default === true });
  if (argument.kind === "number") {
    return h("input", { ...given, type: "number", min: "0", step: "any", value: argument.default ?? "" });
  }
  if (argument.name === "user") return chosenFrom(given, argument, () => people(store));
  if (argument.name === "channel") return chosenFrom(given, argument, () => channels(store));
  if (argument.choices.length) {
    return chosenFrom(given, argument, () => argument.choices.map((value) => [value, value.replaceAll("_", " ")]));
  }
  const list = argument.name === "method" ? { list: `${given.id}-list` } : {};
  return h("input", { ...given, ...list, type: "text", value: argument.default ?? "", autocomplete: "off", spellcheck: "false" });
}

function extras(argument, id) {
  if (argument.name !== "method") return null;
  return h("datalist", { id: `${id}-list` }, ["*", ...METHODS].map((method) => h("option", { value: method })));
}

/** A select whose options are looked up when it is reached for: people and channels come and go. */
function chosenFrom(given, argument, options) {
  const select = h("select", given);
  const fill = () => {
    const wanted = select.value || argument.default || "";
    const none = argument.needed ? ["", "Choose…"] : argument.default ? null : ["", "Any"];
    select.replaceChildren(
      ...[none, ...options()].filter(Boolean).map(([value, name]) => h("option", { value, selected: value === wanted }, name)),
    );
    select.value = wanted;
  };
  fill();
  select.addEventListener("focus", fill);
  return select;
}

function people(store) {
  const app = store.app?.user;
  return [...store.people.values()]
    .filter((person) => person.id === app || !person.bot)
    .map((person) => [person.id, person.id === app ? `${person.name} (the bot itself)` : person.name])
    .sort((a, b) => a[1].localeCompare(b[1]));
}

function channels(store) {
  return [...store.channels.values()]
    .filter((channel) => channel.kind !== "im" && channel.name)
    .map((channel) => [channel.id, `#${channel.name}`])
    .sort((a, b) => a[1].localeCompare(b[1]));
}
