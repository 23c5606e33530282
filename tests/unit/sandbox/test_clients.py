"""Official clients work on the sandbox unchanged, in every encoding that they use."""

from __future__ import annotations

import asyncio
import io
import json
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import ActionsBlock, ButtonElement, SectionBlock
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.client import WebClient

from bot.clock import SimulatedClock
from bot.sandbox import BOT_ID, BOT_USER, Person, Sandbox
from tests.unit.sandbox.conftest import refused


async def test_the_bot_learns_who_it_is(client: AsyncWebClient) -> None:
    answer = await client.auth_test()

    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == (BOT_USER, BOT_ID, "T0SPNET")
    assert "chat:write" in answer.headers["x-oauth-scopes"]


async def test_a_message_with_blocks_and_metadata_arrives_whole(client: AsyncWebClient, siti: Person) -> None:
    opened = await client.conversations_open(users="U0SITI")
    blocks = [
        SectionBlock(text="*Question 7 of 33*"),
        ActionsBlock(elements=[ButtonElement(text="Skip", action_id="skip")]),
    ]
    metadata = {"event_type": "prompt", "event_payload": {"prompt": 7}}

    posted = await client.chat_postMessage(
        channel=opened["channel"]["id"], text="Question 7 of 33", blocks=blocks, metadata=metadata, unfurl_links=False
    )

    (message,) = siti.messages()
    assert message.ts == posted["ts"] == posted["message"]["ts"]
    assert message.bot and message.metadata == metadata
    assert [block["type"] for block in message.blocks] == ["section", "actions"]
    history = await client.conversations_history(channel=message.channel, include_all_metadata=True)
    assert history["messages"][0]["metadata"] == metadata
    without = await client.conversations_history(channel=message.channel)
    assert "metadata" not in without["messages"][0]


async def test_a_message_to_a_persons_id_reaches_the_direct_message(client: AsyncWebClient, siti: Person) -> None:
    posted = await client.chat_postMessage(channel="U0SITI", text="Good morning")

    assert posted["channel"] == siti.channel(None).id
    assert [message.text for message in siti.messages()] == ["Good morning"]


async def test_the_synchronous_client_works_too(sandbox: Sandbox, siti: Person) -> None:
    """It sends everything as forms and JSON over urllib, where the asynchronous one uses the query string."""

    def work() -> dict[str, Any]:
        client = WebClient(token=sandbox.bot_token, base_url=sandbox.base_url)
        channel = client.conversations_open(users=["U0SITI"])["channel"]["id"]
        ts = client.chat_postMessage(channel=channel, text="First")["ts"]
        client.chat_update(channel=channel, ts=ts, text="Second")
        client.reactions_add(channel=channel, timestamp=ts, name="tada")
        listed = client.users_list(limit=2)
        people = [user["id"] for page in listed for user in page["members"]]
        return {"channel": channel, "ts": ts, "people": people, "info": client.users_info(user="U0SITI").data}

    done = await asyncio.to_thread(work)

    (message,) = siti.messages()
    assert (message.text, message.reactions) == ("Second", {"tada": [BOT_USER]})
    assert done["people"] == [BOT_USER, "U0SITI", "U0BOUNMY", "U0PER"]
    assert done["info"]["user"]["profile"]["email"] == "siti@example.org"


BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}]


@pytest.mark.parametrize("encoding", ["query", "get", "form", "json", "multipart"])
async def test_every_method_takes_every_encoding(sandbox: Sandbox, siti: Person, encoding: str) -> None:
    """JavaScript's client sends forms whose fields hold JSON; others use whatever they like."""
    arguments = {"channel": "U0SITI", "text": "Hello", "mrkdwn": "1"}
    fields = {**arguments, "blocks": json.dumps(BLOCKS)}
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    url = sandbox.base_url + "chat.postMessage"
    multipart = aiohttp.FormData()
    for name, value in fields.items():
        multipart.add_field(name, value, content_type="text/plain")
    sends: dict[str, tuple[str, dict[str, Any]]] = {
        "query": ("POST", {"params": fields}),
        "get": ("GET", {"params": fields}),
        "form": ("POST", {"data": {**fields, "token": sandbox.bot_token}}),
        "json": ("POST", {"json": {**arguments, "blocks": BLOCKS}}),
        "multipart": ("POST", {"data": multipart}),
    }
    verb, options = sends[encoding]
    sent = {} if encoding == "form" else headers
    async with aiohttp.ClientSession() as session, session.request(verb, url, headers=sent, **options) as response:
        answer = await response.json()

    assert answer["ok"], answer
    assert siti.messages()[0].blocks[0]["text"]["text"] == "Hello"


