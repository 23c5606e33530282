"""What a reminder says: country and date named, how far they are, a button, no exclamation mark."""

from __future__ import annotations

import pytest

from bot.messages import Choice, Deed
from bot.words import Words
from tests.unit.reminders.conftest import Got, Stage, on

DUE = on(2026, 11, 27, 17)
CLOSES = on(2026, 12, 15, 17)
WORDS = Words()


@pytest.fixture
def stage(sqlite_stage: Stage) -> Stage:
    """The words do not depend on the kind of database."""
    return sqlite_stage


def read(one: Got) -> str:
    message = one.parcel.message
    subject = WORDS.render(message.kind, "subject", message.facts, one.parcel.reader)
    assert "\n" not in subject
    words = WORDS.render(message.kind, "chat", message.facts, one.parcel.reader)
    assert "!" not in subject + words
    assert "  " not in words
    assert "\n " not in words
    return words


async def test_siti_has_not_begun(stage: Stage) -> None:
    await stage.opens(DUE, CLOSES)
    await stage.passes(on(2026, 11, 13, 12))
    (one,) = stage.of("siti")
    words = read(one)
    assert words.startswith("# Indonesia: Assessment 2026 is due in 14 days")
    assert "Friday, 27 November 2026, 17:00 (Jakarta time)" in words
    assert "You have not begun yet." in words
    (choice,) = one.parcel.message.choices
    assert isinstance(choice, Choice)
    assert (choice.deed, choice.value) == (Deed.START, f"{await stage.assessment('IDN')}:0::")
    # Linh reads the same moment by her own clock.
    assert "Friday, 27 November 2026, 17:00 (Ho Chi Minh time)" in read(stage.of("linh")[0])
    assert "27 November 2026, 16:30 (Yangon time)" in read(stage.of("khin")[0])


async def test_siti_has_begun_and_the_day_is_near(stage: Stage) -> None:
    await stage.opens(DUE, CLOSES)
    await stage.begins("siti")
    stage.clock.set(on(2026, 11, 25, 20))
    await stage.passes(on(2026, 11, 27, 12))
    near, today = stage.of("siti")[-2:]
    assert read(near).startswith("# Indonesia: Assessment 2026 is due tomorrow")
    assert read(today).startswith("# Indonesia: Assessment 2026 is due today")
    assert "You have answered 0 of 33 questions." in read(today)
    assert "7 required questions have no answer yet." in read(today)
    assert [choice.deed for choice in today.parcel.message.choices] == [Deed.RESUME]


async def test_late_each_in_their_own_words(stage: Stage) -> None:
    await stage.opens(DUE, CLOSES)
    stage.clock.set(on(2026, 11, 29, 9))
    await stage.passes(on(2026, 11, 30, 12))
    siti, budi, dewi = (stage.of(short)[-1] for short in ("siti", "budi", "dewi"))
    assert "Budi Hartono and Dewi Lestari get a copy of this reminder." in read(siti)
    assert "you can answer until" in read(siti)
    assert "If Siti Rahmadani is away, you can go on in their place." in read(budi)
    assert "Siti Rahmadani answers for Indonesia" in read(dewi)
    assert [len(one.parcel.message.choices) for one in (siti, budi, dewi)] == [1, 1, 0]
    # In Lao PDR there is no alternate.
    assert "Thong Vilay gets a copy of this reminder." in read(stage.of("bounmy")[-1])


@pytest.mark.parametrize("begun", [False, True])
async def test_the_secretariats_own(stage: Stage, begun: bool) -> None:
    await stage.opens(DUE, CLOSES)
    await stage.submits("siti")
    if begun:
        await stage.begins_review("aisyah", "IDN")
    stage.clock.set(on(2026, 12, 16, 10) if begun else on(2026, 11, 5, 9))
    await stage.ticks()
    (one,) = [one for one in stage.got if one.kind == "reminder/review"]
    words = read(one)
    assert "`/spnet review Indonesia`" in words
    assert ("Aisyah Noor began the review" in words) is begun
    assert ("is closed" in words) is begun
