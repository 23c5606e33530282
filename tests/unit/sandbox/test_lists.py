"""Every list comes in pages: by cursor, and the two older ones by number."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import BOT_USER, Person, Sandbox, gestures
from tests.unit.sandbox.conftest import refused

List = Callable[..., Awaitable[Any]]


async def _channels(sandbox: Sandbox, _siti: Person) -> None:
    for number in range(3):
        sandbox.workspace.add_channel(f"C0N{number}", f"n{number}", [BOT_USER, "U0SITI"])


async def _members(sandbox: Sandbox, _siti: Person) -> None:
    for number in range(3):
        sandbox.workspace.add_user(f"U0N{number}", f"N{number}", f"n{number}@example.org", "UTC")
        sandbox.workspace.channels["C0NETWORK"].members[f"U0N{number}"] = None


async def _thread(_sandbox: Sandbox, siti: Person) -> None:
    parent = await siti.says("0", "C0NETWORK")
    for number in range(1, 5):
        await siti.says(str(number), "C0NETWORK", thread=parent)


async def _messages(_sandbox: Sandbox, siti: Person) -> None:
    for number in range(5):
        ts = await siti.says(str(number), "C0NETWORK")
        await gestures.reacts(siti, "tada", ts, "C0NETWORK")


def parent(sandbox: Sandbox) -> str:
    """The ts of the first message of the channel."""
    return next(iter(sandbox.workspace.channels["C0NETWORK"].messages))


LISTS: list[tuple[str, Callable[..., Awaitable[None]], str, int, Callable[[AsyncWebClient, Sandbox], List]]] = [
    ("conversations.list", _channels, "channels", 5, lambda c, s: c.conversations_list),
    (
        "conversations.members",
        _members,
        "members",
        5,
        lambda c, s: lambda **page: c.conversations_members(channel="C0NETWORK", **page),
    ),
    (
        "conversations.history",
        _messages,
        "messages",
        5,
        lambda c, s: lambda **page: c.conversations_history(channel="C0NETWORK", **page),
    ),
    (
        "conversations.replies",
        _thread,
        "messages",
        5,
        lambda c, s: lambda **page: c.conversations_replies(channel="C0NETWORK", ts=parent(s), **page),
    ),
    ("users.list", _members, "members", 7, lambda c, s: c.users_list),
    (
        "users.conversations",
        _channels,
        "channels",
        5,
        lambda c, s: lambda **page: c.users_conversations(user="U0SITI", **page),
    ),
    (
        "reactions.list",
        _messages,
        "items",
        5,
        lambda c, s: lambda **page: c.reactions_list(user="U0SITI", **page),
    ),
]


@pytest.mark.parametrize(("fill", "key", "count", "method"), [row[1:] for row in LISTS], ids=[row[0] for row in LISTS])
async def test_a_list_by_cursor(
    sandbox: Sandbox,
    client: AsyncWebClient,
    siti: Person,
    fill: Callable[..., Awaitable[None]],
    key: str,
    count: int,
    method: Callable[[AsyncWebClient, Sandbox], List],
) -> None:
    await fill(sandbox, siti)
    ask = method(client, sandbox)

    found: list[str] = []
    sizes: list[int] = []
    cursor = ""
    while True:
        page = await ask(limit=2, cursor=cursor)
        found += [str(item) for item in page[key]]
        sizes.append(len(page[key]))
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            break

    assert sizes == [2] * (count // 2) + [1] * (count % 2)
    assert len(set(found)) == count
    assert await refused(ask(cursor="somewhere")) == "invalid_cursor"
    assert await refused(ask(limit=-1)) == "invalid_limit"


async def test_files_are_listed_by_number_and_by_what_they_are(
    sandbox: Sandbox, client: AsyncWebClient, siti: Person
) -> None:
    for name in ("a.png", "b.csv", "c.pdf"):
        await client.files_upload_v2(channel="C0NETWORK", content="x", filename=name)
    await siti.uploads("d.png", b"x", "Mine", "C0NETWORK")
    await siti.uploads("e.png", b"x", "For the bot")

    async def names(**wanted: Any) -> list[str]:
        return [file["name"] for file in (await client.files_list(**wanted))["files"]]

    page = await client.files_list(count=2, page=2)
    assert [file["name"] for file in page["files"]] == ["c.pdf", "b.csv"]
    assert page["paging"] == {"count": 2, "total": 5, "page": 2, "pages": 3}
    assert await names(types="images") == ["e.png", "d.png", "a.png"]
    assert await names(types="pdfs,snippets") == ["c.pdf", "b.csv"]
    assert await names(user="U0SITI", channel="C0NETWORK") == ["d.png"]
    assert await names(ts_from=str(sandbox.workspace.seconds() + 1)) == []
    assert await refused(client.files_list(types="poems")) == "unknown_type"
    assert await refused(client.files_list(user="U0NOBODY")) == "user_not_found"
    assert await refused(client.files_list(count="many")) == "invalid_arguments"


async def test_reactions_are_listed_by_number_too_and_looked_at(
    sandbox: Sandbox, client: AsyncWebClient, siti: Person
) -> None:
    await _messages(sandbox, siti)
    page = await client.reactions_list(user="U0SITI", count=3, page=2)

    assert [item["message"]["text"] for item in page["items"]] == ["1", "0"]
    assert page["paging"] == {"count": 3, "total": 5, "page": 2, "pages": 2}
    found = await client.reactions_get(channel="C0NETWORK", timestamp=parent(sandbox))
    assert (found["type"], found["message"]["reactions"]) == (
        "message",
        [{"name": "tada", "users": ["U0SITI"], "count": 1}],
    )
    assert await refused(client.reactions_get()) == "no_item_specified"
    assert await refused(client.reactions_get(channel="C0NETWORK", timestamp="soon")) == "bad_timestamp"
    assert await refused(client.reactions_list(user="U0NOBODY")) == "user_not_found"


async def test_a_deleted_file_is_gone_from_everywhere(client: AsyncWebClient, siti: Person) -> None:
    done = await client.files_upload_v2(channel="C0NETWORK", content="x", filename="a.txt", initial_comment="See")
    await client.files_upload_v2(channel="C0NETWORK", content="y", filename="b.txt")
    await siti.uploads("mine.txt", b"x", "Mine", "C0NETWORK")
    listed = {file["name"]: file["id"] for file in (await client.files_list())["files"]}

    await client.files_delete(file=listed["a.txt"])
    await client.files_delete(file=listed["b.txt"])

    assert [message.text for message in siti.messages("C0NETWORK")] == ["See", "Mine"]
    assert siti.messages("C0NETWORK")[0].files == []
    assert await refused(client.files_info(file=done["files"][0]["id"])) == "file_not_found"
    assert await refused(client.files_delete(file=listed["a.txt"])) == "file_deleted"
    assert await refused(client.files_delete(file=listed["mine.txt"])) == "cant_delete_file"
    assert await refused(client.files_delete(file="F0NONE")) == "file_not_found"
    assert [file["name"] for file in (await client.files_list())["files"]] == ["mine.txt"]