@pytest.mark.parametrize(
    ("body", "code"), [(b"{not json", "invalid_json"), (b"[1]", "json_not_object"), (b"", "invalid_arguments")]
)
async def test_a_broken_json_body_is_refused(sandbox: Sandbox, body: bytes, code: str) -> None:
    headers = {"Authorization": f"Bearer {sandbox.bot_token}", "Content-Type": "application/json"}
    url = sandbox.base_url + "chat.postMessage"
    async with aiohttp.ClientSession(headers=headers) as session, session.post(url, data=body) as response:
        assert (await response.json())["error"] == code


async def test_lists_come_in_pages(clock: SimulatedClock, client: AsyncWebClient) -> None:
    for number in range(25):
        await client.chat_postMessage(channel="C0NETWORK", text=f"Message {number}")
        clock.advance(timedelta(seconds=2))
    texts: list[str] = []
    pages = 0
    async for page in await client.conversations_history(channel="C0NETWORK", limit=10):
        pages += 1
        texts += [message["text"] for message in page["messages"]]

    assert pages == 3
    assert texts == [f"Message {number}" for number in reversed(range(25))]
    assert await refused(client.conversations_history(channel="C0NETWORK", cursor="nonsense")) == "invalid_cursor"
    assert await refused(client.conversations_history(channel="C0NETWORK", limit=5000)) == "invalid_limit"


async def test_history_between_two_moments(client: AsyncWebClient, siti: Person) -> None:
    stamps = [await siti.says(text, "C0NETWORK") for text in ("one", "two", "three")]

    between = await client.conversations_history(channel="C0NETWORK", oldest=stamps[0], latest=stamps[2])
    inclusive = await client.conversations_history(
        channel="C0NETWORK", oldest=stamps[0], latest=stamps[2], inclusive=True
    )

    assert [m["text"] for m in between["messages"]] == ["two"]
    assert [m["text"] for m in inclusive["messages"]] == ["three", "two", "one"]


async def test_threads(client: AsyncWebClient, siti: Person) -> None:
    parent = await siti.says("Who reports this year?", "C0NETWORK")
    await client.chat_postMessage(channel="C0NETWORK", thread_ts=parent, text="All eleven members")

    replies = await client.conversations_replies(channel="C0NETWORK", ts=parent)
    history = await client.conversations_history(channel="C0NETWORK")

    assert [m["text"] for m in replies["messages"]] == ["Who reports this year?", "All eleven members"]
    assert replies["messages"][1]["parent_user_id"] == "U0SITI"
    assert [(m["text"], m["reply_count"]) for m in history["messages"]] == [("Who reports this year?", 1)]


async def test_people_and_channels_can_be_looked_up(client: AsyncWebClient) -> None:
    by_mail = await client.users_lookupByEmail(email="Bounmy@Example.org")
    listed = await client.conversations_list(types="public_channel,private_channel")
    mine = await client.users_conversations()
    channel = await client.conversations_info(channel="C0NETWORK")
    members = await client.conversations_members(channel="C0NETWORK")

    assert by_mail["user"]["id"] == "U0BOUNMY" and by_mail["user"]["is_restricted"]
    assert by_mail["user"]["tz_offset"] == 7 * 3600
    assert [c["name"] for c in listed["channels"]] == ["network", "lounge"]
    assert [c["name"] for c in mine["channels"]] == ["network"]
    assert channel["channel"]["is_member"]
    assert members["members"] == ["U0SITI", BOT_USER]
    assert (await client.team_info())["team"]["id"] == "T0SPNET"
    assert (await client.bots_info(bot=BOT_ID))["bot"]["user_id"] == BOT_USER


async def test_the_bot_joins_a_public_channel_and_no_private_one(client: AsyncWebClient) -> None:
    assert await refused(client.chat_postMessage(channel="C0LOUNGE", text="Hello")) == "not_in_channel"
    await client.conversations_join(channel="C0LOUNGE")
    await client.chat_postMessage(channel="#lounge", text="Hello")

    assert (await client.conversations_join(channel="C0LOUNGE"))["warning"] == "already_in_channel"
    assert await refused(client.conversations_join(channel="G0SECRET")) == "channel_not_found"


async def test_a_file_is_uploaded_and_shared(sandbox: Sandbox, client: AsyncWebClient, siti: Person) -> None:
    done = await client.files_upload_v2(
        channel="C0NETWORK", file=io.BytesIO(b"%PDF-1.7 chart"), filename="chart.pdf", initial_comment="The chart"
    )

    (message,) = siti.messages("C0NETWORK")
    assert (message.text, message.files[0]["name"]) == ("The chart", "chart.pdf")
    info = await client.files_info(file=done["files"][0]["id"])
    assert info["file"]["size"] == 14
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    url = info["file"]["url_private"]
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        assert await response.read() == b"%PDF-1.7 chart"
    sync = WebClient(token=sandbox.bot_token, base_url=sandbox.base_url)
    await asyncio.to_thread(lambda: sync.files_upload_v2(channel="C0NETWORK", content="a,b", filename="a.csv"))
    assert siti.messages("C0NETWORK")[1].files[0]["filetype"] == "csv"


