"""A part of the tick that fails: the others are done all the same, and it is done once its trouble is gone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.workdays import UnknownZone
from db.models import Leave, Person
from tests.stage import SECRETARIAT, Network, Player
from tests.stories.test_succession import hands_over


def heard(player: Player, words: str, channel: str = "") -> int:
    """How many messages with these words somebody sees."""
    return sum(words in said for said in (player.messages(channel) if channel else player.messages()))


@pytest.mark.only_over("socket", "what the clock brings does not depend on how Slack reaches the bot")
async def test_what_one_part_cannot_do_holds_no_other_back(everywhere: Network) -> None:
    network = everywhere
    aisyah, siti, budi, linh = network["aisyah"], network["siti"], network["budi"], network["linh"]
    siti_id, rina_id = network.people["siti"].person_id, network.people["rina"].person_id
    await network.opens()
    await hands_over(network, person="U0BUDI", starts="2026-11-24")
    async with network.database.writing() as session:
        # Nobody lives there, and no calendar has a day after the last: her thanks and word of this leave both fail.
        (await session.get_one(Person, siti_id)).zone = "Nowhere/Town"
        leave = Leave(person_id=rina_id, starts_on=date(2026, 11, 30), ends_on=date.max, told_at=network.clock.now())
        session.add(leave)
    weekly, reminder, begins = "What the register needs", "is due in 14 days", "You take over from Siti"
    network.clock.set(datetime(2026, 12, 1, 3, 0, tzinfo=UTC))
    for _ in range(2):
        with pytest.raises(UnknownZone):
            await network.app.tick(network.clock.now())
        await network.sends()
    assert heard(linh, reminder) == heard(aisyah, weekly, SECRETARIAT) == 1
    assert heard(budi, begins) == heard(siti, "Thank you, Siti") == heard(budi, "Rina Kusuma is away") == 0

    async with network.database.writing() as session:
        (await session.get_one(Person, siti_id)).zone = None
        (await session.get_one(Leave, leave.id)).ends_on = date(2026, 12, 31)
    for minute in (1, 2):
        await network.at(datetime(2026, 12, 1, 3, minute, tzinfo=UTC))
    assert heard(budi, begins) == heard(siti, "Thank you, Siti") == heard(budi, "Rina Kusuma is away") == 1
    assert heard(linh, reminder) == heard(aisyah, weekly, SECRETARIAT) == 1
