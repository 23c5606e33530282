"""The workspace and the mailbox, kept in a folder and read again: after a stop, and after a kill at any moment."""

from __future__ import annotations

import asyncio
import errno
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple

import aiosmtplib
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SimulatedClock
from bot.sandbox import BOT_USER, Mailbox, Person, Sandbox
from bot.sandbox.faults import FAULTS, clear
from bot.sandbox.gestures import presents, reads
from bot.sandbox.kept import VERSION, Kept, NotReadable, OtherVersion
from tests.unit.sandbox.conftest import asks, button, modal

MAIL = b"From: bot@example.org\r\nTo: Siti <siti@example.org>\r\nSubject: One\r\n\r\nHello\r\n"


class World(NamedTuple):
    """A sandbox and a mailbox that are kept."""

    sandbox: Sandbox
    mailbox: Mailbox
    kept: Kept

    @property
    def siti(self) -> Person:
        return self.sandbox.person("U0SITI")

    @property
    def client(self) -> AsyncWebClient:
        return AsyncWebClient(token=self.sandbox.bot_token, base_url=self.sandbox.base_url)


@asynccontextmanager
async def world(folder: Path, clock: SimulatedClock, *, stop: bool = True) -> AsyncIterator[World]:
    """Start on what the folder holds; without `stop` it ends as a kill ends it: nothing is written any more."""
    mailbox = Mailbox(folder / "mail")
    sandbox = Sandbox(clock, mailbox=mailbox, rates=False)
    kept = Kept(sandbox, mailbox, folder)
    await sandbox.start()
    if Kept.is_there(folder):
        kept.read()
    else:
        people = sandbox.workspace
        people.add_user("U0SITI", "Siti Rahmadani", "siti@example.org", "Asia/Jakarta", title="Focal point")
        people.add_user("U0BOUNMY", "Bounmy Keo", "bounmy@example.org", "Asia/Vientiane", guest=True)
        people.add_user("U0PER", "Per Larsen", "per@example.org", "Europe/Oslo", team="T0PARTNER")
        people.add_user("U0GONE", "Gone Person", "gone@example.org", "Asia/Jakarta", deactivated=True)
        people.add_channel("C0NETWORK", "network", ["U0SITI", BOT_USER])
        people.add_channel("G0SECRET", "secretariat", ["U0BOUNMY"], private=True, archived=True)
    await mailbox.start()
    kept.start()
    # From now on it waits for changes.
    await asyncio.sleep(0)
    try:
        yield World(sandbox, mailbox, kept)
    finally:
        await kept.stop(write=stop)
        await mailbox.stop()
        await sandbox.stop()


def choice(action_id: str, *values: str) -> dict[str, Any]:
    options = [{"text": {"type": "plain_text", "text": value}, "value": value} for value in values]
    return {"type": "actions", "elements": [{"type": "static_select", "action_id": action_id, "options": options}]}


async def lives(on: World) -> None:
    """Something of everything that a workspace can hold."""
    siti, client = on.siti, on.client
    first = await siti.says("Have a look <here> & there")
    await siti.edits(first, "Have a look")
    await siti.deletes(await siti.says("Never mind"))
    await siti.uploads("survey.csv", b"a,b\n1,2\n", "the survey")
    said = await client.chat_postMessage(channel="C0NETWORK", text="Shall we?", blocks=[button("start:0")])
    await client.chat_postMessage(channel="C0NETWORK", text="In a thread", thread_ts=str(said["ts"]))
    await client.chat_postEphemeral(channel="C0NETWORK", user="U0SITI", text="Only you")
    await client.reactions_add(channel="C0NETWORK", timestamp=str(said["ts"]), name="thumbsup")
    await client.pins_add(channel="C0NETWORK", timestamp=str(said["ts"]))
    await client.chat_postMessage(
        channel="U0SITI", text="?", metadata={"event_type": "spnet", "event_payload": {"about": "prompt:1:1"}}
    )
    await client.views_publish(user_id="U0SITI", view={"type": "home", "blocks": [button("start:0")]})
    trigger = on.sandbox.slack.triggers.give("U0SITI")
    await client.views_open(trigger_id=trigger, view=modal(asks("title"), asks("text")))
    await client.chat_postMessage(channel="C0NETWORK", text="Which one?", blocks=[choice("format", "full", "update")])
    await siti.selects("format", "update")
    await reads(siti, "C0NETWORK", str(said["ts"]))
    await presents(siti, status=":palm_tree: on leave")
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=on.mailbox.port, use_tls=False, start_tls=False) as smtp:
        await smtp.sendmail("bot@example.org", ["siti@example.org", "hidden@example.org"], MAIL)


