"""The trail of an answer: who said what when over which way, what a contributor wrote and the focal point changed.

A country sees all of its own. Nobody outside it sees what was said before it was handed in: of each round only the
answer as it came, with what stood behind it, and what both sides wrote about it. A contributor sees their own part
since it was given to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot import assessments, editions, evidence, history, people, permissions
from bot.assessments import snapshots, threads
from bot.errors import NotFound, numbered
from bot.evidence import Seen
from bot.formats import Indicator
from bot.messages import Deed, Menu, Message
from bot.permissions import Act
from bot.reading import Reply, named, write
from bot.speaker import Speaker
from db.engine import Session
from db.models import Answer, Member
from db.queries import assessments as queries
from db.queries import evidence as evidence_queries
from db.queries import people as people_queries
from db.queries import trail as trail_queries
from db.queries.assessments import Given, Talk
from db.queries.trail import Done
from db.vocabulary import Availability, Via

# So many rows are read at once; older ones are counted.
MOST_ROWS = 30
# The longest name of a country has so many words.
LONGEST_NAME = 3
# Deeds about one answer, and what they are called in the words.
SAID = {"answer": "said", "amend": "said", "carry_forward": "carried", "skip": "skipped"}
PIECES = {"add_evidence": "added", "remove_evidence": "removed"}

Row = dict[str, Any]


def menu(talk: Talk, indicators: tuple[Indicator, ...], part: int | None = None) -> Menu:
    """The select that leads to the trail of each question."""
    end = f":{part}" if part else ""
    options = tuple((f"{talk.assessment.id}:{each.code}{end}", each.title) for each in indicators)
    return Menu(Deed.TRAIL, options, "trail")


async def of_question(session: Session, by: Speaker, value: str, now: datetime) -> Message:
    """All that was said to one question of an assessment, the newest first.

    Args:
        value: what the option carries: the assessment, the question, and the part of a contributor.

    Raises:
        NotFound: there is no such thing, or it is not theirs to see.
    """
    fields = value.split(":")
    if len(fields) not in (2, 3):
        raise NotFound(what="button", named=value[:40])
    part = numbered(fields[2]) if len(fields) == 3 else None
    found = await evidence.seen(session, by, numbered(fields[0]), now, part)
    return await _message(session, by, found, fields[1])


async def _message(session: Session, by: Speaker, found: Seen, code: str) -> Message:
    if code not in found.questions:
        raise NotFound(what="indicator", named=code[:40])
    indicator, talk = found.questions.indicator(code), found.talk
    outside = by.member != talk.assessment.member_code
    rows = await (_from_outside(session, talk, indicator) if outside else _from_inside(session, talk, indicator))
    if found.part is not None:
        since = found.part.given_at
        rows = [row for row in rows if row["at"] >= since or row["by"] == by.person_id]
    rows.sort(key=lambda row: row["at"], reverse=True)
    facts = {
        "member": talk.member.name,
        "cycle": talk.cycle.title,
        "title": indicator.title,
        "rows": rows[:MOST_ROWS],
        "older": max(0, len(rows) - MOST_ROWS),
        "outside": outside,
    }
    return Message("trail/question", facts)


def _row(what: str, at: datetime, **more: Any) -> Row:
    empty: Row = dict.fromkeys(("person", "role", "via", "value", "before", "text", "by", "evidence", "side", "round"))
    return {**empty, "what": what, "at": at, **more}


async def _from_inside(session: Session, talk: Talk, indicator: Indicator) -> list[Row]:
    rows: list[Row] = []
    for done in await trail_queries.done(session, assessments.subject(talk.assessment.id)):
        if done.row.detail.get("indicator") == indicator.code and (row := _done(done, indicator)) is not None:
            rows.append(row)
    for each in await trail_queries.handed_in(session, talk.assessment.id):
        rows.append(_row("handed_in", each.row.at, person=each.person, round=each.row.round))
    return [*rows, *await _comments(session, talk, indicator)]


def _done(done: Done, indicator: Indicator) -> Row | None:
    """One row of the audit in words; None for a deed that says nothing about the answer."""
    row, detail = done.row, done.row.detail
    who = {
        "person": done.person,
        "by": row.person_id,
        "role": row.role.value if row.role else None,
        "via": row.via.value if row.via is not Via.BOT else None,
    }
    if row.act in SAID:
        said, before = _kept(detail, "after", indicator), _kept(detail, "before", indicator)
        return _row(SAID[row.act], row.at, **who, value=said, before=before)
    if row.act == "value_is_right":
        value: Mapping[str, Any] = detail.get("value") or {}
        number = value.get("number")
        said = _written(Decimal(number), value.get("year"), indicator) if number is not None else None
        return _row("explained" if detail.get("text") else "right", row.at, **who, value=said, text=detail.get("text"))
    if row.act in PIECES:
        return _row(PIECES[row.act], row.at, **who, text=detail.get("title"))
    return None


def _kept(detail: Mapping[str, Any], name: str, indicator: Indicator) -> str | None:
    kept: Mapping[str, Any] | None = detail.get(name)
    if not kept:
        return None
    return _said(snapshots.given_of(indicator.code, kept), indicator)


def _said(answer: Given, indicator: Indicator) -> str | None:
    if answer.availability is Availability.SKIPPED:
        return None
    return write(assessments.reply_of(answer), indicator)


def _written(number: Decimal, year: int | None, indicator: Indicator) -> str:
    return write(Reply(Availability.GIVEN, number, year=year), indicator)


async def _from_outside(session: Session, talk: Talk, indicator: Indicator) -> list[Row]:
    behind = [
        kept.evidence
        for kept in await evidence_queries.of(session, [talk.assessment.id], removed=True)
        if kept.evidence.indicator == indicator.code
    ]
    rows: list[Row] = []
    handed_in = await trail_queries.handed_in(session, talk.assessment.id)
    if not handed_in:
        # It came before rounds were kept: what stands is what came, or nothing of it could be read.
        answer = await queries.answer(session, talk.assessment.id, indicator.code)
        said = _said(answer, indicator) if answer else None
        at = talk.assessment.submitted_at or talk.assessment.state_since
        rows.append(_row("came", at, round=talk.assessment.round, value=said))
    for each in handed_in:
        at = each.row.at
        kept = each.row.answers.get(indicator.code)
        given = snapshots.given_of(indicator.code, kept) if kept else None
        rows.append(
            _row(
                "came",
                at,
                person=each.person,
                round=each.row.round,
                value=_said(given, indicator) if given else None,
                text=given.explanation if given else None,
                evidence=[one.title for one in behind if snapshots.stood(one, at)],
            )
        )
    return [*rows, *await _comments(session, talk, indicator)]


async def _comments(session: Session, talk: Talk, indicator: Indicator) -> list[Row]:
    thread = (await threads.of(session, talk.assessment.id)).get(indicator.code)
    return [
        _row(
            "wrote",
            line.comment.at,
            person=line.person,
            by=line.comment.by,
            via=line.comment.via.value,
            text=line.comment.text,
            side=line.comment.side.value,
        )
        for line in (thread.lines if thread else ())
    ]


async def command(session: Session, by: Speaker, text: str, now: datetime) -> Message:
    """`history INDICATOR [CYCLE]`: a country's accepted answers to a question over the cycles, or all that was said to
    it in one. Who stands for no country names one as well.

    Raises:
        NotFound: no such question, cycle or country.
        NotAllowed: not theirs to see.
    """
    words = text.split()
    if not words:
        raise NotFound(what="indicator", named="")
    member, words = await _country(session, by, words)
    permissions.require(by, Act.READ_ANSWERS, member.code)
    newest = await trail_queries.newest(session, member.code)
    talk = await queries.talk(session, newest) if newest else None
    asked = editions.questions(talk.cycle, talk.assessment).indicators if talk else ()
    there = await trail_queries.in_cycle(session, member.code, words[-1]) if len(words) > 1 else None
    # Codes of cycles begin with their year.
    of_cycle = there is not None or (len(words) > 1 and words[-1][0].isdigit())
    wanted = " ".join(words[:-1] if of_cycle else words)
    indicator = named(wanted, asked)
    if indicator is None:
        raise NotFound(what="indicator", named=wanted[:40])
    if of_cycle and there is None:
        raise NotFound(what="cycle", named=words[-1][:40])
    if there is None:
        return await _over_cycles(session, member.code, member.name, indicator)
    return await _message(session, by, await evidence.seen(session, by, there, now, None), indicator.code)


async def _country(session: Session, by: Speaker, words: list[str]) -> tuple[Member, list[str]]:
    """Whose history is wanted, and the other words: one's own country, or the one that is named among them."""
    known = await people_queries.members(session)
    if by.member is not None:
        return next(member for member in known if member.code == by.member), words
    for length in range(min(LONGEST_NAME, len(words)), 0, -1):
        for place in range(len(words) - length + 1):
            said = " ".join(words[place : place + length])
            if (found := next((each for each in known if people.is_called(each, said)), None)) is not None:
                return found, words[:place] + words[place + length :]
    raise NotFound(what="member", named=" ".join(words)[:40])


async def _over_cycles(session: Session, member: str, name: str, indicator: Indicator) -> Message:
    codes = dict.fromkeys((indicator.code, *indicator.was), indicator.code)
    rows = [
        {
            "cycle": history.called(each.code),
            "value": _value(each.answer, indicator),
            "explanation": each.answer.explanation,
            "aside": each.answer.set_aside,
        }
        for each in await trail_queries.accepted(session, member, codes)
    ]
    return Message("trail/cycles", {"member": name, "title": indicator.title, "code": indicator.code, "rows": rows})


def _value(answer: Answer, indicator: Indicator) -> str:
    reply = Reply(answer.availability, answer.number, answer.text, answer.year, answer.source, answer.note)
    return write(reply, indicator)
