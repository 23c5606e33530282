/** Moments for people: in their zone, on a clock of 24 hours, as British English writes days. */

const made = new Map();

function formatter(zone, name, options) {
  const key = `${zone} ${name}`;
  if (!made.has(key)) made.set(key, new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone }));
  return made.get(key);
}

const SHORT = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DAY = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
const KEY = { year: "numeric", month: "2-digit", day: "2-digit" };
const FULL = { ...DAY, ...SHORT };

/** The moment of a message's ts. */
export const momentOf = (ts) => new Date(Number(ts) * 1000);

/** 09:05 */
export const hour = (moment, zone) => formatter(zone, "hour", SHORT).format(moment);

/** Monday, 23 February 2015 at 09:05 */
export const full = (moment, zone) => formatter(zone, "full", FULL).format(moment);

/** What two moments of the same day share. */
export const dayKey = (moment, zone) => formatter(zone, "key", KEY).format(moment);

/** Today, Yesterday, or Monday, 23 February 2015. */
export function day(moment, zone, now) {
  const key = dayKey(moment, zone);
  if (key === dayKey(now, zone)) return "Today";
  if (key === dayKey(new Date(now.getTime() - 86_400_000), zone)) return "Yesterday";
  return formatter(zone, "day", DAY).format(moment);
}

/** today at 09:05, yesterday at 09:05, on 23 February at 09:05 */
export function when(moment, zone, now) {
  const name = day(moment, zone, now);
  if (name === "Today" || name === "Yesterday") return `${name.toLowerCase()} at ${hour(moment, zone)}`;
  const date = formatter(zone, "date", { day: "numeric", month: "long" }).format(moment);
  return `on ${date} at ${hour(moment, zone)}`;
}

/** Jakarta (GMT+7) */
export function zoneName(zone, now) {
  const city = zone.split("/").at(-1).replaceAll("_", " ");
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "shortOffset" }).formatToParts(now);
  const offset = parts.find((part) => part.type === "timeZoneName")?.value;
  return offset && offset !== city ? `${city} (${offset})` : city;
}
