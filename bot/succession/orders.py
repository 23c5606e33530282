"""What somebody asks to be done with a role, as a form hands it on to the next; and whom it is about."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot import audit
from bot.errors import NotFound, Refusal
from bot.people.appointments import Wish
from bot.speaker import Speaker
from db.engine import Session
from db.models import Person
from db.queries import people as people_queries
from db.queries import profiles as profile_queries
from db.vocabulary import Mandate, Origin, Role

# Roles that are given by hand, and pass from one to another; those of contributors, the secretariat and partners come
# with the import, and the focal point makes somebody a contributor.
ROLES = (Role.FOCAL_POINT, Role.ALTERNATE, Role.COORDINATOR)
# Roles of a member that are ended by hand.
ENDED = (*ROLES, Role.CONTRIBUTOR, Role.PARTNER)


class PeopleDiffer(Refusal):
    """The account and the e-mail address belong to two people. Facts: name, other."""


class What(StrEnum):
    """What is to be done."""

    APPOINT = "appoint"
    HANDOVER = "handover"
    END = "end"


@dataclass(frozen=True)
class Order:
    """What is to be done, as it was filled in; nothing of it is trusted before it is carried out.

    Attributes:
        member: ISO 3166-1 alpha-3 code.
        appointment_id: the role that ends or is handed over, as it was shown; 0 where it is not known yet.
        starts_on, ends_on: its first and last day; of an end only the last one, None: at once.
        slack_id, name, email, zone: of the person; what Slack says of them where nothing was typed.
        name_typed: whether the name was typed, as the letter writes it; email_typed: the same of the address.
    """

    what: What
    member: str
    role: Role = Role.FOCAL_POINT
    appointment_id: int = 0
    starts_on: date | None = None
    ends_on: date | None = None
    reference: str | None = None
    mandate: Mandate | None = None
    agency_id: int | None = None
    slack_id: str | None = None
    name: str | None = None
    email: str | None = None
    zone: str | None = None
    name_typed: bool = False
    email_typed: bool = False

    @property
    def text(self) -> str:
        """As a form carries it."""
        return json.dumps({key: value for key, value in asdict(self).items() if value}, default=str, ensure_ascii=False)

    def wish(self, today: date) -> Wish:
        """The role that is asked for; without a day it begins today."""
        return Wish(
            self.role,
            self.member,
            self.starts_on or today,
            self.ends_on,
            self.agency_id,
            self.reference,
            self.mandate,
        )


def order_of(text: str) -> Order:
    """Read back what a form carries.

    Raises:
        NotFound: this bot did not make it, or it is about a role that is not given by hand.
    """
    try:
        found: dict[str, Any] = json.loads(text)
        days: dict[str, Any] = {
            key: date.fromisoformat(found[key]) for key in ("starts_on", "ends_on") if found.get(key)
        }
        mandate = Mandate(found["mandate"]) if found.get("mandate") else None
        kinds: dict[str, Any] = {"what": What(found["what"]), "mandate": mandate}
        kinds["role"] = Role(found.get("role", Role.FOCAL_POINT))
        order = Order(**{**found, **days, **kinds})
    except (ValueError, TypeError, KeyError, AttributeError):
        raise NotFound(what="button", named=text[:40]) from None
    if order.role not in ROLES:
        raise NotFound(what="button", named=text[:40])
    return order


async def known(session: Session, order: Order) -> Person | None:
    """The person of the register whom an order is about; None for somebody new.

    Raises:
        PeopleDiffer: the account and the address belong to two people.
    """
    by_slack = await people_queries.person_by_slack_id(session, order.slack_id) if order.slack_id else None
    by_mail = await profile_queries.person_of_address(session, order.email) if order.email else None
    if by_slack is not None and by_mail is not None and by_slack.id != by_mail.id:
        raise PeopleDiffer(name=by_slack.name, other=by_mail.name)
    found = by_slack or by_mail
    if found is not None and order.slack_id and found.slack_id not in (None, order.slack_id):
        raise PeopleDiffer(name=found.name, other=order.name or order.slack_id)
    return found


async def not_taken(session: Session, order: Order, found: Person | None) -> tuple[str | None, str | None]:
    """The name and the address that were typed for somebody known, and that do not come in the place of what the
    register has; None where there is nothing of the kind."""
    if found is None:
        return None, None
    name = order.name if order.name_typed and (order.name or "").casefold() != found.name.casefold() else None
    email = order.email if order.email_typed and found.email is not None else None
    if email is not None and await profile_queries.person_of_address(session, email) is not None:
        # Theirs already; an address of somebody else was refused before.
        email = None
    return name, email


async def made(session: Session, by: Speaker, order: Order, now: datetime) -> Person:
    """The person of an order, put down where the register does not know them, with what the order adds.

    Raises:
        PeopleDiffer: the account and the address belong to two people.
        NotFound: nobody was named.
    """
    found = await known(session, order)
    if found is None:
        if not order.name or not (order.slack_id or order.email):
            raise NotFound(what="person", named=(order.name or order.email or order.slack_id or "")[:80])
        found = Person(
            name=order.name,
            name_by=Origin.REGISTER if order.name_typed else Origin.SLACK,
            email=order.email,
            slack_id=order.slack_id,
            zone=order.zone,
            zone_by=Origin.SLACK if order.zone else None,
        )
        session.add(found)
        await session.flush()
        await audit.record(session, by, "add_person", f"person:{found.id}", now)
        return found
    added: list[str] = []
    if order.slack_id and found.slack_id is None:
        found.slack_id, found.slack_trouble = order.slack_id, None
        added.append("slack_id")
    if order.email and found.email is None:
        found.email = order.email
        added.append("email")
    if added:
        await session.flush()
        await audit.record(session, by, "complete_person", f"person:{found.id}", now, added=added)
    return found


def looked_up(order: Order, name: str | None, email: str | None, zone: str | None) -> Order:
    """An order with what Slack says of the account, where nothing was typed."""
    return replace(order, name=order.name or name, email=order.email or email, zone=zone)
