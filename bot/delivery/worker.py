"""The worker: claims what is due, composes it, sends it, and settles what became of it.

1. claim a few deliveries for a while, and commit;
2. for each: read the database again (is it still needed, for whom, over which channel), and let go of it;
3. send, with no transaction open;
4. settle, and commit.

Recipients are served side by side, the messages to one of them one after another. If the process dies between 3 and 4,
the lease runs out and the next worker gets the delivery in doubt: Slack is asked whether it was said.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from bot import ledger
from bot.clock import Clock
from bot.delivery import alarms
from bot.delivery.channel import Channel, Parcel
from bot.delivery.notices import NOTICES, Composer
from bot.delivery.planning import Plan, Planner, parcel_of
from bot.errors import ChannelError
from bot.people import Contact, slack_profiles
from bot.words import UTC_READER, Reader
from db.engine import Database, DatabaseError, Session
from db.models import Delivery
from db.vocabulary import Medium

log = structlog.get_logger("spnet.delivery")

BATCH = 20
SIDE_BY_SIDE = 8
# What was sent over these cannot be looked up: each is settled before the next is sent, so a crash repeats at most one.
ONE_BY_ONE = (Medium.EMAIL,)
LEASE = timedelta(minutes=3)
# One sending takes at most this long, well within a lease.
SENDING_SECONDS = 60
# A sending is begun only while so much of the lease is left.
MARGIN = timedelta(seconds=90)
# How long a worker without work waits before it looks again, for what another process queued.
LOOK_AGAIN_SECONDS = 30.0
AFTER_A_FAULT_SECONDS = 5.0
AT_LEAST_LATER = timedelta(minutes=1)
# A channel that does not let us in is tried again after so long.
PAUSE = timedelta(minutes=5)


class Settled(StrEnum):
    """What became of a claimed delivery in this run."""

    SENT = "sent"
    RETRY = "retry"
    DEAD = "dead"
    CANCELLED = "cancelled"
    PUT_OFF = "put_off"  # its composer wants it said later
    WAITING = "waiting"  # its channel does not let us in
    RELEASED = "released"  # the worker is stopping
    LOST = "lost"  # somebody else has it by now


@dataclass(frozen=True)
class Outcome:
    """How many deliveries one run took, and what became of them."""

    claimed: int
    settled: Mapping[Settled, int]

    def __getitem__(self, what: Settled) -> int:
        return self.settled.get(what, 0)


class Worker:
    """Sends what the ledger holds.

    Args:
        channels: the ways to send, in order of preference.
        name: one that no other running worker has.
        rehearse: everything is said to this one person, marked with whom it was for.
        notices: the composers, by kind.
        channel_reader: in whose zone and date style messages to a Slack channel are said.
    """

    def __init__(
        self,
        database: Database,
        channels: Mapping[Medium, Channel],
        clock: Clock,
        *,
        name: str,
        rehearse: Contact | None = None,
        notices: Mapping[str, Composer] = NOTICES,
        channel_reader: Reader = UTC_READER,
        dice: random.Random | None = None,
        back_off: ledger.BackOff | None = None,
        lease: timedelta = LEASE,
    ) -> None:
        self._database = database
        self._channels = channels
        self._clock = clock
        self._name = name
        self._planner = Planner(channels, notices, rehearse, channel_reader)
        self._dice = dice or random.SystemRandom()
        self._back_off = back_off or ledger.BackOff()
        self._lease = lease
        self._margin = min(MARGIN, lease / 2)
        self._paused: dict[Medium, datetime] = {}
        self._slots = asyncio.Semaphore(SIDE_BY_SIDE)
        self._one_run = asyncio.Lock()
        self._turns = {medium: asyncio.Lock() for medium in ONE_BY_ONE}
        self._woken = asyncio.Event()
        self._stopping = False
        self._loop: asyncio.Task[None] | None = None

    async def run_once(self) -> Outcome:
        """Take what is due, up to a batch, and see each delivery through.

        Raises:
            DatabaseError: the database could not be asked; what was claimed is taken up when its lease runs out.
        """
        async with self._one_run:
            now = self._clock.now()
            async with self._database.writing() as session:
                claimed = await ledger.claim(session, self._name, now, BATCH, self._lease)
            by_recipient: dict[object, list[Delivery]] = {}
            for delivery in claimed:
                by_recipient.setdefault(delivery.person_id or delivery.channel, []).append(delivery)
            results = await asyncio.gather(*(self._serve(queue) for queue in by_recipient.values()))
            return Outcome(len(claimed), Counter(settled for result in results for settled in result))

    async def drain(self) -> Outcome:
        """Run until nothing is due by the clock."""
        claimed, settled = 0, Counter[Settled]()
        while (outcome := await self.run_once()).claimed:
            claimed += outcome.claimed
            settled.update(outcome.settled)
        return Outcome(claimed, settled)

    async def run(self) -> None:
        """Run until `stop`: at once when woken, else when the next delivery becomes due.

        The waiting is by the real clock, so that a simulated one is moved only by who owns it; `wake` after moving it.
        """
        self._loop = asyncio.current_task()
        try:
            await self._run()
        except asyncio.CancelledError:
            # Cut off by `stop`, which is an orderly end.
            if not self._stopping:
                raise

    async def _run(self) -> None:
        while not self._stopping:
            self._woken.clear()
            try:
                if (await self.run_once()).claimed:
                    continue
                pause = await self._pause()
            except DatabaseError as error:
                log.error("delivery_database", code=error.code)
                pause = AFTER_A_FAULT_SECONDS
            except Exception:
                # The loop goes on: a worker that ended would leave everybody without a word.
                log.exception("delivery_worker_fault")
                pause = AFTER_A_FAULT_SECONDS
            if self._stopping:
                break
            try:
                async with asyncio.timeout(pause):
                    await self._woken.wait()
            except TimeoutError:
                continue

    def wake(self) -> None:
        """There may be something to send."""
        self._woken.set()

    async def stop(self, seconds: float = 4.0) -> None:
        """End: what is in flight gets so long, what was not begun goes back into the queue.

        What is cut off stays claimed; it comes back in doubt when its lease runs out.
        """
        self._stopping = True
        self._woken.set()
        task = self._loop
        if task is None or task.done():
            return
        _, pending = await asyncio.wait([task], timeout=seconds)
        if pending:
            task.cancel()
            await asyncio.wait([task], timeout=1.0)

    async def _pause(self) -> float:
        async with self._database.reading() as session:
            due = await ledger.next_due(session)
        if due is None:
            return LOOK_AGAIN_SECONDS
        left = (due - self._clock.now()).total_seconds()
        return min(max(left, 0.05), LOOK_AGAIN_SECONDS)

    async def _serve(self, queue: Sequence[Delivery]) -> list[Settled]:
        """One recipient's messages, one after another."""
        async with self._slots:
            return [await self._see_through(delivery) for delivery in queue]

    async def _see_through(self, delivery: Delivery) -> Settled:
        try:
            settled = await self._deliver_or_retry(delivery)
        except DatabaseError as error:
            # Its lease runs out, and it comes back.
            log.error("delivery_not_settled", delivery=delivery.id, code=error.code)
            settled = Settled.LOST
        log.info("delivery", delivery=delivery.id, kind=delivery.kind, attempts=delivery.attempts, outcome=settled)
        return settled

    async def _deliver_or_retry(self, delivery: Delivery) -> Settled:
        try:
            return await self._deliver(delivery)
        except DatabaseError:
            raise
        except Exception as error:
            # A fault of ours in one message must not hold up the others.
            log.exception("delivery_fault", delivery=delivery.id, kind=delivery.kind)
            return await self._again(delivery, ChannelError(f"fault_{type(error).__name__}"))

    async def _deliver(self, delivery: Delivery) -> Settled:
        now = self._clock.now()
        if self._stopping:
            return await self._settle(Settled.RELEASED, lambda s: ledger.release(s, delivery, self._name))
        if not await self._hold(delivery, now):
            return Settled.LOST
        if delivery.not_after is not None and now > delivery.not_after:
            return await self._cancel(delivery)
        if delivery.attempts > self._back_off.attempts:
            return await self._bury(delivery, delivery.last_error or "died_while_sending")
        if not self._planner.knows(delivery.kind):
            return await self._bury(delivery, "unknown_kind")
        try:
            async with self._database.reading() as session:
                plan = await self._planner.plan(session, delivery, now)
        except ledger.PutOff as later:
            # A composer that puts off to the past would be asked for ever.
            until = max(later.until, now + AT_LEAST_LATER)
            return await self._settle(Settled.PUT_OFF, lambda s: ledger.put_off(s, delivery, self._name, until))
        if plan is None:
            return await self._cancel(delivery)
        return await self._send(delivery, plan)

    async def _hold(self, delivery: Delivery, now: datetime) -> bool:
        """Whether the delivery is still ours for long enough to send it."""
        if delivery.leased_until is not None and delivery.leased_until - now > self._margin:
            return True
        async with self._database.writing() as session:
            return await ledger.extend(session, delivery, self._name, now, self._lease)

    async def _send(self, delivery: Delivery, plan: Plan) -> Settled:
        """Try the ways in order: the next only when this person cannot be reached on the one before."""
        if not plan.media:
            return await self._bury(delivery, "no_address")
        parcel = parcel_of(delivery, plan)
        for place, medium in enumerate(plan.media):
            rest = plan.media[place + 1 :]
            if medium not in ONE_BY_ONE:
                settled = await self._try(delivery, medium, parcel, rest)
            else:
                async with self._turns[medium]:
                    if not await self._hold(delivery, self._clock.now()):
                        return Settled.LOST
                    settled = await self._try(delivery, medium, parcel, rest)
            if settled is not None:
                return settled
            parcel = replace(parcel, look_since=None)
        raise AssertionError("the last way is always settled")

    async def _try(self, delivery: Delivery, medium: Medium, parcel: Parcel, rest: Sequence[Medium]) -> Settled | None:
        """Send over one way and settle; None when this person is reached over the next of the rest only."""
        if (until := self._paused.get(medium)) and self._clock.now() < until:
            return await self._wait(delivery, medium)
        try:
            async with asyncio.timeout(SENDING_SECONDS):
                provider_id = await self._channels[medium].send(parcel)
        except TimeoutError:
            return await self._again(delivery, ChannelError(f"{medium}_timeout", in_doubt=True))
        except ChannelError as error:
            log.warning("delivery_failed", delivery=delivery.id, medium=medium, code=error.code)
            if error.authentication:
                await self._refused(medium, error)
                return await self._wait(delivery, medium)
            if not error.permanent:
                return await self._again(delivery, error)
            if medium is Medium.EMAIL and error.recipient:
                async with self._database.writing() as session:
                    await alarms.address_refused(session, parcel.contact, error.code, self._clock.now())
            if delivery.channel is not None and error.code in alarms.CLOSED_ROOM:
                return await self._room_closed(delivery, delivery.channel, error)
            if not error.recipient or not rest:
                return await self._bury(delivery, error.code)
            return None if await self._redirect(delivery, parcel.contact, rest[0], error) else Settled.LOST
        self._paused.pop(medium, None)
        return await self._sent(delivery, medium, provider_id, parcel.contact)

    async def _refused(self, medium: Medium, error: ChannelError) -> None:
        """A channel does not let us in: nothing goes over it for a while, and the secretariat is told, once a day."""
        now = self._clock.now()
        fresh = medium not in self._paused
        self._paused[medium] = now + PAUSE
        if not fresh:
            return
        log.error("channel_refused", medium=medium, code=error.code)
        others = [other for other in self._channels if other is not medium]
        if not others:
            return
        async with self._database.writing() as session:
            await alarms.channel_refused(session, medium, error.code, others[0], now)
        self.wake()

    async def _room_closed(self, delivery: Delivery, room: str, error: ChannelError) -> Settled:
        """A channel that many read is closed to us: its messages wait, and the secretariat is told, once a day."""
        log.error("room_closed", room=room, code=error.code)
        async with self._database.writing() as session:
            await alarms.room_closed(session, room, error.code, self._clock.now())
        self.wake()
        return await self._again(delivery, error)

    async def _redirect(self, delivery: Delivery, contact: Contact | None, medium: Medium, error: ChannelError) -> bool:
        async with self._database.writing() as session:
            now = self._clock.now()
            if contact is not None and medium is not Medium.SLACK:
                news = await slack_profiles.looked_at(session, contact.person_id, error.code, now)
                if news is not None:
                    await alarms.out_of_reach(session, news, error.code, now)
            return await ledger.redirect(session, delivery, self._name, medium, error.code)

    async def _sent(self, delivery: Delivery, medium: Medium, provider_id: str, contact: Contact | None) -> Settled:
        now = self._clock.now()

        async def settle(session: Session) -> bool:
            if medium is Medium.EMAIL:
                await alarms.address_taken(session, contact)
            return await ledger.settle_sent(session, delivery, self._name, now, medium=medium, provider_id=provider_id)

        return await self._settle(Settled.SENT, settle)

    async def _again(self, delivery: Delivery, error: ChannelError) -> Settled:
        now = self._clock.now()
        last = error.retry_after is None and delivery.attempts >= self._back_off.attempts
        return await self._settle(
            Settled.DEAD if last else Settled.RETRY,
            lambda s: ledger.settle_retry(
                s,
                delivery,
                self._name,
                now,
                error=error.code,
                dice=self._dice,
                back_off=self._back_off,
                retry_after=error.retry_after,
                in_doubt=error.in_doubt,
            ),
        )

    async def _wait(self, delivery: Delivery, medium: Medium) -> Settled:
        """Its channel is closed to us; it waits without losing an attempt."""
        now = self._clock.now()
        seconds = max(1.0, (self._paused[medium] - now).total_seconds())
        return await self._settle(
            Settled.WAITING,
            lambda s: ledger.settle_retry(
                s,
                delivery,
                self._name,
                now,
                error=f"{medium}_refuses_us",
                dice=self._dice,
                back_off=self._back_off,
                retry_after=seconds,
            ),
        )

    async def _bury(self, delivery: Delivery, code: str) -> Settled:
        now = self._clock.now()
        log.error("delivery_dead", delivery=delivery.id, kind=delivery.kind, code=code)
        return await self._settle(Settled.DEAD, lambda s: ledger.settle_dead(s, delivery, self._name, now, error=code))

    async def _cancel(self, delivery: Delivery) -> Settled:
        now = self._clock.now()
        return await self._settle(Settled.CANCELLED, lambda s: ledger.settle_cancelled(s, delivery, self._name, now))

    async def _settle(self, what: Settled, settle: Callable[[Session], Awaitable[bool]]) -> Settled:
        async with self._database.writing() as session:
            return what if await settle(session) else Settled.LOST
