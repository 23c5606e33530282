"""A country says where it stands on a benchmark: a form with what stands, and a further row; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from bot import audit, permissions, workdays
from bot.benchmarks.positions import Position, position
from bot.benchmarks.showing import benchmark_at, card, facts_of
from bot.errors import NotFound
from bot.formats.benchmarks import NO_STEPS, Benchmark
from bot.messages import Deed, Field, Form, Message, Sort
from bot.people.kept import LONGEST_TEXT, Given, Kept, Slip, again, days, lines, mark, one
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import BenchmarkPosition, Member
from db.queries import benchmarks as queries
from db.queries import mechanisms as mechanism_queries
from db.queries import people as people_queries

Label = Callable[[str], str]


def subject(member: str) -> str:
    """What the audit calls a member's positions."""
    return f"benchmarks:{member}"


async def _kept_by(session: Session, by: Speaker, slip: Slip) -> tuple[Member, Benchmark]:
    permissions.require(by, Act.KEEP_BENCHMARKS, slip.member)
    await mechanism_queries.lock(session, slip.member)
    member = await people_queries.member(session, slip.member)
    if member is None:
        raise NotFound(what="member", named=slip.member)
    return member, benchmark_at(slip.number)


async def _stands(session: Session, member: Member, benchmark: Benchmark) -> Position | None:
    found = await queries.history(session, member.code, benchmark.code)
    return position(found[-1]) if found else None


def _shown(stands: Position | None) -> dict[str, Any]:
    """What stands, as a form holds it."""
    if stands is None:
        return {"step": None, "reached_on": None, "next_step": None, "next_on": None, "note": None}
    return {
        "step": stands.step,
        "reached_on": stands.reached_on.isoformat() if stands.reached_on else None,
        "next_step": stands.next_step,
        "next_on": stands.next_on.isoformat() if stands.next_on else None,
        "note": stands.note,
    }


async def form(session: Session, by: Speaker, slip: Slip, label: Label) -> Form:
    """The form, with what stands.

    Raises:
        NotFound, NotAllowed.
    """
    member, benchmark = await _kept_by(session, by, slip)
    shown = _shown(await _stands(session, member, benchmark))
    steps = [(each.code, f"{place}. {each.title}") for place, each in enumerate(benchmark.steps, start=1)]
    others = [(each, label(f"benchmark_{each}")) for each in NO_STEPS]
    known = [code for code, _ in (*steps, *others)]
    fields = (
        Field(
            "step",
            "benchmark_step",
            (*steps, *others),
            initial=shown["step"] if shown["step"] in known else None,
        ),
        Field("reached_on", "benchmark_reached_on", sort=Sort.DATE, optional=True, initial=shown["reached_on"]),
        Field(
            "next_step",
            "benchmark_next_step",
            multiline=True,
            optional=True,
            maximum=LONGEST_TEXT,
            initial=shown["next_step"],
        ),
        Field("next_on", "benchmark_next_on", sort=Sort.DATE, optional=True, initial=shown["next_on"]),
        Field(
            "note",
            "benchmark_note",
            multiline=True,
            optional=True,
            maximum=LONGEST_TEXT,
            initial=shown["note"],
            hint="benchmark_note_hint",
        ),
    )
    facts = {
        "member": member.name,
        "title": benchmark.title,
        "about": benchmark.about,
        "steps": [{"title": each.title, "means": each.means} for each in benchmark.steps],
    }
    private = Slip(member.code, slip.number, mark(shown)).text
    return Form(Deed.KEEP_BENCHMARK, fields, private, Message("benchmark/form", facts))


async def store(session: Session, by: Speaker, slip: Slip, given: Given, now: datetime, label: Label) -> Kept:
    """Note what was filled in, if what stands is still what the form showed.

    Raises:
        NotFound, NotAllowed.
    """
    member, benchmark = await _kept_by(session, by, slip)
    stands = await _stands(session, member, benchmark)
    shown = _shown(stands)
    wanted, problems = _read(given, benchmark, workdays.register_day(now))
    if problems:
        return Kept(problems)
    if {field: _plain(value) for field, value in wanted.items()} == shown:
        return Kept(said=await card(session, by, member, "unchanged", benchmark.title))
    if mark(shown) != slip.mark:
        facts = {"member": member.name, "benchmark": benchmark.title, **facts_of(stands)}
        return Kept(anew=again(await form(session, by, slip, label), given, Message("benchmark/meanwhile", facts)))
    session.add(
        BenchmarkPosition(
            member_code=member.code,
            benchmark=benchmark.code,
            noted_by=by.person_id,
            noted_at=now,
            via=by.via,
            **wanted,
        )
    )
    await session.flush()
    await audit.record(
        *(session, by, "note_benchmark", subject(member.code), now),
        benchmark=benchmark.code,
        before=shown,
        after={field: _plain(value) for field, value in wanted.items()},
    )
    return Kept(said=await card(session, by, member, "noted", benchmark.title))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _read(given: Given, benchmark: Benchmark, today: date) -> tuple[dict[str, Any], dict[str, str]]:
    """What was filled in, and what is wrong with it; a form may have been forged."""
    found, problems = days(given, "reached_on", "next_on")
    step, note, following = one(given, "step"), lines(given, "note"), lines(given, "next_step")
    reached, next_on = found.get("reached_on"), found.get("next_on")
    if benchmark.place(step) is None and step not in NO_STEPS:
        problems["step"] = "share_choose"
    if step in NO_STEPS and not note:
        problems["note"] = "benchmark_needs_note"
    if reached is not None and reached > today:
        problems["reached_on"] = "register_day_to_come"
    if next_on is not None and not following:
        problems["next_step"] = "benchmark_needs_next"
    for field, text in (("note", note), ("next_step", following)):
        if len(text) > LONGEST_TEXT:
            problems[field] = "register_too_long"
    return {
        "step": step,
        "reached_on": reached,
        "next_step": following or None,
        "next_on": next_on,
        "note": note or None,
    }, problems
