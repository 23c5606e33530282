"""Moments as Slack writes them in a reader's zone: `<!date^…>` in mrkdwn, and the date element of rich text.

The two notations share their tokens but not quite their output, so each has its table. Sources: Slack's pages
"Formatting message text" (mrkdwn: the year is left out within six months) and "Date element" (rich text).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.sandbox.drawing.reader import Reader

TOKEN: Final = re.compile(r"\{([a-z_]{1,30})\}")
HALF_A_YEAR: Final = timedelta(days=183)
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_AGO: Final = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))

Written = Callable[[datetime, Reader], str]


def written(at: int, template: str, reader: Reader, *, rich: bool = False) -> str | None:
    """A moment as the template asks for it; None when the template names no token or the moment is out of reach.

    Args:
        at: seconds since 1970.
        template: words with tokens such as `{date_short_pretty} at {time}`; an unknown token stays as it is.
        reader: in whose zone.
        rich: by the table of the rich text element rather than that of mrkdwn.
    """
    table = RICH if rich else MRKDWN
    try:
        moment = datetime.fromtimestamp(at, UTC).astimezone(reader.zone)
    except (ValueError, OverflowError, OSError):
        return None
    if not any(match[1] in table for match in TOKEN.finditer(template)):
        return None

    def fill(match: re.Match[str]) -> str:
        if match[1] not in table:
            return match[0]
        said = table[match[1]](moment, reader)
        return said[:1].upper() + said[1:] if match.start() == 0 else said

    return TOKEN.sub(fill, template)


def _ordinal(day: int) -> str:
    if day % 100 in (11, 12, 13):
        return f"{day}th"
    return f"{day}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th') }"


def _day(moment: datetime) -> str:
    return f"{MONTHS[moment.month - 1]} {_ordinal(moment.day)}"


def _short_day(moment: datetime) -> str:
    return f"{MONTHS[moment.month - 1][:3]} {moment.day}"


def _weekday(moment: datetime) -> str:
    return f"{DAYS[moment.weekday()]}, {_day(moment)}"


def _near(moment: datetime, reader: Reader) -> bool:
    return abs(moment - reader.now) < HALF_A_YEAR


def _with_year(said: Callable[[datetime], str]) -> Written:
    return lambda moment, _: f"{said(moment)}, {moment.year}"


def _with_far_year(said: Callable[[datetime], str]) -> Written:
    return lambda moment, reader: said(moment) if _near(moment, reader) else f"{said(moment)}, {moment.year}"


def _relative(day: date, today: date) -> str | None:
    return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((day - today).days)


def _pretty(otherwise: Written) -> Written:
    def said(moment: datetime, reader: Reader) -> str:
        near = _relative(moment.date(), reader.now.astimezone(reader.zone).date())
        return near or otherwise(moment, reader)

    return said


def _time(moment: datetime, reader: Reader, *, seconds: bool = False) -> str:
    tail = f":{moment:%M}" + (f":{moment:%S}" if seconds else "")
    if reader.clock24:
        return f"{moment:%H}{tail}"
    return f"{moment.hour % 12 or 12}{tail} {'AM' if moment.hour < 12 else 'PM'}"


def _time_secs(moment: datetime, reader: Reader) -> str:
    return _time(moment, reader, seconds=True)


def _ago(moment: datetime, reader: Reader) -> str:
    seconds = round((reader.now - moment).total_seconds())
    unit, size = next(((unit, size) for unit, size in _AGO if abs(seconds) >= size), ("second", 1))
    count = abs(seconds) // size
    if not count:
        return "just now"
    span = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{span} ago" if seconds > 0 else f"in {span}"


def _divider(moment: datetime, reader: Reader) -> str:
    this_year = moment.year == reader.now.astimezone(reader.zone).year
    return _weekday(moment) if this_year else f"{_weekday(moment)}, {moment.year}"


def _table(long: Written, middle: Written, short: Written) -> Mapping[str, Written]:
    return {
        "date_num": lambda moment, _: f"{moment.year:04}-{moment:%m-%d}",
        "date_slash": lambda moment, _: f"{moment:%d/%m}/{moment.year:04}",
        "date": middle,
        "date_short": short,
        "date_long": long,
        "date_long_full": lambda moment, _: f"{MONTHS[moment.month - 1]} {moment.day}, {moment.year}",
        "date_pretty": _pretty(middle),
        "date_short_pretty": _pretty(short),
        "date_long_pretty": _pretty(long),
        "day_divider_pretty": _pretty(_divider),
        "time": _time,
        "time_secs": _time_secs,
        "ago": _ago,
    }


MRKDWN: Final = _table(_with_far_year(_weekday), _with_far_year(_day), _with_far_year(_short_day))
RICH: Final = _table(
    _with_year(_weekday), lambda moment, _: f"{MONTHS[moment.month - 1]} {moment.day}", _with_year(_short_day)
)
