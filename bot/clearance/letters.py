"""A national yes that was signed on paper: the form, what is read from it, its scan, and who may see that.

What a scan is, is told by its content, never by its name; it goes out again only to who may read the country's answers,
as a file to keep and never as a page.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot import files, people, workdays
from bot.assessments import clearing
from bot.assessments.clearing import LONGEST_LINE, Letter, LetterRefused, Scanned
from bot.assessments.moves import may_read
from bot.clearance.shown import about
from bot.errors import NotFound, Refusal, numbered
from bot.messages import Choice, Deed, Field, Form, Message, Sort
from bot.people.kept import Given, one
from bot.speaker import Speaker
from bot.words import Reader, say_day
from db.engine import Session
from db.queries import assessments as assessment_queries
from db.queries import clearances as queries
from db.queries import people as people_queries
from db.vocabulary import Via

# Some scanned pages in colour; Slack and the mail server take more.
LARGEST_SCAN = 10_000_000
MEBI = 1_000_000
LINK_LIVES = timedelta(days=1)
# What a link to a scan is good for.
SCAN_LINK = "scan"
# What a scan can be.
SCANS = (files.PDF, files.JPEG, files.PNG)

# The refusals after which the form is offered again.
OF_THE_LETTER = ("refusals/scan_refused", "refusals/letter_refused")
# Where what is wrong with a letter stands in its form.
FIELD_OF = {"future": "signed", "too_early": "signed"}

# (person id, file id, until) -> the page where this person gets the scan; None without a public address.
ScanLink = Callable[[int, int, datetime], str | None]
Label = Callable[..., str]


def without_pages(_person: int, _file: int, _until: datetime) -> str | None:
    """The way to a scan where the bot has no pages: there is none."""
    return None


class ScanRefused(Refusal):
    """A file cannot be the scan of a letter. Facts: problem (`kind`, `size`, `empty`, `gone`), most (megabytes)."""


@dataclass(frozen=True)
class FilledIn:
    """What was filled in of a letter; `file` is the channel's id of its scan."""

    letter: Letter
    file: str


@dataclass(frozen=True)
class ScanFile:
    """A scan to be handed out. `name` is made by the bot; `media_type` was told by the content."""

    name: str
    media_type: str
    content: bytes


async def letter_form(session: Session, by: Speaker, value: str, now: datetime) -> Form:
    """The form in which a signed letter is recorded.

    Args:
        value: what the button carries: the number of the yes, and what was typed before, if it was refused.

    Raises:
        NotFound, NotAllowed, AlreadyCleared, AlreadySentBack, ClearanceVoid, Locked.
    """
    number, typed = _typed(value)
    clearance_id = numbered(number)
    yes, talk, earliest, _ = await clearing.letter_for(session, by, clearance_id, now, lock=False)
    facts = {
        **about(talk),
        "role": yes.clearance.role.value,
        "agency": yes.agency,
        "earliest": earliest,
        "most": LARGEST_SCAN // MEBI,
    }
    fields = (
        Field("signatory", "letter_signatory", maximum=LONGEST_LINE, initial=typed.get("signatory")),
        Field("reference", "letter_reference", maximum=LONGEST_LINE, initial=typed.get("reference")),
        Field("signed", "letter_signed", sort=Sort.DATE, initial=typed.get("signed")),
        Field("scan", "letter_scan", sort=Sort.FILE, maximum=1, hint="letter_scan_hint"),
    )
    return Form(Deed.RECORD_LETTER, fields, str(clearance_id), Message("clearance/letter_form", facts))


def read_letter(given: Given) -> tuple[FilledIn | None, dict[str, str]]:
    """The form read back, and what is wrong with it, by field: keys of templates/labels.toml."""
    signatory, reference, scan = one(given, "signatory"), one(given, "reference"), one(given, "scan")
    signed: date | None = None
    problems: dict[str, str] = {}
    try:
        signed = date.fromisoformat(one(given, "signed"))
    except ValueError:
        problems["signed"] = "letter_no_signed"
    needed = {
        "signatory": (signatory, "letter_no_signatory"),
        "reference": (reference, "letter_no_reference"),
        "scan": (scan, "letter_no_scan"),
    }
    problems |= {name: key for name, (value, key) in needed.items() if not value}
    if problems or signed is None:
        return None, problems
    return FilledIn(Letter(signatory, reference, signed), scan), {}


def once_more(refused: Message, value: str, filled: FilledIn) -> Message:
    """What was said to a letter that was refused, with the way back to the form: what was typed stands in it."""
    letter = filled.letter
    typed = [letter.signatory[:LONGEST_LINE], letter.reference[:LONGEST_LINE], letter.signed_on.isoformat()]
    number = _typed(value)[0]
    again = Choice(Deed.RECORD_LETTER, f"{number}|{json.dumps(typed, ensure_ascii=False)}", style="primary")
    return replace(refused, choices=(again,)) if refused.kind in OF_THE_LETTER else refused


