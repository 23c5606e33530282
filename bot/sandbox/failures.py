"""What Slack answers when it does not do what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class ApiError(Exception):
    """A refusal of a Web API method, with Slack's own code.

    Args:
        code: Slack's error code, such as `channel_not_found`.
        problems: sentences with a json-pointer, told in `errors` and `response_metadata.messages`.
        extra: further keys of the answer, such as `needed` and `provided`.
    """

    def __init__(self, code: str, problems: Sequence[str] = (), **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.problems = tuple(problems)
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """The JSON object that goes over the wire (always with HTTP 200)."""
        answer: dict[str, Any] = {"ok": False, "error": self.code, **self.extra}
        if self.problems:
            answer["errors"] = list(self.problems)
            answer["response_metadata"] = {"messages": [f"[ERROR] {problem}" for problem in self.problems]}
        return answer


class RateLimited(ApiError):
    """Too many calls: HTTP 429 with a Retry-After header.

    Args:
        retry_after: whole seconds, at least 1.
    """

    def __init__(self, retry_after: int) -> None:
        super().__init__("ratelimited")
        self.retry_after = retry_after


class ServerTrouble(ApiError):
    """Slack itself is in trouble: an HTTP status from 500 on, with a body that is no JSON."""

    def __init__(self, status: int) -> None:
        super().__init__("internal_error")
        self.status = status


class Trouble(Exception):
    """A person's act that the bot did not answer as Slack demands; Slack shows the person a warning."""


def missing(field: str) -> ApiError:
    """The refusal of a call that lacks a required argument."""
    return ApiError("invalid_arguments", [f"missing required field: {field}"])
