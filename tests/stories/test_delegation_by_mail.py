"""A contributor without chat: invited by mail, let in once, answering on a page of their own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot import links
from bot.clock import SimulatedClock
from bot.sandbox import Letter
from db.engine import Database
from db.models import Appointment, AuditRow, Delegation, Entry, Evidence, Person
from db.vocabulary import DelegationState, Role, Via
from tests.browsing import PUBLIC_ADDRESS, Browser, link_in
from tests.stage import NETWORK, Network, Way, stage
from tests.stories.conftest import address
from tests.stories.test_conversation import answers_of

WATI = "wati@health.example.org"
NAME = "Wati <!channel> & Co"
OPEN_IT = f"I am {NAME}: open it"
NEW_LINK = "Send a new link to w…@health.example.org"
NOT_HERE = "This link does not work here"


async def invites(network: Network, part: str = "A:", due: str = "2026-12-04") -> str:
    """Siti asks somebody whom nobody knows; gives the link in the mail that they get."""
    siti = network["siti"]
    await network.opens()
    await siti.clicks("Start")
    await siti.clicks("Ask a colleague")
    await siti.fills(
        part=part,
        name=f" \u200b {NAME} \u202e",
        email="Wati@Health.example.org",
        due=due,
        note="\u202e<b>2025</b> only",
    )
    assert await siti.submits() is None
    return link_in(newest(network), "answer")


def newest(network: Network) -> Letter:
    return network.mailbox.to(WATI)[-1]


async def part(network: Network) -> Delegation:
    async with network.database.reading() as session:
        return (await session.scalars(select(Delegation))).one()


async def test_somebody_unknown_is_invited_and_answers_on_a_page(reachable: Network) -> None:
    network = reachable
    siti = network["siti"]
    link = await invites(network)
    letter = newest(network)
    assert "Indonesia: A · Coordination, until Friday, 4 December 2026" in letter.subject
    assert "\u202e" not in letter.text("plain") + letter.text("html") + letter.subject
    for text in (letter.text("plain"), letter.text("html")):
        assert "write to Siti Rahmadani (siti@example.org)" in text
        # A week behind the day, until its last minute in Indonesia.
        assert "works until Friday, 11 December 2026, 23:59 (Jakarta time)" in text
    assert "&lt;b&gt;2025&lt;/b&gt; only" in letter.text("html") and "<b>2025" not in letter.text("html")
    async with network.database.reading() as session:
        wati = (await session.scalars(select(Person).where(Person.email == WATI))).one()
        (held,) = await session.scalars(select(Appointment).where(Appointment.person_id == wati.id))
    assert (wati.name, held.role, held.member_code) == (NAME, Role.CONTRIBUTOR, "IDN")
    assert held.starts_on == date(2026, 11, 2)
    async with Browser(network) as gateway, Browser(network) as browser, Browser(network) as other:
        # Gateways and previews look, and nothing happens.
        for method in ("HEAD", "GET", "GET"):
            await gateway.visits(link, method=method)
        assert "opens once" in gateway.text and "strategy" not in gateway.text
        await gateway.posts(link, {"choice": "keep", "a_mechanism_status": "none"})
        await browser.visits(link)
        await browser.presses(OPEN_IT)
        assert browser.status == 200
        assert all(word in browser.text for word in ("A · Coordination", "<b>2025</b> only", "How far is the national"))
        assert "Poverty" not in browser.text and "<b>2025" not in browser.source
        # It was forwarded: whoever else opens it sees nothing and can do nothing.
        for choice in ("", "enter", "keep", "hand_over"):
            await (other.posts(link, {"choice": choice}) if choice else other.visits(link))
            assert other.status in (200, 403) and NOT_HERE in other.text and "2025" not in other.text
        assert await answers_of(network, "IDN") == {}

        await browser.presses(
            "Hand over",
            a_mechanism_status="operational",
            a_mechanism_meetings="many",
            a_national_strategy="",
            n_national_strategy="no survey was held <!here>",
            a_harmonisation_steps="Two *registers* & <b>one</b> law.",
        )
        assert browser.status == 400 and "One answer could not be taken" in browser.text
        assert "I looked for a number and found none" in browser.text
        assert browser.forms[0].fields["a_mechanism_meetings"] == "many"
        # Somebody who answers for the country changes an answer while the page is open.
        await siti.says("harmonisation_steps One register for all, says the ministry.")
        more = {"a_mechanism_meetings": "4 2025 minutes", "a_harmonisation_steps": "Three registers."}
        await browser.presses("Hand over", **more)
        assert "changed by somebody else meanwhile" in browser.text and "One register for all" in browser.text
        await browser.presses("Keep for now", a_harmonisation_steps="Three registers.")
        assert "Kept." in browser.text
        await browser.presses("Keep for now")
        assert "Nothing was changed." in browser.text
        await browser.visits(link)
        form = browser.forms[0].fields
        await browser.presses("Hand over")
        assert "Handed over. Thank you" in browser.text
        siti.hears("has answered: A · Coordination", "4 of 5 answered", "Left open:* Social registry")
        await browser.posts(link, {**form, "choice": "hand_over", "a_mechanism_status": "none"})
        assert browser.status == 409 and "came too late" in browser.text
        await browser.visits(link)
        assert "Handed over. Thank you" in browser.text
    answers = await answers_of(network, "IDN")
    assert answers["mechanism_status"].text == "operational"
    assert answers["harmonisation_steps"].text == "Three registers."
    assert answers["national_strategy"].note == "no survey was held <!here>"
    async with network.database.reading() as session:
        ways = {row.via for row in await session.scalars(select(AuditRow).where(AuditRow.person_id == wati.id))}
    assert ways == {Via.PAGE}
    await siti.clicks("See my answers")
    siti.hears("Three registers. (written by Wati &lt;!channel&gt; &amp; Co)", "no survey was held &lt;!here&gt;")


@pytest.mark.only_over("socket", "the page is the same")
async def test_a_link_to_where_a_number_comes_from_is_kept_from_the_page(reachable: Network) -> None:
    """Wati's link stands behind her number; what nobody could open is named, and nothing else of hers is lost."""
    network = reachable
    siti = network["siti"]
    link = await invites(network)
    async with Browser(network) as browser, Browser(network) as other:
        await browser.visits(link)
        await browser.presses(OPEN_IT)
        assert "l_mechanism_status" not in browser.source, "a number rests on a source; a choice needs none"
        await other.posts(link, {"choice": "keep", "l_mechanism_meetings": "https://www.example.org/forged"})
        await browser.presses(
            "Hand over", a_mechanism_meetings="4 2025 minutes", l_mechanism_meetings="http://10.0.0.8/<b>x</b>"
        )
        assert browser.status == 400 and "One link could not be kept" in browser.text
        assert "no address that others can open" in browser.text and "<b>x</b>" not in browser.source
        assert browser.forms[0].fields["l_mechanism_meetings"] == "http://10.0.0.8/<b>x</b>"
        good = "https://www.example.org/minutes?a=1&b=2"
        await browser.presses("Keep for now", l_mechanism_meetings=good)
        assert browser.status == 200 and "Kept with this answer: www.example.org/minutes?a=1&b=2" in browser.text
        assert browser.forms[0].fields["l_mechanism_meetings"] == ""
        await browser.presses("Keep for now", l_mechanism_meetings=good)
        assert "Nothing was changed." in browser.text
        await browser.presses("Hand over")
        assert "Handed over. Thank you" in browser.text
        await browser.posts(link, {"choice": "keep", "l_mechanism_meetings": "https://www.example.org/late"})
        assert browser.status == 409 and "https://www.example.org/late" in browser.text
    async with network.database.reading() as session:
        (piece,) = await session.scalars(select(Evidence))
    assert (piece.indicator, piece.link, piece.via) == ("mechanism_meetings", good, Via.PAGE)
    assert (await answers_of(network, "IDN"))["mechanism_meetings"].number == 4
    await siti.clicks("See my answers")
    siti.hears("evidence: www.example.org/minutes?a=1&amp;b=2")


