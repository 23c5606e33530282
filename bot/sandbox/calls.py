"""One call of a Web API method, and its arguments in the types that the method wants."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from bot.sandbox.failures import ApiError, missing

if TYPE_CHECKING:
    from bot.sandbox.slack import Slack
    from bot.sandbox.workspace import Workspace

Item = TypeVar("Item")


@dataclass(slots=True)
class Call:
    """What a method gets: the sandbox's Slack, the arguments as they came, and the token that they came with."""

    slack: Slack
    arguments: dict[str, Any]
    token: str = ""

    @property
    def workspace(self) -> Workspace:
        """People, channels and messages."""
        return self.slack.workspace

    def needs(self, name: str) -> str:
        """A required argument as text.

        Raises:
            ApiError: invalid_arguments, `missing required field`.
        """
        value = self.arguments.get(name)
        if value is None or value == "":
            raise missing(name)
        return str(value)

    def text(self, name: str) -> str | None:
        """An optional argument as text."""
        value = self.arguments.get(name)
        return None if value is None or value == "" else str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean: JSON's, or 1, 0, true, false as text."""
        value = self.arguments.get(name)
        if value is None or value == "":
            return default
        return value if isinstance(value, bool) else str(value).lower() in ("1", "true")

    def limit(self, default: int, most: int) -> int:
        """The `limit` argument.

        Raises:
            ApiError: invalid_limit when it is no number from 1 to `most`.
        """
        value = self.arguments.get("limit")
        if value is None or value == "" or value in (0, "0"):
            return default
        try:
            number = int(value)
        except (TypeError, ValueError):
            raise ApiError("invalid_limit") from None
        if not 0 < number <= most:
            raise ApiError("invalid_limit")
        return number

    def page(self, found: Sequence[Item], default: int, most: int) -> tuple[Sequence[Item], dict[str, Any]]:
        """One page of a list, by `limit` and `cursor`, and its response_metadata.

        Raises:
            ApiError: invalid_limit, invalid_cursor.
        """
        size = self.limit(default, most)
        cursor = self.text("cursor")
        start = 0
        if cursor:
            try:
                start = int(base64.urlsafe_b64decode(cursor.encode()).decode().removeprefix("next:"))
            except (ValueError, UnicodeError):
                raise ApiError("invalid_cursor") from None
        end = start + size
        following = base64.urlsafe_b64encode(f"next:{end}".encode()).decode() if end < len(found) else ""
        return found[start:end], {"response_metadata": {"next_cursor": following}}

    def numbered(self, found: Sequence[Item]) -> tuple[Sequence[Item], dict[str, Any]]:
        """One page of a list by `count` and `page`, and its paging (Slack's older way; 100 a page unless told)."""
        size, place = (self._number(name, default) for name, default in (("count", 100), ("page", 1)))
        pages = -(-len(found) // size)
        paging = {"count": size, "total": len(found), "page": place, "pages": pages}
        return found[(place - 1) * size : place * size], {"paging": paging}

    def decimal(self, name: str, default: float) -> float:
        """An optional time in seconds.

        Raises:
            ApiError: invalid_arguments when it is no number.
        """
        value = self.text(name)
        try:
            return default if value is None else float(value)
        except ValueError:
            raise ApiError("invalid_arguments", [f"must be a number [json-pointer:/{name}]"]) from None

    def _number(self, name: str, default: int) -> int:
        value = self.text(name)
        if value is None:
            return default
        if not value.isdecimal() or not 0 < int(value) <= 1000:
            raise ApiError("invalid_arguments", [f"must be an integer from 1 to 1000 [json-pointer:/{name}]"])
        return int(value)
