"""The Home of the secretariat: what waits for it first, then every member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from bot import permissions, reminders, standing, workdays
from bot.homes.coordinator import register_facts
from bot.messages import Choice, Deed, Menu, Message
from bot.people.contacts import ANSWERING
from bot.permissions import Act
from bot.speaker import Speaker
from bot.standing import Ball
from db.engine import Session
from db.models import Cycle
from db.queries import cycles as cycle_queries
from db.queries import homes as queries
from db.queries.homes import Country, Seat
from db.vocabulary import AssessmentState, CycleState, Role

# Slack takes a hundred blocks, and people read fewer: of more cycles the newest are shown.
CYCLES_AT_MOST = 3


async def secretariat(session: Session, by: Speaker, now: datetime) -> list[Message]:
    """What waits for review, the dates of the cycles, and each member: appointed, mechanism, state, who has the ball.

    Raises:
        NotAllowed: not the secretariat.
    """
    permissions.require(by, Act.SEE_NETWORK_STATUS)
    today = workdays.register_day(now)
    cycles = await cycle_queries.asked(session, [CycleState.OPEN, CycleState.CLOSED])
    regions = await standing.regions(session, cycles, now) if cycles else {}
    running = [cycle for cycle in cycles if _goes_on(cycle, regions[cycle.id])][-CYCLES_AT_MOST:]
    seats: dict[str, list[Seat]] = {}
    for seat in await queries.seats(session, ANSWERING, today):
        seats.setdefault(seat.member, []).append(seat)
    answering = [seat for each in seats.values() for seat in each if seat.starts_on <= today]
    silent = await reminders.register.silent(session, answering, now) if cycles else []
    rows = [
        _member(country, seats.get(country.member.code, []), running, regions, today)
        for country in await queries.countries(session)
    ]
    waits = Message(
        "home/secretariat",
        {
            "name": by.name,
            "reviews": [
                {"member": row.name, "cycle": cycle.title, "since": row.since, "reviewer": row.holder}
                for cycle in cycles
                for row in regions[cycle.id]
                if row.state is AssessmentState.SUBMITTED
            ],
            "experiences": await queries.experiences_waiting(session),
            "unheld": [row["member"] for row in rows if row["unheld"]],
            "warnings": [{"member": row["member"], **warning} for row in rows for warning in row["warnings"]],
            "silent": silent,
            "cycles": [
                {
                    "title": cycle.title,
                    "due": cycle.due_at,
                    "closes": cycle.closes_at,
                    "locked": cycle.state is CycleState.CLOSED or now >= cycle.closes_at,
                    "done": sum(row.state is AssessmentState.ACCEPTED for row in regions[cycle.id]),
                    "asked": sum(row.state is not AssessmentState.NOT_REQUIRED for row in regions[cycle.id]),
                }
                for cycle in running
            ],
        },
        _appointing(rows),
    )
    return [waits, Message("home/network", {"rows": rows}, (Choice(Deed.PROGRESS, ""), Choice(Deed.EXPORT, "")))]


def _appointing(rows: Sequence[dict[str, Any]]) -> tuple[Menu, ...]:
    """A select of the members that have no focal point: it opens the form."""
    options = tuple((row["code"], row["member"]) for row in rows if not row["focal"] and not row["follows"])
    return (Menu(Deed.FOCAL_APPOINT, options, "focal_appoint_for"),) if options else ()


def _goes_on(cycle: Cycle, rows: Sequence[standing.Row]) -> bool:
    """Whether somebody can still do something in a cycle: a closed one waits for the secretariat's reviews, and for
    countries with a date of their own."""
    return cycle.state is CycleState.OPEN or any(row.ball is not Ball.NOBODY for row in rows)


def _member(
    country: Country,
    seats: list[Seat],
    cycles: Sequence[Cycle],
    regions: dict[int, list[standing.Row]],
    today: date,
) -> dict[str, Any]:
    states: list[dict[str, Any]] = []
    for cycle in cycles:
        for row in regions[cycle.id]:
            if row.member == country.member.code:
                facts = {**asdict(row), "state": row.state.value, "ball": row.ball.value}
                states.append({**facts, "cycle": cycle.title})
    return {
        "code": country.member.code,
        "member": country.member.name,
        **register_facts(country, seats, today),
        "unheld": not any(seat.starts_on <= today for seat in seats),
        "warnings": [*_warnings(seats, cycles, today), *_stuck(states)],
        "states": states,
    }


def _stuck(states: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The yeses that are waited for and that nobody can give."""
    return [
        {"problem": "stuck", "cycle": state["cycle"], "on": state["since"]}
        for state in states
        if state["ball"] == Ball.CLEARER.value and state["holder"] is None
    ]


def _warnings(seats: Sequence[Seat], cycles: Sequence[Cycle], today: date) -> list[dict[str, Any]]:
    """What the register lacks where a member is concerned, in short."""
    held = [seat for seat in seats if seat.role is Role.FOCAL_POINT and seat.starts_on <= today]
    if not held:
        stand_in = [seat.name for seat in seats if seat.role is Role.ALTERNATE and seat.starts_on <= today]
        return [{"problem": "stand_in", "name": stand_in[0], "on": None}] if stand_in else []
    found: list[dict[str, Any]] = []
    open_ones = [cycle for cycle in cycles if cycle.state is CycleState.OPEN]
    until = max((workdays.register_day(cycle.closes_at) for cycle in open_ones), default=None)
    for seat in held:
        follows = any(s.role is Role.FOCAL_POINT and s.starts_on > today for s in seats)
        # As in the weekly report: whoever is there on the day on which the cycle closes is there long enough.
        if seat.ends_on is not None and until is not None and seat.ends_on < until and not follows:
            found.append({"problem": "ends", "name": seat.name, "on": seat.ends_on})
        unreached = not seat.slack_id or seat.slack_trouble is not None
        if unreached and (not seat.email or seat.email_refused_at is not None):
            found.append({"problem": "unreached", "name": seat.name, "on": None})
        elif seat.email_refused_at is not None:
            found.append({"problem": "bounced", "name": seat.name, "on": seat.email_refused_at})
        if not seat.slack_id and not any(one["problem"] == "unreached" for one in found):
            found.append({"problem": "outside", "name": seat.name, "on": None})
    return found
