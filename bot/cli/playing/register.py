"""The register of the demo: mechanisms that have come differently far, a part handed out, a national yes waited for.

All names are examples; they say nothing about any country.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.cli.playing.people import COLLEAGUE_BY_MAIL, Part
from bot.cli.playing.stage import NETWORK, Button, Stage, buttons
from bot.messages import Deed
from bot.people import first_secretariat, mechanisms, meetings
from bot.people.kept import Given, Kept, Slip, slip
from bot.sandbox import Message
from bot.words import words
from db.vocabulary import MechanismStatus, Via

PLANNED, ESTABLISHED, OPERATIONAL = MechanismStatus.PLANNED, MechanismStatus.ESTABLISHED, MechanismStatus.OPERATIONAL
# How far each has come, and since when it stands. Of two countries nothing is recorded.
MECHANISMS: dict[str, tuple[MechanismStatus, date | None]] = {
    "BRN": (PLANNED, None),
    "IDN": (OPERATIONAL, date(2004, 10, 19)),
    "KHM": (OPERATIONAL, date(2011, 12, 5)),
    "LAO": (PLANNED, None),
    "MYS": (ESTABLISHED, date(2013, 3, 1)),
    "PHL": (OPERATIONAL, date(2009, 4, 14)),
    "THA": (OPERATIONAL, date(2012, 6, 1)),
    "TLS": (MechanismStatus.NONE, None),
    "VNM": (ESTABLISHED, date(2014, 2, 20)),
}
MET: dict[str, Sequence[str]] = {
    "IDN": ("2014-05-20", "2014-11-18"),
    "PHL": ("2014-08-12",),
    "THA": ("2014-03-04", "2014-09-09", "2014-12-16"),
}
STEPS: dict[str, tuple[str, str]] = {
    "IDN": ("Example: one form for all requests", "2015-06-30"),
    "LAO": ("Example: a decree on the mechanism", "2015-03-31"),
    "VNM": ("Example: one card in all districts", "2015-12-15"),
}


async def mechanisms_are_kept(on: Stage, secretariat: Part) -> None:
    """The secretariat writes down how far each mechanism has come, when it met, and what it has set itself."""
    now, label = on.clock.now(), words().label
    async with on.app.database.writing() as session:
        by = await first_secretariat(session, secretariat.email, secretariat.slack_id, now, Via.COMMAND_LINE)
        for code, (status, since) in MECHANISMS.items():
            form = await mechanisms.form(session, by, Slip(code), label)
            given: Given = {
                "status": [status],
                "name": [] if status is MechanismStatus.NONE else ["Example: national council"],
                "established_on": [since.isoformat()] if since else [],
            }
            _taken(await mechanisms.store(session, by, slip(form.private), given, now, label))
            for day in MET.get(code, ()):
                form = await meetings.meeting_form(session, by, Slip(code), label)
                given = {"held_on": [day], "about": ["Example: what each ministry does"]}
                _taken(await meetings.store_meeting(session, by, slip(form.private), given, now, label))
            if code in STEPS:
                title, due = STEPS[code]
                form = await meetings.milestone_form(session, by, Slip(code), label)
                given = {"title": [title], "due_on": [due]}
                _taken(await meetings.store_milestone(session, by, slip(form.private), given, now, label))


def _taken(kept: Kept) -> None:
    if kept.said is None:
        raise RuntimeError(f"the register did not take it: {kept.problems}")


async def wants_a_yes(on: Stage, coordinator: Part) -> None:
    """A country asks for its own yes before anything goes to the secretariat."""
    person = on.person(coordinator)
    await person.command("/spnet", "clearance set", NETWORK)
    await on.settled()
    await person.fills({"wanted": "yes"})
    if errors := await person.submits():
        raise RuntimeError(f"the form was not taken: {errors}")
    await on.settled()


async def hands_out(on: Stage, focal_point: Part, question: str, due: date) -> None:
    """A focal point begins, and hands the section of a question to a colleague who reads letters only."""
    person = on.person(focal_point)
    opening = next(message for message in reversed(person.messages()) if _button(message, Deed.START))
    await on.clicks(focal_point, _button(opening, Deed.START)[0])
    asked = await on.says(focal_point, f"edit {question}")
    button = _button(asked, Deed.DELEGATE)[0]
    await person.clicks(button.action_id, button.value, button.message)
    await on.settled()
    to = {"name": COLLEAGUE_BY_MAIL.name, "email": COLLEAGUE_BY_MAIL.email}
    (part, *_) = [value for value in _offered(person.user.stack[-1], "part") if value.endswith(":")]
    await person.fills({"part": part, **to, "due": due.isoformat()})
    if errors := await person.submits():
        raise RuntimeError(f"the form was not taken: {errors}")
    await on.settled()


def _button(message: Message, deed: Deed) -> list[Button]:
    return [button for button in buttons(message) if button.deed == deed]


def _offered(view: dict[str, Any], field: str) -> list[str]:
    (block,) = [each for each in view["blocks"] if each["block_id"] == field]
    return [option["value"] for option in block["element"]["options"]]
