"""Channels by the Web API: made, renamed, described, archived; who comes and who goes; pins and bookmarks in them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SimulatedClock
from bot.sandbox import BOT_USER, Person, Sandbox
from tests.unit.sandbox.conftest import refused

Call = Callable[[AsyncWebClient], Awaitable[Any]]


async def test_a_channel_is_made_described_and_renamed(sandbox: Sandbox, client: AsyncWebClient) -> None:
    made = (await client.conversations_create(name="cycle-2026"))["channel"]
    secret = (await client.conversations_create(name="review", is_private=True))["channel"]
    topic = await client.conversations_setTopic(channel=made["id"], topic="Due in March")
    await client.conversations_setPurpose(channel=made["id"], purpose="The yearly round")
    renamed = (await client.conversations_rename(channel=made["id"], name="cycle-2027"))["channel"]

    assert (made["creator"], made["is_member"], made["is_private"], secret["is_private"]) == (
        BOT_USER,
        True,
        False,
        True,
    )
    assert topic["channel"]["topic"]["value"] == "Due in March"
    assert topic["channel"]["topic"]["creator"] == BOT_USER
    assert (renamed["name"], renamed["previous_names"]) == ("cycle-2027", ["cycle-2026"])
    info = (await client.conversations_info(channel=made["id"]))["channel"]
    assert (info["purpose"]["value"], info["num_members"]) == ("The yearly round", 1)


async def test_people_are_invited_and_removed(sandbox: Sandbox, client: AsyncWebClient, bounmy: Person) -> None:
    answer = await client.conversations_invite(channel="C0NETWORK", users=["U0BOUNMY"])
    assert answer["channel"]["num_members"] == 3
    assert await refused(client.conversations_invite(channel="C0NETWORK", users="U0BOUNMY")) == "already_in_channel"

    await client.conversations_kick(channel="C0NETWORK", user="U0BOUNMY")
    assert await refused(client.conversations_kick(channel="C0NETWORK", user="U0BOUNMY")) == "not_in_channel"
    assert "U0BOUNMY" not in (await client.conversations_members(channel="C0NETWORK"))["members"]


async def test_one_who_cannot_come_keeps_all_out_unless_forced(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.conversations_invite(channel="C0NETWORK", users="U0BOUNMY,U0PER")
    assert caught.value.response["errors"] == [{"user": "U0PER", "ok": False, "error": "cant_invite"}]

    answer = await client.conversations_invite(channel="C0NETWORK", users="U0BOUNMY,U0PER", force=True)
    assert answer["channel"]["num_members"] == 3 and answer["errors"][0]["user"] == "U0PER"


async def test_a_guest_of_one_channel_comes_into_no_second(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.workspace.add_user("U0GUEST", "Guest", "guest@example.org", "UTC", single_channel=True)
    user = (await client.users_info(user="U0GUEST"))["user"]
    assert (user["is_restricted"], user["is_ultra_restricted"]) == (True, True)

    await client.conversations_invite(channel="C0NETWORK", users="U0GUEST")
    other = (await client.conversations_create(name="other"))["channel"]["id"]
    assert await refused(client.conversations_invite(channel=other, users="U0GUEST")) == "ura_max_channels"


async def test_the_bot_leaves_and_marks_and_closes(sandbox: Sandbox, client: AsyncWebClient, siti: Person) -> None:
    ts = await siti.says("Hello", "C0NETWORK")
    await client.conversations_mark(channel="C0NETWORK", ts=ts)
    assert (await client.conversations_info(channel="C0NETWORK"))["channel"]["last_read"] == ts
    await client.conversations_leave(channel="C0NETWORK")
    assert (await client.conversations_leave(channel="C0NETWORK"))["not_in_channel"]

    direct = (await client.conversations_open(users="U0SITI"))["channel"]["id"]
    assert (await client.conversations_open(users="U0SITI"))["already_open"]
    await client.conversations_close(channel=direct)
    assert (await client.conversations_close(channel=direct))["already_closed"]
    assert "already_open" not in (await client.conversations_open(users="U0SITI"))
    await client.conversations_close(channel=direct)
    await siti.says("I am back")
    assert (await client.conversations_info(channel=direct))["channel"]["is_open"]


async def test_an_archived_channel_opens_again(client: AsyncWebClient) -> None:
    await client.conversations_archive(channel="C0NETWORK")

    assert await refused(client.chat_postMessage(channel="C0NETWORK", text="x")) == "is_archived"
    assert await refused(client.conversations_archive(channel="C0NETWORK")) == "already_archived"
    live = await client.conversations_list(exclude_archived=True)
    assert "C0NETWORK" not in [channel["id"] for channel in live["channels"]]
    await client.conversations_unarchive(channel="C0NETWORK")
    await client.chat_postMessage(channel="C0NETWORK", text="x")


REFUSALS: list[tuple[str, Call]] = [
    ("name_taken", lambda c: c.conversations_create(name="network")),
    ("invalid_name_required", lambda c: c.conversations_create(name="")),
    ("invalid_name_maxlength", lambda c: c.conversations_create(name="x" * 81)),
    ("invalid_name_specials", lambda c: c.conversations_create(name="The Network")),
    ("invalid_name_punctuation", lambda c: c.conversations_create(name="--")),
    ("not_authorized", lambda c: c.conversations_rename(channel="C0NETWORK", name="other")),
    ("not_in_channel", lambda c: c.conversations_rename(channel="C0LOUNGE", name="other")),
    ("too_long", lambda c: c.conversations_setTopic(channel="C0NETWORK", topic="x" * 251)),
    ("too_long", lambda c: c.conversations_setPurpose(channel="C0NETWORK", purpose="x" * 251)),
    ("not_in_channel", lambda c: c.conversations_setTopic(channel="C0LOUNGE", topic="x")),
    ("is_archived", lambda c: c.conversations_setTopic(channel="C0OLD", topic="x")),
    ("not_archived", lambda c: c.conversations_unarchive(channel="C0NETWORK")),
    ("not_in_channel", lambda c: c.conversations_archive(channel="C0LOUNGE")),
    ("no_user", lambda c: c.conversations_invite(channel="C0NETWORK", users="")),
    ("user_not_found", lambda c: c.conversations_invite(channel="C0NETWORK", users="U0NOBODY")),
    ("cant_invite_self", lambda c: c.conversations_invite(channel="C0NETWORK", users=BOT_USER)),
    ("not_in_channel", lambda c: c.conversations_invite(channel="C0LOUNGE", users="U0BOUNMY")),
    ("is_archived", lambda c: c.conversations_invite(channel="C0OLD", users="U0BOUNMY")),
    ("cant_kick_self", lambda c: c.conversations_kick(channel="C0NETWORK", user=BOT_USER)),
    ("user_not_found", lambda c: c.conversations_kick(channel="C0NETWORK", user="U0NOBODY")),
    ("last_member", lambda c: c.conversations_leave(channel="C0ALONE")),
    ("is_archived", lambda c: c.conversations_leave(channel="C0OLD")),
    ("channel_not_found", lambda c: c.conversations_leave(channel="G0SECRET")),
    ("method_not_supported_for_channel_type", lambda c: c.conversations_leave(channel="D0SITI")),
    ("method_not_supported_for_channel_type", lambda c: c.conversations_close(channel="C0NETWORK")),
    ("invalid_timestamp", lambda c: c.conversations_mark(channel="C0NETWORK", ts="yesterday")),
    ("not_in_channel", lambda c: c.conversations_mark(channel="C0LOUNGE", ts="1.1")),
    ("no_item_specified", lambda c: c.pins_add(channel="C0NETWORK")),
    ("bad_timestamp", lambda c: c.pins_add(channel="C0NETWORK", timestamp="yesterday")),
    ("message_not_found", lambda c: c.pins_add(channel="C0NETWORK", timestamp="1.000001")),
    ("channel_not_found", lambda c: c.pins_list(channel="G0SECRET")),
    ("permission_denied", lambda c: c.bookmarks_add(channel_id="C0LOUNGE", title="x", type="link", link="http://a")),
    ("invalid_bookmark_type", lambda c: c.bookmarks_add(channel_id="C0NETWORK", title="x", type="poem")),
    ("invalid_link", lambda c: c.bookmarks_add(channel_id="C0NETWORK", title="x", type="link", link="ftp://a")),
    (
        "invalid_emoji",
        lambda c: c.bookmarks_add(channel_id="C0NETWORK", title="x", type="link", link="http://a", emoji="tada!"),
    ),
    ("not_found", lambda c: c.bookmarks_edit(channel_id="C0NETWORK", bookmark_id="Bk1")),
    ("not_found", lambda c: c.bookmarks_remove(channel_id="C0NETWORK", bookmark_id="Bk1")),
    ("channel_not_found", lambda c: c.bookmarks_list(channel_id="C0NOWHERE")),
]


@pytest.mark.parametrize(("code", "call"), REFUSALS, ids=[f"{n}-{code}" for n, (code, _) in enumerate(REFUSALS)])
async def test_a_refusal(sandbox: Sandbox, client: AsyncWebClient, code: str, call: Call) -> None:
    sandbox.workspace.add_channel("C0OLD", "old", [BOT_USER], archived=True)
    sandbox.workspace.add_channel("C0ALONE", "alone", [BOT_USER])
    sandbox.workspace.direct("U0SITI")

    assert await refused(call(client)) == code


async def test_a_message_is_pinned_once_and_unpinned(
    client: AsyncWebClient, siti: Person, clock: SimulatedClock
) -> None:
    ts = await siti.says("The floor is 38.8 percent", "C0NETWORK")
    place = {"channel": "C0NETWORK", "timestamp": ts}

    await client.pins_add(**place)
    assert await refused(client.pins_add(**place)) == "already_pinned"
    (item,) = (await client.pins_list(channel="C0NETWORK"))["items"]
    assert (item["type"], item["created_by"], item["message"]["ts"]) == ("message", BOT_USER, ts)
    assert item["message"]["pinned_to"] == ["C0NETWORK"]
    assert (await client.conversations_history(channel="C0NETWORK"))["pin_count"] == 1
    await client.pins_remove(**place)
    assert await refused(client.pins_remove(**place)) == "no_pin"
    assert (await client.pins_list(channel="C0NETWORK"))["items"] == []


async def test_a_link_is_bookmarked_changed_and_taken_away(client: AsyncWebClient) -> None:
    added = await client.bookmarks_add(
        channel_id="C0NETWORK", title="Format", type="link", link="https://example.org/format", emoji=":books:"
    )
    place = {"channel_id": "C0NETWORK", "bookmark_id": added["bookmark"]["id"]}

    edited = await client.bookmarks_edit(**place, title="The common format")
    assert (edited["bookmark"]["title"], edited["bookmark"]["link"], edited["bookmark"]["emoji"]) == (
        "The common format",
        "https://example.org/format",
        ":books:",
    )
    assert (await client.bookmarks_list(channel_id="C0NETWORK"))["bookmarks"] == [edited["bookmark"]]
    await client.bookmarks_remove(**place)
    assert (await client.bookmarks_list(channel_id="C0NETWORK"))["bookmarks"] == []


async def test_a_channel_holds_a_hundred_pins_and_bookmarks(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.slack.rates.on = False
    for number in range(101):
        ts = (await client.chat_postMessage(channel="C0NETWORK", text=str(number)))["ts"]
        pin = client.pins_add(channel="C0NETWORK", timestamp=ts)
        link = client.bookmarks_add(channel_id="C0NETWORK", title=str(number), type="link", link="https://a.org")
        if number < 100:
            await pin
            await link
        else:
            assert await refused(pin) == "too_many_pins"
            assert await refused(link) == "too_many_bookmarks"
