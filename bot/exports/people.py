"""The register as rows of a file that `spnet import people` takes back: whoever holds, held or will hold a role."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bot import permissions
from bot.exports.cells import clean
from bot.exports.tables import Cell, to_csv, to_xlsx
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import Agency
from db.queries import agencies as agency_queries
from db.queries import appointments as appointment_queries
from db.queries import people as people_queries
from db.queries.appointments import Held
from db.vocabulary import AgencyKind, Mandate, Role, Sector

Format = Literal["csv", "xlsx"]
# The columns of a file of people, as they are written. `import_column_<name>` in the labels says what each holds.
COLUMNS = (
    *("name", "email", "slack_id", "role", "member", "starts_on", "ends_on", "reference", "mandate"),
    *("agency", "agency_kind", "sector", "in_mechanism", "zone", "locale"),
)
LONGEST_NAME = 320
LONGEST_OTHER = 200
YES, NO = "yes", "no"
SHEET = "people"
CHOICES = {
    "role": list(Role),
    "mandate": list(Mandate),
    "agency_kind": list(AgencyKind),
    "sector": list(Sector),
    "in_mechanism": [YES, NO],
}


async def register(session: Session, by: Speaker) -> list[list[Cell]]:
    """Every role with its days, then the agencies for which nobody acts; cells in the order of COLUMNS.

    Raises:
        NotAllowed: addresses are only for whoever appoints.
    """
    permissions.require(by, Act.APPOINT)
    people = {person.id: person for person in await people_queries.people(session)}
    agencies = {agency.id: agency for agency in await agency_queries.every(session)}
    rows: list[dict[str, Cell]] = []
    named: set[int] = set()
    for held in await appointment_queries.every(session):
        person, agency = people[held.person_id], agencies.get(held.agency_id or 0)
        if agency is not None and not _fits(held, agency):
            agency = None
        if agency is not None:
            named.add(agency.id)
        rows.append(
            {
                **_of_agency(agency),
                "name": name_shown(person.name),
                "email": person.email,
                "slack_id": person.slack_id,
                "role": held.role.value,
                "member": held.member or (agency.member_code if agency else None),
                "starts_on": held.starts_on,
                "ends_on": held.ends_on,
                "reference": shown(held.reference),
                "mandate": held.mandate.value if held.mandate else None,
                "zone": person.zone,
                "locale": person.locale,
            }
        )
    rows += [_of_agency(each) | {"member": each.member_code} for each in agencies.values() if each.id not in named]
    return [[row.get(column) or None for column in COLUMNS] for row in rows]


def to_bytes(rows: Sequence[Sequence[Cell]], form: Format) -> bytes:
    """The file."""
    return to_csv(COLUMNS, rows) if form == "csv" else to_xlsx(SHEET, COLUMNS, rows, CHOICES)


def name_shown(name: str) -> str:
    """A name as a cell holds it; never empty."""
    return clean(name)[:LONGEST_NAME].rstrip() or "?"


def shown(text: str | None) -> str:
    """Another text as a cell holds it."""
    return clean(text or "")[:LONGEST_OTHER].rstrip()


def _fits(held: Held, agency: Agency) -> bool:
    """A row has one country: that of the role, or that of its agency where the role has none."""
    return None in (held.member, agency.member_code) or held.member == agency.member_code


def _of_agency(agency: Agency | None) -> dict[str, Cell]:
    if agency is None:
        return {}
    seat = (YES if agency.sits else NO) if agency.member_code else None
    return {
        "agency": name_shown(agency.name)[:LONGEST_OTHER].rstrip(),
        "agency_kind": agency.kind.value,
        "sector": agency.sector.value,
        "in_mechanism": seat,
    }
