"""The stage: the whole bot on one database, a sandbox in Slack's place, a mailbox, a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot import people as house
from bot.app import App, build
from bot.cli import logs
from bot.cli.playing.people import SECRETARIAT, Office, Part
from bot.clock import SimulatedClock
from bot.config import Mail, Pages, Secretariat, Security, Settings, Slack
from bot.formats import load_members
from bot.sandbox import BOT_USER, Mailbox, Message, Person, Sandbox
from bot.sandbox.scopes import USUAL
from bot.words import words
from db.engine import Database, Session
from db.models import Agency, Appointment
from db.models import Person as PersonRow
from handlers.manifest import EVENTS

NETWORK, REVIEW = "C0NETWORK", "C0REVIEW"
ZONE = "Asia/Jakarta"
# Long before the first observation: whoever plays has always held the role.
SINCE = date(1950, 1, 1)
# Real seconds that a person waits for an answer of the bot on this machine.
PATIENCE = 30.0


class Stage:
    """The bot at play.

    Attributes:
        countries: the members' names by code.
        typed: the key of every message that people have typed, as the bot remembers it.
        pace: the time that passes before people write or click.
    """

    def __init__(self, app: App, sandbox: Sandbox, mailbox: Mailbox, clock: SimulatedClock) -> None:
        self.pace = timedelta()
        self.countries = {member.code: member.name for member in load_members(app.settings.network.members_file)}
        self.app = app
        self.sandbox = sandbox
        self.mailbox = mailbox
        self.clock = clock
        self.typed: list[str] = []

    def person(self, part: Part) -> Person:
        """Somebody at their Slack."""
        return self.sandbox.person(part.slack_id)

    async def says(self, part: Part, text: str) -> Message:
        """Type a message to the bot, and wait for its answer."""
        person = self.person(part)
        self.clock.advance(self.pace)
        ts = await person.says(text)
        self.typed.append(f"{person.channel(None).id}:{ts}")
        return await person.hears(can_be_answered, PATIENCE, after=ts)

    async def corrects(self, part: Part, text: str) -> Message:
        """Change one's last message, and wait for what the bot says to that."""
        person = self.person(part)
        messages = person.messages()
        mine = [message for message in messages if not message.bot]
        await person.edits(mine[-1].ts, text)
        return await person.hears(can_be_answered, PATIENCE, after=messages[-1].ts)

    async def clicks(self, part: Part, button: Button, channel: str | None = None) -> Message:
        """Click a button in a message, and wait for what the bot says next in the same place."""
        person = self.person(part)
        self.clock.advance(self.pace)
        last = person.messages(channel)[-1].ts
        await person.clicks(button.action_id, button.value, button.message)
        return await person.hears(_anything, PATIENCE, channel, after=last)

    async def settled(self) -> None:
        """Wait until the bot has dealt with everything, and let it send what waits."""
        await self.sandbox.settled(PATIENCE, quiet=0.0)
        await self.app.worker.drain()

    async def goes_to(self, moment: datetime) -> None:
        """Let the time pass until a moment (if it lies ahead), with what the bot does by itself then."""
        if moment > self.clock.now():
            self.clock.set(moment)
        await self.app.tick(self.clock.now())
        await self.settled()

    async def passes(self, **step: float) -> None:
        """Let some time pass."""
        await self.goes_to(self.clock.now() + timedelta(**step))


class Button:
    """A button or an option that a person sees: what stands on it, and where."""

    def __init__(self, message: str, action_id: str, value: str, label: str) -> None:
        self.message = message
        self.action_id = action_id
        self.value = value
        self.label = label

    @property
    def deed(self) -> str:
        """What it does."""
        return self.action_id.split(":")[0]


def buttons(message: Message) -> list[Button]:
    """The buttons under a message, in order."""
    return [
        Button(message.ts, element["action_id"], element.get("value", ""), element["text"]["text"])
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button"
    ]


def options(message: Message, deed: str) -> list[tuple[str, str]]:
    """What the menus of a deed under a message offer: each option with its menu (action id, value), in order."""
    return [
        (element["action_id"], option["value"])
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "static_select" and element["action_id"].split(":")[0] == deed
        for option in element["options"]
    ]


def can_be_answered(message: Message) -> bool:
    """Whether a message has buttons, so that it is the last of what the bot says in one go."""
    return bool(buttons(message))


