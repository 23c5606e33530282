/** Light, dark, or as the system says: one button that goes round, kept between visits (theme.js reads it first). */

import { icon, iconButton, kept } from "./dom.js";

const ROUND = [
  { name: "system", icon: "system", told: "Colours as your system says" },
  { name: "light", icon: "sun", told: "Light colours" },
  { name: "dark", icon: "moon", told: "Dark colours" },
];

/** The button. */
export function appearanceButton() {
  let now = Math.max(
    0,
    ROUND.findIndex((each) => each.name === kept.get("theme")),
  );
  const button = iconButton("system", "", { class: "tool" });
  const draw = () => {
    const { name, icon: sign, told } = ROUND[now];
    const next = ROUND[(now + 1) % ROUND.length].told.toLowerCase();
    button.replaceChildren(icon(sign));
    button.title = `${told}. Change to ${next}`;
    button.setAttribute("aria-label", button.title);
    if (name === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
  };
  button.addEventListener("click", () => {
    now = (now + 1) % ROUND.length;
    kept.set("theme", ROUND[now].name === "system" ? null : ROUND[now].name);
    draw();
  });
  draw();
  return button;
}
