"""Aisyah at the secretariat: cycles, status, reminders, the digest, shared experiences; and who may not do this."""

from __future__ import annotations

from datetime import UTC, datetime

from db.queries import audit as audit_queries
from db.queries import experiences as experience_queries
from db.vocabulary import CycleState, ExperienceState
from handlers.actions import SHARE_SHORTCUT
from tests.stage import NETWORK, SECRETARIAT, Network
from tests.stories.test_conversation import assessment_of, submitted


async def test_a_preview_before_anybody_is_written_to(network: Network) -> None:
    aisyah, siti = network["aisyah"], network["siti"]
    answer = await aisyah.command("cycle open 2026 full due 15 Dec 2026 title Social protection 2026")
    assert "Preview: Social protection 2026" in answer
    assert "Nobody has been written to yet." in answer
    assert "• Indonesia: Siti Rahmadani" in answer
    assert "Nobody to ask in:* Brunei Darussalam" in answer
    assert siti.messages() == []
    await aisyah.clicks("Open and write to them", channel=NETWORK)
    siti.hears("Social protection 2026")
    await aisyah.clicks("Open and write to them", channel=NETWORK) if False else None
    assert len(siti.messages()) == 1


async def test_a_command_badly_written_says_how(network: Network) -> None:
    aisyah = network["aisyah"]
    assert "which period" in await aisyah.command("cycle open")
    assert "`full`" in await aisyah.command("cycle open 2026")
    assert "when it is due" in await aisyah.command("cycle open 2026 full")
    assert "could not read the due date" in await aisyah.command("cycle open 2026 full due 31 Feb 2026")
    assert "could not read the due date" in await aisyah.command("cycle open 2026 full due 15/12/2026")
    assert "has passed already" in await aisyah.command("cycle open 2026 full due 2025-12-15")
    assert "before it is due" in await aisyah.command("cycle open 2026 full due 2026-12-15 closes 2026-12-01")
    assert "`/spnet cycle open" in await aisyah.command("nonsense")
    assert "`/spnet cycle open" in await aisyah.command("help")
    for text in ("focal", "focal &lt;b&gt;"):
        helped = await aisyah.command(text)
        assert helped.count("`/spnet focal ") == 4 and "cycle open" not in helped, helped
        assert ("I do not know" in helped) is (text != "focal")


async def test_only_the_secretariat_runs_cycles(network: Network) -> None:
    siti = network["siti"]
    assert "Your role does not include this" in await siti.command("cycle open 2026 full due 2026-12-15")
    helped = await siti.command("help")
    assert "/spnet share" in helped
    assert "cycle open" not in helped and "write to me in a direct message" in helped
    assert "I do not know" in await siti.command("cycle")
    helped = await network["per"].command("help")
    assert "`/spnet mechanism Viet Nam`: a country" in helped
    assert "my country" not in helped and "direct message" not in helped, helped
    assert "Your role does not include this" in await siti.command("digest send")
    assert "Your role does not include this" in await network["dewi"].command("review IDN")


async def test_who_waits_for_whom_is_always_visible(network: Network) -> None:
    aisyah = network["aisyah"]
    await network.opens()
    await submitted(network)
    await network["linh"].clicks("Start")
    status = await aisyah.command("cycle status")
    assert "*Indonesia*: with the secretariat since Monday, 2 November 2026; waits for the secretariat" in status
    assert "*Viet Nam*: in progress" in status
    assert "waits for Linh Tran" in status
    assert "*Thailand*: not started" in status
    assert "waits for a focal point to be named" in status
    await aisyah.opens_home()
    assert "Waits for your review" in aisyah.home


