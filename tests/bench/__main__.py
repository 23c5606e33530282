"""python -m tests.bench NAME [--json], or `all`. One JSON object a run; see each file for what it compares."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from tests.bench import standing, turn

BENCHES: dict[str, Callable[[], Awaitable[dict[str, Any]]]] = {"turn": turn.run, "standing": standing.run}


def main() -> None:
    """Run one bench, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("name", choices=[*BENCHES, "all"])
    parser.add_argument("--json", action="store_true", help="one JSON object a run")
    chosen = parser.parse_args()
    logging.disable(logging.WARNING)
    for name in BENCHES if chosen.name == "all" else [chosen.name]:
        figures = {"bench": name, **asyncio.run(BENCHES[name]())}
        print(json.dumps(figures) if chosen.json else "\n".join(f"{key}: {value}" for key, value in figures.items()))


main()
