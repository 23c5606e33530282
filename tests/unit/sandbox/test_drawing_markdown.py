"""The `markdown` block as Slack draws it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.drawing import Node, Reader, drawn, read
from tests.unit.sandbox.test_drawing_mrkdwn import BR, link, links, p, text

JAKARTA = Reader(ZoneInfo("Asia/Jakarta"), datetime(2026, 11, 2, 2, 0, tzinfo=UTC))


def markdown(written: str) -> list[Node]:
    return drawn([{"type": "markdown", "text": written}], JAKARTA)[0]["drawn"]


def items(*lines: Node, ordered: bool = False, indent: int = 0, start: int = 1) -> Node:
    return {"t": "list", "ordered": ordered, "indent": indent, "start": start, "of": [[line] for line in lines]}


BLANK = text(" ")
DRAWN: list[tuple[str, list[Any]]] = [
    (
        "**bold** *soft* ~~gone~~ `code`",
        [p(text("bold", "b"), BLANK, text("soft", "i"), BLANK, text("gone", "s"), BLANK, text("code", "c"))],
    ),
    ("***both***", [p(text("both", "i", "b"))]),
    ("# One\n### Two", [{"t": "h", "level": 1, "of": [text("One")]}, {"t": "h", "level": 3, "of": [text("Two")]}]),
    ("one\ntwo", [p(text("one"), BR, text("two"))]),
    ("[law](https://example.org)", [p(link("https://example.org", "law"))]),
    ("**[law](https://example.org)**", [p(link("https://example.org", "law", "b"))]),
    ("https://example.org/a_b.", [p(link("https://example.org/a_b", "https://example.org/a_b"), text("."))]),
    ("[law](javascript:alert(1))", [p(text("[law](javascript:alert(1))"))]),
    ("[law](ftp://example.org)", [p(text("law (ftp://example.org)"))]),
    ("![a chart](https://example.org/c.png)", [p(link("https://example.org/c.png", "a chart"))]),
    ("<b>bold</b>", [p(text("<b>bold</b>"))]),
    ("<script>alert(1)</script>", [p(text("<script>alert(1)</script>"))]),
    ("> asked\n> twice", [{"t": "quote", "of": [p(text("asked"), BR, text("twice"))]}]),
    ("```python\na = 1\n```", [{"t": "pre", "text": "a = 1"}]),
    ("a\n\n---\n\nb", [p(text("a")), {"t": "hr"}, p(text("b"))]),
    (":wave: &amp;lt;", [p({"t": "emoji", "name": "wave", "char": "👋"}, text(" &lt;"))]),
    ("- a\n- b", [items(text("a"), text("b"))]),
    ("3. a\n4. b", [items(text("a"), text("b"), ordered=True, start=3)]),
    (
        "1. a\n   - b\n2. c",
        [items(text("a"), ordered=True), items(text("b"), indent=1), items(text("c"), ordered=True, start=2)],
    ),
    ("- [ ] to do\n- [x] done", [items(text("☐ to do"), text("☑ done"))]),
    ("- a\n\n  b", [{**items(), "of": [[text("a"), BR, text("b")]]}]),
    ("- a\n\n  ```\n  b\n  ```\n- c", [items(text("a")), {"t": "pre", "text": "b"}, items(text("c"), start=2)]),
    (
        "|a|b|\n|-|-:|\n|1|**2**|",
        [
            {
                "t": "table",
                "head": True,
                "rows": [
                    [{"of": [text("a")]}, {"of": [text("b")], "align": "right"}],
                    [{"of": [text("1")]}, {"of": [text("2", "b")], "align": "right"}],
                ],
            }
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("written", "seen"), DRAWN)
def test_markdown_is_drawn_as_slack_draws_it(written: str, seen: list[Node]) -> None:
    assert markdown(written) == seen


@given(st.text(alphabet=st.sampled_from("ab *_~`<>|#-+1.[]()!:\n\t\\&;")) | st.text())
def test_any_markdown_can_be_drawn(written: str) -> None:
    nodes = markdown(written)

    assert all(re.match(r"(?:https?://|mailto:|tel:)", url, re.IGNORECASE) for url in links(nodes))


@given(st.text(alphabet=st.sampled_from("ab *_~#>\n+")).filter(lambda written: "~~~" not in written))
def test_no_letter_is_lost(written: str) -> None:
    """But for the name of a language behind ~~~, which stands nowhere (CommonMark 4.5)."""
    assert re.sub(r"[^ab]", "", read(markdown(written))) == re.sub(r"[^ab]", "", written)


@pytest.mark.parametrize("sign", ["*", "_", "[", "<", "`", "> ", "- ", "|", "![", "~~", "**a "])
def test_the_longest_markdown_that_slack_takes_is_drawn(sign: str) -> None:
    """Slack takes 12,000 characters in such blocks."""
    assert markdown((sign * 12_000)[:12_000]) is not None
