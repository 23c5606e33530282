"""spnet import people: shown first, done with --apply, and refused with its lines."""

from __future__ import annotations

from pathlib import Path

from bot import people
from db.engine import Database
from tests.unit.cli.conftest import Ended, World, spnet

GOOD = """name;email;slack_id;role;member
Siti Rahmadani;siti@example.org;U0SITI;focal_point;IDN
Budi Hartono;budi@example.org;;alternate;Indonesia
Per Larsen;per@example.org;U0PER;partner;
"""


async def bring(world: World, text: str | bytes, *options: str) -> Ended:
    file = world.folder / "people.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8-sig"))
    ended = await (await spnet("import", "people", str(file), "--config", str(world.config()), *options)).ended()
    assert "Traceback" not in ended.out + ended.err
    return ended


async def known(world: World) -> int:
    database = Database(world.url)
    async with database.reading() as session:
        count = await people.count(session)
    await database.close()
    return count


async def test_shown_then_done_then_nothing_left_to_do(world: World) -> None:
    ended = await bring(world, GOOD)
    assert ended.code == 0, ended
    assert "line 2: new: Siti Rahmadani, e-mail siti@example.org, Slack U0SITI" in ended.out
    assert "line 3: Budi Hartono: Alternate Indonesia, from" in ended.out
    assert "Nothing was stored yet: add --apply" in ended.out
    assert await known(world) == 1
    ended = await bring(world, GOOD, "--apply")
    assert (ended.code, "All stored." in ended.out) == (0, True), ended
    assert await known(world) == 4
    ended = await bring(world, GOOD, "--apply")
    assert (ended.code, ended.out) == (0, "All of this is known already. Nothing to change.\n")


async def test_every_refused_line_is_said_and_nothing_is_stored(world: World) -> None:
    ended = await bring(world, GOOD + "=x;x@example.org;;partner;\nY;y@;;partner;\nZ;z@example.org;;boss;\n", "--apply")
    assert ended.code == 1
    for line in (
        "line 5: refused: the cell in name looks like a formula of a spreadsheet",
        "line 6: refused: “y@” is not an e-mail address",
        "line 7: refused: “boss” is not a role; the roles are focal_point, alternate, contributor, coordinator",
        "Refused: 3. Nothing was stored.",
    ):
        assert line in ended.out
    assert await known(world) == 1


async def test_a_file_of_another_encoding(world: World) -> None:
    ended = await bring(world, (GOOD + "José;p@example.org;;partner;\n").encode("latin-1"))
    assert ended.code == 1
    assert "line 5: refused: this is neither UTF-8 nor UTF-16 text" in ended.out


async def test_a_file_that_is_not_there(world: World, tmp_path: Path) -> None:
    missing = str(tmp_path / "none.csv")
    ended = await (await spnet("import", "people", missing, "--config", str(world.config()))).ended()
    assert ended.code == 1
    assert "cannot be read" in ended.err
    assert "Traceback" not in ended.err
