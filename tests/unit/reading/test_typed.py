"""From Slack's text to what was typed."""

from __future__ import annotations

import pytest

from bot.reading import plain


@pytest.mark.parametrize(
    ("received", "typed"),
    [
        ("38.8 2020 <https://example.org/a?b=1&amp;c=2>", "38.8 2020 https://example.org/a?b=1&c=2"),
        ("38.8 2020 <http://nso.example.org|nso.example.org>", "38.8 2020 nso.example.org"),
        ("see <https://example.org/r.pdf|the report>", "see the report (https://example.org/r.pdf)"),
        ("<mailto:siti@example.org|siti@example.org>", "siti@example.org"),
        ("<@U0SITI> and <@U0BUDI|budi>", "@U0SITI and @budi"),
        ("<#C0NETWORK|network>, <!channel>", "#network, @channel"),
        ("&lt;5 &amp; &gt;3", "<5 & >3"),
        ("&amp;lt;", "&lt;"),
        ("*38.8 2020 VHLSS*", "38.8 2020 VHLSS"),
        ("_*38.8*_", "38.8"),
        ("`gini_index 38`", "gini_index 38"),
        ("```a\t1\nb\t2```", "a\t1\nb\t2"),
        ("&gt; quoted\n&gt; text", "quoted\ntext"),
        ("&gt; 38", "> 38"),
        ("~39", "~39"),
        ("*a* and *b*", "*a* and *b*"),
        ("gini_index 38", "gini_index 38"),
        ("  a\r\nb ", "a\nb"),
        ("5 < 6 > 4", "5 < 6 > 4"),
    ],
)
def test_slacks_decorations_are_taken_away(received: str, typed: str) -> None:
    assert plain(received) == typed
