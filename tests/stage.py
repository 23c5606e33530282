"""The stage: the whole bot on a sandbox, and verbs that hide the wire.

async with stage(database_url, clock) as network:
    siti = network["siti"]
    await siti.clicks("Start")
    await siti.says("38,8 2020 VHLSS")
    await siti.hears("38.8 % (2020, VHLSS)")
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from bot.app import App, build
from bot.clock import SimulatedClock
from bot.config import Settings
from bot.people import Contact
from bot.sandbox import Letter, Mailbox, Sandbox
from bot.sandbox.scopes import USUAL
from db.engine import Database
from handlers.manifest import EVENTS, EVENTS_PATH
from tests import cast
from tests.cast import PARTS, Cast, Part
from tests.control import Control, Mirror, Shown

NETWORK, SECRETARIAT = "C0NETWORK", "C0SECRET"
Way = Literal["socket", "http"]
ZONES = {"aisyah": "Asia/Jakarta", "per": "Europe/Copenhagen"}


def settings_for(url: str, sandbox: Sandbox, mail_port: int, **more: Any) -> Settings:
    """Settings that stand on a sandbox and a mailbox of this machine."""
    sections: dict[str, Any] = {
        "database": {"url": url},
        "slack": {
            "bot_token": sandbox.bot_token,
            "app_token": sandbox.app_token,
            "signing_secret": sandbox.signing_secret,
            "base_url": sandbox.base_url,
            "network_channel": NETWORK,
            "secretariat_channel": SECRETARIAT,
        },
        "mail": {
            "host": "127.0.0.1",
            "port": mail_port,
            "security": "none",
            "sender": "spnet <bot@example.org>",
        },
        "secretariat": {
            "name": "Aisyah Noor",
            "email": "aisyah@example.org",
            "slack_id": "U0AISYAH",
            "zone": "Asia/Jakarta",
        },
        "security": {"secret": "for-the-tests-only-0123456789-abcdefghij"},
    }
    for name, values in more.items():
        sections[name] = {**sections.get(name, {}), **values} if isinstance(values, dict) else values
    return Settings(**sections)


def reached(way: Way, settings: dict[str, Any]) -> dict[str, Any]:
    """Settings with the way on which Slack reaches the bot."""
    slack, pages = settings.get("slack", {}), settings.get("pages", {})
    return {**settings, "slack": {"mode": way, **slack}, "pages": {"port": 0, **pages}}


def populate(sandbox: Sandbox, parts: tuple[Part, ...]) -> None:
    """The cast as a Slack workspace with its two channels."""
    for part in parts:
        sandbox.workspace.add_user(part.slack_id, part.name, part.email, ZONES.get(part.short, "Asia/Jakarta"))
    everyone = [part.slack_id for part in parts]
    sandbox.workspace.add_channel(NETWORK, "network", members=[*everyone, "U0SPNETBOT"])
    aisyah = [part.slack_id for part in parts if part.short == "aisyah"]
    sandbox.workspace.add_channel(SECRETARIAT, "secretariat", members=[*aisyah, "U0SPNETBOT"], private=True)


def buttons(blocks: Any) -> dict[str, dict[str, Any]]:
    """The buttons of blocks by what stands on them."""
    return {
        element["text"]["text"]: element
        for block in blocks or []
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button"
    }


class Player:
    """One person in Slack: all that they do and see goes over the sandbox's control address."""

    def __init__(self, network: Network, slack_id: str, name: str, email: str) -> None:
        self.network = network
        self.slack_id = slack_id
        self.name = name
        self.email = email
        self.sees = Mirror(slack_id)

    async def act(self, name: str, /, *, wait: bool = True, **arguments: Any) -> dict[str, Any]:
        """Do something by its name in ACTS, and wait until the bot has dealt with it."""
        answer = await self.network.control.act(self.slack_id, name, **arguments)
        if wait:
            await self.network.settled()
        return answer

    async def says(
        self,
        text: str,
        channel: str | None = None,
        *,
        thread: str | None = None,
        raw: bool | None = None,
        wait: bool = True,
    ) -> str:
        """Type a message; gives its ts."""
        return (await self.act("says", wait=wait, text=text, channel=channel, thread=thread, raw=raw))["ts"]

    async def edits(self, ts: str, text: str, *, wait: bool = True) -> None:
        """Change an own message."""
        await self.act("edits", wait=wait, ts=ts, text=text)

    async def deletes(self, ts: str) -> None:
        """Take an own message back."""
        await self.act("deletes", ts=ts)

    async def uploads(self, name: str, content: bytes, text: str = "") -> None:
        """Share a file, with a comment."""
        await self.act("uploads", name=name, content=base64.b64encode(content).decode(), text=text)

    async def clicks(
        self,
        label: str,
        *,
        message: Shown | None = None,
        channel: str | None = None,
        times: int = 1,
        wait: bool = True,
    ) -> None:
        """Click the newest button with these words on it, or the one in a certain message."""
        where = [message] if message else list(reversed(self.sees.messages(channel)))
        for each in where:
            found = buttons(each.blocks).get(label)
            if found:
                which = {"action_id": found["action_id"], "value": found.get("value"), "message": each.ts}
                await self.act("clicks", wait=wait, times=times, **which)
                return
        raise LookupError(f"{self.name} sees no button “{label}”; the last message: {self.last()}")

    async def clicks_home(self, label: str) -> None:
        """Click a button of the Home tab."""
        found = buttons((self.sees.home or {}).get("blocks")).get(label)
        if found is None:
            raise LookupError(f"{self.name} sees no button “{label}” in Home: {self.home}")
        await self.act("clicks", action_id=found["action_id"], value=found.get("value"), where="home")

    async def selects(self, label: str, deed: str, channel: str | None = None) -> None:
        """Choose an option by its words in the newest select of a deed."""
        for each in reversed(self.sees.messages(channel)):
            for block in each.blocks:
                for element in block.get("elements", []) if block["type"] == "actions" else []:
                    if element["type"] == "static_select" and element["action_id"].startswith(deed + ":"):
                        value = next(o["value"] for o in element["options"] if o["text"]["text"] == label)
                        await self.act("selects", action_id=element["action_id"], value=value, message=each.ts)
                        return
        raise LookupError(f"no select for {deed}")

    async def command(self, text: str, channel: str = NETWORK, *, wait: bool = True) -> str:
        """Type `/spnet ...`; gives what only this person sees of the answer.

        Raises:
            Refused: the bot did not acknowledge it within three seconds.
        """
        before = len(self.sees.messages(channel))
        await self.act("command", wait=wait, name="/spnet", text=text, channel=channel)
        new = self.sees.messages(channel)[before:]
        return "\n".join(message.words for message in new)

    async def shortcut(self, callback_id: str, ts: str, channel: str) -> None:
        """Use a shortcut on a message."""
        await self.act("shortcut", callback_id=callback_id, message=ts, channel=channel)

    async def opens_home(self) -> None:
        """Look at the app's Home tab."""
        await self.act("opens_home")

    async def fills(self, **values: Any) -> None:
        """Fill in the open modal."""
        await self.act("fills", wait=False, values=values)

    async def submits(self) -> dict[str, str] | None:
        """Submit the open modal; gives what is wrong with it by field, None when it was taken."""
        return (await self.act("submits"))["errors"]

    async def closes(self) -> None:
        """Close the open modal."""
        await self.act("closes")

    @property
    def modal(self) -> dict[str, Any] | None:
        """The modal on top."""
        return self.sees.modals[-1] if self.sees.modals else None

    @property
    def home(self) -> str:
        """All that stands on the Home tab."""
        return str(self.sees.home or "")

    def messages(self, channel: str | None = None) -> list[str]:
        """All that the bot has said, as this person sees it; pictures and files stand apart, see `files`."""
        return [m.words for m in self.sees.messages(channel) if m.bot and (m.words or not m.files)]

    def files(self, channel: str | None = None) -> list[dict[str, Any]]:
        """The pictures and files that the bot has shared: `name`, `title`, `mimetype`, `alt`, `size`, `url`."""
        return [file for m in self.sees.messages(channel) if m.bot for file in m.files]

    def last(self, channel: str | None = None) -> str:
        """What the bot said last."""
        said = self.messages(channel)
        return said[-1] if said else ""

    def last_message(self, channel: str | None = None) -> Shown:
        """The same, as the message itself."""
        return [m for m in self.sees.messages(channel) if m.bot and (m.words or not m.files)][-1]

    def hears(self, *parts: str, channel: str | None = None) -> str:
        """The bot's last message holds all of this; gives the message."""
        last = self.last(channel)
        for part in parts:
            assert part in last, f"{self.name} did not hear “{part}” in:\n{last}"
        return last

    @property
    def mails(self) -> list[Letter]:
        """The mails that came to this person, oldest first."""
        return [letter for letter in self.network.letters if self.email in letter.recipients]