def _typed(value: str) -> tuple[str, dict[str, str]]:
    """The number of the yes that a button or a form carries, and what was typed before."""
    number, _, text = value.partition("|")
    try:
        signatory, reference, signed = json.loads(text) if text else ("", "", "")
        typed = {
            "signatory": one({"_": [str(signatory)]}, "_")[:LONGEST_LINE],
            "reference": one({"_": [str(reference)]}, "_")[:LONGEST_LINE],
            "signed": date.fromisoformat(str(signed)).isoformat() if signed else "",
        }
    except (ValueError, TypeError):
        # Whoever forges a button gets the empty form.
        typed = {}
    return number, {name: text for name, text in typed.items() if text}


async def wrong_letter(
    session: Session, by: Speaker, value: str, filled: FilledIn, now: datetime, label: Label
) -> dict[str, str]:
    """What is wrong with a letter that can be told only by what it is for: finished words, by field.

    Args:
        value: what the form carries.
        label: the words for a key of templates/labels.toml.

    Raises:
        NotFound, NotAllowed, AlreadyCleared, AlreadySentBack, ClearanceVoid, Locked.
    """
    _, talk, earliest, by = await clearing.letter_for(session, by, numbered(_typed(value)[0]), now, lock=False)
    try:
        clearing.check_letter(filled.letter, earliest, workdays.local(now, talk.member.zone).date())
    except LetterRefused as wrong:
        problem = str(wrong.facts["problem"])
        facts = {"earliest": say_day(earliest, Reader(by.zone, by.locale or people.DEFAULT_LOCALE))}
        return {FIELD_OF.get(problem, problem): label(f"letter_wrong_{problem}", **facts)}
    return {}


def scan_of(name: str, content: bytes) -> Scanned:
    """A file as the scan of a letter.

    Raises:
        ScanRefused: it is empty, too large, or neither PDF, JPEG nor PNG.
    """
    if not content:
        raise ScanRefused(problem="empty", most=LARGEST_SCAN // MEBI)
    if len(content) > LARGEST_SCAN:
        raise ScanRefused(problem="size", most=LARGEST_SCAN // MEBI)
    kind = files.type_of(content)
    if kind not in SCANS:
        raise ScanRefused(problem="kind", most=LARGEST_SCAN // MEBI)
    shown = one({"name": [name]}, "name")[:LONGEST_LINE]
    return Scanned(hashlib.sha256(content).hexdigest(), shown, kind.media_type, content)


def gone() -> ScanRefused:
    """The refusal where the channel does not give the file."""
    return ScanRefused(problem="gone", most=LARGEST_SCAN // MEBI)


async def see_letter(session: Session, by: Speaker, value: str, now: datetime, link: ScanLink) -> Message:
    """Where somebody gets the scan of a letter that was recorded.

    Raises:
        NotFound: there is no such letter, or it is not theirs to see.
    """
    yes = await queries.yes(session, numbered(value))
    if yes is None or yes.clearance.scan_id is None:
        raise NotFound(what="letter", named=value[:40])
    talk = await assessment_queries.talk(session, yes.clearance.assessment_id)
    if talk is None or not may_read(by, talk.assessment.member_code, talk.assessment.state):
        raise NotFound(what="letter", named=value[:40])
    row = yes.clearance
    expires = now + LINK_LIVES
    facts = {
        **about(talk),
        "signatory": row.signatory,
        "reference": row.reference,
        "signed": row.signed_on,
        "person": yes.person,
        "when": row.decided_at,
        "link": link(by.person_id, yes.clearance.scan_id, expires),
        "expires": expires,
    }
    return Message("clearance/letter", facts)


async def scan_file(session: Session, person_id: int, file_id: int, now: datetime) -> ScanFile:
    """A scan, for the person whose link it is, as long as they hold a role that may see it.

    Raises:
        NotFound: there is none, or it is not theirs to see any more.
    """
    letter = await queries.letter_of(session, file_id)
    hats = await people_queries.hats_of_person(session, person_id, workdays.register_day(now))
    speakers = [people.speaker_of(hat, Via.PAGE) for hat in hats]
    if letter is None or not any(may_read(by, letter.member_code, letter.state) for by in speakers):
        raise NotFound(what="letter", named=str(file_id))
    ending = next(kind.ending for kind in SCANS if kind.media_type == letter.media_type)
    name = f"letter-{letter.member_code}-{file_id}.{ending}"
    return ScanFile(name, letter.media_type, await queries.content(session, file_id))
