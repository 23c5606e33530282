"""The command as a process of its own, against a sandbox and a mailbox of this process."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.sandbox import Mailbox, Sandbox
from tests.cast import PARTS
from tests.conftest import absent
from tests.stage import NETWORK, SECRETARIAT, populate

PATIENCE = 60.0


@dataclass
class World:
    """A workspace, a mailbox, and a configuration that leads to them."""

    folder: Path
    sandbox: Sandbox
    mailbox: Mailbox

    @property
    def database(self) -> Path:
        return self.folder / "spnet.db"

    @property
    def url(self) -> str:
        return f"sqlite+aiosqlite:///{self.database}"

    def config(self, **changes: object) -> Path:
        """The file with all settings; `slack__bot_token="..."` changes one, None leaves it out."""
        settings: dict[str, object] = {
            "database__url": f"sqlite:///{self.database}",
            "slack__bot_token": self.sandbox.bot_token,
            "slack__app_token": self.sandbox.app_token,
            "slack__base_url": self.sandbox.base_url,
            "slack__network_channel": NETWORK,
            "slack__secretariat_channel": SECRETARIAT,
            "mail__host": "127.0.0.1",
            "mail__port": self.mailbox.port,
            "mail__security": "none",
            "mail__sender": "spnet <bot@example.org>",
            "secretariat__name": "Aisyah Noor",
            "secretariat__email": "aisyah@example.org",
            "secretariat__slack_id": "U0AISYAH",
            "pages__port": 0,
            "security__secret": "for-the-tests-only-0123456789-abcdefghij",
            **changes,
        }
        sections: dict[str, list[str]] = {}
        for key, value in settings.items():
            section, name = key.split("__")
            if value is not None:
                sections.setdefault(section, []).append(f"{name} = {value if isinstance(value, int) else repr(value)}")
        path = self.folder / "config.toml"
        path.write_text("\n".join(f"[{name}]\n" + "\n".join(lines) for name, lines in sections.items()))
        return path


@dataclass
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str


class Process:
    """A command that runs."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said: list[str] = []

    async def says(self, words: str) -> str:
        """Wait for a line of standard output."""
        assert self.process.stdout is not None
        while True:
            line = (await asyncio.wait_for(self.process.stdout.readline(), PATIENCE)).decode()
            if not line:
                rest = await self.ended()
                raise AssertionError(f"it ended with {rest.code} before it said “{words}”:\n{self.said}\n{rest.err}")
            self.said.append(line)
            if words in line:
                return line

    def signal(self, number: int = signal.SIGTERM) -> None:
        self.process.send_signal(number)

    async def ended(self) -> Ended:
        out, err = await asyncio.wait_for(self.process.communicate(), PATIENCE)
        assert self.process.returncode is not None
        return Ended(self.process.returncode, "".join(self.said) + out.decode(), err.decode())


# Root may write what nobody may write, unless it gives that right away.
OBEDIENT = ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override")


async def spnet(*words: str, obedient: bool = False) -> Process:
    """Start `spnet ...`.

    Args:
        obedient: as a user whom the rights of a file hold back, also where the tests run as root.
    """
    before: tuple[str, ...] = ()
    if obedient and os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            absent("setpriv is not installed here (util-linux): as root, rights of files cannot be tested")
        before = OBEDIENT
    process = await asyncio.create_subprocess_exec(
        *(*before, sys.executable, "-c", "from bot.cli import main; main()", *words),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**{k: v for k, v in os.environ.items() if not k.startswith("SPNET_")}, "COLUMNS": "200"},
    )
    return Process(process)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """The workspace of the cast and a mailbox, over real time."""
    sandbox, mailbox = Sandbox(SystemClock(), rates=False), Mailbox()
    await sandbox.start()
    await mailbox.start()
    populate(sandbox, PARTS)
    yield World(tmp_path, sandbox, mailbox)
    await mailbox.stop()
    await sandbox.stop()


@pytest.fixture
def taken_port() -> AsyncIterator[int]:
    """A port that another program holds."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield held.getsockname()[1]


@pytest.fixture
def free_port() -> int:
    """A port that nobody held a moment ago."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return tried.getsockname()[1]
