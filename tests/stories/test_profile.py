"""What people set for themselves: the profile, further addresses, leave; over the wire, for every role."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.sandbox import Letter
from db.models import Address, Appointment, Leave, Person
from db.queries import audit as audit_queries
from db.vocabulary import Origin, Reach
from tests.browsing import Browser, link_in
from tests.stage import NETWORK, SECRETARIAT, Network, Player
from tests.stories import forging
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
    await player.fills(name=" \u200b\u202e", other_zone="nowhere land", quiet_from="18")
    wrong = await player.submits()
    assert wrong is not None and set(wrong) == {"name", "other_zone", "quiet_until"}
    await player.fills(
        name="<!channel> *Wild* \u202e Name",
        other_zone="rome",
        quiet_until="8",
        reach="mail",
        locale="en_US",
        language="id",
    )
    assert await player.submits() is None
    player.hears("That is noted.", "Rome time", "from 18:00 until 08:00", "rather have them by e-mail")
    player.hears("Bahasa Indonesia", "November 2, 2026")
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


async def test_while_siti_is_away_budi_is_asked_and_then_she_is_welcomed(network: Network) -> None:
    await network.opens()
    siti, budi, aisyah = network["siti"], network["budi"], network["aisyah"]
    await siti.says("Away until 3 December")
    siti.hears(
        "you are away until the end of Thursday, 3 December 2026 (Jakarta time)",
        "Indonesia: meanwhile I ask Budi Hartono",
        "I am back",
    )
    assert await answers_of(network, "IDN") == {}
    await network.passes(minutes=1)
    budi.hears("Siti Rahmadani is away, and I ask you meanwhile", "Full assessment 2026", "not started", "15 December")
    await network.passes(minutes=1)
    assert sum("I ask you meanwhile" in text for text in budi.messages()) == 1
    # Seven days before the due date a reminder is due; before, on 1 December, another: they are Budi's.
    before = len(siti.messages())
    await network.at(datetime(2026, 12, 1, 3, 0, tzinfo=UTC))
    budi.hears("Full assessment 2026 is due in 14 days")
    assert len(siti.messages()) == before
    # What Siti writes counts as ever.
    await siti.clicks("Start")
    await siti.says("mechanism_status planned")
    assert set(await answers_of(network, "IDN")) == {"mechanism_status"}
    await network.at(datetime(2026, 12, 4, 2, 30, tzinfo=UTC))
    siti.hears("Welcome back, Siti Rahmadani", "Your leave ended on Thursday, 3 December 2026", "1 of")
    await network.passes(minutes=1)
    assert sum("Welcome back" in text for text in siti.messages()) == 1
    await network.at(datetime(2026, 12, 8, 3, 0, tzinfo=UTC))
    siti.hears("is due in 7 days")
    assert "away" not in aisyah.last(SECRETARIAT)


async def test_a_leave_that_begins_later_is_told_on_its_day_and_can_be_called_off_or_ended(network: Network) -> None:
    siti, budi = network["siti"], network["budi"]
    await siti.says("I am away from 10 to 20 November")
    siti.hears("away from Tuesday, 10 November 2026 until the end of Friday, 20 November 2026")
    await network.passes(days=1)
    assert budi.messages() == []
    await network.opens()
    siti.hears("Full assessment 2026")
    assert budi.messages() == []
    await siti.says("I am back")
    siti.hears("not noted as away now", "Tuesday, 10 November 2026")
    await network.at(datetime(2026, 11, 10, 3, 0, tzinfo=UTC))
    budi.hears("I ask you meanwhile", "not started")
    await siti.says("I'm back at work")
    siti.hears("Welcome back, Siti Rahmadani", "From now on I ask you again")
    await siti.says("back from leave")
    siti.hears("You were not noted as away")
    await network.at(datetime(2026, 11, 23, 3, 0, tzinfo=UTC))
    assert not any("Your leave ended" in text for text in siti.messages())
    await siti.says("on leave next week")
    await siti.clicks("I do not go after all")
    siti.hears("is called off")
    await siti.clicks("I do not go after all")
    siti.hears("over already")
    async with network.database.reading() as session:
        rows = (await session.scalars(select(Leave))).all()
    assert [row.ended_at is not None for row in rows] == [True, True]


async def test_where_nobody_stands_in_the_secretariat_hears_of_it(network: Network) -> None:
    await network.opens()
    linh, aisyah, rina, siti = network["linh"], network["aisyah"], network["rina"], network["siti"]
    await linh.says("out of office until 13 November")
    linh.hears("nobody else whom I can ask meanwhile", "I tell the secretariat")
    await network.passes(minutes=1)
    told = next(said for said in aisyah.messages(SECRETARIAT) if "Viet Nam: nobody is there to be asked" in said)
    assert "Linh Tran" in told and "13 November 2026" in told
    await rina.says("I am on leave until Friday")
    rina.hears("until the end of Friday, 6 November 2026", "I tell Siti Rahmadani that you are away")
    await network.passes(minutes=1)
    siti.hears("Rina Kusuma (Contributor Indonesia) is away until the end of Friday, 6 November 2026")
    per = network["per"]
    await per.says("I am on holiday until 12 November")
    per.hears("Nothing is asked of anybody else in your place", "Thursday, 12 November 2026")
    await network.at(datetime(2026, 11, 13, 9, 0, tzinfo=UTC))
    per.hears("Welcome back, Per Larsen")


async def test_what_can_be_read_in_two_ways_is_asked_back(network: Network) -> None:
    siti = network["siti"]
    await siti.says("I am away until 3/12")
    siti.hears("more than one way")
    assert await leaves_of(network) == []
    await siti.clicks("Away until Thursday, 3 December 2026")
    siti.hears("until the end of Thursday, 3 December 2026")
    await siti.says("Away until 3 May")
    siti.hears("far ahead, or it is past already")
    for text, words in (
        ("away until 1 November 2026", "past already"),
        ("away until yesterday", "past already"),
        ("on leave from last Monday to last Friday", "past already"),
        ("on leave", "Until when are you away?"),
        ("away from 20 November to 10 November 2026", "lies before the first one"),
        ("away until Friday 3 December", "weekday and the date do not fit"),
        ("away until 31 November", "no such day"),
        ("I am away until the minister decides", "did not understand until when"),
        ("away until 3 May 2028", "a year at most"),
    ):
        await siti.says(text)
        siti.hears(words)
    assert [(row.starts_on, row.ends_on) for row in await leaves_of(network)] == [
        (date(2026, 11, 2), date(2026, 12, 3))
    ]


async def test_an_answer_is_never_taken_for_a_leave(network: Network) -> None:
    siti = network["siti"]
    await network.opens()
    await siti.clicks("Start")
    await siti.says("edit progress_made")
    await siti.says("Away from the capital, the programme reached more families until 3 December")
    assert "Away from the capital" in (await answers_of(network, "IDN"))["progress_made"].text
    await siti.says("edit progress_made")
    await siti.says("On leave until 3 December")
    siti.hears("Do you tell me that you are away?", "Or is it your answer to", "Nothing is taken until you choose")
    assert await leaves_of(network) == []
    await siti.clicks("It is my answer")
    assert (await answers_of(network, "IDN"))["progress_made"].text == "On leave until 3 December"
    await siti.says("edit progress_made")
    await siti.says("Away until yesterday")
    siti.hears("are past already, so I noted nothing", "Or is it your answer to")
    await siti.clicks("It is my answer")
    assert (await answers_of(network, "IDN"))["progress_made"].text == "Away until yesterday"
    answers = await answers_of(network, "IDN")
    await siti.clicks("It is my answer")
    assert await answers_of(network, "IDN") == answers, "the question has moved on"
    await siti.says("edit progress_made")
    await siti.says("I am on leave until 3 December")
    siti.hears("you are away until the end of Thursday, 3 December 2026")
    assert len(await leaves_of(network)) == 1
    await siti.says("More families were reached.")
    assert (await answers_of(network, "IDN"))["progress_made"].text == "More families were reached."


async def test_the_answer_of_a_contributor_is_none_either(network: Network) -> None:
    siti, rina = network["siti"], network["rina"]
    await network.opens()
    await siti.clicks("Start")
    await siti.says("edit progress_made")
    await siti.clicks("Ask a colleague")
    await siti.fills(part="H:", who=str(network.people["rina"].person_id), due="2026-12-04")
    assert await siti.submits() is None
    await rina.clicks("Answer now")
    await rina.says("On leave until 3 December")
    rina.hears("Do you tell me that you are away?", "Nothing is taken until you choose")
    await rina.clicks("It is my answer")
    assert (await answers_of(network, "IDN"))["progress_made"].text == "On leave until 3 December"
    await rina.says("I am away until 13 November")
    rina.hears("you are away until the end of Friday, 13 November 2026", "I tell Siti Rahmadani that you are away")
    assert set(await answers_of(network, "IDN")) == {"progress_made"}
    assert len(await leaves_of(network)) == 1


async def test_a_leave_is_edited_and_heard_once(network: Network) -> None:
    siti, linh = network["siti"], network["linh"]
    await network.fault("duplicate_next", times=1, new_ids=True)
    ts = await siti.says("away until 13 November")
    assert sum("I have noted it" in text for text in siti.messages()) == 1
    await siti.edits(ts, "away until 20 November")
    siti.hears("until the end of Friday, 20 November 2026")
    assert [row.ends_on for row in await leaves_of(network)] == [date(2026, 11, 20)]
    leave = (await leaves_of(network))[0]
    for action, value in (
        ("end_leave", str(leave.id)),
        ("end_leave", "x"),
        ("am_away", "2026-11-03/2020-01-01"),
        ("am_away", "2026-99-99/2026-99-99"),
        ("am_away", "<!channel>"),
        ("was_answer", f"{network.sandbox.workspace.direct('U0SITI').id}:{ts}"),
        ("use_address", "1"),
        ("remove_address", "-1"),
    ):
        await forging.clicks(network, "linh", f"{action}:0", value)
    assert len(await leaves_of(network)) == 1
    assert "you are away" not in linh.last()


async def leaves_of(network: Network) -> list[Leave]:
    async with network.database.reading() as session:
        return list(await session.scalars(select(Leave).where(Leave.ended_at.is_(None)).order_by(Leave.id)))


async def adds(player: Player, email: str) -> dict[str, str] | None:
    await player.command("profile", NETWORK)
    await player.clicks("Add an e-mail address", channel=NETWORK)
    await player.fills(address=email)
    return await player.submits()


def mails_to(network: Network, email: str) -> list[Letter]:
    return [letter for letter in network.mailbox.letters if email in letter.recipients]


async def test_nobody_takes_the_name_of_somebody_else(everywhere: Network) -> None:
    """Whoever changes their name stands in the audit with both; the name of a colleague or of the secretariat is not
    to be had, another country's is."""
    network, rina = everywhere, everywhere["rina"]
    for name, taken in (("siti  rahmadani", True), ("Aisyah NOOR", True), ("Linh Tran", False), ("Rina K.", False)):
        await rina.command("profile", NETWORK)
        await rina.clicks("Change", channel=NETWORK)
        await rina.fills(name=name)
        assert await rina.submits() is None
        rina.hears("is called" if taken else "That is noted")
        assert ((await person_of(network, "rina")).name == name) is not taken
    async with network.database.reading() as session:
        rows = await audit_queries.of(session, f"person:{network.people['rina'].person_id}")
    assert [row.detail["fields"]["name"] for row in rows if row.act == "change_profile"] == [
        ["Rina Kusuma", "Linh Tran"],
        ["Linh Tran", "Rina K."],
    ]


