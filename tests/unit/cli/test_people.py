"""spnet import people, spnet export people: shown first, done with --apply, refused with its lines; and out again."""

from __future__ import annotations

import asyncio
import io
import stat
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import openpyxl
import pytest

from bot import people
from bot.cli import app, logs, troubles
from db.engine import Database
from tests.unit.cli.conftest import Ended, World, spnet

GOOD = """name;email;slack_id;role;member;agency;agency_kind;sector;in_mechanism
Siti Rahmadani;siti@example.org;U0SITI;focal_point;IDN;;;;
Budi Hartono;budi@example.org;;alternate;Indonesia;Ministry of Health;ministry;health;yes
Per Larsen;per@example.org;U0PER;partner;;;;;
;;;;;Gender hub;hub;women and children;
Eve [bold];eve@example.org;;secretariat;;;;;
"""


async def bring(world: World, text: str | bytes, *options: str, name: str = "people.csv") -> Ended:
    file = world.folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8-sig"))
    return await run(world, "import", "people", str(file), *options)


async def run(world: World, *words: str) -> Ended:
    """The command within this process: a new one needs two seconds to begin."""
    return await asyncio.to_thread(run_here, [*words, "--config", str(world.config())])


def run_here(words: list[str]) -> Ended:
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        # The logs are the whole process's.
        patch.setattr(logs, "configure", lambda **_: None)
        try:
            code = app(words, standalone_mode=False) or 0
        except Exception as error:
            code = troubles.explain(error)
    said = [stream.buffer.getvalue().decode() for stream in (out, err)]  # type: ignore[attr-defined]
    return Ended(code, *said)


async def known(world: World) -> int:
    database = Database(world.url)
    async with database.reading() as session:
        count = await people.count(session)
    await database.close()
    return count


async def test_shown_then_done_then_nothing_left_to_do_and_out_again(world: World) -> None:
    ended = await bring(world, GOOD)
    assert ended.code == 0, ended
    for line in (
        "line 2: new: Siti Rahmadani, e-mail siti@example.org, Slack U0SITI",
        "line 3: new agency: Ministry of Health (Indonesia), ministry, health, sits in the coordination mechanism",
        "line 3: Budi Hartono: Alternate Indonesia, from",
        "line 5: new agency: Gender hub (of no country), hub, women and children",
        "Attention: this touches the rights of the secretariat",
        "keep the register:\n  line 6: Eve [bold]: Secretariat, from",
        "Nothing was stored yet: add --apply",
    ):
        assert line in ended.out
    assert await known(world) == 1
    ended = await bring(world, GOOD, "--apply")
    assert (ended.code, "All stored." in ended.out, "Attention" in ended.out) == (0, True, True), ended
    assert await known(world) == 5
    nothing = (0, "All of this is known already. Nothing to change.\n")
    ended = await bring(world, GOOD, "--apply")
    assert (ended.code, ended.out) == nothing

    sheet = world.folder / "out.xlsx"
    ended = await run(world, "export", "people", str(sheet))
    assert (ended.code, "Roles and agencies written: 6." in ended.out) == (0, True), ended
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600
    ended = await run(world, "import", "people", str(sheet), "--apply")
    assert (ended.code, ended.out) == nothing
    ended = await run(world, "export", "people", str(sheet))
    assert (ended.code, "is there already" in ended.err) == (1, True)
    assert [path.name for path in world.folder.iterdir() if path.name.startswith(".")] == []

    changed = openpyxl.load_workbook(io.BytesIO(sheet.read_bytes()))
    people_sheet = changed["people"]
    row = next(row for row in people_sheet.iter_rows() if row[0].value == "Budi Hartono")
    row[3].value, row[6].value = "focal_point", "=TODAY()"
    changed.save(sheet)
    ended = await run(world, "import", "people", str(sheet))
    assert f"line {row[0].row}: refused: the cell G{row[0].row} holds a formula; paste it as a value" in ended.out
    row[6].value = None
    people_sheet.delete_rows(next(row[0].row for row in people_sheet.iter_rows() if row[0].value == "Siti Rahmadani"))
    changed.save(sheet)
    ended = await run(world, "import", "people", str(sheet))
    assert "Siti Rahmadani: Focal point Indonesia is not begun; Budi Hartono holds it instead" in ended.out


async def test_every_refused_line_is_said_and_nothing_is_stored(world: World) -> None:
    bad = "=x;x@example.org;;partner;\nY;y@;;partner;\nZ;z@example.org;;boss;\n"
    file = world.folder / "people.csv"
    file.write_text(GOOD + bad, encoding="utf-8-sig")
    words = ("import", "people", str(file), "--apply", "--config", str(world.config()))
    ended = await (await spnet(*words)).ended()
    assert (ended.code, ended.err) == (1, "")
    for line in (
        "line 7: refused: the cell in name looks like a formula of a spreadsheet",
        "line 8: refused: “y@” is not an e-mail address",
        "line 9: refused: “boss” is not a role; the roles are focal_point, alternate, contributor, coordinator",
        "Refused: 3. Nothing was stored.",
    ):
        assert line in ended.out
    assert await known(world) == 1


async def test_what_cannot_be_read_or_written_is_said_in_a_line(world: World, tmp_path: Path) -> None:
    ended = await bring(world, (GOOD + "José;p@example.org;;partner;\n").encode("latin-1"))
    assert (ended.code, "line 7: refused: this is neither UTF-8 nor UTF-16 text" in ended.out) == (1, True)
    for words, said in (
        (("import", "people", str(tmp_path / "none.csv")), "cannot be read"),
        (("export", "people", str(tmp_path / "no" / "where.csv")), "cannot be written"),
        (("export", "people", "--format", "xlsx"), "cannot be printed"),
        (("export", "people", str(tmp_path / "people.pdf")), "ends neither in .csv nor in .xlsx"),
    ):
        ended = await run(world, *words)
        assert (ended.code, said in ended.err) == (1, True), ended
    assert not (tmp_path / "people.pdf").exists()
    ended = await run(world, "export", "people", str(tmp_path / "people.txt"), "--format", "csv")
    assert ended.code == 0, ended
    ended = await run(world, "export", "people")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines()[1].startswith("Aisyah Noor,aisyah@example.org,U0AISYAH,secretariat,,")
