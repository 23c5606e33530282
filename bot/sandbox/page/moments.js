/** Moments as short as a list or the bar on top allows. */

import { dayKey, full, hour, zoneName } from "./times.js";

const made = new Map();

function said(moment, zone, options) {
  const key = `${zone} ${Object.keys(options)}`;
  if (!made.has(key)) made.set(key, new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone }));
  return made.get(key).format(moment);
}

/** Thu, 12 Feb 2015 */
export const shortDay = (moment, zone) =>
  said(moment, zone, { weekday: "short", day: "numeric", month: "short", year: "numeric" });

/** 09:05 today, 11 Feb this year, 11 Feb 2014 before. */
export function shortMoment(moment, zone, now) {
  if (dayKey(moment, zone) === dayKey(now, zone)) return hour(moment, zone);
  const sameYear = said(moment, zone, { year: "numeric" }) === said(now, zone, { year: "numeric" });
  return said(moment, zone, { day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) });
}

/** Monday, 23 February 2015 at 09:05, Jakarta (GMT+7) */
export const wholeMoment = (moment, zone) => `${full(moment, zone)}, ${zoneName(zone, moment)}`;
