"""What was reported comes as files: by a command, by the form, by buttons; and nothing in them that is not theirs."""

from __future__ import annotations

import csv
import io

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
    return {file.name: file.content for message in direct.messages.values() for file in message.files}


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
    siti, bounmy, per = network["siti"], network["bounmy"], network["per"]
    assert "nothing for this file yet" in await siti.command("export 2026 csv")
    await accepted(network)
    said = await bounmy.command("export 2026 csv")
    assert "7 answers" in said and "1 of 11 countries are in it" in said and "Monday, 2 November 2026" in said
    rows = rows_of(files_of(bounmy)["region-2026.csv"])
    assert {row["country"] for row in rows} == {"Indonesia"}
    covered = next(row for row in rows if row["indicator"] == "population_covered")
    assert (covered["value"], covered["year"], covered["source"]) == ("45.1", "2023", "SUSENAS")
    assert (covered["series"], covered["said_as"], covered["status"]) == ("SI_COV_BENFTS", "focal_point", "accepted")
    # A partner reads what was published, and nothing before.
    assert "no such cycle" in (await per.command("export 2026 csv")).lower() or not files_of(per)
    await published(network)
    await per.command("export 2026 Indonesia csv")
    assert rows_of(files_of(per)["idn-2026.csv"]) == rows
