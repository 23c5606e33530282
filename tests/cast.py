"""The named people of every story, and what they may do. All are invented.

cast = await make(database, clock.now())
siti = cast["siti"]                # .person_id, .slack_id, .email
by = cast.speaker("aisyah")        # as she speaks over Slack
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot import people
from bot.editions import FOLDER
from bot.formats import load_members
from bot.speaker import Speaker
from db.engine import Database
from db.models import Appointment, Person
from db.vocabulary import Role, Via

# Held since long before any story begins.
SINCE = date(2015, 1, 1)


@dataclass(frozen=True)
class Part:
    """Who plays in the stories: a short name, the full name, the role, the country (ISO 3166-1 alpha-3)."""

    short: str
    name: str
    role: Role
    member: str | None = None

    @property
    def slack_id(self) -> str:
        return f"U0{self.short.upper()}"

    @property
    def email(self) -> str:
        return f"{self.short}@example.org"


PARTS = (
    Part("siti", "Siti Rahmadani", Role.FOCAL_POINT, "IDN"),
    Part("bounmy", "Bounmy Keo", Role.FOCAL_POINT, "LAO"),
    Part("linh", "Linh Tran", Role.FOCAL_POINT, "VNM"),
    Part("maria", "Maria Santos-Example", Role.FOCAL_POINT, "PHL"),
    Part("budi", "Budi Hartono", Role.ALTERNATE, "IDN"),
    Part("rina", "Rina Kusuma", Role.CONTRIBUTOR, "IDN"),
    Part("dewi", "Dewi Lestari", Role.COORDINATOR, "IDN"),
    Part("thong", "Thong Vilay", Role.COORDINATOR, "LAO"),
    Part("aisyah", "Aisyah Noor", Role.SECRETARIAT),
    Part("per", "Per Larsen", Role.PARTNER),
)


@dataclass(frozen=True)
class Actor:
    """A person of the cast, in the database."""

    part: Part
    person_id: int
    appointment_id: int
    zone: str
    locale: str

    @property
    def name(self) -> str:
        return self.part.name

    @property
    def slack_id(self) -> str:
        return self.part.slack_id

    @property
    def email(self) -> str:
        return self.part.email

    def speaks(self, via: Via = Via.SLACK) -> Speaker:
        """The person in their role."""
        return Speaker(self.person_id, self.name, self.part.role, self.part.member, via, self.zone, self.locale)


@dataclass(frozen=True)
class Cast:
    """All of them, by short name."""

    actors: dict[str, Actor]

    def __getitem__(self, short: str) -> Actor:
        return self.actors[short]

    def speaker(self, short: str, via: Via = Via.SLACK) -> Speaker:
        """One of them as they speak over a channel."""
        return self.actors[short].speaks(via)


async def make(database: Database, now: datetime | None = None, *, parts: tuple[Part, ...] = PARTS) -> Cast:
    """The eleven members, the people and their roles, in a migrated database; committed.

    Args:
        now: a role begins the day before it where that is earlier than `SINCE`.
    """
    starts = min(SINCE, (now - timedelta(days=1)).date()) if now else SINCE
    actors: dict[str, Actor] = {}
    async with database.writing() as session:
        members = load_members(FOLDER / "asean.toml")
        await people.settle_members(session, members)
        by_code = {member.code: member for member in members}
        for part in parts:
            person = Person(name=part.name, email=part.email, slack_id=part.slack_id)
            session.add(person)
            await session.flush()
            appointment = Appointment(person_id=person.id, role=part.role, member_code=part.member, starts_on=starts)
            session.add(appointment)
            await session.flush()
            home = by_code.get(part.member or "")
            actors[part.short] = Actor(
                part, person.id, appointment.id, home.zone if home else "UTC", home.locale if home else "en_GB"
            )
    return Cast(actors)
