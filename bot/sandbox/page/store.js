/** The page's copy of what one person sees: asked for once, then kept up to date by the live stream. */

import { AWAY, ask, liveAddress } from "./api.js";

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15000;
const HIDDEN_FOR = 60000;

/**
 * What changed, as listeners are told.
 *
 * @typedef {object} Changes
 * @property {boolean} all another person, or everything was read anew
 * @property {Set<string>} channels ids
 * @property {Set<string>} people ids
 * @property {Map<string, Set<string>>} messages channel -> ts of those that came, changed or went
 * @property {boolean} modals @property {boolean} home @property {boolean} letters @property {boolean} clock
 * @property {boolean} link whether the sandbox came or went
 */

export class Store {
  constructor() {
    this.me = null;
    this.away = false;
    this._listeners = new Set();
    this._clear();
    document.addEventListener("visibilitychange", () => this._seenAgain());
    window.addEventListener("online", () => this.away && this._reconnect(0));
  }

  /** Tell `listener` of every change; gives what ends it. */
  subscribe(listener) {
    this._listeners.add(listener);
    return () => this._listeners.delete(listener);
  }

  /** See with this person's eyes from now on. */
  async open(person) {
    this.close();
    this._clear();
    this.me = person;
    await this._readAll();
  }

  /** Stop looking. */
  close() {
    clearTimeout(this._timer);
    this._stream?.close();
    this._stream = null;
    this.me = null;
  }

  /** The sandbox's time now. */
  now() {
    return new Date(Date.now() + this._ahead);
  }

  /** The clock was moved: `iso` is the sandbox's time. */
  setNow(iso) {
    this._ahead = Date.parse(iso) - Date.now();
    this._tell({ clock: true });
  }

  /** Anybody, by id. */
  who(id) {
    return this.people.get(id);
  }

  /** The person who looks; undefined until the first answer came. */
  get person() {
    return this.people.get(this.me);
  }

  /** Their zone. */
  get zone() {
    return this.person?.tz || "UTC";
  }

  /** The direct message with the bot; undefined until somebody wrote in it. */
  get direct() {
    return [...this.channels.values()].find((channel) => channel.kind === "im" && channel.with === this.app.user);
  }

  message(channel, ts) {
    return this._messages.get(channel)?.get(ts);
  }

  /** Messages of a channel, oldest first; those of a thread with its first one when `thread` is given. */
  list(channel, thread = null) {
    let sorted = this._sorted.get(channel);
    if (!sorted) {
      const all = [...(this._messages.get(channel)?.values() ?? []), ...(this._own.get(channel) ?? [])];
      sorted = all.sort((a, b) => (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0));
      this._sorted.set(channel, sorted);
    }
    if (thread) return sorted.filter((message) => message.ts === thread || message.thread === thread);
    return sorted.filter((message) => !message.thread || message.thread === message.ts || message.broadcast);
  }

  /** A private line that only this page shows, such as what Slackbot says when an app is silent. */
  whisper(channel, thread, text) {
    const ts = (this.now().getTime() / 1000).toFixed(6);
    const line = { ts, channel, thread: thread ?? null, user: SLACKBOT, bot: true, text, ephemeral: true, own: true };
    line.drawn = [{ t: "p", of: [{ t: "text", text }] }];
    this._own.set(channel, [...(this._own.get(channel) ?? []), line]);
    this._sorted.delete(channel);
    this._tell({ messages: new Map([[channel, new Set([ts])]]) });
  }

  _clear() {
    this.n = 0;
    this._ahead = 0;
    this._wait = FIRST_WAIT;
    this.people = new Map();
    this.channels = new Map();
    this.modals = [];
    this.home = null;
    this.app = { id: "", user: "", name: "", commands: [], shortcuts: [] };
    this._messages = new Map();
    this._own = new Map();
    this._sorted = new Map();
  }

  async _readAll() {
    const person = this.me;
    try {
      const seen = await ask(`seen?as=${encodeURIComponent(person)}`);
      if (this.me !== person) return;
      this._wait = FIRST_WAIT;
      this._take(seen, true);
      this._listen();
    } catch (refused) {
      if (this.me !== person) return;
      if (refused.code !== AWAY) throw refused;
      this._lost();
    }
  }

