"""`/spnet remind` and `/spnet digest`: what goes out to many is shown first, and sent after a confirm."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot import cycles, digests, people, permissions, reminders
from bot.errors import numbered
from bot.messages import Choice, Deed, Message
from bot.permissions import Act
from bot.reading import plain
from bot.speaker import Speaker
from db.engine import Session
from db.models import Cycle
from db.vocabulary import CycleState
from handlers.commands import typed
from handlers.commands.table import Call
from handlers.saying import Outcome
from handlers.speaker import Desk

WITH_DIGEST = (CycleState.OPEN, CycleState.CLOSED)


async def remind(call: Call) -> Outcome:
    """`remind [code] [country]`: who would get it, with the button that sends."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        code, member = typed.reminder(call.text)
        cycle = await cycles.named(session, by, code, (CycleState.OPEN,))
        rows = await reminders.preview(session, by, now, cycle, member, call.desk.place.rules)
        late = now > cycle.due_at
        ready = [row for row in rows if row.hat is not None and not row.today]
        value = f"{cycle.id}:{','.join(row.member_code for row in ready)}"
        facts = {
            "cycle": cycle.title,
            "due": cycle.due_at,
            "late": late,
            "rows": [
                {
                    "member": row.member,
                    "name": row.hat.name if row.hat else None,
                    "state": row.state,
                    "answered": row.answered,
                    "total": row.total,
                    "free": row.free,
                    "last": row.last,
                    "today": row.today,
                }
                for row in rows
            ],
            "ready": len(ready),
        }
        choices = (Choice(Deed.CONFIRM_REMIND, value, style="primary"), Choice(Deed.DISMISS, value)) if ready else ()
        return Message("reminder/preview", facts, choices)

    return await call.desk.turn(call.user, do)


async def confirm_remind(desk: Desk, user: str, deed: Deed, value: str) -> Outcome:
    """The button under the preview."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        number, _, codes = value.partition(":")
        cycle = await cycles.found(session, numbered(number))
        sent = await reminders.remind_now(session, by, now, cycle, codes.split(","), desk.place.rules)
        return Message("reminder/sent", {"cycle": cycle.title, "members": [row.member for row in sent]})

    return await desk.turn(user, do)


async def digest_preview(call: Call) -> Outcome:
    """`digest preview [code]`: the digest as the channel would read it; nothing is sent."""
    return await _digest(call, ask=False)


async def digest_send(call: Call) -> Outcome:
    """`digest send [code]`: the same, with the button that sends."""
    return await _digest(call, ask=True)


async def _digest(call: Call, *, ask: bool) -> Outcome:
    more: list[Message] = []

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        cycle = await _cycle(session, by, call.words[0] if call.words else None)
        composed = await digests.preview(session, by, cycle, now)
        facts = {
            "cycle": cycle.title,
            "readers": composed.readers,
            "unreached": list(composed.unreached),
            "new": bool(composed.news),
            "publishes": composed.publishes,
            **composed.cut_off.facts(),
        }
        value = str(cycle.id)
        choices = (Choice(Deed.CONFIRM_DIGEST, value, style="primary"), Choice(Deed.DISMISS, value))
        more.append(Message("digest/ask", {**facts, "ask": ask}, choices if ask and composed.news else ()))
        return composed.message

    outcome = await call.desk.turn(call.user, do)
    return replace(outcome, more=tuple(more))


async def confirm_digest(desk: Desk, user: str, deed: Deed, value: str) -> Outcome:
    """The button under the preview: the edition is frozen and queued, once."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        cycle = await cycles.found(session, numbered(value))
        composed = await digests.compose(session, by, cycle, now)
        if composed is None:
            return Message("digest/nothing_new", {"cycle": cycle.title})
        facts = {"cycle": cycle.title, "readers": composed.readers, "publishes": composed.publishes}
        return Message("digest/sent", {**facts, **composed.cut_off.facts()})

    return await desk.turn(user, do)


async def digest_stop(call: Call) -> Outcome:
    """`digest stop dewi@example.org`: a reader who wrote to us gets no more digests."""
    return await _readers(call, again=False)


async def digest_resume(call: Call) -> Outcome:
    """`digest resume dewi@example.org`: a reader gets them again."""
    return await _readers(call, again=True)


async def _readers(call: Call, *, again: bool) -> Outcome:
    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        permissions.require(by, Act.SEND_DIGEST)
        person = await people.find(session, plain(call.text))
        await people.stop_digests(session, person.id, now, again=again, by=by)
        return Message("digest/reader", {"name": person.name, "again": again})

    return await call.desk.turn(call.user, do)


async def _cycle(session: Session, by: Speaker, code: str | None) -> Cycle:
    """The cycle that was named; without a name the one that runs, or the one that closed last."""
    if code:
        return await cycles.named(session, by, code.upper(), WITH_DIGEST)
    return await cycles.latest(session, by, WITH_DIGEST)
