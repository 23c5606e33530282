/** From Slack's notation back to what a person typed, for editing and copying. */

/** `<@U0DEWI>` -> @dewi, `<http://a.org|a.org>` -> a.org, `&amp;` -> & */
export function unmarked(text, store) {
  return (text ?? "")
    .replaceAll(/<([^<>|]+)(?:\|([^<>]*))?>/g, (_whole, target, label) => {
      if (target.startsWith("@")) return `@${store.who(target.slice(1))?.handle ?? label ?? target.slice(1)}`;
      if (target.startsWith("#")) return `#${store.channels.get(target.slice(1))?.name ?? label ?? target.slice(1)}`;
      if (target.startsWith("!")) return label || `@${target.slice(1).split("^")[0]}`;
      return label || target.replace(/^mailto:/, "");
    })
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
