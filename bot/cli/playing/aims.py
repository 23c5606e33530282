"""What countries of the demo set for themselves: floors and ceilings, a question of their own, their next steps.

All of it is invented: it says nothing about what any country has decided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.cli.playing import floors
from bot.cli.playing.floors import Wanted
from bot.cli.playing.people import Part
from bot.cli.playing.stage import NETWORK, PATIENCE, Stage, buttons, options
from bot.messages import Deed
from bot.sandbox import Message

PLAN = "Example: national plan, chapter 2"
LAW = "Example: law on social protection, article 4"
PROGRAMME = "Example: five-year programme"
# These stood when both rounds opened, so that there is a pace since then.
EARLY: dict[str, Sequence[Wanted]] = {
    "IDN": (
        Wanted("poverty_national_line", "11.5", "9", 2019, PLAN, date(2013, 1, 1)),
        Wanted("poverty_international_line", "7", "2", 2019, PLAN, date(2013, 1, 1)),
        Wanted("gini_index", "39", "36", 2020, PLAN, date(2013, 1, 1)),
        Wanted("urban_slum_population", "22", "", 2019, PLAN, date(2013, 1, 1)),
    ),
    "THA": (
        Wanted("poverty_national_line", "11", "9", 2018, PROGRAMME, date(2013, 1, 1)),
        Wanted("gini_index", "38", "35", 2018, PROGRAMME, date(2013, 1, 1)),
    ),
}
BEFORE_THE_ROUND: dict[str, Sequence[Wanted]] = {
    "VNM": (
        Wanted("poverty_national_line", "15", "8", 2020, LAW, date(2012, 1, 1)),
        Wanted("poverty_international_line", "2.5", "1", 2020, LAW, date(2012, 1, 1)),
        Wanted("gini_index", "36", "34", 2020, LAW, date(2012, 1, 1)),
    ),
    "LAO": (
        Wanted("urban_slum_population", "30", "20", 2020, PROGRAMME),
        Wanted("gini_index", "36", "33", 2020, PROGRAMME),
    ),
    "TLS": (
        Wanted("poverty_national_line", "40", "30", 2022, PLAN),
        Wanted("population_covered", "25", "45", 2022, PLAN),
    ),
}
# This one waits for its yes when the visitor comes in.
WAITING: dict[str, Sequence[Wanted]] = {
    "MYS": (
        Wanted("gini_index", "41", "38", 2020, PLAN),
        Wanted("below_half_median", "15.5", "12", 2020, PLAN),
    ),
}
OWN_QUESTION = {
    "IDN": {
        "section": "A",
        "title": "Villages that read the list aloud",
        "question": "In how many villages was the list of poor households read aloud?",
        "kind": "integer",
        "unit": "villages",
        "minimum": "0",
    },
}
OWN_CODE = "own_idn_1"
# By country: which benchmark (counted from 1), and what is filled in.
STANDS: dict[str, Mapping[int, Mapping[str, str]]] = {
    "IDN": {
        1: {"step": "new_numbers", "reached_on": "2014-01-01", "next_step": "Example: numbers for older records"},
        4: {"step": "national", "reached_on": "2013-07-01", "next_step": "Example: corrections at any time"},
    },
    "LAO": {4: {"step": "pilot", "reached_on": "2014-06-01", "next_step": "Example: two more provinces"}},
    "VNM": {
        3: {"step": "electronic", "reached_on": "2014-03-01", "next_step": "Example: one payment for all schemes"},
        4: {"step": "separate_lists", "next_step": "Example: a shared list in two districts"},
    },
}


async def are_set(on: Stage, wanted: Mapping[str, Sequence[Wanted]], focal_points: Mapping[str, Part]) -> None:
    """Focal points set floors and ask for the yes; those who are asked hear of it."""
    for member, each in wanted.items():
        await floors.sets(on, focal_points[member], each)
    await on.settled()


async def are_cleared(on: Stage, members: Mapping[str, object], coordinators: Mapping[str, Part]) -> None:
    """Coordinators say yes: in the chat, or on the page of their letter."""
    for member in members:
        coordinator = coordinators[member]
        await (floors.clears_on_page if coordinator.by_mail else floors.clears)(on, coordinator)
    await on.settled()


async def asks_itself(on: Stage, focal_point: Part, question: Mapping[str, str]) -> None:
    """A focal point adds a question of the country's own."""
    person = on.person(focal_point)
    card = await _answer(on, focal_point, "questions")
    button = next(button for button in buttons(card) if button.deed == Deed.ADD_QUESTION)
    await person.clicks(button.action_id, button.value, button.message)
    await _filled(on, focal_point, question)


async def say_where_they_stand(
    on: Stage, stands: Mapping[str, Mapping[int, Mapping[str, str]]], focal_points: Mapping[str, Part]
) -> None:
    """Focal points note where their country stands on the benchmarks."""
    for member, positions in stands.items():
        focal_point = focal_points[member]
        for number, given in positions.items():
            card = await _answer(on, focal_point, "benchmarks")
            action_id, value = options(card, Deed.KEEP_BENCHMARK)[number - 1]
            await on.person(focal_point).selects(action_id, value, card.ts)
            await _filled(on, focal_point, given)


async def _answer(on: Stage, part: Part, command: str) -> Message:
    """What a command is answered with."""
    person = on.person(part)
    before = person.messages(NETWORK)
    await person.command("/spnet", command, NETWORK)
    after = before[-1].ts if before else ""
    return await person.hears(lambda message: bool(message.blocks), PATIENCE, NETWORK, after=after)


async def _filled(on: Stage, part: Part, given: Mapping[str, str]) -> None:
    await on.settled()
    person = on.person(part)
    await person.fills(given)
    if errors := await person.submits():
        raise RuntimeError(f"the form was not taken: {errors}")
    await on.settled()
