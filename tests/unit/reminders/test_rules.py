"""The plan and its times: properties, by simulated lives of one reminder plan, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import workdays
from bot.config import ReminderStep
from bot.config.plan import DEFAULT_PLAN
from bot.reminders.rules import Passed, days_until, moments, place_of, reached
from bot.workdays import EVENING, Place
from db.models import Cycle
from tests.unit.reminders.conftest import on

HOMES = {
    "BN": "Asia/Brunei",
    "ID": "Asia/Jakarta",
    "LA": "Asia/Vientiane",
    "MM": "Asia/Yangon",
    "PH": "Asia/Manila",
    "VN": "Asia/Ho_Chi_Minh",
}
# People who live away from their country: half hours, and clocks that change.
zones = st.sampled_from([*HOMES.values(), "Europe/Copenhagen", "America/New_York", "Australia/Lord_Howe", "UTC"])
dues = st.datetimes(datetime(2024, 1, 1), datetime(2031, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
plans = st.just(DEFAULT_PLAN) | st.lists(st.integers(-60, 60), min_size=1, max_size=12, unique=True).map(
    lambda days: tuple(ReminderStep.model_validate({"days": one}) for one in sorted(days))
)


def cycle(due: datetime, closes: datetime) -> Cycle:
    return Cycle(due_at=due, closes_at=closes)


@given(
    plans,
    dues,
    st.sampled_from(list(HOMES)),
    zones,
    st.integers(0, 23),
    st.timedeltas(timedelta(0), timedelta(days=70)),
    st.lists(st.timedeltas(timedelta(0), timedelta(days=12)), max_size=40),
)
def test_each_step_is_sent_once_at_work_or_it_is_known_why_not(
    steps: tuple[ReminderStep, ...],
    due: datetime,
    calendar: str,
    zone: str,
    hour: int,
    open_for: timedelta,
    pauses: list[timedelta],
) -> None:
    """Ticks come when they come, with outages of any length."""
    place = Place(zone, calendar, hour)
    closes = due + open_for
    plan = moments(steps, cycle(due, closes), place, calendar)
    assert [one.at for one in plan] == sorted(one.at for one in plan)
    opened = now = due - timedelta(days=80)
    known: dict[str, datetime | Passed] = {}
    for pause in [*pauses, timedelta(days=200)]:
        now += pause
        if now >= closes:
            break
        fresh = [
            (one, what)
            for one, what in reached(
                plan, now, place, closes, lambda at: Passed.BEFORE_OPENING if at <= opened else None
            )
            if one.name not in known
        ]
        sent = [(one, what) for one, what in fresh if isinstance(what, datetime)]
        assert len(sent) <= 1, "after an outage nobody finds several"
        for one, what in sent:
            here = workdays.local(what, zone)
            assert workdays.is_workday(here.date(), calendar), "never on a free day"
            assert hour <= here.hour < max(EVENING, hour + 1) or _clocks_change(here), "never at night"
            assert max(now, one.at) <= what < one.until <= closes
        known.update((one.name, what) for one, what in fresh)
        assert set(known) == {one.name for one in plan if one.at <= now}, "nothing is dropped in silence"
    moments_sent = [what for what in known.values() if isinstance(what, datetime)]
    assert moments_sent == sorted(set(moments_sent)), "in order, and never two at once"


def _clocks_change(here: datetime) -> bool:
    """At the hour that the clock skips, the first moment after it."""
    return here.utcoffset() != (here - timedelta(hours=3)).utcoffset()


@given(dues, zones, st.integers(0, 23), st.sampled_from([*HOMES, None]))
def test_the_next_working_moment_is_now_or_the_next_morning(
    now: datetime, zone: str, hour: int, calendar: str | None
) -> None:
    place = Place(zone, calendar, hour)
    at = place.next_working_moment(now)
    assert at >= now
    assert place.works(workdays.local(at, zone).date())
    assert place.next_working_moment(at) == at or _clocks_change(workdays.local(at, zone))
    if at > now:
        assert at == workdays.at(workdays.local(at, zone).date(), hour, zone)


def test_a_step_that_may_not_pass_the_deadline_comes_on_the_working_day_before() -> None:
    # Due on Sunday evening: the step of the day itself, and of the day before, both come on Friday. One is sent.
    due = on(2026, 11, 29, 17)
    place = Place("Asia/Jakarta", "ID", 9)
    plan = moments(DEFAULT_PLAN, cycle(due, due + timedelta(days=14)), place, "ID")
    at = {one.name: one.at for one in plan}
    assert at["1_day_before"] == at["on_the_day"] == on(2026, 11, 27, 9)
    now = on(2026, 11, 27, 9)
    assert [(one.name, what) for one, what in reached(plan, now, place, None)][-2:] == [
        ("1_day_before", Passed.OVERTAKEN),
        ("on_the_day", now),
    ]


def test_the_secretariats_country_is_that_of_its_zone() -> None:
    assert place_of("Asia/Jakarta", 9) == Place("Asia/Jakarta", "ID", 9)
    assert place_of("UTC", 9) == Place("UTC", None, 9)
    assert place_of("UTC", 9).works(date(2026, 12, 25))
    assert not place_of("UTC", 9).works(date(2026, 12, 26))


@pytest.mark.parametrize(
    ("now", "days"),
    [
        (on(2026, 11, 20, 9), 7),
        (on(2026, 11, 26, 23), 1),
        (on(2026, 11, 27, 9), 0),
        (on(2026, 11, 27, 23), 0),
        (on(2026, 11, 30, 9), -3),
    ],
)
def test_days_are_counted_by_the_calendar_on_the_wall(now: datetime, days: int) -> None:
    assert days_until(on(2026, 11, 27, 17), now, "Asia/Jakarta") == days
    # Due at midnight means the day that ends.
    assert days_until(on(2026, 11, 28, 0), now, "Asia/Jakarta") == days
