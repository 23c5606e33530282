"""One row of a file of people and agencies, as it was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from db.vocabulary import AgencyKind, Mandate, Role, Sector

# A country has people in these roles; the others stand for no country.
OF_A_MEMBER = (Role.FOCAL_POINT, Role.ALTERNATE, Role.CONTRIBUTOR, Role.COORDINATOR)


@dataclass(frozen=True)
class Row:
    """One person in one role, or, where `role` is None, an agency alone. What the file leaves empty is None.

    Attributes:
        member: the country of the role; where the role stands for none, that of the agency.
    """

    line: int
    name: str | None
    email: str | None
    slack_id: str | None
    role: Role | None
    member: str | None
    starts_on: date | None
    ends_on: date | None
    reference: str | None
    mandate: Mandate | None
    agency: str | None
    agency_kind: AgencyKind | None
    sector: Sector | None
    in_mechanism: bool | None
    zone: str | None
    locale: str | None

    @property
    def stands_for(self) -> str | None:
        """The country of the role."""
        return self.member if self.role in OF_A_MEMBER else None
