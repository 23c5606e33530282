"""Messages for later: they appear when the clock has passed their time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import RunningClock, SimulatedClock
from bot.sandbox import BOT_USER, Mailbox, Person, Sandbox
from bot.sandbox.kept import Kept
from tests.conftest import MONDAY_MORNING
from tests.unit.sandbox.conftest import refused


def soon(clock: SimulatedClock, **after: float) -> int:
    """A moment from now on, in Unix seconds."""
    return int((clock.now() + timedelta(**after)).timestamp())


async def test_a_message_appears_when_its_time_has_come(
    sandbox: Sandbox, client: AsyncWebClient, siti: Person, clock: SimulatedClock
) -> None:
    planned = await client.chat_scheduleMessage(
        channel="C0NETWORK", text="Due tomorrow", post_at=soon(clock, minutes=10), blocks=[{"type": "divider"}]
    )

    assert planned["scheduled_message_id"].startswith("Q")
    assert (planned["post_at"], planned["message"]["type"]) == (soon(clock, minutes=10), "delayed_message")
    clock.advance(timedelta(minutes=9))
    await sandbox.pass_time()
    assert siti.messages("C0NETWORK") == []
    clock.advance(timedelta(minutes=1))
    await sandbox.pass_time()
    (message,) = siti.messages("C0NETWORK")
    assert (message.text, message.user, message.ts[:10]) == ("Due tomorrow", BOT_USER, str(planned["post_at"]))
    assert message.blocks[0]["type"] == "divider"
    await sandbox.pass_time()
    assert len(siti.messages("C0NETWORK")) == 1


async def test_a_running_clock_needs_nobody() -> None:
    """The demo's clock runs by itself: nobody calls `pass_time` there."""
    sandbox = Sandbox(RunningClock(MONDAY_MORNING))
    sandbox.workspace.add_user("U0SITI", "Siti Rahmadani", "siti@example.org", "Asia/Jakarta")
    await sandbox.start()
    client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.base_url)

    await client.chat_scheduleMessage(channel="U0SITI", text="Now", post_at=sandbox.workspace.seconds() + 1)
    await sandbox.person("U0SITI").hears(lambda m: m.text == "Now", timeout=30)
    await sandbox.stop()


async def test_what_is_to_come_is_listed_in_pages_and_taken_back(
    sandbox: Sandbox, client: AsyncWebClient, siti: Person, clock: SimulatedClock
) -> None:
    for minutes in (30, 10, 20):
        await client.chat_scheduleMessage(
            channel="C0NETWORK", text=f"In {minutes} minutes", post_at=soon(clock, minutes=minutes)
        )
    await client.chat_scheduleMessage(channel="U0SITI", text="For you", post_at=soon(clock, minutes=15))

    first = await client.chat_scheduledMessages_list(channel="C0NETWORK", limit=2)
    second = await client.chat_scheduledMessages_list(
        channel="C0NETWORK", limit=2, cursor=first["response_metadata"]["next_cursor"]
    )
    early = await client.chat_scheduledMessages_list(latest=str(soon(clock, minutes=15)))
    assert [row["text"] for row in first["scheduled_messages"]] == ["In 10 minutes", "In 20 minutes"]
    assert [row["text"] for row in second["scheduled_messages"]] == ["In 30 minutes"]
    assert [row["text"] for row in early["scheduled_messages"]] == ["In 10 minutes", "For you"]
    assert set(first["scheduled_messages"][0]) == {"id", "channel_id", "post_at", "date_created", "text"}

    id = first["scheduled_messages"][0]["id"]
    await client.chat_deleteScheduledMessage(channel="C0NETWORK", scheduled_message_id=id)
    clock.advance(timedelta(minutes=19, seconds=30))
    await sandbox.pass_time()
    assert siti.messages("C0NETWORK") == []

    async def delete(which: str) -> str:
        return await refused(client.chat_deleteScheduledMessage(channel="C0NETWORK", scheduled_message_id=which))

    assert await delete(id) == "invalid_scheduled_message_id"
    # Half a minute before its time is too late.
    assert await delete(first["scheduled_messages"][1]["id"]) == "invalid_scheduled_message_id"


