"""What somebody wants to see of the progress, and whether they may."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot import editions, permissions, reading
from bot.errors import NotFound
from bot.formats import Indicator
from bot.people import members
from bot.periods import CODE
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import Cycle, Member
from db.queries import cycles as cycle_queries
from db.queries import people as people_queries
from db.queries import progress as queries
from db.vocabulary import CycleState, Role

SHOWN = 80


class View(StrEnum):
    """What is looked at."""

    MEMBER = "member"
    INDICATOR = "indicator"
    REGION = "region"


@dataclass(frozen=True)
class Wanted:
    """One view, as a button carries it.

    Attributes:
        code: of the member or the indicator; empty for the region.
        cycle: a cycle's code; empty: the newest full assessment in which something was accepted.
    """

    view: View
    code: str = ""
    cycle: str = ""

    @property
    def value(self) -> str:
        """As a button's value."""
        return f"{self.view.value}:{self.code}:{self.cycle}"


def of_button(value: str, by: Speaker) -> Wanted:
    """What a button asks for; an empty value is what this person sees first.

    Raises:
        NotFound: no button of ours says so.
    """
    if not value:
        return first_of(by)
    view, _, rest = value.partition(":")
    code, _, cycle = rest.partition(":")
    if view not in list(View):
        raise NotFound(what="progress", named=value[:SHOWN])
    return Wanted(View(view), code, cycle)


def first_of(by: Speaker, cycle: str = "") -> Wanted:
    """Whoever stands for a country sees it first, everybody else the region."""
    return Wanted(View.MEMBER, by.member, cycle) if by.member else Wanted(View.REGION, "", cycle)


async def of_words(session: Session, by: Speaker, text: str) -> Wanted:
    """What was typed behind the command: nothing, a country, `region`, or an indicator; a cycle's code may stand last.

    Raises:
        NotFound: no country and no indicator is called so.
    """
    words = text.split()
    cycle = words.pop() if words and CODE.fullmatch(words[-1]) else ""
    name = " ".join(words)
    if not name:
        return first_of(by, cycle)
    if name.casefold() == View.REGION.value:
        return Wanted(View.REGION, "", cycle)
    for member in await people_queries.members(session):
        if members.is_called(member, name):
            return Wanted(View.MEMBER, member.code, cycle)
    if indicator := await _indicator(session, by, name, cycle):
        return Wanted(View.INDICATOR, indicator.code, cycle)
    raise NotFound(what="progress", named=name[:SHOWN])


async def of_comparison(session: Session, by: Speaker, text: str) -> Wanted | None:
    """The same where only an indicator can be meant; None where nothing was typed.

    Raises:
        NotFound: no indicator is called so.
    """
    words = text.split()
    cycle = words.pop() if words and CODE.fullmatch(words[-1]) else ""
    name = " ".join(words)
    if not name:
        return None
    if indicator := await _indicator(session, by, name, cycle):
        return Wanted(View.INDICATOR, indicator.code, cycle)
    raise NotFound(what="indicator", named=name[:SHOWN])


def outside(by: Speaker, member: str | None = None) -> bool:
    """Whether somebody sees only what was published: everybody but the secretariat, of all but their own country.

    Args:
        member: the country that is looked at; None: several.
    """
    return by.role is not Role.SECRETARIAT and (member is None or by.member != member)


async def cycle_of(session: Session, by: Speaker, code: str, member: str | None = None) -> Cycle | None:
    """The cycle to look at; None where nothing was accepted yet that this person may see.

    Args:
        code: a cycle's; empty: the newest full assessment with something accepted, of this member if one is given.

    Raises:
        NotFound: there is no such cycle for this person.
        NotAllowed: a contributor.
    """
    permissions.require(by, Act.READ_PROGRESS, member)
    if not code:
        return await queries.newest_with_answers(session, member, published=outside(by, member))
    cycle = await cycle_queries.by_code(session, code)
    hidden = cycle is None or cycle.state in (CycleState.DRAFT, CycleState.CANCELLED)
    if cycle is None or hidden or (outside(by, member) and cycle.state is not CycleState.PUBLISHED):
        raise NotFound(what="past_cycle", named=code)
    return cycle


async def member_of(session: Session, code: str) -> Member:
    """The member of a code.

    Raises:
        NotFound: there is none.
    """
    member = await people_queries.member(session, code)
    if member is None:
        raise NotFound(what="member", named=code[:SHOWN])
    return member


def comparable(cycle: Cycle) -> list[Indicator]:
    """The questions of a cycle that compare: all but free text."""
    return [indicator for indicator in editions.questions(cycle).indicators if indicator.kind.value != "text"]


async def _indicator(session: Session, by: Speaker, name: str, code: str) -> Indicator | None:
    cycle = await cycle_of(session, by, code)
    if cycle is None:
        return None
    asked = comparable(cycle)
    # A code of earlier editions still names the question.
    today = editions.canonical(editions.questions(cycle)).get(name.casefold())
    return next((each for each in asked if each.code == today), None) or reading.named(name, asked)
