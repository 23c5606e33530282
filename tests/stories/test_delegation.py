"""A part of an assessment in a contributor's hands, in chat: handed over by button, answered, edited, submitted."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import select, update

from bot import editions
from db.models import Agency, Appointment, Contribution, Delegation
from db.vocabulary import AgencyKind, AssessmentState, Availability, DelegationState, Sector
from tests.stage import NETWORK, SECRETARIAT, Network, buttons
from tests.stories import forging
from tests.stories.test_conversation import REQUIRED, answers_of, assessment_of

HOSTILE = "<!channel> <@U0SITI> & *bold* registers\n# merged"
SHOWN = "&lt;!channel&gt; &lt;@U0SITI&gt; &amp; *bold* registers"
REST = "\n".join(line for line in REQUIRED.splitlines() if not line.startswith(("mechanism", "national", "social")))


async def hands_out(network: Network, code: str, part: str, due: str = "2026-12-04", **more: str) -> None:
    """Siti hands something to Rina by the button at a question."""
    siti = network["siti"]
    await siti.says(f"edit {code}")
    await siti.clicks("Ask a colleague")
    await siti.fills(part=part, who=str(network.people["rina"].person_id), due=due, **more)
    assert await siti.submits() is None


async def parts(network: Network) -> list[Delegation]:
    async with network.database.reading() as session:
        return list(await session.scalars(select(Delegation).order_by(Delegation.id)))


async def sits_in_a_ministry(network: Network) -> None:
    """Rina is of a ministry with a wild name."""
    async with network.database.writing() as session:
        ministry = Agency(member_code="IDN", name="Ministry & *Health*", kind=AgencyKind.MINISTRY, sector=Sector.HEALTH)
        session.add(ministry)
        await session.flush()
        which = Appointment.id == network.people["rina"].appointment_id
        await session.execute(update(Appointment).where(which).values(agency_id=ministry.id))


async def test_a_section_goes_to_a_colleague_and_comes_back(everywhere: Network) -> None:
    network = everywhere
    siti, rina, aisyah = network["siti"], network["rina"], network["aisyah"]
    await sits_in_a_ministry(network)
    await network.opens()
    assert rina.messages() == []
    await siti.clicks("Start")
    # What she has skipped herself is asked of her colleague all the same.
    await siti.says("edit mechanism_meetings")
    await siti.says("skip")
    await hands_out(network, "mechanism_status", "A:", note=HOSTILE)
    siti.hears("*A · Coordination* is with Rina Kusuma now", "Rina Kusuma (Ministry &amp; *Health*), 0 of 5 answered")
    rina.hears("A · Coordination", "Siti Rahmadani asks", "Indonesia", SHOWN, "Friday, 4 December 2026")
    # Who answers for the country goes on behind it.
    await siti.clicks("Go on")
    siti.hears("B Health")
    await siti.says("edit mechanism_status")
    siti.hears("It is with Rina Kusuma until Friday, 4 December 2026")

    await rina.clicks("Answer now")
    rina.hears("1 of 5 · A Coordination")
    assert "Ask a colleague" not in buttons(rina.last_message().blocks)
    # What was stored and not said before the end of a process is said by the next one, once.
    said = rina.messages()
    await network.fault("crash", method="chat.postMessage", times=9)
    await rina.clicks("Operational")
    assert rina.messages() == said
    await network.fault("clear")
    for _ in range(2):
        await network.restarts()
        assert len(rina.messages()) == len(said) + 1
    rina.hears("2 of 5 · A Coordination")
    await rina.says("gini_index 38.8 2020 WDI")
    rina.hears("Not taken", "This question is not with you", "2 of 5")
    await rina.says("submit")
    rina.hears("Your answers: A · Coordination", "1 of 5 answered")
    await rina.says("edit harmonisation_steps")
    wrote = await rina.says(HOSTILE)
    rina.hears(SHOWN)
    await rina.edits(wrote, f"{HOSTILE}, in 2025")
    rina.hears("is now", "in 2025")
    await rina.says("national_strategy adopted\nsocial_registry partial")
    await rina.says("review")
    shown = rina.hears("4 of 5 answered")
    assert "Poverty" not in shown and "Health" not in shown
    await rina.says("withdraw")
    rina.hears("Siti Rahmadani asked you for this", "4 of 5 answered")
    await rina.says("help")
    assert "withdraw" not in rina.hears("Words you can use", "Please hand over until Friday, 4 December 2026")
    await rina.says("review")
    old = rina.last_message()
    await rina.clicks("Hand over")
    rina.hears("Handed over. Thank you, Rina Kusuma.", "Left open:* Meetings")
    siti.hears("Rina Kusuma has answered: A · Coordination", "4 of 5 answered", "Ministry &amp; *Health*")
    await rina.clicks("Hand over", message=old)
    rina.hears("you handed it over on")
    await rina.says("mechanism_status none")
    rina.hears("what you wrote now is kept")
    await rina.edits(wrote, "Something else entirely was written here.")
    rina.hears("you handed it over on")
    assert (await answers_of(network, "IDN"))["mechanism_status"].text == "operational"

    await siti.clicks("See my answers")
    siti.hears("written by Rina Kusuma, Ministry &amp; *Health*")
    await siti.says("harmonisation_steps Two registers were merged, says the ministry.")
    await siti.says(REST)
    await siti.says("review")
    siti.hears("written by Rina Kusuma, Ministry &amp; *Health*; edited by Siti Rahmadani")
    await siti.clicks("In their own words")
    siti.hears(SHOWN, "in 2025", "Something else stands now")
    await siti.clicks("Submit")
    siti.hears("Submitted. Thank you", "With answers from Rina Kusuma")
    aisyah.hears(
        "Two registers were merged, says the ministry. (written by Rina Kusuma, Ministry &amp; *Health*; edited by",
        "Operational (written by Rina Kusuma, Ministry &amp; *Health*)",
        channel=SECRETARIAT,
    )
    async with network.database.reading() as session:
        rows = list(await session.scalars(select(Contribution).order_by(Contribution.id)))
    assert [row.indicator for row in rows].count("harmonisation_steps") == 2
    assert rows[1].text == HOSTILE
    assert [part.state for part in await parts(network)] == [DelegationState.DONE]


async def test_nobody_else_reaches_a_part_and_a_part_reaches_nothing_else(network: Network) -> None:
    siti, rina, linh, budi = network["siti"], network["rina"], network["linh"], network["budi"]
    await network.opens()
    await siti.clicks("Start")
    await siti.says("gini_index 38.8 2020 WDI")
    await hands_out(network, "uhc_service_coverage", "B:uhc_service_coverage")
    await hands_out(network, "mechanism_status", "A:")
    (talk, (health, whole)) = await assessment_of(network, "IDN"), await parts(network)
    aid = talk.assessment.id
    for action, value in (
        ("take:0", f"{aid}:1:gini_index:yes:{health.id}"),
        ("edit:0", f"{aid}:0:gini_index::{health.id}"),
        ("edit:0", f"{aid}:0:gini_index:"),
        ("start:0", f"{aid}:0::"),
        ("submit:0", f"{aid}:1:::{health.id}"),
        ("submit_without:0", f"{aid}:1:::{health.id}"),
        ("withdraw:0", f"{aid}:1:::{health.id}"),
        ("review_answers:0", f"{aid + 1}:0:::{health.id}"),
        ("hand_over:0", f"{aid}:0:::{health.id}9"),
        ("hand_over:0", f"{aid}:0::"),
        ("written:0", str(aid)),
        ("contributors:0", str(aid)),
        ("take_back:0", str(health.id)),
        ("nudge:0", str(health.id)),
        ("delegate:0", f"{aid}:0::"),
    ):
        await forging.clicks(network, "rina", action, value)
        said = rina.last()
        assert "38.8" not in said and "WDI" not in said, (action, said)
        assert rina.modal is None
    for who in ("linh", "dewi", "per", "aisyah"):
        for action, value in (
            ("start:0", f"{aid}:0:::{health.id}"),
            ("take_back:0", str(health.id)),
            ("nudge:0", str(health.id)),
            ("written:0", str(aid)),
            ("delegate:0", f"{aid}:0::"),
        ):
            await forging.clicks(network, who, action, value)
            assert "Coverage of essential" not in network[who].last(), (who, action)
            assert network[who].modal is None
    for who in ("linh", "dewi", "per", "aisyah", "rina"):
        await forging.submits(network, who, "delegate", str(aid), part="C:", name="X", email="x@example.org")
    # Who answers for the country does not answer as the contributor.
    await forging.clicks(network, "siti", "hand_over:0", f"{aid}:0:::{health.id}")
    assert [part.state for part in await parts(network)] == [DelegationState.OPEN] * 2
    assert network.mailbox.to("x@example.org") == []
    # What is written goes to the part that was spoken about last; the words of one say nothing in the other.
    await rina.says("hello")
    rina.hears("Also with you")
    await rina.clicks("Start")
    await budi.says("status")
    budi.hears("*With Rina Kusuma:*")
    await linh.command("contributors")
    assert "Rina" not in linh.last(NETWORK)
    assert "Your role does not include" in await rina.command("contributors")
    assert "A · Coordination" in await rina.command("status")
    assert (await answers_of(network, "IDN")).keys() == {"gini_index"}
    assert whole.state is DelegationState.OPEN


async def test_a_part_is_nudged_about_taken_back_and_overtaken(network: Network) -> None:
    siti, rina = network["siti"], network["rina"]
    await network.opens()
    await siti.clicks("Start")
    await siti.says(REQUIRED)
    await siti.says("edit uhc_service_coverage")
    await siti.clicks("Ask a colleague")
    someone = str(network.people["rina"].person_id)
    for fields, field in (
        ({"who": someone, "due": "2026-11-01"}, "due"),
        ({"who": someone, "due": "2026-12-16"}, "due"),
        ({"name": "Budi", "email": "BUDI@example.org", "due": "2026-12-04"}, "email"),
        ({"name": "Linh", "email": "linh@example.org", "due": "2026-12-04"}, "email"),
        ({"name": "Wati", "email": "wati@example.org", "due": "2026-12-04"}, "email"),
        ({"name": "Wati", "due": "2026-12-04"}, "email"),
        ({"due": "2026-12-04"}, "name"),
    ):
        await siti.fills(who=None, name="", email="")
        await siti.fills(**fields)
        wrong = await siti.submits()
        assert wrong is not None and field in wrong, (fields, wrong)
    await siti.fills(part="B:", who=someone, name="", email="", due="2026-12-04")
    assert await siti.submits() is None
    await hands_out(network, "uhc_service_coverage", "B:uhc_service_coverage")
    siti.hears("is with Rina Kusuma already, until Friday, 4 December 2026")
    answer = await siti.command("contributors")
    assert "Rina Kusuma, 0 of 2 answered. Until Friday, 4 December 2026." in answer
    await siti.clicks("Remind Rina Kusuma: B · Health", channel=NETWORK)
    siti.hears("I remind Rina Kusuma of *B · Health*", "Reminded on Monday, 2 November 2026")
    rina.hears("Still with you: B · Health", "Siti Rahmadani reminds you")
    await siti.clicks("Remind Rina Kusuma: B · Health")
    siti.hears("Once a day is enough", "from Tuesday, 3 November 2026, 09:00 (Jakarta time)")
    await rina.clicks("Answer now")
    await rina.says("68 2021 WHO")
    await siti.command("contributors")
    await siti.clicks("Take back: B · Health", channel=NETWORK)
    siti.hears("*B · Health* is yours again")
    rina.hears("has taken *B · Health*", "What you wrote is kept")
    await siti.clicks("Take back: B · Health", channel=NETWORK)
    siti.hears("was taken back on", "Nothing was changed")
    await rina.says("80 2023 BPJS")
    rina.hears("was taken back on", "what you wrote now is kept")
    assert (await answers_of(network, "IDN"))["uhc_service_coverage"].number == 68

    await hands_out(network, "health_protection", "B:health_protection")
    await hands_out(network, "portability", "G:", due="2026-12-10")
    await rina.clicks("Answer now")
    await siti.says("review")
    siti.hears("(with Rina Kusuma until Friday, 4 December 2026)")
    await siti.clicks("Submit")
    siti.hears("Not everything is back yet", "G · Mobility", "Population in social health protection")
    assert (await assessment_of(network, "IDN")).assessment.state is AssessmentState.IN_PROGRESS
    await siti.clicks("Who has what")
    await siti.clicks("Submit without them")
    siti.hears("Submitted. Thank you")
    rina.hears("has gone on with *Full assessment 2026*")
    await rina.says("80 2023 BPJS")
    rina.hears("Indonesia has gone on with Full assessment 2026")
    states = [part.state for part in await parts(network)]
    assert states == [DelegationState.TAKEN_BACK, DelegationState.OVERTAKEN, DelegationState.OVERTAKEN]
    assert "health_protection" not in {
        code
        for code, answer in (await answers_of(network, "IDN")).items()
        if answer.availability is not Availability.SKIPPED
    }

    # What the secretariat asks about can be handed on, with its question.
    aisyah = network["aisyah"]
    await aisyah.clicks("Return with a question", channel=SECRETARIAT)
    await aisyah.fills(indicators=["portability"], question="Since <!here> when?")
    assert await aisyah.submits() is None
    await siti.clicks("Answer now")
    await siti.clicks("Ask a colleague")
    await siti.fills(part="G:portability", who=someone, due="2026-12-10")
    assert await siti.submits() is None
    await rina.clicks("Answer now")
    rina.hears("1 of 1 · G Mobility", "The secretariat asks:", "Since &lt;!here&gt; when?", "Your answer so far")
    await rina.says("signed")
    await rina.clicks("Hand over")
    await siti.clicks("See my answers")
    siti.hears("Signed (changed since it was last submitted: Negotiating) (written by Rina Kusuma)")
    await siti.clicks("Submit")
    siti.hears("Submitted. Thank you", "With answers from Rina Kusuma")


async def test_a_contributor_is_reminded_by_their_own_date(network: Network) -> None:
    siti, rina = network["siti"], network["rina"]
    await network.opens()
    await siti.clicks("Start")
    await hands_out(network, "uhc_service_coverage", "B:")
    heard = len(rina.messages())
    await network.at(datetime(2026, 12, 1, 1, 0, tzinfo=UTC))
    assert len(rina.messages()) == heard
    for _ in range(2):
        await network.at(datetime(2026, 12, 1, 2, 5, tzinfo=UTC))
    rina.hears("Reminder: B · Health", "Please answer until:* Friday, 4 December 2026")
    await network.at(datetime(2026, 12, 4, 3, 0, tzinfo=UTC))
    assert len(rina.messages()) == heard + 2
    # The day after is a Saturday.
    await network.at(datetime(2026, 12, 5, 3, 0, tzinfo=UTC))
    assert "Still out" not in siti.last()
    for _ in range(2):
        await network.at(datetime(2026, 12, 7, 3, 0, tzinfo=UTC))
    assert sum("Still out: B · Health" in text for text in siti.messages()) == 1
    rina.hears("It was due on:* Friday, 4 December 2026. An answer still helps")
    assert len(rina.messages()) == heard + 3
    # She is no contributor any more: whoever waits for her hears it, and nobody is reminded in vain.
    async with network.database.writing() as session:
        which = Appointment.id == network.people["rina"].appointment_id
        await session.execute(update(Appointment).where(which).values(ends_on=date(2026, 12, 7)))
    for _ in range(2):
        await network.at(datetime(2026, 12, 8, 3, 0, tzinfo=UTC))
    # Her own reminder of this morning may come before or after it.
    assert sum("Rina Kusuma is no longer a contributor of Indonesia" in text for text in siti.messages()) == 1
    await siti.command("contributors")
    await siti.clicks("Remind Rina Kusuma: B · Health", channel=NETWORK)
    siti.hears("so nobody was reminded of *B · Health*")
    async with network.database.writing() as session:
        await session.execute(update(Appointment).where(which).values(ends_on=None))
    # The cycle closes: the part ends with it, and nobody is reminded any more.
    await network.at(datetime(2027, 1, 11, 3, 0, tzinfo=UTC))
    rina.hears("has gone on with *Full assessment 2026*")
    assert [part.state for part in await parts(network)] == [DelegationState.OVERTAKEN]


async def test_however_many_parts_are_out_each_can_be_taken_back(network: Network) -> None:
    siti, rina = network["siti"], network["rina"]
    await network.opens()
    await siti.clicks("Start")
    sections = editions.edition("common-1").question_set("full").sections
    codes = [(section.letter, each) for section in sections for each in section.indicators][:12]
    for number, (letter, each) in enumerate(codes):
        if number == 10:
            # So many messages to one person are enough for a day.
            await hands_out(network, each.code, f"{letter}:{each.code}")
            siti.hears("Rina Kusuma was handed something 10 times within a day", "from Tuesday, 3 November 2026")
            await network.passes(days=1, seconds=1)
        await hands_out(network, each.code, f"{letter}:{each.code}")
    siti.hears("Who has what")
    last = codes[-1][1].title
    await siti.selects(f"{last}: Rina Kusuma", "nudge")
    rina.hears(last)
    await siti.selects(f"{last}: Rina Kusuma", "take_back")
    assert [part.state for part in await parts(network)][-1] is DelegationState.TAKEN_BACK
