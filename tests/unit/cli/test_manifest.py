"""The manifest asks for what the code uses, and for nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.sandbox import scopes
from bot.sandbox.methods import METHODS
from bot.sandbox.tokens import APP_SCOPE
from handlers.actions import SHARE_SHORTCUT
from handlers.manifest import COMMAND, EVENTS, SCOPES, manifest

ROOT = Path(__file__).parents[3]
# The rooms that talk to Slack, but for the sandbox, which answers.
ROOMS = ("handlers", "bot/delivery", "bot/app.py", "bot/cli/probes.py")

# What slack-sdk does in one call with several of Slack's methods.
MADE_OF = {"files_upload_v2": ("files.getUploadURLExternal", "files.completeUploadExternal")}


def sources() -> str:
    files = [
        file for room in ROOMS for file in ([ROOT / room] if room.endswith(".py") else (ROOT / room).rglob("*.py"))
    ]
    return "\n".join(file.read_text() for file in files)


def called() -> set[str]:
    """Slack's methods that the code calls, as slack-sdk names them: chat_postMessage is chat.postMessage."""
    known = {name.replace(".", "_"): name for name in METHODS}
    words = set(re.findall(r"\b[a-z]+(?:_[a-zA-Z0-9]+)+\b", sources()))
    return {known[word] for word in words & set(known)} | {name for word in words for name in MADE_OF.get(word, ())}


def needed() -> set[str]:
    """The scopes of these methods, events, and the command; a channel may be public, private or a direct message."""
    found = {"commands"} | {scopes.EVENTS[event] for event in EVENTS} - {""}
    for name in called():
        scope = METHODS[name].scope
        if scope and scope != APP_SCOPE:
            # conversations.info is asked of the two channels only.
            kinds = ("channels", "groups") if name == "conversations.info" else ("channels", "groups", "im")
            found |= {scope.format(kind=kind) for kind in (kinds if "{kind}" in scope else ("",))}
    return found


def test_the_scopes_are_those_that_the_code_needs() -> None:
    assert set(SCOPES) == needed()


def test_the_events_are_those_that_the_code_listens_to() -> None:
    heard = set(re.findall(r'\.event\("([a-z_]+)"\)', sources()))
    assert {event.split(".")[0] for event in EVENTS} == heard


def test_the_command_and_the_shortcut_are_those_that_the_code_listens_to() -> None:
    assert set(re.findall(r'\.command\("(/[a-z]+)"\)', sources())) == {COMMAND}
    made = manifest("A network", "socket")
    assert [row["command"] for row in made["features"]["slash_commands"]] == [COMMAND]
    assert [row["callback_id"] for row in made["features"]["shortcuts"]] == [SHARE_SHORTCUT]
    # ANYTHING is for what is no longer offered and still stands in somebody's menu.
    assert set(re.findall(r"\.shortcut\((\w+)\)", sources())) - {"ANYTHING"} == {"SHARE_SHORTCUT"}


def test_socket_mode_has_no_address() -> None:
    made = manifest("A network", "socket")
    assert made["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in json.dumps(made)


def test_http_mode_needs_one() -> None:
    made = manifest("A network", "http", "https://spnet.example.org")
    assert made["settings"]["event_subscriptions"]["request_url"] == "https://spnet.example.org/slack/events"
    with pytest.raises(ValueError, match="public_address"):
        manifest("A network", "http")


def test_it_is_printed_before_there_is_a_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    printed = CliRunner().invoke(app, ["manifest"])
    assert printed.exit_code == 0, printed.output
    assert json.loads(printed.stdout)["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    printed = CliRunner().invoke(app, ["manifest", "--http", "https://spnet.example.org/"])
    assert '"https://spnet.example.org/slack/events"' in printed.stdout


def test_the_words_fit_what_slack_takes() -> None:
    made = manifest("N" * 300, "socket")
    assert len(made["display_information"]["description"]) <= 140
    assert all(len(row["name"]) <= 24 for row in made["features"]["shortcuts"])
