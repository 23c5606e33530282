"""spnet check: each thing that is not as it should be is named, with what to do."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import errata
from bot.app import build
from bot.cli.check import Row, State, rows
from bot.config import load
from bot.editions import FOLDER
from bot.exports.charts import fonts
from db.engine import Database
from db.models import Agency, Mechanism
from db.vocabulary import AgencyKind, MechanismStatus, Sector
from tests import cast
from tests.conftest import PostgreSQL
from tests.stage import NETWORK, SECRETARIAT
from tests.unit.cli.conftest import Ended, World, spnet
from tests.unit.exports.figures import needs_fonts

NOW = datetime(2026, 11, 2, tzinfo=UTC)


class Found:
    """The table, as the command makes it."""

    def __init__(self, found: list[Row]) -> None:
        self._rows = {row.name: row for row in found}

    @property
    def to_mend(self) -> set[str]:
        return {name for name, row in self._rows.items() if row.state is State.MEND}

    def of(self, name: str) -> str:
        row = self._rows[name]
        return f"{row.state}: {row.said} > {row.mend}"


async def check(world: World, **changes: object) -> Found:
    settings = load(world.config(**changes), environ={})
    return Found(await rows(settings, build(settings, scheduled=False)))


async def command(world: World, **changes: object) -> Ended:
    return await command_with(world.config(**changes))


async def command_with(path: Path) -> Ended:
    ended = await (await spnet("check", "--config", str(path))).ended()
    assert "Traceback" not in ended.out + ended.err
    return ended


def row(ended: Ended, name: str) -> str:
    """The table's line of one thing."""
    return next(line for line in ended.out.splitlines() if line.startswith(f"│ {name}"))


async def settle(world: World) -> None:
    """A database as it is after a first start, with the cast."""
    database = Database(world.url)
    await database.migrate()
    await cast.make(database)
    await database.close()


async def test_everything_works(world: World) -> None:
    await settle(world)
    ended = await command(world, pages__public_address="https://spnet.example.org")
    assert ended.code == 0, ended
    assert "Everything that must work works." in ended.out
    assert "to mend" not in ended.out
    assert "Brunei" in row(ended, "People")
    assert "spnet · " in row(ended, "Slack: bot token")
    assert "#network" in row(ended, "Slack: network channel")


