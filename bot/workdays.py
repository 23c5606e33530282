"""Time zones and working days: when it is morning where somebody lives, and whether they are at work.

The public holidays and weekends come from the `holidays` library, which knows all eleven members. What to expect of it:

- Brunei rests on Friday and Sunday and works on Saturday; the library knows. Myanmar and Viet Nam sometimes make a
  Saturday a working day in exchange for a bridge day; it knows those that are announced.
- Days that follow the moon are partly forecasts. Islamic feasts (Eid al-Fitr, Eid al-Adha, Muharram, the Prophet's
  birthday) are declared days before by sighting, and may fall a day earlier or later; the same goes for royal and
  Buddhist days. The further the year, the more is estimated. A government's later change (a bridge day, an election, a
  mourning day) is known only after the library is updated: update it once a year at least.
- Only national holidays count, unless the calendar names a part of the country: "MYS-16" is Putrajaya, where the
  ministries of Malaysia are.
- Outside the years that it knows for a country (1981 lies before the first of some, 2100 is the last of all) there are
  weekends but no holidays. Nothing fails.

So nothing here decides whether an answer is on time: that is the due moment itself. A working day only decides when a
person is written to, and a feast that moves by a day costs a reminder on a free morning, no more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

import holidays

from bot.errors import Refusal

DAY = timedelta(days=1)
# Nobody is written to later in the day by the bot's own wish.
EVENING = 18
# Where the network's secretariat sits.
REGISTER_ZONE = "Asia/Jakarta"
# A country (ISO 3166, two or three letters), and if need be a part of it.
CALENDAR = re.compile(r"([A-Z]{2,3})(?:-([A-Z0-9]{1,3}))?")


class UnknownZone(Refusal):
    """No time zone has this name. Facts: named."""


class UnknownCalendar(Refusal):
    """The holidays of this country, or of this part of it, are not known. Facts: named."""


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def zone(name: str | ZoneInfo) -> ZoneInfo:
    """The time zone of an IANA name, such as "Asia/Jakarta".

    Raises:
        UnknownZone: there is none of that name.
    """
    if isinstance(name, ZoneInfo):
        return name
    if name not in _zones():
        raise UnknownZone(named=name)
    return ZoneInfo(name)


_known = zone  # for where a parameter has the better right to the name


def register_day(now: datetime) -> date:
    """The day of the register: a role or a leave begins and ends at midnight in Jakarta, for everybody alike."""
    return local(now, REGISTER_ZONE).date()


def local(moment: datetime, zone: str | ZoneInfo) -> datetime:
    """A moment as the clock on the wall there shows it, aware.

    Raises:
        ValueError: the moment is naive.
        UnknownZone: there is no such zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without its zone cannot be placed")
    return moment.astimezone(_known(zone))


def at(day: date, hour: int, zone: str | ZoneInfo) -> datetime:
    """The moment at which the clock there shows this hour on this day, in UTC.

    Where clocks are put forward over that hour, it is as much later as they were put forward; where they are put back
    and show it twice, it is the first time.
    """
    return datetime.combine(day, time(hour), _known(zone)).astimezone(UTC)


@lru_cache(maxsize=4096)
def _year(calendar: str, year: int) -> holidays.HolidayBase:
    """One year of a country, built once: building takes milliseconds, asking takes microseconds."""
    found = CALENDAR.fullmatch(calendar)
    if found is None:
        raise UnknownCalendar(named=calendar)
    try:
        return holidays.country_holidays(found[1], subdiv=found[2], years=year, expand=False)
    except (NotImplementedError, AttributeError):
        raise UnknownCalendar(named=calendar) from None


def is_workday(day: date, calendar: str) -> bool:
    """Do offices work on this day?

    Args:
        day: the day.
        calendar: whose: a country's ISO code ("ID" or "IDN"), or a part of it ("MYS-16").

    Raises:
        UnknownCalendar: the holidays of that place are not known.
    """
    return _year(calendar, day.year).is_working_day(day)


def next_workday(day: date, calendar: str) -> date:
    """The day itself if it is a working day, or else the first one after it."""
    while not is_workday(day, calendar):
        day += DAY
    return day


def previous_workday(day: date, calendar: str) -> date:
    """The day itself if it is a working day, or else the last one before it."""
    while not is_workday(day, calendar):
        day -= DAY
    return day


def working_days(since: datetime, now: datetime, *, zone: str | ZoneInfo, calendar: str) -> int:
    """How many working days something has waited: those after the day on which it began, today included.

    Args:
        zone: in which days begin and end.
        calendar: whose working days.
    """
    day, today, found = local(since, zone).date(), local(now, zone).date(), 0
    while day < today:
        day += DAY
        found += is_workday(day, calendar)
    return found


def step_moment(due: datetime, days: int, *, zone: str | ZoneInfo, calendar: str, hour: int = 9) -> datetime:
    """The moment of one step of the reminder plan, for one person.

    It is so many days from the due day, at the hour, by the person's clock; a free day moves it to the next working
    day. A step before the due day or on it (days <= 0) comes while there is still time: where it would reach the due
    moment, it moves to the last working day before. Two steps may so fall on one moment.

    The due day is the day there of the last moment that is still in time: due at midnight means the day that ends.

    Args:
        due: the due moment, aware.
        days: from the due day; negative is before.
        zone: the person's zone.
        calendar: the calendar of the person's country.
        hour: 0 to 23, by the person's clock.

    Returns:
        The moment, in UTC. It never decreases when `days` grows.
    """
    due_day = local(due - timedelta(microseconds=1), zone).date()
    wished = due_day + days * DAY
    moment = at(next_workday(wished, calendar), hour, zone)
    if days > 0 or moment < due:
        return moment
    day = previous_workday(wished, calendar)
    while at(day, hour, zone) >= due:
        day = previous_workday(day - DAY, calendar)
    return at(day, hour, zone)


@dataclass(frozen=True)
class Place:
    """Whose clock and whose working days hold. Without a calendar, Monday to Friday."""

    zone: str
    calendar: str | None
    hour: int

    def works(self, day: date) -> bool:
        """Are people at work there on this day?"""
        return day.weekday() < 5 if self.calendar is None else is_workday(day, self.calendar)

    def next_working_moment(self, now: datetime) -> datetime:
        """Now, if people are at work there now; else the next working morning at the hour."""
        here = local(now, self.zone)
        day = here.date()
        if self.works(day) and self.hour <= here.hour < max(EVENING, self.hour + 1):
            return now
        if here.hour >= self.hour:
            day += DAY
        while not self.works(day):
            day += DAY
        return at(day, self.hour, self.zone)

    def after_working_days(self, start: datetime, days: int) -> datetime:
        """The hour of the day on which so many working days have passed since a moment."""
        day = local(start, self.zone).date()
        while days > 0:
            day += DAY
            days -= self.works(day)
        return at(day, self.hour, self.zone)
