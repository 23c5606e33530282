"""PERMISSIONS cell by cell, against a table written down here on its own; and every command for every role."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.assessments.moves import may_read
from bot.clock import SimulatedClock
from bot.errors import NotAllowed
from bot.permissions import Act, allowed, require
from bot.speaker import Speaker
from db.engine import Database
from db.queries import cycles
from db.vocabulary import AssessmentState, CycleState, Role, Via
from handlers.commands import COMMANDS
from tests.stage import Network, stage

# One letter a cell: own (only one's own country's), any, or . for no.
# The columns are the roles in this order.
ROLES = tuple(Role)
TABLE = """
answer               own own .   .   .   .
delegate             own own .   .   .   .
contribute           .   .   own .   .   .
read_answers         own own .   own any .
clear                own .   .   own .   .
record_letter        own own .   own .   .
set_clearance        .   .   .   own any .
review               .   .   .   .   any .
run_cycles           .   .   .   .   any .
remind               .   .   .   .   any .
see_network_status   .   .   .   .   any .
send_digest          .   .   .   .   any .
share                any any .   any any any
publish_experiences  .   .   .   .   any .
import               .   .   .   .   any .
appoint              .   .   .   .   any .
read_register        any any .   any any any
keep_mechanism       own own .   own any .
keep_format          .   .   .   .   any .
keep_benchmarks      own own .   own .   .
read_floors          any any .   any any .
set_floors           own own .   .   .   .
clear_floors         .   .   .   own .   .
read_progress        any any .   any any any
"""
CELLS = {
    (role, Act(words[0])): cell
    for words in (line.split() for line in TABLE.strip().splitlines())
    for role, cell in zip(ROLES, words[1:], strict=True)
}
# Which command is whose.
EVERYONE = set(ROLES)
ALL_BUT_CONTRIBUTORS = EVERYONE - {Role.CONTRIBUTOR}
ANSWERING = {Role.FOCAL_POINT, Role.ALTERNATE}
WHOSE = {
    "status": EVERYONE,
    "profile": EVERYONE,
    "share": ALL_BUT_CONTRIBUTORS,
    "contributors": ANSWERING,
    "mechanism": ALL_BUT_CONTRIBUTORS,
    "mechanisms": ALL_BUT_CONTRIBUTORS,
    "bodies": ALL_BUT_CONTRIBUTORS,
    "progress": ALL_BUT_CONTRIBUTORS,
    "compare": ALL_BUT_CONTRIBUTORS,
    "benchmarks": ALL_BUT_CONTRIBUTORS,
    "errata": ALL_BUT_CONTRIBUTORS,
    "focal history": ALL_BUT_CONTRIBUTORS,
    "export": ALL_BUT_CONTRIBUTORS,
    "questions": ANSWERING,
    "floors": {*ANSWERING, Role.COORDINATOR, Role.SECRETARIAT},
    "history": {*ANSWERING, Role.COORDINATOR, Role.SECRETARIAT},
    "clearance": {*ANSWERING, Role.COORDINATOR, Role.SECRETARIAT},
    "comments": {*ANSWERING, Role.COORDINATOR, Role.SECRETARIAT},
    "clearance set": {Role.COORDINATOR, Role.SECRETARIAT},
}
PLAYERS = {
    Role.FOCAL_POINT: "siti",
    Role.ALTERNATE: "budi",
    Role.CONTRIBUTOR: "rina",
    Role.COORDINATOR: "dewi",
    Role.SECRETARIAT: "aisyah",
    Role.PARTNER: "per",
}


def speaker(role: Role, member: str | None = "IDN") -> Speaker:
    at_home = None if role in (Role.SECRETARIAT, Role.PARTNER) else member
    return Speaker(1, "Somebody Invented", role, at_home, Via.SLACK, "Asia/Jakarta", "en_GB")


def test_the_table_leaves_no_cell_out() -> None:
    assert set(CELLS) == {(role, act) for role in Role for act in Act}


@pytest.mark.parametrize(("role", "act"), list(CELLS), ids=str)
def test_each_cell(role: Role, act: Act) -> None:
    by, cell = speaker(role), CELLS[role, act]
    assert allowed(by, act, "IDN") is (cell != ".")
    assert allowed(by, act, "LAO") is (cell == "any")
    assert allowed(by, act) is (cell == "any")
    for member in ("IDN", "LAO", None):
        if allowed(by, act, member):
            require(by, act, member)
        else:
            with pytest.raises(NotAllowed) as refused:
                require(by, act, member)
            assert refused.value.facts == {"act": act.value, "role": role.value}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("act", list(Act))
def test_who_stands_for_no_country_has_no_country_of_their_own(role: Role, act: Act) -> None:
    lost = Speaker(1, "Somebody Invented", role, None, Via.SLACK, "UTC", "en_GB")
    assert allowed(lost, act, None) is (CELLS[role, act] == "any")
    assert allowed(lost, act, "IDN") is (CELLS[role, act] == "any")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", list(AssessmentState))
def test_nobody_outside_reads_what_was_not_handed_in(role: Role, state: AssessmentState) -> None:
    by, cell = speaker(role), CELLS[role, Act.READ_ANSWERS]
    handed_in = state in (AssessmentState.SUBMITTED, AssessmentState.RETURNED, AssessmentState.ACCEPTED)
    assert may_read(by, "LAO", state) is (cell == "any" and handed_in)
    own = role is not Role.SECRETARIAT
    assert may_read(by, "IDN", state) is (cell != "." and (own or handed_in))


@pytest.fixture
async def network(sqlite_database: Database, clock: SimulatedClock) -> AsyncIterator[Network]:
    url = sqlite_database.url.render_as_string(hide_password=False)
    async with stage(url, clock) as network:
        await network.opens()
        yield network


@pytest.mark.parametrize("role", ROLES)
async def test_every_command_for_every_role(network: Network, role: Role) -> None:
    player = network[PLAYERS[role]]
    helped = await player.command("help")
    for command in COMMANDS:
        may = role in WHOSE.get(command.name, {Role.SECRETARIAT})
        answer = await player.command(command.name)
        refused = "Your role does not include this" in answer
        assert refused is not may, f"{role}: {command.name}"
        assert (f"/spnet {command.name}" in helped) is may
    async with network.database.reading() as session:
        cycle = await cycles.by_code(session, "2026")
        assert cycle is not None
        assert cycle.state is CycleState.OPEN
