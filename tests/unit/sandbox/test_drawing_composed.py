"""What Slack's composer makes of what a person types."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.drawing import Reader, drawn, drawn_text, read
from bot.sandbox.drawing.composed import composed

JAKARTA = Reader(ZoneInfo("Asia/Jakarta"), datetime(2026, 11, 2, 2, 0, tzinfo=UTC))


def section(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


def text(words: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": words, **({"style": style} if style else {})}


COMPOSED: list[tuple[str, list[dict[str, Any]]]] = [
    ("38.8 2020 VHLSS", [section(text("38.8 2020 VHLSS"))]),
    ("*yes*, _but_ ~no~ `x`", [
        section(text("yes", bold=True), text(", "), text("but", italic=True), text(" "), text("no", strike=True),
                text(" "), text("x", code=True)),
    ]),
    ("a\nb", [section(text("a\nb"))]),
    ("<@U0SITI> in <#C0SPNET> <!here>", [
        section({"type": "user", "user_id": "U0SITI"}, text(" in "), {"type": "channel", "channel_id": "C0SPNET"},
                text(" "), {"type": "broadcast", "range": "here"}),
    ]),
    ("<https://example.org> <http://a.org|a.org>", [
        section({"type": "link", "url": "https://example.org"}, text(" "),
                {"type": "link", "url": "http://a.org", "text": "a.org"}),
    ]),
    ("<mailto:siti@example.org|siti@example.org>", [section({"type": "link", "url": "mailto:siti@example.org"})]),
    ("*<https://example.org|law>*", [
        section({"type": "link", "url": "https://example.org", "text": "law", "style": {"bold": True}}),
    ]),
    (":wave:", [section({"type": "emoji", "name": "wave", "unicode": "1f44b"})]),
    (":wave::skin-tone-2:", [section({"type": "emoji", "name": "wave", "skin_tone": 2, "unicode": "1f44b-1f3fb"})]),
    ("&gt; why\nso", [{"type": "rich_text_quote", "elements": [text("why")]}, section(text("so"))]),
    ("```x &lt; y```", [{"type": "rich_text_preformatted", "elements": [text("x < y")]}]),
    ("5 &lt; 6", [section(text("5 < 6"))]),
    ("", []),
]  # fmt: skip


@pytest.mark.parametrize(("wire", "elements"), COMPOSED)
def test_what_is_typed_becomes_rich_text(wire: str, elements: list[dict[str, Any]]) -> None:
    assert composed(wire) == elements


@given(st.text(alphabet=st.sampled_from("ab *_~`\n1.<>&;:@U")))
def test_it_reads_like_the_text_itself(typed: str) -> None:
    wire = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    (block,) = drawn([{"type": "rich_text", "elements": composed(wire)}], JAKARTA)

    assert read(block["drawn"]).split() == read(drawn_text(wire, JAKARTA)).split()
