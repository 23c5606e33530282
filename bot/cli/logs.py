"""Logs: structured, with ids; never a body, a token or an address.

What the house logs is trusted to be ids, and looked through all the same. What libraries log is not: of theirs only the
first line is kept, without the payloads that Slack's and the database's libraries put there, and of an error only its
name and place, since its words may hold what somebody wrote.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

LONGEST = 300
# A library's warnings are wanted, its chatter is not.
QUIET = {
    "slack_sdk": logging.WARNING,
    "slack_bolt": logging.WARNING,
    "apscheduler": logging.ERROR,
    "aiohttp.access": logging.ERROR,
    "aiohttp": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "alembic": logging.WARNING,
    "aiosmtplib": logging.WARNING,
    "matplotlib": logging.WARNING,
    "asyncio": logging.WARNING,
}
_HIDDEN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bx(?:ox[a-z]|app)(?:\.[a-z]+)*-[A-Za-z0-9-]+"), "[token]"),
    (re.compile(r"([?&](?:ticket|token|secret|app_id)=)[^&\s\"']+"), r"\1[hidden]"),
    (re.compile(r"(https?://[^\s\"']*?/(?:actions|address|commands|unsubscribe|services)/)[^\s\"']+"), r"\1[hidden]"),
    # The tokens of our own pages, wherever they stand: see bot.links.
    (re.compile(r"(?<=/)[A-Za-z2-7]{40,}"), "[hidden]"),
    (re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]*(?=@)"), "[password]"),
    (re.compile(r"[\w.+%'=&-]+@[\w-]+(?:\.[\w-]+)+"), "[address]"),
)
_PAYLOAD = re.compile(r"[{\[(].*[:=].*$", re.DOTALL)


def redact(text: str) -> str:
    """A text without tokens, tickets, passwords and mail addresses."""
    for pattern, shown in _HIDDEN:
        text = pattern.sub(shown, text)
    return text


def configure(*, verbose: bool = False, only_errors: bool = False, stream: TextIO | None = None) -> None:
    """Set up every logger of the process.

    Args:
        verbose: the house's own debug lines too.
        only_errors: nothing but errors.
        stream: where lines go; standard error if not given. On a terminal they are for eyes, else JSON, one a line.
    """
    out = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    show: Processor = (
        structlog.dev.ConsoleRenderer(colors=True) if out.isatty() else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _only_the_first_line],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _error_without_words,
                _redacted,
                show,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.ERROR if only_errors else logging.DEBUG if verbose else logging.INFO)
    # On the handler, not on the loggers: Bolt sets the level of its own from the root's.
    handler.addFilter(_is_wanted)
    threading.excepthook = _thread_ended


def _is_wanted(record: logging.LogRecord) -> bool:
    levels = [level for name, level in QUIET.items() if record.name == name or record.name.startswith(f"{name}.")]
    return record.levelno >= max(levels, default=logging.NOTSET)


def _thread_ended(args: threading.ExceptHookArgs) -> None:
    # A connection to SQLite that never opened says goodbye to a loop that has ended: nobody is interested.
    if args.exc_type is RuntimeError and str(args.exc_value) == "Event loop is closed":
        return
    places = _places(args.exc_traceback)
    structlog.get_logger("spnet.thread").error("thread_ended", error=args.exc_type.__name__, came_through=places)


def _only_the_first_line(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A library's line: its payload is cut away."""
    first = str(event.get("event", "")).split("\n", 1)[0]
    event["event"] = _PAYLOAD.sub("...", first)[:LONGEST]
    return event


def _error_without_words(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """An error's name and the places it came through; its words may be somebody's answer."""
    info: Any = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if isinstance(info, tuple) and (parts := cast("tuple[Any, ...]", info))[0] is not None:
        event["error"] = parts[0].__name__
        event["came_through"] = _places(parts[2])
    return event


def _places(trace: TracebackType | None) -> list[str]:
    return [f"{Path(one.filename).name}:{one.lineno}" for one in traceback.extract_tb(trace)[-6:]]


def _redacted(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = redact(value)
    return event
