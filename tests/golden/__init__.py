"""Rendered words compared with files. `SPNET_RECORD=1 pytest ...` writes the files anew; look at the difference."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent


def assert_golden(name: str, text: str) -> None:
    """The text is what tests/golden/<name> holds; with SPNET_RECORD=1 it becomes so."""
    path = FOLDER / name
    if os.environ.get("SPNET_RECORD") == "1":
        path.write_text(text, encoding="utf-8", newline="")
        return
    assert path.exists(), f"{name} is not recorded yet: run once with SPNET_RECORD=1"
    assert text == path.read_text(encoding="utf-8"), f"{name} changed; if that is meant, run with SPNET_RECORD=1"
