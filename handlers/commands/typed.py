"""What stands behind a command, as people type it: codes, dates, titles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.errors import NotFound, Refusal, numbered
from bot.periods import CODE
from bot.reading import plain
from bot.workdays import at
from db.vocabulary import QuestionSetCode

# A deadline is the end of the working day at the secretariat.
DUE_HOUR = 17
GRACE = timedelta(days=14)
YEARS = range(1900, 2201)
# Slack keeps 2,000 characters in a button; the reason waits there for the confirm.
LONGEST_WHY = 1000
MOMENT = "%Y%m%d%H%M"
EVERYONE = ("", "all", "everyone")
DATE = r"(?P<{name}>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|[0-9]{{1,2}}[ -][A-Za-z]+[ -][0-9]{{4}})"
FORMATS = ("%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d-%B-%Y")
_DUE = re.compile(r"\bdue\s+" + DATE.format(name="due"), re.IGNORECASE)
_CLOSES = re.compile(r"\bcloses?\s+" + DATE.format(name="closes"), re.IGNORECASE)
_TITLE = re.compile(r"\btitle\s+(?P<title>.+)$", re.IGNORECASE)
_WHY = re.compile(r"\bbecause\s+(?P<why>.+)$", re.IGNORECASE)


class NotUnderstood(Refusal):
    """A command was not written as expected. Facts: wrote, problem, example."""


@dataclass(frozen=True)
class Opening:
    """What `cycle open` asks for."""

    code: str
    question_set: QuestionSetCode
    title: str | None
    due: datetime
    closes: datetime


@dataclass(frozen=True)
class Extension:
    """What `cycle extend` asks for. `seen`: the cycle's dates as a preview showed them (`cycles.dates_of`)."""

    code: str | None
    due: datetime
    closes: datetime
    why: str | None
    seen: str | None = None


def day(text: str) -> date | None:
    """A date as `2026-12-15` or `15 Dec 2026`, in the years that a cycle can have."""
    for form in FORMATS:
        try:
            found = datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
        return found if found.year in YEARS else None
    return None


def opening(text: str, zone: str) -> Opening:
    """Read `2026 full due 2026-12-15 [closes 2027-01-15] [title ...]`.

    Raises:
        NotUnderstood: a part is missing or not readable.
    """
    example = "/spnet cycle open 2026 full due 2026-12-15"
    words = text.split()
    if not words or CODE.fullmatch(words[0].upper()) is None:
        raise NotUnderstood(wrote=text, problem="code", example=example)
    chosen = words[1].lower() if len(words) > 1 else ""
    if chosen not in [code.value for code in QuestionSetCode]:
        raise NotUnderstood(wrote=text, problem="question_set", example=example)
    title = _TITLE.search(text)
    due, closes = _dates(text[: title.start()] if title else text, zone, example)
    return Opening(words[0].upper(), QuestionSetCode(chosen), title["title"].strip() if title else None, due, closes)


def extension(text: str, zone: str) -> Extension:
    """Read `[2026] due 2027-01-10 [closes 2027-01-31] [because ...]`.

    Raises:
        NotUnderstood: a part is missing or not readable.
    """
    example = "/spnet cycle extend 2026 due 2027-01-10 because of the floods"
    words = text.split()
    code = words[0].upper() if words and CODE.fullmatch(words[0].upper()) else None
    why = _WHY.search(text)
    due, closes = _dates(text[: why.start()] if why else text, zone, example)
    if why and len(why["why"]) > LONGEST_WHY:
        raise NotUnderstood(wrote=text[:LONGEST_WHY], problem="why_too_long", example=example)
    return Extension(code, due, closes, plain(why["why"]).strip() if why else None)


def extension_value(cycle_id: int, wish: Extension) -> str:
    """What the button under an extension's preview carries."""
    due, closes = (moment.astimezone(UTC).strftime(MOMENT) for moment in (wish.due, wish.closes))
    return f"{cycle_id}:{wish.seen or ''}:{due}:{closes}:{wish.why or ''}"


def extension_of(value: str) -> tuple[int, Extension]:
    """The cycle and the wish that such a button carries.

    Raises:
        NotFound: the button was not made by this bot.
    """
    parts = value.split(":", 4)
    try:
        number, seen, due, closes, why = parts
        moments = [datetime.strptime(each, MOMENT).replace(tzinfo=UTC) for each in (due, closes)]
    except ValueError:
        raise NotFound(what="button", named=value[:40]) from None
    return numbered(number), Extension(None, moments[0], moments[1], why or None, seen)


@dataclass(frozen=True)
class Granting:
    """What is asked for one country."""

    code: str | None
    member: str
    due: datetime | None
    closes: datetime | None
    why: str


