"""What one country is granted: more time, another opening after the close, no report; told to both sides, and kept."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select, update

from bot.review.granted import seen_of
from db.models import Assessment, Delegation
from db.queries import audit as audit_queries
from db.vocabulary import AssessmentState, CycleState, DelegationState
from tests.stage import NETWORK, SECRETARIAT, Network, Player
from tests.stories import forging
from tests.stories.test_clearance import state_of, wanted
from tests.stories.test_conversation import assessment_of, submitted

YES = "Yes, and tell them"


async def asks(who: Player, command: str) -> str:
    """A command of the secretariat, confirmed; what was shown before."""
    shown = await who.command(command)
    assert "Nothing has been changed yet" in shown, shown
    await who.clicks(YES, channel=NETWORK)
    return shown


async def test_more_time_for_one_country_moves_its_reminders_and_no_others(everywhere: Network) -> None:
    network = everywhere
    aisyah, siti, bounmy = network["aisyah"], network["siti"], network["bounmy"]
    await network.opens("2026", due="2026-11-30")
    assert "Please say why" in await aisyah.command("cycle extend 2026 Lao due 2026-12-21")
    assert "must be later" in await aisyah.command("cycle extend 2026 LAO due 2026-11-20 because of floods")
    shown = await asks(aisyah, "cycle extend 2026 LAO due 2026-12-21 because of <b>floods</b> & more")
    assert "*More time for Lao PDR only.*" in shown and "Bounmy Keo will be told" in shown
    assert "*Due:* Monday, 30 November 2026" in shown and "*Monday, 21 December 2026, 17:00" in shown
    bounmy.hears(
        "Lao PDR", "has more time", "now due Monday, 21 December 2026", "of &lt;b&gt;floods&lt;/b&gt; &amp; more"
    )
    assert "has more time" not in "".join(siti.messages())
    before = len(bounmy.messages())

    # A fortnight before the others' date: they are reminded, Lao PDR is not; its own steps come by its own date.
    await network.at(datetime(2026, 11, 16, 3, 0, tzinfo=UTC))
    siti.hears("Indonesia", "30 November 2026")
    assert len(bounmy.messages()) == before
    await network.at(datetime(2026, 12, 7, 3, 0, tzinfo=UTC))
    bounmy.hears("Lao PDR", "21 December 2026")
    status = await aisyah.command("cycle status")
    assert "*Lao PDR*: not started, due Monday, 21 December 2026" in status and "its own dates" in status
    assert "*Indonesia*: not started, *late*" in status

    # The others' close leaves Lao PDR open, also for its reminders and its answers.
    await network.at(datetime(2026, 12, 15, 3, 0, tzinfo=UTC))
    one = await assessment_of(network, "LAO")
    assert one.cycle.state is CycleState.CLOSED
    await siti.says("start")
    siti.hears("closed on")
    await submitted(network, "bounmy")
    bounmy.hears("Submitted. Thank you")
    assert "after the due date" not in aisyah.hears("Lao PDR", channel=SECRETARIAT)
    assert "handed in after the due date" not in await aisyah.command("cycle status")
    async with network.database.reading() as session:
        (row,) = [r for r in await audit_queries.of(session, f"assessment:{one.assessment.id}") if r.act == "extend"]
    assert row.why == "of <b>floods</b> & more"


async def test_the_later_date_wins_when_all_get_more_time(network: Network) -> None:
    aisyah, bounmy, linh = network["aisyah"], network["bounmy"], network["linh"]
    await network.opens("2026", due="2026-11-30")
    await asks(aisyah, "cycle extend 2026 LAO due 2026-12-21 because of floods")
    await asks(aisyah, "cycle extend 2026 VNM due 2026-12-10 because of floods")
    await aisyah.command("cycle extend 2026 due 2026-12-15")
    await aisyah.clicks("Give more time and tell them", channel=NETWORK)
    lao, vietnam = await assessment_of(network, "LAO"), await assessment_of(network, "VNM")
    assert lao.due_at == datetime(2026, 12, 21, 10, 0, tzinfo=UTC)
    assert vietnam.due_at == vietnam.cycle.due_at == datetime(2026, 12, 15, 10, 0, tzinfo=UTC)
    assert vietnam.assessment.due_at is None
    linh.hears("now due Tuesday, 15 December 2026")
    bounmy.hears("your country's own date, Monday, 21 December 2026", "is later")


async def test_after_the_close_only_the_secretariat_opens_it_again(everywhere: Network) -> None:
    network = everywhere
    aisyah, siti, bounmy = network["aisyah"], network["siti"], network["bounmy"]
    await network.opens("2026", due="2026-11-30")
    await submitted(network)
    assert "takes answers of Lao PDR until" in await aisyah.command("cycle reopen 2026 LAO until 2027-01-15 because so")
    await network.at(datetime(2026, 12, 15, 3, 0, tzinfo=UTC))
    await bounmy.says("start")
    bounmy.hears("closed on")
    assert "closed on" in await aisyah.command("cycle extend 2026 LAO due 2027-01-15 because of floods")
    await aisyah.clicks("Return with a question", channel=SECRETARIAT)
    await aisyah.fills(indicators=["poverty_national_line"], question="Which line?")
    await aisyah.submits()
    assert await state_of(network, "IDN") is AssessmentState.SUBMITTED, "nobody could answer any more"
    for country in ("LAO", "IDN"):
        shown = await asks(aisyah, f"cycle reopen 2026 {country} until 2027-01-15 because the survey came late")
        assert "are taken again until Friday, 15 January 2027" in shown
    bounmy.hears("is open again for your country", "15 January 2027", "the survey came late")
    siti.hears("is open again for your country", "It is with the secretariat")
    await aisyah.command("review IDN")
    await aisyah.clicks("Return with a question", channel=NETWORK)
    await aisyah.fills(indicators=["poverty_national_line"], question="Which line?")
    assert await aisyah.submits() is None
    await siti.clicks("Answer now")
    await siti.says("9.5 2024 SUSENAS")
    await siti.clicks("Submit")
    await submitted(network, "bounmy")
    bounmy.hears("Submitted. Thank you")
    aisyah.hears("Lao PDR", "after the due date", channel=SECRETARIAT)
    status = await aisyah.command("cycle status")
    assert "*Lao PDR*: with the secretariat since Tuesday, 15 December 2026, handed in after the due date" in status
    # Their own time passes too.
    await asks(aisyah, "cycle reopen 2026 VNM until 2027-01-10 because of floods")
    await network.at(datetime(2027, 1, 11, 3, 0, tzinfo=UTC))
    await network["linh"].says("start")
    network["linh"].hears("closed on")


async def test_who_is_reopened_is_reminded_before_the_new_close(everywhere: Network) -> None:
    """The due date stays in the past; the steps before a date are counted from the date on which it closes now."""
    network = everywhere
    aisyah, siti, bounmy, linh = network["aisyah"], network["siti"], network["bounmy"], network["linh"]
    await network.opens("2026", due="2026-11-30")
    await network.at(datetime(2026, 12, 15, 3, 0, tzinfo=UTC))
    await asks(aisyah, "cycle reopen 2026 LAO until 2027-01-15 because the survey came late")
    await asks(aisyah, "cycle reopen 2026 VNM until 2027-01-20 because the survey came late")
    quiet, heard, reopened = len(siti.messages()), len(bounmy.messages()), len(linh.messages())
    await network.at(datetime(2026, 12, 18, 3, 0, tzinfo=UTC))
    assert len(bounmy.messages()) == heard, "nothing is due yet"
    for day, month in ((8, 1), (12, 1), (14, 1), (15, 1)):
        await network.at(datetime(2027, month, day, 1, 0, tzinfo=UTC))
        before = len(bounmy.messages())
        await network.at(datetime(2027, month, day, 3, 0, tzinfo=UTC))
        assert len(bounmy.messages()) == before + 1, f"{day} January"
        bounmy.hears(
            "Lao PDR",
            "was due on Monday, 30 November 2026",
            "There is still time: you can answer until Friday, 15 January 2027",
        )
        await network.look()
        assert len(bounmy.messages()) == before + 1, "once"
    # More time is another date: the steps of the reopening are no more; those of a second reopening are its own.
    linhs = len(linh.messages())
    assert linhs > reopened
    await asks(aisyah, "cycle extend 2026 VNM due 2027-02-26 because of floods")
    told = len(linh.messages())
    await network.at(datetime(2027, 1, 19, 3, 0, tzinfo=UTC))
    assert len(linh.messages()) == told, "its date is the 26th of February now"
    await asks(aisyah, "cycle reopen 2026 LAO until 2027-02-10 because the survey came later still")
    again = len(bounmy.messages())
    await network.at(datetime(2027, 2, 3, 3, 0, tzinfo=UTC))
    assert len(bounmy.messages()) > again
    bounmy.hears("you can answer until Wednesday, 10 February 2027")
    await network.at(datetime(2027, 2, 19, 3, 0, tzinfo=UTC))
    linh.hears("Viet Nam", "is due in 7 days")
    # It closed: nobody is reminded after that.
    closed = len(bounmy.messages())
    await network.at(datetime(2027, 2, 24, 3, 0, tzinfo=UTC))
    assert len(bounmy.messages()) == closed
    assert len(siti.messages()) == quiet, "who was not reopened hears nothing"


async def test_a_cycle_is_published_when_nothing_waits_for_the_review(everywhere: Network) -> None:
    """The digest goes out and says who keeps the cycle from being published; the next one publishes it, and names whom
    that cuts off."""
    network = everywhere
    aisyah, bounmy, linh = network["aisyah"], network["bounmy"], network["linh"]
    await network.opens("2026", due="2026-11-30")
    await submitted(network)
    await aisyah.clicks("Accept", channel=SECRETARIAT)
    await submitted(network, "linh")
    await asks(aisyah, "cycle extend 2026 LAO due 2026-12-21 closes 2026-12-28 because of floods")
    shown = await aisyah.command("digest preview 2026")
    assert "Lao PDR" not in aisyah.last(NETWORK), "an open cycle is not published by its digest"
    assert "not published yet" not in await aisyah.command("cycle status 2026")
    await network.at(datetime(2026, 12, 15, 3, 0, tzinfo=UTC))
    for command in ("digest preview 2026", "digest send 2026"):
        shown = await aisyah.command(command)
        told = "\n".join([shown, *aisyah.messages(NETWORK)[-2:]])
        assert "the review is not finished: Viet Nam. So the cycle stays closed and is not published yet" in told, told
        assert "Lao PDR, until" not in told and "The cycle is then published" not in told
    await aisyah.clicks("Send the digest", channel=NETWORK)
    assert any("is not published yet: Viet Nam waits for the review" in text for text in aisyah.messages(NETWORK))
    assert (await assessment_of(network, "LAO")).cycle.state is CycleState.CLOSED
    assert "Closed, and not published yet: Viet Nam waits for the review" in await aisyah.command("cycle status 2026")
    assert "Nothing is new" in await aisyah.command("digest send 2026")

    await aisyah.command("review VNM")
    await aisyah.clicks("Accept", channel=NETWORK)
    assert "not published yet" not in await aisyah.command("cycle status 2026")
    for command in ("digest preview 2026", "digest send 2026"):
        shown = await aisyah.command(command)
        told = "\n".join([shown, *aisyah.messages(NETWORK)[-2:]])
        assert "Lao PDR, until Monday, 28 December 2026, 17:00" in told, told
        assert "the review is not finished" not in told
        assert "Thailand, until" not in told and "Indonesia, until" not in told
    await aisyah.clicks("Send the digest", channel=NETWORK)
    assert any("Lao PDR, which had time until Monday, 28 December 2026" in text for text in aisyah.messages(NETWORK))
    assert (await assessment_of(network, "LAO")).cycle.state is CycleState.PUBLISHED
    await bounmy.says("start")
    bounmy.hears("No questions are open for your country now")

    # From the time when a digest published what was unreviewed: it can be accepted, and what that does is said.
    async with network.database.writing() as session:
        left = update(Assessment).where(Assessment.member_code == "VNM").values(state=AssessmentState.SUBMITTED)
        await session.execute(left)
    await aisyah.command("review VNM")
    await aisyah.clicks("Accept", channel=NETWORK)
    assert await state_of(network, "VNM") is AssessmentState.ACCEPTED
    late = [text for text in aisyah.messages(NETWORK) if "was published on Tuesday, 15 December 2026" in text]
    assert late and "is added to its published figures, and that cannot be undone" in late[-1]
    linh.hears("accepted")


async def test_what_kept_a_cycle_from_being_published_and_is_gone_is_news(network: Network) -> None:
    """Nothing of it is accepted after that, and the next digest publishes the cycle all the same."""
    aisyah = network["aisyah"]
    await network.opens("2026", due="2026-11-30")
    await submitted(network)
    await aisyah.clicks("Accept", channel=SECRETARIAT)
    await submitted(network, "linh")
    await network.at(datetime(2026, 12, 15, 3, 0, tzinfo=UTC))
    await aisyah.command("digest send 2026")
    await aisyah.clicks("Send the digest", channel=NETWORK)
    assert (await assessment_of(network, "VNM")).cycle.state is CycleState.CLOSED
    await asks(aisyah, "cycle reopen 2026 VNM until 2026-12-18 because a source is missing")
    await aisyah.command("review VNM")
    await aisyah.clicks("Return with a question", channel=NETWORK)
    await aisyah.fills(indicators=["poverty_national_line"], question="Which survey?")
    assert await aisyah.submits() is None
    await network.at(datetime(2026, 12, 19, 3, 0, tzinfo=UTC))
    await aisyah.command("digest send 2026")
    await aisyah.clicks("Send the digest", channel=NETWORK)
    assert (await assessment_of(network, "VNM")).cycle.state is CycleState.PUBLISHED
    assert any("The cycle is published." in text for text in aisyah.messages(NETWORK))


async def test_an_accepted_one_is_reopened_through_undoing(network: Network) -> None:
    aisyah, siti = network["aisyah"], network["siti"]
    await network.opens("2026", due="2026-11-30")
    await submitted(network)
    await aisyah.clicks("Accept", channel=SECRETARIAT)
    await network.at(datetime(2026, 12, 15, 3, 0, tzinfo=UTC))
    shown = await asks(aisyah, "cycle reopen 2026 IDN until 2027-01-15 because a figure was wrong")
    assert "Its acceptance is undone first" in shown
    siti.hears("is open again for your country", "It is with the secretariat")
    assert any("The review goes on" in text for text in siti.messages())
    assert await state_of(network, "IDN") is AssessmentState.SUBMITTED


async def test_no_report_is_required_and_then_it_is(everywhere: Network) -> None:
    network = everywhere
    aisyah, siti, rina, dewi = network["aisyah"], network["siti"], network["rina"], network["dewi"]
    await network.opens("2026", due="2026-11-30")
    await siti.clicks("Start")
    await siti.says("mechanism_status operational")
    async with network.database.writing() as session:
        one = (await assessment_of(network, "IDN")).assessment
        session.add(
            Delegation(
                assessment_id=one.id,
                section="B",
                person_id=network.people["rina"].person_id,
                due_on=datetime(2026, 11, 20, tzinfo=UTC).date(),
                state=DelegationState.OPEN,
                given_by=network.people["siti"].person_id,
                given_at=network.clock.now(),
            )
        )
    shown = await asks(aisyah, "cycle excuse 2026 Indonesia because of the elections & <!channel>")
    assert "No report is required from Indonesia" in shown and "1 part that is with contributors" in shown
    siti.hears("No report is required from Indonesia", "of the elections &amp; &lt;!channel&gt;", "is kept (1 of")
    rina.hears("Health")
    async with network.database.reading() as session:
        (part,) = list(await session.scalars(select(Delegation)))
    assert part.state is DelegationState.OVERTAKEN
    before = len(siti.messages())
    await network.at(datetime(2026, 11, 16, 3, 0, tzinfo=UTC))
    await network.at(datetime(2026, 12, 3, 3, 0, tzinfo=UTC))
    assert len(siti.messages()) == before, "nobody is reminded"
    status = await aisyah.command("cycle status")
    assert "*Indonesia*: no report required since Monday, 2 November 2026 (of the elections" in status
    assert "late" not in status.split("*Indonesia*")[1].split("\n")[0]
    assert "Indonesia" not in await aisyah.command("remind")
    await siti.says("38.8 2020 VHLSS")
    siti.hears("No report is required", "What you wrote is kept")
    await siti.opens_home()
    assert "no report required" in siti.home and "of the elections" in siti.home
    await dewi.opens_home()
    assert "no report required" in dewi.home
    assert "no report required" in await aisyah.command("cycle excuse 2026 IDN because twice")

    await asks(aisyah, "cycle require 2026 Indonesia because the elections are over")
    siti.hears("A report is required from Indonesia", "after all", "all of it is kept")
    assert await state_of(network, "IDN") is AssessmentState.IN_PROGRESS
    await asks(aisyah, "cycle excuse 2026 LAO because of the elections")
    await asks(aisyah, "cycle require 2026 LAO")
    assert await state_of(network, "LAO") is AssessmentState.OPEN


async def test_a_yes_that_waits_is_not_needed_from_who_is_excused(network: Network) -> None:
    aisyah, dewi = network["aisyah"], network["dewi"]
    await network.opens("2026", due="2026-11-30")
    await wanted(network)
    await submitted(network)
    assert await state_of(network, "IDN") is AssessmentState.AWAITING_CLEARANCE
    shown = await asks(aisyah, "cycle excuse 2026 Indonesia because of the elections")
    assert "those who were asked are told that it is not needed" in shown
    dewi.hears("does not need your yes now", "that no report is required from Indonesia")
    before = len(dewi.messages())
    await network.passes(days=10)
    assert len(dewi.messages()) == before


async def test_a_yes_still_counts_in_a_country_with_more_time(network: Network) -> None:
    aisyah, dewi = network["aisyah"], network["dewi"]
    await network.opens("2026", due="2026-11-30")
    await wanted(network)
    await submitted(network)
    await asks(aisyah, "cycle extend 2026 IDN due 2026-12-30 because of floods")
    await network.at(datetime(2026, 12, 15, 3, 0, tzinfo=UTC))
    assert (await assessment_of(network, "IDN")).cycle.state is CycleState.CLOSED
    await dewi.clicks("Clear it")
    assert await state_of(network, "IDN") is AssessmentState.SUBMITTED


async def test_who_may_grant_and_what_an_old_button_does(network: Network) -> None:
    aisyah = network["aisyah"]
    await network.opens("2026", due="2026-11-30")
    talk = await assessment_of(network, "LAO")
    one, seen = talk.assessment, seen_of(talk)
    value = f"{one.id}:excuse:{seen}::: of nothing"
    for who in ("bounmy", "thong", "rina", "per", "siti"):
        await forging.clicks(network, who, "confirm_grant", value)
        assert "Your role does not include this" in await network[who].command("cycle excuse 2026 LAO because so")
    assert await state_of(network, "LAO") is AssessmentState.OPEN
    for wild in (
        *("x", f"{one.id}:excuse:{seen}:::", f"{one.id}:extend:{seen}:::so", f"{one.id}:burn:{seen}:::so"),
        *(f"{one.id}:excuse:::: of nothing", f"{one.id}:extend:open:202612211000:202612281000:so"),
    ):
        await forging.clicks(network, "aisyah", "confirm_grant", wild)
        assert await state_of(network, "LAO") is AssessmentState.OPEN, wild
    await aisyah.command("cycle excuse 2026 LAO because of floods")
    await network["bounmy"].clicks("Start")
    await aisyah.clicks(YES, channel=NETWORK)
    assert "in progress since" in aisyah.last(NETWORK)
    assert await state_of(network, "LAO") is AssessmentState.IN_PROGRESS
    assert "Please name the country" in await aisyah.command("cycle excuse 2026 because of floods")
    assert "until when" in await aisyah.command("cycle reopen 2026 LAO because of floods")


async def test_a_preview_of_dates_is_void_when_the_dates_have_changed(everywhere: Network) -> None:
    """Two of the secretariat, or one in two windows: the older button says what is true now and changes nothing."""
    network = everywhere
    aisyah, bounmy = network["aisyah"], network["bounmy"]
    await network.opens("2026", due="2026-11-30")
    lao = await assessment_of(network, "LAO")
    older = f"{lao.assessment.id}:extend:{seen_of(lao)}:202612281000:202701041000:of elections"
    seen = f"{lao.due_at:%Y%m%dT%H%M%S}-{lao.closes_at:%Y%m%dT%H%M%S}"
    for_all = f"{lao.cycle.id}:{seen}:202612151000:202612291000:of floods"
    later_for_all = f"{lao.cycle.id}:{seen}:202701151000:202701291000:of elections"
    await asks(aisyah, "cycle extend 2026 LAO due 2026-12-21 because of floods")
    told = len(bounmy.messages())
    await forging.clicks(network, "aisyah", "confirm_grant", older)
    aisyah.hears("dates have changed since this was shown", "for Lao PDR is due Monday, 21 December 2026, 17:00")
    assert (await assessment_of(network, "LAO")).due_at == datetime(2026, 12, 21, 10, 0, tzinfo=UTC)
    assert len(bounmy.messages()) == told

    await forging.clicks(network, "aisyah", "confirm_extend", for_all)
    assert (await assessment_of(network, "IDN")).due_at == datetime(2026, 12, 15, 10, 0, tzinfo=UTC)
    for again in (for_all, later_for_all, later_for_all.replace(seen, "")):
        await forging.clicks(network, "aisyah", "confirm_extend", again)
        aisyah.hears("dates have changed since this was shown", "is due Tuesday, 15 December 2026, 17:00")
        assert (await assessment_of(network, "IDN")).due_at == datetime(2026, 12, 15, 10, 0, tzinfo=UTC)

    # A reopening that was shown before another one was done.
    await network.at(datetime(2027, 1, 5, 3, 0, tzinfo=UTC))
    lao = await assessment_of(network, "LAO")
    shorter = f"{lao.assessment.id}:reopen:{seen_of(lao)}::202701101000:so"
    await asks(aisyah, "cycle reopen 2026 LAO until 2027-02-10 because the survey came late")
    await network.at(datetime(2027, 1, 6, 3, 0, tzinfo=UTC))
    await forging.clicks(network, "aisyah", "confirm_grant", shorter)
    aisyah.hears("dates have changed since this was shown", "closes Wednesday, 10 February 2027, 17:00")
    assert (await assessment_of(network, "LAO")).closes_at == datetime(2027, 2, 10, 10, 0, tzinfo=UTC)
