"""Time that passes from stop to stop, each where the clock alone brings something."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.cli.playing.passing import mornings

ZONES = ("Asia/Jakarta", "Asia/Manila", "Asia/Yangon", "Europe/Copenhagen")
TUESDAY = datetime(2015, 2, 10, 3, tzinfo=UTC)


def test_the_next_morning_of_each_zone() -> None:
    found = sorted(mornings(TUESDAY, datetime(2015, 3, 1, tzinfo=UTC), ZONES, 9))
    assert [moment.isoformat() for moment in found] == [
        "2015-02-10T08:00:00+00:00",
        "2015-02-11T01:00:00+00:00",
        "2015-02-11T02:00:00+00:00",
        "2015-02-11T02:30:00+00:00",
    ]


def test_a_morning_that_is_now_is_over_and_one_at_the_end_is_no_stop_of_its_own() -> None:
    nine = datetime(2015, 2, 11, 2, tzinfo=UTC)
    assert list(mornings(nine, datetime(2015, 2, 12, 2, tzinfo=UTC), ["Asia/Jakarta"], 9)) == []


def test_when_the_clocks_are_put_forward_morning_comes_an_hour_earlier() -> None:
    saturday = datetime(2015, 3, 28, 12, tzinfo=UTC)
    (sunday,) = mornings(saturday, datetime(2015, 3, 30, tzinfo=UTC), ["Europe/Copenhagen"], 9)
    assert sunday == datetime(2015, 3, 29, 7, tzinfo=UTC)
