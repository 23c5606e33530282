"""What people type is shown as they typed it: it makes no mention, no header, no rule, no link, no block."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stage import NETWORK, SECRETARIAT, Network
from tests.stories import forging
from tests.stories.test_conversation import REQUIRED, answers_of

MENTIONS = "<!channel> <@U0SITI> <!here|here> <#C0NETWORK> <https://evil.example.org|your ministry>"
HOSTILE = [
    MENTIONS,
    "a & b &lt;!channel&gt; &amp;lt;!channel&amp;gt;",
    "*bold* _italic_ ~struck~ `code` ```block```",
    "first\n\n# A header of mine\n\n---\n\n~ small print",
    "# A header of mine",
    "~ small print",
    "---",
    "> quoted\n> again",
    "a\x00b\x07c\x1bd\x7f\x85e",
    "\u202eright to left\u202c مرحبا שלום",
    "private \ue000 use \ue001 here \ue100\ue101",
    "🇮🇩👩‍👩‍👧‍👦 𝔘𝔫𝔦 \U0010ffff",
    "half \ud83d of an emoji",
    "{{ 7 * 7 }} {% raw %} {name} %s ${HOME}",
    "'; DROP TABLE answers; --",
]


def texts(blocks: list[dict[str, Any]]) -> list[str]:
    """Every mrkdwn text in blocks."""
    found: list[str] = []
    for block in blocks:
        for part in (block.get("text"), *block.get("elements", [])):
            if isinstance(part, dict) and part.get("type") == "mrkdwn":
                found.append(part["text"])
    return found


async def check(network: Network) -> None:
    """Nothing in any message of the bot is a mention, a foreign link, or a block that the bot did not mean."""
    for call in await network.control.calls():
        assert call.response.get("ok", True), (call.method, call.response)
        blocks: list[dict[str, Any]] = call.arguments.get("blocks") or []
        for text in (*texts(blocks), str(call.arguments.get("text", ""))):
            for token in ("<!", "<@", "<#", "<https://evil"):
                assert token not in text, text
        for block in blocks:
            if block["type"] == "header":
                assert not block["text"]["text"].startswith("A header of mine")
            if block["type"] == "context":
                assert "small print" not in str(block)
        assert not any("\ue000" in text for text in texts(blocks))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_answers_are_shown_as_typed(network: Network, text: str) -> None:
    await network.opens()
    siti, aisyah = network["siti"], network["aisyah"]
    await siti.clicks("Start")
    await siti.says(REQUIRED)
    await siti.says("edit lesson_learned")
    await siti.says(text)
    await siti.says("edit progress_made")
    await siti.says(text, raw=True)
    await siti.says("review")
    await siti.clicks("Submit")
    siti.hears("Submitted")
    answers = await answers_of(network, "IDN")
    assert answers["lesson_learned"].text
    await aisyah.command("review IDN")
    await aisyah.clicks("Return with a question", channel=SECRETARIAT)
    clean = text.encode("utf-8", "ignore").decode()
    await aisyah.fills(indicators=["lesson_learned"], question=clean)
    await aisyah.submits()
    await siti.clicks("Answer now")
    await siti.says("A lesson.")
    await siti.clicks("Submit")
    await aisyah.clicks("Accept", channel=SECRETARIAT)
    await check(network)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_experiences_are_shown_as_typed(network: Network, text: str) -> None:
    await forging.submits(
        network, "siti", "share", "", kind="lesson", theme="other", title=f"Title {text}"[:100], text=text
    )
    aisyah = network["aisyah"]
    assert aisyah.messages(SECRETARIAT)
    await aisyah.clicks("Publish", channel=SECRETARIAT)
    assert aisyah.messages(NETWORK)
    await check(network)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_words_before_the_start_and_in_commands(network: Network, text: str) -> None:
    siti, aisyah = network["siti"], network["aisyah"]
    await siti.says(text)
    await aisyah.command(f"cycle open 2026 full due 2026-12-15 title {text}")
    await aisyah.command(text)
    await aisyah.command(f"review {text}")
    await network.opens("2027")
    await siti.says(text)
    await siti.clicks("Start")
    await siti.says(f"edit {text}")
    await siti.says(f"mechanism_status {text}")
    await check(network)
