"""`/spnet cycle extend COUNTRY`, `reopen`, `excuse`, `require`, `/spnet review undo`: for one country, shown first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.messages import Choice, Deed, Message
from bot.review import granted
from bot.review.granted import Grant, Wish
from bot.speaker import Speaker
from db.engine import Session
from handlers.commands import typed
from handlers.commands.table import Call
from handlers.saying import Outcome
from handlers.speaker import Desk


async def extend(call: Call) -> Outcome:
    """`cycle extend [2026] COUNTRY due 2027-01-10 [closes ...] because ...`: more time for one country."""
    return await _show(call, Grant.EXTEND)


async def reopen(call: Call) -> Outcome:
    """`cycle reopen [2026] COUNTRY until 2027-02-10 because ...`: answers are taken again after the close."""
    return await _show(call, Grant.REOPEN)


async def excuse(call: Call) -> Outcome:
    """`cycle excuse [2026] COUNTRY because ...`: no report is required."""
    return await _show(call, Grant.EXCUSE)


async def require(call: Call) -> Outcome:
    """`cycle require [2026] COUNTRY [because ...]`: a report is required after all."""
    return await _show(call, Grant.REQUIRE)


async def undo(call: Call) -> Outcome:
    """`review undo [2026] COUNTRY because ...`: an acceptance is taken back."""
    return await _show(call, Grant.UNDO)


async def _show(call: Call, what: Grant) -> Outcome:
    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        wanted = typed.grant(call.text, what.value, call.desk.place.zone)
        wish = Wish(what, wanted.due, wanted.closes, wanted.why)
        shown = await granted.preview(session, by, wish, wanted.code, wanted.member, now)
        value = typed.grant_value(shown.assessment_id, what.value, shown.seen, wanted)
        label = "" if shown.message.facts["told"] else "confirm_grant_quietly"
        choices = (
            Choice(Deed.CONFIRM_GRANT, value, label, style="primary"),
            Choice(Deed.DISMISS, str(shown.assessment_id)),
        )
        return replace(shown.message, choices=choices)

    return await call.desk.turn(call.user, do)


async def confirm(desk: Desk, user: str, deed: Deed, value: str) -> Outcome:
    """The button under the preview: dates and reason are those that it showed."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        assessment_id, what, seen, wanted = typed.grant_of(value)
        wish = Wish(Grant(what), wanted.due, wanted.closes, wanted.why, seen)
        return await granted.do(session, by, assessment_id, wish, now)

    return await desk.turn(user, do)
