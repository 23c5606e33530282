"""Slack says no in many ways; each becomes one error that says what to do."""

from __future__ import annotations

from datetime import timedelta

import aiohttp.web
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SimulatedClock
from bot.delivery.slack import SlackChannel
from bot.errors import ChannelError
from bot.messages import Message
from bot.sandbox import Sandbox
from bot.words import Words
from tests.channels.conftest import JAKARTA, reminder


async def refused(slack: SlackChannel, where: str = "U0SITI") -> ChannelError:
    with pytest.raises(ChannelError) as error:
        await slack.say(where, reminder(), JAKARTA, "delivery:1")
    return error.value


async def test_a_direct_reply_is_said_over_the_same_way(slack: SlackChannel, sandbox: Sandbox) -> None:
    (ts,) = await slack.say("U0SITI", reminder(), JAKARTA)
    (message,) = sandbox.person("U0SITI").messages()
    assert (message.ts, message.metadata) == (ts, None)
    assert [block["type"] for block in message.blocks] == ["header", "section", "section", "section", "actions"]
    assert "&lt;!channel&gt; &amp; co." in str(message.blocks)


async def test_the_conversation_is_opened_once(slack: SlackChannel, sandbox: Sandbox) -> None:
    for _ in range(3):
        await slack.say("U0SITI", reminder(), JAKARTA)
    assert [call.method for call in sandbox.calls].count("conversations.open") == 1


async def test_a_message_carries_what_it_is_about(slack: SlackChannel, sandbox: Sandbox) -> None:
    await slack.say("C0NETWORK", Message("test/long"), JAKARTA, "delivery:7")
    marks = [message.metadata for message in sandbox.person("U0AISYAH").messages("C0NETWORK")]
    assert marks == [
        {"event_type": "spnet", "event_payload": {"about": "delivery:7", "part": part, "parts": 3}}
        for part in (1, 2, 3)
    ]


async def test_only_the_missing_parts_are_said_again(
    slack: SlackChannel, sandbox: Sandbox, clock: SimulatedClock
) -> None:
    began = clock.now()
    await slack.say("U0SITI", Message("test/long"), JAKARTA, "delivery:8")
    sandbox.faults.fail("chat.postMessage", "internal_error", channel="C0NETWORK")
    with pytest.raises(ChannelError):
        await slack.say("C0NETWORK", Message("test/long"), JAKARTA, "delivery:7")
    whole = await slack.say("C0NETWORK", Message("test/long"), JAKARTA, "delivery:7", look_since=began)
    clock.advance(timedelta(minutes=1))
    again = await slack.say("C0NETWORK", Message("test/long"), JAKARTA, "delivery:7", look_since=began)
    assert again == whole
    assert len(sandbox.person("U0AISYAH").messages("C0NETWORK")) == 3


