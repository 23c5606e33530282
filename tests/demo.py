"""The demo, set up once for a whole run of the tests, whichever worker comes first."""

from __future__ import annotations

import fcntl
import os
import socket
from pathlib import Path

from bot.cli import demo
from bot.cli.playing import filling
from bot.config import Pages


def free_pages() -> Pages:
    """The bot's own pages, at a port that is free now."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port = tried.getsockname()[1]
    return Pages(port=port, public_address=f"http://127.0.0.1:{port}")


async def filled(folder: Path) -> Path:
    """Play the demo's story into a folder that is still empty."""
    pages = free_pages()
    await filling.fill(folder, pages, lambda _told: None)
    (folder / demo.PAGES).write_text(str(pages.port))
    return folder


async def filled_once(folder: Path) -> Path:
    """The same, for all workers of this run; `folder` is the run's own, and whoever comes later waits.

    Not to be played in: copy it.
    """
    ready, half = folder / "demo-filled", folder / f"demo-half-{os.getpid()}"
    with (folder / "demo-filling").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        if not ready.exists():
            (await filled(half)).rename(ready)
    return ready
