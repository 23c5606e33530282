"""Pictures and files come below the words, with words for who cannot see them, and once; where not, that is said."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SimulatedClock
from bot.delivery.slack import SlackChannel
from bot.errors import ChannelError
from bot.messages import Attachment, Message, Picture
from bot.sandbox import Sandbox
from bot.words import Words
from tests.channels.conftest import JAKARTA

NUMBERS = Attachment("indonesia-2026.csv", b"indicator,value\npension,14.8\n", "text/csv", "The numbers of Indonesia")
COMPLETE, ADDRESS = "files.completeUploadExternal", "files.getUploadURLExternal"


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(buffer, format="PNG")
    return buffer.getvalue()


def shown(alt: str = "Indonesia: 38.8 in 2020, 41.2 in 2026. <!channel> & co.") -> Message:
    picture = Picture("indonesia-2026.png", png(), alt, "Indonesia, last time and now")
    return Message("test/long", pictures=(picture,), files=(NUMBERS,))


def files_in(sandbox: Sandbox, channel: str | None = None) -> list[list[tuple[str, str, str]]]:
    """Name, title and alt text of each file, message by message."""
    return [
        [(file["name"], file["title"], file.get("alt_txt", "")) for file in message.files]
        for message in sandbox.person("U0SITI").messages(channel)
        if message.files
    ]


SHARED = [
    ("indonesia-2026.png", "Indonesia, last time and now", "Indonesia: 38.8 in 2020, 41.2 in 2026. <!channel> & co."),
    ("indonesia-2026.csv", "The numbers of Indonesia", ""),
]


async def test_a_picture_and_a_file_stand_below_the_words(slack: SlackChannel, sandbox: Sandbox) -> None:
    said = await slack.say("U0SITI", shown(), JAKARTA, "delivery:7")
    messages = sandbox.person("U0SITI").messages()
    assert [message.ts for message in messages[:3]] == said
    assert files_in(sandbox) == [SHARED]
    assert messages[-1].files and len(messages) == 4
    kept = {file.name: file.content for file in sandbox.slack.files.all.values()}
    assert kept == {"indonesia-2026.png": png(), "indonesia-2026.csv": NUMBERS.content}


async def test_after_a_crash_nothing_is_shared_twice(
    slack: SlackChannel, sandbox: Sandbox, clock: SimulatedClock
) -> None:
    began = clock.now()
    await slack.say("U0SITI", shown(), JAKARTA, "delivery:7")
    clock.advance(timedelta(minutes=10))
    # The same picture goes with another delivery; and Siti shares a file of that name herself.
    await slack.say("U0SITI", shown(), JAKARTA, "delivery:8", look_since=began)
    assert files_in(sandbox) == [SHARED, SHARED]
    await slack.say("U0SITI", shown(), JAKARTA, "delivery:8", look_since=began)
    await slack.say("U0SITI", shown(), JAKARTA, "delivery:7", look_since=began)
    assert files_in(sandbox) == [SHARED, SHARED]


async def test_a_crash_between_words_and_picture(slack: SlackChannel, sandbox: Sandbox, clock: SimulatedClock) -> None:
    """The words stand there, the picture does not: it alone is still to come."""
    began = clock.now()
    await slack.say("U0SITI", Message("test/long"), JAKARTA, "delivery:7")
    await sandbox.person("U0SITI").uploads("indonesia-2026.png", png())
    await sandbox.person("U0SITI").uploads("indonesia-2026.csv", b"mine")
    await slack.say("U0SITI", shown(), JAKARTA, "delivery:7", look_since=began)
    assert len([message for message in sandbox.person("U0SITI").messages() if not message.files]) == 3
    assert files_in(sandbox)[2:] == [SHARED]


async def test_trouble_that_passes_is_tried_once_more(slack: SlackChannel, sandbox: Sandbox) -> None:
    sandbox.faults.crash(COMPLETE)
    await slack.say("U0SITI", shown(), JAKARTA, "delivery:7")
    assert files_in(sandbox) == [SHARED]


@pytest.mark.parametrize("code", ["missing_scope", "file_uploads_disabled", "internal_error"])
async def test_where_slack_takes_no_file_the_words_stand_and_that_is_said(
    slack: SlackChannel, sandbox: Sandbox, clock: SimulatedClock, code: str
) -> None:
    """A right that is lacking for files closes no channel: the words got through."""
    began = clock.now()
    sandbox.faults.fail(ADDRESS, code, times=9)
    said = await slack.say("U0SITI", shown(), JAKARTA, "delivery:7")
    messages = sandbox.person("U0SITI").messages()
    assert (len(said), len(messages)) == (3, 4)
    assert "Indonesia, last time and now, The numbers of Indonesia" in messages[-1].words
    # What was said of it is not said twice either, even if the files would come now.
    sandbox.faults.unplan("fail")
    await slack.say("U0SITI", shown(), JAKARTA, "delivery:7", look_since=began)
    assert len(sandbox.person("U0SITI").messages()) == 4
    assert files_in(sandbox) == []


async def test_when_slack_asks_for_a_long_pause_a_delivery_comes_back_with_its_picture(
    slack: SlackChannel, sandbox: Sandbox, clock: SimulatedClock
) -> None:
    began = clock.now()
    sandbox.faults.limit(ADDRESS, times=1, retry_after=60)
    with pytest.raises(ChannelError) as error:
        await slack.say("U0SITI", shown(), JAKARTA, "delivery:7")
    assert (error.value.retry_after, error.value.in_doubt) == (60.0, True)
    clock.advance(timedelta(seconds=90))
    await slack.say("U0SITI", shown(), JAKARTA, "delivery:7", look_since=began)
    assert files_in(sandbox) == [SHARED]
    assert len(sandbox.person("U0SITI").messages()) == 4


async def test_what_is_not_said_of_it_leaves_doubt(slack: SlackChannel, sandbox: Sandbox) -> None:
    await slack.say("U0SITI", Message("test/reminder", {"country": "", "name": "", "due": None, "note": ""}), JAKARTA)
    sandbox.faults.fail(ADDRESS, "file_uploads_disabled")
    sandbox.faults.crash("chat.postMessage", times=9)
    with pytest.raises(ChannelError) as error:
        await slack._hand_over("D0", shown(), JAKARTA, "delivery:7", ["1.0"], {})
    assert error.value.in_doubt


async def test_a_long_alternative_text_is_cut_to_slacks_limit(slack: SlackChannel, sandbox: Sandbox) -> None:
    await slack.say("U0SITI", shown("Old age pension. " * 200), JAKARTA)
    ((_, _, alt), _) = files_in(sandbox)[0]
    assert len(alt) <= 1000
    assert alt.endswith("…")


async def test_files_alone_go_into_direct_messages(sandbox: Sandbox, clock: SimulatedClock, words: Words) -> None:
    client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.base_url, retry_handlers=[])
    slack = SlackChannel(client, clock, words)
    assert await slack.hand_over("U0SITI", shown())
    assert files_in(sandbox) == [SHARED]
    sandbox.faults.fail(ADDRESS, "file_uploads_disabled")
    assert not await slack.hand_over("U0SITI", shown())
