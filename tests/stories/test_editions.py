"""A second edition of the format: what was renamed is found again, and each cycle keeps its own questions."""

from __future__ import annotations

from pathlib import Path

from bot import editions, standing
from bot.editions import FOLDER
from bot.formats import examine
from db.queries import assessments as queries
from db.queries import cycles as cycle_queries
from db.vocabulary import CycleState
from tests.stage import NETWORK, SECRETARIAT, Network

TITLE = "Older people with a pension"


def second(file: Path) -> Path:
    """common-2: the pensions renamed, the Gini index dropped, school meals added after the coverage of children."""
    text = (FOLDER / "common-1.toml").read_text("utf-8")
    head, gini = text.split('[[section.indicator]]\ncode = "gini_index"')
    gini = gini[gini.index("[[section.indicator]]") :]
    text = head + gini
    for old, new in (
        ('code = "common-1"', 'code = "common-2"\nfollows = ["common-1"]\ndropped = ["gini_index"]'),
        ("Common monitoring format, edition 1", "Common monitoring format, edition 2"),
        ('code = "pension_covered"', 'code = "old_age_covered"\nwas = ["pension_covered"]'),
        (
            '[[section.indicator]]\ncode = "mothers_covered"',
            '[[section.indicator]]\ncode = "school_meals"\ntitle = "Pupils with a school meal"\n'
            'question = "What share of pupils gets a meal at school?"\nhelp = "Count public and private schools."\n'
            'kind = "percent"\nminimum = 0\nmaximum = 100\ndirection = "up"\ncarry_forward = true\n'
            'sector = "social welfare"\n\n[[section.indicator]]\ncode = "mothers_covered"',
        ),
    ):
        assert old in text, old
        text = text.replace(old, new, 1)
    file.write_text(text, "utf-8")
    edition, faults = examine(file)
    assert edition is not None and faults == []
    return file


async def hands_in(network: Network, *said: str, covered: str = "54.1") -> None:
    siti = network["siti"]
    await siti.clicks("Start")
    for each in (
        *said,
        "edit mechanism_status",
        "operational",
        "edit national_strategy",
        "adopted",
        "edit social_registry",
        "pilot",
        "edit population_covered",
        f"{covered} 2023 register",
        "edit poverty_national_line",
        "9.5 2023 survey",
        "edit portability",
        "none",
        "edit progress_made",
        "A new law was adopted in May.",
        "submit",
    ):
        await siti.says(each)
    await siti.clicks("Submit")


async def test_last_years_answer_is_offered_under_the_new_name(everywhere: Network, tmp_path: Path) -> None:
    siti, aisyah = everywhere["siti"], everywhere["aisyah"]
    await everywhere.opens("2025")
    await hands_in(everywhere, "edit pension_covered", "14.8 2020 SUSENAS", "edit gini_index", "37.9 2024 SUSENAS")
    await aisyah.clicks("Accept", channel=SECRETARIAT)
    async with everywhere.database.reading() as session:
        (first,) = await cycle_queries.asked(session, [CycleState.OPEN])
        assert first.edition == "common-1"

    there = everywhere.settings.network.model_copy(update={"format_file": second(tmp_path / "common-2.toml")})
    await everywhere.restarts(everywhere.settings.model_copy(update={"network": there}))
    await aisyah.command("cycle close 2025")
    await aisyah.clicks("Close it", channel=NETWORK)
    await everywhere.opens("2026")

    # The dropped question is asked no more, the new one is, and the renamed one knows its last answer.
    await siti.clicks("Start")
    await siti.says("edit gini_index")
    assert "Gini" not in siti.last()
    await siti.says("edit school_meals")
    siti.hears("What share of pupils gets a meal at school?")
    await siti.says("62 2025 register")
    await siti.says("edit old_age_covered")
    siti.hears("14.8 % (2020, SUSENAS)")
    await siti.clicks("Same as last time")
    async with everywhere.database.reading() as session:
        cycles = {
            cycle.code: cycle for cycle in await cycle_queries.asked(session, [CycleState.OPEN, CycleState.CLOSED])
        }
        (talk,) = await queries.talks(session, "IDN", [CycleState.OPEN])
        answers = await queries.answers(session, talk.assessment.id)
    assert str(answers["old_age_covered"].number) == "14.8" and "pension_covered" not in answers
    assert cycles["2026"].edition == "common-2" and cycles["2025"].edition == "common-1"

    # What lies outside the bounds by now is shown, and not taken over.
    await aisyah.command("erratum population_covered")
    await aisyah.fills(maximum="50", why="It was counted twice.")
    assert await aisyah.submits() is None
    assert await aisyah.submits() is None
    await siti.says("edit population_covered")
    siti.hears("54.1 % (2023, register)")
    await siti.says("same")
    siti.hears("no earlier answer to take over")

    # The first cycle keeps its own questions, whatever is configured now.
    kept = {each.code for each in editions.questions(cycles["2025"]).indicators}
    assert "gini_index" in kept and "old_age_covered" not in kept
    assert "gini_index" not in {each.code for each in editions.questions(cycles["2026"]).indicators}

    # Progress goes on across the new name.
    # Who still calls it by its old name is understood, typed or pasted.
    await siti.says("edit pension_covered")
    siti.hears("Older persons")
    await siti.says("pension_covered 16.1 2025 SUSENAS\nschool_meals 63 2025 register")
    await siti.says("edit old_age_covered")
    siti.hears("16.1 % (2025, SUSENAS)")
    await siti.says("16.2 2025 SUSENAS")
    await hands_in(everywhere, covered="49.3")
    await aisyah.clicks("Accept", channel=SECRETARIAT)
    async with everywhere.database.reading() as session:
        rows = await standing.progress(session, cycles["2026"])
    (row,) = [each for each in rows if each.member == "IDN" and each.indicator.code == "old_age_covered"]
    assert row.last is not None and row.now is not None
    assert (str(row.last.number), str(row.now.number), str(row.change)) == ("14.8", "16.2", "1.4")
