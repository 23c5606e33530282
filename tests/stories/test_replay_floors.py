"""Real observations with floors through the whole bot, and the progress held against plain arithmetic.

The other side of the comparison knows nothing of the bot: it reads the file with `csv`, and which way is progress from
the format's data. The floor is the first value of a series; it is in force from the year in which that was reported, so
it counts for all later values, and the line begins at the first of them. Ten years after it was set is the target year.
"""

from __future__ import annotations

import csv
import json
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from bot.cli import replay
from bot.cli.replay import FloorsReport, Report
from bot.editions import FOLDER
from tests.conftest import absent
from tests.stories.test_replay import REAL, ROOT, silent
from tests.unit.cli.conftest import spnet

SAMPLE = ROOT / "bot" / "cli" / "sample.csv"
# (member, indicator) -> year -> value.
Series = dict[tuple[str, str], dict[int, Decimal]]


def series_of(file: Path) -> Series:
    series: Series = defaultdict(dict)
    with file.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            series[row["member"], row["indicator"]][int(row["year"])] = Decimal(row["value"])
    return dict(series)


def questions() -> dict[str, dict[str, Any]]:
    data = tomllib.loads((FOLDER / "common-1.toml").read_text(encoding="utf-8"))
    return {each["code"]: each for section in data["section"] for each in section["indicator"]}


def expected_values(series: Series) -> Iterator[dict[str, Any]]:
    for (member, indicator), values in series.items():
        question, years = questions()[indicator], sorted(values)
        sign = {"up": 1, "down": -1}.get(question.get("direction", ""), 0)
        floor, target = values[years[0]], years[0] + 1 + 10
        for place, year in enumerate(years):
            now = values[year]
            row: dict[str, Any] = {
                "cycle": str(year),
                "member": member,
                "indicator": indicator,
                "now": now,
                "year": year,
                "last": None,
                "last_year": None,
                "change": None,
                "verdict": "first",
                "floor": None,
                "target_year": None,
                "to_floor": None,
                "floor_reached": None,
                "pace": None,
                "expected": None,
                "track": "no_target",
            }
            if place:
                last = values[years[place - 1]]
                better = "changed" if not sign else "better" if sign * (now - last) > 0 else "worse"
                row |= {"last": last, "last_year": years[place - 1], "change": now - last}
                row["verdict"] = "same" if now == last else better
            if place and question.get("floor"):
                lacking = floor - now if sign > 0 else now - floor
                row |= {"floor": floor, "target_year": target, "to_floor": lacking, "floor_reached": lacking <= 0}
                row["track"] = "off_track" if target <= year else "too_few"
                if place > 1:
                    begun, span = years[1], year - years[1]
                    row["pace"] = (now - values[begun]) / span
                    if target > year:
                        row["expected"] = now + (now - values[begun]) * (target - year) / span
                        pace = (Fraction(now) - Fraction(values[begun])) / span
                        comes = sign * (Fraction(now) + pace * (target - year) - Fraction(floor)) >= 0
                        row["track"] = "on_track" if comes else "off_track"
                if lacking <= 0:
                    row["track"] = "reached"
            yield row


def expected_region(rows: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["cycle"], row["indicator"]].append(row)
    return {
        (cycle, indicator): {
            "cycle": cycle,
            "indicator": indicator,
            "reported": len(group),
            **dict.fromkeys(("set_floor", "reached", "compared", "moved_right", "on_a_way", "on_track")),
        }
        if len(group) < 3
        else {
            "cycle": cycle,
            "indicator": indicator,
            "reported": len(group),
            "set_floor": sum(row["floor"] is not None for row in group),
            "reached": sum(row["floor_reached"] is True for row in group),
            "compared": sum(row["last"] is not None for row in group),
            "moved_right": sum(row["verdict"] == "better" for row in group),
            "on_a_way": sum(row["track"] in ("on_track", "off_track") for row in group),
            "on_track": sum(row["track"] == "on_track" for row in group),
        }
        for (cycle, indicator), group in groups.items()
    }


def told(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")


async def plays(file: Path, folder: Path) -> FloorsReport:
    """The whole file, with floors; all of its progress is what the plain computation comes to."""
    edition, rows = replay.read(file)
    report, losses = await replay.play(f"sqlite:///{folder}/replay.db", edition, rows, silent, floors=True)
    assert losses.lines == []
    assert isinstance(report, FloorsReport)
    assert (report.answers_stored, report.answers_wrong, report.lost) == (len(rows), 0, 0)
    series, asked = series_of(file), questions()
    assert report.floors_set == sum(bool(asked[indicator].get("floor")) for _, indicator in series)
    wanted = list(expected_values(series))
    digits = ("now", "last", "change", "to_floor", "floor", "pace", "expected")
    expected = {
        (row["cycle"], row["member"], row["indicator"]): {**row, **{name: told(row[name]) for name in digits}}
        for row in wanted
    }
    found = {(row.cycle, row.member, row.indicator): asdict(row) for row in report.progress}
    assert found.keys() == expected.keys()
    assert [found[key] for key in expected] == list(expected.values())
    assert {(each.cycle, each.indicator): asdict(each) for each in report.region} == expected_region(wanted)
    return report


async def test_the_progress_of_the_sample_is_what_plain_arithmetic_comes_to(tmp_path: Path) -> None:
    report = await plays(SAMPLE, tmp_path)
    # The comparison has something to compare.
    assert {row.track for row in report.progress} >= {"reached", "off_track", "too_few", "no_target"}
    assert any(each.set_floor for each in report.region)


async def test_the_progress_of_all_real_observations_is_what_plain_arithmetic_comes_to(tmp_path: Path) -> None:
    if not REAL.is_file():
        absent(f"the real observations are not here ({REAL.name}; SPNET_OBSERVATIONS may name them)")
    report = await plays(REAL, tmp_path)
    assert len(report.progress) == 427
    assert {row.track for row in report.progress} >= {"reached", "on_track", "off_track", "too_few", "no_target"}


async def test_at_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "two_years.csv"
    lines = SAMPLE.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:3]), encoding="utf-8")
    ended = await (await spnet("replay", str(file), "--floors", "--json")).ended()
    assert ended.code == 0, ended.err
    figures = json.loads(ended.out)
    assert set(figures) == set(Report.__annotations__) | set(FloorsReport.__annotations__)
    first, second = figures["progress"]
    assert (first["floor"], second["floor"], second["last"]) == (None, first["now"], first["now"])
    assert figures["floors_set"] == 1
    ended = await (await spnet("replay", str(file), "--floors")).ended()
    assert "1 floor was set at a first accepted value" in ended.out