async def test_a_script_that_no_font_here_draws_is_named_with_its_package(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the database and the files hold, on a machine with no font but the one that comes with Matplotlib."""
    await settle(world)
    database = Database(world.url)
    async with database.writing() as session:
        session.add(Agency(member_code="KHM", name="ក្រសួងសង្គមកិច្ច", kind=AgencyKind.MINISTRY, sector=Sector.OTHER))
        session.add(Mechanism(member_code="THA", name="คณะกรรมการ", status=MechanismStatus.PLANNED, changed_at=NOW))
        session.add(Agency(member_code="VNM", name="Bộ Nội vụ", kind=AgencyKind.MINISTRY, sector=Sector.OTHER))
    await database.close()
    monkeypatch.setattr("matplotlib.font_manager.findSystemFonts", lambda *_, **__: [])
    fonts.forget()
    try:
        found = await check(world)
    finally:
        fonts.forget()
    assert found.to_mend == set()
    assert found.of("fonts").startswith("note: none here for Khmer, Thai: pictures write a country's code")
    assert found.of("fonts").endswith("> apt install fonts-noto-core")
    monkeypatch.undo()
    fonts.forget()
    needs_fonts("កไ")
    assert "good: for every script" in (await check(world)).of("fonts")


async def test_before_the_first_start_nothing_is_made(world: World) -> None:
    found = await check(world)
    assert found.to_mend == set()
    assert "new" in found.of("database")
    assert "note: Nobody" in found.of("people")
    assert not world.database.exists()


async def test_a_wrong_configuration(world: World) -> None:
    ended = await command(world, slack__bot_token=None, mail__port=0)
    assert ended.code == 2
    assert "slack.bot_token is missing" in ended.out
    assert "xoxb-..." in ended.out


async def test_a_wrong_data_file(world: World) -> None:
    members = world.folder / "members.toml"
    members.write_text('code = "x"\ntitle = "X"\n[[member]]\ncode = "XXX"\n')
    ended = await command(world, network__members_file=str(members))
    assert ended.code == 1
    assert "to mend" in row(ended, "Members and questions")
    assert "XXX" in ended.out


async def test_no_focal_point_at_all(world: World) -> None:
    database = Database(world.url)
    await database.migrate()
    await database.close()
    found = await check(world)
    assert found.to_mend == {"people"}
    assert "spnet import people" in found.of("people")


async def test_slack_takes_neither_token(world: World) -> None:
    found = await check(world, slack__bot_token="xoxb-other", slack__app_token="xapp-other")
    assert found.to_mend == {"bot_token", "app_token", "network_channel", "secretariat_channel"}
    assert "invalid_auth" in found.of("bot_token")
    assert "Basic Information" in found.of("app_token")


async def test_a_revoked_token(world: World) -> None:
    world.sandbox.faults.revoke_token()
    found = await check(world)
    assert "token_revoked" in found.of("bot_token")
    assert "app_token" not in found.to_mend


async def test_a_right_that_is_missing(world: World) -> None:
    tokens = world.sandbox.slack.tokens
    tokens.scopes = tokens.scopes - {"im:write"}
    tokens.provided = ",".join(sorted(tokens.scopes))
    found = await check(world)
    assert found.to_mend == {"bot_token"}
    assert "lacks: im:write" in found.of("bot_token")
    assert "spnet manifest" in found.of("bot_token")


async def test_channels(world: World) -> None:
    world.sandbox.faults.remove_from_channel(NETWORK)
    world.sandbox.faults.archive(SECRETARIAT)
    found = await check(world)
    assert found.to_mend == {"network_channel", "secretariat_channel"}
    assert "/invite @spnet" in found.of("network_channel")
    assert "archived" in found.of("secretariat_channel")
    found = await check(world, slack__network_channel="C0NOWHERE")
    assert "does not see the channel C0NOWHERE" in found.of("network_channel")


async def test_mail_down_port_taken_and_no_way_to_slack(world: World, taken_port: int) -> None:
    nowhere = {"mail__port": 1, "slack__base_url": "http://127.0.0.1:1/api/"}
    found = await check(world, **nowhere, pages__port=taken_port)
    assert "does not answer" in found.of("mail")
    assert "taken" in found.of("pages")
    assert "cannot be reached" in found.of("bot_token")


async def test_http_mode(world: World) -> None:
    found = await check(world, slack__mode="http", slack__app_token=None, slack__signing_secret="signing-secret-0")
    assert found.to_mend == {"public_address"}
    assert "untried" in found.of("app_token")


async def test_the_running_bot_holds_its_own_port(world: World, free_port: int) -> None:
    process = await spnet("run", "--config", str(world.config(pages__port=free_port)))
    await process.says("The bot works")
    found = await check(world, pages__port=free_port)
    assert found.of("pages").startswith("good")
    process.signal()
    assert (await process.ended()).code == 0


async def test_a_locked_database(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.engine.PRAGMAS", ("journal_mode=WAL", "busy_timeout=50"))
    await settle(world)
    holder = sqlite3.connect(world.database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    found = await check(world)
    holder.close()
    assert found.to_mend == {"database"}
    assert "in use by another program" in found.of("database")


async def test_a_database_that_cannot_be_written(world: World) -> None:
    await settle(world)
    world.database.chmod(0o444)
    for name in ("check", "run"):
        ended = await (await spnet(name, "--config", str(world.config()), obedient=True)).ended()
        assert ended.code == 1
        assert "read but not written" in ended.out + ended.err
        assert "Traceback" not in ended.out + ended.err


async def test_a_folder_that_is_not_there(world: World) -> None:
    found = await check(world, database__url=f"sqlite:///{world.folder / 'nowhere'}/spnet.db")
    assert "there is no folder" in found.of("database")


async def test_a_configuration_that_everybody_can_read(world: World) -> None:
    path = world.config()
    for mode, state in ((0o644, "note"), (0o600, "good")):
        path.chmod(mode)
        assert state in row(await command_with(path), "Configuration")


@pytest.mark.postgres
async def test_a_postgresql_that_works(postgresql_database: Database, world: World) -> None:
    url = postgresql_database.url.render_as_string(hide_password=False)
    found = await check(world, database__url=url)
    assert found.of("database").startswith("good: localhost/spnet_")


@pytest.mark.postgres
async def test_a_postgresql_that_only_reads(
    postgresql: PostgreSQL, postgresql_database: Database, world: World
) -> None:
    url = postgresql_database.url
    await postgresql.run(f'ALTER DATABASE "{url.database}" SET default_transaction_read_only = on')
    found = await check(world, database__url=url.render_as_string(hide_password=False))
    assert found.to_mend >= {"database"}
    assert "read but not written" in found.of("database")


async def test_an_edition_that_is_not_what_is_in_use_is_to_mend_with_the_difference(world: World) -> None:
    await settle(world)
    file = world.folder / "common-1.toml"
    text = (FOLDER / "common-1.toml").read_text("utf-8")
    database = Database(world.url)
    async with database.writing() as session:
        await errata.use(session, "common-1", datetime(2026, 11, 2, 2, 0, tzinfo=UTC))
    await database.close()
    file.write_text("# Read through.\n" + text, "utf-8")
    assert "data" not in (await check(world, network__format_file=str(file))).to_mend
    file.write_text(text.replace('title = "Gini index"', 'title = "Inequality"'), "utf-8")
    found = await check(world, network__format_file=str(file))
    told = found.of("data")
    assert "question gini_index, title: “Gini index” is now “Inequality”" in told and "2 November 2026" in told
    assert "by an erratum" in told and "such as common-2" in told


async def test_a_mistake_in_the_benchmarks_is_to_mend(world: World) -> None:
    file = world.folder / "benchmarks-1.toml"
    file.write_text('code = "b"\ntitle = "B"\n', "utf-8")
    ended = await command(world, network__benchmarks_file=str(file))
    assert ended.code == 1 and "[[benchmark]]" in ended.out.replace("\n", "")
