"""`/spnet cycle`: open (with a preview), status, extend, close, cancel; and the buttons that confirm."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot import cycles, overview, reminders
from bot.assessments.granting import dates_of
from bot.cycles import Plan
from bot.errors import numbered
from bot.exports.charts import sketch, timeline
from bot.messages import Choice, Deed, Message
from bot.speaker import Speaker
from db.engine import Session
from db.models import Cycle
from db.vocabulary import CycleState
from handlers.commands import granting, typed
from handlers.commands.table import Call
from handlers.saying import Outcome
from handlers.speaker import Desk

RUNNING = (CycleState.OPEN, CycleState.CLOSED)


async def open_(call: Call) -> Outcome:
    """`cycle open 2026 full due 2026-12-15 [closes 2027-01-15] [title ...]`: the preview; nobody is written to yet."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        wish = typed.opening(call.text, call.desk.place.zone)
        plan = await cycles.plan(
            session,
            by,
            code=wish.code,
            title=wish.title or call.desk.words.label(f"cycle_title_{wish.question_set.value}", code=wish.code),
            question_set=wish.question_set,
            edition=call.desk.place.edition,
            due=wish.due,
            closes=wish.closes,
            now=now,
        )
        passed = await reminders_passed(session, call.desk, plan, now)
        return preview(plan, passed)

    return await call.desk.turn(call.user, do)


async def reminders_passed(session: Session, desk: Desk, plan: Plan, now: datetime) -> list[dict[str, object]]:
    """The steps of the reminder plan whose moment is past already, for the preview."""
    passed = await reminders.passed_for(session, plan, desk.place.rules, now)
    return [{"days": one.step.days, "members": list(one.members), "everyone": one.everyone} for one in passed]


def preview(plan: Plan, passed: list[dict[str, object]]) -> Message:
    """Who will be asked what, with the button that opens."""
    value = str(plan.cycle.id)
    return Message(
        "cycle/preview",
        {
            **_facts(plan.cycle),
            "questions": plan.questions,
            "minutes": plan.minutes,
            "asked": [{"name": hat.name, "member": hat.member_name} for hat in plan.asked],
            "unheld": [member.name for member in plan.unheld],
            "passed": passed,
        },
        (Choice(Deed.CONFIRM_OPEN, value, style="primary"), Choice(Deed.DISMISS, value)),
    )


async def status(call: Call) -> Outcome:
    """`cycle status [code]`: every member, who has the ball, since when; a picture of the reports so far."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        said = await overview.status(session, by, call.words[0] if call.words else None, now)
        return replace(said, draws=sketch(timeline, await overview.history(session, by, now)))

    return await call.desk.turn(call.user, do)


async def extend(call: Call) -> Outcome:
    """`cycle extend [code] due 2027-01-10 [closes 2027-01-31] [because ...]`: who would be told of which new dates,
    with the button that gives the time. With a country behind the code it is for that one only."""
    if typed.one_country(call.text):
        return await granting.extend(call)

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        wish = typed.extension(call.text, call.desk.place.zone)
        cycle = await cycles.named(session, by, wish.code, RUNNING)
        plan = await cycles.extension(session, by, cycle.id, wish.due, wish.closes, now)
        facts = {
            **_facts(cycle),
            "new_due": wish.due,
            "new_closes": wish.closes,
            "why": wish.why,
            "told": [{"name": hat.name, "member": hat.member_name} for hat in plan.told],
            "unheld": [member.name for member in plan.unheld],
        }
        value = typed.extension_value(cycle.id, replace(wish, seen=dates_of(cycle.due_at, cycle.closes_at)))
        choices = (Choice(Deed.CONFIRM_EXTEND, value, style="primary"), Choice(Deed.DISMISS, str(cycle.id)))
        return Message("cycle/extend", facts, choices)

    return await call.desk.turn(call.user, do)


async def confirm_extend(desk: Desk, user: str, deed: Deed, value: str) -> Outcome:
    """The button under the preview: the dates and the reason are those that it showed."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        cycle_id, wish = typed.extension_of(value)
        before = (await cycles.found(session, cycle_id)).due_at
        cycle = await cycles.extend(session, by, cycle_id, wish.due, wish.closes, now, wish.why, seen=wish.seen)
        return Message("cycle/extended_done", {**_facts(cycle), "before": before})

    return await desk.turn(user, do)


async def close(call: Call) -> Outcome:
    """`cycle close [code]`: the button that closes."""
    return await _ask(call, "cycle/close", Deed.CONFIRM_CLOSE, (CycleState.OPEN,))


async def cancel(call: Call) -> Outcome:
    """`cycle cancel [code]`: the button that cancels."""
    return await _ask(call, "cycle/cancel", Deed.CONFIRM_CANCEL, (CycleState.OPEN, CycleState.DRAFT))


async def _ask(call: Call, kind: str, deed: Deed, states: tuple[CycleState, ...]) -> Outcome:
    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        cycle = await cycles.named(session, by, call.words[0] if call.words else None, states)
        value = str(cycle.id)
        counts = await cycles.counts(session, cycle)
        choices = (Choice(deed, value, style="danger"), Choice(Deed.DISMISS, value))
        return Message(kind, {**_facts(cycle), "counts": counts}, choices)

    return await call.desk.turn(call.user, do)


async def confirm(desk: Desk, user: str, deed: Deed, value: str) -> Outcome:
    """The button that opens, closes or cancels."""

    async def do(session: Session, by: Speaker, now: datetime) -> Message | None:
        cycle_id = numbered(value)
        if deed is Deed.CONFIRM_OPEN:
            plan = await cycles.open_cycle(session, by, cycle_id, now)
            return Message("cycle/opened", {**_facts(plan.cycle), "asked": len(plan.asked)})
        if deed is Deed.CONFIRM_CLOSE:
            return Message("cycle/closed", _facts(await cycles.close(session, by, cycle_id, now)))
        return Message("cycle/cancelled_done", _facts(await cycles.cancel(session, by, cycle_id, now)))

    return await desk.turn(user, do)


def _facts(cycle: Cycle) -> dict[str, object]:
    return {
        "cycle": cycle.title,
        "code": cycle.code,
        "set": cycle.question_set.value,
        "due": cycle.due_at,
        "closes": cycle.closes_at,
        "state": cycle.state.value,
    }