async def test_more_time_is_shown_before_anybody_has_it(everywhere: Network) -> None:
    network = everywhere
    aisyah, siti, linh = network["aisyah"], network["siti"], network["linh"]
    await network.opens()
    await submitted(network)
    before = len(linh.messages())
    shown = await aisyah.command("cycle extend 2026 due 2027-01-10 because of the floods: two provinces")
    assert "Nothing has been changed yet" in shown
    assert "*Due:* Tuesday, 15 December 2026, 17:00 (Jakarta time) → *Sunday, 10 January 2027, 17:00" in shown
    assert "*Closes:* Tuesday, 29 December 2026, 17:00 (Jakarta time) → *Sunday, 24 January 2027, 17:00" in shown
    assert "*Reason, for our records:* of the floods: two provinces" in shown
    assert "• Viet Nam: Linh Tran" in shown
    assert "Siti" not in shown, "Indonesia has finished"
    assert "Nobody to tell in:* Brunei Darussalam" in shown
    due = (await assessment_of(network, "IDN")).cycle.due_at
    assert due == datetime(2026, 12, 15, 10, 0, tzinfo=UTC)
    await aisyah.clicks("Leave it", channel=NETWORK)
    assert (await assessment_of(network, "IDN")).cycle.due_at == due
    assert len(linh.messages()) == before
    await aisyah.command("cycle extend 2026 due 2027-01-10 because of the floods: two provinces")
    await aisyah.clicks("Give more time and tell them", channel=NETWORK)
    cycle = (await assessment_of(network, "IDN")).cycle
    assert cycle.due_at == datetime(2027, 1, 10, 10, 0, tzinfo=UTC)
    assert cycle.closes_at == datetime(2027, 1, 24, 10, 0, tzinfo=UTC)
    assert len(linh.messages()) == before + 1
    linh.hears("has more time", "10 January 2027")
    assert "has more time" not in "".join(siti.messages())
    async with network.database.reading() as session:
        row = next(row for row in await audit_queries.of(session, f"cycle:{cycle.id}") if row.act == "extend_cycle")
    assert row.why == "of the floods: two provinces"


async def test_dates_that_cannot_be_are_refused_before_the_preview(network: Network) -> None:
    aisyah = network["aisyah"]
    await network.opens()
    assert "must be later" in await aisyah.command("cycle extend 2026 due 2026-12-10")
    assert "has passed already" in await aisyah.command("cycle extend 2026 due 2025-12-10")
    assert "The reason is too long" in await aisyah.command("cycle extend 2026 due 2027-01-10 because " + "so " * 400)


async def test_extend_close_and_cancel(network: Network) -> None:
    aisyah, siti = network["aisyah"], network["siti"]
    await network.opens()
    await aisyah.command("cycle extend 2026 due 2027-01-10 because of the floods")
    await aisyah.clicks("Give more time and tell them", channel=NETWORK)
    assert "now due Sunday, 10 January 2027" in aisyah.last(NETWORK)
    siti.hears("has more time", "10 January 2027")
    await aisyah.command("cycle close")
    await aisyah.clicks("Close it", channel=NETWORK)
    await siti.says("start")
    siti.hears("closed on", "extend the cycle")
    assert (await assessment_of(network, "IDN")).cycle.state is CycleState.CLOSED
    await network.opens("2026-Q4", "update")
    await aisyah.command("cycle cancel 2026-Q4")
    await aisyah.clicks("Cancel it", channel=NETWORK)
    siti.hears("has cancelled", "Short update 2026-Q4")


async def test_reminders_come_by_the_plan_and_stop_at_submission(network: Network) -> None:
    siti, bounmy = network["siti"], network["bounmy"]
    await network.opens("2026", due="2026-11-30")
    await network.at(datetime(2026, 11, 16, 1, 59, tzinfo=UTC))
    assert len(siti.messages()) == 1
    await network.at(datetime(2026, 11, 16, 2, 0, tzinfo=UTC))
    siti.hears("Indonesia", "30 November 2026", "(Jakarta time)")
    assert len(siti.messages()) == 2
    await submitted(network)
    before = len(siti.messages())
    await network.at(datetime(2026, 11, 23, 3, 0, tzinfo=UTC))
    assert len(siti.messages()) == before
    assert len(bounmy.messages()) == 3
    await network.at(datetime(2026, 12, 3, 3, 0, tzinfo=UTC))
    assert any("Lao PDR" in letter.message.get_body().get_content() for letter in network["thong"].mails) or any(
        "Lao PDR" in text for text in network["thong"].messages()
    )