def everything(on: World) -> dict[str, Any]:
    """All that is kept, so that it can be compared; the port of a file's address left out."""
    slack, workspace = on.sandbox.slack, on.sandbox.workspace
    found = {
        "users": {user.id: plain(user) for user in workspace.users.values()},
        "channels": {channel.id: plain(channel) for channel in workspace.channels.values()},
        "files": {file.id: plain(file) for file in slack.files.all.values()},
        "letters": [(x.sender, x.recipients, x.raw) for x in on.mailbox.letters],
        "open": sorted((e.kind, json.dumps(e.payload)) for e in slack.outbox.open.values()),
        "counters": workspace.counters,
        "blocks": slack.reader.given,
    }
    return json.loads(re.sub(r"http://127\.0\.0\.1:\d+", "http://origin", json.dumps(found, default=str)))


def plain(thing: Any) -> dict[str, Any]:
    row = {field.name: getattr(thing, field.name) for field in fields(thing)}
    if "messages" in row:
        row["messages"] = [plain(message) for message in row["messages"].values()]
    if "chosen" in row:
        row["chosen"] = sorted((list(place), value) for place, value in row["chosen"].items())
    return row


@pytest.mark.parametrize("stop", [True, False])
async def test_what_was_there_is_there_again(tmp_path: Path, clock: SimulatedClock, stop: bool) -> None:
    async with world(tmp_path, clock, stop=stop) as on:
        await lives(on)
        # Nobody hears, so everything that was put on its way is still open.
        await asyncio.sleep(0)
        before = everything(on)
    assert len(before["open"]) > 5
    async with world(tmp_path, clock) as on:
        assert everything(on) == before


@pytest.mark.parametrize("stop", [True, False])
async def test_half_of_a_sign_is_kept_too(tmp_path: Path, clock: SimulatedClock, stop: bool) -> None:
    async with world(tmp_path, clock, stop=stop) as on:
        await on.sandbox.person("U0SITI").says("cut \ud83d")
        await asyncio.sleep(0)
        before = everything(on)
    async with world(tmp_path, clock) as on:
        assert everything(on) == before


async def test_a_form_that_is_half_filled_in_is_so_after_a_stop(tmp_path: Path, clock: SimulatedClock) -> None:
    async with world(tmp_path, clock) as on:
        trigger = on.sandbox.slack.triggers.give("U0SITI")
        await on.client.views_open(trigger_id=trigger, view=modal(asks("title"), asks("text")))
        await on.siti.fills(title="A lesson")
    async with world(tmp_path, clock) as on:
        assert on.siti.view is not None
        assert on.siti.view["state"]["values"]["title"]["title"]["value"] == "A lesson"
        await on.siti.closes()
        assert on.siti.view is None


async def test_what_was_read_twice_does_no_harm(tmp_path: Path, clock: SimulatedClock) -> None:
    """Killed between writing everything and emptying the changes: the changes are older than the whole."""
    async with world(tmp_path, clock) as on:
        await lives(on)
        await asyncio.sleep(0)
        changes = (tmp_path / "changes.jsonl").read_bytes()
        before = everything(on)
    assert changes
    (tmp_path / "changes.jsonl").write_bytes(changes)
    async with world(tmp_path, clock) as on:
        assert everything(on) == before


async def test_a_line_that_was_cut_off_is_passed_over(tmp_path: Path, clock: SimulatedClock) -> None:
    async with world(tmp_path, clock, stop=False) as on:
        await on.siti.says("This is kept")
        await asyncio.sleep(0)
    with (tmp_path / "changes.jsonl").open("a") as stream:
        stream.write('{"message":{"ts":"17')
    async with world(tmp_path, clock) as on:
        assert [message.text for message in on.siti.messages()] == ["This is kept"]


async def test_the_bot_is_answered_only_when_its_message_is_on_the_disk(tmp_path: Path, clock: SimulatedClock) -> None:
    async with world(tmp_path, clock, stop=False) as on:
        for number in range(20):
            said = await on.client.chat_postMessage(channel="U0SITI", text=f"Message {number}")
            assert f'"ts":"{said["ts"]}"' in (tmp_path / "changes.jsonl").read_text()


