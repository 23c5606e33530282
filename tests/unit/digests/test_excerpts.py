"""A digest shows whole sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests.excerpts import brief, one_line, sentences


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One. Two? Three", ["One.", "Two?", "Three"]),
        ("See Art. 5 of the law. Then Dr. Keo spoke.", ["See Art. 5 of the law.", "Then Dr. Keo spoke."]),
        ("It rose by 3.5 percent, e.g. in Java. Good.", ["It rose by 3.5 percent, e.g. in Java.", "Good."]),
        ('She said "yes." We began.', ['She said "yes."', "We began."]),
        ("ការងារ។ ប្រជាជន។", ["ការងារ។", "ប្រជាជន។"]),
        ("no end mark at all", ["no end mark at all"]),
        ("", []),
    ],
)
def test_a_text_is_parted_at_the_ends_of_sentences(text: str, found: list[str]) -> None:
    assert sentences(text) == found


def test_a_long_sentence_is_shown_whole() -> None:
    sentence = "Word " + "word " * 200 + "end."
    assert brief(f"{sentence} More.", 80) == (sentence, True)
    assert brief("Short. " + sentence, 80) == ("Short.", True)
    assert brief("Short. And this.", 80) == ("Short. And this.", False)


@given(st.text())
def test_whatever_was_typed_becomes_one_line_that_turns_nothing_after_it(text: str) -> None:
    line = one_line(text)
    assert line.splitlines() in ([], [line])
    assert not set(line) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00\r\n\ue000")


@given(st.text(alphabet='aB. ?\n"', max_size=200), st.integers(0, 60))
def test_what_is_shown_is_the_beginning_and_what_is_left_is_told(text: str, limit: int) -> None:
    shown, more = brief(text, limit)
    whole = one_line(text)
    assert "".join(whole.split()).startswith("".join(shown.split()))
    assert more is ("".join(whole.split()) != "".join(shown.split()))
    first = sentences(whole)[:1]
    assert len(shown) <= max(limit, len(first[0]) if first else 0)
