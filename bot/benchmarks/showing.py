"""The benchmarks in chat and by mail: one country's own position, one benchmark side by side, or all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from bot import by_mail, permissions
from bot.benchmarks.positions import Position, position, positions
from bot.benchmarks.standards import standards
from bot.errors import NotFound
from bot.formats.benchmarks import NO_STEPS, Benchmark
from bot.messages import Choice, Deed, Menu, Message
from bot.people import Contact, members
from bot.people.kept import Slip
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import Delivery, Member
from db.queries import benchmarks as queries
from db.queries import people as people_queries

ALL_KIND = "benchmark/all"


async def asked(session: Session, by: Speaker, text: str) -> Message:
    """What a command asks for: a country, a benchmark, or nothing: then the speaker's own country, or all.

    Raises:
        NotFound, NotAllowed.
    """
    permissions.require(by, Act.READ_REGISTER, by.member)
    if not text:
        if by.member is None:
            return await _all(session)
        return await card(session, by, await members.named(session, by.member))
    wanted = text.casefold()
    if wanted == "all":
        return await _all(session)
    found = standards().get(wanted) or _called(wanted)
    return await one(session, found) if found else await card(session, by, await members.named(session, text))


def _called(wanted: str) -> Benchmark | None:
    near = [each for each in standards() if wanted in each.title.casefold()]
    exact = [each for each in near if wanted == each.title.casefold()]
    return (exact or near)[0] if exact or len(near) == 1 else None


def facts_of(found: Position | None) -> dict[str, Any]:
    """A position, for a message; where there is none, its step is None."""
    if found is None:
        return {"step": None}
    return {
        "step": found.step,
        "no_step": found.step in NO_STEPS,
        "place": found.place,
        "of": found.of,
        "title": found.title,
        "reached": found.reached_on,
        "next": found.next_step,
        "next_on": found.next_on,
        "note": found.note,
        "noted": found.noted_at,
    }


async def card(session: Session, by: Speaker, member: Member, done: str | None = None, about: str = "") -> Message:
    """One country with every benchmark: where it stands, how it came there, what comes next.

    Args:
        done: what was just done: `noted` or `unchanged`.
        about: the benchmark's title.
    """
    history: dict[str, list[Position]] = {}
    for each in await queries.history(session, member.code):
        history.setdefault(each.position.benchmark, []).append(position(each))
    rows = [
        {
            "code": each.code,
            "benchmark": each.title,
            "about": each.about,
            **facts_of(history[each.code][-1] if each.code in history else None),
            "before": [
                {"title": said.title, "step": said.step, "no_step": said.step in NO_STEPS, "noted": said.noted_at}
                for said in _moves(history.get(each.code, []))
            ],
        }
        for each in standards()
    ]
    keeps = permissions.allowed(by, Act.KEEP_BENCHMARKS, member.code)
    options = tuple((Slip(member.code, number).text, each.title) for number, each in enumerate(standards(), start=1))
    choices = (Menu(Deed.KEEP_BENCHMARK, options, "choose_benchmark"),) if keeps else ()
    facts = {"member": member.name, "rows": rows, "keeps": keeps, "done": done, "about": about}
    return Message("benchmark/member", facts, choices)


def _moves(said: Sequence[Position]) -> list[Position]:
    """The steps that a country stood on before, each once in a row."""
    return [each for each, after in pairwise(said) if each.step != after.step]


async def one(session: Session, benchmark: Benchmark) -> Message:
    """One benchmark with its steps, and all countries side by side in alphabetical order."""
    found = {each.member: each for each in await positions(session) if each.benchmark == benchmark.code}
    rows = [
        {"member": member.name, **facts_of(found.get(member.code))} for member in await people_queries.members(session)
    ]
    steps = [{"title": each.title, "means": each.means} for each in benchmark.steps]
    return Message("benchmark/one", {"title": benchmark.title, "about": benchmark.about, "steps": steps, "rows": rows})


async def _all(session: Session) -> Message:
    return Message(ALL_KIND, await together(session), (Choice(Deed.MAIL_BENCHMARKS, "all"),))


async def together(session: Session) -> dict[str, Any]:
    """What the side-by-side table of all benchmarks says."""
    found = {(each.member, each.benchmark): each for each in await positions(session)}
    rows: list[dict[str, Any]] = []
    for member in await people_queries.members(session):
        own = [found.get((member.code, each.code)) for each in standards()]
        rows.append(
            {
                "member": member.name,
                "known": any(own),
                "stands": [
                    {"benchmark": each.title, **facts_of(at)} for each, at in zip(standards(), own, strict=True)
                ],
            }
        )
    return {
        "benchmarks": [{"code": each.code, "title": each.title} for each in standards()],
        "rows": rows,
        "unknown": [row["member"] for row in rows if not row["known"]],
    }


async def mail(session: Session, by: Speaker, now: datetime) -> Message:
    """Send the table to whoever asked, by e-mail; the same table goes once a day.

    Raises:
        NotAllowed: not everybody reads the register.
    """
    permissions.require(by, Act.READ_REGISTER, by.member)
    return await by_mail.send(session, by, now, kind=ALL_KIND, table=await together(session))


async def mailed(
    session: Session,
    delivery: Delivery,
    contact: Contact | None,
    now: datetime,
) -> Message | None:
    """The table as a mail; None where its reader may not read the register any more."""
    if await by_mail.reader(session, delivery, contact, Act.READ_REGISTER, now) is None:
        return None
    return Message(ALL_KIND, await together(session))


async def home(session: Session, member: str) -> Message:
    """The line on the Home of who answers for a member."""
    found = await positions(session, member)
    newest = max((each.noted_at for each in found), default=None)
    total = len(standards().all)
    return Message("home/benchmarks", {"noted": len(found), "total": total, "newest": newest})


def benchmark_at(number: int) -> Benchmark:
    """The benchmark that a button names, from 1.

    Raises:
        NotFound: there is none.
    """
    found = standards().all
    if not 1 <= number <= len(found):
        raise NotFound(what="benchmark", named=str(number))
    return found[number - 1]
