"""The national yes: where a member wants it, nothing leaves the country before it. By button, on a page, by letter."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from bot import links
from db.models import Appointment, Clearance, Person
from db.queries import audit as audit_queries
from db.vocabulary import AssessmentState, ClearanceState, Role, Via
from tests.browsing import PUBLIC_ADDRESS, Browser, link_in
from tests.cast import SINCE
from tests.stage import SECRETARIAT, Network, Player, buttons
from tests.stories import forging
from tests.stories.test_conversation import assessment_of, submitted

HOSTILE = "<!channel> <b>9.4 %</b> & *old*\n> <@U0SITI> please"


async def wanted(network: Network, who: str = "dewi", **more: Any) -> None:
    """A country's coordinator asks for the national yes."""
    player = network[who]
    await player.command("clearance set")
    await player.fills(wanted="yes", **more)
    assert await player.submits() is None


async def mails_only(network: Network, short: str) -> Player:
    """Somebody is not in Slack."""
    async with network.database.writing() as session:
        await session.execute(update(Person).where(Person.id == network.people[short].person_id).values(slack_id=None))
    return network[short]


async def clearances(network: Network) -> list[Clearance]:
    """Every yes that was asked for, the oldest first."""
    async with network.database.reading() as session:
        return list(await session.scalars(select(Clearance).order_by(Clearance.id)))


async def state_of(network: Network, member: str) -> AssessmentState:
    return (await assessment_of(network, member)).assessment.state


async def test_only_after_the_yes_the_secretariat_has_it(everywhere: Network) -> None:
    network = everywhere
    siti, dewi, aisyah, budi = network["siti"], network["dewi"], network["aisyah"], network["budi"]
    assert "asks for no national yes" in await siti.command("clearance")
    assert "Your role does not include this" in await siti.command("clearance set")
    assert "Your role does not include this" in await network["thong"].command("clearance Indonesia")
    await network.opens()
    await wanted(network)
    dewi.hears("from now on", "1. the coordinator: Dewi Lestari", "may not give the yes")
    siti.hears("who gives the national yes has changed", "Dewi Lestari changed it")

    await submitted(network)
    siti.hears("Handed in for the national yes", "Indonesia", "Full assessment 2026", "wait for Dewi Lestari")
    dewi.hears("Indonesia: your yes is needed", "Siti Rahmadani", "9.4 % (2023, SUSENAS)", "More families")
    assert [m for m in aisyah.messages(SECRETARIAT) if "Indonesia" in m] == []
    assert "9.4" not in await aisyah.command("review Indonesia"), "the secretariat sees no answer before the yes"
    await network.passes(days=1)
    status = await aisyah.command("cycle status")
    assert "*Indonesia*: waits for its national clearance since Monday, 2 November 2026 (1 working day)" in status
    assert "asked: Dewi Lestari" in status and "of 33 answered; asked" not in status
    await siti.says("status")
    siti.hears("waits for its national clearance since Monday, 2 November 2026 (1 working day)", "Dewi Lestari")
    await siti.says("poverty_national_line 9.5 2024 SUSENAS")
    siti.hears("so I changed nothing", "What you wrote is kept", "withdraw it first")

    await dewi.says("hello")
    dewi.hears("Waits for your yes:", "Full assessment 2026")
    await dewi.clicks("See Full assessment 2026")
    dewi.hears("your yes is needed", "9.4 % (2023, SUSENAS)")

    # Taken back: what was asked is asked no more, and an old button says so.
    asked = dewi.last_message()
    await siti.opens_home()
    assert "Record a signed letter" in siti.home
    await siti.clicks_home("Withdraw")
    dewi.hears("took it back", "You need do nothing now")
    await dewi.clicks("Clear it", message=asked)
    assert "taken back to be worked on" in dewi.last()
    await siti.says("poverty_national_line 9.5 2024 SUSENAS")
    await siti.says("review")
    await siti.clicks("Submit")
    dewi.hears("This yes was asked for before", "Answered again since then: Poverty at the national line", "9.5 %")
    await network.fault("duplicate_next", times=1)
    await dewi.clicks("Clear it", times=2)
    seen = [m for m in dewi.sees.messages() if "Answered again since then" in m.words][-1]
    assert "9.5 %" in seen.words and "Clear it" not in buttons(seen.blocks), "what was cleared stays to be seen"
    assert [m for m in dewi.messages() if "Cleared. Thank you, Dewi Lestari." in m], dewi.messages()[-3:]
    assert "Dewi Lestari cleared *Full assessment 2026* for Indonesia" in dewi.last()
    siti.hears("is cleared", "Dewi Lestari (the coordinator) said yes", "The secretariat has it now")
    card = [m for m in aisyah.messages(SECRETARIAT) if "Indonesia: Full assessment 2026" in m]
    assert len(card) == 1 and "Dewi Lestari (the coordinator) cleared it on" in card[0] and "in the chat" in card[0]
    await siti.says("status")
    siti.hears("With the secretariat", "Dewi Lestari (the coordinator) cleared it on")
    rows = await clearances(network)
    assert [(r.state, r.why) for r in rows] == [(ClearanceState.VOID, "withdrawn"), (ClearanceState.CLEARED, None)]
    talk = await assessment_of(network, "IDN")
    assert rows[1].version == talk.assessment.version and rows[1].via is Via.SLACK
    async with network.database.reading() as session:
        acts = [row.act for row in await audit_queries.of(session, f"assessment:{talk.assessment.id}")]
    assert acts[-1] == "clear" and "ask_clearance" in acts
    assert budi.messages() == [], "the alternate is not asked while Siti is there"

    # A return, a change, and the yes is asked anew; what left without a change needs none.
    await aisyah.clicks("Return with a question", channel=SECRETARIAT)
    await aisyah.fills(question="Which line?")
    await network.passes(minutes=5)
    await aisyah.submits()
    await siti.says("submit")
    siti.hears("The secretariat asks about the whole assessment", "Which line?")
    assert "Submit" in buttons(siti.last_message().blocks)
    assert await state_of(network, "IDN") is AssessmentState.IN_PROGRESS, "what came back is looked at first"
    await siti.says("The line of 2024.")
    await siti.says("review")
    await siti.clicks("Submit")
    assert await state_of(network, "IDN") is AssessmentState.AWAITING_CLEARANCE
    dewi.hears("The secretariat asked about the whole: Which line?", "The line of 2024.")


