"""Floors and ceilings as people see them: those of one country or of all, and the history of one indicator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot import editions, permissions, workdays
from bot.errors import NotFound
from bot.floors.aim import Aim, aim_of, frozen
from bot.floors.asking import coordinators
from bot.floors.freezing import standing_on
from bot.floors.proposing import Asked, codes, newest_cleared, the_member, title_of, withdraw
from bot.formats import Edition, Indicator
from bot.messages import Choice, Deed, Menu, Message
from bot.people import members
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import Assessment, Floor, Member
from db.queries import floors as queries
from db.queries import people as people_queries
from db.queries.floors import Noted
from db.vocabulary import Direction, Kind

# So many of the newest lines of a history are shown.
HISTORY_SHOWN = 30


def figure(number: Decimal | None, indicator: Indicator | None) -> str | None:
    """A floor or a ceiling as it is said: `40 %`, `38.8`."""
    if number is None:
        return None
    return format(number, "f") + (" %" if indicator is not None and indicator.kind is Kind.PERCENT else "")


def aim_facts(aim: Aim | None, indicator: Indicator | None) -> dict[str, Any] | None:
    """An aim for the words: `layout/aim.chat.j2` and its like; None where nothing is aimed at."""
    if aim is None:
        return None
    return {
        "floor": figure(aim.floor, indicator),
        "ceiling": figure(aim.ceiling, indicator),
        "year": aim.target_year,
        "source": aim.source,
        "since": aim.valid_from,
    }


def marks(assessment: Assessment, indicator: Indicator) -> dict[str, Any]:
    """What stands beside an answer wherever it is shown: what the member aims at, as it was frozen, and whether it is
    the member's own question."""
    return {"aim": aim_facts(frozen(assessment, indicator.code), indicator), "own": indicator.own}


def row_facts(row: Floor | None) -> dict[str, Any] | None:
    """The same of one row."""
    return aim_facts(aim_of(row), editions.meaning(row.indicator)) if row is not None else None


def floored(edition: Edition) -> list[Indicator]:
    """The indicators for which members set floors, in order."""
    return [indicator for indicator in edition.indicators if indicator.floor and indicator.numeric]


def found(edition: str, code: str) -> Indicator:
    """The indicator of a code for which floors are set.

    Raises:
        NotFound: there is none.
    """
    indicator = editions.edition(edition).indicator(code)
    if not indicator.floor or not indicator.numeric:
        raise NotFound(what="indicator", named=code[:60])
    return indicator


def is_home(by: Speaker, member: str) -> bool:
    """Whether somebody sees what a country has not cleared yet: its own people do, and nobody else."""
    return by.member == member and (
        permissions.allowed(by, Act.SET_FLOORS, member) or permissions.allowed(by, Act.CLEAR_FLOORS, member)
    )


async def show(session: Session, by: Speaker, text: str, edition: str, now: datetime) -> Message:
    """What one country has set; who stands for none and names none sees how far all are.

    Args:
        text: the country's name or code; empty: the own one.
        edition: the code of the edition whose indicators are listed.

    Raises:
        NotFound: no member is called so.
        NotAllowed.
    """
    permissions.require(by, Act.READ_FLOORS, by.member)
    if not text and by.member is None:
        return await every(session, edition, now)
    return await card(session, by, await members.named(session, text or by.member or ""), edition, now)


async def every(session: Session, edition: str, now: datetime) -> Message:
    """How many floors and ceilings each member has set, in alphabetical order."""
    asked = floored(editions.edition(edition))
    every_member = await people_queries.members(session)
    standing = await _standing(session, [member.code for member in every_member], edition, now)
    rows = [
        {
            "member": member.name,
            "floors": sum((member.code, each.code) in standing for each in asked),
            "ceilings": sum(
                standing[member.code, each.code].ceiling is not None
                for each in asked
                if (member.code, each.code) in standing
            ),
        }
        for member in every_member
    ]
    return Message("floors/all", {"rows": rows, "total": len(asked)})


async def _standing(
    session: Session, codes_of: Sequence[str], edition: str, now: datetime
) -> Mapping[tuple[str, str], Floor]:
    """What counts today, by member and indicator; what was given up is left out."""
    canonical = editions.canonical(editions.edition(edition))
    rows = standing_on(await queries.cleared(session, codes_of), workdays.register_day(now), canonical)
    return {key: row for key, row in rows.items() if row.floor is not None}


async def card(
    session: Session, by: Speaker, member: Member, edition: str, now: datetime, done: str | None = None
) -> Message:
    """What a country has set, indicator by indicator; to its own people also what waits, with the buttons.

    Args:
        done: the title of what has just been taken back.

    Raises:
        NotAllowed.
    """
    permissions.require(by, Act.READ_FLOORS, by.member)
    asked = editions.edition(edition)
    today, canonical = workdays.register_day(now), editions.canonical(asked)
    cleared = await queries.cleared(session, [member.code])
    standing = standing_on(cleared, today, canonical)
    ahead = {canonical.get(row.indicator, row.indicator): row for row in cleared if row.valid_from > today}
    home = is_home(by, member.code)
    proposed = await queries.proposed(session, member.code) if home else []
    rows: list[dict[str, Any]] = []
    unset: list[str] = []
    for indicator in floored(asked):
        row, coming = standing.get((member.code, indicator.code)), ahead.get(indicator.code)
        if row is None and coming is None:
            unset.append(indicator.title)
            continue
        rows.append(
            {
                "title": indicator.title,
                "letter": indicator.section,
                "stands": row_facts(row),
                "coming": row_facts(coming),
            }
        )
    authors = {noted.floor.proposed_by for noted in proposed}
    hats = await coordinators(session, member, authors, now) if home else []
    facts = {
        "member": member.name,
        "own": home,
        "done": done,
        "rows": rows,
        "unset": unset,
        "proposed": proposals(proposed, cleared, today),
        "collected": sum(noted.floor.asked_at is None for noted in proposed),
        "asked": sum(noted.floor.asked_at is not None for noted in proposed),
        "coordinators": [hat.name for hat in hats],
    }
    return Message("floors/card", facts, ways(by, member.code, proposed, asked, with_history=bool(cleared)))


