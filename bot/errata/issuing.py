"""Issue an erratum: a form with what stands, and over it a preview of who will be asked, to confirm or to go back."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from bot import audit, editions, ledger, people, permissions
from bot.assessments import subject as about
from bot.assessments.moves import may_read
from bot.errata import catalogue
from bot.errata.listing import outside, recorded
from bot.errors import NotFound, Refusal
from bot.formats import BOUNDS, WORDING, Edition, Indicator, overlaid, written
from bot.messages import Deed, Field, Form, Menu, Message
from bot.people.kept import Given, Kept, mark, one
from bot.people.kept import lines as broken
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import Erratum, ErratumAsked
from db.queries import cycles as cycle_queries
from db.queries import errata as queries
from db.vocabulary import CycleState, ErratumState, Kind

ASKED_KIND = "erratum/asked"
LONGEST = {"title": 120, "question": 400, "help": 1500, "unit": 60, "why": 1000}
# Of a form's private_metadata, by Slack.
LONGEST_CARRIED = 3000
# As digits are typed: a point or a comma before decimals.
DIGITS = re.compile(r"-?\d{1,15}([.,]\d{1,10})?")


class NotInUse(Refusal):
    """No cycle was opened with the edition: its file may simply be changed. Facts: edition."""


@dataclass(frozen=True)
class About:
    """What a form of an erratum is about, the marks of what it showed and of what was previewed, and the channel in
    which it was asked for."""

    edition: str
    indicator: str
    stood: str = ""
    previewed: str = ""
    where: str = ""

    @property
    def text(self) -> str:
        """As a form carries it."""
        return f"{self.edition}:{self.indicator}:{self.stood}:{self.previewed}:{self.where}"


def subject(edition: str) -> str:
    """What the audit calls an edition."""
    return f"edition:{edition}"


def read_about(text: str) -> About:
    """What a button or a form carries.

    Raises:
        NotFound: this bot did not make it.
    """
    parts = text.split(":")
    if len(parts) not in (4, 5) or len(text) > 250:
        raise NotFound(what="button", named=text[:40])
    return About(*parts)


def typed_in(private: str) -> str:
    """The channel in which a form was asked for; empty where none is known."""
    parts = private.partition("|")[0].split(":")
    return parts[4] if len(parts) == 5 else ""


def _packed(given: Given) -> str:
    """What was filled in, as the preview carries it."""
    return base64.b85encode(
        zlib.compress(json.dumps({name: list(texts) for name, texts in given.items()}, ensure_ascii=False).encode())
    ).decode()


def _unpacked(packed: str) -> Given:
    """The same read back.

    Raises:
        NotFound: this bot did not make it.
    """
    try:
        given = json.loads(zlib.decompress(base64.b85decode(packed)))
        return {str(name): [str(text) for text in texts] for name, texts in given.items()}
    except (ValueError, zlib.error, AttributeError):
        raise NotFound(what="button", named=packed[:40]) from None


async def choose(session: Session, by: Speaker, typed: str, configured: str) -> About | Message:
    """The question that was named for an erratum; or, where none was, all of them to choose from.

    Args:
        typed: a question's code or title, and perhaps the code of an edition behind it.
        configured: the edition that new cycles are opened with.

    Raises:
        NotFound, NotInUse, NotAllowed.
    """
    permissions.require(by, Act.KEEP_FORMAT)
    named, edition = await _edition(session, typed, configured)
    if not named:
        options = tuple((About(edition.code, each.code).text, each.title) for each in edition.indicators)[:100]
        return Message("erratum/choose", {"edition": edition.title}, (Menu(Deed.ERRATUM, options, "erratum_choose"),))
    return About(edition.code, _named(edition, named).code)


async def _edition(session: Session, typed: str, configured: str) -> tuple[str, Edition]:
    """What stands before the edition's code, and the edition: the named one, or that of the newest cycle that runs."""
    in_use = {row.code for row in await queries.in_use(session)}
    head, _, last = typed.rpartition(" ")
    if last in in_use:
        return head.strip(), await catalogue.current(session, last)
    running = await cycle_queries.asked(session, [CycleState.OPEN, CycleState.CLOSED])
    code = max(running, key=lambda cycle: cycle.opens_at).edition if running else configured
    if code not in in_use:
        raise NotInUse(edition=code)
    return typed.strip(), await catalogue.current(session, code)


