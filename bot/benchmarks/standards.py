"""The benchmarks that this network works with."""

from __future__ import annotations

from pathlib import Path

from bot.editions import FOLDER
from bot.formats.benchmarks import Benchmarks, load_benchmarks

FILE = FOLDER / "benchmarks-1.toml"
_known: list[Benchmarks] = []


def know(file: Path) -> Benchmarks:
    """Load the benchmarks and keep them.

    Raises:
        FormatError: the file is not good.
    """
    _known[:] = [load_benchmarks(file)]
    return _known[0]


def standards() -> Benchmarks:
    """The benchmarks: those that were loaded, or the file that comes with the bot.

    Raises:
        FormatError: it is not good.
    """
    return _known[0] if _known else know(FILE)
