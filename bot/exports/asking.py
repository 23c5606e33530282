"""What somebody wants as a file: in which form, of which cycle and country; and whether they may have it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bot import permissions
from bot.errors import NotFound, Refusal
from bot.exports.data import Data, load
from bot.history import called
from bot.messages import Deed, Field, Form
from bot.papers import Paper, Wish
from bot.people import members
from bot.permissions import Act
from bot.speaker import Speaker
from bot.words import words
from db.engine import Session
from db.models import Cycle, Member
from db.queries import exports as queries
from db.queries import people as people_queries
from db.vocabulary import CycleOrigin, CycleState, Role

ALL = "all"
# More options a select of Slack's does not hold.
MOST_OPTIONS = 100
PUBLISHED_ONLY = (CycleState.PUBLISHED,)
PRINTED = (Paper.REPORT, Paper.SYNTHESIS)


class NothingToExport(Refusal):
    """Nothing that this person may have was accepted. Facts: member, cycle, draft: a draft of one's own can be had."""


class WhichCountry(Refusal):
    """A country report needs its country. Facts: cycle."""


class OneCycle(Refusal):
    """A printed report is about one cycle. Facts: paper, codes: those that there are."""


class NotPublished(Refusal):
    """What lies outside one's own country is read of published cycles, and so is the synthesis. Facts: cycle, paper."""


@dataclass(frozen=True)
class Granted:
    """What may be had, read from the database.

    Attributes:
        member: the country that it is about; None: all.
    """

    wish: Wish
    paper: Paper
    data: Data
    member: Member | None


class Much(NamedTuple):
    """How much is in a file: counted, before anything of it is read."""

    answers: int
    countries: int
    cycles: int


Before = Callable[[Much], Awaitable[None]]


def readable(by: Speaker, member: str | None = None) -> tuple[CycleState, ...]:
    """The states of cycles whose accepted answers somebody may read.

    The secretariat and a country's own people read what is accepted at once, all others only what is published.

    Args:
        member: the country whose answers they are; None: all.
    """
    if by.role is Role.SECRETARIAT or (member is not None and member == by.member):
        return (CycleState.OPEN, CycleState.CLOSED, CycleState.PUBLISHED)
    return PUBLISHED_ONLY


async def read(session: Session, by: Speaker, typed: str) -> Wish:
    """What was typed behind `export`, in any order: a cycle or `all`, a country, a form.

    Raises:
        NotAllowed: contributors read nothing but what was handed to them.
        NotFound: there is no such cycle or country, for this person.
    """
    permissions.require(by, Act.READ_PROGRESS)
    cycles = {called(cycle.code).casefold(): cycle for cycle in await queries.cycles(session, readable(by, by.member))}
    paper, cycle, rest = Paper.XLSX, None, list[str]()
    for word in typed.split():
        said = word.casefold().lstrip(".")
        if said in list(Paper):
            paper = Paper(said)
        elif said == ALL or said in cycles:
            cycle = ALL if said == ALL else cycles[said].code
        elif word[0].isdecimal():
            raise NotFound(what="cycle", named=word[:80])
        else:
            rest.append(word)
    member = await members.named(session, " ".join(rest)) if rest else None
    return Wish(paper, cycle, member.code if member else None)


async def form(session: Session, by: Speaker, wish: Wish | None = None) -> Form:
    """The form in which it is chosen.

    Raises:
        NotAllowed: contributors read nothing but what was handed to them.
    """
    permissions.require(by, Act.READ_PROGRESS)
    cycles = list(reversed(await queries.cycles(session, readable(by, by.member))))[: MOST_OPTIONS - 1]
    countries = (await people_queries.members(session))[: MOST_OPTIONS - 1]
    said = words().label
    of_cycles = tuple((cycle.code, cycle.title) for cycle in cycles)
    of_members = tuple((member.code, member.name) for member in countries)
    wanted = wish or Wish(Paper.XLSX, member=None)
    return Form(
        Deed.EXPORT,
        (
            Field(
                "paper",
                "export_paper",
                tuple((paper.value, said(f"export_paper_{paper.value}")) for paper in Paper),
                initial=wanted.paper.value,
            ),
            Field(
                "cycle",
                "export_cycle",
                (*of_cycles, (ALL, said("export_all_cycles"))),
                initial=wanted.cycle or (of_cycles[0][0] if of_cycles else ALL),
            ),
            Field(
                "member",
                "export_member",
                ((ALL, said("export_all_countries")), *of_members),
                initial=wanted.member or ALL,
                hint="export_member_hint",
            ),
        ),
    )


