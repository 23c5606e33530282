"""Who acts: the person, the hat worn, the member spoken for, and the way they came."""

from __future__ import annotations

from dataclasses import dataclass

from db.vocabulary import Role, Via


@dataclass(frozen=True)
class Speaker:
    """One person in one role.

    Attributes:
        person_id: the row in `people`.
        name: as it is shown.
        role: the hat worn now.
        member: ISO 3166-1 alpha-3 code of the country spoken for; None for those who stand for no country.
        via: how the deed reached us.
        zone: IANA name; outside, every time is said in it.
        locale: Babel's name for the way dates are written.
        agency_id: the ministry, social partner or body that they stand for in this role.
    """

    person_id: int
    name: str
    role: Role
    member: str | None
    via: Via
    zone: str
    locale: str
    agency_id: int | None = None
