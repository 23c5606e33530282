"""spnet demo: a network in the middle of its yearly round, as a place to walk around in. Needs no Slack, no server."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import shutil
import signal
import socket
from collections.abc import Generator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.cli import logs
from bot.cli.console import say
from bot.cli.playing import filling
from bot.cli.playing.live import live
from bot.cli.troubles import Trouble
from bot.config import Pages
from bot.sandbox.kept import Kept, NotReadable, OtherVersion
from db.engine import DatabaseError

FOLDER = Path("var", "demo")
PORT, PAGES_PORT = 8765, 8785
# Ports that are tried, one after another, where none was asked for.
TRIES = 10
LOG = "bot.log"
PAGES = "pages"
# What a demo leaves in its folder, older versions of it too. Nothing else is ever removed.
OURS = (
    "workspace.json*",
    "changes.jsonl",
    "clock*",
    "files",
    filling.MAIL,
    f"{filling.DATABASE}*",
    LOG,
    PAGES,
    "*.eml",
    "chart.png",
    "digest.html",
)


def register(app: typer.Typer, importing: typer.Typer) -> None:  # noqa: ARG001 - the same for every family
    """Hang the command on `spnet`."""
    app.command()(demo)


def demo(
    port: Annotated[
        int | None,
        typer.Option(
            "--port", min=1, max=65535, help=f"Where the page is; {PORT} or a free one after it if not given."
        ),
    ] = None,
    reset: Annotated[bool, typer.Option("--reset", help="Throw away what was done, and start over.")] = False,
    folder: Annotated[Path, typer.Option("--folder", help="Where everything is kept.")] = FOLDER,
) -> None:
    """Walk around in a network at work, in the browser. Needs no Slack, mail server or database server."""
    with _alone(folder) as lock:
        if reset:
            _put_away(folder)
        _look_at(folder)
        chosen = port or _free_port(PORT)
        if not _is_free(chosen):
            # Said before the story is played, not after.
            raise Trouble("demo_port", port=chosen, other=chosen + 1)
        if not Kept.is_there(folder):
            _fill(folder)
        if port is None and chosen != PORT:
            say("demo_other_port", taken=PORT, port=chosen)
        lock.write_text(f"http://127.0.0.1:{chosen}", encoding="utf-8")
        with (folder / LOG).open("w", encoding="utf-8") as log:
            logs.configure(stream=log)
            asyncio.run(_run(folder, chosen))


@contextmanager
def _alone(folder: Path) -> Generator[Path]:
    """Hold the folder, so that no second demo writes into it; gives the file that says where this one is."""
    lock = folder.with_name(f"{folder.name}.lock")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        stream = lock.open("a+", encoding="utf-8")
    except OSError as error:
        raise Trouble("demo_folder", folder=folder, named=error.strerror) from error
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble("demo_runs", address=lock.read_text(encoding="utf-8"), folder=folder) from None
        yield lock


def _put_away(folder: Path) -> None:
    """Remove what was kept; what cannot be read is kept aside, for somebody may still want it."""
    try:
        Kept.look(folder)
    except NotReadable:
        number = 1
        while (aside := folder.with_name(f"{folder.name}-aside-{number}")).exists():
            number += 1
        folder.rename(aside)
        say("demo_kept_aside", folder=aside)
    else:
        _clear(folder)


def _clear(folder: Path) -> None:
    """Remove what a demo left.

    Raises:
        Trouble: there is something else in the folder.
    """
    ours = {path for pattern in OURS for path in folder.glob(pattern)}
    if folder.exists() and set(folder.iterdir()) - ours:
        raise Trouble("demo_foreign", folder=folder)
    for path in ours:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _look_at(folder: Path) -> None:
    """Is what is kept good?

    Raises:
        Trouble: it is not.
    """
    try:
        Kept.look(folder)
    except OtherVersion as error:
        raise Trouble("demo_other_version", folder=folder, named=error, again=_again(folder)) from None
    except NotReadable as error:
        raise Trouble("demo_damaged", folder=folder, named=error, again=_again(folder)) from None
    if Kept.is_there(folder) and not (folder / filling.DATABASE).exists():
        raise Trouble("demo_damaged", folder=folder, named=filling.DATABASE, again=_again(folder))


def _again(folder: Path) -> str:
    """How one starts over."""
    return "make demo RESET=1" if folder == FOLDER else f"spnet demo --folder {folder} --reset"


def _fill(folder: Path) -> None:
    """Play the story beside the folder, then put it in its place: half a story is never met."""
    _clear(folder)
    half = folder.with_name(f"{folder.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    logs.configure(only_errors=True)
    console = Console()
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    say("demo_fills")
    with bar:
        task = bar.add_task("", total=filling.STEPS + 1)
        port = _free_port(PAGES_PORT)
        asyncio.run(filling.fill(half, _pages(port), lambda what: bar.update(task, description=what, advance=1)))
    (half / PAGES).write_text(str(port), encoding="utf-8")
    half.replace(folder)


def _pages(port: int) -> Pages:
    """The bot's own pages on this machine, where the links in letters lead."""
    return Pages(port=port, public_address=f"http://127.0.0.1:{port}")


def _pages_kept(folder: Path) -> Pages:
    """Where they were when the letters were written; another port when that one is taken now."""
    try:
        port = int((folder / PAGES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        port = PAGES_PORT
    return _pages(port if _is_free(port) else _free_port(PAGES_PORT))


def _free_port(first: int) -> int:
    """The first free port from this one on.

    Raises:
        Trouble: too many are taken.
    """
    for port in range(first, first + TRIES):
        if _is_free(port):
            return port
    raise Trouble("demo_port", port=first, other=first + TRIES)


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


async def _run(folder: Path, port: int) -> None:
    """Start, say where it is, and go on until Ctrl+C or SIGTERM."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    async with AsyncExitStack() as stack:
        say("demo_runs", address=await _start(stack, folder, port), folder=folder, again=_again(folder))
        await told.wait()
        say("demo_stops")
    say("demo_stopped", folder=folder)


async def _start(stack: AsyncExitStack, folder: Path, port: int) -> str:
    """Start; gives the address to open."""
    for pages in (_pages_kept(folder), _pages(_free_port(PAGES_PORT + 1))):
        try:
            if _is_free(port):
                return (await stack.enter_async_context(live(folder, port, pages))).address
        except (NotReadable, DatabaseError) as error:
            raise Trouble("demo_damaged", folder=folder, named=error, again=_again(folder)) from error
        except OSError as error:
            # The port of the pages may have been taken just now: then it is tried with another.
            if error.errno != errno.EADDRINUSE:
                raise Trouble("demo_folder", folder=folder, named=error.strerror) from error
    raise Trouble("demo_port", port=port, other=port + 1)
