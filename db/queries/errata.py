"""The editions in use, the errata to them, and who was asked about one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import and_, func, select, update

from db.engine import Session
from db.models import Answer, Assessment, Cycle, EditionInUse, Erratum, ErratumAsked, Member, Person
from db.vocabulary import Availability, CycleOrigin, CycleState, ErratumState

UNSETTLED = (ErratumState.ASKED, ErratumState.WANTED)


class Issued(NamedTuple):
    """An erratum, and who issued it."""

    erratum: Erratum
    person: str


class Asked(NamedTuple):
    """One member's question whether its answer stands, with all that it is about; `number` is the answer's, if any."""

    asked: ErratumAsked
    erratum: Erratum
    assessment: Assessment
    cycle: Cycle
    member: Member
    number: Decimal | None


class Touched(NamedTuple):
    """An assessment that holds an answer to a question."""

    assessment: Assessment
    cycle: Cycle
    member: Member
    answer: Answer


async def held_words(session: Session) -> dict[str, set[str]]:
    """The words, such as the codes of choices, that answers hold, by question; only short ones, as codes are."""
    statement = (
        select(Answer.indicator, Answer.text)
        .where(Answer.text.is_not(None), func.length(Answer.text) <= 60)
        .group_by(Answer.indicator, Answer.text)
    )
    found: dict[str, set[str]] = {}
    for indicator, text in await session.execute(statement):
        found.setdefault(indicator, set()).add(text or "")
    return found


async def in_use(session: Session) -> list[EditionInUse]:
    """The editions that cycles were opened with, as they were then, the earliest first."""
    statement = select(EditionInUse).order_by(EditionInUse.first_used_at, EditionInUse.code)
    return list(await session.scalars(statement))


async def edition_in_use(session: Session, code: str) -> EditionInUse | None:
    """One of them."""
    return await session.get(EditionInUse, code)


async def codes_of_cycles(session: Session) -> set[str]:
    """The editions of all cycles that were ever opened with questions to members, or brought in as history."""
    statement = select(Cycle.edition).where(Cycle.state != CycleState.DRAFT).distinct()
    return set(await session.scalars(statement))


async def every(session: Session, edition: str | None = None) -> list[Issued]:
    """All errata, or those to one edition, in the order in which they were issued."""
    statement = select(Erratum, Person.name).join(Person, Person.id == Erratum.issued_by).order_by(Erratum.id)
    if edition is not None:
        statement = statement.where(Erratum.edition == edition)
    return [Issued._make(row) for row in await session.execute(statement)]


async def numbers(session: Session) -> set[int]:
    """The numbers of all errata."""
    return set(await session.scalars(select(Erratum.id)))


async def some(session: Session, numbers: Collection[int]) -> list[Erratum]:
    """The errata with these numbers, in their order."""
    return list(await session.scalars(select(Erratum).where(Erratum.id.in_(numbers)).order_by(Erratum.id)))


async def erratum(session: Session, number: int) -> Issued | None:
    """One erratum."""
    statement = select(Erratum, Person.name).join(Person, Person.id == Erratum.issued_by).where(Erratum.id == number)
    row = (await session.execute(statement)).first()
    return Issued._make(row) if row else None


async def touched(session: Session, edition: str, indicator: str) -> list[Touched]:
    """Who has answered a question in a cycle of this edition that is open, or closed and not yet published, by member;
    what was skipped is no answer."""
    statement = (
        select(Assessment, Cycle, Member, Answer)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .join(Member, Member.code == Assessment.member_code)
        .join(Answer, Answer.assessment_id == Assessment.id)
        .where(
            Cycle.edition == edition,
            Cycle.origin == CycleOrigin.ASKED,
            Cycle.state.in_([CycleState.OPEN, CycleState.CLOSED]),
            Answer.indicator == indicator,
            Answer.availability != Availability.SKIPPED,
        )
        .order_by(Member.name, Cycle.id)
    )
    return [Touched._make(row) for row in await session.execute(statement)]


_ASKED = (
    select(ErratumAsked, Erratum, Assessment, Cycle, Member, Answer.number)
    .join(Erratum, Erratum.id == ErratumAsked.erratum_id)
    .join(Assessment, Assessment.id == ErratumAsked.assessment_id)
    .join(Cycle, Cycle.id == Assessment.cycle_id)
    .join(Member, Member.code == Assessment.member_code)
    .outerjoin(Answer, and_(Answer.assessment_id == Assessment.id, Answer.indicator == Erratum.indicator))
)


async def asked(session: Session, number: int) -> Asked | None:
    """One member's question."""
    row = (await session.execute(_ASKED.where(ErratumAsked.id == number))).first()
    return Asked._make(row) if row else None


async def asked_of(session: Session, erratum_ids: Collection[int]) -> list[Asked]:
    """All that were asked about these errata, by member."""
    statement = _ASKED.where(ErratumAsked.erratum_id.in_(erratum_ids)).order_by(Member.name, ErratumAsked.id)
    return [Asked._make(row) for row in await session.execute(statement)]


async def lock(session: Session, code: str) -> None:
    """Nobody else corrects an edition until the transaction ends. On SQLite one writes at a time anyway."""
    await session.execute(select(EditionInUse.code).where(EditionInUse.code == code).with_for_update())


async def waiting(session: Session, assessment_id: int, indicator: str, up_to: int) -> list[ErratumAsked]:
    """What is still asked about one answer by the errata up to one of them."""
    statement = (
        select(ErratumAsked)
        .join(Erratum, Erratum.id == ErratumAsked.erratum_id)
        .where(
            ErratumAsked.assessment_id == assessment_id,
            ErratumAsked.state.in_(UNSETTLED),
            ErratumAsked.erratum_id <= up_to,
            Erratum.indicator == indicator,
        )
    )
    return list(await session.scalars(statement))


async def settle(session: Session, number: int, state: ErratumState, person_id: int, now: datetime) -> bool:
    """A member has answered; False where it had before."""
    statement = (
        update(ErratumAsked)
        .where(ErratumAsked.id == number, ErratumAsked.state.in_(UNSETTLED))
        .values(state=state, settled_at=now, settled_by=person_id)
        .returning(ErratumAsked.id)
        .execution_options(synchronize_session="fetch")
    )
    return len((await session.execute(statement)).all()) == 1


async def changed(session: Session, assessment_id: int, indicator: str, person_id: int, now: datetime) -> None:
    """A corrected question was answered anew: whatever was still asked about the answer, or said of it, is settled."""
    errata = select(Erratum.id).where(Erratum.indicator == indicator)
    statement = (
        update(ErratumAsked)
        .where(ErratumAsked.assessment_id == assessment_id, ErratumAsked.erratum_id.in_(errata))
        .values(state=ErratumState.CHANGED, settled_at=now, settled_by=person_id)
        .execution_options(synchronize_session=False)
    )
    await session.execute(statement)
