"""What stands behind a command, as people type it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import NotFound, Refusal
from bot.speaker import Speaker
from bot.words import UTC_READER, words
from db.vocabulary import QuestionSetCode, Role, Via
from handlers.commands import COMMANDS, typed
from handlers.commands.table import found, help_message
from handlers.commands.typed import NotUnderstood

ZONE = "Asia/Jakarta"
# The end of the working day at the secretariat.
DECEMBER = datetime(2026, 12, 15, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-15", date(2026, 12, 15)),
        ("15 Dec 2026", date(2026, 12, 15)),
        ("15 december 2026", date(2026, 12, 15)),
        ("15-Dec-2026", date(2026, 12, 15)),
        ("5 Jan 2027", date(2027, 1, 5)),
        (" 2026-12-15 ", date(2026, 12, 15)),
        ("29 Feb 2024", date(2024, 2, 29)),
        ("29 Feb 2026", None),
        ("31 Feb 2026", None),
        ("2026-13-01", None),
        ("15/12/2026", None),
        ("tomorrow", None),
        ("", None),
        ("0000-00-00", None),
    ],
)
def test_dates(text: str, day: date | None) -> None:
    assert typed.day(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "2026 full due 2026-12-15",
        "2026 FULL DUE 15 dec 2026",
        "2026 full due 15 December 2026 closes 2026-12-29",
        "2026 full due  2026-12-15  close 2026-12-29",
    ],
)
def test_an_opening(text: str) -> None:
    wish = typed.opening(text, ZONE)
    assert (wish.code, wish.question_set, wish.title) == ("2026", QuestionSetCode.FULL, None)
    assert wish.due == DECEMBER
    assert wish.closes == datetime(2026, 12, 29, 10, 0, tzinfo=UTC)


def test_a_title_may_hold_the_words_of_dates() -> None:
    wish = typed.opening("2026-q4 update due 2026-12-15 title What is due closes 2020-01-01 soon", ZONE)
    assert wish.code == "2026-Q4"
    assert wish.title == "What is due closes 2020-01-01 soon"
    assert wish.due == DECEMBER


def test_a_date_is_meant_in_the_zone_of_the_secretariat() -> None:
    there = typed.opening("2026 full due 2026-12-15", "Asia/Vientiane")
    assert there.due.astimezone(ZoneInfo("Asia/Vientiane")).hour == typed.DUE_HOUR
    assert there.due.tzinfo is not None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "code"),
        ("full 2026 due 2026-12-15", "code"),
        ("2026", "question_set"),
        ("2026 due 2026-12-15", "question_set"),
        ("2026 full", "due"),
        ("2026 full 2026-12-15", "due"),
        ("2026 full due soon", "due_unreadable"),
        ("2026 full due 31 Feb 2026", "due_unreadable"),
        ("2026 full due 2026-12-15 closes later", "closes"),
        ("2026 full due 2026-12-15 closes 2026-02-31", "closes"),
    ],
)
def test_what_is_missing_is_named_with_an_example_that_works(text: str, problem: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        typed.opening(text, ZONE)
    assert refused.value.facts["problem"] == problem
    example = str(refused.value.facts["example"])
    assert typed.opening(example.removeprefix("/spnet cycle open "), ZONE)
    assert example in words().render("refusals/not_understood", "chat", refused.value.facts, UTC_READER)


@pytest.mark.parametrize(
    ("text", "code", "why"),
    [
        ("2026 due 2026-12-15", "2026", None),
        ("due 2026-12-15", None, None),
        ("due 15 Dec 2026 because of the floods", None, "of the floods"),
        ("2026-h1 due 2026-12-15 because it is due 2026-12-01", "2026-H1", "it is due 2026-12-01"),
    ],
)
def test_an_extension(text: str, code: str | None, why: str | None) -> None:
    wish = typed.extension(text, ZONE)
    assert (wish.code, wish.why, wish.due) == (code, why, DECEMBER)


def test_the_example_of_an_extension_works() -> None:
    with pytest.raises(NotUnderstood) as refused:
        typed.extension("2026", ZONE)
    assert typed.extension(str(refused.value.facts["example"]).removeprefix("/spnet cycle extend "), ZONE).why


@given(st.text(max_size=typed.LONGEST_WHY))
@example("it is 17:00: too late")
def test_the_button_of_an_extension_keeps_what_was_typed(why: str) -> None:
    wish = typed.Extension(None, DECEMBER, DECEMBER + typed.GRACE, why or None, "20261130T100000-20261214T100000")
    value = typed.extension_value(999_999_999, wish)
    assert typed.extension_of(value) == (999_999_999, wish)
    assert len(value) <= 2000, "what Slack takes"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "1",
        "1::",
        "1:::",
        "x:s:202612151000:202612291000:",
        "1:s:2026:9999:",
        "1:202612151000:202612291000:",
        ":" * 9,
    ],
)
def test_a_forged_button_of_an_extension_is_refused(value: str) -> None:
    with pytest.raises(NotFound):
        typed.extension_of(value)


def test_a_reason_that_no_button_can_keep_is_asked_for_again() -> None:
    with pytest.raises(NotUnderstood) as refused:
        typed.extension(f"2026 due 2026-12-15 because {'x' * (typed.LONGEST_WHY + 1)}", ZONE)
    assert refused.value.facts["problem"] == "why_too_long"
    assert typed.extension(f"2026 due 2026-12-15 because {'x' * typed.LONGEST_WHY}", ZONE).why


hostile = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            [
                *("2026", "full", "update", "due", "closes", "close", "title", "because", "2026-12-15", "31 Feb 2026"),
                *(
                    "9999-12-31",
                    "0001-01-01",
                    "15 Dec 2026",
                    "<!channel>",
                    "\n",
                    "\x00",
                    "‮",
                    "٢٠٢٦",
                    "２０２６-１２-１５",
                ),
            ]
        ),
        max_size=9,
    ).map(" ".join),
)


@given(hostile)
@example("2026 full due 9999-12-31")
@example("2026 full due 0001-01-01")
@example("2026 full due 2026-12-15 closes 9999-12-31")
@example("2026 full due ٢٠٢٦-١٢-١٥")
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    for read in (typed.opening, typed.extension):
        try:
            wish = read(text, ZONE)
        except Refusal as refused:
            assert words().render(f"refusals/{refused.name}", "chat", refused.facts, UTC_READER)
        else:
            assert wish.due.tzinfo is not None
            assert wish.closes.tzinfo is not None


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_is_found_by_its_words_whatever_their_case(command) -> None:  # type: ignore[no-untyped-def]
    for text, rest in (
        (command.name, ""),
        (command.name.upper(), ""),
        (f"  {command.name.replace(' ', '   ')}  2026 Full  ", "2026 Full"),
        (f"{command.name}\ttitle A  B", "title A  B"),
    ):
        match = found(COMMANDS, text)
        assert match is not None
        assert match[0] is command
        assert match[1].strip() == rest


@pytest.mark.parametrize(
    "text", ["", "help", "cycle", "cycle opened", "digest", "statuses", "open cycle", "<!channel>"]
)
def test_anything_else_is_no_command(text: str) -> None:
    assert found(COMMANDS, text) is None


def speaks(role: Role, member: str | None) -> Speaker:
    return Speaker(1, "Somebody", role, member, Via.SLACK, ZONE, "en")


def test_help_shows_what_may_be_used() -> None:
    shown = help_message(COMMANDS, speaks(Role.CONTRIBUTOR, "IDN")).facts["commands"]
    assert {"command_status", "command_profile"} <= set(shown)
    assert not {"command_cycle_open", "command_contributors", "command_focal_appoint"} & set(shown)
    everything = help_message(COMMANDS, speaks(Role.SECRETARIAT, None)).facts["commands"]
    assert {"command_cycle_open", "command_focal_appoint", "command_review"} <= set(everything)


def test_half_a_command_shows_its_family() -> None:
    aisyah = speaks(Role.SECRETARIAT, None)
    focal = help_message(COMMANDS, aisyah, "focal").facts
    assert focal["commands"] and all(each.startswith("command_focal") for each in focal["commands"])
    assert (focal["family"], focal["wrote"]) == (True, "")
    assert help_message(COMMANDS, aisyah, "help focal").facts == focal
    everything = help_message(COMMANDS, aisyah, "help").facts
    first = everything["commands"][: everything["of_cycle"]]
    assert {"command_review", "command_cycle_open"} <= set(first) and "command_mechanisms" not in first
    assert (everything["family"], everything["wrote"]) == (False, "")
    nothing = help_message(COMMANDS, aisyah, "help nothing").facts
    assert (nothing["family"], nothing["wrote"], nothing["of_cycle"]) == (False, "help nothing", len(first))
    other = help_message(COMMANDS, aisyah, "statuses").facts
    assert (other["family"], other["wrote"]) == (False, "statuses")
