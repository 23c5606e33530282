"""What Slack says of people: whose an account is, where they live, and who cannot be written to; over the wire."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from db.models import Address, Person
from db.vocabulary import Origin
from tests.stage import Network
from tests.stories import forging
from tests.stories.test_profile import person_of

ELSEWHERE = "T0ELSEWHERE"


async def set_person(network: Network, short: str, **values: object) -> None:
    async with network.database.writing() as session:
        await session.execute(update(Person).where(Person.id == network.people[short].person_id).values(**values))


def account(
    network: Network, slack_id: str, name: str, email: str, zone: str = "Asia/Makassar", **more: object
) -> None:
    network.sandbox.workspace.add_user(slack_id, name, email, zone, **more)  # type: ignore[arg-type]


async def test_whoever_writes_first_is_known_by_their_address(network: Network) -> None:
    await network.opens()
    await set_person(network, "siti", slack_id=None)
    kim = network.newcomer("U0SITI2", "Siti of Makassar", "Asia/Makassar")
    network.sandbox.workspace.users["U0SITI2"].email = "Siti@Example.org"
    await kim.says("Start")
    kim.hears("Full assessment 2026")
    person = await person_of(network, "siti")
    assert (person.slack_id, person.zone, person.zone_by) == ("U0SITI2", "Asia/Makassar", Origin.SLACK)
    assert person.name == "Siti Rahmadani", "the register's name, of the letter, stays"


@pytest.mark.parametrize("trap", ["elsewhere", "unconfirmed", "nobody", "has_one"])
async def test_an_account_that_proves_nothing_stays_a_strangers(network: Network, trap: str) -> None:
    if trap != "has_one":
        await set_person(network, "siti", slack_id=None)
    stranger = network.newcomer("U0WHO", "<!channel> Siti Rahmadani")
    user = network.sandbox.workspace.users["U0WHO"]
    user.email = "nobody@example.org" if trap == "nobody" else "siti@example.org"
    if trap == "elsewhere":
        user.team = ELSEWHERE
    if trap == "unconfirmed":
        async with network.database.writing() as session:
            session.add(
                Address(
                    person_id=network.people["siti"].person_id,
                    address="waiting@example.org",
                    added_at=network.clock.now(),
                )
            )
        user.email = "waiting@example.org"
    await stranger.says("I am away until 3 December")
    stranger.hears("I do not know you yet")
    assert (await person_of(network, "siti")).slack_id == ("U0SITI" if trap == "has_one" else None)
    assert (await person_of(network, "siti")).zone is None
    await stranger.opens_home()
    assert "I do not know you yet" in stranger.home


async def test_a_person_of_another_organisation_cannot_claim_an_address_by_an_event(network: Network) -> None:
    await set_person(network, "siti", slack_id=None)
    for kind in ("team_join", "user_change"):
        for marks in (
            {"team_id": ELSEWHERE},
            {"team_id": "T0SPNET", "is_stranger": True},
            {"team_id": "T0SPNET", "is_email_confirmed": False},
            {"team_id": "T0SPNET", "is_bot": True},
            {"team_id": "T0SPNET", "deleted": True},
            {"team_id": "T0SPNET", "profile": {}},
            {"team_id": ""},
        ):
            user = {
                "id": "U0HOSTILE",
                "real_name": "<!channel>",
                "tz": "Mars/Olympus",
                "profile": {"email": "siti@example.org"},
                **marks,
            }
            await forging.event(network, type=kind, user=user)
            assert (await person_of(network, "siti")).slack_id is None, marks
    for user in (None, "U0X", {}, {"id": None}, []):
        await forging.event(network, type="user_change", user=user)
    good = {
        "id": "U0GOOD",
        "team_id": "T0SPNET",
        "real_name": "<!channel>",
        "tz": "Mars/Olympus",
        "profile": {"email": "siti@example.org"},
    }
    await forging.event(network, type="team_join", user=good)
    person = await person_of(network, "siti")
    assert (person.slack_id, person.name, person.zone) == ("U0GOOD", "Siti Rahmadani", None)


async def test_zone_and_name_are_taken_when_they_are_slacks_to_say(network: Network) -> None:
    await set_person(network, "dewi", name="Old", name_by=Origin.SLACK)
    await set_person(network, "linh", zone="Europe/Paris", zone_by=Origin.PERSON)
    await set_person(network, "bounmy", zone="Asia/Tokyo", zone_by=Origin.REGISTER)
    await set_person(network, "maria", zone=None, zone_by=Origin.PERSON)
    await network.calls_the_roll()
    siti, dewi, linh, bounmy, maria = [
        await person_of(network, short) for short in ("siti", "dewi", "linh", "bounmy", "maria")
    ]
    assert (siti.zone, siti.zone_by) == ("Asia/Jakarta", Origin.SLACK)
    assert (dewi.name, dewi.name_by) == ("Dewi Lestari", Origin.SLACK)
    assert (linh.zone, bounmy.zone, maria.zone) == ("Europe/Paris", "Asia/Tokyo", None)
    user = network.sandbox.workspace.users["U0SITI"]
    user.tz, user.name = "Asia/Makassar", "<!channel> & Siti"
    await network["siti"].act("presents", title="Travelling")
    siti = await person_of(network, "siti")
    assert (siti.zone, siti.name) == ("Asia/Makassar", "Siti Rahmadani")
    user.tz = "Asia/Jayapura"
    await set_person(network, "siti", zone_by=Origin.PERSON)
    await network["siti"].act("presents", title="Home")
    assert (await person_of(network, "siti")).zone == "Asia/Makassar", "what a person set is never overwritten"


async def test_who_cannot_be_written_to_is_found_out_before_the_first_deadline(network: Network) -> None:
    aisyah, linh = network["aisyah"], network["linh"]
    await network.calls_the_roll()
    assert aisyah.messages() == []
    await network.fault("other_organisation", user="U0LINH")
    network.sandbox.workspace.users["U0LINH"].name = "<!channel>"
    await network.calls_the_roll()
    assert aisyah.messages() == [], "looked at today"
    await network.opens()
    await network.passes(minutes=1)
    aisyah.hears("Linh Tran (Viet Nam) cannot be written to in Slack", "another organisation", "user_not_visible")
    told = aisyah.hears("I write by e-mail instead", "help Linh Tran to an account in this workspace")
    assert "<!channel>" not in told
    assert (await person_of(network, "linh")).slack_trouble == "user_not_visible"
    for _ in range(3):
        await network.passes(days=1)
        await network.calls_the_roll()
    assert sum("cannot be written to in Slack" in text for text in aisyah.messages()) == 1
    mails = len(linh.mails)
    assert mails >= 1 and linh.messages() == []
    await network.fault("clear", name="other_organisation")
    await network.passes(days=1)
    await network.calls_the_roll()
    assert (await person_of(network, "linh")).slack_trouble is None
    await network.at(datetime(2026, 12, 1, 3, 0, tzinfo=UTC))
    linh.hears("is due in 14 days")
    assert len(linh.mails) == mails


async def test_a_guest_is_tried_and_only_who_cannot_be_written_to_is_told_of(network: Network) -> None:
    aisyah, linh, maria = network["aisyah"], network["linh"], network["maria"]
    for guest in (linh, maria):
        network.sandbox.workspace.users[guest.slack_id].guest = True
    await network.fault("fail", method="conversations.open", error="user_not_visible", times=1)
    await network.calls_the_roll()
    told = [text for text in aisyah.messages() if "cannot be written to in Slack" in text]
    assert len(told) == 1 and "Linh Tran (Viet Nam)" in told[0] and "I write by e-mail instead" in told[0]
    assert (await person_of(network, "maria")).slack_trouble is None
    await network.opens()
    assert linh.messages() == [] and "Viet Nam: Full assessment 2026" in linh.mails[-1].subject
    maria.hears("Full assessment 2026")
    assert maria.mails == []


async def test_a_closed_account_is_noticed_at_once_and_e_mail_is_used(network: Network) -> None:
    aisyah, siti = network["aisyah"], network["siti"]
    await set_person(network, "bounmy", email=None)
    await network.fault("deactivate", user="U0SITI")
    await network.settled()
    aisyah.hears("Siti Rahmadani (Indonesia) cannot be written to in Slack", "The account is closed", "by e-mail")
    await network.fault("deactivate", user="U0BOUNMY")
    await network.settled()
    aisyah.hears("Bounmy Keo (Lao PDR)", "There is no e-mail address either", "nothing reaches Bounmy Keo")
    await network.opens()
    assert ["Indonesia: Full assessment 2026" in letter.subject for letter in siti.mails] == [True]
    # A partner has nothing to do before a deadline: nobody need be told.
    await network.fault("deactivate", user="U0PER")
    await network.settled()
    assert (await person_of(network, "per")).slack_trouble == "user_disabled"
    assert "Per Larsen" not in aisyah.last()
    await network.fault("clear", name="deactivate")
    await network.passes(days=1)
    await network.calls_the_roll()
    assert (await person_of(network, "siti")).slack_trouble is None


async def test_who_has_no_account_noted_is_found_by_address(network: Network) -> None:
    await set_person(network, "siti", slack_id=None)
    await set_person(network, "linh", slack_id=None, email="linh.elsewhere@example.org")
    network.sandbox.workspace.add_user("U0LINH9", "Linh", "linh.elsewhere@example.org", "Asia/Tokyo", team=ELSEWHERE)
    await network.calls_the_roll()
    assert (await person_of(network, "siti")).slack_id == "U0SITI"
    assert (await person_of(network, "linh")).slack_id is None, "another organisation's word proves nothing"
    await network.calls_the_roll()
    assert (await person_of(network, "siti")).zone == "Asia/Jakarta"


@pytest.mark.parametrize("fault", ["missing_scope", "internal_error", "limit", "token_revoked"])
async def test_where_slack_does_not_say_all_goes_on(network: Network, fault: str) -> None:
    if fault == "limit":
        await network.fault("limit", method="users.info", times=1, retry_after=60)
    else:
        await network.fault("fail", method="users.info", error=fault, times=1)
    await network.calls_the_roll()
    calls = [call.method for call in await network.control.calls()]
    assert calls.count("users.info") == 1
    await network.calls_the_roll()
    assert [call.method for call in await network.control.calls()].count("users.info") == 1, "a rest"
    await network.passes(hours=2)
    await network.calls_the_roll()
    assert (await person_of(network, "siti")).zone == "Asia/Jakarta"
    kim = network.newcomer("U0KIM", "Kim Example")
    await network.fault("fail", method="users.info", error="missing_scope", times=1)
    await kim.says("hello")
    kim.hears("I do not know you yet")
