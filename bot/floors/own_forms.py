"""A member's own questions as people meet them: the list, the form that adds one, and the one that ends one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot import editions, permissions
from bot.errors import numbered
from bot.floors.own import (
    LONGEST_HELP,
    LONGEST_QUESTION,
    LONGEST_TITLE,
    LONGEST_UNIT,
    MOST_CHOICES,
    NUMERIC,
    BadQuestion,
    Wanted,
    add,
    live,
    of_member,
    retire,
)
from bot.floors.proposing import BadAim, number_of, the_member
from bot.formats import Indicator
from bot.messages import Choice, Deed, Field, Form, Menu, Message
from bot.people.kept import Given, Kept, lines, one
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import OwnIndicator
from db.vocabulary import Kind

LONGEST_BOUND = 40
# A number has no year: any day will do.
ANY_DAY = date(2000, 1, 1)
Label = Callable[..., str]


async def card(session: Session, by: Speaker, done: str | None = None, about: str = "") -> Message:
    """What the speaker's member asks itself, with the buttons to add one and to end one.

    Args:
        done: what has just been done: `added` or `retired`.
        about: the title of that question.

    Raises:
        NotAllowed: not somebody of a member who may add to it.
    """
    code = by.member or ""
    rows = await of_member(session, by, code)
    member = await the_member(session, code)
    facts = {
        "member": member.name,
        "done": done,
        "about": about,
        "rows": [
            {
                "section": row.section,
                "title": row.title,
                "question": row.question,
                "kind": row.kind.value,
                "unit": row.unit,
                "choices": [str(choice["title"]) for choice in row.choices],
                "minimum": row.minimum,
                "maximum": row.maximum,
            }
            for row in sorted(rows, key=lambda row: (row.section, row.id))
        ],
    }
    choices: list[Choice | Menu] = [Choice(Deed.ADD_QUESTION, code, style="primary")]
    if rows:
        choices.append(Menu(Deed.RETIRE_QUESTION, tuple((str(row.id), row.title) for row in rows), "retire_question"))
    return Message("floors/questions", facts, tuple(choices))


async def add_form(session: Session, by: Speaker, value: str, edition: str, label: Label) -> Form:
    """The form in which a question is added.

    Args:
        value: what the button carries: the member.
        edition: the code of the edition in use.
        label: the words for a key of templates/labels.toml.

    Raises:
        NotFound, NotAllowed.
    """
    permissions.require(by, Act.SET_FLOORS, value[:3])
    member = await the_member(session, value[:3])
    sections = tuple((each.letter, f"{each.letter} · {each.title}") for each in editions.edition(edition).sections)
    kinds = tuple((kind.value, label(f"own_kind_{kind.value}")) for kind in Kind)
    fields = (
        Field("section", "own_section", sections),
        Field("title", "own_title", maximum=LONGEST_TITLE),
        Field("question", "own_question", maximum=LONGEST_QUESTION),
        Field("kind", "own_kind", kinds),
        Field("choices", "own_choices", multiline=True, optional=True, hint="own_choices_hint"),
        Field("unit", "own_unit", optional=True, maximum=LONGEST_UNIT, hint="own_unit_hint"),
        Field("minimum", "own_minimum", optional=True, maximum=LONGEST_BOUND),
        Field("maximum", "own_maximum", optional=True, maximum=LONGEST_BOUND),
        Field("help", "own_help", multiline=True, optional=True, maximum=LONGEST_HELP),
    )
    return Form(Deed.ADD_QUESTION, fields, member.code, Message("floors/add_question", {"member": member.name}))


async def store(session: Session, by: Speaker, value: str, given: Given, edition: str, now: datetime) -> Kept:
    """Add what was filled in.

    Args:
        value: what the form carries: the member.

    Raises:
        NotAllowed.
    """
    try:
        row = await add(session, by, value[:3], read_wanted(given), edition, now)
    except BadQuestion as wrong:
        return Kept({str(wrong.facts["field"]): f"own_wrong_{wrong.facts['problem']}"})
    return Kept(said=await card(session, by, "added", row.title))


def read_wanted(given: Given) -> Wanted:
    """What was filled in, as a question.

    Raises:
        BadQuestion: something of it cannot be read.
    """
    try:
        kind = Kind(one(given, "kind"))
    except ValueError:
        raise BadQuestion(problem="no_kind", field="kind") from None
    wanted = Wanted(
        section=one(given, "section"),
        title=one(given, "title"),
        question=one(given, "question"),
        kind=kind,
        help=lines(given, "help"),
        unit=one(given, "unit"),
        choices=tuple(lines(given, "choices").split("\n"))[: MOST_CHOICES + 1] if kind is Kind.CHOICE else (),
    )
    if kind not in NUMERIC:
        return wanted
    return replace(wanted, minimum=_bound(given, "minimum", kind), maximum=_bound(given, "maximum", kind))


def _bound(given: Given, name: str, kind: Kind) -> Decimal | None:
    """A bound as people type it; what reads the answers reads it."""
    typed = one(given, name)
    if not typed:
        return None
    try:
        return number_of(typed, _number(kind), ANY_DAY, name)
    except BadAim as wrong:
        problem = "two_ways" if wrong.facts["problem"] == "two_ways" else "no_number"
        raise BadQuestion(problem=problem, field=name) from None


def _number(kind: Kind) -> Indicator:
    """A question for any number of a kind."""
    row = {"code": "own", "title": "", "question": "", "help": "", "kind": kind.value, "unit": None, "section": ""}
    return editions.own_indicator({**row, "minimum": None, "maximum": None, "choices": []})


async def retire_form(session: Session, by: Speaker, value: str) -> Form:
    """What is asked before a question ends.

    Args:
        value: what the menu carries: the number of the question.

    Raises:
        QuestionGone, NotFound, NotAllowed.
    """
    row = await live(session, by, numbered(value))
    return Form(Deed.RETIRE_QUESTION, (), str(row.id), Message("floors/retire_question", _said(row)))


def _said(row: OwnIndicator) -> dict[str, Any]:
    return {"title": row.title, "question": row.question}


async def ended(session: Session, by: Speaker, value: str, now: datetime) -> Kept:
    """End a question.

    Raises:
        QuestionGone, NotFound, NotAllowed.
    """
    row = await retire(session, by, numbered(value), now)
    return Kept(said=await card(session, by, "retired", row.title))
