"""Each refusal has Slack's own code."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SimulatedClock
from bot.sandbox import BOT_USER, Person, Sandbox, scopes
from bot.sandbox.methods import FREE, METHODS, WRITE
from tests.unit.sandbox.conftest import asks, modal, refused

Call = Callable[[AsyncWebClient], Awaitable[Any]]

REFUSALS: list[tuple[str, Call]] = [
    ("channel_not_found", lambda c: c.chat_postMessage(channel="C0NOWHERE", text="x")),
    ("channel_not_found", lambda c: c.chat_postMessage(channel="G0SECRET", text="x")),
    ("channel_not_found", lambda c: c.chat_postMessage(channel="U0PER", text="x")),
    ("not_in_channel", lambda c: c.chat_postMessage(channel="C0LOUNGE", text="x")),
    ("not_in_channel", lambda c: c.conversations_history(channel="C0LOUNGE")),
    ("is_archived", lambda c: c.chat_postMessage(channel="C0OLD", text="x")),
    ("no_text", lambda c: c.api_call("chat.postMessage", json={"channel": "C0NETWORK", "text": ""})),
    ("invalid_blocks_format", lambda c: c.chat_postMessage(channel="C0NETWORK", text="x", blocks="oh no")),
    ("markdown_text_conflict", lambda c: c.chat_postMessage(channel="C0NETWORK", text="x", markdown_text="y")),
    ("msg_too_long", lambda c: c.chat_postMessage(channel="C0NETWORK", markdown_text="x" * 12_001)),
    ("invalid_thread_ts", lambda c: c.chat_postMessage(channel="C0NETWORK", text="x", thread_ts="0")),
    ("too_many_attachments", lambda c: c.chat_postMessage(channel="C0NETWORK", text="x", attachments=[{}] * 101)),
    (
        "invalid_attachments",
        lambda c: c.chat_postMessage(channel="C0NETWORK", text="x", attachments=[{"blocks": [{"type": "no"}]}]),
    ),
    (
        "invalid_metadata_format",
        lambda c: c.chat_postMessage(channel="C0NETWORK", text="x", metadata={"event_type": "a"}),
    ),
    ("msg_too_long", lambda c: c.chat_update(channel="C0NETWORK", ts="BOT", text="x" * 4001)),
    ("message_not_found", lambda c: c.chat_update(channel="C0NETWORK", ts="1.000001", text="x")),
    ("cant_update_message", lambda c: c.chat_update(channel="C0NETWORK", ts="SITI", text="x")),
    ("cant_delete_message", lambda c: c.chat_delete(channel="C0NETWORK", ts="SITI")),
    ("message_not_found", lambda c: c.chat_delete(channel="C0NETWORK", ts="1.000001")),
    ("message_not_found", lambda c: c.chat_getPermalink(channel="C0NETWORK", message_ts="1.000001")),
    ("users_list_not_supplied", lambda c: c.conversations_open(users="")),
    ("user_not_found", lambda c: c.conversations_open(users="U0NOBODY")),
    ("user_disabled", lambda c: c.conversations_open(users="U0GONE")),
    ("user_not_visible", lambda c: c.conversations_open(users="U0PER")),
    ("user_not_found", lambda c: c.users_info(user="U0NOBODY")),
    ("users_not_found", lambda c: c.users_lookupByEmail(email="nobody@example.org")),
    ("users_not_found", lambda c: c.users_lookupByEmail(email="gone@example.org")),
    ("invalid_types", lambda c: c.conversations_list(types="clubs")),
    ("thread_not_found", lambda c: c.conversations_replies(channel="C0NETWORK", ts="1.000001")),
    ("invalid_ts_oldest", lambda c: c.conversations_history(channel="C0NETWORK", oldest="yesterday")),
    ("method_not_supported_for_channel_type", lambda c: c.conversations_open(channel="C0NETWORK")),
    ("invalid_name", lambda c: c.reactions_add(channel="C0NETWORK", timestamp="BOT", name="Not An Emoji")),
    ("no_reaction", lambda c: c.reactions_remove(channel="C0NETWORK", timestamp="BOT", name="tada")),
    ("message_not_found", lambda c: c.reactions_add(channel="C0NETWORK", timestamp="1.1", name="tada")),
    ("file_not_found", lambda c: c.files_info(file="F0NONE")),
    ("file_not_found", lambda c: c.files_completeUploadExternal(files=[{"id": "F0NONE"}])),
    ("invalid_arguments", lambda c: c.files_getUploadURLExternal(filename="a.txt", length=0)),
    ("invalid_arguments", lambda c: c.api_call("files.completeUploadExternal", json={"files": ["F0NONE"]})),
    ("invalid_arguments", lambda c: c.files_list(ts_from="yesterday")),
    ("invalid_arguments", lambda c: c.chat_scheduledMessages_list(oldest="yesterday")),
    ("invalid_trigger_id", lambda c: c.views_open(trigger_id="1.2.3", view=modal(asks("a")))),
    ("not_found", lambda c: c.views_update(view_id="V0NONE", view=modal(asks("a")))),
    ("invalid_arguments", lambda c: c.views_publish(user_id="U0SITI", view={"type": "modal", "blocks": []})),
    ("bot_not_found", lambda c: c.bots_info(bot="B0OTHER")),
    ("team_not_found", lambda c: c.team_info(team="T0OTHER")),
    ("invalid_arguments", lambda c: c.api_call("chat.postMessage", json={"text": "to nobody"})),
    ("unknown_method", lambda c: c.api_call("chat.shout", json={"text": "x"})),
    ("not_allowed_token_type", lambda c: c.apps_connections_open(app_token="xoxb-sandbox")),
    ("not_allowed_token_type", lambda c: c.chat_postMessage(channel="C0NETWORK", text="x", token="xapp-sandbox")),
]


@pytest.mark.parametrize(("code", "call"), REFUSALS, ids=[f"{n}-{code}" for n, (code, _) in enumerate(REFUSALS)])
async def test_a_refusal(sandbox: Sandbox, client: AsyncWebClient, siti: Person, code: str, call: Call) -> None:
    sandbox.workspace.add_channel("C0OLD", "old", [BOT_USER], archived=True)
    sandbox.workspace.add_user("U0GONE", "Gone Person", "gone@example.org", "UTC", deactivated=True)
    stamps = {"SITI": await siti.says("Mine", "C0NETWORK")}
    stamps["BOT"] = str((await client.chat_postMessage(channel="C0NETWORK", text="The bot's"))["ts"])

    class WithStamps(AsyncWebClient):
        async def api_call(self, api_method: str, **options: Any) -> Any:
            for part in ("params", "json"):
                for key in ("ts", "timestamp"):
                    if (options.get(part) or {}).get(key) in stamps:
                        options[part][key] = stamps[options[part][key]]
            return await super().api_call(api_method, **options)

    patient = WithStamps(token=sandbox.bot_token, base_url=sandbox.base_url, session=client.session)

    assert await refused(call(patient)) == code


async def test_a_missing_argument_is_named(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.api_call("chat.postMessage", json={"text": "to nobody"})

    messages = caught.value.response["response_metadata"]["messages"]
    assert messages == ["[ERROR] missing required field: channel"]


async def test_tokens_are_checked(sandbox: Sandbox, client: AsyncWebClient) -> None:
    bare = AsyncWebClient(base_url=sandbox.base_url, session=client.session)
    wrong = AsyncWebClient(token="xoxb-wrong", base_url=sandbox.base_url, session=client.session)

    assert await refused(bare.auth_test()) == "not_authed"
    assert await refused(wrong.auth_test()) == "invalid_auth"
    sandbox.faults.revoke_token()
    assert await refused(client.auth_test()) == "token_revoked"


async def test_a_closed_account_is_inactive(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.deactivate(BOT_USER)

    assert await refused(client.auth_test()) == "account_inactive"


async def test_a_missing_scope_is_named(clock: SimulatedClock) -> None:
    sandbox = Sandbox(clock, scopes=["users:read"])
    await sandbox.start()
    client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.base_url)

    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C0NETWORK", text="x")
    await sandbox.stop()

    answer = caught.value.response
    assert (answer["error"], answer["needed"], answer["provided"]) == ("missing_scope", "chat:write", "users:read")


NAMED: list[Call] = [
    lambda c: c.chat_update(channel="#network", ts="1.000001", text="x"),
    lambda c: c.chat_delete(channel="network", ts="1.000001"),
    lambda c: c.chat_getPermalink(channel="#network", message_ts="1.000001"),
    lambda c: c.conversations_info(channel="#network"),
    lambda c: c.conversations_members(channel="#network"),
    lambda c: c.conversations_history(channel="U0SITI"),
    lambda c: c.conversations_replies(channel="#network", ts="1.000001"),
    lambda c: c.conversations_join(channel="#lounge"),
    lambda c: c.conversations_setTopic(channel="#network", topic="x"),
    lambda c: c.reactions_add(channel="#network", timestamp="1.000001", name="tada"),
    lambda c: c.pins_list(channel="#network"),
    lambda c: c.bookmarks_list(channel_id="#network"),
]


@pytest.mark.parametrize("call", NAMED)
async def test_a_name_stands_for_a_channel_only_where_something_is_posted(
    client: AsyncWebClient, siti: Person, call: Call
) -> None:
    for place in ("#network", "network", siti.id):
        assert (await client.chat_postMessage(channel=place, text="x"))["ok"]
    assert await refused(call(client)) == "channel_not_found"


async def test_a_file_is_shared_into_a_channel_by_its_id_alone(client: AsyncWebClient, siti: Person) -> None:
    for place in ("#network", siti.id):
        with pytest.raises(SlackApiError) as caught:
            await client.files_upload_v2(content="Law 12", filename="law.txt", channel=place)
        answer = caught.value.response
        assert answer["error"] == "invalid_arguments"
        assert "^[CGDZ][A-Z0-9]{8,}$ [json-pointer:/channel_id]" in answer["response_metadata"]["messages"][0]


async def test_unknown_parameters_are_ignored(client: AsyncWebClient) -> None:
    assert (await client.chat_postMessage(channel="C0NETWORK", text="x", colour="blue"))["ok"]


async def test_a_very_long_text_is_cut_and_not_refused(client: AsyncWebClient, siti: Person) -> None:
    await client.chat_postMessage(channel="C0NETWORK", text="x" * 50_000)

    assert len(siti.messages("C0NETWORK")[0].text) == 40_000


def test_every_method_has_a_tier_and_a_scope_that_slack_knows() -> None:
    for name, method in METHODS.items():
        assert method.tier in (None, 2, 3, 4), name
        assert method.scope in (None, "", FREE, WRITE) or ":" in method.scope, name
    assert all(re.fullmatch(r"commands|[a-z_.]+:[a-z.]+", scope) for scope in scopes.every())


async def test_scopes_follow_the_kind_of_channel(clock: SimulatedClock) -> None:
    """A manifest that asks for too little is found out here, and not in the live workspace."""
    sandbox = Sandbox(clock, scopes=["chat:write", "channels:history", "channels:read"])
    sandbox.workspace.add_user("U0SITI", "Siti Rahmadani", "siti@example.org", "Asia/Jakarta")
    sandbox.workspace.add_channel("C0NETWORK", "network", ["U0SITI", BOT_USER])
    await sandbox.start()
    client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.base_url)
    direct = (await client.chat_postMessage(channel="U0SITI", text="x"))["channel"]

    with pytest.raises(SlackApiError) as in_direct:
        await client.conversations_history(channel=direct)
    with pytest.raises(SlackApiError) as listing:
        await client.conversations_list(types="public_channel,private_channel")
    await client.conversations_history(channel="C0NETWORK")
    await sandbox.person("U0SITI").says("the bot may not read this")
    await sandbox.stop()

    assert in_direct.value.response["needed"] == "im:history"
    assert listing.value.response["needed"] == "groups:read"
    sent = [envelope.payload["event"]["text"] for envelope in sandbox.slack.outbox.open.values()]
    assert sent == []
