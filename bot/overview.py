"""Where the whole network stands, for the secretariat: every member, who has the ball, since when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from bot import assessments, by_mail, cycles, permissions, standing
from bot.errors import NotFound
from bot.messages import Choice, Deed, Message
from bot.papers import Paper, ticket
from bot.people import Contact, mechanisms
from bot.permissions import Act
from bot.speaker import Speaker
from bot.standing import Ball
from db.engine import Session
from db.models import Cycle, Delivery
from db.queries import cycles as cycle_queries
from db.queries import reports as report_queries
from db.vocabulary import AssessmentState, CycleState

MECHANISMS_KIND = "mechanism/all"
STATUS_KIND = "cycle/status"
# What the button below the status of all running cycles carries.
ALL_RUNNING = "*"
CYCLES_SHOWN = 8
# What becomes of a report is known outside the country and the secretariat where it is one of these.
KNOWN_TO_ALL = ("accepted", "accepted_late", "not_required")


async def status(session: Session, by: Speaker, code: str | None, now: datetime) -> Message:
    """One cycle, or all that are open or still under review.

    Args:
        code: a cycle's code; None: all that run.

    Raises:
        NotFound, NotAllowed.
    """
    permissions.require(by, Act.SEE_NETWORK_STATUS)
    files: tuple[Choice, ...] = ()
    if code:
        named = await cycles.named(session, by, code, ())
        shown = [await _cycle(session, named, now)]
        files = _files(named)
    else:
        running = await cycle_queries.asked(session, [CycleState.OPEN, CycleState.CLOSED])
        shown = [cycle for cycle in [await _cycle(session, one, now) for one in running] if _waits(cycle)]
    send = Choice(Deed.MAIL_STATUS, code or ALL_RUNNING)
    return Message(STATUS_KIND, {"cycles": shown, "code": code}, (*files, send) if shown else files)


async def mail_status(session: Session, by: Speaker, value: str, now: datetime) -> Message:
    """Send the status to whoever asked, by e-mail, with the picture of the reports; the same goes once a day.

    Args:
        value: a cycle's code; ALL_RUNNING: all that run.

    Raises:
        NotFound, NotAllowed.
    """
    said = await status(session, by, _code(value), now)
    table = [said.facts, await history(session, by, now)]
    return await by_mail.send(session, by, now, kind=STATUS_KIND, table=table, facts={"cycle": value})


async def status_mailed(
    session: Session, delivery: Delivery, contact: Contact | None, now: datetime
) -> tuple[Message, dict[str, Any]] | None:
    """The status as a mail, with the facts of its picture; None where its reader may not see it any more."""
    by = await by_mail.reader(session, delivery, contact, Act.SEE_NETWORK_STATUS, now)
    if by is None:
        return None
    try:
        said = await status(session, by, _code(delivery.facts["cycle"]), now)
    except NotFound:
        # It was called off meanwhile.
        return None
    return replace(said, choices=()), await history(session, by, now)


def _code(value: str) -> str | None:
    return None if value == ALL_RUNNING else value


def _files(cycle: Cycle) -> tuple[Choice, ...]:
    """What can be had of a published cycle as a file."""
    if cycle.state is not CycleState.PUBLISHED:
        return ()
    return (
        Choice(Deed.GET_FILE, ticket(Paper.SYNTHESIS, cycle.code), label="get_synthesis"),
        Choice(Deed.GET_FILE, ticket(Paper.XLSX, cycle.code), label="get_workbook"),
    )


async def history(session: Session, by: Speaker, now: datetime) -> dict[str, Any]:
    """What became of the reports of all members in the newest cycles: the facts of the picture of them.

    Raises:
        NotAllowed: as long as a report is not accepted, only the secretariat knows of it.
    """
    permissions.require(by, Act.SEE_NETWORK_STATUS)
    found = await report_queries.reports(session, CYCLES_SHOWN)
    return _side_by_side(found, lambda report: _became(report, now))


async def published_history(session: Session, cycle: Cycle, now: datetime) -> dict[str, Any]:
    """The same as everybody may know it: of a published cycle and those published that came before it. What was not
    accepted is missing, however far it is.

    Args:
        cycle: a published one.
    """
    found = await report_queries.reports(session, CYCLES_SHOWN, published_until=cycle.period_end)

    def became(report: report_queries.Report) -> str:
        state = _became(report, now)
        return state if state in KNOWN_TO_ALL else "missing"

    return _side_by_side(found, became)


def _side_by_side(
    found: Sequence[report_queries.Report], became: Callable[[report_queries.Report], str]
) -> dict[str, Any]:
    """A row for each country, a column for each cycle."""
    cycles = {report.cycle.id: report.cycle for report in found}
    order = sorted(cycles.values(), key=lambda cycle: (cycle.period_end, cycle.id))
    rows: dict[str, dict[str, Any]] = {}
    for report in found:
        row = rows.setdefault(
            report.member.code,
            {"name": report.member.name, "code": report.member.code, "states": [None] * len(order)},
        )
        row["states"][order.index(report.cycle)] = became(report)
    return {"cycles": [cycle.code for cycle in order], "rows": list(rows.values())}


def _became(report: report_queries.Report, now: datetime) -> str:
    """One of the states that `bot.exports.charts.timeline` draws."""
    assessment = report.assessment
    if assessment.state is AssessmentState.ACCEPTED:
        return "accepted_late" if assessments.is_late(report) else "accepted"
    if assessment.state is AssessmentState.NOT_REQUIRED:
        return "not_required"
    if assessment.state in (AssessmentState.SUBMITTED, AssessmentState.RETURNED):
        return "in_review"
    return "missing" if assessments.is_locked(report, now) else "open"


async def mail_mechanisms(session: Session, by: Speaker, now: datetime) -> Message:
    """Send the mechanisms side by side to whoever asked, by e-mail; the same table goes once a day.

    Raises:
        NotAllowed: not everybody reads the register.
    """
    permissions.require(by, Act.READ_REGISTER, by.member)
    return await by_mail.send(session, by, now, kind=MECHANISMS_KIND, table=await mechanisms.together(session, now))


async def mechanisms_mailed(
    session: Session,
    delivery: Delivery,
    contact: Contact | None,
    now: datetime,
) -> Message | None:
    """The mechanisms side by side as a mail; None where its reader may not read the register any more."""
    if await by_mail.reader(session, delivery, contact, Act.READ_REGISTER, now) is None:
        return None
    return Message(MECHANISMS_KIND, await mechanisms.together(session, now))


def _waits(cycle: dict[str, Any]) -> bool:
    """Whether somebody can still do something in a cycle: a closed one waits for the secretariat's reviews only."""
    return cycle["state"] == CycleState.OPEN or any(row["ball"] != Ball.NOBODY for row in cycle["rows"])


async def _cycle(session: Session, cycle: Cycle, now: datetime) -> dict[str, Any]:
    rows = [asdict(row) for row in await standing.region(session, cycle, now)]
    for row in rows:
        row["state"], row["ball"] = row["state"].value, row["ball"].value
    return {
        "title": cycle.title,
        "code": cycle.code,
        "state": cycle.state.value,
        "due": cycle.due_at,
        "closes": cycle.closes_at,
        "rows": rows,
        "in_review": [row["name"] for row in rows if row["state"] == AssessmentState.SUBMITTED],
        "done": sum(row["state"] == "accepted" for row in rows),
        "asked": sum(row["state"] != "not_required" for row in rows),
    }
