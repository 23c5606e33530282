"""The way of payloads to the bot: in order, over a socket or HTTP, until each is acknowledged."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.sandbox.failures import Trouble
from bot.sandbox.http import HttpDelivery
from bot.sandbox.socket import Socket, Sockets
from bot.sandbox.things import BOT_USER

if TYPE_CHECKING:
    from bot.sandbox.slack import Slack

RETRIES = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
"""When what nobody acknowledged comes again, after each try that failed (Slack: Events API, error handling)."""


@dataclass(slots=True, eq=False)
class Envelope:
    """One payload on its way. `kind` is events_api, interactive or slash_commands.

    `copies` counts the acknowledgements that are due, `deaf` means that they will be lost, `unwanted` that the bot said
    it does not want this one again, `number` is its place in
    the activity, `socket` carried it last, `answer` is there when somebody waits for what the bot acknowledges with,
    `due` is when it comes again by the sandbox's clock.
    """

    kind: str
    payload: dict[str, Any]
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    attempt: int = 0
    reason: str | None = None
    number: int = 0
    copies: int = 1
    deaf: bool = False
    unwanted: bool = False
    socket: Socket | None = None
    due: datetime | None = None
    answer: asyncio.Future[dict[str, Any] | None] | None = None

    def text(self) -> str:
        """The Socket Mode envelope as JSON."""
        body: dict[str, Any] = {
            "envelope_id": self.id,
            "type": self.kind,
            "accepts_response_payload": self.kind != "events_api",
            "payload": self.payload,
        }
        if self.kind == "events_api" or self.attempt:
            body["retry_attempt"] = self.attempt
            body["retry_reason"] = self.reason or ""
        return json.dumps(body, separators=(",", ":"))

    @property
    def own(self) -> bool:
        """Whether it tells the bot of what the bot itself said or did: faults leave such payloads alone."""
        event: dict[str, Any] = self.payload.get("event") or {}
        if event.get("user") == BOT_USER:
            return True
        return any("bot_id" in event.get(key, ()) for key in ("message", "previous_message")) or "bot_id" in event

    @property
    def what(self) -> str:
        """A short name for messages to the developer."""
        event = self.payload.get("event")
        detail = event.get("type") if event else self.payload.get("type") or self.payload.get("command")
        return f"{self.kind} {detail}"


class Outbox:
    """Sends payloads one after the other and keeps those that were not acknowledged."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self.sockets = Sockets(slack)
        self.http = HttpDelivery(slack)
        self.open: dict[str, Envelope] = {}
        self._held: list[Envelope] = []
        self._waiting: deque[Envelope] = deque()
        self._wake = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to send."""
        self._pump = asyncio.create_task(self._run(), name="sandbox outbox")

    async def stop(self) -> None:
        """End sending and close the sockets."""
        running = [*self._tasks, *([self._pump] if self._pump else [])]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self.sockets.close()
        await self.http.close()

    def post(self, kind: str, payload: dict[str, Any], *, answered: bool = False) -> Envelope:
        """Put a payload on its way.

        Args:
            kind: events_api, interactive or slash_commands.
            payload: what Slack sends.
            answered: somebody will wait for `envelope.answer`, what the bot acknowledges with.
        """
        envelope = Envelope(kind, payload)
        if answered:
            envelope.answer = asyncio.get_running_loop().create_future()
        faults = self._slack.faults
        self._begin(envelope)
        if envelope.own:
            self._enqueue(envelope)
            return envelope
        if faults.reorder:
            self._held.append(envelope)
            if len(self._held) >= faults.reorder:
                faults.reorder = 0
                held, self._held = self._held, []
                self._enqueue(*reversed(held))
            return envelope
        self._enqueue(envelope)
        if faults.duplicates:
            faults.duplicates -= 1
            self._enqueue(self._twin(envelope))
        return envelope

    async def redeliver(self, *, due: bool = False) -> int:
        """Send unacknowledged envelopes again, with their attempt counted; gives how many there were.

        Args:
            due: only those whose time has come: at once, a minute, and five minutes after a try that failed.
        """
        now = self._slack.clock.now()
        again = [e for e in self.open.values() if e not in self._waiting and e not in self._held]
        sent = 0
        for envelope in again:
            if not due or (envelope.due is not None and envelope.due <= now):
                sent += self.again(envelope)
        await asyncio.sleep(0)
        return sent

    def release(self) -> None:
        """What was held until more would come goes out, in the order in which it came."""
        held, self._held = self._held, []
        self._enqueue(*held)

    def acknowledged(self, id: str, answer: dict[str, Any] | None) -> None:
        """The bot acknowledged an envelope, perhaps with a payload."""
        envelope = self.open.get(id)
        if envelope is None:
            return
        if envelope.deaf:
            self.lost(envelope)
            return
        envelope.copies -= 1
        if envelope.copies <= 0:
            del self.open[id]
            self._close(envelope, answer)

    def lost(self, envelope: Envelope) -> None:
        """Nobody will acknowledge this sending; the envelope stays for redelivery, but the person is told now."""
        if envelope.answer is not None and not envelope.answer.done():
            envelope.answer.set_exception(Trouble(f"{envelope.what} was not acknowledged"))
        if envelope.attempt < len(RETRIES):
            envelope.due = self._slack.clock.now() + RETRIES[envelope.attempt]
        self._close(envelope, None)

    def withdraw(self, envelope: Envelope) -> None:
        """The person has been told that the app does not answer: it will not come again."""
        self.open.pop(envelope.id, None)
        if envelope in self._waiting:
            self._waiting.remove(envelope)
        self._close(envelope, None)

    def socket_closed(self, socket: Socket) -> None:
        """What this socket carried and nobody acknowledged will not be acknowledged; it stays for redelivery."""
        for envelope in list(self.open.values()):
            if envelope.socket is socket:
                self.lost(envelope)

    def connected(self) -> None:
        """A socket is there: what waited goes out."""
        self._wake.set()

    def _twin(self, envelope: Envelope) -> Envelope:
        if not self._slack.faults.duplicates_get_new_ids:
            envelope.copies += 1
            return envelope
        payload = dict(envelope.payload)
        if "event_id" in payload:
            payload["event_id"] = self._slack.workspace.next_id("Ev")
        twin = Envelope(envelope.kind, payload)
        self._begin(twin)
        return twin

    def _begin(self, envelope: Envelope) -> None:
        self.open[envelope.id] = envelope
        self._slack.workspace.changes.tell()
        envelope.number = self._slack.activity.begin(envelope.what)
        faults = self._slack.faults
        envelope.deaf = faults.acks_to_drop > 0 and not envelope.own
        faults.acks_to_drop -= envelope.deaf
        if self._slack.delivery == "socket":
            self.later(envelope)

    def _close(self, envelope: Envelope, answer: dict[str, Any] | None) -> None:
        self._slack.activity.end(envelope.number)
        if envelope.answer is not None and not envelope.answer.done():
            envelope.answer.set_result(answer)

    def _enqueue(self, *envelopes: Envelope) -> None:
        self._waiting.extend(envelopes)
        self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                envelope = self._waiting.popleft()
                reason = None if envelope.own else self._slack.faults.loses()
                if reason is not None:
                    self._never_arrives(envelope, reason)
                elif self._slack.delivery == "http":
                    self._task(self.http.deliver(envelope))
                elif not await self.sockets.deliver(envelope):
                    self._waiting.appendleft(envelope)
                    break

    def _never_arrives(self, envelope: Envelope, reason: str) -> None:
        """It gets lost on the way. Over HTTP Slack sees that at once, and why."""
        if self._slack.delivery == "http":
            self.http.failed(envelope, reason)
        else:
            self.lost(envelope)

    def again(self, envelope: Envelope) -> int:
        """Send an envelope once more, if it may still come; gives 1 when it does."""
        self._slack.activity.end(envelope.number)
        if envelope.attempt >= len(RETRIES):
            self.withdraw(envelope)
            return 0
        envelope.attempt += 1
        envelope.reason = envelope.reason or "timeout"
        envelope.due = None
        envelope.copies = 1
        self._begin(envelope)
        self._enqueue(envelope)
        return 1

    def later(self, envelope: Envelope, times: int = 1) -> None:
        """Send an envelope again in real time, where that is wished for, if nobody acknowledges it until then."""
        after = self._slack.redelivery_after
        if after is not None:
            self._task(self._redeliver_later(envelope, envelope.attempt, after * times))

    async def _redeliver_later(self, envelope: Envelope, attempt: int, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if envelope.id in self.open and envelope.attempt == attempt and envelope not in self._waiting:
            self.again(envelope)

    def _task(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
