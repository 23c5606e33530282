"""The only door to the words in templates/, and the only user of Jinja2.

A chat template is plain lines: a blank line ends a block, `# ` begins a header, `~ ` small grey print, `---` a rule,
and lines like `| Indonesia | 4 |` are a table, headed by the first. What a person typed can never make a block or a
mention of its own: it is escaped at the medium, and its line breaks and bars travel as private characters until the
blocks are cut.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).parent.parent / "templates"
# A line break inside what a person typed.
LINE_BREAK = "\ue000"
# Stands before what a person typed where that would begin a header, small print or a rule; taken away with the blocks.
TYPED = "\ue001"
BEGINS_A_BLOCK = ("# ", "~ ", "---")
# A bar inside what a person typed: it ends no cell of a table.
BAR = "\ue002"
_CHAT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\n": LINE_BREAK, "\r": "", "|": BAR, LINE_BREAK: " "})


def one_line(chat: str) -> str:
    """A line of chat without the private characters; what was typed stays escaped."""
    return chat.replace(LINE_BREAK, " ").replace(BAR, "|").replace(TYPED, "")


@dataclass(frozen=True)
class Reader:
    """For whom the words are: the zone that times are said in, and the way dates are written."""

    zone: str
    locale: str = "en_GB"


UTC_READER = Reader("UTC")


def zone_name(zone: str) -> str:
    """A zone as people say it: `Jakarta time`."""
    return "UTC" if zone == "UTC" else zone.rsplit("/", 1)[-1].replace("_", " ") + " time"


def say_day(value: date | datetime, reader: Reader) -> str:
    """A day with its weekday, as the reader's country writes it: `Friday, 27 November 2026`."""
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(reader.zone)).date()
    return format_date(value, "full", locale=reader.locale)


def say_moment(value: datetime, reader: Reader) -> str:
    """A moment in the reader's zone, with the zone named: `Friday, 27 November 2026, 17:00 (Jakarta time)`."""
    local = value.astimezone(ZoneInfo(reader.zone))
    return f"{say_day(value, reader)}, {format_time(local, 'HH:mm', locale=reader.locale)} ({zone_name(reader.zone)})"


def say_number(value: Decimal | int | str) -> str:
    """A number digit by digit, with a point; never rounded."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def listed(names: Iterable[str]) -> str:
    """`Indonesia`, `Indonesia and Viet Nam`, `Indonesia, Philippines and Viet Nam`."""
    *before, last = [*names] or [""]
    return f"{', '.join(before)} and {last}" if before else last


def _chat_value(value: Any) -> Any:
    if isinstance(value, Markup):
        return value
    if isinstance(value, Decimal):
        value = say_number(value)
    if not isinstance(value, str):
        return value
    text = value.translate(_CHAT)
    return TYPED + text if text.startswith(BEGINS_A_BLOCK) else text


def _plain_value(value: Any) -> Any:
    return say_number(value) if isinstance(value, Decimal) else value


class Words:
    """The templates of one folder."""

    def __init__(self, root: Path = TEMPLATES) -> None:
        loader = FileSystemLoader(root)
        shared: dict[str, Any] = {
            "loader": loader,
            "undefined": StrictUndefined,
            "trim_blocks": True,
            "lstrip_blocks": True,
            # The templates of a running bot do not change; looking for that costs more than filling one.
            "auto_reload": False,
        }
        self._environments = {
            "chat": Environment(**shared, autoescape=False, finalize=_chat_value),  # noqa: S701 - escaped by _chat_value
            "text": Environment(**shared, autoescape=False, finalize=_plain_value),  # noqa: S701 - plain text
            "subject": Environment(**shared, autoescape=False, finalize=_plain_value),  # noqa: S701 - plain text
            "html": Environment(**shared, autoescape=True, finalize=_plain_value),
        }
        for environment in self._environments.values():
            environment.globals["label"] = self.label  # pyright: ignore[reportUnknownMemberType]
            environment.filters["number"] = say_number  # pyright: ignore[reportUnknownMemberType]
            environment.filters["listed"] = listed  # pyright: ignore[reportUnknownMemberType]
            environment.filters["zone"] = zone_name  # pyright: ignore[reportUnknownMemberType]
        self._names = frozenset(loader.list_templates())
        self._labels: dict[str, str] = tomllib.loads((root / "labels.toml").read_text(encoding="utf-8"))

    def render(self, kind: str, form: str, facts: Mapping[str, Any], reader: Reader) -> str:
        """One template filled.

        Args:
            kind: `<subject>/<message>`.
            form: `chat`, `subject`, `text` or `html`.
            facts: what fills it; a missing one is an error, never an empty place.
            reader: in whose zone and date style.
        """
        template = self._environments[form].get_template(f"{kind}.{form}.j2")

        def day(value: date | datetime) -> str:
            return say_day(value, reader)

        def moment(value: datetime) -> str:
            return say_moment(value, reader)

        return template.render(**facts, reader=reader, day=day, moment=moment).strip()

    def has(self, kind: str, form: str) -> bool:
        """Whether such a template is there."""
        return f"{kind}.{form}.j2" in self._names

    def label(self, key: str, **facts: Any) -> str:
        """A short label of templates/labels.toml, such as a button's.

        Raises:
            KeyError: there is no such label.
        """
        return self._labels[key].format(**facts) if facts else self._labels[key]

    def maybe_label(self, key: str) -> str | None:
        """The label, or None."""
        return self._labels.get(key)


@cache
def words() -> Words:
    """The words of this house, loaded once."""
    return Words()
