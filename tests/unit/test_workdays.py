"""When it is morning where somebody lives, and whether they are at work."""

import tomllib
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.config import Network
from bot.workdays import (
    UnknownCalendar,
    UnknownZone,
    at,
    is_workday,
    local,
    next_workday,
    previous_workday,
    step_moment,
    zone,
)

HOMES = {
    "BRN": "Asia/Brunei",
    "IDN": "Asia/Jakarta",
    "KHM": "Asia/Phnom_Penh",
    "LAO": "Asia/Vientiane",
    "MMR": "Asia/Yangon",
    "MYS": "Asia/Kuala_Lumpur",
    "PHL": "Asia/Manila",
    "SGP": "Asia/Singapore",
    "THA": "Asia/Bangkok",
    "TLS": "Asia/Dili",
    "VNM": "Asia/Ho_Chi_Minh",
}
# Places whose clocks change, also by a half hour.
FARAWAY = ["Europe/Copenhagen", "Australia/Lord_Howe", "America/New_York", "UTC"]

calendars = st.sampled_from([*HOMES, "MYS-16"])
zones = st.sampled_from([*HOMES.values(), *FARAWAY])
instants = st.datetimes(datetime(1981, 1, 1), datetime(2100, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
dues = instants | instants.map(lambda due: due.replace(minute=0, second=0, microsecond=0))


def said(moment: datetime, where: str) -> str:
    return f"{local(moment, where):%a %d %b %Y %H:%M}"


def test_siti_reads_it_at_nine_in_jakarta_and_linh_at_nine_in_viet_nam() -> None:
    assert at(date(2026, 11, 24), 9, "Asia/Jakarta") == datetime(2026, 11, 24, 2, tzinfo=UTC)
    assert at(date(2026, 11, 24), 9, zone("Asia/Yangon")) == datetime(2026, 11, 24, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("calendar", "day", "works"),
    [
        ("IDN", date(2026, 11, 24), True),
        ("IDN", date(2026, 8, 17), False),  # Independence Day, a Monday
        ("LAO", date(2026, 12, 2), False),  # National Day, a Wednesday
        ("THA", date(2026, 4, 13), False),  # Songkran
        ("BRN", date(2026, 11, 27), False),  # a Friday: Brunei rests
        ("BRN", date(2026, 11, 28), True),  # a Saturday: Brunei works
        ("BRN", date(2026, 11, 29), False),
        ("SGP", date(2026, 11, 28), False),
        ("VNM", date(2026, 8, 22), True),  # a Saturday worked in exchange for 31 August
        ("VNM", date(2026, 8, 31), False),
        ("MYS", date(2027, 2, 1), True),
        ("MYS-16", date(2027, 2, 1), False),  # Federal Territory Day, kept in Putrajaya only
        ("MYS", date(2101, 1, 3), True),  # beyond the library's years: weekends only
    ],
)
def test_each_country_rests_on_its_own_days(calendar: str, day: date, works: bool) -> None:
    assert is_workday(day, calendar) is works


def test_a_step_on_a_free_day_moves_to_the_next_working_day() -> None:
    # Due on Friday, 4 December, at 17:00 in Vientiane. Two days before is the National Day.
    due = datetime(2026, 12, 4, 10, tzinfo=UTC)
    home = HOMES["LAO"]
    plan = {days: said(step_moment(due, days, zone=home, calendar="LAO"), home) for days in (-14, -7, -2, -1, 0, 1, 3)}
    assert plan == {
        -14: "Fri 20 Nov 2026 09:00",
        -7: "Fri 27 Nov 2026 09:00",
        -2: "Thu 03 Dec 2026 09:00",
        -1: "Thu 03 Dec 2026 09:00",
        0: "Fri 04 Dec 2026 09:00",
        1: "Mon 07 Dec 2026 09:00",
        3: "Mon 07 Dec 2026 09:00",
    }


def test_a_step_that_may_not_pass_the_deadline_moves_back() -> None:
    # Due on Sunday, 29 November, at 17:00 in Jakarta: Monday would be too late.
    due = datetime(2026, 11, 29, 10, tzinfo=UTC)
    home = HOMES["IDN"]
    assert said(step_moment(due, 0, zone=home, calendar="IDN"), home) == "Fri 27 Nov 2026 09:00"
    assert said(step_moment(due, -1, zone=home, calendar="IDN"), home) == "Fri 27 Nov 2026 09:00"
    assert said(step_moment(due, 1, zone=home, calendar="IDN"), home) == "Mon 30 Nov 2026 09:00"


def test_on_the_same_sunday_brunei_is_reminded_on_saturday() -> None:
    due = datetime(2026, 11, 29, 9, tzinfo=UTC)
    home = HOMES["BRN"]
    assert said(step_moment(due, 0, zone=home, calendar="BRN"), home) == "Sat 28 Nov 2026 09:00"


def test_due_before_or_at_nine_in_the_morning_is_reminded_the_working_day_before() -> None:
    home = HOMES["IDN"]
    for due in (datetime(2026, 11, 30, 1, tzinfo=UTC), datetime(2026, 11, 30, 2, tzinfo=UTC)):  # Monday, 8:00, 9:00
        assert said(step_moment(due, 0, zone=home, calendar="IDN"), home) == "Fri 27 Nov 2026 09:00"


def test_due_at_midnight_means_the_day_that_ends() -> None:
    due = at(date(2026, 11, 25), 0, HOMES["IDN"])
    home = HOMES["IDN"]
    assert said(step_moment(due, 0, zone=home, calendar="IDN"), home) == "Tue 24 Nov 2026 09:00"
    assert said(step_moment(due, -1, zone=home, calendar="IDN"), home) == "Mon 23 Nov 2026 09:00"


def test_the_hour_is_the_one_that_was_set() -> None:
    due = datetime(2026, 11, 27, 10, tzinfo=UTC)
    assert said(step_moment(due, -3, zone="Asia/Manila", calendar="PHL", hour=14), "Asia/Manila").endswith("14:00")


@given(calendars, zones, dues, st.integers(-400, 400), st.integers(0, 23))
def test_no_step_falls_on_a_free_day_or_misses_its_side_of_the_due_moment(
    calendar: str, where: str, due: datetime, days: int, hour: int
) -> None:
    moment = step_moment(due, days, zone=where, calendar=calendar, hour=hour)
    assert moment.tzinfo is UTC
    assert is_workday(local(moment, where).date(), calendar)
    assert (moment >= due) if days > 0 else (moment < due)
    assert moment == step_moment(due, days, zone=zone(where), calendar=calendar, hour=hour)


@given(calendars, zones, dues, st.lists(st.integers(-60, 60), min_size=2, max_size=12), st.integers(0, 23))
def test_a_later_step_never_comes_earlier(calendar: str, where: str, due: datetime, plan: list[int], hour: int) -> None:
    moments = [step_moment(due, days, zone=where, calendar=calendar, hour=hour) for days in sorted(plan)]
    assert all(first <= second for first, second in pairwise(moments))


@given(calendars, st.dates(date(1981, 1, 1), date(2100, 12, 31)))
def test_the_next_and_the_previous_working_day_are_near_and_the_nearest(calendar: str, day: date) -> None:
    after, before = next_workday(day, calendar), previous_workday(day, calendar)
    assert before <= day <= after
    assert (before == after) is is_workday(day, calendar)
    assert after - before < timedelta(days=25)
    between = [before + timedelta(days=n) for n in range(1, (after - before).days)]
    assert not any(is_workday(one, calendar) for one in between)


# Samoa left out the whole of 30 December 2011.
@example("Pacific/Apia", date(2011, 12, 30), 9)
@example("Europe/Copenhagen", date(2026, 3, 29), 2)
@example("Europe/Copenhagen", date(2026, 10, 25), 2)
@given(zones, st.dates(date(1981, 1, 1), date(2100, 12, 31)), st.integers(0, 23))
def test_the_clock_there_shows_the_hour_that_was_asked_for(where: str, day: date, hour: int) -> None:
    shown = local(at(day, hour, where), where)
    wanted = datetime.combine(day, shown.time().replace(hour=hour, minute=0))
    ahead = shown.replace(tzinfo=None) - wanted
    # Only where a clock was put forward over that hour, or a day was left out, does it show a later one.
    assert timedelta(0) <= ahead <= timedelta(days=1)
    if where in HOMES.values() and day.year > 2001:
        assert ahead == timedelta(0)


def test_every_year_of_every_country_can_be_asked() -> None:
    for calendar in HOMES:
        for year in range(1981, 2102):
            assert sum(is_workday(date(year, 3, 1) + timedelta(days=n), calendar) for n in range(31)) >= 10


def test_the_members_live_in_zones_and_by_calendars_that_are_known() -> None:
    members = tomllib.loads(Network().members_file.read_text(encoding="utf-8"))["member"]
    assert len(members) == 11
    for member in members:
        assert zone(member["zone"]) == zone(HOMES[member["code"]])
        days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
        assert [is_workday(day, member["calendar"]) for day in days] == [
            is_workday(day, member["code"]) for day in days
        ]


@pytest.mark.parametrize("name", ["Asia/Jakrta", "", "../etc/passwd", "/etc/localtime", "Asia", "asia/jakarta", "\0"])
def test_a_zone_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(UnknownZone) as refused:
        zone(name)
    assert refused.value.facts == {"named": name}


@pytest.mark.parametrize("name", ["ASEAN", "", "XXX", "idn", "MYS-99", "IDN-", "IDN\n", "HolidayBase"])
def test_a_calendar_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(UnknownCalendar) as refused:
        is_workday(date(2026, 11, 24), name)
    assert refused.value.facts == {"named": name}


def test_a_moment_without_a_zone_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="zone"):
        local(datetime(2026, 11, 24, 9), "Asia/Jakarta")  # noqa: DTZ001
