"""An edition of the digest: composed, frozen, and queued to everybody who reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot import audit, cycles, ledger, permissions, standing, workdays
from bot.digests.excerpts import one_line
from bot.digests.scene import Facts, Scene, freeze, thaw
from bot.digests.sections import SECTIONS, own
from bot.digests.unsettled import Unsettled, unsettled
from bot.errors import WrongState
from bot.messages import Message
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import Cycle, DigestEdition
from db.queries import digests as queries
from db.queries import experiences as experience_queries
from db.queries import people as people_queries
from db.queries import standing as standing_queries
from db.queries.people import Hat
from db.vocabulary import AssessmentState, CycleState, Medium, Role

KIND = "digest/edition"
READERS_BY_MAIL = (Role.COORDINATOR, Role.PARTNER)
# The question whose answer is a country's own line in the digest.
PROGRESS = "progress_made"
# Before any network could have had a digest.
_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_MOMENT = timedelta(microseconds=1)


class NotForADigest(WrongState):
    """A cycle that nobody was asked in, or that was called off, has no digest. Facts: what, cycle, state."""


@dataclass(frozen=True)
class News:
    """What is new since the last edition. Without any of it no digest is sent.

    Attributes:
        accepted: assessments of this cycle accepted since the last edition about it.
        experiences: experiences published since the last edition of the network.
        closed: the last edition about this cycle was sent while it was open, and it has closed since.
        settled: the last one left it unpublished, for what waited for the review; nothing waits any more.
    """

    accepted: int
    experiences: int
    closed: bool
    settled: bool = False

    def __bool__(self) -> bool:
        return bool(self.accepted or self.experiences or self.closed or self.settled)


@dataclass(frozen=True)
class Composed:
    """A digest, frozen or only looked at.

    Attributes:
        facts: JSON; what every reader reads.
        edition_id: None for a preview.
        readers: how many people get it by mail.
        unreached: names of those who would, and have no address.
        publishes: the cycle is published with it.
        cut_off: whom that cuts off, or who waits for the review, so that it is not published.
    """

    title: str
    facts: Mapping[str, Any]
    news: News
    readers: int
    unreached: tuple[str, ...]
    edition_id: int | None = None
    publishes: bool = False
    cut_off: Unsettled = field(default_factory=Unsettled)

    @property
    def message(self) -> Message:
        """As the network's channel reads it."""
        return message_of(self.facts)


def subject(edition_id: int) -> str:
    """What audit and ledger call an edition."""
    return f"digest:{edition_id}"


def message_of(facts: Mapping[str, Any], own_country: Facts | None = None) -> Message:
    """The frozen facts as a message; a coordinator's own country stands first."""
    return Message(KIND, {**thaw(facts), "own": thaw(own_country), "own_page": None, "chart": None})


async def preview(session: Session, by: Speaker, cycle: Cycle, now: datetime) -> Composed:
    """What a digest of this cycle would be if it went out now. Nothing is written.

    Raises:
        NotForADigest: the cycle is a draft or was cancelled.
        NotAllowed: not the secretariat.
    """
    composed, _ = await _look(session, by, cycle, now)
    return composed


async def compose(session: Session, by: Speaker, cycle: Cycle, now: datetime) -> Composed | None:
    """Freeze an edition, queue it to the network's channel and to each coordinator and partner by mail, and publish
    the cycle if it is closed and nothing of it waits for the review.

    Returns:
        None when there is nothing new since the last edition, or when somebody else sends it in this moment: then
        nothing was written.

    Raises:
        NotForADigest, NotAllowed.
    """
    composed, readers = await _look(session, by, cycle, now)
    if not composed.news:
        return None
    edition_id = await queries.add(
        session,
        {
            "key": f"{_prefix(cycle)}{composed.facts['number']}",
            "title": composed.title,
            "period_start": cycle.period_start,
            "period_end": cycle.period_end,
            "facts": dict(composed.facts),
            "composed_at": now,
            "composed_by": by.person_id,
        },
    )
    if edition_id is None:
        return None
    by_mail = [
        _entry(edition_id, hat.person_id, person_id=hat.person_id, medium=Medium.EMAIL, facts={"member": hat.member})
        for hat in readers
    ]
    await ledger.queue_all(session, now, [_entry(edition_id, "network", channel="network"), *by_mail])
    await cycles.publish(session, by, cycle, now)
    await audit.record(session, by, "send_digest", subject(edition_id), now, cycle=cycle.code, readers=len(readers))
    await session.flush()
    return replace(composed, edition_id=edition_id)


