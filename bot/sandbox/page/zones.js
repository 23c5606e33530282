/** Moments and wall clocks: what `<input type="datetime-local">` holds, in a zone that need not be the browser's. */

const PARTS = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** Seconds since 1970 -> "2026-11-02T09:00" on the clocks of a zone (the browser's own when none is named). */
export function toWall(seconds, zone) {
  const moment = new Date(seconds * 1000);
  if (!Number.isFinite(seconds) || Number.isNaN(moment.getTime())) return "";
  const found = Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", { ...PARTS, timeZone: zone || undefined })
      .formatToParts(moment)
      .map((part) => [part.type, part.value]),
  );
  return `${found.year.padStart(4, "0")}-${found.month}-${found.day}T${found.hour}:${found.minute}`;
}

/** "2026-11-02T09:00" on the clocks of a zone -> seconds since 1970; null for what is no such moment. */
export function fromWall(wall, zone) {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(wall);
  if (!match) return null;
  const [year, month, day, hour, minute] = match.slice(1).map(Number);
  const asUtc = Date.UTC(year, month - 1, day, hour, minute) / 1000;
  // The zone's distance from UTC is that of the moment itself: a second look settles the days on which it changes.
  const first = asUtc - distance(asUtc, zone);
  return asUtc - distance(first, zone);
}

function distance(seconds, zone) {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(toWall(seconds, zone));
  const [year, month, day, hour, minute] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute) / 1000 - Math.floor(seconds / 60) * 60;
}