@pytest.mark.parametrize(
    ("code", "channel", "after"),
    [
        ("time_in_past", "C0NETWORK", {"seconds": 0}),
        ("time_too_far", "C0NETWORK", {"days": 120, "seconds": 1}),
        ("not_in_channel", "C0LOUNGE", {"hours": 1}),
        ("channel_not_found", "C0NOWHERE", {"hours": 1}),
    ],
)
async def test_what_cannot_be_scheduled(
    client: AsyncWebClient, clock: SimulatedClock, code: str, channel: str, after: dict[str, Any]
) -> None:
    assert await refused(client.chat_scheduleMessage(channel=channel, text="x", post_at=soon(clock, **after))) == code


async def test_more_refusals(client: AsyncWebClient, clock: SimulatedClock) -> None:
    at = soon(clock, hours=1)

    assert await refused(client.chat_scheduleMessage(channel="C0NETWORK", text="x", post_at="noon")) == "invalid_time"
    assert await refused(client.chat_scheduledMessages_list(channel="C0NOWHERE")) == "invalid_channel"
    assert await refused(client.chat_scheduledMessages_list(cursor="???")) == "invalid_cursor"
    with pytest.raises(SlackApiError) as caught:
        await client.api_call("chat.scheduleMessage", json={"channel": "C0NETWORK", "post_at": at})
    assert caught.value.response["error"] == "no_text"


async def test_thirty_in_five_minutes_and_no_more(
    sandbox: Sandbox, client: AsyncWebClient, clock: SimulatedClock
) -> None:
    for second in range(30):
        await client.chat_scheduleMessage(channel="C0NETWORK", text="x", post_at=soon(clock, hours=1, seconds=second))

    async def another(**after: float) -> Any:
        return await client.chat_scheduleMessage(channel="C0NETWORK", text="x", post_at=soon(clock, **after))

    assert await refused(another(hours=1, minutes=1)) == "restricted_too_many"
    await another(hours=1, minutes=6)


async def test_what_never_comes(sandbox: Sandbox, client: AsyncWebClient, siti: Person, clock: SimulatedClock) -> None:
    """Slack's reference says that messages with metadata do not post; and an archived channel takes nothing."""
    metadata = {"event_type": "reminder", "event_payload": {}}
    await client.chat_scheduleMessage(channel="C0NETWORK", text="x", post_at=soon(clock, minutes=5), metadata=metadata)
    await client.chat_scheduleMessage(channel="C0NETWORK", text="y", post_at=soon(clock, minutes=10))
    clock.advance(timedelta(minutes=6))
    await sandbox.pass_time()
    sandbox.faults.archive("C0NETWORK")
    clock.advance(timedelta(minutes=6))
    await sandbox.pass_time()

    assert siti.messages("C0NETWORK") == []
    assert (await client.chat_scheduledMessages_list())["scheduled_messages"] == []


async def test_what_was_scheduled_pinned_and_bookmarked_outlives_a_stop(tmp_path: Path, clock: SimulatedClock) -> None:
    async def running() -> tuple[Sandbox, Kept, AsyncWebClient]:
        sandbox = Sandbox(clock)
        await sandbox.start()
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.base_url)
        return sandbox, Kept(sandbox, Mailbox(tmp_path / "mail"), tmp_path), client

    first, kept, client = await running()
    first.workspace.add_user("U0SITI", "Siti Rahmadani", "siti@example.org", "Asia/Jakarta")
    first.workspace.add_channel("C0NETWORK", "network", ["U0SITI", BOT_USER])
    kept.start()
    ts = (await client.chat_postMessage(channel="C0NETWORK", text="The floor"))["ts"]
    await client.pins_add(channel="C0NETWORK", timestamp=ts)
    await client.bookmarks_add(channel_id="C0NETWORK", title="Format", type="link", link="https://example.org")
    await client.chat_scheduleMessage(channel="C0NETWORK", text="Due", post_at=soon(clock, minutes=10))
    await kept.stop()
    await first.stop()

    second, kept, client = await running()
    kept.read()
    clock.advance(timedelta(minutes=10))
    await second.pass_time()
    assert [m.text for m in second.person("U0SITI").messages("C0NETWORK")] == ["The floor", "Due"]
    assert (await client.pins_list(channel="C0NETWORK"))["items"][0]["message"]["ts"] == ts
    assert (await client.bookmarks_list(channel_id="C0NETWORK"))["bookmarks"][0]["title"] == "Format"
    await second.stop()
