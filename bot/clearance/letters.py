"""A national yes that was signed on paper: the form, what is read from it, its scan, and who may see that.

What a scan is, is told by its content, never by its name; it goes out again only to who may read the country's answers,
as a file to keep and never as a page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot import people, workdays
from bot.assessments import clearing
from bot.assessments.clearing import LONGEST_LINE, Letter, Scanned
from bot.assessments.moves import may_read
from bot.clearance.shown import about
from bot.errors import NotFound, Refusal, numbered
from bot.messages import Deed, Field, Form, Message, Sort
from bot.people.kept import Given, one
from bot.speaker import Speaker
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
# How each kind of file begins, its media type, and the end of its name.
BEGINNINGS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
)

# (person id, file id, until) -> the page where this person gets the scan; None without a public address.
ScanLink = Callable[[int, int, datetime], str | None]


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


async def letter_form(session: Session, by: Speaker, clearance_id: int, now: datetime) -> Form:
    """The form in which a signed letter is recorded.

    Raises:
        NotFound, NotAllowed, AlreadyCleared, AlreadySentBack, ClearanceVoid, Locked.
    """
    yes, talk, earliest, _ = await clearing.letter_for(session, by, clearance_id, now)
    facts = {
        **about(talk),
        "role": yes.clearance.role.value,
        "agency": yes.agency,
        "earliest": earliest,
        "most": LARGEST_SCAN // MEBI,
    }
    fields = (
        Field("signatory", "letter_signatory", maximum=LONGEST_LINE),
        Field("reference", "letter_reference", maximum=LONGEST_LINE),
        Field("signed", "letter_signed", sort=Sort.DATE),
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


def scan_of(name: str, content: bytes) -> Scanned:
    """A file as the scan of a letter.

    Raises:
        ScanRefused: it is empty, too large, or neither PDF, JPEG nor PNG.
    """
    if not content:
        raise ScanRefused(problem="empty", most=LARGEST_SCAN // MEBI)
    if len(content) > LARGEST_SCAN:
        raise ScanRefused(problem="size", most=LARGEST_SCAN // MEBI)
    for beginning, media_type, _ in BEGINNINGS:
        if content.startswith(beginning):
            shown = one({"name": [name]}, "name")[:LONGEST_LINE]
            return Scanned(hashlib.sha256(content).hexdigest(), shown, media_type, content)
    raise ScanRefused(problem="kind", most=LARGEST_SCAN // MEBI)


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
    ending = next(ending for _, media_type, ending in BEGINNINGS if media_type == letter.media_type)
    name = f"letter-{letter.member_code}-{file_id}.{ending}"
    return ScanFile(name, letter.media_type, await queries.content(session, file_id))
