"""The history of an answer: who said what when over which way, as far as the reader may see it."""

from __future__ import annotations

from tests.stage import SECRETARIAT, Network
from tests.stories import forging
from tests.stories.test_conversation import REQUIRED, assessment_of
from tests.stories.test_delegation import hands_out
from tests.stories.test_evidence import PDF
from tests.stories.test_plausibility import known

HOSTILE = "<!channel> *new* line & “quoted” =cmd"
TITLE = "Poverty at the national line"


async def test_the_country_sees_all_of_it(everywhere: Network) -> None:
    """What Rina wrote, what Siti changed and explained, what was added: the newest first, with the way and the time."""
    network = everywhere
    siti, rina = network["siti"], network["rina"]
    await known(network)
    await siti.clicks("Start")
    await hands_out(network, "poverty_national_line", "F:poverty_national_line")
    await rina.says("start")
    await rina.says("38.9 2025 SUSENAS")
    await siti.says("edit poverty_national_line")
    await siti.says("88.8 2025 SUSENAS")
    await siti.says(HOSTILE)
    await siti.uploads("report.pdf", PDF, "poverty_national_line")
    await siti.says("review")
    await siti.selects(TITLE, "trail")
    said = siti.hears(
        f"History: {TITLE}",
        "Siti Rahmadani (focal point) added “report.pdf”, in chat",
        "asked about 88.8 % (2025), Siti Rahmadani (focal point) wrote: “&lt;!channel&gt; *new* line &amp;",
        "Siti Rahmadani (focal point) answered 88.8 % (2025, SUSENAS); before, it was 38.9 % (2025, SUSENAS), in chat",
        "Rina Kusuma (contributor) answered 38.9 % (2025, SUSENAS), in chat",
        "(Jakarta time)",
    )
    order = [said.index(each) for each in ("added", "asked about", "before, it was", "Rina Kusuma")]
    assert order == sorted(order), "the newest comes first"
    # A contributor sees their own part and nothing else.
    await rina.says("review")
    await rina.selects(TITLE, "trail")
    rina.hears("Rina Kusuma (contributor) answered 38.9 %")
    number = str((await assessment_of(network, "IDN")).assessment.id)
    for value in (f"{number}:gini_index", f"{number}:gini_index:1", f"{number}:poverty_national_line"):
        await forging.clicks(network, "rina", "trail:0", value)
        assert "History" not in rina.last(), value
    for short in ("linh", "bounmy", "thong", "per", "aisyah"):
        await forging.clicks(network, short, "trail:0", f"{number}:poverty_national_line")
        assert "88.8" not in network[short].last(), short


async def test_outside_nothing_is_seen_that_was_said_before_it_was_submitted(network: Network) -> None:
    """The secretariat sees each round as it came, with what both sides wrote; never the tries before it."""
    siti, aisyah = network["siti"], network["aisyah"]
    await known(network)
    await siti.clicks("Start")
    await siti.says(REQUIRED)
    await siti.says("poverty_national_line 77.7 2025 first try")
    await siti.says("a slip of the finger")
    await siti.says("poverty_national_line 88.8 2025 SUSENAS")
    await siti.says("a new line")
    await siti.says("poverty_national_line https://www.bps.go.id/report")
    await siti.says("review")
    await siti.clicks("Submit")
    aisyah.hears("88.8 % (2025, SUSENAS)", "what changed: “a new line”", channel=SECRETARIAT)
    await aisyah.selects(TITLE, "trail", SECRETARIAT)
    said = aisyah.hears(
        "submitted by Siti Rahmadani (round 1) as 88.8 % (2025, SUSENAS); what changed: “a new line”",
        "evidence: www.bps.go.id/report",
        "stays with the country",
    )
    assert "77.7" not in said
    assert "slip" not in said
    # The country's own history over the cycles, and of one cycle.
    said = await siti.command("history poverty_national_line")
    assert "Indonesia: Poverty at the national line" in said
    assert said.index("2024: 38.8 % (2024") < said.index("2023: 38.5 %") < said.index("2022: 38.2 %")
    assert "88.8" not in said, "it is not accepted"
    assert "77.7 % (2025, first try)" in await siti.command("history poverty national line 2026")
    assert "77.7" not in await aisyah.command("history poverty_national_line Indonesia 2026")
    assert "38.8 % (2024" in await aisyah.command("history poverty_national_line Indonesia")
    assert "Please name a question" in await siti.command("history")
    assert "country called" in await aisyah.command("history gini_index")
    assert "38.8 (2024" in await network["bounmy"].command("history gini_index")
    assert "no such cycle" in await siti.command("history gini_index 1066")
    assert "Your role does not include this" in await network["rina"].command("history gini_index")
    await aisyah.clicks("Accept", channel=SECRETARIAT)
    assert "2026: 88.8 % (2025, SUSENAS); what changed: “a new line”" in await siti.command(
        "history poverty_national_line"
    )
