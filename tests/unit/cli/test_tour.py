"""The twelve steps of the guided tour, played on the demo as the page plays them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cli.playing import tour
from tests.unit.cli.filled import (
    AISYAH,
    DEWI,
    HUONG,
    JOSE,
    LINH,
    MARIA,
    NETWORK,
    PER,
    REVIEW,
    TUAN,
    Visitor,
    copied,
    visited,
)

LOOKS = {None, "composer", "message", "clock", "mail"}


@pytest.fixture
async def visitor(filled: Path, tmp_path: Path) -> AsyncIterator[Visitor]:
    async with visited(copied(filled, tmp_path / "demo")) as visitor:
        yield visitor


async def plays(visitor: Visitor, name: str) -> None:
    """What the button of a step does."""
    step = next(step for step in await visitor.control.tour() if step["id"] == name)
    for act in step["do"]["acts"]:
        arguments = {key: value for key, value in act.items() if key not in ("act", "as")}
        await visitor.does(act.get("as", step["as"]), act["act"], **arguments)


async def test_the_whole_tour_from_a_reminder_to_the_digest(visitor: Visitor) -> None:
    said = (await visitor.sees(LINH)).messages()[-1]
    assert "was due on Friday, 6 February 2015" in said.text

    await plays(visitor, "answer")
    said = (await visitor.sees(LINH)).messages()[-1]
    assert "*Poverty at the national line*: 13.5 % (2014, World Bank)" in said.text

    await plays(visitor, "colleague")
    seen = "\n".join(message.text for message in (await visitor.sees(TUAN)).messages())
    assert "*Poverty at the international line*: 2.6 % (2014, World Bank)" in seen
    assert "13.5" not in seen, "of everything else he sees nothing"
    assert "Tuan Specimen" in (await visitor.sees(LINH)).messages()[-1].text

    await plays(visitor, "submit")
    assert "Submitted. Thank you, Linh Example." in (await visitor.sees(LINH)).messages()[-1].text
    assert "Viet Nam: Full assessment 2014" in (await visitor.sees(AISYAH)).messages(REVIEW)[-1].text

    await plays(visitor, "return")
    asked = (await visitor.sees(LINH)).messages()[-1].text
    assert "A question about your answers" in asked
    assert "is it the same line?" in asked

    await plays(visitor, "asked")
    assert "Submitted. Thank you, Linh Example." in (await visitor.sees(LINH)).messages()[-1].text
    assert "is it the same line?" in str((await visitor.sees(AISYAH)).messages(REVIEW)[-1].blocks)

    await plays(visitor, "accept")
    accepted, picture = (await visitor.sees(LINH)).messages()[-2:]
    assert "Accepted. Thank you, Linh Example." in accepted.text
    assert [file["name"] for file in picture.files] == ["vnm-full-assessment-2014-progress.png"], "it follows the words"

    await plays(visitor, "progress")
    progress, picture = (await visitor.sees(LINH)).messages()[-2:]
    words = progress.words.replace("\N{NO-BREAK SPACE}", " ")
    assert "Poverty at the national line | 17.2 % (2012) → 13.5 % (2014), −3.7 | 15 % → 8 % by 2020" in words
    assert "floor reached; 5.5 to the ceiling; on track" in words
    assert picture.files

    await plays(visitor, "floor")
    said = (await visitor.sees(LINH)).messages()[-1].text
    assert "Huong Sample is asked" in said
    asked = await visitor.control.letter((await visitor.letters(HUONG))[-1]["n"])
    assert asked["subject"] == "Viet Nam: 1 floor waits for your yes"
    assert "/floors/" in asked["text"]

    await plays(visitor, "yes")
    assert "Timor-Leste: Full assessment 2014" in (await visitor.sees(AISYAH)).messages(REVIEW)[-1].text

    await plays(visitor, "reminder")
    reminder = (await visitor.letters(JOSE))[-1]
    assert reminder["subject"].startswith("Philippines: Full assessment 2014 was due")
    assert reminder["date"].startswith("2015-02-13T01:00")
    assert (await visitor.sees(MARIA)).messages()[-1].text.startswith("Philippines: Full assessment 2014 was due")
    assert sum("was due" in message.text for message in (await visitor.sees(LINH)).messages()) == 1, "she has finished"

    await plays(visitor, "digest")
    for reader in (DEWI, PER):
        digest = await visitor.control.letter((await visitor.letters(reader))[-1]["n"])
        assert digest["subject"].startswith("Full assessment 2014: 4 of 11 countries have reported")
        assert "(2012) → 13.5" in digest["text"]
        assert "image/png" in {part["type"] for part in digest["attachments"]}
    posted, picture = (await visitor.sees(MARIA)).messages(NETWORK)[-2:]
    assert "Digest: Full assessment 2014" in posted.text
    assert [file["name"].rpartition(".")[2] for file in picture.files] == ["png"]


async def test_the_steps_lead_to_people_and_places_that_are_there(visitor: Visitor) -> None:
    steps = await visitor.control.tour()
    assert len(steps) == 12
    assert len({step["id"] for step in steps}) == 12
    workspace = visitor.on.sandbox.workspace
    for step in steps:
        assert step["look"] in LOOKS
        assert step["as"] in workspace.users
        channel = step["place"].get("channel")
        assert channel is None or step["as"] in workspace.channels[channel].members


def test_the_words_are_short_and_quiet() -> None:
    for step in tour.steps():
        assert "!" not in step.title + step.text
        assert len(step.title) <= 40
        assert len(step.text) <= 600
        assert max(map(len, step.text.replace("\n\n", ". ").split(". "))) <= 140
