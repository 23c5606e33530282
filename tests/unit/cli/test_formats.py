"""spnet format erratum: the administrator corrects a question, with the same preview as in chat."""

from __future__ import annotations

from datetime import UTC, datetime

from bot import errata
from bot.editions import FOLDER
from db.engine import Database
from db.queries.errata import Issued
from db.vocabulary import Via
from tests.unit.cli.conftest import Ended, World, spnet
from tests.unit.cli.test_check import settle


async def correct(world: World, *arguments: str) -> Ended:
    config = str(world.config())
    ended = await (await spnet("format", "erratum", *arguments, "--config", config)).ended()
    assert "Traceback" not in ended.out + ended.err
    return ended


async def issued(world: World) -> list[Issued]:
    database = Database(world.url)
    async with database.reading() as session:
        found = await errata.every(session)
    await database.close()
    return found


async def test_the_administrator_corrects_a_question_after_a_preview(world: World) -> None:
    await settle(world)
    wish = ("gini_index", "--set", "title=Inequality", "--set", "maximum=99,5", "--why", "Plain words.")
    ended = await correct(world, *wish)
    assert ended.code == 1 and "Its file may simply be changed" in ended.out + ended.err
    database = Database(world.url)
    async with database.writing() as session:
        await errata.use(session, "common-1", datetime(2026, 11, 2, 2, 0, tzinfo=UTC))
    await database.close()

    for wrong, told in (
        (("gini_index", "--set", "kind=text", "--why", "x"), "does not say what to correct"),
        (("weather", "--set", "title=Rain", "--why", "x"), "I found no question called “weather”"),
        (("gini_index", "--set", "maximum=many", "--why", "x"), "maximum: Please write a number"),
        (("gini_index", "--set", "title=Inequality", "--why", " "), "why: Please say why."),
    ):
        ended = await correct(world, *wrong, "--apply")
        assert ended.code == 1 and told in ended.out + ended.err, ended.out + ended.err
    ended = await correct(world, *wish)
    assert ended.code == 0 and "100 → 99.5" in ended.out and "the same with --apply" in ended.out
    assert await issued(world) == []

    ended = await correct(world, *wish, "--apply")
    assert ended.code == 0 and "Erratum 1 to Inequality" in ended.out and "nobody is asked" in ended.out
    (row,) = await issued(world)
    assert row.erratum.changes == {"title": ["Gini index", "Inequality"], "maximum": ["100", "99.5"]}
    assert (row.erratum.via, row.person, row.erratum.why) == (Via.COMMAND_LINE, "Aisyah Noor", "Plain words.")


async def test_the_bot_does_not_start_with_another_edition_under_the_same_name(world: World) -> None:
    await settle(world)
    database = Database(world.url)
    async with database.writing() as session:
        await errata.use(session, "common-1", datetime(2026, 11, 2, 2, 0, tzinfo=UTC))
    await database.close()
    file = world.folder / "common-1.toml"
    file.write_text((FOLDER / "common-1.toml").read_text("utf-8").replace("Gini index", "Inequality"), "utf-8")
    ended = await (await spnet("run", "--config", str(world.config(network__format_file=str(file))))).ended()
    assert ended.code == 2 and "Traceback" not in ended.out + ended.err
    assert "question gini_index, title: “Gini index” is now “Inequality”" in ended.err
    assert "Two ways on" in ended.err and "/spnet erratum" in ended.err and "such as common-2" in ended.err
