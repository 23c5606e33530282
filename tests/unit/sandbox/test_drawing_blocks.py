"""Blocks as Slack draws them: rich text, tables, plain texts, attachments; and whatever else might come."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.blocks import to_blocks
from bot.sandbox.drawing import Node, Reader, drawn, drawn_attachments, emoji, known, read
from tests import golden

NAMES = known({"U0SITI": "Siti Rahmadani", "C0SPNET": "spnet", "S0FOCAL": "focal-points", "T0SPNET": "The network"})
JAKARTA = Reader(ZoneInfo("Asia/Jakarta"), datetime(2026, 11, 2, 2, 0, tzinfo=UTC), NAMES)
DUE = int(datetime(2026, 12, 15, 10, 0, tzinfo=UTC).timestamp())


def rich(*elements: dict[str, Any]) -> list[Node]:
    return drawn([{"type": "rich_text", "elements": list(elements)}], JAKARTA)[0]["drawn"]


def section(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


INLINE = [
    ({"type": "text", "text": "38.8 %"}, {"t": "text", "text": "38.8 %"}),
    (
        {"type": "text", "text": "x", "style": {"bold": True, "italic": True, "strike": True, "code": True}},
        {"t": "text", "text": "x", "b": True, "i": True, "s": True, "c": True},
    ),
    ({"type": "text", "text": "x", "style": {"underline": True}}, {"t": "text", "text": "x", "u": True}),
    (
        {"type": "link", "url": "https://example.org", "text": "law", "style": {"bold": True}},
        {"t": "link", "url": "https://example.org", "of": [{"t": "text", "text": "law", "b": True}]},
    ),
    (
        {"type": "link", "url": "https://example.org"},
        {"t": "link", "url": "https://example.org", "of": [{"t": "text", "text": "https://example.org"}]},
    ),
    (
        {"type": "link", "url": "javascript:alert(1)", "text": "law"},
        {"t": "text", "text": "law (javascript:alert(1))"},
    ),
    ({"type": "emoji", "name": "wave", "skin_tone": 2}, {"t": "emoji", "name": "wave", "char": "👋🏻", "tone": 2}),
    ({"type": "emoji", "name": "our_logo"}, {"t": "emoji", "name": "our_logo", "char": None}),
    (
        {"type": "emoji", "name": "new_one", "unicode": "1fae9"},
        {"t": "emoji", "name": "new_one", "char": "\U0001fae9"},
    ),
    ({"type": "user", "user_id": "U0SITI"}, {"t": "user", "id": "U0SITI", "name": "Siti Rahmadani"}),
    ({"type": "usergroup", "usergroup_id": "S0FOCAL"}, {"t": "group", "id": "S0FOCAL", "name": "focal-points"}),
    ({"type": "channel", "channel_id": "C0SPNET"}, {"t": "channel", "id": "C0SPNET", "name": "spnet"}),
    ({"type": "broadcast", "range": "here"}, {"t": "broadcast", "range": "here"}),
    ({"type": "team", "team_id": "T0SPNET"}, {"t": "text", "text": "The network"}),
    ({"type": "color", "value": "#F405B3"}, {"t": "color", "value": "#F405B3"}),
    ({"type": "color", "value": "red;x:url(y)"}, {"t": "text", "text": "red;x:url(y)"}),
    (
        {"type": "date", "timestamp": DUE, "format": "due {date_short} at {time}", "fallback": "15 December"},
        {"t": "date", "text": "due Dec 15, 2026 at 5:00 PM", "at": DUE},
    ),
    (
        {"type": "date", "timestamp": DUE, "format": "{date_num}", "url": "https://example.org"},
        {"t": "link", "url": "https://example.org", "of": [{"t": "date", "text": "2026-12-15", "at": DUE}]},
    ),
    ({"type": "date", "timestamp": "x", "format": "{date}", "fallback": "soon"}, {"t": "text", "text": "soon"}),
    ({"type": "something_new", "text": "its words"}, {"t": "text", "text": "its words"}),
]


@pytest.mark.parametrize(("element", "node"), INLINE)
def test_an_element_of_rich_text_is_drawn(element: dict[str, Any], node: Node) -> None:
    assert rich(section(element)) == [{"t": "p", "of": [node]}]


def test_rich_text_does_not_read_its_words_as_markup() -> None:
    assert rich(section({"type": "text", "text": "*a* <@U0SITI>\n&amp;"}))[0]["of"] == [
        {"t": "text", "text": "*a* <@U0SITI>"},
        {"t": "br"},
        {"t": "text", "text": "&amp;"},
    ]


def test_a_list_keeps_its_depth_and_its_numbers() -> None:
    items = [section({"type": "text", "text": "floor"}), section({"type": "text", "text": "ceiling"})]

    (made,) = rich(
        {"type": "rich_text_list", "style": "ordered", "indent": 1, "offset": 3, "border": 1, "elements": items}
    )

    assert made == {
        "t": "list",
        "ordered": True,
        "indent": 1,
        "start": 4,
        "border": True,
        "of": [[{"t": "text", "text": "floor"}], [{"t": "text", "text": "ceiling"}]],
    }


def test_quotes_and_code_of_rich_text_are_blocks() -> None:
    words = [{"type": "text", "text": "a\nb"}]

    assert rich(
        {"type": "rich_text_quote", "elements": words}, {"type": "rich_text_preformatted", "elements": words}
    ) == [
        {"t": "quote", "of": [{"t": "p", "of": [{"t": "text", "text": "a"}, {"t": "br"}, {"t": "text", "text": "b"}]}]},
        {"t": "pre", "text": "a\nb"},
    ]


def test_a_table_has_words_numbers_and_rich_text() -> None:
    block = {
        "type": "table",
        "column_settings": [{"is_wrapped": True}, {"align": "right"}],
        "rows": [
            [{"type": "raw_text", "text": "Country"}, {"type": "raw_text", "text": "Share"}],
            [
                {"type": "rich_text", "elements": [section({"type": "user", "user_id": "U0SITI"})]},
                {"type": "raw_number", "value": 38.8, "text": "38.8 %"},
            ],
        ],
    }

    assert drawn([block], JAKARTA)[0]["drawn"] == [
        {
            "t": "table",
            "head": True,
            "rows": [
                [
                    {"of": [{"t": "text", "text": "Country"}], "wrap": True},
                    {"of": [{"t": "text", "text": "Share"}], "align": "right"},
                ],
                [
                    {"of": [{"t": "user", "id": "U0SITI", "name": "Siti Rahmadani"}], "wrap": True},
                    {"of": [{"t": "text", "text": "38.8 %"}], "align": "right"},
                ],
            ],
        }
    ]


def test_a_plain_text_has_emoji_unless_it_does_not_want_them() -> None:
    header = {"type": "header", "text": {"type": "plain_text", "text": ":wave: *Siti* &amp; Per"}}
    plain = {"type": "header", "text": {"type": "plain_text", "text": ":wave:", "emoji": False}}

    first, second = drawn([header, plain], JAKARTA)

    assert first["text"]["drawn"] == [
        {"t": "p", "of": [{"t": "emoji", "name": "wave", "char": "👋"}, {"t": "text", "text": " *Siti* & Per"}]}
    ]
    assert second["text"]["drawn"] == [{"t": "p", "of": [{"t": "text", "text": ":wave:"}]}]


def test_a_view_is_drawn_wherever_it_has_words() -> None:
    view = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Question 7"},
        "blocks": [
            {
                "type": "input",
                "label": {"type": "plain_text", "text": "Year"},
                "element": {"type": "static_select", "options": [{"text": {"type": "plain_text", "text": "2020"}}]},
            }
        ],
        "private_metadata": "*kept as it is*",
    }
    before = copy.deepcopy(view)

    made = drawn(view, JAKARTA)

    assert view == before
    assert read(made["title"]["drawn"]) == "Question 7\n"
    assert read(made["blocks"][0]["element"]["options"][0]["text"]["drawn"]) == "2020\n"
    assert made["private_metadata"] == "*kept as it is*"


def test_a_legacy_attachment_is_drawn_where_it_says_so() -> None:
    (made,) = drawn_attachments(
        [
            {
                "color": "#36a64f",
                "pretext": "*new*",
                "text": "*text*",
                "title": "*title*",
                "mrkdwn_in": ["text"],
                "fields": [{"title": "Due", "value": "*soon*", "short": True}],
                "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "*in a block*"}}],
            }
        ],
        JAKARTA,
    )

    assert made["drawn"]["text"] == [{"t": "p", "of": [{"t": "text", "text": "text", "b": True}]}]
    assert read(made["drawn"]["pretext"] + made["drawn"]["title"]) == "*new*\n*title*\n"
    assert read(made["fields"][0]["drawn"]) == "*soon*\n"
    assert read(made["blocks"][0]["text"]["drawn"]) == "in a block\n"


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("wave", "👋"), ("white_check_mark", "✅"), ("large_green_circle", "🟢"), ("hourglass_flowing_sand", "⏳"),
        ("spiral_calendar_pad", "🗓️"), ("flag-id", "🇮🇩"), ("flag-la", "🇱🇦"), ("flag-tl", "🇹🇱"), ("+1", "👍"),
        ("thumbsup", "👍"), ("leftwards_arrow_with_hook", "↩️"), ("grey_question", "❔"), ("male-doctor", "👨‍⚕️"),
        ("simple_smile", "🙂"), ("wave::skin-tone-6", "👋🏿"), ("point_up::skin-tone-3", "☝🏼"),
        ("male-doctor::skin-tone-2", "👨🏻‍⚕️"), ("no_such_thing", None), ("", None),
    ],
)  # fmt: skip
def test_emoji_have_the_names_that_slack_gives_them(name: str, seen: str | None) -> None:
    assert emoji.character(name) == seen


def test_every_message_of_the_bot_is_drawn_with_nothing_left_of_its_markup() -> None:
    messages = [
        said
        for path in sorted(golden.FOLDER.glob("*.chat"))
        for said in re.split(r"(?m)^===== .* =====$", path.read_text(encoding="utf-8"))
    ]
    blocks = [block for said in messages for block in to_blocks(said)]
    assert len(messages) > 200

    for block in drawn(blocks, JAKARTA):
        for said in [block.get("text"), *block.get("elements", ())]:
            if said and said["type"] == "mrkdwn":
                seen = read(said["drawn"])
                # Bold and code are all that the bot uses; what a person wrote is shown with its signs broken.
                assert not re.search(r"(?<![\w*])\*(?!\s)[^*\n]+(?<!\s)\*(?![\w*])|&(?:amp|lt|gt);", seen), seen
                assert re.sub(r"\W", "", seen) == re.sub(r"\W", "", wordless(said["text"]))


def wordless(wire: str) -> str:
    """What a person reads of the bot's own notation, worked out by other means."""
    labelled = re.sub(r"<[^<>|]+\|([^<>]*)>|<(?:https?://|mailto:)?([^<>|]+)>", r"\1\2", wire)
    emojied = re.sub(r":[a-z_]+:", lambda match: emoji.character(match[0][1:-1]) or match[0], labelled)
    return re.sub(r"&(?:amp|lt|gt);|_(?=\W|$)|(?<=\W)_", "", emojied)