class Network:
    """The bot on its sandbox, with the cast."""

    app: App

    def __init__(
        self, sandbox: Sandbox, mailbox: Mailbox, clock: SimulatedClock, people: Cast, settings: Settings
    ) -> None:
        self.sandbox = sandbox
        self.mailbox = mailbox
        self.clock = clock
        self.people = people
        self.settings = settings
        self.control = Control(f"{sandbox.slack.origin}/control")
        self._players = {
            short: Player(self, actor.slack_id, actor.name, actor.email) for short, actor in people.actors.items()
        }
        self.letters: list[Letter] = []
        self._looked = 0

    def __getitem__(self, short: str) -> Player:
        return self._players[short]

    @property
    def database(self) -> Database:
        """The bot's database."""
        return self.app.database

    @property
    def way(self) -> Way:
        """How Slack reaches the bot."""
        return self.settings.slack.mode

    async def starts(self, settings: Settings | None = None, rehearse: Contact | None = None) -> None:
        """The bot starts, as a process of its own would: with what stands in the database and nothing else.

        Args:
            settings: others than before.
            rehearse: everything is said to this one person.
        """
        self.settings = settings or self.settings
        over_http = self.way == "http"
        self.app = build(self.settings, clock=self.clock, scheduled=False, serve_pages=over_http)
        await self.app.start(rehearse=rehearse)
        self.sandbox.delivery = self.way
        if over_http:
            self.sandbox.request_url = f"http://127.0.0.1:{self.app.pages.port}{EVENTS_PATH}"
        else:
            await self.sandbox.connected()
        await self.look()

    async def restarts(self, settings: Settings | None = None, rehearse: Contact | None = None) -> None:
        """The process ends, and another one begins."""
        await self.app.stop()
        await self.starts(settings, rehearse)

    async def serves_pages(self) -> None:
        """The bot's pages answer; where Slack calls the bot they do already."""
        if not self.app.pages.is_open:
            await self.app.pages.start()

    async def settled(self, quiet: float = 0.0) -> None:
        """Wait until the bot has dealt with everything, and send what the ledger holds."""
        await self.control.settled(quiet)
        await self.app.desk.quiet()
        await self.sends()

    async def sends(self) -> None:
        """Let the worker send what is due now; and everybody looks."""
        while (await self.app.worker.run_once()).claimed:
            pass
        await self.look()

    async def look(self) -> None:
        """Everybody looks at Slack and into their mailbox: what they see is true until the next look."""
        players = list(self._players.values())
        seen = await self.control.seen([player.slack_id for player in players], self._looked)
        for player, changed in zip(players, seen, strict=True):
            player.sees.take(changed)
        if any("letters" in changed for changed in seen):
            self.letters += await self.control.letters_after(len(self.letters))
        self._looked = seen[0]["n"]

    def newcomer(self, slack_id: str, name: str, zone: str = "UTC") -> Player:
        """Somebody who is in the workspace and in no list of the bot's."""
        email = f"{slack_id.removeprefix('U0').lower()}@example.org"
        self.sandbox.workspace.add_user(slack_id, name, email, zone)
        self._players[slack_id] = Player(self, slack_id, name, email)
        return self._players[slack_id]

    async def fault(self, name: str, /, **arguments: Any) -> None:
        """Something goes wrong at Slack from now on, or, by `clear`, no longer."""
        await self.control.fault(name, **arguments)

    async def at(self, moment: datetime) -> None:
        """Go to a moment: Slack tries again what is due, the bot ticks, and sends."""
        self.clock.set(moment)
        if await self.sandbox.redeliver(due=True):
            await self.settled()
        await self.app.tick(self.clock.now())
        await self.sends()

    async def calls_the_roll(self) -> None:
        """The bot looks at its people in Slack, and sends what that brings."""
        await self.app.roll_call.run(self.clock.now())
        await self.sends()

    async def passes(self, **step: float) -> None:
        """Let time pass, tick, and send."""
        await self.at(self.clock.now() + timedelta(**step))

    async def opens(
        self, code: str = "2026", question_set: str = "full", due: str = "2026-12-15", more: str = ""
    ) -> None:
        """Aisyah opens a cycle."""
        aisyah = self["aisyah"]
        await aisyah.command(f"cycle open {code} {question_set} due {due} {more}".strip())
        await aisyah.clicks("Open and write to them", channel=NETWORK)


@asynccontextmanager
async def stage(
    url: str,
    clock: SimulatedClock,
    *,
    way: Way = "socket",
    parts: tuple[Part, ...] = PARTS,
    folder: Path | None = None,
    **settings: Any,
) -> AsyncIterator[Network]:
    """The whole bot on a migrated database, with its cast, a sandbox and a mailbox.

    Args:
        way: how Slack reaches the bot: a socket that the bot opened, or signed requests to its address.
    """
    mailbox = Mailbox(folder)
    sandbox = Sandbox(clock, rates=False, mailbox=mailbox, subscriptions=[*USUAL, *EVENTS])
    await sandbox.start()
    await mailbox.start()
    populate(sandbox, parts)
    database = Database(url)
    people = await cast.make(database, clock.now(), parts=parts)
    await database.close()
    network = Network(
        sandbox, mailbox, clock, people, settings_for(url, sandbox, mailbox.port, **reached(way, settings))
    )
    await network.starts()
    try:
        yield network
    finally:
        await network.app.stop()
        await network.control.close()
        await mailbox.stop()
        await sandbox.stop()
