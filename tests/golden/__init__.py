"""Rendered words compared with files. `RECORD_GOLDEN=1 pytest ...` writes the files anew; look at the difference."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent


def assert_golden(name: str, text: str) -> None:
    """The text is what tests/golden/<name> holds; with RECORD_GOLDEN=1 it becomes so."""
    path = FOLDER / name
    if os.environ.get("RECORD_GOLDEN") == "1":
        path.write_text(text, encoding="utf-8", newline="")
        return
    assert path.exists(), f"{name} is not recorded yet: run once with RECORD_GOLDEN=1"
    assert text == path.read_text(encoding="utf-8"), f"{name} changed; if that is meant, run with RECORD_GOLDEN=1"