TYPES = [
    "rich_text", "rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted", "table",
    "markdown", "mrkdwn", "plain_text", "raw_text", "raw_number", "text", "link", "emoji", "user", "usergroup",
    "channel",
    "broadcast", "date", "color", "team", "section", "context", "header", "x",
]  # fmt: skip
KEYS = [
    "type", "text", "elements", "rows", "style", "url", "name", "user_id", "range", "timestamp", "format", "fallback",
    "value", "unicode", "skin_tone", "offset", "indent", "border", "emoji", "verbatim", "column_settings", "fields",
    "drawn",
]  # fmt: skip
WORDS = st.sampled_from(["*a*", "javascript:x", "https://a.org", "{time}", "1f44b", "#fff", "wave", "ordered", "here"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS | st.text(max_size=8)


def objects(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    fields = st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    typed = st.builds(lambda kind, rest: {**rest, "type": kind}, st.sampled_from(TYPES), fields)
    return st.lists(inner, max_size=4) | fields | typed


JSON = st.recursive(LEAVES, objects, max_leaves=30)


def links(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if part.get("t") == "link":
            yield part["url"]
        for value in part.values():
            yield from links(value)
    elif isinstance(part, list):
        for value in part:
            yield from links(value)


@given(JSON)
def test_whatever_comes_as_blocks_is_drawn(blocks: Any) -> None:
    made = [drawn(blocks, JAKARTA), drawn_attachments(blocks, JAKARTA)]

    json.dumps(made)
    assert all(re.match(r"(?:https?://|mailto:|tel:)", url, re.IGNORECASE) for url in links(made))


def test_what_stands_too_deep_is_handed_on() -> None:
    deep: Any = {"type": "mrkdwn", "text": "*x*"}
    for _ in range(5_000):
        deep = [deep]

    assert isinstance(drawn(deep, JAKARTA), list)
