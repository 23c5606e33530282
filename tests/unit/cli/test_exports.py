"""spnet export cycle: written where it was said, named for what it is, over nothing that is there already."""

from __future__ import annotations

from datetime import UTC, datetime

from db.engine import Database
from db.vocabulary import AssessmentState
from tests import cast
from tests.reported import a_cycle, figure, reports, words
from tests.unit.cli.conftest import Ended, World
from tests.unit.cli.test_people import run

NOW = datetime(2027, 2, 1, 3, tzinfo=UTC)


async def reported(world: World) -> None:
    """Indonesia has reported; Lao PDR has handed in."""
    database = Database(world.url)
    await database.migrate()
    people = await cast.make(database, NOW)
    async with database.writing() as session:
        cycle = await a_cycle(session, NOW)
        answers = {"pension_covered": figure("38.8"), "progress_made": words("More families were reached.")}
        await reports(session, people, cycle, "IDN", answers)
        await reports(session, people, cycle, "LAO", {"pension_covered": figure("7.125")}, AssessmentState.SUBMITTED)
    await database.close()


async def wrote(world: World, *options: str) -> Ended:
    return await run(world, "export", "cycle", *options)


async def test_each_form_is_written_and_nothing_is_overwritten_unasked(world: World) -> None:
    await reported(world)
    out = world.folder / "figures.csv"
    ended = await wrote(world, "2026", "--as", "csv", "--out", str(out))
    assert (ended.code, ended.err) == (0, "")
    assert "2 answers" in ended.out and "figures.csv" in ended.out
    first = out.read_bytes()
    assert b"38.8" in first and b"7.125" not in first
    again = await wrote(world, "2026", "--as", "csv", "--out", str(out))
    assert again.code == 1
    assert "is there already" in again.err and "--force" in again.err
    assert (await wrote(world, "2026", "--as", "csv", "--out", str(out), "--force")).code == 0
    assert out.read_bytes() == first
    # Two files: the second stands beside the first.
    for paper, more in (("sdmx", ()), ("report", ("--member", "Indonesia")), ("synthesis", ())):
        ended = await wrote(world, "2026", "--as", paper, *more, "--out", str(world.folder / f"{paper}.one"))
        assert ended.code == 0, ended.err
    assert {
        file.name for file in world.folder.glob("*") if file.stem.partition("-")[0] in ("sdmx", "report", "synthesis")
    } == {*("sdmx.one", "sdmx-structure.xml", "report.one", "report.html", "synthesis.one", "synthesis.html")}
    assert (world.folder / "report.one").read_bytes().startswith(b"%PDF-")
    # Into a folder, under the names that they have.
    into = world.folder / "into"
    into.mkdir()
    assert (await wrote(world, "all", "--out", str(into))).code == 0
    assert [file.name for file in into.iterdir()] == ["region-2026.xlsx"]


async def test_what_cannot_be_written_says_why(world: World) -> None:
    await reported(world)
    for options, said in (
        (("2031",), "2031"),
        (("2026", "--as", "report"), "needs its country"),
        (("2026", "--as", "csv", "--member", "Lao PDR"), "nothing for this file yet"),
        (("all", "--as", "synthesis"), "is about one cycle"),
    ):
        ended = await wrote(world, *options, "--out", str(world.folder / "never.one"))
        assert ended.code == 1, options
        assert said in ended.err, ended.err
        assert "Traceback" not in ended.err
    assert not (world.folder / "never.one").exists()