EXAMPLES = {
    "extend": "/spnet cycle extend 2026 Viet Nam due 2027-01-10 because of the floods",
    "reopen": "/spnet cycle reopen 2026 Viet Nam until 2027-02-10 because the survey came late",
    "excuse": "/spnet cycle excuse 2026 Viet Nam because of the elections",
    "require": "/spnet cycle require 2026 Viet Nam because the elections are over",
    "undo": "/spnet review undo 2026 Viet Nam because a figure was wrong",
}
_UNTIL = re.compile(r"\buntil\s+" + DATE.format(name="until"), re.IGNORECASE)
_REST = re.compile(r"\b(?:due|closes?|until)\b.*$", re.IGNORECASE | re.DOTALL)


def one_country(text: str) -> bool:
    """Whether `cycle extend` names a country: something stands between the cycle's code and the date."""
    why = _WHY.search(text)
    words = _REST.sub("", text[: why.start()] if why else text).split()
    return bool(words[1:] if words and CODE.fullmatch(words[0].upper()) else words)


def grant(text: str, what: str, zone: str) -> Granting:
    """Read `[2026] COUNTRY [due ... [closes ...] | until ...] because ...`.

    Args:
        what: `extend`, `reopen`, `excuse`, `require` or `undo`.

    Raises:
        NotUnderstood: a part is missing or not readable.
    """
    example = EXAMPLES[what]
    why = _WHY.search(text)
    before = text[: why.start()] if why else text
    words = _REST.sub("", before).split()
    code = words.pop(0).upper() if words and CODE.fullmatch(words[0].upper()) else None
    member = " ".join(words).strip()
    if not member:
        raise NotUnderstood(wrote=text[:LONGEST_WHY], problem="country", example=example)
    due = closes = None
    if what == "extend":
        due, closes = _dates(before, zone, example)
    elif what == "reopen":
        found = _UNTIL.search(before)
        until = day(found["until"]) if found else None
        if until is None:
            raise NotUnderstood(wrote=text[:LONGEST_WHY], problem="until", example=example)
        closes = at(until, DUE_HOUR, zone)
    # Slack writes some signs of a command in its own way.
    reason = plain(why["why"]).strip() if why else ""
    if not reason and what != "require":
        raise NotUnderstood(wrote=text[:LONGEST_WHY], problem="why", example=example)
    if len(reason) > LONGEST_WHY:
        raise NotUnderstood(wrote=text[:LONGEST_WHY], problem="why_too_long", example=example)
    return Granting(code, member, due, closes, reason)


def grant_value(assessment_id: int, what: str, seen: str, wish: Granting) -> str:
    """What the button under such a preview carries; `seen` is the state and the dates that it showed."""
    due, closes = (moment.astimezone(UTC).strftime(MOMENT) if moment else "" for moment in (wish.due, wish.closes))
    return f"{assessment_id}:{what}:{seen}:{due}:{closes}:{wish.why}"


def grant_of(value: str) -> tuple[int, str, str, Granting]:
    """The assessment, the deed, the state and the dates that were seen, and the wish that such a button carries.

    Raises:
        NotFound: the button was not made by this bot.
    """
    parts = value.split(":", 5)
    try:
        number, what, seen, due, closes, why = parts
        moments = [datetime.strptime(each, MOMENT).replace(tzinfo=UTC) if each else None for each in (due, closes)]
    except ValueError:
        raise NotFound(what="button", named=value[:40]) from None
    lacking = (what == "extend" and None in moments) or (what == "reopen" and moments[1] is None)
    if what not in EXAMPLES or lacking:
        raise NotFound(what="button", named=value[:40])
    return numbered(number), what, seen, Granting(None, "", moments[0], moments[1], why)


def reminder(text: str) -> tuple[str | None, str | None]:
    """Read `[2026] [country]`, in any order: a cycle's code and a country; None: the only cycle, and all countries."""
    words = text.split()
    code = next((word for word in words if CODE.fullmatch(word.upper())), None)
    member = " ".join(word for word in words if word != code)
    return code, None if member.lower() in EVERYONE else member


def _dates(text: str, zone: str, example: str) -> tuple[datetime, datetime]:
    found = _DUE.search(text)
    due_day = day(found["due"]) if found else None
    if due_day is None:
        problem = "due_unreadable" if re.search(r"\bdue\s+\S", text, re.IGNORECASE) else "due"
        raise NotUnderstood(wrote=text, problem=problem, example=example)
    due = at(due_day, DUE_HOUR, zone)
    later = _CLOSES.search(text)
    if later is None:
        if re.search(r"\bcloses?\b", text, re.IGNORECASE):
            raise NotUnderstood(wrote=text, problem="closes", example=example)
        return due, due + GRACE
    closes_day = day(later["closes"])
    if closes_day is None:
        raise NotUnderstood(wrote=text, problem="closes", example=example)
    return due, at(closes_day, DUE_HOUR, zone)
