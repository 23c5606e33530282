"""The guided tour: its steps stand in templates/demo/tour.toml, which says what each of them may hold."""

from __future__ import annotations

import tomllib

from bot.config.sections import TEMPLATES
from bot.sandbox.control import TourStep

FILE = TEMPLATES / "demo" / "tour.toml"


def steps() -> list[TourStep]:
    """All steps, in order."""
    found = tomllib.loads(FILE.read_text(encoding="utf-8"))["step"]
    return [
        TourStep(
            id=row["id"],
            person=row["as"],
            place=row["place"],
            title=row["title"],
            text=row["text"].strip(),
            do=row.get("do"),
            look=row.get("look"),
        )
        for row in found
    ]
