"""A whole message about somebody's leave: "away until 3 May", "I am back". Pure and strict: with more words it is none.

    about_leave("away until 3 May", today)     Away(today, 3 May)
    about_leave("I am away till 3/5", today)   Unclear(AMBIGUOUS, both readings)
    about_leave("I am back", today)            Back()
    about_leave("Away from targeting", today)  None

A day without its year is the next such day. What has two readings, or none, is never guessed.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from bot.reading.typed import clean, fold

LONGEST = 120
DAY = timedelta(days=1)
# A day without its year that lies further ahead is asked back: perhaps it is already past.
NEAR = timedelta(days=100)
# A leave that has begun already may be told so much later.
TOLD_LATER = timedelta(days=31)
LONGEST_LEAVE = timedelta(days=366)

Span = tuple[date, date]


class LeaveProblem(StrEnum):
    """Why a leave is asked back."""

    NO_END = "no_end"
    UNREADABLE = "unreadable"
    AMBIGUOUS = "ambiguous"
    PAST = "past"
    FAR = "far"
    ORDER = "order"
    TOO_LONG = "too_long"
    WEEKDAY = "weekday"
    NO_SUCH_DAY = "no_such_day"


@dataclass(frozen=True)
class Away:
    """From a day until a day, that day included.

    `by_name`: the message says who is away ("I am ..."), so it cannot be the answer to a question.
    """

    starts: date
    ends: date
    by_name: bool


@dataclass(frozen=True)
class Unclear:
    """A leave that must be asked back. `options`: what it may mean; `wrote`: the days as they were written."""

    problem: LeaveProblem
    options: tuple[Span, ...]
    wrote: str
    by_name: bool


@dataclass(frozen=True)
class Back:
    """Somebody is at work again."""


# What may stand before and behind it.
_BEFORE = (
    r"(?:(?:hi|hello|dear (?:bot|all|colleagues)|good (?:morning|afternoon|day)|(?:please |kindly )?note(?: that)?|fyi|"
    r"just to let you know(?: that)?|sorry|ok(?:ay)?)[\s,:-]+)*"
)
_BEHIND = re.compile(
    r"(?:[\s,.]*(?:please|thanks|thank you|thx|many thanks|terima kasih|"
    r"(?:best |kind |warm )?regards(?:,? [^\W\d]+){0,3}))+$"
)
_AM = r"(?:i am|im|i will be|ill be|i shall be)"
_GO = rf"(?:{_AM}|i am going(?: to be)?|im going to be|i will go|i go|we are)"
# Each says by itself that somebody is away; the others do so only after "I am".
_AWAY = (
    r"(?:away(?: from (?:the |my )?(?:office|desk|work))?|on (?:\w+ )?leave|on holidays?|on vacation|absent|ooo|"
    r"out of (?:the )?office|on (?:mission|(?:duty|official|business) travel))"
)
_AFTER_I = (
    rf"(?:{_AWAY}|off(?: work)?|out|not (?:available|here|at work|in(?: the)? office)|unavailable|gone|"
    r"travell?ing|sick)"
)
_SAID = re.compile(rf"{_BEFORE}(?:(?P<i>{_GO})(?: also| now)? {_AFTER_I}|(?P<bare>{_AWAY}))(?P<rest>.*)")
_AT_WORK = r"(?:(?:at|to) work|(?:in|at) (?:the |my )?(?:office|desk))"
_FROM_LEAVE = r"from (?:my )?(?:leave|holidays?|vacation|mission)"
_RETURNS = re.compile(rf"{_BEFORE}{_AM} back(?: {_AT_WORK})?(?: only)?(?: on| from)? (?P<day>.+)")
_IS_BACK = (
    rf"(?:i am|im|i have come|i came)(?: now)? back(?: (?:now|again|today))?(?: {_AT_WORK})?(?: {_FROM_LEAVE})?"
    rf"(?: (?:now|again|today))?"
)
_BACK = re.compile(
    rf"{_BEFORE}(?:{_IS_BACK}|(?:i have |i )?returned (?:{_FROM_LEAVE}|to work)|i have returned|"
    rf"back (?:{_FROM_LEAVE}|{_AT_WORK})|"
    r"(?:i am|im) (?:no longer|not) (?:away|on leave)(?: any ?more)?|end my leave|my leave is over)"
)
_TO = r"(?:to|until|untill|till|til|through|thru)"
_UNTIL = re.compile(rf"(?:up )?{_TO}(?: and including)? (?P<day>.+?)(?: inclusive| included)?")
_BACK_ON = re.compile(
    rf"(?:and |but )?(?:{_AM} |will be )?(?:back|returning|return)(?: {_AT_WORK})?(?: on| from)? (?P<day>.+)"
)
_BEGINS = re.compile(r"(?:from|as of|starting(?: on| from)?)\s+")
_FOR = re.compile(r"for (?:the next |about )?(?P<count>\d{1,2}|[a-z]+) (?:more )?(?P<unit>day|week)s?")
_BETWEEN = re.compile(rf"\s+(?:{_TO}|and|-|~)\s+|\s*-\s*(?=\D)|(?<=\D)\s*-\s*|(?<=\d)-(?=\d)")
_COUNTS = {
    **dict.fromkeys(("a", "an", "one"), 1),
    **dict(zip(["two", "three", "four", "five", "six", "seven", "eight"], range(2, 9), strict=True)),
    "ten": 10,
    "twelve": 12,
}
_MONTHS = {
    name.casefold(): number
    for names in (calendar.month_name, calendar.month_abbr, (*[""] * 9, "sept"))
    for number, name in enumerate(names)
    if name
}
_WEEKDAYS = {
    name.casefold(): number
    for names in (calendar.day_name, calendar.day_abbr, ("", "tues", "", "thurs"), ("", "", "", "thur"))
    for number, name in enumerate(names)
    if name
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WEEKDAY = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_NUMBER = r"\d{1,2}(?:st|nd|rd|th)?"
_MONTH_OF = rf"(?: of)?[ -]?(?P<m>{_MONTH})\.?,?(?:[ -](?P<y>\d{{4}}))?"
_OF = re.compile(rf"(?:the )?(?P<d>{_NUMBER}){_MONTH_OF}")
_MONTH_FIRST = re.compile(rf"(?P<m>{_MONTH})\.?[ -]?(?:the )?(?P<d>{_NUMBER}),?(?: (?P<y>\d{{4}}))?")
_ISO = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})")
_NUMBERS = re.compile(r"(?P<a>\d{1,2})[./-](?P<b>\d{1,2})(?:[./-](?P<y>\d{4}|\d{2}))?\.?")
_NTH = re.compile(r"(?:the )?(?P<d>\d{1,2})(?:st|nd|rd|th)")
_END_OF = re.compile(rf"(?:the )?end of (?P<m>{_MONTH})(?: (?P<y>\d{{4}}))?")
_ON_WEEKDAY = re.compile(rf"(?P<which>next |last |this |coming |this coming )?(?P<w>{_WEEKDAY})")
_THIS_MONTH = ("the end of the month", "end of the month", "end of month", "month end", "the end of this month")
_SPAN = rf"(?P<first>{_NUMBER})\s*(?:-|{_TO}|and)\s*"
_SAME_MONTH = re.compile(rf"(?:the )?{_SPAN}(?:the )?(?P<last>{_NUMBER}){_MONTH_OF}")
_SAME_MONTH_FIRST = re.compile(rf"(?P<m>{_MONTH})\.? {_SPAN}(?P<last>{_NUMBER}),?(?: (?P<y>\d{{4}}))?")


@dataclass(frozen=True)
class _Read:
    """One reading of a written day: its day and month, its year where it was written, and which of two numbers comes
    first, the `d`ay or the `m`onth, where that can be told from nothing else."""

    day: int
    month: int
    year: int | None = None
    weekday: int | None = None
    order: str = ""


@dataclass(frozen=True)
class _Meant:
    """What the days may mean. `written`: a year stands there; `fits`: so do the weekdays."""

    starts: date
    ends: date
    written: bool
    fits: bool


class _Odd(Exception):
    """The days were not read: why, and what they may mean."""

    def __init__(self, problem: LeaveProblem, options: Sequence[Span] = ()) -> None:
        super().__init__(problem)
        self.problem = problem
        self.options = tuple(options)


def about_leave(text: str, today: date) -> Away | Unclear | Back | None:
    """What a whole message says about the leave of who wrote it; None where it says something else.

    Args:
        text: as the channel delivers it.
        today: the person's own day.
    """
    said = " ".join(fold(clean(text)).casefold().replace("'", "").split()).strip(' .,;:"*_`…!')
    if not said or len(said) > LONGEST:
        return None
    said = _BEHIND.sub("", said).strip(" .,;:")
    if _BACK.fullmatch(said):
        return Back()
    if (returns := _RETURNS.fullmatch(said)) is not None:
        return _outcome(f"back on {returns['day']}", today, by_name=True)
    found = _SAID.fullmatch(said)
    if found is None or (found["rest"] and found["rest"][0].isalnum()):
        return None
    rest = found["rest"].strip(" ,:;-(").removesuffix(")").strip()
    by_name = found["i"] is not None
    if not rest:
        tells = by_name or not (found["bare"] or "").startswith(("away", "absent"))
        return Unclear(LeaveProblem.NO_END, (), "", by_name) if tells else None
    outcome = _outcome(rest, today, by_name=by_name)
    if not by_name and isinstance(outcome, Unclear) and outcome.problem is LeaveProblem.UNREADABLE:
        # Without "I am", and without a day: a sentence about something else.
        return None
    return outcome


def _outcome(rest: str, today: date, *, by_name: bool) -> Away | Unclear:
    try:
        starts, ends = _span(rest, today)
    except _Odd as odd:
        return Unclear(odd.problem, odd.options, rest, by_name)
    return Away(starts, ends, by_name)


def _span(rest: str, today: date) -> Span:
    """The days that are meant.

    Raises:
        _Odd: none, or not one reading only.
    """
    if rest in ("today", "for today", "the whole day", "all day", "all day today"):
        return today, today
    if rest in ("this week", "the rest of the week", "for the rest of the week", "until the end of the week"):
        return today, today + (6 - today.weekday()) * DAY
    if rest in ("last week", "until last week", "until the end of last week", "last month", "until last month"):
        raise _Odd(LeaveProblem.PAST)
    if rest in ("next week", "all next week", "the whole next week"):
        monday = today + (7 - today.weekday()) * DAY
        return monday, monday + 6 * DAY
    if (found := _FOR.fullmatch(rest)) is not None:
        count = int(found["count"]) if found["count"].isdigit() else _COUNTS.get(found["count"], 0)
        days = count * (7 if found["unit"] == "week" else 1)
        return _judged(today, today + (days - 1) * DAY, today, written=True) if days else _odd(LeaveProblem.UNREADABLE)
    if (found := _BACK_ON.fullmatch(rest)) is not None:
        return _one_end(found["day"], today, before=True)
    if (found := _UNTIL.fullmatch(rest)) is not None:
        return _one_end(found["day"], today)
    begins = _BEGINS.match(rest)
    rest = rest[begins.end() :] if begins else re.sub(r"^(?:between|on|during)\s+", "", rest)
    if (both := _two_days(rest, today)) is not None:
        return both
    one = _single(rest, today)
    return _odd(LeaveProblem.NO_END) if begins else one


def _odd(problem: LeaveProblem) -> Span:
    raise _Odd(problem)


def _one_end(text: str, today: date, *, before: bool = False) -> Span:
    """Until a day; with `before`, until the day before it."""
    off = DAY if before else timedelta(0)
    if (end := _relative(text, today)) is not None:
        options = [(today, day - off) for day in end]
        if len(options) > 1:
            raise _Odd(LeaveProblem.AMBIGUOUS, options)
        return _judged(*options[0], today, written=True)
    reads = _readings(text)
    ends = [(read, _day(read, today)) for read in reads]
    return _chosen([_Meant(today, day - off, read.year is not None, _fits(read, day)) for read, day in ends], today)


def _single(text: str, today: date) -> Span:
    """One day only."""
    if (named := _relative(text, today)) is not None:
        if len(named) > 1:
            raise _Odd(LeaveProblem.AMBIGUOUS, [(day, day) for day in named])
        return _judged(named[0], named[0], today, written=True)
    days = [(read, _day(read, today)) for read in _readings(text)]
    return _chosen([_Meant(day, day, read.year is not None, _fits(read, day)) for read, day in days], today)


def _two_days(text: str, today: date) -> Span | None:
    """From a day to a day; None where there are not two of them."""
    if (short := _SAME_MONTH.fullmatch(text) or _SAME_MONTH_FIRST.fullmatch(text)) is not None:
        month = f"{short['m']} {short['y'] or ''}".strip()
        return _from_to(f"{short['first']} {month}", f"{short['last']} {month}", today)
    for cut in _BETWEEN.finditer(text):
        first, last = text[: cut.start()].strip(" ,"), text[cut.end() :].strip(" ,")
        last = re.sub(r"^(?:until|till|to|back on) ", "", last)
        try:
            return _from_to(first, last, today)
        except _Odd as odd:
            if odd.problem not in (LeaveProblem.UNREADABLE, LeaveProblem.NO_SUCH_DAY):
                raise
    return None


def _from_to(first: str, last: str, today: date) -> Span:
    starts = _relative(first, today)
    if starts is not None:
        # "Last Friday" and "yesterday" are told by today, "Friday" by the first day.
        ends = _relative(last, today if last.startswith("last ") or "yesterday" in last else starts[0])
        if ends is not None:
            options = [(start, end) for start in starts for end in ends if start <= end]
            return _judged(*options[0], today, written=True) if len(options) == 1 else _ask(options)
        days = [(read, _day(read, starts[0])) for read in _readings(last)]
        return _chosen([_Meant(starts[0], day, read.year is not None, _fits(read, day)) for read, day in days], today)
    pairs = _pairs(_readings(first), last)
    if not pairs:
        raise _Odd(LeaveProblem.UNREADABLE)
    return _chosen([_in_order(a, b, today) for a, b in pairs], today)


def _ask(options: Sequence[Span]) -> Span:
    raise _Odd(LeaveProblem.AMBIGUOUS if options else LeaveProblem.ORDER, options)


def _pairs(first: Sequence[_Read], last: str) -> list[tuple[_Read, _Read]]:
    """Both days read the same way round: whoever writes 28/4 writes 3/5 in the same order."""
    return [(a, b) for a in first for b in _readings(last) if a.order == b.order or not a.order or not b.order]


def _in_order(a: _Read, b: _Read, today: date) -> _Meant:
    if a.year is None and b.year is not None:
        same, before = replace(a, year=b.year), replace(a, year=(b.year or 0) - 1)
        # "From 28 December to 3 January 2027" begins in the year before; what would be a whole year is a slip.
        turned = _day(same, today) > _day(b, today) and _day(b, today) - _day(before, today) <= NEAR
        a = before if turned else same
    start = _day(a, today - TOLD_LATER)
    if a.year is None and b.year is None and start < today and _day(b, start) < today:
        # Both days of this year are past.
        start = _day(a, today)
    end = _day(b, start)
    return _Meant(start, end, a.year is not None or b.year is not None, _fits(a, start) and _fits(b, end))


def _day(read: _Read, not_before: date) -> date:
    """The day of a reading: that of its year, or the next one.

    Raises:
        _Odd: there is no such day.
    """
    years = [read.year] if read.year is not None else range(not_before.year, not_before.year + 9)
    for year in years:
        try:
            day = date(year, read.month, read.day)
        except ValueError:
            continue
        if read.year is not None or day >= not_before:
            return day
    raise _Odd(LeaveProblem.NO_SUCH_DAY)


def _fits(read: _Read, day: date) -> bool:
    """Whether the weekday that was written is that of the day."""
    return read.weekday in (None, day.weekday())


def _chosen(options: Iterable[_Meant], today: date) -> Span:
    """The one span that is meant.

    Raises:
        _Odd: there are several, or the one cannot be meant.
    """
    found = list(dict.fromkeys(options))
    if len(found) > 1:
        spans = [(one.starts, one.ends) for one in found]
        good = [(start, end) for start, end in spans if start <= end and today <= end <= start + LONGEST_LEAVE]
        raise _Odd(LeaveProblem.AMBIGUOUS if good else LeaveProblem.PAST, good)
    meant = found[0]
    if not meant.fits:
        raise _Odd(LeaveProblem.WEEKDAY, [(meant.starts, meant.ends)] if today <= meant.ends else [])
    return _judged(meant.starts, meant.ends, today, written=meant.written)


def _judged(starts: date, ends: date, today: date, *, written: bool) -> Span:
    if ends < starts:
        raise _Odd(LeaveProblem.PAST if ends < today else LeaveProblem.ORDER)
    if ends < today:
        raise _Odd(LeaveProblem.PAST)
    if ends - max(starts, today) > LONGEST_LEAVE:
        raise _Odd(LeaveProblem.TOO_LONG)
    if not written and max(starts, today) - today > NEAR:
        raise _Odd(LeaveProblem.FAR, [(starts, ends)])
    if not written and starts <= today and ends - today > NEAR:
        raise _Odd(LeaveProblem.FAR, [(starts, ends)])
    return starts, ends


def _relative(text: str, today: date) -> list[date] | None:
    """A day that is told by today: its readings; None where it is written otherwise."""
    if text in ("today", "tonight"):
        return [today]
    if text == "yesterday":
        return [today - DAY]
    if text in ("the day before yesterday", "day before yesterday"):
        return [today - 2 * DAY]
    if text in ("tomorrow", "tmr", "tmrw"):
        return [today + DAY]
    if text in ("the day after tomorrow", "day after tomorrow"):
        return [today + 2 * DAY]
    if text in _THIS_MONTH:
        return [today.replace(day=calendar.monthrange(today.year, today.month)[1])]
    if (found := _END_OF.fullmatch(text)) is not None:
        month = _MONTHS[found["m"]]
        year = int(found["y"] or today.year + (month < today.month))
        return [date(year, month, calendar.monthrange(year, month)[1])]
    if (found := _NTH.fullmatch(text)) is not None:
        return [_nth(int(found["d"]), today)]
    if (found := _ON_WEEKDAY.fullmatch(text)) is not None:
        if found["which"] == "last ":
            return [today - ((today.weekday() - _WEEKDAYS[found["w"]] - 1) % 7 + 1) * DAY]
        coming = today + ((_WEEKDAYS[found["w"]] - today.weekday() - 1) % 7 + 1) * DAY
        # On a Monday "next Friday" is the one in four days to some, and the one after it to others.
        return [coming, coming + 7 * DAY] if found["which"] == "next " else [coming]
    return None


def _nth(number: int, today: date) -> date:
    """The next such day of a month."""
    for ahead in range(90):
        if (day := today + ahead * DAY).day == number:
            return day
    raise _Odd(LeaveProblem.NO_SUCH_DAY)


def _readings(text: str) -> list[_Read]:
    """A written day, in each way in which it can be read.

    Raises:
        _Odd: in none.
    """
    text = text.strip(" ,.()")
    weekday = None
    if (named := re.match(rf"(?P<w>{_WEEKDAY})\.?,? (?:the )?(?=\S)", text)) is not None:
        weekday, text = _WEEKDAYS[named["w"]], text[named.end() :]
    elif (behind := re.search(rf"[ ,(]+(?P<w>{_WEEKDAY})$", text)) is not None:
        weekday, text = _WEEKDAYS[behind["w"]], text[: behind.start()]
    for form in (_OF, _MONTH_FIRST):
        if (found := form.fullmatch(text)) is not None:
            return [_Read(_number(found["d"]), _MONTHS[found["m"]], int(found["y"]) if found["y"] else None, weekday)]
    if (found := _ISO.fullmatch(text)) is not None:
        return [_Read(int(found["d"]), int(found["m"]), int(found["y"]), weekday)]
    if (found := _NUMBERS.fullmatch(text)) is not None:
        a, b = int(found["a"]), int(found["b"])
        year = int(found["y"]) if found["y"] else None
        year = 2000 + year if year is not None and year < 100 else year
        both = [_Read(a, b, year, weekday, "d"), _Read(b, a, year, weekday, "m")] if a != b else [_Read(a, b, year)]
        return [read for read in both if 1 <= read.month <= 12 and 1 <= read.day <= 31] or _no_day()
    return _no_day()


def _number(text: str) -> int:
    return int(text.rstrip("stndrh"))


def _no_day() -> list[_Read]:
    raise _Odd(LeaveProblem.UNREADABLE)
