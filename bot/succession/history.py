"""Who held which role of a member, when, by which letter; with the buttons for whoever may change it."""

from __future__ import annotations

from datetime import datetime

from bot import permissions, workdays
from bot.messages import Choice, Deed, Message
from bot.people import appointments
from bot.people.appointments import last_day
from bot.permissions import Act
from bot.speaker import Speaker
from bot.succession.orders import ROLES
from db.engine import Session
from db.models import Member
from db.vocabulary import Role

# So many of the newest that are over are shown; the others are counted.
SHOWN = 12


async def history(session: Session, by: Speaker, member: Member, now: datetime) -> Message:
    """The roles of a member: those held now, those to come, and those that are over, the newest first.

    Raises:
        NotAllowed: not everybody reads the register.
    """
    today = workdays.register_day(now)
    rows = await appointments.of_member(session, by, member.code, ROLES)
    rows.sort(key=lambda row: (row.starts_on, row.appointment_id), reverse=True)
    shown = [
        {
            "name": row.name,
            "role": row.role.value,
            "starts": row.starts_on,
            "ends": row.ends_on,
            "reference": row.reference,
            "mandate": row.mandate.value if row.mandate else None,
            "agency": row.agency,
            "email": row.email,
            "when": "to_come" if row.starts_on > today else "over" if last_day(row) < today else "now",
        }
        for row in rows
    ]
    over = [row for row in shown if row["when"] == "over"]
    choices: tuple[Choice, ...] = ()
    if permissions.allowed(by, Act.APPOINT):
        held = [row for row in rows if last_day(row) >= today]
        focal = any(row.role is Role.FOCAL_POINT for row in held)
        choices = (
            Choice(Deed.FOCAL_APPOINT, member.code),
            *((Choice(Deed.FOCAL_HANDOVER, member.code),) if focal else ()),
            *((Choice(Deed.FOCAL_END, member.code),) if held else ()),
        )
    return Message(
        "succession/history",
        {
            "member": member.name,
            "now": [row for row in shown if row["when"] == "now"],
            "to_come": [row for row in reversed(shown) if row["when"] == "to_come"],
            "over": over[:SHOWN],
            "earlier": len(over[SHOWN:]),
        },
        choices,
    )
