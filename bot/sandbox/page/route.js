/**
 * Where somebody is, as the address says it: #/U0SITI/C0NETWORK/beside.
 *
 * The first part is who one is, the second where: a channel's id, `app` (the direct message with the bot) or `home` (its
 * Home tab). The third is what stands beside it: the ts of a thread, or the name of a panel.
 */

const TS = /^\d+\.\d+$/;

/** The address's parts; null for what is not there. */
export function here() {
  const [person, place, beside] = location.hash.replace(/^#\/?/, "").split("/").map(decode);
  return {
    person: person || null,
    place: place || null,
    thread: TS.test(beside ?? "") ? beside : null,
    panel: beside && !TS.test(beside) ? beside : null,
  };
}

/** The address of a place. */
export function addressOf({ person, place, thread, panel }) {
  const parts = [person, place, place && (thread ?? panel)].filter(Boolean);
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

/** Go there; Back leads back unless `replace`. */
export function goTo(route, { replace = false } = {}) {
  const address = addressOf(route);
  if (address === location.hash) return;
  if (replace) {
    history.replaceState(null, "", address);
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  } else {
    location.hash = address;
  }
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}
