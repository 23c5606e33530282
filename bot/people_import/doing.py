"""A plan is carried out: agencies, people, then their roles, with what comes with a role that begins or ends today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot import audit, permissions, workdays
from bot.people import appointments, mechanisms
from bot.people.appointments import ChangedMeanwhile, Wish, last_day
from bot.people_import.draft import Change
from bot.people_import.plan import Plan, Told
from bot.permissions import Act
from bot.reminders import Rules
from bot.speaker import Speaker
from bot.succession import moving
from db.engine import Session
from db.models import Agency, Person
from db.queries import appointments as queries
from db.queries import cycles as cycle_queries
from db.queries.appointments import Held
from db.vocabulary import CycleState, Origin, Role


async def carry_out(
    session: Session, by: Speaker, plan: Plan, now: datetime, rules: Rules, told: Told = lambda _done, _of: None
) -> None:
    """Do what a plan of this very transaction says, with an audit row for each change.

    A focal point who takes over, and whoever gets a role while a cycle is open, is briefed as after `/spnet focal`; a
    role that begins on a later day is carried out on that day.

    Raises:
        NotAllowed: not everybody may.
        ValueError: a line was refused: all or nothing.
        ChangedMeanwhile: somebody else changed a role in the same moment.
    """
    permissions.require(by, Act.IMPORT)
    if plan.faults:
        raise ValueError("a plan with refused lines is not carried out")
    await _Doing(session, by, plan, now, rules, told).do()


class _Doing:
    def __init__(self, session: Session, by: Speaker, plan: Plan, now: datetime, rules: Rules, told: Told) -> None:
        self.session, self.by, self.plan, self.now, self.rules, self.told = session, by, plan, now, rules, told
        self.today = workdays.register_day(now)
        # The rows that were made, by their numbers in the plan.
        self.agencies: dict[int, int] = {}
        self.people: dict[int, int] = {}
        self.roles: dict[int, int] = {}

    async def do(self) -> None:
        """Everything, in the order in which one thing needs another."""
        changes = self.plan.changes
        of_roles: dict[int, list[Change]] = {}
        for done, change in enumerate(changes):
            self.told(done, len(changes))
            if change.role is not None:
                of_roles.setdefault(change.key, []).append(change)
            elif change.what in ("agency", "agency_kind", "sector", "in_mechanism"):
                await self._agency(change)
            else:
                await self._person(change)
        given = [key for key in of_roles if key < 0]
        for key in given:
            self.roles[key] = await self._give(key)
        for key, each in of_roles.items():
            if key > 0:
                await self._correct(key, each)
        await self._move(given, of_roles)
        self.told(len(changes), len(changes))

    async def _agency(self, change: Change) -> None:
        body = self.plan.draft.bodies[change.key]
        if change.what == "agency":
            agency = Agency(member_code=body.member, name=body.name, kind=body.kind, sector=body.sector, sits=body.sits)
            self.session.add(agency)
            await self.session.flush()
            self.agencies[change.key] = agency.id
            detail: dict[str, Any] = {"after": {"name": body.name, "kind": body.kind, "sector": body.sector}}
        else:
            agency = await self.session.get_one(Agency, self.agencies.get(change.key, change.key))
            what = {"agency_kind": "kind", "in_mechanism": "sits"}.get(change.what, change.what)
            setattr(agency, what, change.after)
            detail = {"before": {what: change.before}, "after": {what: change.after}}
        await self.session.flush()
        about = mechanisms.subject(agency.member_code) if agency.member_code else f"agency:{agency.id}"
        act = "add_agency" if change.what == "agency" else "change_agency"
        await audit.record(self.session, self.by, act, about, self.now, agency=agency.id, **detail)

    async def _person(self, change: Change) -> None:
        if change.what == "person":
            found = self.plan.draft.people[change.key]
            person = Person(
                name=found.name, email=found.email, slack_id=found.slack_id, zone=found.zone, locale=found.locale
            )
            person.zone_by = Origin.REGISTER if found.zone else None
            self.session.add(person)
            await self.session.flush()
            self.people[change.key] = person.id
            detail: dict[str, Any] = {}
        else:
            person = await self.session.get_one(Person, change.key)
            setattr(person, change.what, change.after)
            match change.what:
                case "name":
                    person.name_by = Origin.REGISTER
                case "zone":
                    person.zone_by = Origin.REGISTER
                case "email":
                    person.email_refused_at = person.email_refused_code = None
                case "slack_id":
                    person.slack_trouble = person.slack_seen_at = None
                case _:
                    pass
            detail = {"before": change.before, "after": change.after}
        await self.session.flush()
        about = f"person:{person.id}"
        await audit.record(self.session, self.by, f"import_{change.what}", about, self.now, **detail)

    async def _give(self, key: int) -> int:
        held = self.plan.draft.roles[key]
        agency_id = self.agencies.get(held.agency_id, held.agency_id) if held.agency_id else None
        wish = Wish(held.role, held.member, held.starts_on, held.ends_on, agency_id, held.reference, held.mandate)
        person_id = self.people.get(held.person_id, held.person_id)
        return await appointments.write(self.session, self.by, person_id, wish, self.now)

    async def _correct(self, key: int, changes: Sequence[Change]) -> None:
        """New days, letter, level or agency of a role that is known."""
        before, after = self.plan.draft.stored[key], self.plan.draft.roles[key]
        if {change.what for change in changes} <= {"ends_on", "gives_way"} and after.ends_on is not None:
            more: dict[str, Any] = {}
            if key in self.plan.draft.followed_by:
                follows = self.plan.draft.followed_by[key]
                more["follows"] = self.roles.get(follows, follows)
            await appointments.cut(self.session, self.by, before, after.ends_on, self.now, **more)
            return
        fields = ("starts_on", "ends_on", "reference", "mandate", "agency_id")
        values = {what: getattr(after, what) for what in fields if getattr(after, what) != getattr(before, what)}
        if values.get("agency_id"):
            values["agency_id"] = self.agencies.get(values["agency_id"], values["agency_id"])
        # What begins on a later day than was written down has not begun; what has begun by now, the tick finds.
        values["pending"] = before.pending or after.starts_on > self.today
        if not await queries.change(self.session, before, **values):
            raise ChangedMeanwhile(what="role", member=before.member_name, name=before.name)
        about = appointments.subject(key)
        was = {what: _plain(getattr(before, what)) for what in values}
        now_is = {what: _plain(value) for what, value in values.items()}
        await audit.record(self.session, self.by, "correct_role", about, self.now, before=was, after=now_is)

    async def _move(self, given: Sequence[int], of_roles: dict[int, list[Change]]) -> None:
        """What comes with a role that begins or ends: briefing and thanks, prompts and what waits in the ledger."""
        draft = self.plan.draft
        running = bool(await cycle_queries.asked(self.session, [CycleState.OPEN]))
        taken_over = set(draft.followed_by.values())
        settled: set[str] = set()
        for key in given:
            held = await self._stored(self.roles[key])
            if not held.pending and last_day(held) >= self.today and (running or key in taken_over):
                await moving.begun(self.session, held, self.now, self.rules)
        for key in of_roles:
            if key < 0:
                continue
            before, after = draft.stored[key], await self._stored(key)
            if last_day(before) < self.today or last_day(after) >= self.today:
                continue
            # Who left longer ago is not thanked by a letter that comes with a file.
            if last_day(after) >= self.today - moving.STILL_NEWS or last_day(after) < after.starts_on:
                await moving.ended(self.session, after, self.now, self.rules)
            elif after.role in (Role.FOCAL_POINT, Role.ALTERNATE) and after.member:
                settled.add(after.member)
        for member in sorted(settled):
            await moving.settle(self.session, member, self.now)

    async def _stored(self, appointment_id: int) -> Held:
        held = await queries.by_id(self.session, appointment_id)
        assert held is not None  # noqa: S101 - it was written in this transaction
        return held


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
