"""Chat lines as Slack's blocks: nothing lost, nothing cut inside a sentence, an escape or a limit."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.messages import Choice, Deed, Menu, Message
from bot.rendering.blocks import (
    BLOCKS_A_MESSAGE,
    CUTS,
    SECTION_TEXT,
    cells_of,
    cut,
    home,
    option,
    render,
    to_blocks,
    without_tables,
)
from bot.sandbox.blocks import BlockReader
from bot.words import UTC_READER, Words
from bot.words import _chat_value as escaped

WORDS = Words()
SENTENCE = "Coverage grew in three provinces. "
ESCAPES = ("&amp;", "&lt;", "&gt;")


class Chat(Words):
    """Words whose every template is one fact: the chat lines themselves."""

    def render(self, kind: str, form: str, facts: Any, reader: Any) -> str:
        return str(facts["chat"])


def typed(text: str) -> str:
    """What somebody typed, as a template fills it in."""
    return str(escaped(text))


def bare(text: str) -> str:
    return "".join(text.split())


texts = st.text(alphabet=st.sampled_from("ab .?;:\n&<>*ไ…"), max_size=400)


@given(texts, st.integers(min_value=8, max_value=60))
@example("&" * 30, 8)
@example(" " * 70 + "a" * 70, 60)
def test_pieces_lose_nothing_keep_the_limit_and_cut_no_escape(text: str, limit: int) -> None:
    shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    pieces = cut(shown, limit)
    assert bare("".join(pieces)) == bare(shown)
    for piece in pieces:
        assert 0 < len(piece) <= limit
        assert piece == piece.strip()
        assert re.sub("|".join(ESCAPES), "", piece).count("&") == 0


@given(st.lists(st.text(alphabet="abc ", min_size=3, max_size=40).map(str.strip).filter(bool), max_size=40))
def test_a_text_of_sentences_is_cut_only_between_sentences(sentences: list[str]) -> None:
    text = " ".join(f"{sentence}." for sentence in sentences)
    for piece in cut(text, 60):
        assert piece.endswith("."), piece


@given(st.lists(st.text(alphabet="abc. ", min_size=3, max_size=40).map(str.strip).filter(bool), max_size=40))
def test_lines_are_kept_whole(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert [line for piece in cut(text, 60) for line in piece.split("\n")] == lines


def test_a_semicolon_of_an_escape_ends_nothing() -> None:
    clauses = CUTS[2]
    assert clauses.search("a; b") and clauses.search("a: b")
    assert not any(clauses.search(f"a{escape} b") for escape in ESCAPES)


@pytest.mark.parametrize(
    ("chat", "types"),
    [
        ("# A header\n\nText.", ["header", "section"]),
        ("Text.\n\n---\n\n~ small\n~ print", ["section", "divider", "context"]),
        ("one\ntwo", ["section"]),
        ("\n\n\n", []),
        ("   \n \n", []),
        ("#no header", ["section"]),
        ("---more", ["section"]),
        ("~no small print~", ["section"]),
    ],
)
def test_what_begins_a_block(chat: str, types: list[str]) -> None:
    assert [block["type"] for block in to_blocks(chat)] == types


@given(st.text())
@example("# x")
@example("---")
@example("~ y")
@example("a\n\n# b\n\n---")
def test_what_a_person_typed_is_one_block_of_text(text: str) -> None:
    blocks = to_blocks(typed(text))
    assert [block["type"] for block in blocks] in ([], ["section"])


@given(st.text(), st.text())
def test_whatever_is_typed_slack_takes_it(first: str, second: str) -> None:
    chat = f"# {typed(first) or 'Title'}\n\nThey wrote: {typed(second)}\n\n~ {typed(first) or 'small'}"
    for post in render(Message("any", {"chat": chat}), UTC_READER, Chat()):
        BlockReader().message(post.blocks)


@given(st.integers(min_value=0, max_value=130), st.integers(min_value=0, max_value=130), st.integers(0, 30))
def test_long_messages_become_several_and_the_buttons_stand_under_the_last(
    paragraphs: int, sentences: int, buttons: int
) -> None:
    chat = "\n\n".join(f"{at}. {SENTENCE * sentences}" for at in range(paragraphs))
    choices = tuple(Choice(Deed.SKIP, str(at)) for at in range(buttons))
    posts = render(Message("any", {"chat": chat}, choices), UTC_READER, Chat())
    for post in posts:
        BlockReader().message(post.blocks)
        assert len(post.blocks) <= BLOCKS_A_MESSAGE
        assert 0 < len(post.text) <= 3000
    said = "".join(block["text"]["text"] for post in posts for block in post.blocks if block["type"] == "section")
    assert bare(said) == bare(chat)
    with_buttons = [at for at, post in enumerate(posts) if any(block["type"] == "actions" for block in post.blocks)]
    assert with_buttons == ([len(posts) - 1] if buttons else [])


def test_long_labels_and_many_options_fit() -> None:
    menu = Menu(Deed.EDIT, tuple((f"1:1:code_{at}:", "A very long title " * 20) for at in range(140)), "choose_one")
    button = Choice(Deed.TAKE, "1:1:x:y", "as_it_is", {"text": "A long choice " * 20})
    (post,) = render(Message("any", {"chat": "Text."}, (menu, button)), UTC_READER, Chat())
    BlockReader().message(post.blocks)
    elements = post.blocks[-1]["elements"]
    assert len(elements[0]["options"]) == 100
    assert elements[1]["text"]["text"].endswith("…")


@pytest.mark.parametrize("paragraphs", [1, 22, 23, 24, 49, 50, 51])
def test_buttons_and_options_count_as_text_too(paragraphs: int) -> None:
    chat = "\n\n".join([SENTENCE * 15] * paragraphs)
    menu = Menu(Deed.EDIT, tuple((f"1:1:code_{at}:", "A title that is long " * 4) for at in range(100)), "choose_one")
    buttons = tuple(Choice(Deed.TAKE, str(at), "as_it_is", {"text": "A long choice " * 6}) for at in range(20))
    posts = render(Message("any", {"chat": chat}, (menu, *buttons)), UTC_READER, Chat())
    for post in posts:
        BlockReader().message(post.blocks)
    assert posts[-1].blocks[-1]["type"] == "actions"
    assert posts[-1].blocks[0]["type"] == "section"


def test_a_home_of_any_length_is_taken_and_keeps_its_buttons() -> None:
    choices = (Choice(Deed.SHARE, "1"), Choice(Deed.PROFILE, "1"))
    for paragraphs in (1, 97, 98, 99, 140):
        long = Message("any", {"chat": "\n\n".join([SENTENCE] * paragraphs)}, choices)
        view = home([long, Message("any", {"chat": "The end."}, choices)], UTC_READER, Chat())
        BlockReader().view(view, "home")
        assert len(view["blocks"]) == min(paragraphs + 3, 100)
        buttons = [each for block in view["blocks"] if block["type"] == "actions" for each in block["elements"]]
        assert [each["action_id"] for each in buttons] == ["share:0", "profile:1", "share:2", "profile:3"]


CELLS = st.text(alphabet=st.sampled_from("ab |&<>*\n#~–ไ"), max_size=400)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=6))
@example([("x" * 5000, "& <y>")] * 250)
@example([("", "| a | b |")])
def test_a_table_of_any_length_is_taken_and_so_are_its_lines(rows: list[tuple[str, str]]) -> None:
    chat = "\n".join(["| Country | What |", *(f"| {typed(first)} | {typed(second)} |" for first, second in rows)])
    message = Message("any", {"chat": f"# Table\n\n{chat}\n\n~ The end."})
    posts = render(message, UTC_READER, Chat())
    shown: list[list[str]] = []
    for post in posts:
        BlockReader().message(copy.deepcopy(post.blocks))
        BlockReader().message(without_tables(post.blocks))
        for block in post.blocks:
            if block["type"] == "table":
                head, *more = cells_of(block)
                assert head == ["Country", "What"]
                shown += more
    BlockReader().view(home([message], UTC_READER, Chat()), "home")
    assert len(shown) == len(rows)
    for cells, row in zip(shown, rows, strict=True):
        for cell, text in zip(cells, row, strict=True):
            assert bare(text).startswith(bare(cell).removesuffix("…").removesuffix("–"))


def test_a_table_as_lines_says_what_each_cell_is() -> None:
    chat = f"| Country | Led by |\n| Viet Nam | {typed('<!channel> & |x|')} |\n| Lao PDR |  |"
    (table,) = to_blocks(chat)
    assert cells_of(table) == [["Country", "Led by"], ["Viet Nam", "<!channel> & |x|"], ["Lao PDR", "–"]]
    assert [block["text"]["text"] for block in without_tables([table])] == [
        "• *Viet Nam*: Led by: &lt;!channel&gt; &amp; |x|\n• *Lao PDR*: Led by: –"
    ]
    assert render(Message("any", {"chat": chat}), UTC_READER, Chat())[0].text.startswith("• *Viet Nam*: Led by: &lt;!")


def test_a_header_shows_what_was_typed_and_no_escape() -> None:
    (block,) = to_blocks(f"# {typed('Health & <care>')}")
    assert block["text"]["text"] == "Health & <care>"
    (long,) = to_blocks("# " + "x" * 400)
    assert len(long["text"]["text"]) <= 150


def test_an_option_keeps_its_value() -> None:
    assert option("v", "t") == {"text": {"type": "plain_text", "text": "t", "emoji": False}, "value": "v"}
    assert SECTION_TEXT == 3000