def _named(edition: Edition, named: str) -> Indicator:
    wanted = named.casefold()
    codes = editions.canonical(edition)
    if wanted in codes:
        return edition.indicator(codes[wanted])
    exact = [each for each in edition.indicators if each.title.casefold() == wanted]
    near = exact or [each for each in edition.indicators if wanted in each.title.casefold()]
    if len(near) != 1:
        raise NotFound(what="question", named=named[:60])
    return near[0]


async def form(session: Session, by: Speaker, wish: About) -> Form:
    """The form with what stands.

    Raises:
        NotFound, NotAllowed.
    """
    permissions.require(by, Act.KEEP_FORMAT)
    edition = await catalogue.current(session, wish.edition)
    indicator = _of(edition, wish)
    return _form(Deed.ERRATUM, edition, indicator, replace(wish, stood=_mark(indicator), previewed=""))


def _of(edition: Edition, wish: About) -> Indicator:
    return edition.indicator(wish.indicator)


def _fields_of(indicator: Indicator) -> tuple[str, ...]:
    return (*WORDING, *BOUNDS) if indicator.numeric else tuple(each for each in WORDING if each != "unit")


def _mark(indicator: Indicator) -> str:
    return mark({field: written(indicator, field) for field in _fields_of(indicator)})


def _form(
    deed: Deed, edition: Edition, indicator: Indicator, wish: About, intro: Message | None = None, why: str = ""
) -> Form:
    optional = ("unit", "jump")
    fields = [
        Field(
            field,
            f"erratum_field_{field}",
            initial=written(indicator, field),
            multiline=field in ("question", "help"),
            optional=field in optional,
            maximum=LONGEST.get(field, 30),
        )
        for field in _fields_of(indicator)
    ]
    fields.append(
        Field(
            "why", "erratum_why", multiline=True, maximum=LONGEST["why"], initial=why or None, hint="erratum_why_hint"
        )
    )
    facts = {"code": indicator.code, "title": indicator.title, "edition": edition.title}
    return Form(deed, tuple(fields), wish.text, intro or Message("erratum/form", facts))


async def store(session: Session, by: Speaker, private: str, given: Given, now: datetime) -> Kept:
    """Preview what was filled in, or, once exactly that was previewed, issue it.

    The preview has no fields, so that nobody issues what they have not looked through; it carries what was filled in.
    Only where that is longer than a form carries, the preview is the form again.

    Args:
        private: what the form carries.

    Raises:
        NotFound, NotAllowed.
    """
    permissions.require(by, Act.KEEP_FORMAT)
    text, _, packed = private.partition("|")
    wish = read_about(text)
    given = _unpacked(packed) if packed else given
    await queries.lock(session, wish.edition)
    edition = await catalogue.current(session, wish.edition)
    indicator = _of(edition, wish)
    wanted, problems = _read(indicator, given)
    why = broken(given, "why")
    if not why:
        problems["why"] = "erratum_no_why"
    if problems:
        return Kept(problems)
    changes = {
        field: [written(indicator, field), value]
        for field, value in wanted.items()
        if value != written(indicator, field)
    }
    if not changes:
        return Kept({"why": "erratum_nothing"})
    corrected = overlaid(edition, indicator.code, wanted).indicator(indicator.code)
    seen = mark(wanted, why)
    stood = _mark(indicator)
    touched = await queries.touched(session, wish.edition, indicator.code)
    if (wish.stood, wish.previewed) != (stood, seen):
        facts = {
            "code": indicator.code,
            "title": indicator.title,
            "edition": edition.title,
            "meanwhile": wish.stood != stood,
            "changes": recorded(changes),
            "asked": [_asked(by, each, corrected) for each in touched],
        }
        again = replace(wish, stood=stood, previewed=seen)
        intro = Message("erratum/preview", facts)
        carried = f"{again.text}|{_packed(given)}"
        if len(carried) > LONGEST_CARRIED:
            return Kept(anew=_form(Deed.ISSUE_ERRATUM, edition, corrected, again, intro, why=why))
        preview = Form(Deed.ISSUE_ERRATUM, (), carried, intro, close="erratum_back")
        return Kept(anew=preview) if packed else Kept(over=preview)
    number = await _issue(session, by, wish, changes, why, [each.assessment.id for each in touched], now)
    facts = {
        "number": number,
        "title": corrected.title,
        "edition": edition.title,
        "asked": [each.member.name for each in touched],
    }
    return Kept(said=Message("erratum/issued", facts))