async def test_two_in_order_and_a_change_in_between(network: Network) -> None:
    siti, dewi, aisyah = network["siti"], network["dewi"], network["aisyah"]
    await network.opens()
    # The second is asked after the first; Siti may not clear her own work.
    await wanted(network, second="focal_point-0")
    assert "nothing is kept yet" in str(dewi.modal)
    assert "Siti Rahmadani (the focal point) is also the one who submits" in str(dewi.modal)
    assert "asks for no national yes" in await siti.command("clearance")
    assert await dewi.submits() is None
    assert dewi.modal is None
    dewi.hears("2. the focal point: Siti Rahmadani", "Then nobody can give that yes")
    await submitted(network)
    siti.hears("2 people are asked, one after another")
    await dewi.clicks("Clear it")
    dewi.hears("Cleared", "Now it waits for somebody else than the author (the focal point; nobody but an")
    assert await state_of(network, "IDN") is AssessmentState.AWAITING_CLEARANCE
    nobody = "nobody but people who wrote or submitted these answers holds that role"
    assert any(nobody in m for m in aisyah.messages(SECRETARIAT))
    assert any("nobody can give the national yes" in m for m in siti.messages())
    await forging.clicks(network, "siti", "clear:0", str((await clearances(network))[-1].id))
    siti.hears("This is your own work")
    await forging.clicks(network, "dewi", "clear:0", str((await clearances(network))[-1].id))
    dewi.hears("Somebody else is asked", "the focal point")
    for who in ("bounmy", "thong", "aisyah", "per"):
        await forging.clicks(network, who, "clear:0", str((await clearances(network))[-1].id))
        await forging.clicks(network, who, "see_clearance:0", str((await clearances(network))[-1].id))
        await forging.submits(network, who, "send_back", f"{(await clearances(network))[-1].id}|", reason="no")
        assert "9.4 %" not in "".join(network[who].messages())
    assert await state_of(network, "IDN") is AssessmentState.AWAITING_CLEARANCE

    # An answer changed afterwards voids the yes that was given, and says why to who gave it.
    await siti.clicks("Withdraw")
    await siti.says("poverty_national_line 9.5 2024 SUSENAS")
    dewi.hears(
        "has changed", "changed the answer to *Poverty at the national line*", "Your yes of Monday, 2 November 2026"
    )
    await siti.says("review")
    await siti.clicks("Submit")
    dewi.hears("your yes is needed", "Answered again since then")
    await network.passes(minutes=5)
    await dewi.clicks("Send it back")
    await dewi.fills(reason=" \u200b\u202e ")
    assert await dewi.submits() == {"reason": "Please write what must be changed."}
    await dewi.fills(reason=HOSTILE)
    assert await dewi.submits() is None
    dewi.hears("Sent back: Indonesia", "The secretariat has seen nothing")
    siti.hears("was sent back", "Dewi Lestari sent it back", "please")
    assert "<!channel>" not in str(siti.last_message().blocks) and "&lt;!channel&gt;" in str(siti.last_message().blocks)
    # `submit` shows first what came back, and why.
    await siti.says("submit")
    siti.hears("Your answers: Indonesia", "Dewi Lestari sent it back on", "with this reason", "please", "9.5 %")
    assert "<!channel>" not in str(siti.last_message().blocks)
    assert await state_of(network, "IDN") is AssessmentState.IN_PROGRESS
    await siti.clicks("Submit")
    dewi.hears("Dewi Lestari sent it back on", "No answer was changed since then")

    # The setting changes while it waits: whoever must say yes now is asked; who wants none gives it back.
    await dewi.command("clearance set")
    await dewi.fills(second="nobody", author=["may"])
    assert await dewi.submits() is None
    assert await state_of(network, "IDN") is AssessmentState.AWAITING_CLEARANCE
    await aisyah.command("clearance set Indonesia")
    await aisyah.fills(wanted="no", reference="  ")
    assert await aisyah.submits() == {"reference": "Please give the reference of the country's letter."}
    await aisyah.fills(reference="B-77/2026")
    assert await aisyah.submits() is None
    siti.hears("by the letter B-77/2026", "asks for no national yes", "Given back to the focal point")
    assert await state_of(network, "IDN") is AssessmentState.IN_PROGRESS
    async with network.database.reading() as session:
        rows = await audit_queries.of(session, "clearance_setting:IDN")
    assert rows[-1].detail["reference"] == "B-77/2026" and rows[-1].role is Role.SECRETARIAT
    # A form that was opened before somebody else changed it comes back with what stands.
    await dewi.command("clearance set")
    await aisyah.command("clearance set Indonesia")
    await aisyah.fills(wanted="yes", reference="B-78/2026")
    assert await aisyah.submits() is None
    await dewi.fills(wanted="no")
    assert await dewi.submits() is None
    assert dewi.modal is not None and "Somebody changed this" in str(dewi.modal)


