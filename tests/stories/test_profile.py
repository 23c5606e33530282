"""What people set for themselves: the profile, further addresses, leave; over the wire, for every role."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from db.models import Address, Leave, Person
from db.queries import audit as audit_queries
from db.vocabulary import Origin, Reach
from tests.stage import NETWORK, Network
from tests.stories.test_conversation import answers_of


async def person_of(network: Network, short: str) -> Person:
    async with network.database.reading() as session:
        found = await session.get(Person, network.people[short].person_id)
    assert found is not None
    return found


@pytest.mark.parametrize("who", ["siti", "budi", "rina", "dewi", "aisyah", "per"])
async def test_everybody_sees_and_sets_their_own_profile(network: Network, who: str) -> None:
    player = network[who]
    shown = await player.command("profile", NETWORK)
    assert player.name in shown and player.email in shown
    await player.clicks("Change", channel=NETWORK)
    await player.fills(other_zone="nowhere land", quiet_from="18")
    wrong = await player.submits()
    assert wrong is not None and set(wrong) == {"other_zone", "quiet_until"}
    await player.fills(
        name="<!channel> *Wild*  Name", other_zone="rome", quiet_until="8", reach="mail", locale="en_US", language="id"
    )
    assert await player.submits() is None
    player.hears("That is noted.", "Rome time", "from 18:00 until 08:00", "by e-mail", "Bahasa Indonesia")
    player.hears("November 2, 2026")
    # A header is plain; in what notifications show Slack reads marks.
    assert "&lt;!channel&gt; *Wild* Name" in player.last_message().text
    assert "<!channel>" not in player.last_message().text
    person = await person_of(network, who)
    assert (person.name, person.name_by) == ("<!channel> *Wild* Name", Origin.PERSON)
    assert (person.zone, person.zone_by, person.reach) == ("Europe/Rome", Origin.PERSON, Reach.MAIL)
    others = [each for each in ("siti", "linh") if each != who]
    assert (await person_of(network, others[0])).zone is None
    async with network.database.reading() as session:
        rows = await audit_queries.of(session, f"person:{person.id}")
    assert rows[-1].act == "change_profile" and rows[-1].person_id == person.id


async def test_siti_tells_that_she_is_away(network: Network) -> None:
    await network.opens()
    siti = network["siti"]
    await siti.says("Away until 3 December")
    siti.hears("you are away until the end of Thursday, 3 December 2026 (Jakarta time)", "meanwhile I ask Budi Hartono", "I am back")
    async with network.database.reading() as session:
        (noted,) = (await session.scalars(select(Leave))).all()
    assert (noted.starts_on, noted.ends_on) == (date(2026, 11, 2), date(2026, 12, 3))
    assert await answers_of(network, "IDN") == {}