async def test_the_changes_are_written_together_when_they_have_grown_long(
    tmp_path: Path, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sandbox.kept.MOST_BYTES", 2000)
    async with world(tmp_path, clock, stop=False) as on:
        for number in range(30):
            await on.siti.says(f"Message {number}")
            await asyncio.sleep(0)
        assert (tmp_path / "changes.jsonl").stat().st_size <= 2000
        before = everything(on)
    async with world(tmp_path, clock) as on:
        assert everything(on) == before


async def test_a_disk_that_was_full_gets_everything_as_soon_as_it_takes_something_again(
    tmp_path: Path, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, clock, stop=False) as on:

        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr("bot.sandbox.kept.os.write", full)
            await on.siti.says("Nobody writes this down")
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        await on.siti.says("And this?")
        await asyncio.sleep(0)
        before = everything(on)
    async with world(tmp_path, clock) as on:
        assert everything(on) == before


async def test_what_nobody_acknowledged_comes_again_and_is_counted(tmp_path: Path, clock: SimulatedClock) -> None:
    async with world(tmp_path, clock) as on:
        await on.siti.says("Is anybody there?")
    async with world(tmp_path, clock) as on:
        (envelope,) = on.sandbox.slack.outbox.open.values()
        assert (envelope.attempt, envelope.reason) == (1, "timeout")
        assert envelope.payload["event"]["text"] == "Is anybody there?"


async def test_a_command_whose_person_gave_up_does_not_come_again(tmp_path: Path, clock: SimulatedClock) -> None:
    async with world(tmp_path, clock) as on:
        command = asyncio.create_task(on.siti.command("/spnet", "help"))
        await asyncio.sleep(0)
        assert len(on.sandbox.slack.outbox.open) == 1
        command.cancel()
        await asyncio.wait([command])
    async with world(tmp_path, clock) as on:
        assert not on.sandbox.slack.outbox.open


async def test_a_letter_without_its_line_says_itself_whom_it_is_for(tmp_path: Path, clock: SimulatedClock) -> None:
    async with world(tmp_path, clock):
        pass
    (tmp_path / "mail" / "00001.eml").write_bytes(MAIL)
    async with world(tmp_path, clock) as on:
        (letter,) = on.mailbox.to("siti@example.org")
        assert letter.sender == "bot@example.org"


async def test_a_letter_without_its_line_that_says_nothing_is_there_too(tmp_path: Path, clock: SimulatedClock) -> None:
    async with world(tmp_path, clock):
        pass
    (tmp_path / "mail" / "00001.eml").write_bytes(b'To: "<<<,,@@ [\r\n\r\nx')
    async with world(tmp_path, clock) as on:
        (letter,) = on.mailbox.letters
        assert (letter.sender, letter.text()) == ("", "x")


async def test_another_version_is_told_apart_from_damage(tmp_path: Path, clock: SimulatedClock) -> None:
    async with world(tmp_path, clock):
        pass
    whole = tmp_path / "workspace.json"
    good = whole.read_text()
    whole.write_text(good.replace(f'"version": {VERSION}', '"version": 99', 1))
    with pytest.raises(OtherVersion):
        Kept.look(tmp_path)
    for bad in (good[:-20], "[]", "{}", good.replace('"ts"', '"tt"').replace('"id"', '"no"', 1)):
        whole.write_text(bad)
        with pytest.raises(NotReadable):
            async with world(tmp_path, clock):
                pass


async def test_rows_that_are_none_are_damage(tmp_path: Path, clock: SimulatedClock) -> None:
    async with world(tmp_path, clock):
        pass
    (tmp_path / "workspace.json").write_text(json.dumps({"version": VERSION, "rows": 5}))
    with pytest.raises(NotReadable, match=r"workspace\.json"):
        Kept.look(tmp_path)


async def test_a_moment_that_cannot_be_read_is_damage(tmp_path: Path, clock: SimulatedClock) -> None:
    async with world(tmp_path, clock):
        pass
    assert Kept.moment(tmp_path) == clock.now()
    (tmp_path / "clock").write_text("yesterday")
    with pytest.raises(NotReadable, match="clock"):
        Kept.look(tmp_path)


async def test_a_line_that_is_broken_in_the_middle_is_damage(tmp_path: Path, clock: SimulatedClock) -> None:
    async with world(tmp_path, clock):
        pass
    (tmp_path / "changes.jsonl").write_text('{"message":\n{"gone":["C0NETWORK","1.0"]}\n')
    with pytest.raises(NotReadable, match=r"changes\.jsonl"):
        Kept.look(tmp_path)


@pytest.mark.parametrize("stop", [True, False])
async def test_a_fault_that_changed_the_workspace_can_be_switched_off_after_a_stop(
    tmp_path: Path, clock: SimulatedClock, stop: bool
) -> None:
    lasting = {"deactivate", "other_organisation", "remove_from_channel", "archive"}
    async with world(tmp_path, clock, stop=stop) as on:
        before = everything(on)
        faults = on.sandbox.faults
        faults.deactivate("U0SITI")
        faults.deactivate(BOT_USER)
        faults.other_organisation("U0SITI")
        faults.remove_from_channel("C0NETWORK")
        faults.archive("C0NETWORK")
        await asyncio.sleep(0)
    async with world(tmp_path, clock) as on:
        assert {name for name, fault in FAULTS.items() if fault.on(on.sandbox.faults)} == lasting
        with pytest.raises(SlackApiError, match="account_inactive"):
            await on.client.auth_test()
        clear(on.sandbox.faults)
        assert (await on.client.auth_test())["ok"]
        after = everything(on)
        for world_then in (before, after):
            # Whoever comes back stands last.
            for channel in world_then["channels"].values():
                channel["members"] = sorted(channel["members"])
        assert (after["users"], after["channels"]) == (before["users"], before["channels"])
