"""mrkdwn as Slack draws it: each example is what was written and what is seen."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.drawing import Node, Reader, drawn, drawn_text, known, read

NAMES = known({"U0SITI": "Siti Rahmadani", "C0SPNET": "spnet", "S0FOCAL": "focal-points"})
JAKARTA = Reader(ZoneInfo("Asia/Jakarta"), datetime(2026, 11, 2, 2, 0, tzinfo=UTC), NAMES)
BR = {"t": "br"}


def p(*of: Node) -> Node:
    return {"t": "p", "of": list(of)}


def text(words: str, *marks: str) -> Node:
    return {"t": "text", "text": words, **dict.fromkeys(marks, True)}


def link(url: str, words: str, *marks: str) -> Node:
    return {"t": "link", "url": url, "of": [text(words, *marks)]}


EMPHASIS = [
    ("*Due:* Tuesday", [text("Due:", "b"), text(" Tuesday")]),
    ("_soft_ and ~gone~", [text("soft", "i"), text(" and "), text("gone", "s")]),
    ("*bold _and soft_ words*", [text("bold ", "b"), text("and soft", "b", "i"), text(" words", "b")]),
    ("_*both*_", [text("both", "i", "b")]),
    ("• *Indonesia*: not started", [text("• "), text("Indonesia", "b"), text(": not started")]),
    ("(*yes*), “_no_”", [text("("), text("yes", "b"), text("), “"), text("no", "i"), text("”")]),
    ("a *b* c *d* e", [text("a "), text("b", "b"), text(" c "), text("d", "b"), text(" e")]),
    ("*one *two*", [text("*one "), text("two", "b")]),
    ("*a _b* c_", [text("a _b", "b"), text(" c_")]),
    ("*Timor-Leste*'s floor", [text("Timor-Leste", "b"), text("'s floor")]),
]
AS_TYPED = [
    "2*3*4", "snake_case_name", "a*b* c", "*a*b", "* not bold *", "*not bold *", "**doubled**", "__doubled__",
    "~~gone~~", "*", "**", "***", "* * *", "*never closed", "ກ*ຂ*ຄ", "10:30:45", ":no_such_emoji:", ": :", "`", "``",
    "```", "``````", "`never closed", "<not a link>", "<>", "< >", "<@>", "<@lower>", "<#>", "&copy;", "&", "a & b",
    "a < b", "<https://>", "<https://a b|c>", "https://", "@example.org", "siti@", "<!date^x^y>", "<!subteam^>",
]  # fmt: skip
FOREIGN = [
    "<javascript:alert(1)|the law>",
    "<data:text/html,x|x>",
    "<file:///etc/passwd>",
    "<slack://open>",
    "<ftp://a.b|c>",
]
INLINE = [
    ("`/spnet *due*`", [text("/spnet *due*", "c")]),
    ("a`b`c", [text("a"), text("b", "c"), text("c")]),
    ("*see `this`*", [text("see ", "b"), text("this", "c", "b")]),
    ("`a &lt; b`", [text("a < b", "c")]),
    ("`<https://example.org|x>`", [link("https://example.org", "x", "c")]),
    ("5 &lt; 6 &amp; 7 &gt; 6", [text("5 < 6 & 7 > 6")]),
    ("&amp;lt;", [text("&lt;")]),
    ("<https://example.org/a?b=1&amp;c=2|the law>", [link("https://example.org/a?b=1&c=2", "the law")]),
    ("<https://example.org>", [link("https://example.org", "https://example.org")]),
    ("*<https://example.org|law>*", [link("https://example.org", "law", "b")]),
    ("<mailto:siti@example.org|siti@example.org>", [link("mailto:siti@example.org", "siti@example.org")]),
    ("<mailto:siti@example.org>", [link("mailto:siti@example.org", "siti@example.org")]),
    ("<tel:+62215551234|+62 21 555 1234>", [link("tel:+62215551234", "+62 21 555 1234")]),
    ("<HTTPS://EXAMPLE.ORG|x>", [link("HTTPS://EXAMPLE.ORG", "x")]),
    ("<@U0SITI>", [{"t": "user", "id": "U0SITI", "name": "Siti Rahmadani"}]),
    ("<@U0SITI|siti.r>", [{"t": "user", "id": "U0SITI", "name": "Siti Rahmadani"}]),
    ("<@U0GONE|linh>", [{"t": "user", "id": "U0GONE", "name": "linh"}]),
    ("<@U0GONE>", [{"t": "user", "id": "U0GONE", "name": "U0GONE"}]),
    ("<#C0SPNET>", [{"t": "channel", "id": "C0SPNET", "name": "spnet"}]),
    ("<#C0OTHER|other>", [{"t": "channel", "id": "C0OTHER", "name": "other"}]),
    ("<!subteam^S0FOCAL|@focal>", [{"t": "group", "id": "S0FOCAL", "name": "focal-points"}]),
    ("<!subteam^S0OTHER|@other>", [{"t": "group", "id": "S0OTHER", "name": "other"}]),
    ("<!here>", [{"t": "broadcast", "range": "here"}]),
    ("<!channel|channel>", [{"t": "broadcast", "range": "channel"}]),
    ("<!everyone>", [{"t": "broadcast", "range": "everyone"}]),
    ("<!group>", [{"t": "broadcast", "range": "channel"}]),
    ("<!something|else>", [text("<else>")]),
    ("*<@U0SITI>*", [{"t": "user", "id": "U0SITI", "name": "Siti Rahmadani", "b": True}]),
    (":wave: Siti", [{"t": "emoji", "name": "wave", "char": "👋"}, text(" Siti")]),
    ("a\nb", [text("a"), BR, text("b")]),
    ("a\n\nb", [text("a"), BR, BR, text("b")]),
    ("*a\nb*", [text("*a"), BR, text("b*")]),
    (
        "See https://example.org/a_b.",
        [text("See "), link("https://example.org/a_b", "https://example.org/a_b"), text(".")],
    ),
    ("*https://example.org*", [link("https://example.org", "https://example.org", "b")]),
    (
        "(https://example.org/a_(b))",
        [text("("), link("https://example.org/a_(b)", "https://example.org/a_(b)"), text(")")],
    ),
    ("Write to siti@example.org.", [text("Write to "), link("mailto:siti@example.org", "siti@example.org"), text(".")]),
]
BLOCKS = [
    (
        "&gt; asked\n&gt; twice\nanswer",
        [{"t": "quote", "of": [p(text("asked"), BR, text("twice"))]}, p(text("answer"))],
    ),
    ("before\n> asked", [p(text("before")), {"t": "quote", "of": [p(text("asked"))]}]),
    (">no space", [{"t": "quote", "of": [p(text("no space"))]}]),
    ("a > b", [p(text("a > b"))]),
    (
        "first\n&gt;&gt;&gt; all\n\n*the* rest",
        [
            p(text("first")),
            {"t": "quote", "of": [p(text("all"), BR, BR, text("the", "b"), text(" rest"))]},
        ],
    ),
    ("```a *b*\n  c```", [{"t": "pre", "text": "a *b*\n  c"}]),
    ("see\n```\ncode\n```\nthere", [p(text("see")), {"t": "pre", "text": "code\n"}, p(text("there"))]),
    ("see ```code``` there", [p(text("see ")), {"t": "pre", "text": "code"}, p(text(" there"))]),
    ("> ```code```", [{"t": "quote", "of": [{"t": "pre", "text": "code"}]}]),
    ("```a &lt; <https://example.org|b> <@U0SITI>```", [{"t": "pre", "text": "a < b @Siti Rahmadani"}]),
    ("", []),
]


@pytest.mark.parametrize(("written", "seen"), EMPHASIS + INLINE)
def test_a_line_is_drawn_as_slack_draws_it(written: str, seen: list[Node]) -> None:
    assert drawn_text(written, JAKARTA) == [p(*seen)]


@pytest.mark.parametrize("written", AS_TYPED)
def test_what_is_no_markup_is_drawn_as_it_was_typed(written: str) -> None:
    assert drawn_text(written, JAKARTA) == [p(text(written))]


@pytest.mark.parametrize("written", FOREIGN)
def test_an_address_of_another_kind_is_no_link(written: str) -> None:
    assert drawn_text(written, JAKARTA) == [p(text(written))]


@pytest.mark.parametrize(("written", "seen"), BLOCKS)
def test_quotes_and_code_are_blocks(written: str, seen: list[Node]) -> None:
    assert drawn_text(written, JAKARTA) == seen


def test_a_verbatim_text_makes_no_links_of_its_own() -> None:
    said = {"type": "mrkdwn", "text": "https://example.org <https://example.org|law>", "verbatim": True}

    assert drawn([said], JAKARTA)[0]["drawn"] == [p(text("https://example.org "), link("https://example.org", "law"))]


SIGNS = st.text(alphabet=st.sampled_from("ab *_~`<>|@#!:&;^\n1.")) | st.text()
SIGNS_OF_SLACK = [
    "*", "_", "~", "`", "```", ">", ">>>", "&gt;", "&amp;", "\n", " ", "a", "ກ",
    ":wave:", "<@U0SITI>", "<https://a.org|b>", "<!date^0^{time}|then>",
]  # fmt: skip
PIECES = st.lists(st.sampled_from(SIGNS_OF_SLACK)).map("".join)


def links(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if part.get("t") == "link":
            yield part["url"]
        for value in part.values():
            yield from links(value)
    elif isinstance(part, list):
        for value in part:
            yield from links(value)


def only_words(written: str) -> str:
    """What is left of a text without signs, line ends and notation."""
    return re.sub(r"[*_~`>\s]", "", written)


@given(SIGNS | PIECES)
def test_any_text_can_be_drawn(written: str) -> None:
    nodes = drawn_text(written, JAKARTA)

    json.dumps(nodes)
    assert all(re.match(r"(?:https?://|mailto:|tel:)", url, re.IGNORECASE) for url in links(nodes))


@given(st.text(alphabet=st.sampled_from("ab *_~`>\n1.,ກ")))
def test_no_letter_is_lost(written: str) -> None:
    assert only_words(read(drawn_text(written, JAKARTA))) == only_words(written)


@given(st.text())
def test_what_was_escaped_keeps_every_sign_of_its_own(typed: str) -> None:
    wire = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    seen = read(drawn_text(wire, JAKARTA))

    assert re.sub(r"[*_~`>\s]", "", seen) == re.sub(r"[*_~`>\s]", "", without_emoji_names(typed))


def without_emoji_names(typed: str) -> str:
    return re.sub(r":[a-z0-9_+'-]{1,100}:", lambda match: read(drawn_text(match[0], JAKARTA)), typed)


HOSTILE = [
    "*", "_", "<", "<@", "&lt;", ":a", "`", "> ", "*a ", "a@", "a.", "https://", "(", "```", "<!date^1^{date}^", ":",
    "*_~", "\n>", "ກ",
]  # fmt: skip


@pytest.mark.parametrize("sign", HOSTILE)
def test_a_long_hostile_text_costs_what_its_length_costs(sign: str) -> None:
    """Counted, not timed: twice the text takes about twice the calls."""
    steps = [count_calls(sign * times) for times in (2_000, 4_000)]

    assert steps[1] <= 2.2 * steps[0] + 200
    assert drawn_text(sign * 40_000, JAKARTA) is not None


def count_calls(written: str) -> int:
    """How many calls of functions, Python's and built in, drawing a text takes."""
    calls = 0

    def count(frame: Any, event: str, argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        drawn_text(written, JAKARTA)
    finally:
        sys.setprofile(None)
    return calls
