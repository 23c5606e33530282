"""Moments as Slack writes them, in the reader's zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.drawing import Reader, drawn_text, read
from bot.sandbox.drawing.dates import MRKDWN, RICH, written

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
JAKARTA = Reader(ZoneInfo("Asia/Jakarta"), NOW)
OSLO = Reader(ZoneInfo("Europe/Oslo"), NOW, clock24=True)
# Tuesday, 18 February 2014, 21:39:42 in Jakarta, 15:39:42 in Oslo.
LONG_AGO = 1392734382
DUE = int(datetime(2026, 12, 15, 10, 0, tzinfo=UTC).timestamp())

SAID = [
    (LONG_AGO, "{date_num}", "2014-02-18"),
    (LONG_AGO, "{date}", "February 18th, 2014"),
    (LONG_AGO, "{date_short}", "Feb 18, 2014"),
    (LONG_AGO, "{date_long}", "Tuesday, February 18th, 2014"),
    (LONG_AGO, "{date_pretty}", "February 18th, 2014"),
    (LONG_AGO, "{date_short_pretty} at {time}", "Feb 18, 2014 at 9:39 PM"),
    (LONG_AGO, "{date_long_pretty}", "Tuesday, February 18th, 2014"),
    (LONG_AGO, "{day_divider_pretty}", "Tuesday, February 18th, 2014"),
    (LONG_AGO, "{time_secs}", "9:39:42 PM"),
    (LONG_AGO, "{date_slash}", "18/02/2014"),
    (DUE, "{date}", "December 15th"),
    (DUE, "{date_short}", "Dec 15"),
    (DUE, "Due {date_long} at {time}", "Due Tuesday, December 15th at 5:00 PM"),
    (DUE, "{day_divider_pretty}", "Tuesday, December 15th"),
    (DUE, "{date} {no_such_token}", "December 15th {no_such_token}"),
]
AGO = [
    (0, "Just now"), (1, "1 second ago"), (180, "3 minutes ago"), (4 * 3600, "4 hours ago"), (86_400, "1 day ago"),
    (2 * 86_400 + 5, "2 days ago"), (-7200, "In 2 hours"),
]  # fmt: skip


@pytest.mark.parametrize(("at", "template", "said"), SAID)
def test_each_token_is_written_as_slack_writes_it(at: int, template: str, said: str) -> None:
    assert written(at, template, JAKARTA) == said


@pytest.mark.parametrize(("seconds", "said"), AGO)
def test_ago_counts_in_the_largest_whole_unit(seconds: int, said: str) -> None:
    assert written(int(NOW.timestamp()) - seconds, "{ago}", JAKARTA) == said


@pytest.mark.parametrize(("days", "said"), [(-1, "yesterday"), (0, "today"), (1, "tomorrow"), (2, "November 4th")])
def test_the_days_around_today_have_names(days: int, said: str) -> None:
    at = int((NOW + timedelta(days=days)).timestamp())

    assert written(at, "due {date_pretty}", JAKARTA) == f"due {said}"


def test_today_is_the_readers_today() -> None:
    """At 17:30 UTC it is already tomorrow in Jakarta."""
    at = int(datetime(2026, 11, 2, 17, 30, tzinfo=UTC).timestamp())

    assert written(at, "{date_short_pretty} {time}", JAKARTA) == "Tomorrow 12:30 AM"
    assert written(at, "{date_short_pretty} {time}", OSLO) == "Today 18:30"


def test_who_chose_the_24_hour_clock_reads_it() -> None:
    assert written(LONG_AGO, "{time} {time_secs}", OSLO) == "15:39 15:39:42"


def test_rich_text_has_its_own_forms() -> None:
    said = {token: written(LONG_AGO, f"on {{{token}}}", JAKARTA, rich=True) for token in ("date", "date_long_full")}

    assert said == {"date": "on February 18", "date_long_full": "on February 18, 2014"}
    assert written(DUE, "{date_long}", JAKARTA, rich=True) == "Tuesday, December 15th, 2026"


def test_a_date_in_a_text_has_its_link_and_its_fallback() -> None:
    linked, plain, far = (
        drawn_text(said, JAKARTA)[0]["of"]
        for said in (
            f"<!date^{DUE}^{{date_short}} at {{time}}^https://example.org/due|15 December>",
            f"<!date^{DUE}^{{date_short}}^javascript:alert(1)|15 December>",
            "<!date^999999999999999^{date}|a far day>",
        )
    )

    assert linked == [
        {
            "t": "link",
            "url": "https://example.org/due",
            "of": [{"t": "date", "text": "Dec 15 at 5:00 PM", "at": DUE}],
        }
    ]
    assert plain == [{"t": "date", "text": "Dec 15", "at": DUE}]
    assert far == [{"t": "text", "text": "a far day"}]
    assert read(drawn_text(f"<!date^{DUE}^no token|15 December>", JAKARTA)) == "15 December\n"


@given(st.integers(), st.sampled_from(sorted(MRKDWN)), st.booleans())
def test_any_moment_is_written_or_refused(at: int, token: str, rich: bool) -> None:
    said = written(at, f"{{{token}}}", OSLO, rich=rich)

    assert said is None or (said and "{" not in said)
    assert set(MRKDWN) == set(RICH)