async def test_who_must_clear_is_reminded_and_silence_is_never_a_yes(network: Network) -> None:
    siti, dewi, aisyah = network["siti"], network["dewi"], network["aisyah"]
    await network.opens()
    await wanted(network)
    await submitted(network)
    for _ in range(7):
        await network.passes(days=1)
        await network.passes(minutes=5)
    reminded = [m for m in dewi.messages() if "still waits for your yes" in m]
    assert len(reminded) == 2, "after 2 and 4 working days, each once"
    assert "It has waited for you, Dewi Lestari, for 2 working days" in reminded[0]
    assert not [m for m in siti.messages() if "days left" in m]
    # Somebody else holds the role by now: they are asked, and reminded; the one before is not, and may not.
    async with network.database.writing() as session:
        await session.execute(
            update(Appointment)
            .where(Appointment.id == network.people["dewi"].appointment_id)
            .values(ends_on=date(2026, 11, 9))
        )
        session.add(
            Appointment(
                person_id=network.people["rina"].person_id, role=Role.COORDINATOR, member_code="IDN", starts_on=SINCE
            )
        )
        await session.execute(
            update(Appointment)
            .where(Appointment.id == network.people["rina"].appointment_id)
            .values(ends_on=date(2026, 11, 8))
        )
    asked = [m for m in dewi.sees.messages() if "your yes is needed" in m.words][-1]
    await network.passes(days=2)
    rina = network["rina"]
    assert any("Indonesia: your yes is needed" in m for m in rina.messages())
    await dewi.clicks("Clear it", message=asked)
    assert await state_of(network, "IDN") is AssessmentState.AWAITING_CLEARANCE
    await network.at(datetime(2026, 12, 30, 3, 0, tzinfo=UTC))
    assert await state_of(network, "IDN") is AssessmentState.AWAITING_CLEARANCE
    siti.hears("has closed without its national yes", "All answers are kept")
    rina.hears("has closed without its national yes")
    assert not [m for m in aisyah.messages(SECRETARIAT) if "Submitted by" in m]
    await rina.clicks("Clear it")
    assert "closed on" in rina.last()
    status = await siti.command("status")
    assert "Closed" in status and "waits for its national clearance" in status


