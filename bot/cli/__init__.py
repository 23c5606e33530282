"""The spnet command. Each family of commands is one file with `register(app, importing)`; FAMILIES is their list."""

from __future__ import annotations

import sys

import typer

from bot.cli import check, demo, exports, formats, imports, manifest, people, replay, run, troubles

app = typer.Typer(
    name="spnet",
    help="The chat and e-mail bot of a regional social protection network.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
importing = typer.Typer(help="Bring people or earlier observations in from a file.", no_args_is_help=True)
app.add_typer(importing, name="import")

# Each hangs its commands on `spnet`, or on its group `spnet import`.
FAMILIES = (run, check, people, exports, imports, replay, demo, manifest, formats)
for family in FAMILIES:
    family.register(app, importing)


@app.callback()
def _spnet() -> None:
    # Without it Typer would take a single command for the whole.
    pass


def main() -> None:
    """The entry point: runs the command, and says in one line what went wrong, with its exit code."""
    try:
        app()
    except Exception as error:
        sys.exit(troubles.explain(error))