async def test_a_further_address_is_used_only_after_its_mail_was_answered(reachable: Network) -> None:
    network = reachable
    siti, rina = network["siti"], network["rina"]
    assert await adds(siti, "no address") is not None
    await siti.closes()
    assert await adds(siti, "Siti.Home@Example.ORG") is None
    siti.hears("I have sent a mail to siti.home@example.org", "Thursday, 5 November 2026")
    (letter,) = mails_to(network, "siti.home@example.org")
    assert letter.recipients == ("siti.home@example.org",)
    assert siti.mails == []
    shown = await siti.command("profile", NETWORK)
    assert "siti.home@example.org: not confirmed yet" in shown
    with pytest.raises(LookupError):
        await siti.clicks("Use siti.home@example.org", channel=NETWORK)
    link = link_in(letter, "address")
    async with Browser(network) as browser:
        await browser.visits(link)
        assert "Siti Rahmadani asked to receive messages" in browser.text
        await browser.visits(link)
        assert (await address_rows(network))[0].confirmed_at is None, "looking changes nothing"
        await browser.presses("Yes, this is my address")
        assert "The address is confirmed" in browser.text
        await browser.visits(link)
        assert "The address is confirmed" in browser.text and not browser.forms
        await browser.posts(link)
        await browser.visits(link[:-3] + "aaa")
        assert browser.status == 404
    assert (await person_of(network, "siti")).email == "siti@example.org"
    await siti.command("profile", NETWORK)
    await siti.clicks("Use siti.home@example.org", channel=NETWORK)
    siti.hears(
        "From now on I write to the new address", "*E-mail:* siti.home@example.org", "siti@example.org: confirmed"
    )
    assert (await person_of(network, "siti")).email == "siti.home@example.org"
    told = siti.mails[-1].message.get_body(("plain",)).get_content()
    assert "another of your confirmed addresses" in told and "siti.home" not in told
    # What is somebody's cannot become somebody else's; who is in the register is told only to who reads the mails.
    for email in ("siti.home@example.org", "siti@example.org", "linh@example.org", "nobody@example.org"):
        await adds(rina, email)
        rina.hears(f"I have sent a mail to {email}")
        async with Browser(network) as browser:
            await browser.visits(link_in(mails_to(network, email)[-1], "address"))
            await browser.presses("Yes, this is my address")
            refused = email != "nobody@example.org"
            assert ("This address cannot be used" in browser.text, browser.status == 409) == (refused, refused)
            assert "Siti" not in browser.text and "Linh" not in browser.text
    await adds(siti, "siti.home@example.org")
    siti.hears("I use siti.home@example.org for you already")
    await adds(siti, "siti@example.org")
    siti.hears("siti@example.org is confirmed already")
    await siti.command("profile", NETWORK)
    await siti.clicks("Take away siti@example.org", channel=NETWORK)
    siti.hears("The address is taken away")
    assert {row.person_id for row in await address_rows(network)} == {network.people["rina"].person_id}
    async with network.database.reading() as session:
        acts = [row.act for row in await audit_queries.of(session, f"person:{network.people['siti'].person_id}")]
    assert acts == ["add_address", "confirm_address", "use_address", "remove_address"]