async def test_the_yes_on_a_page_behind_a_link(reachable: Network) -> None:
    network = reachable
    bounmy, aisyah = network["bounmy"], network["aisyah"]
    await network.opens()
    await wanted(network, "thong")
    thong = await mails_only(network, "thong")
    await submitted(network, "bounmy")
    letter = thong.mails[-1]
    assert "Lao PDR: your yes is needed" in str(letter.message["Subject"])
    body = letter.message.get_body(("plain",))
    assert body is not None and "9.4 % (2023, SUSENAS)" in body.get_content()
    link = link_in(letter, "clear")
    await network.passes(days=2)
    await network.passes(minutes=5)
    assert "still waits for your yes" in str(thong.mails[-1].message["Subject"])
    assert link_in(thong.mails[-1], "clear") == link
    async with Browser(network) as browser, Browser(network) as other:
        for method in ("GET", "GET", "HEAD"):
            text = await browser.visits(link, method=method)
            assert browser.status == 200
        text = await other.visits(link)
        assert "This page is for Thong Vilay" in text and "9.4 % (2023, SUSENAS)" in text
        assert other.headers["Cache-Control"] == "no-store" and other.headers["Referrer-Policy"] == "no-referrer"
        assert await state_of(network, "LAO") is AssessmentState.AWAITING_CLEARANCE, "looking decides nothing"
        await browser.posts(link)
        assert await state_of(network, "LAO") is AssessmentState.AWAITING_CLEARANCE, "nor does a post without a choice"

        # A no needs its reason; hostile words stay words.
        await browser.visits(link)
        await browser.presses("Send it back", reason=" \u2060\u202e")
        assert browser.status == 400 and "Please write what must be changed" in browser.text
        await browser.presses("Send it back", reason=HOSTILE)
        assert "Sent back to the focal point" in browser.text
        bounmy.hears("was sent back", "Thong Vilay sent it back")
        assert "<!channel>" not in str(bounmy.last_message().blocks)
        page = thong.mails[-1].message.get_body(("html",))
        assert page is not None and "<b>9.4" not in page.get_content() and "&lt;b&gt;9.4" in page.get_content()
        await other.visits(link)
        assert other.status == 409 and "was sent back already" in other.text

        await bounmy.clicks("See my answers")
        await bounmy.says("poverty_national_line 18.3 2024 LECS")
        await bounmy.says("review")
        await bounmy.clicks("Submit")
        second = link_in(thong.mails[-1], "clear")
        assert second != link
        # Changed again: the link of before says why it is good for nothing.
        await bounmy.clicks("Withdraw")
        await other.visits(second)
        assert other.status == 409 and "taken back to be worked on" in other.text
        await other.posts(second, {"choice": "clear"})
        assert await state_of(network, "LAO") is AssessmentState.IN_PROGRESS
        await bounmy.clicks("Submit")
        third = link_in(thong.mails[-1], "clear")
        await browser.visits(third)
        await browser.presses("Clear it")
        assert "Cleared. Thank you, Thong Vilay." in browser.text and browser.status == 200
        await browser.posts(third, {"choice": "clear"})
        assert browser.status == 409 and "This is cleared already" in browser.text
        assert "(Vientiane time)" in browser.text
        await browser.visits(third)
        assert "Thong Vilay cleared" in browser.text
        receipts = [m for m in thong.mails if "is cleared, thank you" in str(m.message["Subject"])]
        assert len(receipts) == 1, "to their own address, so that they learn of it if it was not they"
        aisyah.hears("Thong Vilay (the coordinator) cleared it on", "on a page", channel=SECRETARIAT)
        row = (await clearances(network))[-1]
        assert (row.state, row.via) == (ClearanceState.CLEARED, Via.PAGE)
        await links_that_lead_nowhere(network, browser, row.id)


async def links_that_lead_nowhere(network: Network, browser: Browser, clearance_id: int) -> None:
    """Of another country's person, of somebody without a role, too old, for something else, and forged."""
    secret, now = network.settings.security.secret, network.clock.now()

    def made(short: str, *, purpose: str = "clear", ends: timedelta = timedelta(days=1)) -> str:
        person = str(network.people[short].person_id)
        return f"{PUBLIC_ADDRESS}/clear/{links.sign(secret, purpose, person, now + ends, {'clearance': clearance_id})}"

    assert "9.4" not in await browser.visits(made("siti")) and browser.status == 404
    await browser.posts(made("siti"), {"choice": "clear"})
    assert browser.status == 404
    await browser.visits(made("aisyah"))
    assert browser.status == 404
    await browser.visits(made("bounmy"))
    assert browser.status == 409 and "Somebody else is asked" in browser.text
    await browser.visits(made("thong", ends=timedelta(0)))
    assert browser.status == 410 and "too old" in browser.text
    await browser.visits(made("thong", purpose="scan"))
    assert browser.status == 404
    async with network.database.writing() as session:
        await session.execute(
            update(Appointment)
            .where(Appointment.id == network.people["thong"].appointment_id)
            .values(ends_on=date(2026, 11, 1))
        )
    await browser.visits(made("thong"))
    assert browser.status == 404, "who holds no role any more gets nothing"
