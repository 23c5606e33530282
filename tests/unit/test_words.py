"""The door to the words: dates and numbers as each country writes them, and nothing typed that counts as markup."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import TemplateNotFound, UndefinedError

from bot.editions import FOLDER
from bot.formats import load_members
from bot.rendering.blocks import to_blocks
from bot.words import Reader, Words, listed, say_day, say_moment, say_number, words, zone_name

MEMBERS = load_members(FOLDER / "asean.toml")
FRIDAY_EVENING = datetime(2026, 11, 27, 17, 30, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path) -> Words:
    """A house with a few templates of its own."""
    for name, text in {
        "talk/said.chat.j2": "{{ text }}",
        "talk/said.text.j2": "{{ text }}",
        "talk/said.html.j2": "<p>{{ text }}</p>",
        "talk/when.chat.j2": "{{ moment(when) }} / {{ day(when) }}",
        "talk/bare.chat.j2": "{{ label('hello') }} {{ number }}",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "labels.toml").write_text('hello = "Hello"\nnamed = "Hello {name}"\n', encoding="utf-8")
    return Words(tmp_path)


def read(house: Words, kind: str, form: str = "chat", reader: Reader | None = None, **facts: object) -> str:
    return house.render(kind, form, facts, reader or Reader("Asia/Jakarta"))


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Asia/Jakarta", "Saturday, 28 November 2026, 00:30 (Jakarta time)"),
        ("Asia/Ho_Chi_Minh", "Saturday, 28 November 2026, 00:30 (Ho Chi Minh time)"),
        ("UTC", "Friday, 27 November 2026, 17:30 (UTC)"),
        ("Asia/Yangon", "Saturday, 28 November 2026, 00:00 (Yangon time)"),
    ],
)
def test_a_moment_is_said_in_the_readers_zone(zone: str, said: str) -> None:
    assert say_moment(FRIDAY_EVENING, Reader(zone)) == said


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.code)
def test_every_country_reads_its_own_zone_in_plain_digits(member) -> None:  # type: ignore[no-untyped-def]
    reader = Reader(member.zone, member.locale)
    said = say_moment(FRIDAY_EVENING, reader)
    assert said.isascii(), "the bot speaks English; dates are not in another script"
    assert "2026" in said
    assert zone_name(member.zone) in said
    assert say_day(date(2026, 11, 27), reader) == say_day(FRIDAY_EVENING.replace(hour=1), reader)


def test_a_day_is_not_moved_by_a_zone() -> None:
    assert say_day(date(2026, 11, 27), Reader("Pacific/Apia")) == "Friday, 27 November 2026"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Decimal("38.80"), "38.80"),
        (Decimal("50.7999992370605"), "50.7999992370605"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-7"), "0.0000001"),
        (12, "12"),
        ("38,8", "38,8"),
    ],
)
def test_a_number_is_said_digit_by_digit(house: Words, value: Decimal | int | str, said: str) -> None:
    assert say_number(value) == said
    assert read(house, "talk/said", text=value) == said


@given(st.text())
def test_what_was_typed_is_escaped_for_chat_and_html(typed: str) -> None:
    house = words()
    chat = house.render("experience/thanks", "chat", {"title": typed}, Reader("UTC"))
    assert "<" not in chat
    assert ">" not in chat
    assert [block["type"] for block in to_blocks(chat)] == ["section"]


def test_html_is_escaped_and_text_is_as_it_was_typed(house: Words) -> None:
    typed = "<b>Two & two</b>"
    assert read(house, "talk/said", "html", text=typed) == "<p>&lt;b&gt;Two &amp; two&lt;/b&gt;</p>"
    assert read(house, "talk/said", "text", text=typed) == typed
    assert read(house, "talk/said", text=typed) == "&lt;b&gt;Two &amp; two&lt;/b&gt;"


def test_typed_template_language_is_only_text(house: Words) -> None:
    assert read(house, "talk/said", text="{{ 7 * 7 }}{% raw %}") == "{{ 7 * 7 }}{% raw %}"


def test_a_missing_fact_is_an_error_and_never_an_empty_place(house: Words) -> None:
    with pytest.raises(UndefinedError):
        read(house, "talk/said")
    with pytest.raises(TemplateNotFound):
        read(house, "talk/nothing")
    assert house.has("talk/said", "html")
    assert not house.has("talk/said", "subject")


def test_labels(house: Words) -> None:
    assert house.label("hello") == "Hello"
    assert house.label("named", name="{siti}") == "Hello {siti}"
    assert house.maybe_label("nothing") is None
    with pytest.raises(KeyError):
        house.label("nothing")
    assert read(house, "talk/bare", number=3) == "Hello 3"


def test_a_moment_and_its_day_are_of_the_same_zone(house: Words) -> None:
    assert read(house, "talk/when", when=FRIDAY_EVENING) == (
        "Saturday, 28 November 2026, 00:30 (Jakarta time) / Saturday, 28 November 2026"
    )


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["Indonesia"], "Indonesia"),
        (["Indonesia", "Viet Nam"], "Indonesia and Viet Nam"),
        (["Indonesia", "Philippines", "Viet Nam"], "Indonesia, Philippines and Viet Nam"),
    ],
)
def test_names_one_after_another(names: list[str], said: str) -> None:
    assert listed(names) == said
