/**
 * What else may stand on the page: panels beside the conversation, and parts at fixed places.
 *
 * A panel's button stands in the bar on top, its place is in the address (#/U0SITI/app/mail), and one panel or thread is
 * open at a time. A panel is an object:
 *
 *     registerPanel({
 *       name: "mail",             // in the address
 *       title: "Mailbox",         // its heading and the name of its button
 *       icon: "mail",             // one of icons.js
 *       mount(element) {},        // it was opened: draw into `element`
 *       unmount() {},             // it was closed (may be left out)
 *       badge(told) {},           // hand `told(count)` to whoever knows what is new (may be left out)
 *     });
 *
 * A part has a place of its own that is always there: #clock (in the bar on top) and #tour (over the page). main.js makes
 * panels and parts, with `store` (what the person sees: `store.subscribe(changes => ...)`) and `shell` (shell.js: `go`,
 * `act`, `openPanel`, `closePanel`, `toast`).
 */

export const PANELS = new Map();

/** Put a panel on the page. */
export function registerPanel(panel) {
  PANELS.set(panel.name, panel);
}
