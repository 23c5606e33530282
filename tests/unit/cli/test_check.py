"""spnet check: each thing that is not as it should be is named, with what to do."""

from __future__ import annotations

import sqlite3

from db.engine import Database
from tests import cast
from tests.stage import NETWORK, SECRETARIAT
from tests.unit.cli.conftest import Ended, World, spnet


async def check(world: World, **changes: object) -> Ended:
    ended = await (await spnet("check", "--config", str(world.config(**changes)))).ended()
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
    ended = await check(world, pages__public_address="https://spnet.example.org")
    assert ended.code == 0, ended
    assert "Everything that must work works." in ended.out
    assert "to mend" not in ended.out
    assert "Brunei" in row(ended, "People")
    assert "spnet · " in row(ended, "Slack: bot token")
    assert "#network" in row(ended, "Slack: network channel")


async def test_before_the_first_start_nothing_is_made(world: World) -> None:
    ended = await check(world)
    assert ended.code == 0, ended
    assert "new" in row(ended, "Database")
    assert "note" in row(ended, "People")
    assert not world.database.exists()


async def test_a_wrong_configuration(world: World) -> None:
    ended = await check(world, slack__bot_token=None, mail__port=0)
    assert ended.code == 2
    assert "slack.bot_token is missing" in ended.out
    assert "xoxb-..." in ended.out


async def test_a_wrong_data_file(world: World) -> None:
    members = world.folder / "members.toml"
    members.write_text('code = "x"\ntitle = "X"\n[[member]]\ncode = "XXX"\n')
    ended = await check(world, network__members_file=str(members))
    assert ended.code == 1
    assert "to mend" in row(ended, "Members and questions")
    assert "XXX" in ended.out


async def test_no_focal_point_at_all(world: World) -> None:
    database = Database(world.url)
    await database.migrate()
    await database.close()
    ended = await check(world)
    assert ended.code == 1
    assert "spnet import people" in row(ended, "People")


async def test_slack_takes_neither_token(world: World) -> None:
    ended = await check(world, slack__bot_token="xoxb-other", slack__app_token="xapp-other")
    assert ended.code == 1
    assert "invalid_auth" in row(ended, "Slack: bot token")
    assert "invalid_auth" in row(ended, "Slack: app token")


async def test_a_revoked_token(world: World) -> None:
    world.sandbox.faults.revoke_token()
    ended = await check(world)
    assert "token_revoked" in row(ended, "Slack: bot token")
    assert "good" in row(ended, "Slack: app token")


async def test_a_right_that_is_missing(world: World) -> None:
    world.sandbox.slack.tokens.scopes = frozenset(world.sandbox.slack.tokens.scopes - {"im:write"})
    world.sandbox.slack.tokens.provided = ",".join(sorted(world.sandbox.slack.tokens.scopes))
    ended = await check(world)
    assert ended.code == 1
    assert "lacks: im:write" in ended.out


async def test_channels(world: World) -> None:
    world.sandbox.faults.remove_from_channel(NETWORK)
    world.sandbox.faults.archive(SECRETARIAT)
    ended = await check(world)
    assert ended.code == 1
    assert "/invite @spnet" in row(ended, "Slack: network channel")
    assert "archived" in row(ended, "Slack: secretariat channel")
    ended = await check(world, slack__network_channel="C0NOWHERE")
    assert "does not see the channel C0NOWHERE" in row(ended, "Slack: network channel")


async def test_mail_down_port_taken_and_no_way_to_slack(world: World, taken_port: int) -> None:
    nowhere = {"mail__port": 1, "slack__base_url": "http://127.0.0.1:1/api/"}
    ended = await check(world, **nowhere, pages__port=taken_port)
    assert ended.code == 1
    assert "does not answer" in row(ended, "Mail server")
    assert "taken" in row(ended, "Pages: port")
    assert "cannot be reached" in row(ended, "Slack: bot token")


async def test_the_running_bot_holds_its_own_port(world: World, free_port: int) -> None:
    process = await spnet("run", "--config", str(world.config(pages__port=free_port)))
    await process.says("The bot works")
    ended = await check(world, pages__port=free_port)
    assert "good" in row(ended, "Pages: port")
    process.signal()
    assert (await process.ended()).code == 0


async def test_a_locked_database(world: World) -> None:
    await settle(world)
    holder = sqlite3.connect(world.database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    ended = await check(world)
    holder.close()
    assert ended.code == 1
    assert "in use by another program" in row(ended, "Database")


async def test_a_database_that_cannot_be_written(world: World) -> None:
    await settle(world)
    world.database.chmod(0o444)
    for command in ("check", "run"):
        ended = await (await spnet(command, "--config", str(world.config()), obedient=True)).ended()
        assert ended.code == 1
        assert "read but not written" in ended.out + ended.err
        assert "Traceback" not in ended.out + ended.err


async def test_a_folder_that_is_not_there(world: World) -> None:
    ended = await check(world, database__url=f"sqlite:///{world.folder / 'nowhere'}/spnet.db")
    assert "there is no folder" in row(ended, "Database")
