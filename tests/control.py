"""The sandbox's control address, as the tests' stage talks to it: the same that the page of a demo does.

control = Control(sandbox.control_url)
await control.act("U0SITI", "says", text="38,8 2020 VHLSS")
await control.settled()
mirror = Mirror("U0SITI")
mirror.take((await control.seen(["U0SITI"], after=0))[0])
mirror.messages()[-1].text
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import aiohttp

from bot.sandbox import Letter


class Refused(Exception):
    """The control address did not do it: a code, and a sentence."""

    def __init__(self, code: str, told: str) -> None:
        super().__init__(f"{code}: {told}")
        self.code = code


class Call(NamedTuple):
    """One call of the bot and what it was answered."""

    method: str
    arguments: dict[str, Any]
    response: dict[str, Any]


class Shown:
    """A message as one person sees it."""

    def __init__(self, wire: dict[str, Any]) -> None:
        self.wire = wire
        self.ts: str = wire["ts"]
        self.channel: str = wire["channel"]
        self.text: str = wire["text"]
        self.blocks: list[dict[str, Any]] = wire["blocks"]
        self.bot: bool = wire["bot"]
        self.files: list[dict[str, Any]] = wire["files"]

    @cached_property
    def words(self) -> str:
        """Everything that stands in it, in order, as one text."""
        return said(self.blocks) or self.text


def said(blocks: list[dict[str, Any]]) -> str:
    """The words of blocks."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block.get("text"), dict):
            lines.append(block["text"]["text"])
        lines += [" | ".join(cell.get("text", "") for cell in row) for row in block.get("rows", [])]
        lines += [element["text"] for element in block.get("elements", []) if isinstance(element.get("text"), str)]
    return "\n".join(lines)


class Mirror:
    """What one person sees, as of the last look."""

    def __init__(self, person: str) -> None:
        self.person = person
        self.modals: list[dict[str, Any]] = []
        self.home: dict[str, Any] | None = None
        self._channels: dict[str, dict[str, Any]] = {}
        self._messages: dict[str, dict[str, Shown]] = {}

    def take(self, seen: dict[str, Any]) -> None:
        """Lay what changed over what is known, or, when all of it comes, in its place."""
        if seen.get("whole"):
            self._channels.clear()
            self._messages.clear()
        for channel in seen["channels"]:
            self._channels[channel["id"]] = channel
        for message in seen["messages"]:
            self._messages.setdefault(message["channel"], {})[message["ts"]] = Shown(message)
        for gone in seen["gone"]:
            self._messages.get(gone["channel"], {}).pop(gone["ts"], None)
        self.modals = seen.get("modals", self.modals)
        self.home = seen.get("home", self.home)

    def messages(self, channel: str | None = None) -> list[Shown]:
        """The messages of a channel, oldest first; of the direct message with the bot when None."""
        place = channel or self.direct
        found = self._messages.get(place or "", {})
        return [found[ts] for ts in sorted(found)]

    @property
    def direct(self) -> str | None:
        """The direct message with the bot; None before it is opened."""
        return next((id for id, c in self._channels.items() if c["kind"] == "im"), None)


class Control:
    """One kept connection to the control address."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = aiohttp.ClientSession()

    async def close(self) -> None:
        """Let the connection go."""
        await self._session.close()

    async def act(self, person: str, act: str, /, **arguments: Any) -> dict[str, Any]:
        """Something that a person does.

        Raises:
            Refused: it cannot be done, or the bot did not answer in time.
        """
        return await self._ask("POST", f"/people/{person}/{act}", given(arguments))

    async def settled(self, quiet: float = 0.0) -> None:
        """Wait until the bot has dealt with everything that came to it."""
        await self._ask("POST", "/settled", {"quiet": quiet})

    async def redeliver(self) -> int:
        """Slack sends again what the bot did not acknowledge; gives how much there was."""
        return (await self._ask("POST", "/redeliver"))["sent"]

    async def fault(self, name: str, /, **arguments: Any) -> None:
        """Switch a fault."""
        await self._ask("POST", f"/faults/{name}", given(arguments))

    async def faults(self) -> dict[str, dict[str, Any]]:
        """Every fault by its name, and whether it is on."""
        return {fault["name"]: fault for fault in (await self._ask("GET", "/faults"))["faults"]}

    async def calls(self) -> list[Call]:
        """What the bot called so far, oldest first."""
        found = (await self._ask("GET", "/calls"))["calls"]
        return [Call(call["method"], call["arguments"], call["response"]) for call in found]

    async def letters_after(self, known: int) -> list[Letter]:
        """The mails that came after the first `known` ones, oldest first."""
        rows = (await self._ask("GET", "/mail"))["letters"]
        return [await self._letter(row) for row in reversed(rows) if row["n"] > known]

    async def _letter(self, row: dict[str, Any]) -> Letter:
        async with self._session.get(f"{self._url}/mail/{row['n']}/source") as answer:
            return Letter(row["from"], tuple(row["to"]), await answer.read())

    async def seen(self, people: Sequence[str], after: int) -> list[dict[str, Any]]:
        """What each of several people sees that changed after a number of the journal."""
        query = "&".join(f"as={person}" for person in people)
        found = await self._ask("GET", f"/seen?{query}&after={after}&drawn=0")
        return found["seen"] if len(people) > 1 else [found]

    async def moves(self) -> dict[str, dict[str, Any]]:
        """The moves of the clock that are offered, by id."""
        return {move["id"]: move for move in (await self._ask("GET", "/clock"))["moves"]}

    async def move(self, id: str) -> None:
        """Let the time pass."""
        await self._ask("POST", f"/clock/{id}")

    async def letters(self, address: str) -> list[dict[str, Any]]:
        """The letters of an address, oldest first."""
        return sorted((await self._ask("GET", f"/mail?for={address}"))["letters"], key=lambda letter: letter["n"])

    async def letter(self, number: int) -> dict[str, Any]:
        """One letter with its text and what is attached."""
        return await self._ask("GET", f"/mail/{number}")

    async def tour(self) -> list[dict[str, Any]]:
        """The steps of the guided tour."""
        return (await self._ask("GET", "/tour"))["steps"]

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        async with self._session.request(method, self._url + path, json=body) as answer:
            found = await answer.json()
        if not found["ok"]:
            raise Refused(found["error"], found["told"])
        return found


def given(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments that were given."""
    return {name: value for name, value in arguments.items() if value is not None}
