"""Slack's own JavaScript clients, @slack/bolt with all it stands on, work on the sandbox unchanged."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SimulatedClock
from bot.sandbox import Person, Sandbox
from bot.sandbox.gestures import reacts
from tests import npm

PATIENCE = 60.0
"""Real seconds that the app may take to start, or to answer, on a busy machine."""


@pytest.fixture(scope="session")
def modules() -> Path:
    """The packages of tests/javascript, installed by npm as the lock file says, once for a lock file."""
    return npm.installed()


@pytest.fixture(params=["socket", "http"])
async def javascript(request: pytest.FixtureRequest, modules: Path, sandbox: Sandbox) -> AsyncIterator[str]:
    """The app of app.mjs, over a socket and over HTTP in turn, connected."""
    way: str = request.param
    surroundings = {
        **os.environ,
        "SLACK_API": sandbox.base_url,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_SIGNING_SECRET": sandbox.signing_secret,
        "NO_PROXY": "127.0.0.1",
    }
    node = await asyncio.create_subprocess_exec(
        "node",
        "app.mjs",
        way,
        cwd=modules,
        env=surroundings,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert node.stdin is not None and node.stdout is not None and node.stderr is not None
    async with asyncio.timeout(PATIENCE):
        line = await node.stdout.readline()
    if not line.startswith(b"ready"):
        pytest.fail((await node.stderr.read()).decode())
    if way == "http":
        sandbox.delivery = "http"
        sandbox.request_url = f"http://127.0.0.1:{line.split()[1].decode()}/slack/events"
        sandbox.slack.outbox.http.patience = PATIENCE
        assert await sandbox.verify_url()
    else:
        await sandbox.connected()
    yield way
    node.stdin.close()
    _, errors = await asyncio.wait_for(node.communicate(), PATIENCE)
    assert (node.returncode, errors.decode()) == (0, "")


async def heard(person: Person, words: str, channel: str | None = None) -> str:
    """Wait until the app has said these words; gives the message's ts."""
    return (await person.hears(lambda message: words in message.words, PATIENCE, channel)).ts


async def test_a_conversation_with_a_javascript_app(
    javascript: str, sandbox: Sandbox, siti: Person, clock: SimulatedClock
) -> None:
    siti.patience = PATIENCE
    changes = sandbox.workspace.changes

    await siti.says("hello")
    greeting = await heard(siti, "Good morning")
    message = siti.channel(None).messages[greeting]
    assert message.metadata == {"event_type": "greeting", "event_payload": {"to": "U0SITI"}}

    await siti.clicks("open")
    await changes.until(lambda: siti.view, PATIENCE)
    assert await siti.suggests("country", "c") == {"options": [{"text": plain("Cambodia"), "value": "Cambodia"}]}
    await siti.fills(lesson="Oh", country="Cambodia")
    assert await siti.submits() == {"lesson": "Please say a little more"}
    await siti.fills(lesson="Ask early")
    assert await siti.submits() is None
    await heard(siti, "Cambodia: Ask early")

    assert await siti.command("/spnet", "status <now>", "C0NETWORK") == {"text": "One moment"}
    await heard(siti, "You asked: status <now>", "C0NETWORK")

    await siti.says("chart")
    await changes.until(lambda: next((m for m in siti.messages() if m.files and m.bot), None), PATIENCE)
    shared = next(m for m in siti.messages() if m.files)
    assert (shared.text, shared.files[0]["name"], shared.files[0]["mimetype"]) == ("The chart", "chart.csv", "text/csv")
    assert sandbox.slack.files.find(shared.files[0]["id"]).content == b"year,share\n2026,38.8\n"

    await siti.says("everybody")
    await heard(siti, "2 pages: spnetbot, siti, bounmy, per")
    await siti.says("refuse me")
    await heard(siti, "Slack says channel_not_found")

    await siti.says(f"later {sandbox.workspace.seconds() + 600}")
    await heard(siti, "Planned as Q")
    clock.advance(timedelta(minutes=10))
    await sandbox.pass_time()
    assert "It is time" in [m.text for m in siti.messages()]

    await siti.opens_home()
    await changes.until(lambda: siti.home, PATIENCE)
    await reacts(siti, "tada", greeting)
    await changes.until(lambda: message.pinned, PATIENCE)
    await siti.shortcut("share_message", greeting)
    await heard(siti, "Shared: Good morning")
    await sandbox.settled(PATIENCE)


@pytest.mark.parametrize("javascript", ["socket"], indirect=True)
async def test_the_javascript_client_waits_as_long_as_retry_after_says(
    javascript: str, sandbox: Sandbox, siti: Person
) -> None:
    sandbox.faults.limit("chat.postMessage", times=1, retry_after=1)

    await siti.says("hello")
    await heard(siti, "Good morning")

    said = [call.response["ok"] for call in sandbox.calls if call.method == "chat.postMessage"]
    assert said == [False, True]


def plain(text: str) -> dict[str, str]:
    """A text object."""
    return {"type": "plain_text", "text": text}
