"""The ledger: queue a message once, cancel it when its need is gone, claim it, and settle what became of it.

A delivery is queued → claimed → sent, dead or cancelled; or back to queued, to be tried again. It is settled after it
was sent, never before: a crash between the two leaves it claimed, its lease runs out, and the next worker gets it
`in_doubt`, to look whether it arrived before it is said again.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from bot.workdays import Place
from db.engine import Session
from db.models import Delivery
from db.queries import ledger as queries
from db.vocabulary import DeliveryState, Medium

KEY_LENGTH = 200
# After this long a delivery that is still waiting is worth a look.
OVERDUE = timedelta(minutes=15)
_LET_GO: dict[str, Any] = {"claimed_by": None, "leased_until": None}


@dataclass(frozen=True)
class BackOff:
    """How long to wait after a failure: doubled each time up to a cap, half of it by chance, so that many do not
    come back at once. With these defaults a channel may be down for about two and a half days."""

    first: timedelta = timedelta(seconds=30)
    cap: timedelta = timedelta(hours=4)
    attempts: int = 24

    def after(self, attempts: int, dice: random.Random) -> timedelta:
        """The pause after so many failed attempts (1 or more)."""
        pause = min(self.cap, self.first * 2 ** min(attempts - 1, 30))
        return pause / 2 + pause / 2 * dice.random()


@dataclass(frozen=True)
class Entry:
    """One of many messages that are queued at once; the fields are those of `queue`.

    Attributes:
        void: why it is not sent: it is written down as cancelled, so that nobody need guess later. Such a one may be
            for nobody.
    """

    key: str
    kind: str
    subject: str
    person_id: int | None = None
    channel: str | None = None
    medium: Medium | None = None
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    edition_id: int | None = None
    not_before: datetime | None = None
    not_after: datetime | None = None
    void: str | None = None

    @property
    def is_for_one(self) -> bool:
        """Whether it is for a person or a role, or else for a channel."""
        return (self.channel is None) == (self.person_id is not None or "addressee" in self.facts)


class PutOff(Exception):
    """A composer's answer: not now, but later. The worker puts the delivery back until then."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


def wait_for_work(place: Place, now: datetime) -> None:
    """Let through while people are at work there: a reminder does not come at night or on a free day.

    Raises:
        PutOff: until the next working morning.
    """
    at = place.next_working_moment(now)
    if at > now:
        raise PutOff(at)


def key(*parts: str | int | date) -> str:
    """A ledger key from stable ids, such as `key("reminder", cycle_id, "IDN", step)`: the same parts, the same key.

    Different parts never give the same key; one that would be too long ends in a digest.

    Raises:
        ValueError: no parts, or an empty one, or a moment of the day, which is not stable.
    """
    if not parts or any(part == "" or isinstance(part, datetime) for part in parts):
        raise ValueError(f"a ledger key is built from stable ids, not {parts!r}")
    text = ":".join(str(part).replace("%", "%25").replace(":", "%3A") for part in parts)
    if len(text) <= KEY_LENGTH:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"{text[: KEY_LENGTH - len(digest) - 1]}~{digest}"


async def queue(
    session: Session,
    now: datetime,
    *,
    key: str,
    kind: str,
    subject: str,
    person_id: int | None = None,
    channel: str | None = None,
    medium: Medium | None = None,
    facts: Mapping[str, Any] | None = None,
    edition_id: int | None = None,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
) -> bool:
    """Queue one message to one recipient, unless its key is already there.

    Args:
        key: from `key()`; names the purpose.
        kind: its composer in bot/delivery/notices.py.
        subject: what it is about, such as `assessment:12`; the deed that removes the need cancels by it.
        person_id: whom it is for; or `channel`, a Slack channel's id; or `people.to_role` in the facts. One of them.
        medium: only this way; None is the best way at the time of sending.
        facts: JSON values for the composer.
        not_before: when it may go out; None is now.
        not_after: after this moment it is cancelled instead of sent.

    Returns:
        False when it was there already, whatever became of it.

    Raises:
        ValueError: for nobody, or for a channel and somebody.
    """
    entry = Entry(key, kind, subject, person_id, channel, medium, facts or {}, edition_id, not_before, not_after)
    return bool(await queue_all(session, now, [entry]))


async def queue_all(session: Session, now: datetime, entries: Sequence[Entry]) -> list[str]:
    """Queue many messages in one statement, each unless its key is already there.

    Returns:
        The keys that were not there before.

    Raises:
        ValueError: one that is to be sent is for nobody, or for a channel and somebody.
    """
    if any(entry.void is None and not entry.is_for_one for entry in entries):
        raise ValueError("a delivery is for a person, for a role or for a channel")
    if not entries:
        return []
    return await queries.insert_absent(
        session,
        [
            {
                "key": entry.key,
                "kind": entry.kind,
                "subject": entry.subject,
                "person_id": entry.person_id,
                "channel": entry.channel,
                "medium": entry.medium,
                "facts": dict(entry.facts),
                "edition_id": entry.edition_id,
                "state": DeliveryState.QUEUED if entry.void is None else DeliveryState.CANCELLED,
                "not_before": entry.not_before or now,
                "not_after": entry.not_after,
                "attempts": 0,
                "in_doubt": False,
                "last_error": entry.void,
                "queued_at": now,
                "settled_at": None if entry.void is None else now,
            }
            for entry in entries
        ],
    )


