"""From the text as a channel delivers it to what the person typed, and to signs that are easy to read."""

from __future__ import annotations

import re
import unicodedata

# Invisible signs that keyboards, web pages and spreadsheets leave between the letters.
INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
# What a database or a terminal refuses: control signs but for the new line and the tab, and halves of letters.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
FOLDED = {
    **dict.fromkeys("‘’‚‛ʼ′`´＇", "'"),
    **dict.fromkeys("“”„‟″«»＂", '"'),
    **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    **dict.fromkeys("∼～˜〜", "~"),
    **dict.fromkeys("٪﹪", "%"),
    **dict.fromkeys("⁄∕", "/"),
    "٫": ",",
    "、": ",",
    "。": ".",
}
TAG = re.compile(r"<([^<>\s|][^<>|]*)(?:\|([^<>]*))?>")
WRAPPED = re.compile(r"(\*|_|`)(?=\S)(?P<inner>.+?)(?<=\S)\1", re.DOTALL)


def plain(text: str) -> str:
    """What a person typed, from the text of a Slack message.

    Slack writes links, mentions and three signs in its own way (`<https://x|x>`, `<@U0SITI>`, `&amp;`); people set a
    whole message in bold, as code or as a quote. All of that is taken away; what stands inside stays.
    """
    text = TAG.sub(_tag, text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()
    if text.startswith("```") and text.endswith("```") and len(text) > 6:
        text = text[3:-3].strip("\n")
    # "> 38" may also mean more than 38: then the sign stays.
    if re.match(r">\s*[^\s\d.,>]", text) and all(line.startswith(">") for line in text.split("\n")):
        text = "\n".join(line[1:].lstrip() for line in text.split("\n"))
    while (wrapped := WRAPPED.fullmatch(text)) and wrapped[1] not in wrapped["inner"]:
        text = wrapped["inner"]
    return text.strip()


def _tag(match: re.Match[str]) -> str:
    target, label = match[1], match[2]
    if target[0] in "@#!":
        name = label or target.removeprefix("!").removeprefix("@").removeprefix("#")
        if target.startswith("!date"):
            return label or ""
        return name if name[:1] in "@#" else ("#" if target[0] == "#" else "@") + name
    bare = re.sub(r"^(?:mailto:|tel:)", "", target)
    if not label or re.sub(r"^https?://", "", bare).rstrip("/") == re.sub(r"^https?://", "", label).rstrip("/"):
        return label or bare
    return f"{label} ({bare})"


def storable(text: str) -> str:
    """The text without the signs that a database refuses."""
    return CONTROL.sub("", text)


def clean(text: str) -> str:
    """The text without invisible and control signs, without space around it; every kind of space is a space."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = CONTROL.sub("", INVISIBLE.sub("", text))
    if not text.isascii():
        text = "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in text)
    return text.strip()


def one_line(text: str) -> str:
    """The text on one line, with single spaces."""
    return " ".join(text.split())


def fold(text: str) -> str:
    """The same text, sign for sign (so positions stay), with digits of every script, wide letters, dashes and
    quotation marks written the way ASCII has them."""
    # What most people type needs no more.
    return text.replace("`", "'") if text.isascii() else "".join(map(_fold, text))


def _fold(sign: str) -> str:
    if sign in FOLDED:
        return FOLDED[sign]
    if "！" <= sign <= "～":
        return chr(ord(sign) - 0xFEE0)
    if not sign.isascii() and (digit := unicodedata.decimal(sign, None)) is not None:
        return str(digit)
    return sign


def word_set(text: str) -> frozenset[str]:
    """The words or expressions between the bars of a line."""
    return frozenset(text.split("|"))


def key(text: str) -> str:
    """The text as words are compared: no case, no punctuation, `_` and `-` as spaces, single spaces."""
    folded = fold(text).casefold().replace("'", "")
    # Vowel signs and tone marks of Thai, Khmer, Lao and Burmese belong to their letters.
    kept = (sign if sign.isalnum() or unicodedata.category(sign)[0] == "M" else " " for sign in folded)
    return " ".join("".join(kept).split())


def unwrap(text: str) -> str:
    """Without brackets or quotation marks that hold the whole text."""
    while len(text) >= 2 and ((text[0] == "(" and text[-1] == ")" and _one_pair(text)) or _quoted(text)):
        text = text[1:-1].strip()
    return text


def _one_pair(text: str) -> bool:
    depth = 0
    for position, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return position == len(text) - 1
    return False


def _quoted(text: str) -> bool:
    folded = fold(text)
    return folded[0] == folded[-1] and folded[0] in "\"'" and folded[0] not in folded[1:-1]


def balanced(text: str) -> str:
    """Without round brackets that have no partner."""
    open_at: list[int] = []
    lonely: set[int] = set()
    for position, sign in enumerate(text):
        if sign == "(":
            open_at.append(position)
        elif sign == ")":
            if open_at:
                open_at.pop()
            else:
                lonely.add(position)
    lonely.update(open_at)
    return "".join(sign for position, sign in enumerate(text) if position not in lonely)


def has_letter(text: str) -> bool:
    """Whether there is a letter of any script in it."""
    return any(sign.isalpha() for sign in text)
