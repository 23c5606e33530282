"""spnet import observations: all of a file, or nothing and why."""

from __future__ import annotations

from pathlib import Path

from db.engine import Database
from db.queries import records
from tests.unit.cli.conftest import World, spnet

FILE = """member,indicator,wdi_code,year,value
IDN,poverty_national_line,SI.POV.NAHC,2013,11.4
IDN,poverty_national_line,SI.POV.NAHC,2014,11.3
VNM,gini_index,SI.POV.GINI,2014,34.8
"""


async def stored(url: str) -> int:
    database = Database(url)
    async with database.reading() as session:
        values = await records.accepted_values(session)
    await database.close()
    return len(values)


async def command(world: World, text: str) -> tuple[int, str, str]:
    file = world.folder / "observations.csv"
    file.write_text(text)
    ended = await (await spnet("import", "observations", str(file), "--config", str(world.config()))).ended()
    assert "Traceback" not in ended.out + ended.err
    return ended.code, ended.out, ended.err


async def test_at_the_command_line(world: World) -> None:
    code, out, _ = await command(world, FILE)
    assert (code, out) == (0, "Values stored: 3, of 2 years. Known already: 0.\n")
    code, out, _ = await command(world, FILE)
    assert (code, out) == (0, "Values stored: 0, of 0 years. Known already: 3.\n")
    code, _, err = await command(world, FILE.replace("11.3", "11.2").replace("VNM", "XXX"))
    assert code == 1
    assert 'line 4: no member has the code "XXX"' in err
    assert await stored(world.url) == 3


async def test_a_file_that_is_not_there(world: World, tmp_path: Path) -> None:
    ended = await (
        await spnet("import", "observations", str(tmp_path / "none.csv"), "--config", str(world.config()))
    ).ended()
    assert (ended.code, "cannot be read" in ended.err, "Traceback" in ended.err) == (1, True, False)
