"""Load and check the regional benchmarks: ordered lists of steps that countries may move towards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.formats.rows import FILE_CODE, Row, read_file, unique

# What a country may say in the place of a step; no step is called so.
ANOTHER_WAY = "another_way"
NOT_APPLICABLE = "not_applicable"
NO_STEPS = (ANOTHER_WAY, NOT_APPLICABLE)


@dataclass(frozen=True)
class Step:
    """One step of a benchmark: `means` says what is there when it is reached."""

    code: str
    title: str
    means: str


@dataclass(frozen=True)
class Benchmark:
    """A standard that is proposed, with its steps from the first to the last."""

    code: str
    title: str
    about: str
    steps: tuple[Step, ...]

    def place(self, step: str) -> int | None:
        """Which step it is, from 1; None where it is none of them."""
        return next((place for place, each in enumerate(self.steps, start=1) if each.code == step), None)


@dataclass(frozen=True)
class Benchmarks:
    """All benchmarks of one data file, in its order."""

    code: str
    title: str
    all: tuple[Benchmark, ...]

    def __iter__(self) -> Iterator[Benchmark]:
        return iter(self.all)

    def get(self, code: str) -> Benchmark | None:
        """The benchmark of a code."""
        return next((each for each in self.all if each.code == code), None)


def load_benchmarks(path: Path) -> Benchmarks:
    """Read and check the benchmarks.

    Args:
        path: a TOML file such as templates/formats/benchmarks-1.toml; its head says what the fields are.

    Raises:
        FormatError: for the first mistake found.
    """
    top = read_file(path)
    top.only("code", "title", "benchmark")
    code = top.code("code", FILE_CODE, example="benchmarks-1")
    found = tuple(_benchmark(row) for row in top.rows("benchmark", example="[[benchmark]]"))
    unique(top, "benchmark", [each.code for each in found], field="code")
    unique(top, "benchmark", [each.title.casefold() for each in found], field="title")
    return Benchmarks(code, top.text("title"), found)


def _benchmark(row: Row) -> Benchmark:
    row.only("code", "title", "about", "step")
    code = row.code("code", example="registration")
    steps = tuple(_step(each, code) for each in row.rows("step", example="[[benchmark.step]]"))
    if len(steps) < 2:
        row.wrong("step", "there must be two steps or more", "[[benchmark.step]]")
    unique(row, "step", [each.code for each in steps], field="code")
    unique(row, "step", [each.title.casefold() for each in steps], field="title")
    return Benchmark(code, row.text("title"), row.text("about"), steps)


def _step(row: Row, benchmark: str) -> Step:
    inner = Row(row.file, row.values, f"{benchmark}, step {row.named}")
    inner.only("code", "title", "means")
    code = inner.code("code", example="national")
    if code in NO_STEPS:
        inner.wrong("code", f"{code!r} is what a country says where no step fits", 'code = "national"')
    return Step(code, inner.text("title"), inner.text("means"))