def proposals(proposed: Iterable[Noted], cleared: Iterable[Floor], today: date) -> list[dict[str, Any]]:
    """What waits, each beside what stands today."""
    standing = standing_on(cleared, today)
    found: list[dict[str, Any]] = []
    for noted in proposed:
        row, indicator = noted.floor, editions.meaning(noted.floor.indicator)
        known = codes(indicator) if indicator else (row.indicator,)
        stands = next((standing[row.member_code, code] for code in known if (row.member_code, code) in standing), None)
        found.append(
            {
                "id": row.id,
                "title": title_of(row.indicator),
                "wanted": row_facts(row),
                "stands": row_facts(stands) if stands is not None and stands.floor is not None else None,
                "lower": _lower(row, stands, indicator),
                "by": noted.proposed_by,
                "when": row.proposed_at,
                "asked": row.asked_at,
            }
        )
    return found


def _lower(row: Floor, stands: Floor | None, indicator: Indicator | None) -> bool:
    """Whether the floor would ask less than it does today."""
    if stands is None or stands.floor is None or row.floor is None or indicator is None:
        return False
    down = indicator.direction is Direction.DOWN
    return row.floor > stands.floor if down else row.floor < stands.floor


def ways(
    by: Speaker, member: str, proposed: Sequence[Noted], edition: Edition, *, with_history: bool
) -> tuple[Choice | Menu, ...]:
    """The buttons of who may set a country's floors, and of who clears them."""
    choices: list[Choice | Menu] = []
    titles = [(f"{member}:{each.code}", each.title) for each in floored(edition)]
    if permissions.allowed(by, Act.SET_FLOORS, member):
        if any(noted.floor.asked_at is None for noted in proposed):
            choices.append(Choice(Deed.ASK_FLOORS, member, style="primary"))
        choices.append(Menu(Deed.SET_FLOOR, tuple(titles), "set_floor"))
        if proposed:
            options = tuple((str(noted.floor.id), title_of(noted.floor.indicator)) for noted in proposed)
            choices.append(Menu(Deed.WITHDRAW_FLOOR, options, "withdraw_floor"))
    if permissions.allowed(by, Act.CLEAR_FLOORS, member) and any(noted.floor.asked_at for noted in proposed):
        choices.append(Choice(Deed.SEE_PROPOSALS, member, style="primary"))
    if with_history:
        choices.append(Menu(Deed.FLOOR_HISTORY, tuple(titles), "floor_history"))
    return tuple(choices)


async def history(session: Session, by: Speaker, value: str, edition: str, now: datetime) -> Message:
    """All that a country ever set for one indicator; to its own people also what was refused or taken back.

    Args:
        value: what the menu carries: the country and the indicator.

    Raises:
        NotFound, NotAllowed.
    """
    permissions.require(by, Act.READ_FLOORS, by.member)
    code, _, name = value.partition(":")
    member, indicator = await the_member(session, code), found(edition, name)
    rows = await queries.history(session, member.code, codes(indicator))
    if not is_home(by, member.code):
        rows = [noted for noted in rows if noted.floor.state.value == "cleared"]
    shown = [
        {
            **(row_facts(noted.floor) or {}),
            "state": noted.floor.state.value,
            "why": noted.floor.why,
            "by": noted.proposed_by,
            "proposed": noted.floor.proposed_at,
            "decided_by": noted.decided_by,
            "decided": noted.floor.decided_at,
            "asked": noted.floor.asked_at,
        }
        for noted in rows
    ]
    today = workdays.register_day(now)
    standing = standing_on([noted.floor for noted in rows if noted.floor.state.value == "cleared"], today)
    latest = newest_cleared(list(standing.values()))
    facts = {
        "member": member.name,
        "title": indicator.title,
        "own": is_home(by, member.code),
        "stands": row_facts(latest) if latest is not None and latest.floor is not None else None,
        "rows": shown[-HISTORY_SHOWN:],
        "earlier": len(shown[:-HISTORY_SHOWN]),
    }
    return Message("floors/history", facts)


async def withdrawn(session: Session, by: Speaker, floor_id: int, edition: str, now: datetime) -> Message:
    """Take a proposal back, and show what is left.

    Raises:
        FloorGone, NotFound, NotAllowed.
    """
    row = await withdraw(session, by, floor_id, now)
    return await card(session, by, await the_member(session, row.member_code), edition, now, title_of(row.indicator))


async def asked(session: Session, asked: Asked, member: str) -> Message:
    """What is said to who asked for the yes.

    Args:
        asked: what came of it.
    """
    country = await the_member(session, member)
    return Message(
        "floors/asked",
        {"member": country.name, "count": asked.count, "coordinators": [hat.name for hat in asked.hats]},
        (Choice(Deed.SEE_FLOORS, member),),
    )