  _listen() {
    const stream = new EventSource(liveAddress(this.me, this.n));
    this._stream = stream;
    stream.addEventListener("message", (event) => this._take(JSON.parse(event.data), false));
    // A stream that ends may mean another start of the sandbox, with other numbers: everything is read anew.
    stream.addEventListener("error", () => {
      if (this._stream === stream) this._lost();
    });
  }

  _lost() {
    this._stream?.close();
    this._stream = null;
    this._reconnect(this._wait);
    this._wait = Math.min(LONGEST_WAIT, this._wait * 2);
    ask("clock").catch((refused) => {
      if (refused.code === AWAY && !this.away && !this._stream) this._link(true);
    });
  }

  _reconnect(wait) {
    clearTimeout(this._timer);
    this._timer = setTimeout(() => this.me && this._readAll().catch(() => this._lost()), wait);
  }

  _seenAgain() {
    if (!this.me) return;
    if (document.visibilityState === "visible") {
      this._asleep ? this._reconnect(0) : clearTimeout(this._sleep);
      this._asleep = false;
      return;
    }
    // A browser keeps few connections to one address: pages that nobody looks at give theirs back.
    this._sleep = setTimeout(() => {
      this._stream?.close();
      this._stream = null;
      this._asleep = true;
    }, HIDDEN_FOR);
  }

  _link(away) {
    this.away = away;
    this._tell({ link: true });
  }

  _take(seen, whole) {
    const changes = { messages: new Map(), channels: new Set(), people: new Set(), all: whole || Boolean(seen.whole) };
    this.n = seen.n;
    if (seen.now) {
      this._ahead = Date.parse(seen.now) - Date.now();
      changes.clock = true;
    }
    if (whole || seen.whole) this._forget(seen);
    for (const person of seen.people ?? []) {
      this.people.set(person.id, person);
      changes.people.add(person.id);
    }
    for (const channel of seen.channels ?? []) {
      this.channels.set(channel.id, channel);
      changes.channels.add(channel.id);
    }
    for (const message of seen.messages ?? []) this._put(message, changes);
    for (const { channel, ts } of seen.gone ?? []) {
      if (this._messages.get(channel)?.delete(ts)) this._touched(channel, ts, changes);
    }
    for (const key of ["modals", "home", "app"]) {
      if (!(key in seen)) continue;
      this[key] = seen[key];
      changes[key] = true;
    }
    changes.letters = "letters" in seen;
    if (this.away) {
      this.away = false;
      changes.link = true;
    }
    this._tell(changes);
  }

  /** Before everything is laid down anew: what is no longer there goes, what is the same stays the same object. */
  _forget(seen) {
    const there = new Set(seen.messages.map((message) => `${message.channel} ${message.ts}`));
    for (const [channel, held] of this._messages) {
      for (const ts of held.keys()) if (!there.has(`${channel} ${ts}`)) held.delete(ts);
    }
    const channels = new Set(seen.channels.map((channel) => channel.id));
    for (const id of this.channels.keys()) if (!channels.has(id)) this.channels.delete(id);
    this._sorted.clear();
  }

  _put(message, changes) {
    const held = this._messages.get(message.channel) ?? new Map();
    this._messages.set(message.channel, held);
    const before = held.get(message.ts);
    if (before && JSON.stringify(before) === JSON.stringify(message)) return;
    held.set(message.ts, message);
    this._touched(message.channel, message.ts, changes);
  }

  _touched(channel, ts, changes) {
    this._sorted.delete(channel);
    changes.messages.set(channel, (changes.messages.get(channel) ?? new Set()).add(ts));
  }

  _tell(changes) {
    const told = { all: false, channels: new Set(), people: new Set(), messages: new Map(), ...changes };
    for (const listener of [...this._listeners]) listener(told);
  }
}

/** Who says what Slack itself says. */
export const SLACKBOT = "USLACKBOT";