def _entry(edition_id: int, to: str | int, **recipient: Any) -> ledger.Entry:
    return ledger.Entry(
        key=ledger.key("digest", edition_id, to),
        kind=KIND,
        subject=subject(edition_id),
        edition_id=edition_id,
        **recipient,
    )


async def _look(session: Session, by: Speaker, cycle: Cycle, now: datetime) -> tuple[Composed, list[Hat]]:
    permissions.require(by, Act.SEND_DIGEST)
    if cycle.state in (CycleState.DRAFT, CycleState.CANCELLED):
        raise NotForADigest(what="cycle", cycle=cycle.title, state=cycle.state.value)
    last = await queries.newest(session, _prefix(cycle))
    scene, told = await _scene(session, cycle, last, now)
    cut_off = await unsettled(session, cycle, now)
    publishes = cycle.state is CycleState.CLOSED and not cut_off.waiting
    news = News(
        len(scene.fresh),
        len(scene.shared),
        bool(last and last.facts["cycle"]["state"] == CycleState.OPEN != cycle.state),
        settled=bool(last and publishes),
    )
    facts = await _facts(session, scene, last, told)
    readers = _once(await people_queries.holders(session, READERS_BY_MAIL, workdays.register_day(now)))
    reached = [hat for hat in readers if hat.email]
    unreached = tuple(hat.name for hat in readers if not hat.email)
    title = one_line(cycle.title)
    composed = Composed(title, freeze(facts), news, len(reached), unreached, publishes=publishes, cut_off=cut_off)
    return composed, reached


def _prefix(cycle: Cycle) -> str:
    return f"digest:{cycle.id}:"


def _once(hats: list[Hat]) -> list[Hat]:
    """Each person once, a coordinator's hat before another; those who stopped the digest are left out."""
    found: dict[int, Hat] = {}
    for hat in sorted(hats, key=lambda hat: hat.role is not Role.COORDINATOR):
        if not hat.digest_stopped:
            found.setdefault(hat.person_id, hat)
    return list(found.values())


async def _scene(session: Session, cycle: Cycle, last: DigestEdition | None, now: datetime) -> tuple[Scene, list[int]]:
    """The network now, and the ids of the experiences that have been told with this edition or in its moment."""
    rows = [replace(row, name=one_line(row.name)) for row in await standing.region(session, cycle, now)]
    table = await standing.table(session, cycle)
    moved = [replace(row, name=one_line(row.name)) for row in standing.moved_in(table.rows)]
    known: dict[str, str] = last.facts["accepted"] if last else {}
    accepted = [row for row in rows if row.state is AssessmentState.ACCEPTED]
    before = await queries.newest(session)
    # Moments may coincide, so the edges are told apart by ids, not by the clock.
    since = before.composed_at if before else _EVER
    earlier: list[int] = before.facts["told"] if before else []
    published = await experience_queries.published_between(session, since - _MOMENT, now)
    shared = [item for item in published if item.experience.id not in earlier]
    scene = Scene(
        cycle,
        now,
        rows,
        standing.by_member(moved),
        await standing_queries.accepted_texts(session, cycle.id, PROGRESS),
        frozenset(row.member for row in accepted if known.get(row.member) != row.since.isoformat()),
        shared,
        last.composed_at if last else None,
        table,
    )
    return scene, sorted({item.experience.id for item in published})


async def _facts(session: Session, scene: Scene, last: DigestEdition | None, told: list[int]) -> Facts:
    cycle = scene.cycle
    sections: list[Facts] = []
    for section in SECTIONS:
        facts = await section.compute(session, scene)
        if facts is not None:
            sections.append({"name": section.name, "template": section.template, "facts": facts})
    accepted = {row.member: row.since for row in scene.rows if row.state is AssessmentState.ACCEPTED}
    moved = [row for rows in scene.moved.values() for row in rows]
    return {
        "number": (last.facts["number"] if last else 0) + 1,
        "cycle": {
            "code": cycle.code,
            "title": one_line(cycle.title),
            "state": cycle.state.value,
            "due_at": cycle.due_at,
            "closes_at": cycle.closes_at,
        },
        "composed_at": scene.now,
        "since_at": scene.since,
        "total": sum(row.state is not AssessmentState.NOT_REQUIRED for row in scene.rows),
        "reported": len(accepted),
        "fresh": len(scene.fresh),
        "accepted": accepted,
        "told": told,
        "sections": sections,
        "countries": {row.member: own(row, scene) for row in scene.rows},
        "panels": standing.panels(cycle, moved) if scene.fresh else [],
    }
