"""Who plays: people who are plainly invented, with addresses of example.org."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from db.vocabulary import Role

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
class Part:
    """One person of the play; `member` is None for the secretariat and for partners.

    Attributes:
        zone: where they live, unless in the capital of their country.
        guest: whether they are a guest in the workspace.
        team: the organisation's workspace that they belong to, unless this one.
        by_mail: the bot does not know their Slack id, and writes letters.
    """

    name: str
    role: Role
    member: str | None
    zone: str | None = None
    guest: bool = False
    team: str | None = None
    by_mail: bool = False

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
ALTERNATE = Part("Minh Specimen", Role.ALTERNATE, "VNM", guest=True)
PARTNER = Part("Per Specimen", Role.PARTNER, None, zone="Europe/Copenhagen", team="T0PARTNER")


def parts(members: Iterable[str]) -> tuple[Part, ...]:
    """The secretariat, and a focal point and a coordinator for each member, by code."""
    cast = [SECRETARIAT]
    for member in sorted(members):
        focal_point, coordinator = NAMES.get(member, ANYBODY)
        cast.append(Part(focal_point, Role.FOCAL_POINT, member))
        cast.append(Part(coordinator, Role.COORDINATOR, member))
    return tuple(cast)
