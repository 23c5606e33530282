"""The demo, filled once and copied for whoever plays in it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.cli.playing.live import Live, live
from bot.config import Pages
from tests.control import Control, Mirror

# The people of the demo.
LINH, MARIA, BOUNMY, SOKHA, AISYAH = "U0LINHVNM", "U0MARIAPHL", "U0BOUNMYLAO", "U0SOKHAKHM", "U0AISYAH"
JOSE, HUONG, DEWI, PER, MINH = "U0JOSEPHL", "U0HUONGVNM", "U0DEWIIDN", "U0PER", "U0MINHVNM"
TUAN, AMINAH, DOMINGOS, NURUL, LAN = "U0TUANVNM", "U0AMINAHBRN", "U0DOMINGOSTLS", "U0NURULBRN", "U0LAN"
SITI, MALEE, RAVI, ROSA = "U0SITIIDN", "U0MALEETHA", "U0RAVIMYS", "U0ROSATLS"
REVIEW, NETWORK = "C0REVIEW", "C0NETWORK"


def copied(filled: Path, to: Path) -> Path:
    """A folder of one's own."""
    shutil.copytree(filled, to)
    return to


class Visitor:
    """Somebody at the demo's page: acts as anybody, over the control address."""

    def __init__(self, on: Live) -> None:
        self.on = on
        self.control = Control(f"{on.address}/control")

    async def does(self, person: str, act: str, **arguments: Any) -> None:
        """One act, and what the bot does then, what it sends by itself too."""
        if act == "clock":
            await self.control.move(arguments["move"])
        else:
            await self.control.act(person, act, **arguments)
        await self.settled()

    async def settled(self) -> None:
        """Everything that was said is answered, and everything that is due is sent."""
        await self.control.settled()

    async def asks(self, person: str, command: str) -> str:
        """A command in the network's channel; what it is answered with."""
        await self.does(person, "command", name="/spnet", text=command, channel=NETWORK)
        return (await self.sees(person)).messages(NETWORK)[-1].words.replace("\N{NO-BREAK SPACE}", " ")

    async def sees(self, person: str) -> Mirror:
        """All that a person sees."""
        mirror = Mirror(person)
        mirror.take((await self.control.seen([person], after=0))[0])
        return mirror

    async def letters(self, person: str) -> list[dict[str, Any]]:
        """A person's letters, oldest first."""
        address = self.on.sandbox.workspace.users[person].email
        return await self.control.letters(address)


@asynccontextmanager
async def visited(folder: Path) -> AsyncIterator[Visitor]:
    """Start the demo of a folder in this process, and stop it again."""
    async with live(folder, 0, Pages(port=0, public_address="http://127.0.0.1:8785")) as on:
        visitor = Visitor(on)
        try:
            yield visitor
        finally:
            await visitor.control.close()