async def cancel(session: Session, subject: str, kinds: Collection[str], now: datetime) -> int:
    """Cancel what is queued about a subject, of these kinds; what is in flight goes on. How many were cancelled."""
    return await cancel_all(session, [subject], kinds, now)


async def cancel_all(session: Session, subjects: Collection[str], kinds: Collection[str], now: datetime) -> int:
    """The same about many subjects, in one statement."""
    return await queries.cancel_queued(session, subjects, kinds, now)


async def claim(session: Session, worker: str, now: datetime, limit: int, lease: timedelta) -> list[Delivery]:
    """Take due deliveries for a while; nobody else gets them until the lease runs out.

    Args:
        worker: a name that no other running worker has.

    Returns:
        The longest due first, `attempts` counted up. `in_doubt` ones were perhaps sent before: they were in flight
        when their worker died, or the channel's answer was lost.
    """
    return await queries.claim(session, worker, now, limit, now + lease)


async def extend(session: Session, delivery: Delivery, worker: str, now: datetime, lease: timedelta) -> bool:
    """Hold a claimed delivery for longer; False when somebody else has it by now."""
    return await queries.change_claimed(session, delivery.id, worker, {"leased_until": now + lease})


async def redirect(session: Session, delivery: Delivery, worker: str, medium: Medium, error: str) -> bool:
    """A claimed delivery takes another way from now on; why, stays in `last_error`."""
    return await queries.change_claimed(
        session, delivery.id, worker, {"medium": medium, "last_error": error, "in_doubt": False}
    )


async def settle_sent(
    session: Session, delivery: Delivery, worker: str, now: datetime, *, medium: Medium, provider_id: str | None
) -> bool:
    """It was sent. False, here and below, when this worker no longer holds it."""
    return await queries.change_claimed(
        session,
        delivery.id,
        worker,
        {
            "state": DeliveryState.SENT,
            "medium": medium,
            "provider_id": provider_id,
            "settled_at": now,
            "in_doubt": False,
            **_LET_GO,
        },
    )


async def settle_retry(
    session: Session,
    delivery: Delivery,
    worker: str,
    now: datetime,
    *,
    error: str,
    dice: random.Random,
    back_off: BackOff,
    retry_after: float | None = None,
    in_doubt: bool = False,
) -> bool:
    """It failed and is tried again later; after too many attempts it is dead.

    Args:
        retry_after: seconds that the channel asked for. Such an attempt does not count: the channel is only busy.
        in_doubt: the channel may have taken it all the same.
    """
    if retry_after is None and delivery.attempts >= back_off.attempts:
        return await settle_dead(session, delivery, worker, now, error=error)
    pause = back_off.after(delivery.attempts, dice) if retry_after is None else _spread(retry_after, dice)
    attempts = delivery.attempts if retry_after is None else delivery.attempts - 1
    return await queries.change_claimed(
        session,
        delivery.id,
        worker,
        {
            "state": DeliveryState.QUEUED,
            "not_before": now + pause,
            "attempts": attempts,
            "last_error": error,
            "in_doubt": in_doubt or delivery.in_doubt,
            **_LET_GO,
        },
    )


async def settle_dead(session: Session, delivery: Delivery, worker: str, now: datetime, *, error: str) -> bool:
    """It cannot be sent, and is not tried again; `stuck` shows it with the reason."""
    values = {"state": DeliveryState.DEAD, "last_error": error, "settled_at": now, **_LET_GO}
    return await queries.change_claimed(session, delivery.id, worker, values)


async def settle_cancelled(session: Session, delivery: Delivery, worker: str, now: datetime) -> bool:
    """Its need is gone."""
    values = {"state": DeliveryState.CANCELLED, "settled_at": now, **_LET_GO}
    return await queries.change_claimed(session, delivery.id, worker, values)


async def release(session: Session, delivery: Delivery, worker: str) -> bool:
    """It was claimed and not begun: back into the queue as it was."""
    values = {"state": DeliveryState.QUEUED, "attempts": delivery.attempts - 1, **_LET_GO}
    return await queries.change_claimed(session, delivery.id, worker, values)


async def put_off(session: Session, delivery: Delivery, worker: str, until: datetime) -> bool:
    """It was claimed, and its moment is not now: back into the queue until then, without an attempt lost."""
    values = {"state": DeliveryState.QUEUED, "not_before": until, "attempts": delivery.attempts - 1, **_LET_GO}
    return await queries.change_claimed(session, delivery.id, worker, values)


async def next_due(session: Session) -> datetime | None:
    """When the next delivery becomes due; None when nothing waits."""
    return await queries.next_due(session)


async def counts(session: Session) -> dict[DeliveryState, int]:
    """How many deliveries are in each state; a state without any is 0."""
    return dict.fromkeys(DeliveryState, 0) | await queries.count_by_state(session)


async def stuck(session: Session, now: datetime, limit: int = 100) -> list[Delivery]:
    """Deliveries that somebody should look at, the newest first: dead, failing, or long overdue."""
    return await queries.stuck(session, now - OVERDUE, limit)


def _spread(seconds: float, dice: random.Random) -> timedelta:
    """Not before the channel asked, and not all in the same moment."""
    return timedelta(seconds=seconds * (1 + 0.1 * dice.random()))