async def test_remind_shows_who_would_get_it_before_it_sends(network: Network) -> None:
    aisyah, linh = network["aisyah"], network["linh"]
    await network.opens()
    await submitted(network)
    shown = await aisyah.command("remind")
    assert "*Viet Nam*: Linh Tran" in shown
    assert "Indonesia" not in shown
    assert len(linh.messages()) == 1
    await aisyah.clicks("Send these reminders", channel=NETWORK)
    assert len(linh.messages()) == 2
    again = await aisyah.command("remind VNM")
    assert "reminded by hand today already" in again


async def test_the_digest_reaches_the_channel_and_the_mailbox(everywhere: Network) -> None:
    network = everywhere
    aisyah = network["aisyah"]
    await network.opens()
    await submitted(network)
    await aisyah.clicks("Accept", channel=SECRETARIAT)
    await aisyah.clicks("Publish", channel=SECRETARIAT)
    shown = await aisyah.command("digest send")
    assert "More families were reached." in shown
    assert "Nothing has been sent yet" in shown
    assert not network.letters
    await aisyah.clicks("Send the digest", channel=NETWORK)
    network["siti"].hears("Indonesia", "More families were reached.", channel=NETWORK)
    dewi = network["dewi"]
    assert len(dewi.mails) == 1
    letter = dewi.mails[0].message
    assert "Start small, then grow." in letter.get_body(("plain",)).get_content()
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"] and letter["Date"]
    await aisyah.command("digest send")
    assert "Nothing is new" in aisyah.last(NETWORK)


async def test_anyone_shares_and_the_secretariat_publishes(network: Network) -> None:
    per, aisyah = network["per"], network["aisyah"]
    await per.command("share")
    await per.fills(kind="training", title="<!channel> A course", text="Two days & free", theme="health")
    assert await per.submits() is None
    per.hears("is with the secretariat")
    assert "A course" in aisyah.last(SECRETARIAT)
    assert "<!channel>" not in aisyah.last(SECRETARIAT)
    await aisyah.clicks("Publish", channel=SECRETARIAT)
    aisyah.hears("published", "Aisyah Noor", channel=SECRETARIAT)
    network["siti"].hears("Training: &lt;!channel&gt; A course", "Two days &amp; free", "Per Larsen", channel=NETWORK)
    async with network.database.reading() as session:
        shared = await experience_queries.shared(session, 1)
    assert shared is not None
    assert shared.experience.state is ExperienceState.PUBLISHED


async def test_a_reader_who_writes_to_the_secretariat_is_taken_off_the_digest(network: Network) -> None:
    aisyah, dewi = network["aisyah"], network["dewi"]
    await network.opens()
    await submitted(network)
    await aisyah.clicks("Accept", channel=SECRETARIAT)
    await aisyah.command("digest send")
    await aisyah.clicks("Send the digest", channel=NETWORK)
    header = dewi.mails[0].message["List-Unsubscribe"]
    assert header == "<mailto:aisyah@example.org?subject=Stop%20the%20digest>"
    assert "Dewi Lestari gets no more digests" in await aisyah.command("digest stop dewi@example.org")
    assert "Your role does not include this" in await dewi.command("digest stop per@example.org")
    await submitted(network, "linh")
    await aisyah.clicks("Accept", channel=SECRETARIAT)
    await aisyah.command("digest send")
    await aisyah.clicks("Send the digest", channel=NETWORK)
    assert len(dewi.mails) == 1
    assert len(network["per"].mails) == 2
    assert "again" in await aisyah.command("digest resume Dewi@Example.org")


async def test_siti_shares_a_message_of_the_network_by_its_shortcut(network: Network) -> None:
    siti, aisyah = network["siti"], network["aisyah"]
    ts = await siti.says("Reading the list aloud finds more mistakes.", NETWORK)
    await siti.shortcut(SHARE_SHORTCUT, ts, NETWORK)
    await siti.fills(kind="lesson", theme="poverty")
    assert await siti.submits() is None
    siti.hears("with the secretariat")
    aisyah.hears("Lesson learned", "Reading the list aloud finds more mistakes.", "Indonesia", channel=SECRETARIAT)
