"""Who plays: people who are plainly invented, with addresses of example.org."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from db.vocabulary import AgencyKind, Role, Sector

# For each member: its focal point, and the head of its coordination mechanism.
NAMES: dict[str, tuple[str, str]] = {
    "BRN": ("Nurul Example", "Hakim Sample"),
    "IDN": ("Siti Example", "Dewi Sample"),
    "KHM": ("Sokha Example", "Chanda Sample"),
    "LAO": ("Bounmy Example", "Thong Sample"),
    "MMR": ("Thiri Example", "Aung Sample"),
    "MYS": ("Farah Example", "Ravi Sample"),
    "PHL": ("Maria Example", "Jose Sample"),
    "SGP": ("Mei Example", "Arun Sample"),
    "THA": ("Malee Example", "Somchai Sample"),
    "TLS": ("Rosa Example", "Domingos Sample"),
    "VNM": ("Linh Example", "Huong Sample"),
}
ANYBODY = ("Kim Example", "Noor Sample")


@dataclass(frozen=True)
class Office:
    """A ministry of a country, or a body that stands for none, in which somebody works."""

    name: str
    kind: AgencyKind
    sector: Sector


@dataclass(frozen=True)
class Part:
    """One person of the play; `member` is None for the secretariat and for partners.

    Attributes:
        zone: where they live, unless in the capital of their country.
        guest: whether they are a guest in the workspace.
        team: the organisation's workspace that they belong to, unless this one.
        by_mail: the bot does not know their Slack id, and writes letters.
        office: where they work.
        since: the first day of the role; None: long before the play.
        until: its last day.
        reference: of the letter of nomination.
    """

    name: str
    role: Role
    member: str | None
    zone: str | None = None
    guest: bool = False
    team: str | None = None
    by_mail: bool = False
    office: Office | None = None
    since: date | None = None
    until: date | None = None
    reference: str | None = None

    @property
    def slack_id(self) -> str:
        """The id in the sandbox's Slack."""
        return f"U0{self._short.upper()}"

    @property
    def email(self) -> str:
        """An address that leads nowhere."""
        return f"{self._short.lower()}@example.org"

    @property
    def _short(self) -> str:
        return self.name.split()[0] + (self.member or "")


SECRETARIAT = Part("Aisyah Example", Role.SECRETARIAT, None)
# Those of the demo that a replay does without.
ALTERNATE = Part("Minh Specimen", Role.ALTERNATE, "VNM", guest=True, since=date(2014, 3, 3))
HUB = Office("Example hub for social protection", AgencyKind.HUB, Sector.SOCIAL_WELFARE)
LABOUR_BODY = Office("Example meeting of labour officials", AgencyKind.SECTORAL_BODY, Sector.LABOUR)
STATISTICS = Office("Example statistics office", AgencyKind.PUBLIC_BODY, Sector.STATISTICS)
HEALTH = Office("Example ministry of health", AgencyKind.MINISTRY, Sector.HEALTH)
JOINED = date(2014, 9, 1)
PARTNER = Part("Per Specimen", Role.PARTNER, None, zone="Europe/Copenhagen", team="T0PARTNER", office=HUB)
BODY = Part("Lan Specimen", Role.PARTNER, None, zone="Asia/Jakarta", office=LABOUR_BODY)
COLLEAGUE = Part("Tuan Specimen", Role.CONTRIBUTOR, "VNM", office=STATISTICS, since=JOINED)
COLLEAGUE_BY_MAIL = Part("Aminah Specimen", Role.CONTRIBUTOR, "BRN", by_mail=True, office=HEALTH, since=JOINED)


def joined(member: str) -> tuple[Part, Part]:
    """The focal point and the coordinator of a country that joined between the two rounds."""
    focal_point, coordinator = (
        Part(name, role, member, since=JOINED, reference=f"Example letter {member} 7/2014")
        for name, role in zip(NAMES[member], (Role.FOCAL_POINT, Role.COORDINATOR), strict=True)
    )
    return focal_point, coordinator


def parts(members: Iterable[str]) -> tuple[Part, ...]:
    """The secretariat, and a focal point and a coordinator for each member, by code."""
    cast = [SECRETARIAT]
    for member in sorted(members):
        focal_point, coordinator = NAMES.get(member, ANYBODY)
        cast.append(Part(focal_point, Role.FOCAL_POINT, member))
        cast.append(Part(coordinator, Role.COORDINATOR, member))
    return tuple(cast)
