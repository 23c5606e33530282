"""spnet demo: from nothing to a digest in the terminal, with its files."""

from __future__ import annotations

import email
import email.policy
import io
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from bot import observations
from bot.cli import demo
from bot.cli.playing.bubbles import WIDTH, from_bot, from_person
from bot.editions import FOLDER
from bot.formats import load_edition, load_members
from bot.sandbox import Message


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder in which the demo was played, and what it printed on 80 columns."""
    folder = tmp_path_factory.mktemp("demo")
    environment = {**os.environ, "COLUMNS": "80", "TERM": "xterm-256color"}
    spnet = Path(sys.executable).with_name("spnet")
    done = subprocess.run(
        [spnet, "demo"], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return folder, done.stdout


def test_what_is_seen(played: tuple[Path, str]) -> None:
    _, out = played
    for seen in (
        "30 values of 2010 to 2012 are brought in",
        "/spnet cycle open 2014 full due 2015-02-16",
        "11,3 % (2014, SI.POV.NAHC)",
        "✓ Poverty at the national line: 11.3 % (2014, SI.POV.NAHC)",
        "10.5 2557 SI.POV.NAHC",
        "Which year do you mean?",
        "is due in 7 days",
        "Is this the share of people, or of households?",
        "What moved since last time",
        "YOUR COUNTRY: Indonesia",
        "var/demo/chart.png",
    ):
        assert seen in out
    assert max(len(line) for line in out.split("\n")) <= 80


def test_the_files(played: tuple[Path, str]) -> None:
    folder, out = played
    assert (folder / "var/demo/chart.png").read_bytes().startswith(b"\x89PNG")
    assert 'src="chart.png"' in (folder / "var/demo/digest.html").read_text()
    (named,) = [word for word in out.split() if word.endswith(".eml")]
    letter = email.message_from_bytes((folder / named).read_bytes(), policy=email.policy.default)
    assert "Dewi" in str(letter["To"])


def test_the_sample_is_good_and_small() -> None:
    edition = load_edition(FOLDER / "common-1.toml")
    members = [member.code for member in load_members(FOLDER / "asean.toml")]
    with demo.SAMPLE.open("rb") as stream:
        rows = observations.read(stream, edition=edition, members=members, today=date(2026, 1, 1))
    assert len(rows) < 60
    assert {row.member for row in rows} == set(demo.SAID)


def drawn(what: object, width: int = 80) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=width, highlight=False).print(what)
    return out.getvalue().rstrip("\n").split("\n")


def test_a_bubble_keeps_buttons_whole_and_fits_a_narrow_terminal() -> None:
    labels = ("Same as last time", "Not available", "Skip", "Back", "What counts here?", "Pause")
    buttons = [{"type": "button", "text": {"type": "plain_text", "text": label}} for label in labels]
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "*Gini* index &lt;now&gt; " + "long " * 30}}
    message = Message("1.0", "D1", "U1", "", "T1", blocks=[section, {"type": "actions", "elements": buttons}])
    lines = drawn(from_bot(message))
    assert all(any(label.replace(" ", "\u00a0") in line for line in lines) for label in labels)
    assert "Gini index <now>" in lines[1]
    assert max(map(len, (line.rstrip() for line in lines))) <= WIDTH
    assert max(map(len, drawn(from_bot(message), 40))) <= 40
    short = drawn(from_bot(message, most=4))
    assert len(short) <= 8
    assert "Pause" in short[-2]
    assert drawn(from_person("Siti", "skip"))[1].strip() == "│ skip   │"
