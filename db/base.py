"""The base of all models, and the column types that keep what SQLite would bend."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, Dialect, Enum, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import DateTime, TypeDecorator

from db import vocabulary


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. A naive one is refused: it would mean another time elsewhere."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite keeps no zone, so it gets none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a zone is not stored: {value}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Back as an aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal kept digit by digit as text: SQLite's Numeric would round 50.7999992370605."""

    impl = String(64)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """As plain digits, without an exponent."""
        if value is None:
            return None
        if not value.is_finite():
            raise ValueError(f"not a number to be stored: {value}")
        return format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """The very decimal that was stored."""
        return None if value is None else Decimal(value)


def _stored(words: type[StrEnum]) -> list[str]:
    return [word.value for word in words]


def _enum(words: type[StrEnum]) -> Enum:
    # Stored as the value in a plain string: a new word needs no ALTER TYPE.
    return Enum(words, native_enum=False, length=32, values_callable=_stored, create_constraint=False)


class Base(DeclarativeBase):
    """The base of all models."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        Decimal: ExactDecimal,
        str: Text,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[Any]: JSON,
        **{
            word: _enum(word)
            for word in vars(vocabulary).values()
            if isinstance(word, type) and issubclass(word, vocabulary.StrEnum) and word is not vocabulary.StrEnum
        },
    }

    def __repr__(self) -> str:
        """The table and the key only: never what people wrote."""
        keys = ", ".join(str(getattr(self, column.name)) for column in self.__mapper__.primary_key)
        return f"<{type(self).__name__} {keys}>"
