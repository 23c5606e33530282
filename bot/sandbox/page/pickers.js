/** Selects of several, and selects whose choices the bot is asked for: a button with a panel of choices. */

import { chosenOf, groupsOf, placesOf } from "./choices.js";
import { freshId, panelOf } from "./dialogs.js";
import { field, held, isSent, kindOf, send } from "./fields.js";
import { make, plainText } from "./nodes.js";

const MANY = 8;
const PATIENCE = 250;

/**
 * A select of several choices (`multi_…`), or of one among what the bot suggests (`external_select`).
 *
 * In a message the choice is told when the panel closes, in a modal with each tick.
 */
export function drawPicker(element, block, context, labels) {
  const many = element.type.startsWith("multi_");
  const external = element.type.endsWith("external_select");
  const offered = element.type.endsWith("static_select") || external ? groupsOf(element) : placesOf(element, context);
  const chosen = new Map(chosenOf(held(element, block, context), offered).map((each) => [each.value, each]));
  const signOf = () => JSON.stringify([...chosen.keys()]);
  let told = signOf();
  let last = [...chosen];

  const shown = make("span", { class: "b-picked", id: freshId("picked") });
  const button = make("button", {
    type: "button",
    class: "b-select b-picker",
    "aria-haspopup": "dialog",
    "aria-labelledby": [labels.labelledby, shown.id].filter(Boolean).join(" "),
    "aria-describedby": labels.describedby,
    autofocus: element.focus_on_load,
  });
  button.append(shown);
  const list = make("div", { class: "b-choices" });
  const note = make("p", { class: "b-note", role: "status" });
  const search =
    external || count(offered) > MANY
      ? make("input", { type: "search", class: "b-input", "aria-label": "Search", autocomplete: "off" })
      : null;
  const panel = make("div", { class: "b-panel", role: "dialog", "aria-label": labels.name }, search, list, note);
  const place = field(element, block, value, { class: labels.invalid ? "b-invalid" : "" }, button, panel);

  function value() {
    return many ? [...chosen.keys()] : ([...chosen.keys()][0] ?? null);
  }

  function showChosen() {
    const words = [...chosen.values()].map((each) => each.words);
    shown.replaceChildren(
      ...(words.length
        ? words.map((word) => make("span", { class: many ? "b-chip" : "" }, word))
        : [make("span", { class: "b-placeholder" }, plainText(element.placeholder) || "Choose")]),
    );
  }

  async function tell() {
    if (signOf() === told || !isSent(block, context)) return;
    const now = [...chosen];
    told = signOf();
    if ((await send(kindOf(block, context), button, element, block, value(), context)) !== null) {
      last = now;
      return;
    }
    chosen.clear();
    for (const [key, each] of last) chosen.set(key, each);
    told = signOf();
    showChosen();
  }

  function tick(each, on) {
    if (!many) chosen.clear();
    if (on) chosen.set(each.value, each);
    else chosen.delete(each.value);
    showChosen();
    limit();
    if (!many) panel.hidePopover();
    else if (kindOf(block, context) === "fills" && !block.dispatch_action) tell();
  }

  function limit() {
    const most = element.max_selected_items;
    const full = many && most && chosen.size >= most;
    for (const box of list.querySelectorAll("input")) box.disabled = Boolean(full && !box.checked);
    if (many && most) note.textContent = full ? `No more than ${most}.` : `Up to ${most}.`;
  }

  function showChoices(groups) {
    const asked = external ? "" : (search?.value ?? "").trim().toLocaleLowerCase();
    list.replaceChildren(
      ...groups
        .map((group) => ({ ...group, choices: group.choices.filter((each) => fits(each, asked)) }))
        .filter((group) => group.choices.length)
        .map((group) => drawGroup(group, many, chosen, tick)),
    );
    if (!list.childElementCount) list.append(make("p", { class: "b-note" }, external && tooShort() ? hint() : "Nothing found."));
    limit();
  }

  const least = element.min_query_length ?? 3;
  const tooShort = () => (search?.value ?? "").trim().length < least;
  const hint = () => `Type at least ${least} ${least === 1 ? "character" : "characters"}.`;
  let asks = 0;

  async function suggest() {
    if (tooShort()) return showChoices([]);
    asks += 1;
    const mine = asks;
    list.setAttribute("aria-busy", "true");
    try {
      const answer = (await context.act("suggests", element, block, search.value.trim())) ?? {};
      if (mine === asks) showChoices(groupsOf(answer.option_groups?.length ? answer : { options: answer.options ?? [] }));
    } catch (error) {
      if (mine === asks) list.replaceChildren(make("p", { class: "b-problem", role: "alert" }, error?.told ?? "No answer."));
    } finally {
      if (mine === asks) list.removeAttribute("aria-busy");
    }
  }

  let pause;
  search?.addEventListener("input", () => {
    clearTimeout(pause);
    if (external) pause = setTimeout(suggest, PATIENCE);
    else showChoices(offered);
  });
  panelOf(button, panel, {
    opened: () => {
      if (external) suggest();
      else showChoices(offered);
      (search ?? list.querySelector("input, button"))?.focus();
    },
    closed: tell,
  });
  showChosen();
  return place;
}

function count(groups) {
  return groups.reduce((sum, group) => sum + group.choices.length, 0);
}

function fits(each, asked) {
  return !asked || each.words.toLocaleLowerCase().includes(asked) || each.under.toLocaleLowerCase().includes(asked);
}

function drawGroup(group, many, chosen, tick) {
  const label = group.label ? make("div", { class: "b-group", id: freshId("group") }, group.label) : null;
  return make(
    "div",
    { role: "group", "aria-labelledby": label?.id },
    label,
    group.choices.map((each) => {
      const words = [make("span", {}, each.words), each.under && make("span", { class: "b-under" }, each.under)];
      if (!many) {
        const on = chosen.has(each.value);
        const button = make("button", { type: "button", class: "b-choice", "aria-pressed": String(on) }, ...words);
        button.addEventListener("click", () => tick(each, true));
        return button;
      }
      const box = make("input", { type: "checkbox" });
      box.checked = chosen.has(each.value);
      box.addEventListener("change", () => tick(each, box.checked));
      return make("label", { class: "b-choice" }, box, make("span", { class: "b-words" }, ...words));
    }),
  );
}
