"""What the register needs: shown to the secretariat once a week, and whenever it asks, with what to do for each."""

from __future__ import annotations

from datetime import UTC, datetime

from db.queries import people as people_queries
from db.queries import profiles as profile_queries
from tests.stage import NETWORK, SECRETARIAT, Network
from tests.stories import forging

WEEKLY = "What the register needs"


async def appoints(network: Network, country: str, **given: str) -> None:
    """Aisyah appoints somebody, and confirms."""
    aisyah = network["aisyah"]
    await aisyah.command(f"focal appoint {country}")
    await aisyah.fills(**given)
    assert await aisyah.submits() is None
    assert await aisyah.submits() is None
    assert aisyah.modal is None, aisyah.modal


async def test_the_secretariat_is_told_weekly_what_to_do(everywhere: Network) -> None:
    network = everywhere
    aisyah, linh, siti = network["aisyah"], network["linh"], network["siti"]
    network.mailbox.faults.refuse("malee@example.org")
    await network.opens()
    wild = "Malee <b>Suk</b> <!channel>"
    await appoints(network, "Thailand", name=wild, email="malee@example.org", role="focal_point")
    aisyah.hears("Malee &lt;b&gt;Suk&lt;/b&gt; &lt;!channel&gt; is focal point of Thailand from now on")
    await appoints(network, "Cambodia", name="Sok <i>Dara</i>", email="dara@example.org", role="alternate")
    briefing = network.mailbox.to("dara@example.org")[-1]
    assert briefing.subject == "Cambodia: you are alternate now"
    assert "Hello Sok <i>Dara</i>" in briefing.text() and "Sok &lt;i&gt;Dara" in briefing.text("html")
    assert "I do not find you there yet" in briefing.text() and "Full assessment 2026" in briefing.text()
    await aisyah.command("focal end Lao")
    await aisyah.command("focal end LAO")
    await aisyah.fills(who=str(network.people["bounmy"].appointment_id), ends="2026-12-20")
    assert await aisyah.submits() is None
    assert await aisyah.submits() is None

    for day in (1, 8, 11):
        await network.at(datetime(2026, 12, day, 3, 0, tzinfo=UTC))
    await linh.says("hello")
    # Who has said nothing, but has done something, is no silent one.
    await siti.command("contributors")
    await siti.clicks("Ask a colleague", channel=NETWORK)
    await siti.fills(part="B:", who=str(network.people["rina"].person_id), due="2026-12-14")
    assert await siti.submits() is None
    before = len(aisyah.messages(SECRETARIAT))
    # Monday in Jakarta, eight, nine, and a tick after an outage of a day.
    await network.at(datetime(2026, 12, 14, 1, 0, tzinfo=UTC))
    assert not any(WEEKLY in said for said in aisyah.messages(SECRETARIAT)[before:])
    for day, hour in ((14, 2), (14, 3), (15, 3)):
        await network.at(datetime(2026, 12, day, hour, 0, tzinfo=UTC))
    told = [said for said in aisyah.messages(SECRETARIAT)[before:] if WEEKLY in said]
    assert len(told) == 1
    for part in (
        "Brunei Darussalam: nobody is asked",
        "Cambodia: I ask Sok &lt;i&gt;Dara&lt;/i&gt;, the alternate, meanwhile",
        "Thailand: Malee &lt;b&gt;Suk&lt;/b&gt; &lt;!channel&gt; cannot be reached in the chat yet",
        "invite them to this Slack workspace",
        "Bounmy Keo (Focal point Lao PDR): until Sunday, 20 December 2026; Full assessment 2026 closes on Tuesday, 29",
        "(Focal point Thailand), malee@example.org: refused since Monday, 2 November 2026; I cannot reach this person",
        "nothing was ever heard from Maria Santos-Example",
        "/spnet focal appoint",
        "/spnet focal handover",
        "/spnet profile",
    ):
        assert part in told[0], part + "\n" + told[0]
    assert "Viet Nam" not in told[0] and "<!channel>" not in told[0]
    shown = await aisyah.command("register")
    assert WEEKLY in shown and "Brunei Darussalam" in shown
    assert "nothing was ever heard from Bounmy" in shown and "Indonesia" not in shown

    # Her Home names the same, in short.
    await aisyah.opens_home()
    home = aisyah.home
    assert "nothing heard from Maria Santos-Example" in home and "nothing heard from Bounmy" in home

    # What to do is a select away; and a mail that is taken clears the mark.
    await forging.clicks(network, "aisyah", "focal_appoint:0", "BRN", select=True)
    await aisyah.fills(person="U0PER", role="focal_point")
    assert await aisyah.submits() is None
    assert await aisyah.submits() is None
    network["per"].hears("you are the focal point of Brunei Darussalam", "33")
    network.mailbox.faults.refuse("malee@example.org", None)
    async with network.database.writing() as session:
        person = await people_queries.person_by_email(session, "malee@example.org")
        assert person is not None and person.email_refused_code == "smtp_550"
        assert await profile_queries.address_taken(session, "malee@example.org")
    assert "nothing was ever heard from Maria" in shown
    # Whoever takes over was reminded of nothing yet.
    await aisyah.command("focal handover Philippines")
    await aisyah.fills(person="U0THONG")
    assert await aisyah.submits() is None
    assert await aisyah.submits() is None
    shown = await aisyah.command("register")
    assert "Philippines" not in shown
    assert "Brunei" not in shown and "malee@example.org" not in shown
    # The next week brings the next report.
    await network.at(datetime(2026, 12, 21, 3, 0, tzinfo=UTC))
    assert len([said for said in aisyah.messages(SECRETARIAT) if "Monday, 21 December 2026" in said]) == 1


async def test_where_nobody_follows_the_alternate_is_asked(network: Network) -> None:
    aisyah, siti, budi = network["aisyah"], network["siti"], network["budi"]
    await network.opens()
    await siti.clicks("Start")
    await siti.says("edit poverty_national_line")
    # A reminder to her waits in the ledger, since Slack is in trouble.
    await network.fault("crash", method="chat.postMessage", times=99)
    await network.at(datetime(2026, 12, 1, 2, 0, tzinfo=UTC))
    await network.fault("clear")
    await aisyah.command("focal end Indonesia")
    await aisyah.fills(who=str(network.people["siti"].appointment_id))
    assert await aisyah.submits() is None
    assert await aisyah.submits() is None
    aisyah.hears("has ended", "After that I ask Budi Hartono for Indonesia")
    siti.hears("Thank you, Siti Rahmadani", "Budi Hartono goes on")
    budi.hears("I ask you meanwhile", "in progress, 0 of 33 answered")
    await budi.clicks("Go to Full assessment 2026")
    budi.hears("Poverty at the national line")
    await budi.says("9.36 2024 SUSENAS")
    await network.at(datetime(2026, 12, 1, 3, 0, tzinfo=UTC))
    budi.hears("1 of 33", "due in 14 days")
    assert "Thank you" in siti.last(), "the reminder is for the role, and goes to whoever is asked now"
    # The coordinator's role passes in the same way.
    await aisyah.command("focal end Indonesia")
    await aisyah.fills(who=str(network.people["dewi"].appointment_id))
    assert await aisyah.submits() is None
    assert await aisyah.submits() is None
    await network["dewi"].says("status")
    network["dewi"].hears("Your role here (Coordinator Indonesia) ended")