def filled(given: Mapping[str, Sequence[str]]) -> Wish:
    """The form read back.

    Raises:
        NotFound: it was not made by this bot.
    """
    paper, cycle, member = ((given.get(name) or [""])[0] for name in ("paper", "cycle", "member"))
    if paper not in list(Paper):
        raise NotFound(what="button", named=paper[:40])
    return Wish(Paper(paper), cycle or None, None if member in ("", ALL) else member)


async def grant(session: Session, by: Speaker, wish: Wish, now: datetime, before: Before | None = None) -> Granted:
    """What is wanted, as far as this person may have it.

    Args:
        before: is told how much it is, before it is read.

    Raises:
        NotAllowed: contributors read nothing but what was handed to them.
        NotFound: there is no such cycle or country, for this person.
        WhichCountry, OneCycle, NotPublished, NothingToExport.
    """
    permissions.require(by, Act.READ_PROGRESS)
    of = wish.member if wish.paper is not Paper.SYNTHESIS else None
    if wish.paper is Paper.REPORT and of is None:
        of = by.member
    member = await members.named(session, of) if of else None
    cycles = await queries.cycles(session, readable(by, by.member))
    open_to = readable(by, member.code if member else None)
    if wish.cycle in (None, ALL):
        cycles = [cycle for cycle in cycles if cycle.state in open_to]
    chosen = _chosen(cycles, wish)
    if chosen[0].state not in open_to:
        raise NotPublished(cycle=chosen[0].title, paper=wish.paper.value)
    if wish.paper is Paper.REPORT and member is None:
        raise WhichCountry(cycle=called(chosen[0].code))
    if wish.paper is Paper.SYNTHESIS and chosen[0].state is not CycleState.PUBLISHED:
        raise NotPublished(cycle=chosen[0].title, paper=wish.paper.value)
    code = member.code if member else None
    behind = permissions.allowed(by, Act.READ_ANSWERS, code)
    inside = behind and code is not None and by.member == code
    draft = inside and wish.paper is Paper.REPORT
    if before is not None:
        answers, countries = await queries.size(session, [cycle.id for cycle in chosen], code)
        await before(Much(answers, countries, len(chosen)))
    data = await load(session, chosen, now, member=code, inside=inside, behind=behind, draft=draft)
    if not any(row.answers for row in data.reported):
        raise NothingToExport(
            member=member.name if member else None,
            cycle=chosen[0].title if len(chosen) == 1 else None,
            draft=inside and not draft and len(chosen) == 1,
        )
    return Granted(wish, wish.paper, data, member)


def _chosen(cycles: Sequence[Cycle], wish: Wish) -> list[Cycle]:
    """The cycles of a wish, the earliest first.

    Raises:
        NotFound: there is no such cycle, or none at all.
        OneCycle: all are wanted in a form that is about one.
    """
    if wish.cycle == ALL:
        if wish.paper in PRINTED:
            raise OneCycle(paper=wish.paper.value, codes=[called(cycle.code) for cycle in cycles])
        found = list(cycles)
    elif wish.cycle is not None:
        found = [cycle for cycle in cycles if wish.cycle == cycle.code]
        found = found or [cycle for cycle in cycles if wish.cycle.casefold() == called(cycle.code).casefold()][-1:]
    else:
        ready = [cycle for cycle in cycles if wish.paper is not Paper.SYNTHESIS or cycle.state is CycleState.PUBLISHED]
        asked = [cycle for cycle in ready or cycles if cycle.origin is CycleOrigin.ASKED]
        found = (asked or ready or list(cycles))[-1:]
    if not found:
        raise NotFound(what="cycle", named=(wish.cycle or "")[:80])
    return found


def titles(cycles: Sequence[Cycle]) -> list[str]:
    """What cycles are called."""
    return [cycle.title for cycle in cycles]
