"""The messages about progress, each with the ways to the others."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot import permissions, standing
from bot.exports.charts import dumbbell, multiples, sketch
from bot.messages import Choice, Deed, Menu, Message
from bot.permissions import Act
from bot.progress import asking
from bot.progress.asking import View, Wanted
from bot.reading import plain
from bot.speaker import Speaker
from bot.standing import FEWEST, Regional, way
from db.engine import Session
from db.models import Cycle
from db.queries import people as people_queries

COMPARISON_KIND = "progress/indicator"


async def typed(session: Session, by: Speaker, text: str) -> Message:
    """`/spnet progress [country, region or indicator] [cycle]`.

    Raises:
        NotFound, NotAllowed.
    """
    permissions.require(by, Act.READ_PROGRESS, by.member)
    return await _shown(session, by, await asking.of_words(session, by, plain(text)))


async def compare(session: Session, by: Speaker, text: str) -> Message:
    """`/spnet compare INDICATOR [cycle]`; without an indicator a menu of them.

    Raises:
        NotFound, NotAllowed.
    """
    permissions.require(by, Act.READ_PROGRESS, by.member)
    wanted = await asking.of_comparison(session, by, plain(text))
    if wanted is not None:
        return await _shown(session, by, wanted)
    cycle = await asking.cycle_of(session, by, "")
    if cycle is None:
        return Message("progress/nothing", {"country": None})
    return Message("progress/choose", {"cycle": cycle.title}, (_indicators(cycle),))


async def show(session: Session, by: Speaker, value: str, now: datetime) -> Message:  # noqa: ARG001 - as every button
    """What a button or a menu asks for; an empty value is what this person sees first.

    Raises:
        NotFound, NotAllowed.
    """
    permissions.require(by, Act.READ_PROGRESS, by.member)
    return await _shown(session, by, asking.of_button(value, by))


async def _shown(session: Session, by: Speaker, wanted: Wanted) -> Message:
    match wanted.view:
        case View.MEMBER:
            return await _member(session, by, wanted)
        case View.INDICATOR:
            return await _indicator(session, by, wanted)
        case View.REGION:
            return await _region(session, by, wanted)


async def _member(session: Session, by: Speaker, wanted: Wanted) -> Message:
    member = await asking.member_of(session, wanted.code)
    cycle = await asking.cycle_of(session, by, wanted.cycle, member.code)
    rows = []
    if cycle is not None:
        rows = await standing.progress(session, cycle, members=[member.code], published=asking.outside(by, member.code))
    if cycle is None or not rows:
        facts = {"country": member.name, "cycle": cycle.title if cycle else None}
        return Message("progress/nothing", facts, await _ways(session, by, cycle, but=member.code))
    ways = [way(row) for row in rows]
    facts = {
        "country": member.name,
        "cycle": cycle.title,
        "rows": ways,
        "told": [each for each in ways if each["told"]],
        "floors": any(each["floor"] or each["ceiling"] for each in ways),
    }
    ways_on = await _ways(session, by, cycle, but=member.code)
    return Message("progress/country", facts, ways_on, draws=sketch(dumbbell, rows))


async def _indicator(session: Session, by: Speaker, wanted: Wanted) -> Message:
    cycle = await asking.cycle_of(session, by, wanted.cycle)
    if cycle is None:
        return Message("progress/nothing", {"country": None, "cycle": None})
    indicator = next((each for each in asking.comparable(cycle) if each.code == wanted.code), None)
    if indicator is None:
        raise asking.NotFound(what="indicator", named=wanted.code[: asking.SHOWN])
    table = await standing.table(session, cycle, indicators=[indicator.code], published=asking.outside(by))
    ways = [way(row) for row in table.rows]
    facts = {
        "title": indicator.title,
        "own": None,
        "direction": indicator.direction.value if indicator.direction else None,
        "numeric": indicator.numeric,
        "cycle": cycle.title,
        "rows": ways,
        "told": [each for each in ways if each["told"]],
        "floors": any(each["floor"] or each["ceiling"] for each in ways),
        "missing": list(table.coverage.missing),
        "spared": list(table.coverage.spared),
        "together": _counts(table.indicators[0]) if table.indicators else None,
    }
    send = Choice(Deed.MAIL_COMPARISON, Wanted(View.INDICATOR, indicator.code, cycle.code).value)
    ways_on = (*await _ways(session, by, cycle), send)
    return Message(COMPARISON_KIND, facts, ways_on, draws=sketch(multiples, table.rows))


async def _region(session: Session, by: Speaker, wanted: Wanted) -> Message:
    cycle = await asking.cycle_of(session, by, wanted.cycle)
    if cycle is None:
        return Message("progress/nothing", {"country": None, "cycle": None})
    table = await standing.table(session, cycle, published=asking.outside(by))
    whole = standing.overall(table.indicators) if table.coverage.accepted >= FEWEST else None
    facts = {
        "cycle": cycle.title,
        "asked": table.coverage.asked,
        "accepted": table.coverage.accepted,
        "missing": list(table.coverage.missing),
        "spared": list(table.coverage.spared),
        "fewest": FEWEST,
        "overall": asdict(whole) if whole else None,
        "rows": [_counts(each) for each in table.indicators if each.set_floor is not None],
        "few": [each.indicator.title for each in table.indicators if each.set_floor is None],
    }
    return Message("progress/region", facts, await _ways(session, by, cycle, region=False))


def _counts(each: Regional) -> dict[str, Any]:
    counts = {name: getattr(each, name) for name in Regional.__dataclass_fields__ if name != "indicator"}
    return {"title": each.indicator.title, "directed": each.indicator.direction is not None, **counts}


async def _ways(
    session: Session, by: Speaker, cycle: Cycle | None, *, but: str = "", region: bool = True
) -> tuple[Choice | Menu, ...]:
    """To the own country, to the region, to another country and to an indicator, in the same cycle."""
    if cycle is None:
        return ()
    ways: list[Choice | Menu] = []
    if by.member and by.member != but:
        ways.append(Choice(Deed.PROGRESS, Wanted(View.MEMBER, by.member, cycle.code).value, "progress_own"))
    if region:
        ways.append(Choice(Deed.PROGRESS, Wanted(View.REGION, "", cycle.code).value, "progress_region"))
    countries = tuple(
        (Wanted(View.MEMBER, member.code, cycle.code).value, member.name)
        for member in await people_queries.members(session)
        if member.code != but
    )
    return (*ways, Menu(Deed.PROGRESS, countries, "progress_country"), _indicators(cycle))


def _indicators(cycle: Cycle) -> Menu:
    options = tuple(
        (Wanted(View.INDICATOR, indicator.code, cycle.code).value, indicator.title)
        for indicator in asking.comparable(cycle)
    )
    return Menu(Deed.COMPARE, options, "compare")