def _asked(by: Speaker, touched: queries.Touched, corrected: Indicator) -> dict[str, object]:
    """One who would be asked; what nobody outside a country may read yet is not told by this either."""
    readable = may_read(by, touched.member.code, touched.assessment.state)
    return {
        "member": touched.member.name,
        "cycle": touched.cycle.title,
        "outside": readable and outside(corrected, touched.answer.number),
    }


def _read(indicator: Indicator, given: Given) -> tuple[dict[str, str | None], dict[str, str]]:
    """What was filled in, as an erratum keeps it, and what is wrong with it."""
    wanted: dict[str, str | None] = {}
    problems: dict[str, str] = {}
    for field in _fields_of(indicator):
        text = one(given, field)
        if field in WORDING:
            wanted[field] = text or None
            if not text and field != "unit":
                problems[field] = "erratum_empty"
            elif len(text) > LONGEST[field]:
                problems[field] = "register_too_long"
            elif text == (written(indicator, field) or ""):
                wanted[field] = written(indicator, field)
        elif not text and field == "jump":
            wanted[field] = None
        elif not DIGITS.fullmatch(text):
            problems[field] = "erratum_no_number"
        else:
            stands = getattr(indicator, field)
            number = Decimal(text.replace(",", "."))
            # 100 and 100.0 are the same bound.
            wanted[field] = written(indicator, field) if number == stands else format(number.normalize(), "f")
    if not problems:
        problems = _bounds(indicator, wanted)
    return wanted, problems


def _bounds(indicator: Indicator, wanted: dict[str, str | None]) -> dict[str, str]:
    """The same rules as for the file of an edition."""
    numbers = {field: Decimal(wanted[field] or 0) for field in BOUNDS if field in wanted}
    if not numbers:
        return {}
    problems: dict[str, str] = {}
    for field in ("minimum", "maximum"):
        if indicator.kind is Kind.PERCENT and not 0 <= numbers[field] <= 100:
            problems[field] = "erratum_percent"
        if indicator.kind is Kind.INTEGER and numbers[field] != numbers[field].to_integral_value():
            problems[field] = "erratum_whole"
    if numbers["minimum"] >= numbers["maximum"]:
        problems.setdefault("minimum", "erratum_crossed")
    if wanted["jump"] is not None and numbers["jump"] <= 0:
        problems["jump"] = "erratum_jump"
    return problems


async def _issue(
    session: Session,
    by: Speaker,
    wish: About,
    changes: dict[str, list[str | None]],
    why: str,
    assessment_ids: Sequence[int],
    now: datetime,
) -> int:
    """Write it down, and ask each member that had answered."""
    row = Erratum(
        edition=wish.edition,
        indicator=wish.indicator,
        changes=changes,
        why=why,
        issued_by=by.person_id,
        issued_at=now,
        via=by.via,
    )
    session.add(row)
    await session.flush()
    asked = [
        ErratumAsked(erratum_id=row.id, assessment_id=each, state=ErratumState.ASKED, asked_at=now)
        for each in assessment_ids
    ]
    session.add_all(asked)
    await session.flush()
    await audit.record(
        *(session, by, "issue_erratum", subject(wish.edition), now),
        why=why,
        erratum=row.id,
        indicator=wish.indicator,
        changes=changes,
    )
    members = {each.asked.id: each.member.code for each in await queries.asked_of(session, [row.id])}
    await ledger.queue_all(
        session,
        now,
        [
            ledger.Entry(
                key=ledger.key("erratum", row.id, each.assessment_id),
                kind=ASKED_KIND,
                subject=about(each.assessment_id),
                facts={**people.to_role(members[each.id]), "asked": each.id},
            )
            for each in asked
        ],
    )
    return row.id