async def test_another_link_goes_to_whoever_was_invited_only(reachable: Network) -> None:
    network = reachable
    siti = network["siti"]
    first = await invites(network)
    async with Browser(network) as thief, Browser(network) as wati:
        await thief.visits(first)
        await thief.presses(OPEN_IT)
        held = thief.cookies["spnet_answer"]
        assert all(flag in thief.baked[0] for flag in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/answer"))
        assert "How far is the national" in thief.text
        await wati.visits(first)
        assert NOT_HERE in wati.text
        before = len(network.mailbox.letters)
        await wati.presses(NEW_LINK)
        assert "A new link is on its way" in wati.text
        assert [letter.recipients for letter in network.mailbox.letters[before:]] == [(WATI,)]
        second = link_in(newest(network), "answer")
        # Until it is used, who was let in stays in; then they are out.
        await thief.visits(first)
        assert "How far is the national" in thief.text
        await wati.visits(second)
        await wati.presses(OPEN_IT)
        assert "How far is the national" in wati.text
        for link in (first, second):
            await thief.visits(link)
            assert NOT_HERE in thief.text
        await thief.posts(first, {"choice": "keep", "a_mechanism_status": "none"})
        await wati.visits(first)
        assert "How far is the national" in wati.text
        # A few a day.
        for link in (first, second):
            await thief.visits(link)
            await thief.presses(NEW_LINK)
            third = link_in(newest(network), "answer")
        await thief.visits(second)
        await thief.presses(NEW_LINK)
        assert thief.status == 409 and "Several links were sent to w…@health.example.org today" in thief.text
        # A reminder carries the link that is good already, and the browser that is in stays in.
        await network.at(datetime(2026, 12, 1, 3, 0, tzinfo=UTC))
        reminded = link_in(newest(network), "answer")
        assert reminded == third and "Please answer until" in newest(network).text()
        await wati.visits(reminded)
        assert "How far is the national" in wati.text
        # Invented and changed links, another purpose, another's cookie.
        secret, now = network.settings.security.secret, network.clock.now()
        for purpose, subject in ((links.STOP_DIGEST, "1"), ("contribute", "nobody"), ("contribute", "999")):
            token = links.sign(secret, purpose, subject, now + timedelta(days=1))
            await thief.visits(f"https://spnet.example.org/answer/{token}")
            assert thief.status == 404 and "How far" not in thief.text
        thief.cookies["spnet_answer"] = held[:-1] + "x"
        await thief.visits(second)
        assert NOT_HERE in thief.text
        # The link's time is over; the part is still open.
        async with network.database.writing() as session:
            await session.execute(update(Entry).values(expires_at=network.clock.now()))
        await wati.visits(second)
        assert NOT_HERE in wati.text
        await wati.presses(NEW_LINK)
        await network.passes(days=1)
        # Taken back while the page is open: what was typed is shown to be copied.
        await wati.visits(link_in(newest(network), "answer"))
        await wati.presses(OPEN_IT)
        await siti.command("contributors")
        await siti.clicks("Take back: A · Coordination", channel="C0NETWORK")
        assert "is no longer with you" in newest(network).subject
        await wati.presses("Hand over", a_mechanism_meetings="4 2025 <minutes>")
        assert wati.status == 409 and "4 2025 <minutes>" in wati.text and "was taken back" in wati.text
        await thief.visits(first)
        assert "It is no longer needed." in thief.text
    assert await answers_of(network, "IDN") == {}
    assert (await part(network)).state is DelegationState.TAKEN_BACK


@pytest.mark.only_over("socket", "the page is the same")
async def test_a_link_ends_with_its_time_the_role_and_the_cycle(reachable: Network) -> None:
    network = reachable
    link = await invites(network, due="2026-11-06")
    async with Browser(network) as browser:
        await browser.visits(link)
        await browser.presses(OPEN_IT)
        network.clock.set(datetime(2026, 11, 15, 2, 0, tzinfo=UTC))
        await browser.visits(link)
        assert NOT_HERE in browser.text
        await browser.presses(NEW_LINK)
        fresh = link_in(newest(network), "answer")
        await browser.visits(fresh)
        await browser.presses(OPEN_IT)
        assert "How far is the national" in browser.text
        async with network.database.writing() as session:
            which = Appointment.role == Role.CONTRIBUTOR, Appointment.person_id > 10
            await session.execute(update(Appointment).where(*which).values(ends_on=date(2026, 11, 14)))
        letters = len(network.mailbox.to(WATI))
        for choice in ("", "enter", "keep", "hand_over", "link"):
            await browser.posts(fresh, {"choice": choice, "a_mechanism_status": "none"})
            assert browser.status == 409 and "How far" not in browser.text
        await network.passes(days=1)
        assert len(network.mailbox.to(WATI)) == letters
    assert await answers_of(network, "IDN") == {}


@pytest.mark.only_over("socket", "the page is the same")
async def test_who_cannot_be_reached_in_the_chat_gets_the_link_by_mail(reachable: Network) -> None:
    network = reachable
    siti, rina = network["siti"], network["rina"]
    await network.opens()
    await siti.clicks("Start")
    await siti.clicks("Ask a colleague")
    await network.fault("deactivate", user=rina.slack_id)
    await siti.fills(part="A:", who=str(network.people["rina"].person_id), due="2026-12-04")
    assert await siti.submits() is None
    await network.passes(minutes=1)
    link = link_in(rina.mails[-1], "answer")
    await network.fault("clear")
    # She begins on the page and goes on in the chat: it is the same part.
    async with Browser(network) as browser:
        await browser.visits(link)
        await browser.presses("I am Rina Kusuma: open it")
        await browser.presses("Keep for now", a_mechanism_status="planned")
        await rina.says("hello")
        rina.hears("Siti Rahmadani asked you for this. 1 of 5 answered.")
        await rina.clicks("Start")
        rina.hears("2 of 5 · A Coordination")
        await rina.says("4 2025 minutes")
        await browser.visits(link)
        assert browser.forms[0].fields["a_mechanism_meetings"] == "4 (2025, minutes)"
        await browser.presses("Hand over")
    await rina.says("5 2025 minutes")
    rina.hears("you handed it over on")


@pytest.mark.only_over("socket", "the page is the same")
async def test_without_pages_only_who_is_in_the_chat_is_asked(network: Network) -> None:
    await network.opens()
    siti = network["siti"]
    await siti.clicks("Start")
    await siti.clicks("Ask a colleague")
    await siti.fills(part="A:", name="Wati", email=WATI, due="2026-12-04")
    wrong = await siti.submits()
    assert wrong is not None and "no pages on which they could answer" in wrong["email"]
    async with network.database.reading() as session:
        assert (await session.scalars(select(Person).where(Person.email == WATI))).first() is None


@pytest.mark.only_over("socket", "the page is the same")
async def test_the_pages_may_lie_below_a_path(sqlite_database: Database, clock: SimulatedClock, way: Way) -> None:
    """A web server that has other pages too passes on what lies below a path, without the path."""
    pages = {"public_address": f"{PUBLIC_ADDRESS}/asean/bot/"}
    async with stage(address(sqlite_database), clock, way=way, pages=pages) as network, Browser(network) as browser:
        link = await invites(network)
        assert link.startswith(f"{PUBLIC_ADDRESS}/asean/bot/answer/")
        await browser.visits(link)
        await browser.presses(OPEN_IT)
        assert "Path=/asean/bot/answer" in browser.baked[0] and browser.url == link
        await browser.presses("Keep for now", a_mechanism_status="planned")
        await browser.visits(link)
        assert browser.forms[0].fields["a_mechanism_status"] == "planned"
        await browser.presses("Hand over")
        assert (await part(network)).state is DelegationState.DONE
        siti = network["siti"]
        await siti.command("profile", NETWORK)
        await siti.clicks("Add an e-mail address", channel=NETWORK)
        await siti.fills(address="siti.home@example.org")
        assert await siti.submits() is None
        await browser.visits(link_in(network.mailbox.to("siti.home@example.org")[-1], "address"))
        await browser.presses("Yes, this is my address")
        assert "The address is confirmed" in browser.text