async def test_the_link_of_an_address_ends_and_cannot_be_fought_over(reachable: Network) -> None:
    network = reachable
    siti, rina = network["siti"], network["rina"]
    await adds(siti, "shared@example.org")
    await adds(rina, "shared@example.org")
    first, second = mails_to(network, "shared@example.org")
    async with Browser(network) as browser:
        await browser.visits(link_in(second, "address"))
        assert "Rina Kusuma asked" in browser.text
        await browser.presses("Yes, this is my address")
        await browser.visits(link_in(first, "address"))
        await browser.presses("Yes, this is my address")
        assert browser.status == 409 and "cannot be used" in browser.text
        await siti.command("profile", NETWORK)
        await siti.clicks("Take away shared@example.org", channel=NETWORK)
        await browser.visits(link_in(first, "address"))
        assert "no longer needed" in browser.text
        await adds(siti, "later@example.org")
        await network.passes(days=4)
        await browser.visits(link_in(mails_to(network, "later@example.org")[0], "address"))
        assert browser.status == 410
        await adds(siti, "later@example.org")
        await browser.visits(link_in(mails_to(network, "later@example.org")[1], "address"))
        await browser.presses("Yes, this is my address")
        # Who holds no role any more confirms nothing.
        linh, last = network["linh"], "linh.home@example.org"
        await adds(linh, last)
        async with network.database.writing() as session:
            role = await session.get_one(Appointment, network.people["linh"].appointment_id)
            role.ends_on = network.clock.now().date() - timedelta(days=1)
        for visit in (browser.visits, browser.posts):
            await visit(link_in(mails_to(network, last)[0], "address"))
            assert browser.status == 409 and "no longer needed" in browser.text
    for number in range(6):
        await adds(rina, f"rina{number}@example.org")
    rina.hears("further addresses, and I keep no more")
    assert len([row for row in await address_rows(network) if row.confirmed_at]) == 2


async def test_without_pages_no_address_can_be_confirmed(network: Network) -> None:
    siti = network["siti"]
    await adds(siti, "siti.home@example.org")
    siti.hears("An address is confirmed on a page", "secretariat")
    assert await address_rows(network) == []


async def address_rows(network: Network) -> list[Address]:
    async with network.database.reading() as session:
        return list(await session.scalars(select(Address).order_by(Address.id)))
