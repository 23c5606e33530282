"""What was written for the chat reads well as text and as HTML, and stays what it was."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.chat import SUBJECT_LENGTH, title_of, to_html, to_text
from bot.words import LINE_BREAK, _chat_value

CHAT = """\
# A reminder for Lao PDR

Good morning, Bounmy. It is *almost* due. See <https://example.org/a?b=1&amp;c=2|the format>.
Second line with snake_case_words and 5 * 3 * 2.

> What moved since last time?
> Say it in your words.

• one
• two

---

~ Written by the bot
"""


def test_as_text() -> None:
    assert to_text(CHAT) == (
        "A reminder for Lao PDR\n----------------------\n\n"
        "Good morning, Bounmy. It is almost due. See the format (https://example.org/a?b=1&c=2).\n"
        "Second line with snake_case_words and 5 * 3 * 2.\n\n"
        "> What moved since last time?\n> Say it in your words.\n\n"
        "• one\n• two\n\n"
        "----------------------------------------\n\n"
        "Written by the bot"
    )


def test_as_html() -> None:
    assert to_html(CHAT) == (
        "<h1>A reminder for Lao PDR</h1>\n"
        "<p>Good morning, Bounmy. It is <strong>almost</strong> due. "
        'See <a href="https://example.org/a?b=1&amp;c=2">the format</a>.<br>'
        "Second line with snake_case_words and 5 * 3 * 2.</p>\n"
        "<blockquote>What moved since last time?<br>Say it in your words.</blockquote>\n"
        "<ul><li>one</li><li>two</li></ul>\n"
        "<hr>\n"
        '<p class="small">Written by the bot</p>'
    )


@pytest.mark.parametrize(
    ("chat", "title"),
    [
        ("# Due on Friday\n\nBody.", "Due on Friday"),
        ("Your report was *accepted*. Thank you.", "Your report was accepted"),
        ("Is this still right? Please look.", "Is this still right?"),
        ("---", ""),
        ("word " * 60, ("word " * 60)[: SUBJECT_LENGTH - 1].rsplit(" ", 1)[0] + "…"),
    ],
)
def test_a_mail_is_called_by_its_header_or_first_sentence(chat: str, title: str) -> None:
    assert title_of(chat) == title


@pytest.mark.parametrize(
    ("chat", "shown"),
    [
        ("Ask <@U0SITI> about it", "Ask  about it"),
        ("due <!date^1795000000^{date}|27 November>", "due 27 November"),
        ("<javascript:alert(1)|here>", "here"),
        ('<https://example.org/"onclick="x|go>', 'go (https://example.org/"onclick="x)'),
    ],
)
def test_slacks_own_tokens_leave_only_their_words(chat: str, shown: str) -> None:
    assert to_text(chat) == shown


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.text(min_size=1))
def test_what_a_person_typed_makes_no_tag_of_its_own(typed: str) -> None:
    parser = Tags()
    parser.feed(to_html(f"They wrote: {_chat_value(typed)}"))
    parser.close()
    assert {tag for tag, _ in parser.tags} <= {"p", "br", "blockquote", "ul", "li", "strong", "em", "s", "code"}
    assert all(not attrs for _, attrs in parser.tags)


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1, max_size=200))
def test_every_word_arrives(typed: str) -> None:
    parser = Tags()
    parser.feed(to_html(typed))
    assert "".join(parser.text.split()) == typed
    assert "".join(to_text(typed).split()) == typed


def test_a_line_break_that_was_typed_stays_one() -> None:
    assert to_html(f"one{LINE_BREAK}two") == "<p>one<br>two</p>"
