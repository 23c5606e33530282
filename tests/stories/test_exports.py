"""What was reported comes as files: by a command, by the form, by buttons; and nothing in them that is not theirs."""

from __future__ import annotations

import csv
import io

import pytest

from bot.exports import files
from tests.stage import NETWORK, SECRETARIAT, Network, Player
from tests.stories.test_conversation import submitted

ANSWERS = """
mechanism_status operational
national_strategy adopted
social_registry partial
population_covered 45.1 2023 SUSENAS
poverty_national_line 9.4 2023 SUSENAS
portability negotiating
progress_made More families were reached.
""".strip()


def files_of(player: Player) -> dict[str, bytes]:
    """The files in somebody's direct messages, by name; of two of one name the newer."""
    workspace = player.network.sandbox.workspace
    direct = workspace.direct(player.slack_id)
    there = player.network.sandbox.slack.files
    shared = [there.find(file["id"]) for message in direct.messages.values() for file in message.files]
    return {file.name: file.content for file in shared if file.content}


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


async def accepted(network: Network, who: str = "siti", lines: str = ANSWERS) -> None:
    """Somebody hands in, and Aisyah accepts."""
    await submitted(network, who, lines)
    await network["aisyah"].clicks("Accept", channel=SECRETARIAT)


async def published(network: Network) -> None:
    """The cycle is closed, and its digest goes out."""
    aisyah = network["aisyah"]
    await aisyah.command("cycle close 2026")
    await aisyah.clicks("Close it", channel=NETWORK)
    await aisyah.command("digest send 2026")
    await aisyah.clicks("Send the digest", channel=NETWORK)


async def test_the_figures_of_a_cycle_come_by_command(network: Network) -> None:
    await network.opens()
    siti, bounmy, per, aisyah = (network[name] for name in ("siti", "bounmy", "per", "aisyah"))
    assert "nothing for this file yet" in await siti.command("export 2026 Indonesia csv")
    await accepted(network)
    said = await aisyah.command("export 2026 csv")
    assert "7 answers" in said and "1 of 11 countries" in said and "Monday, 2 November 2026" in said
    rows = rows_of(files_of(aisyah)["region-2026.csv"])
    assert {row["country"] for row in rows} == {"Indonesia"}
    covered = next(row for row in rows if row["indicator"] == "population_covered")
    assert (covered["value"], covered["year"], covered["source"]) == ("45.1", "2023", "SUSENAS")
    assert (covered["series"], covered["said_as"], covered["status"]) == ("SI_COV_BENFTS", "focal_point", "accepted")
    # Others read what was published, and nothing before; its own people have it at once.
    assert "not published yet" in await bounmy.command("export 2026 csv")
    assert "not published yet" in await bounmy.command("export 2026 Indonesia csv")
    assert not files_of(bounmy)
    await siti.command("export 2026 Indonesia csv")
    assert rows_of(files_of(siti)["idn-2026.csv"]) == rows
    assert "2026" in await per.command("export 2026 csv")
    assert not files_of(per)
    await published(network)
    await per.command("export 2026 Indonesia csv")
    assert rows_of(files_of(per)["idn-2026.csv"]) == rows


async def test_the_report_comes_by_its_button_and_before_that_as_a_draft(network: Network) -> None:
    await network.opens()
    siti, dewi, bounmy = network["siti"], network["dewi"], network["bounmy"]
    await submitted(network, "siti", ANSWERS)
    said = await dewi.command("export 2026 report")
    assert "A draft of the report of Indonesia" in said and "inside Indonesia only" in said
    assert {"idn-2026-draft.pdf", "idn-2026-draft.html"} == set(files_of(dewi))
    assert "A draft." in files_of(dewi)["idn-2026-draft.html"].decode()
    assert "not published yet" in await bounmy.command("export 2026 Indonesia report")
    await network["aisyah"].clicks("Accept", channel=SECRETARIAT)
    await siti.clicks("Get the report")
    siti.hears("The report of Indonesia", "Full assessment 2026", "Monday, 2 November 2026")
    assert files_of(siti)["idn-2026-report.pdf"].startswith(b"%PDF-")
    assert "45.1" in files_of(siti)["idn-2026-report.html"].decode()


async def test_the_form_and_the_buttons_of_a_published_cycle(network: Network) -> None:
    await network.opens()
    await accepted(network)
    aisyah, bounmy, rina = network["aisyah"], network["bounmy"], network["rina"]
    assert "Get the synthesis" not in await aisyah.command("cycle status 2026")
    assert "not published yet" in await bounmy.command("export 2026 synthesis")
    await published(network)
    await aisyah.command("cycle status 2026")
    await aisyah.clicks("Get the synthesis", channel=NETWORK)
    assert "region-2026-synthesis.pdf" in files_of(aisyah)
    await bounmy.command("export")
    assert bounmy.modal is not None
    await bounmy.fills(paper="sdmx", cycle="2026", member="all")
    assert await bounmy.submits() is None
    bounmy.hears("SDMX-CSV 2.0")
    assert {"region-2026-sdmx.csv", "region-2026-structure.xml"} <= set(files_of(bounmy))
    await bounmy.opens_home()
    await bounmy.clicks_home("Get a file")
    await bounmy.fills(paper="report", cycle="all", member="IDN")
    await bounmy.submits()
    bounmy.hears("is about one cycle")
    assert "Your role does not include this" in await rina.command("export 2026 csv")
    assert not files_of(rina)


async def test_what_takes_a_while_is_said_first(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    await network.opens()
    await accepted(network)
    aisyah = network["aisyah"]
    monkeypatch.setattr(files, "LONG", 5)
    await aisyah.command("export 2026 xlsx")
    assert any("I am making the file: 7 answers of 1 country from 1 cycle" in said for said in aisyah.messages())
    assert files_of(aisyah)["region-2026.xlsx"].startswith(b"PK")