async def test_what_stands_half_is_in_doubt(
    slack: SlackChannel, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second post is refused for good reason and certainly not there, but the first one is."""
    post = slack._post
    said: list[str] = []

    async def limited(*arguments: object) -> str:
        if said:
            sandbox.faults.limit("chat.postMessage", 1, 5)
        said.append("one")
        return await post(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(slack, "_post", limited)
    with pytest.raises(ChannelError) as error:
        await slack.say("U0SITI", Message("test/long"), JAKARTA, "delivery:7")
    assert (error.value.code, error.value.retry_after, error.value.in_doubt) == ("ratelimited", 5.0, True)


@pytest.mark.parametrize(
    ("code", "permanent", "recipient", "authentication"),
    [
        ("cannot_dm_bot", True, True, False),
        ("messages_tab_disabled", True, True, False),
        ("is_archived", True, True, False),
        ("invalid_blocks", True, False, False),
        ("msg_too_long", True, False, False),
        ("token_revoked", False, False, True),
        ("account_inactive", False, False, True),
        ("missing_scope", False, False, True),
        ("fatal_error", False, False, False),
    ],
)
async def test_slacks_words_in_ours(
    slack: SlackChannel, sandbox: Sandbox, code: str, permanent: bool, recipient: bool, authentication: bool
) -> None:
    sandbox.faults.fail("chat.postMessage", code)
    error = await refused(slack)
    assert (error.code, error.permanent, error.recipient, error.authentication) == (
        code,
        permanent,
        recipient,
        authentication,
    )


async def test_people_who_cannot_be_written_to(slack: SlackChannel, sandbox: Sandbox) -> None:
    sandbox.workspace.add_user("U0PER", "Per Larsen", "per@example.org", "Europe/Copenhagen", team="T0OTHER")
    sandbox.faults.deactivate("U0BOUNMY")
    for who, code in (("U0PER", "user_not_visible"), ("U0BOUNMY", "user_disabled"), ("U0NOBODY", "user_not_found")):
        error = await refused(slack, who)
        assert (error.code, error.permanent, error.recipient) == (code, True, True)


async def test_a_channel_that_is_not_there_is_no_persons_fault(slack: SlackChannel) -> None:
    error = await refused(slack, "C0NOWHERE")
    assert (error.code, error.permanent, error.recipient) == ("channel_not_found", True, False)


async def test_a_broken_answer_leaves_doubt_a_closed_port_none(
    slack: SlackChannel, sandbox: Sandbox, clock: SimulatedClock, words: Words
) -> None:
    sandbox.faults.crash("chat.postMessage")
    error = await refused(slack)
    assert (error.code, error.permanent, error.in_doubt) == ("http_503", False, True)
    await sandbox.stop()
    nowhere = SlackChannel(
        AsyncWebClient(token="xoxb-sandbox", base_url="http://127.0.0.1:9/", retry_handlers=[]), clock, words
    )
    error = await refused(nowhere)
    assert (error.code, error.permanent, error.in_doubt) == ("slack_unreachable", False, False)


async def test_what_no_slack_would_say(clock: SimulatedClock, words: Words) -> None:
    """A wrong address, or a proxy in between: an answer that is not Slack's."""

    async def answer(_request: aiohttp.web.BaseRequest) -> aiohttp.web.Response:
        return aiohttp.web.Response(text="Please log in to the hotel's network", content_type="text/plain")

    runner = aiohttp.web.ServerRunner(aiohttp.web.Server(answer))
    await runner.setup()
    await aiohttp.web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        slack = SlackChannel(AsyncWebClient(token="xoxb-x", base_url=url, retry_handlers=[]), clock, words)
        error = await refused(slack)
    finally:
        await runner.cleanup()
    assert (error.code, error.permanent, error.in_doubt) == ("slack_no_answer", False, True)


async def test_fifty_messages_to_one_person_keep_the_pace(
    slack: SlackChannel, sandbox: Sandbox, clock: SimulatedClock
) -> None:
    began = clock.now()
    for _ in range(50):
        await slack.say("U0SITI", reminder(), JAKARTA)
    assert len(sandbox.person("U0SITI").messages()) == 50
    assert timedelta(seconds=44) <= clock.now() - began <= timedelta(seconds=50)


async def test_a_long_pause_is_not_waited_for_here(
    slack: SlackChannel, sandbox: Sandbox, clock: SimulatedClock
) -> None:
    sandbox.faults.limit("chat.postMessage", 1, 60)
    assert (await refused(slack)).retry_after == 60
    calls = len(sandbox.calls)
    clock.advance(timedelta(seconds=10))
    error = await refused(slack)
    assert (error.code, error.retry_after) == ("ratelimited", 50)
    assert len(sandbox.calls) == calls
    clock.advance(timedelta(seconds=50))
    await slack.say("U0SITI", reminder(), JAKARTA)


async def test_a_file_that_was_handed_in(sandbox: Sandbox, slack: SlackChannel) -> None:
    """Only who handed it in, only what lies at Slack, and no more of it than is wanted."""
    files = sandbox.slack.files
    file = files.add("letter.pdf", b"%PDF-1.7 ...", "U0SITI")
    assert await slack.directory.file(file.id, "U0SITI", 100) == ("letter.pdf", b"%PDF-1.7 ...")
    assert await slack.directory.file(file.id, "U0LINH", 100) is None
    assert await slack.directory.file("F0NOTHING", "U0SITI", 100) is None
    large = await slack.directory.file(file.id, "U0SITI", 5)
    assert large is not None and len(large[1]) == 6


@pytest.mark.parametrize(
    "address",
    [
        "https://drive.example.org/letter.pdf",
        "https://files.slack.com.example.org/letter.pdf",
        "http://files.slack.com/letter.pdf",
        "https://slack.com@example.org/letter.pdf",
        "file:///etc/passwd",
        "",
    ],
)
async def test_our_token_is_shown_to_nobody_but_slack(slack: SlackChannel, address: str) -> None:
    assert not slack.directory._is_slacks(address)


async def test_slacks_own_addresses(slack: SlackChannel) -> None:
    assert slack.directory._is_slacks("https://files.slack.com/files-pri/T0-F0/download/letter.pdf")
