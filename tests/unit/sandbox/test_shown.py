"""What a person reads in a message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SimulatedClock
from bot.sandbox.shown import plain, words
from bot.sandbox.typing_in import escaped, marked_up
from bot.sandbox.workspace import Workspace
from tests.conftest import MONDAY_MORNING
from tests.unit.sandbox.conftest import asks, button

READ = [
    ("5 &lt; 6 &amp; 7", "5 < 6 & 7"),
    ("&amp;lt; is not <", "&lt; is not <"),
    ("see <https://example.org|the law>", "see the law"),
    ("<mailto:siti@example.org|siti@example.org>", "siti@example.org"),
    ("<@U0SITI> and <!channel>", "@U0SITI and @channel"),
]


@pytest.mark.parametrize(("wire", "read"), READ)
def test_notation_is_read_as_words(wire: str, read: str) -> None:
    assert plain(wire) == read


def test_blocks_are_read_line_by_line() -> None:
    section = {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "*Question 7 of 33*"},
        "fields": [{"type": "plain_text", "text": "Last time: 38.8"}],
    }

    assert words([section, button("skip", "Skip"), asks("Year")]) == "*Question 7 of 33*\nLast time: 38.8\nSkip\nYear"


@given(st.text())
def test_what_was_escaped_is_read_as_it_was_typed(typed: str) -> None:
    assert plain(escaped(typed)) == typed


@given(st.text(alphabet=st.sampled_from("a.@:/ <>&|1x")))
def test_what_was_typed_is_read_back(typed: str) -> None:
    """Marking up for the wire loses nothing that a person could read."""
    workspace = Workspace(SimulatedClock(MONDAY_MORNING), "T0SPNET")

    assert plain(marked_up(workspace, typed)) == typed
