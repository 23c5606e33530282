"""When reminders go out, and to whom: the sections `[reminders]` and `[[reminder]]`, and the plan by default."""

from __future__ import annotations

from typing import Annotated, Any, Literal, cast

from pydantic import BeforeValidator, Field, field_validator, model_validator

from bot.config.values import Integer, Section
from db.vocabulary import Role

REMINDED = (Role.FOCAL_POINT, Role.ALTERNATE, Role.COORDINATOR)


def _may_be_reminded(value: object) -> object:
    if value not in REMINDED:
        raise ValueError('must be "focal_point", "alternate" or "coordinator"')
    return value


class Reminders(Section):
    """When reminders go out, and the secretariat's own."""

    hour: Integer = Field(
        default=9,
        ge=0,
        le=23,
        description="The hour at which reminders go out, in each person's own zone",
        examples=["9"],
    )
    review_after_days: tuple[Integer, ...] = Field(
        default=(3, 7),
        max_length=60,
        description="The secretariat is reminded when a submission has waited so many days for review",
        examples=["[3, 7]"],
    )

    clearance_after_days: tuple[Integer, ...] = Field(
        default=(2, 4, 7),
        max_length=60,
        description="Who must give a national clearance, or the yes to a floor, is reminded after so many working days",
        examples=["[2, 4, 7]"],
    )

    contributor_days: tuple[Integer, ...] = Field(
        default=(-3, 0, 2),
        max_length=60,
        description="A contributor is reminded so many days from their own date: -3 before it, 0 on it, 2 after it",
        examples=["[-3, 0, 2]"],
    )

    register_day: Literal["monday", "tuesday", "wednesday", "thursday", "friday"] = Field(
        default="monday",
        description="The day of the week on which the secretariat is told what the register needs, at the same hour",
        examples=['"monday"'],
    )

    @field_validator("review_after_days", "clearance_after_days")
    @classmethod
    def _is_a_plan(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if any(not 1 <= days <= 365 for days in value):
            raise ValueError("must be days from 1 to 365")
        if len(set(value)) != len(value):
            raise ValueError("names a day twice")
        return tuple(sorted(value))

    @field_validator("contributor_days")
    @classmethod
    def _is_a_plan_around_a_day(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if any(not -60 <= days <= 60 for days in value):
            raise ValueError("must be days from -60 to 60")
        if len(set(value)) != len(value):
            raise ValueError("names a day twice")
        return tuple(sorted(value))


class ReminderStep(Section):
    """One step of the reminder plan. The first of `to` is written to, the others are in copy."""

    days: Integer = Field(
        ge=-365,
        le=365,
        description="Days from the due date: -7 a week before, 0 the day itself, 3 after",
        examples=["-7"],
    )
    to: tuple[Annotated[Role, BeforeValidator(_may_be_reminded)], ...] = Field(
        default=(Role.FOCAL_POINT,),
        description="Who is written to, and after the first, who is in copy: focal_point, alternate, coordinator",
        examples=['["focal_point"]'],
    )
    name: str = Field(
        default="",
        pattern=r"^[a-z0-9_]{1,40}$",
        description="The step's name in the ledger; made from the days if not given",
        examples=['"a_week_before"'],
    )

    @model_validator(mode="before")
    @classmethod
    def _named(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        step = cast("dict[str, Any]", data)
        days = step.get("days")
        if step.get("name") or not isinstance(days, int):
            return step
        unit = "day" if abs(days) == 1 else "days"
        name = "on_the_day" if days == 0 else f"{abs(days)}_{unit}_{'before' if days < 0 else 'after'}"
        return {**step, "name": name}

    @field_validator("to")
    @classmethod
    def _is_a_list_of_roles(cls, value: tuple[Role, ...]) -> tuple[Role, ...]:
        if not value:
            raise ValueError("is empty")
        if len(set(value)) != len(value):
            raise ValueError("names a role twice")
        return value


DEFAULT_PLAN = tuple(
    ReminderStep.model_validate({"days": days, "to": to})
    for days, to in [
        *((days, REMINDED[:1]) for days in (-14, -7, -3, -1, 0)),
        *((days, REMINDED) for days in (3, 7)),
    ]
)