def quiet() -> None:
    """Only what goes wrong is logged: the play itself is what is looked at."""
    logs.configure(only_errors=True)


def _anything(_message: Message) -> bool:
    return True


@asynccontextmanager
async def stage(
    database: Database, cast: Sequence[Part], start: datetime, *, folder: Path | None = None, pages: Pages | None = None
) -> AsyncGenerator[Stage]:
    """Put up the stage on an empty database, and take it down again.

    Args:
        database: where the bot keeps everything; closed in the end.
        cast: who plays; the secretariat is among them.
        start: where the clock begins.
        folder: where mails are kept as files; nowhere when None.
        pages: where links in mails lead, served while the stage stands; nowhere when None.
    """
    clock = SimulatedClock(start.astimezone(UTC))
    sandbox, mailbox = Sandbox(clock, subscriptions=[*USUAL, *EVENTS]), Mailbox(folder)
    await sandbox.start()
    try:
        await mailbox.start()
        try:
            app = build(
                settings(sandbox, mailbox, pages),
                clock=clock,
                database=database,
                scheduled=False,
                serve_pages=pages is not None,
            )
            await _people(app, cast)
            _workspace(sandbox, cast, app)
            await app.start()
            try:
                await sandbox.connected()
                yield Stage(app, sandbox, mailbox, clock)
            finally:
                await app.stop()
        finally:
            await mailbox.stop()
    finally:
        await sandbox.stop()


def settings(sandbox: Sandbox, mailbox: Mailbox, pages: Pages | None = None) -> Settings:
    """What leads the bot to a sandbox and a mailbox.

    Args:
        pages: where its web pages are; not of importance when None.
    """
    return Settings(
        slack=Slack(
            bot_token=sandbox.bot_token,  # pyright: ignore[reportArgumentType]
            app_token=sandbox.app_token,  # pyright: ignore[reportArgumentType]
            network_channel=NETWORK,
            secretariat_channel=REVIEW,
            base_url=sandbox.base_url,
        ),
        mail=Mail(host=mailbox.host, port=mailbox.port, security="none", sender="spnet <bot@example.org>"),
        secretariat=Secretariat(
            name=SECRETARIAT.name, email=SECRETARIAT.email, slack_id=SECRETARIAT.slack_id, zone=ZONE
        ),
        pages=pages or Pages(),
        security=Security(secret="signs nothing that leaves this machine"),  # pyright: ignore[reportArgumentType]  # noqa: S106
    )


async def _people(app: App, cast: Sequence[Part]) -> None:
    await app.database.migrate()
    async with app.database.writing() as session:
        await house.settle_members(session, load_members(app.settings.network.members_file))
        offices: dict[tuple[Office, str | None], int] = {}
        for part in cast:
            agency_id: int | None = None
            if part.office is not None:
                place = part.office, part.member
                if place not in offices:
                    offices[place] = await _office(session, *place)
                agency_id = offices[place]
            person = PersonRow(name=part.name, email=part.email, slack_id=None if part.by_mail else part.slack_id)
            person.zone = ZONE if part is SECRETARIAT else part.zone
            session.add(person)
            await session.flush()
            session.add(
                Appointment(
                    person_id=person.id,
                    role=part.role,
                    member_code=part.member,
                    agency_id=agency_id,
                    starts_on=part.since or SINCE,
                    ends_on=part.until,
                    reference=part.reference,
                )
            )


async def _office(session: Session, office: Office, member: str | None) -> int:
    agency = Agency(member_code=member, name=office.name, kind=office.kind, sector=office.sector)
    session.add(agency)
    await session.flush()
    return agency.id


def _workspace(sandbox: Sandbox, cast: Sequence[Part], app: App) -> None:
    members = {member.code: member for member in load_members(app.settings.network.members_file)}
    for part in cast:
        member = members.get(part.member or "")
        zone = part.zone or (member.zone if member else ZONE)
        title = words().label(f"demo_role_{part.role.value}", member=member.name if member else "")
        sandbox.workspace.add_user(
            part.slack_id, part.name, part.email, zone, guest=part.guest, team=part.team, title=title
        )
    everyone = [part.slack_id for part in cast if not part.by_mail]
    sandbox.workspace.add_channel(NETWORK, "social-protection", [*everyone, BOT_USER])
    sandbox.workspace.add_channel(REVIEW, "secretariat", [SECRETARIAT.slack_id, BOT_USER], private=True)
