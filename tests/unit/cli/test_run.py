"""spnet run: it starts, it stops, and what stands in its way is said in a line."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
import time
from pathlib import Path

import aiohttp

from tests.stage import NETWORK
from tests.unit.cli.conftest import Ended, World, spnet


def is_clear(ended: Ended, *words: str, code: int = 1) -> None:
    """One clear line, what to do, no traceback, nothing secret."""
    assert ended.code == code, ended
    assert "Traceback" not in ended.err + ended.out
    assert "xoxb-sandbox" not in ended.err
    for each in words:
        assert each in ended.err, ended.err


async def test_it_runs_is_healthy_and_stops_within_five_seconds(world: World) -> None:
    process = await spnet("run", "--config", str(world.config()))
    line = await process.says("The bot works")
    await world.sandbox.connected()
    health = line.split("Health: ")[1].split(" ")[0].rstrip(".")
    async with aiohttp.ClientSession() as session, session.get(health) as answer:
        assert await answer.json() == {"status": "ok", "database": "ok", "chat": "ok"}
    begun = time.monotonic()
    process.signal()
    ended = await process.ended()
    assert time.monotonic() - begun < 5
    assert ended.code == 0
    assert "Stopped." in ended.out
    assert "Traceback" not in ended.err


async def test_python_m_bot_is_the_same(world: World) -> None:
    world.config()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "--config", str(world.folder / "config.toml")),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "COLUMNS": "200"},
    )
    assert process.stdout is not None
    lines = [await asyncio.wait_for(process.stdout.readline(), 60) for _ in range(2)]
    assert b"The bot works" in b"".join(lines)
    process.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(process.wait(), 60) == 0


async def test_it_answers_a_person(world: World) -> None:
    process = await spnet("run", "--config", str(world.config()))
    await process.says("The bot works")
    aisyah = world.sandbox.person("U0AISYAH")
    await aisyah.says("hello")
    await aisyah.hears(lambda message: bool(message.bot), timeout=20)
    process.signal()
    ended = await process.ended()
    assert "hello" not in ended.err
    assert "aisyah@example.org" not in ended.err


async def test_no_configuration(tmp_path: Path) -> None:
    ended = await (await spnet("run", "--config", str(tmp_path / "none.toml"))).ended()
    is_clear(ended, "none.toml", "config.example.toml", code=2)


async def test_a_wrong_configuration_names_key_fault_and_example(world: World) -> None:
    path = world.config(slack__bot_token="abc", mail__port=99999, slack__network_channel="#network")
    ended = await (await spnet("run", "--config", str(path))).ended()
    is_clear(ended, "slack.bot_token", "xoxb-...", "mail.port", "port = 587", "slack.network_channel", code=2)


async def test_a_missing_token(world: World) -> None:
    ended = await (await spnet("run", "--config", str(world.config(slack__bot_token=None)))).ended()
    is_clear(ended, "slack.bot_token is missing", code=2)


async def test_a_token_that_slack_does_not_know(world: World) -> None:
    ended = await (await spnet("run", "--config", str(world.config(slack__bot_token="xoxb-other")))).ended()
    is_clear(ended, "bot_token", "invalid_auth", "OAuth & Permissions")


async def test_an_app_token_that_slack_does_not_know(world: World) -> None:
    ended = await (await spnet("run", "--config", str(world.config(slack__app_token="xapp-other")))).ended()
    is_clear(ended, "app_token", "invalid_auth", "Basic Information")


async def test_a_channel_without_the_bot_is_said_and_the_rest_works(world: World) -> None:
    world.sandbox.faults.remove_from_channel(NETWORK)
    process = await spnet("run", "--config", str(world.config()))
    await process.says("The bot works")
    process.signal()
    ended = await process.ended()
    is_clear(ended, "not in the channel #network", "/invite @spnet", "waits", code=0)


async def test_a_port_that_is_taken(world: World, taken_port: int) -> None:
    ended = await (await spnet("run", "--config", str(world.config(pages__port=taken_port)))).ended()
    is_clear(ended, f"Port {taken_port} is taken", "[pages]")


async def test_a_mail_server_that_is_down(world: World, taken_port: int) -> None:
    path = world.config(mail__port=world.mailbox.port)
    await world.mailbox.stop()
    process = await spnet("run", "--config", str(path))
    await process.says("The bot works")
    assert process.process.stderr is not None
    said = ""
    while "mails wait" not in said:
        said += (await asyncio.wait_for(process.process.stderr.readline(), 60)).decode()
    assert "does not answer" in said
    process.signal()
    assert (await process.ended()).code == 0


async def test_a_database_that_another_program_holds(world: World) -> None:
    holder = sqlite3.connect(world.database, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    ended = await (await spnet("run", "--config", str(world.config()))).ended()
    holder.close()
    is_clear(ended, "in use by another program")


async def test_a_database_whose_folder_is_not_there(world: World) -> None:
    path = world.config(database__url=f"sqlite:///{world.folder}/nowhere/spnet.db")
    ended = await (await spnet("run", "--config", str(path))).ended()
    is_clear(ended, "cannot be reached", "[database]")


async def test_a_postgresql_that_is_not_there(world: World, taken_port: int) -> None:
    path = world.config(database__url="postgresql://spnet:hidden-password@127.0.0.1:1/spnet")
    ended = await (await spnet("run", "--config", str(path))).ended()
    is_clear(ended, "cannot be reached")
    assert "hidden-password" not in ended.err


async def test_slack_out_of_reach_is_no_reason_not_to_start(world: World) -> None:
    path = world.config()
    port = int(world.sandbox.base_url.split(":")[2].split("/")[0])
    await world.sandbox.stop()
    process = await spnet("run", "--config", str(path))
    await process.says("The bot works")
    await world.sandbox.start(port)
    await world.sandbox.connected(timeout=60)
    process.signal()
    is_clear(await process.ended(), "Slack cannot be reached", "keeps trying", code=0)


async def test_it_can_be_stopped_while_it_starts(world: World) -> None:
    world.sandbox.faults.slow("auth.test", 10)
    process = await spnet("run", "--config", str(world.config()))
    while world.sandbox.slack.activity.is_idle:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    begun = time.monotonic()
    process.signal()
    ended = await process.ended()
    assert time.monotonic() - begun < 5
    assert ended.code == 0
    assert "Traceback" not in ended.err


async def test_a_rehearsal(world: World) -> None:
    process = await spnet("run", "--config", str(world.config()), "--rehearse", "Aisyah@Example.org")
    await process.says("A rehearsal: everything is said to Aisyah Noor")
    await process.says("The bot works")
    process.signal()
    assert (await process.ended()).code == 0


async def test_a_rehearsal_with_nobody(world: World) -> None:
    ended = await (await spnet("run", "--config", str(world.config()), "--rehearse", "Nobody")).ended()
    is_clear(ended, "I know nobody called “Nobody”")