async def test_a_picture_carries_its_words(client: AsyncWebClient, siti: Person) -> None:
    given: dict[str, Any] = {"channel": "C0NETWORK", "content": b"\x89PNG", "filename": "map.png"}
    await client.files_upload_v2(**given, alt_txt="A map of eleven countries")

    (file,) = siti.messages("C0NETWORK")[0].files
    assert (file["alt_txt"], file["mimetype"]) == ("A map of eleven countries", "image/png")
    assert await refused(client.files_upload_v2(**given, alt_txt="x" * 1001)) == "alt_txt_too_large"


async def test_a_large_file_is_taken(client: AsyncWebClient, siti: Person) -> None:
    await client.files_upload_v2(channel="C0NETWORK", content=b"x" * 3_000_000, filename="report.pdf")

    assert siti.messages("C0NETWORK")[0].files[0]["size"] == 3_000_000


@given(
    body=st.binary(max_size=60),
    content_type=st.sampled_from(
        [
            "application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/plain",
            "odd",
        ]
    ),
    query=st.text(max_size=20),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_bytes_come_are_answered(
    sandbox: Sandbox, client: AsyncWebClient, body: bytes, content_type: str, query: str
) -> None:
    headers = {"Authorization": f"Bearer {sandbox.bot_token}", "Content-Type": content_type}
    url = sandbox.base_url + "chat.postMessage"
    assert client.session is not None
    async with client.session.post(url, params={"q": query}, data=body, headers=headers) as response:
        assert response.status == 200
        assert not (await response.json())["ok"]


async def test_messages_are_changed_deleted_and_linked(client: AsyncWebClient, siti: Person) -> None:
    posted = await client.chat_postMessage(
        channel="U0SITI", text="Old", blocks=BLOCKS, metadata={"event_type": "a", "event_payload": {}}
    )
    place = {"channel": posted["channel"], "ts": posted["ts"]}

    (message,) = siti.messages()
    await client.chat_update(**place, text="New", blocks=BLOCKS * 2)
    assert (message.text, len(message.blocks), message.edited) == ("New", 2, None)
    await client.chat_update(**place, text="Bare")
    assert (message.blocks, message.edited is not None, message.metadata is not None) == ([], True, True)
    await client.chat_update(**place, text="Bare", metadata={})
    assert message.metadata is None
    assert await refused(client.chat_update(channel="U0SITI", ts=posted["ts"], text="x")) == "channel_not_found"
    link = await client.chat_getPermalink(channel=posted["channel"], message_ts=posted["ts"])
    assert link["permalink"].endswith(f"/archives/{posted['channel']}/p{posted['ts'].replace('.', '')}")
    await client.chat_delete(**place)
    assert siti.messages() == []
    assert await refused(client.chat_update(**place, text="Too late")) == "message_not_found"


async def test_an_ephemeral_message_is_seen_by_one_and_cannot_be_changed(
    sandbox: Sandbox, client: AsyncWebClient, siti: Person
) -> None:
    sandbox.workspace.add_user("U0AISYAH", "Aisyah Noor", "aisyah@example.org", "Asia/Jakarta")
    posted = await client.chat_postEphemeral(channel="C0NETWORK", user="U0SITI", text="Only for you")

    assert [m.ephemeral for m in siti.messages("C0NETWORK")] == [True]
    assert sandbox.person("U0AISYAH").messages("C0NETWORK") == []
    assert (await client.conversations_history(channel="C0NETWORK"))["messages"] == []
    ts = posted["message_ts"]
    assert await refused(client.chat_update(channel="C0NETWORK", ts=ts, text="x")) == "message_not_found"
    assert (
        await refused(client.chat_postEphemeral(channel="C0NETWORK", user="U0BOUNMY", text="x"))
        == "user_not_in_channel"
    )


async def test_the_home_view_is_published(client: AsyncWebClient, siti: Person) -> None:
    view = {"type": "home", "blocks": BLOCKS}
    first = await client.views_publish(user_id="U0SITI", view=view)
    await client.views_publish(user_id="U0SITI", view=view, hash=first["view"]["hash"])

    assert siti.home is not None and siti.home["blocks"][0]["text"]["text"] == "Hello"
    code = await refused(client.views_publish(user_id="U0SITI", view=view, hash=first["view"]["hash"]))
    assert code == "hash_conflict"


async def test_every_call_is_kept_for_assertions(sandbox: Sandbox, client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel="C0NOWHERE", text="Hello")

    (call,) = sandbox.calls
    assert (call.method, call.arguments["text"], call.response["error"]) == (
        "chat.postMessage",
        "Hello",
        "channel_not_found",
    )
