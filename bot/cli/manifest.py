"""spnet manifest: the app manifest to paste into Slack, with exactly the rights that the bot uses."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import typer

from bot.cli.run import Config
from bot.cli.troubles import Trouble
from bot.config import ConfigError, Network, load
from handlers.manifest import manifest as made


def register(app: typer.Typer, importing: typer.Typer) -> None:  # noqa: ARG001 - the same for every family
    """Hang the command on `spnet`."""
    app.command()(manifest)


def manifest(
    config: Config = None,
    http: Annotated[
        str | None,
        typer.Option("--http", metavar="ADDRESS", help="For http mode: how Slack reaches the bot, https://..."),
    ] = None,
) -> None:
    """Print the app manifest to paste into Slack. Works before there is a configuration."""
    name, mode, address = Network().name, "socket", None
    try:
        settings = load(config)
        name, mode, address = settings.network.name, settings.slack.mode, settings.pages.public_address
    except ConfigError:
        # The tokens that a configuration needs come only after the app is made from the manifest.
        if config is not None:
            raise
    if http is not None:
        mode, address = "http", http.rstrip("/")
    typer.echo(json.dumps(_made(name, mode, address), indent=2, ensure_ascii=False))


def _made(name: str, mode: Literal["socket", "http"], address: str | None) -> dict[str, Any]:
    try:
        return made(name, mode, address)
    except ValueError:
        raise Trouble("public_address") from None
