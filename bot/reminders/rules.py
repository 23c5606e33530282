"""The reminder plan and its times. Nothing here reads a database or a clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from babel.core import get_global

from bot import workdays
from bot.config import ReminderStep, Settings
from bot.config.plan import DEFAULT_PLAN
from bot.workdays import Place
from db.models import Cycle, Member
from db.queries.people import Hat
from db.vocabulary import Role

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


class Passed(StrEnum):
    """Why a step was not sent. It stands in the `last_error` of the cancelled row."""

    BEFORE_OPENING = "before_opening"  # its moment was past when the cycle opened
    BEFORE_NEW_DATE = "before_new_date"  # ... when the due date was moved
    IN_OTHER_HANDS = "in_other_hands"  # ... when the assessment came back from the secretariat, or from its clearance
    OVERTAKEN = "overtaken"  # a later step is sent, or comes before anybody is at work again
    TOO_LATE = "too_late"  # the cycle closes before anybody is at work again
    NOBODY = "nobody"  # nobody holds the role
    SAME_PERSON = "same_person"  # whoever holds the role gets the step in another role


@dataclass(frozen=True)
class Rules:
    """The part of the settings that the reminders go by.

    Attributes:
        steps: the plan, in the order of its days.
        hour: at which they go out, by each person's clock.
        review_after_days: working days after which the secretariat is reminded of a submission.
        clearance_after_days: working days of their country after which who must clear is reminded.
        secretariat_zone: IANA name; its country's working days count for the secretariat.
        contributor_days: days from a contributor's own date on which they are reminded; negative is before.
        register_weekday: on which the secretariat is told what the register needs; Monday is 0.
    """

    steps: tuple[ReminderStep, ...] = DEFAULT_PLAN
    hour: int = 9
    review_after_days: tuple[int, ...] = (3, 7)
    secretariat_zone: str = "UTC"
    clearance_after_days: tuple[int, ...] = (2, 4, 7)
    register_weekday: int = 0
    contributor_days: tuple[int, ...] = (-3, 0, 2)

    @classmethod
    def of(cls, settings: Settings) -> Rules:
        """The rules that the settings hold."""
        own = settings.reminders
        return cls(
            settings.reminder,
            own.hour,
            own.review_after_days,
            settings.secretariat.zone,
            own.clearance_after_days,
            WEEKDAYS.index(own.register_day),
            own.contributor_days,
        )


def place_of(zone: str, hour: int) -> Place:
    """A zone with the working days of the country it lies in, as Babel (CLDR) knows it."""
    country: str | None = get_global("zone_territories").get(zone)
    if country is None:
        return Place(zone, None, hour)
    try:
        workdays.is_workday(date(2026, 1, 5), country)
    except workdays.UnknownCalendar:
        return Place(zone, None, hour)
    return Place(zone, country, hour)


@dataclass(frozen=True)
class Moment:
    """When a step is due, and from when on it is of no use: the next one is then due, or the cycle closes."""

    name: str
    days: int
    at: datetime
    until: datetime


class Dated(Protocol):
    """Something that is due, and closes: a cycle, or one member's assessment with its own dates."""

    @property
    def due_at(self) -> datetime:
        """When it is due."""
        ...

    @property
    def closes_at(self) -> datetime:
        """When it takes no answers any more."""
        ...


@dataclass(frozen=True)
class Reopened:
    """The dates of an assessment that was reopened after it was due: its steps are counted from when it closes."""

    closes_at: datetime

    @property
    def due_at(self) -> datetime:
        """What the steps are counted from."""
        return self.closes_at


def ahead(steps: Sequence[ReminderStep]) -> list[ReminderStep]:
    """The steps before a date and on its day: where it closes then, there is nothing to be reminded of later."""
    return [step for step in steps if step.days <= 0]


def moments(steps: Sequence[ReminderStep], dates: Dated, place: Place, calendar: str) -> list[Moment]:
    """The steps of a plan for one person, in their order. `at` never decreases."""
    at = [
        workdays.step_moment(dates.due_at, step.days, zone=place.zone, calendar=calendar, hour=place.hour)
        for step in steps
    ]
    return [
        Moment(step.name, step.days, own, min([dates.closes_at, *(other for other in at if other > own)]))
        for step, own in zip(steps, at, strict=True)
    ]


def reached(
    plan: Sequence[Moment],
    now: datetime,
    place: Place,
    closes: datetime | None,
    passed_before: Callable[[datetime], Passed | None] = lambda _: None,
) -> Iterator[tuple[Moment, datetime | Passed]]:
    """Each step whose moment has come, with the moment to send it, or why it is not sent.

    Of several, only the last is sent: after an outage nobody finds five messages. What would arrive on a free day or
    at night waits for the next working morning.

    Args:
        passed_before: why a step of that moment was void from the start, if it was.
    """
    past = [one for one in plan if one.at <= now]
    for one in past:
        if (why := passed_before(one.at)) is not None:
            yield one, why
        elif one is not past[-1]:
            yield one, Passed.OVERTAKEN
        elif (at := place.next_working_moment(now)) < one.until:
            yield one, at
        else:
            yield one, Passed.TOO_LATE if one.until == closes else Passed.OVERTAKEN


@dataclass(frozen=True)
class PassedStep:
    """A step of the plan that will not be sent, because its moment is past already when the cycle opens.

    Attributes:
        members: the names of the countries for which it is so, alphabetical.
        everyone: whether that is all who are asked.
    """

    step: ReminderStep
    members: tuple[str, ...]
    everyone: bool


def passed_at_opening(
    cycle: Cycle, rules: Rules, hats: Sequence[Hat], members: Sequence[Member], now: datetime
) -> tuple[PassedStep, ...]:
    """The steps that would not be sent if the cycle opened now, for the preview of `cycle open`.

    Args:
        cycle: a draft with its due date.
        hats: who would be asked, one a member (`cycles.Plan.asked`).
        members: all members, for their calendars.
    """
    home = {member.code: member for member in members}
    asked = [(hat, home[hat.member]) for hat in hats if hat.member in home]
    found: list[PassedStep] = []
    for step in rules.steps:
        names = tuple(
            sorted(
                member.name
                for hat, member in asked
                if workdays.step_moment(
                    cycle.due_at, step.days, zone=hat.zone or member.zone, calendar=member.calendar, hour=rules.hour
                )
                <= now
            )
        )
        if names:
            found.append(PassedStep(step, names, len(names) == len(asked)))
    return tuple(found)


def days_until(due: datetime, now: datetime, zone: str) -> int:
    """How many days until the due day, by the calendar there; negative after it.

    Due at midnight means the day that ends.
    """
    last = workdays.local(due - timedelta(microseconds=1), zone).date()
    return (last - workdays.local(now, zone).date()).days


def written_to(steps: Sequence[ReminderStep], role: Role) -> list[ReminderStep]:
    """The steps that go to a role."""
    return [step for step in steps if role in step.to]
