"""What people do and see, told over HTTP: whole, only what changed, and as a stream."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from bot.sandbox.control.address import MOST_STREAMS
from tests.unit.sandbox.control.caller import Caller, words


async def test_siti_writes_and_sees_it_and_then_only_what_is_new(call: Caller) -> None:
    await call.does("U0SITI", "says", text="good morning", channel="#network")
    first = await call.seen("U0SITI")
    assert words(first) == ["good morning"]
    assert next(p for p in first["people"] if p["id"] == "U0SITI")["title"] == "Focal point, Indonesia"

    await call.does("U0SITI", "says", text="good evening", channel="#network")
    assert words(await call.seen("U0SITI", first["n"])) == ["good evening"]


async def test_what_several_people_see_comes_in_one_answer(call: Caller) -> None:
    await call.does("U0AISYAH", "says", text="for us", channel="#secretariat")
    both = (await call.get("/control/seen?as=U0SITI&as=U0AISYAH"))[1]["seen"]
    assert [(seen["me"], words(seen)) for seen in both] == [("U0SITI", []), ("U0AISYAH", ["for us"])]


async def test_what_is_private_stays_with_those_inside(call: Caller) -> None:
    await call.does("U0AISYAH", "says", text="to be returned", channel="G0SECRET")
    await call.does("U0SITI", "says", text="38.8")
    for seen in (await call.seen("U0BOUNMY"), await call.seen("U0BOUNMY", 1)):
        assert words(seen) == []
        assert not {"G0SECRET", "D0SITI"} & {channel["id"] for channel in seen["channels"]}
    assert words(await call.seen("U0AISYAH")) == ["to be returned"]


async def test_a_guest_sees_no_channel_that_they_are_not_in(call: Caller) -> None:
    await call.does("U0SITI", "says", text="only for members", channel="#network")
    assert words(await call.seen("U0BOUNMY")) == []


async def test_what_only_siti_sees_is_shown_to_nobody_else(call: Caller, client: AsyncWebClient) -> None:
    await client.chat_postEphemeral(channel="C0NETWORK", user="U0SITI", text="only for you")
    assert words(await call.seen("U0SITI")) == ["only for you"]
    assert words(await call.seen("U0AISYAH")) == words(await call.seen("U0AISYAH", 1)) == []


async def test_a_message_that_was_taken_back_is_gone(call: Caller) -> None:
    ts = (await call.does("U0SITI", "says", text="wrong channel", channel="#network"))["ts"]
    n = (await call.seen("U0AISYAH"))["n"]
    await call.does("U0SITI", "deletes", ts=ts, channel="#network")
    assert (await call.seen("U0AISYAH", n))["gone"] == [{"channel": "C0NETWORK", "ts": ts}]


async def test_unread_messages_are_counted_until_they_are_read(call: Caller) -> None:
    await call.does("U0SITI", "says", text="hello @aisyah", channel="#network")
    (channel,) = [c for c in (await call.seen("U0AISYAH"))["channels"] if c["id"] == "C0NETWORK"]
    assert (channel["unread"], channel["mentions"]) == (1, 1)
    await call.does("U0AISYAH", "reads", channel="C0NETWORK")
    (channel,) = [c for c in (await call.seen("U0AISYAH"))["channels"] if c["id"] == "C0NETWORK"]
    assert (channel["unread"], channel["mentions"]) == (0, 0)


async def test_a_date_calls_nobody_and_a_reply_in_a_thread_is_not_unread_in_the_channel(call: Caller) -> None:
    first = await call.does("U0SITI", "says", text="due <!date^1417000000^{date}|soon>", channel="#network", raw=True)
    await call.does("U0SITI", "says", text="a detail", channel="#network", thread=first["ts"])
    (channel,) = [c for c in (await call.seen("U0AISYAH"))["channels"] if c["id"] == "C0NETWORK"]
    assert (channel["unread"], channel["mentions"]) == (1, 0)


async def test_who_leaves_a_private_channel_sees_nothing_of_it_any_more(call: Caller) -> None:
    await call.does("U0AISYAH", "says", text="to be returned", channel="G0SECRET")
    n = (await call.seen("U0AISYAH"))["n"]
    await call.does("U0AISYAH", "leaves", channel="G0SECRET")
    after = await call.seen("U0AISYAH", n)
    assert after["whole"]
    assert words(after) == []
    assert "G0SECRET" not in {channel["id"] for channel in after["channels"]}


async def test_reactions_threads_and_files_are_seen_by_the_others(call: Caller) -> None:
    ts = (await call.does("U0SITI", "says", text="our new law", channel="#network"))["ts"]
    await call.does("U0AISYAH", "reacts", name="tada", ts=ts, channel="#network")
    await call.does("U0AISYAH", "says", text="congratulations", channel="#network", thread=ts)
    await call.does("U0SITI", "uploads", name="law.txt", content="TGF3IDEy", channel="#network", thread=ts)
    message, reply, file = (await call.seen("U0AISYAH"))["messages"]
    assert [(r["name"], r["users"]) for r in message["reactions"]] == [("tada", ["U0AISYAH"])]
    assert (message["replies"], message["repliers"]) == (2, ["U0AISYAH", "U0SITI"])
    assert reply["thread"] == file["thread"] == ts
    async with call.session.get(call.origin + file["files"][0]["url"]) as answer:
        assert await answer.read() == b"Law 12"
        assert answer.headers["Content-Disposition"] == "attachment"
    await call.does("U0AISYAH", "unreacts", name="tada", ts=ts, channel="#network")
    assert (await call.seen("U0AISYAH"))["messages"][0]["reactions"] == []


async def test_a_file_comes_by_multipart_too(call: Caller) -> None:
    form = aiohttp.FormData({"text": "the table", "channel": "C0NETWORK"})
    form.add_field("file", b"a,b\n1,2\n", filename="table.csv", content_type="text/csv")
    async with call.session.post(f"{call.origin}/control/people/U0SITI/uploads", data=form) as answer:
        assert answer.status == 200
    (message,) = (await call.seen("U0SITI"))["messages"]
    assert (message["text"], message["files"][0]["name"], message["files"][0]["size"]) == ("the table", "table.csv", 8)


async def test_a_stream_tells_each_change_once(call: Caller) -> None:
    n = (await call.seen("U0AISYAH"))["n"]
    address = f"{call.origin}/control/live?as=U0AISYAH&after={n}"
    async with call.session.get(address, timeout=aiohttp.ClientTimeout(total=10)) as stream:
        heard: list[str] = []
        for text in ("one", "two"):
            await call.does("U0SITI", "says", text=text, channel="#network")
            while (line := await stream.content.readline()).startswith(b"data:") is False:
                pass
            heard += words(json.loads(line[5:]))
        assert heard == ["one", "two"]


async def test_more_pages_than_the_sandbox_can_serve_are_told_so(call: Caller) -> None:
    async with AsyncExitStack() as open_pages:
        for _ in range(MOST_STREAMS):
            page = await open_pages.enter_async_context(call.session.get(f"{call.origin}/control/live?as=U0SITI"))
            assert page.status == 200
        status, answer = await call.get("/control/live?as=U0SITI")
        assert (status, answer["error"]) == (503, "too_many_pages")


async def test_each_reads_a_date_in_their_own_zone(call: Caller, sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.workspace.users["U0AISYAH"].tz = "Europe/Copenhagen"
    two_in_greenwich = int(datetime(2026, 1, 5, 2, tzinfo=UTC).timestamp())
    await client.chat_postMessage(channel="C0NETWORK", text=f"<!date^{two_in_greenwich}^Due at {{time}}|soon>")
    read = {person: (await call.seen(person))["messages"][0]["drawn"] for person in ("U0SITI", "U0AISYAH")}
    assert {person: nodes[0]["of"][0]["text"] for person, nodes in read.items()} == {
        "U0SITI": "Due at 09:00",
        "U0AISYAH": "Due at 03:00",
    }
