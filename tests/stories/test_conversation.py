"""The whole conversation of a focal point: through submit, review, return, accept, and the next year's few clicks."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from db.models import Answer
from db.queries import assessments as queries
from db.queries import audit as audit_queries
from db.queries import cycles as cycle_queries
from db.vocabulary import AssessmentState, Availability
from tests.stage import SECRETARIAT, Network, buttons

REQUIRED = """
mechanism_status operational
national_strategy adopted
social_registry partial
population_covered 45.1 2023 SUSENAS
poverty_national_line 9.4 2023 SUSENAS
portability negotiating
progress_made More families were reached.
lesson_learned Start small, then grow.
""".strip()


async def assessment_of(network: Network, member: str, code: str = "2026") -> queries.Talk:
    """One member's assessment."""
    async with network.database.reading() as session:
        cycle = await cycle_queries.by_code(session, code)
        assert cycle is not None
        talks = [await queries.talk(session, s.assessment.id) for s in await queries.standings(session, cycle.id)]
    return next(talk for talk in talks if talk is not None and talk.member.code == member)


async def answers_of(network: Network, member: str, code: str = "2026") -> dict[str, Answer]:
    """The answers of one member."""
    talk = await assessment_of(network, member, code)
    async with network.database.reading() as session:
        return await queries.answers(session, talk.assessment.id)


async def submitted(network: Network, who: str = "siti", lines: str = REQUIRED) -> None:
    """Somebody answers what is required in one message, and submits."""
    player = network[who]
    await player.clicks("Start")
    await player.says(lines)
    await player.says("review")
    await player.clicks("Submit")


async def test_a_whole_assessment_through_return_and_acceptance(everywhere: Network) -> None:
    network = everywhere
    await network.opens()
    siti, aisyah = network["siti"], network["aisyah"]
    await submitted(network)
    siti.hears(
        "Submitted. Thank you, Siti Rahmadani.", "Indonesia", "Full assessment 2026", "Monday", "09:00 (Jakarta time)"
    )

    aisyah.hears("Indonesia: Full assessment 2026", "Siti Rahmadani", "45.1 % (2023, SUSENAS)", channel=SECRETARIAT)
    await aisyah.clicks("Return with a question", channel=SECRETARIAT)
    await aisyah.fills(indicators=["poverty_national_line"], question="Which line do you use?")
    assert await aisyah.submits() is None
    aisyah.hears("returned by Aisyah Noor", "Which line do you use?", channel=SECRETARIAT)

    siti.hears(
        "A question about your answers",
        "Poverty at the national line",
        "9.4 % (2023, SUSENAS)",
        "Which line do you use?",
    )
    await siti.clicks("Answer now")
    siti.hears("Which line do you use?", "Your answer so far: *9.4 % (2023, SUSENAS)*")
    await siti.says("9.5 2024 SUSENAS, line of 2024")
    siti.hears("9.5 % (2024, SUSENAS, line of 2024)", "Your answers: Indonesia")
    await siti.clicks("Submit")
    siti.hears("Submitted. Thank you")

    await aisyah.clicks("Accept", channel=SECRETARIAT)
    aisyah.hears("Submitted again", channel=SECRETARIAT) if "accepted" not in aisyah.messages(SECRETARIAT)[-2] else None
    siti.hears("Accepted. Thank you, Siti Rahmadani", "Aisyah Noor")
    talk = await assessment_of(network, "IDN")
    assert talk.assessment.state is AssessmentState.ACCEPTED
    answers = await answers_of(network, "IDN")
    assert answers["poverty_national_line"].number == Decimal("9.5")
    async with network.database.reading() as session:
        acts = [row.act for row in await audit_queries.of(session, f"assessment:{talk.assessment.id}")]
    assert [act for act in acts if act not in ("answer", "skip")] == [
        "start",
        "submit",
        "begin_review",
        "return",
        "resume",
        "submit",
        "accept",
    ]


async def test_whether_anything_changed_can_be_answered_with_yes_or_no(network: Network) -> None:
    await network.opens("2025", due="2026-11-20")
    siti, aisyah = network["siti"], network["aisyah"]
    await siti.clicks("Start")
    for indicator in (await everything(network)).values():
        await siti.says(indicator)
    await siti.says("review")
    await siti.clicks("Submit")
    await aisyah.clicks("Accept", channel=SECRETARIAT)
    await network.at(datetime(2026, 11, 23, 2, tzinfo=UTC))
    await network.opens("2026", due="2026-12-15")

    await siti.clicks("Start")
    siti.hears("Has anything changed since last time?")
    await siti.says("No")
    siti.hears("taken over from last time", "Section B")
    await siti.says("no, but two clinics are new")
    siti.hears("I kept what you wrote", "Section B")
    await siti.says("yes")
    siti.hears("Coverage of essential health services")
    await siti.says("social_registry n/a\nnational_strategy 12 2020 census")
    assert "Please write the value, the year and the source" not in siti.last()


async def test_nothing_changed_takes_at_most_twelve_interactions(network: Network) -> None:
    await network.opens("2025", due="2026-11-20")
    siti, aisyah = network["siti"], network["aisyah"]
    await siti.clicks("Start")
    for indicator in (await everything(network)).values():
        await siti.says(indicator)
    await siti.says("review")
    await siti.clicks("Submit")
    await aisyah.clicks("Accept", channel=SECRETARIAT)
    await network.at(datetime(2026, 11, 23, 2, tzinfo=UTC))
    await network.opens("2026", due="2026-12-15")
    siti.hears("28 of your earlier answers", "one click")

    interactions = 1
    await siti.clicks("Start")
    siti.hears(
        "Section A",
        "1 of 8",
        "Has anything changed since last time?",
        "National coordination mechanism (required): Operational",
    )
    while "Your answers: Indonesia" not in siti.last():
        interactions += 1
        assert interactions <= 12, siti.last()
        if "Progress made" in siti.last() and "33 · H" in siti.last():
            await siti.says("No change in this period")
        elif "Section" in siti.last():
            await siti.clicks("Nothing changed here")
        else:
            await siti.clicks("Same as last time")
    await siti.clicks("Submit")
    interactions += 1
    siti.hears("Submitted. Thank you")
    assert interactions <= 12
    old, new = await answers_of(network, "IDN", "2025"), await answers_of(network, "IDN", "2026")
    for code, answer in old.items():
        if code in ("progress_made", "challenge_met", "lesson_learned", "expertise_offered", "support_needed"):
            continue
        assert (new[code].number, new[code].text, new[code].year, new[code].source) == (
            answer.number,
            answer.text,
            answer.year,
            answer.source,
        )
    assert new["progress_made"].text == "No change in this period"


async def everything(network: Network) -> dict[str, str]:
    """A line for each question of the format that is easy to carry forward."""
    from bot import editions

    lines = {}
    for indicator in editions.edition("common-1").indicators:
        match indicator.kind.value:
            case "choice":
                said = indicator.choices[-1].code
            case "yes_no":
                said = "yes"
            case "text":
                said = f"About {indicator.title.lower()}"
            case "integer":
                said = "3 2025 ministry register"
            case _:
                said = "41.25 2024 SUSENAS"
        lines[indicator.code] = f"{indicator.code} {said}"
    return lines


async def test_a_question_about_the_whole_is_answered_in_words(network: Network) -> None:
    await network.opens()
    siti, aisyah = network["siti"], network["aisyah"]
    await submitted(network)
    await aisyah.clicks("Return with a question", channel=SECRETARIAT)
    await aisyah.fills(indicators=[], question="Which survey is it?")
    await aisyah.submits()
    await siti.clicks("Answer now")
    siti.hears("Which survey is it?", "write it here in your own words", "Your answers: Indonesia")
    await siti.says("All from SUSENAS & <!channel>")
    siti.hears("Your answer, which goes to the secretariat", "> All from SUSENAS &amp; &lt;!channel&gt;")
    await siti.says("The round of March.")
    await siti.clicks("Submit")
    siti.hears("Submitted. Thank you")
    aisyah.hears(
        "*About the whole*",
        "> *Aisyah Noor*, secretariat, Monday, 2 November 2026: Which survey is it?",
        "> *Siti Rahmadani*, Monday, 2 November 2026: All from SUSENAS &amp; &lt;!channel&gt;",
        "The round of March.",
        channel=SECRETARIAT,
    )


async def test_withdraw_until_the_review_begins(network: Network) -> None:
    await network.opens()
    siti, aisyah = network["siti"], network["aisyah"]
    await submitted(network)
    await siti.clicks("Withdraw")
    siti.hears("You have withdrawn", "Your answers: Indonesia")
    aisyah.hears("Indonesia: Full assessment 2026", "was withdrawn by Siti Rahmadani", channel=SECRETARIAT)
    await siti.clicks("Submit")
    siti.hears("Submitted")
    receipt = siti.last_message()
    await aisyah.command("review IDN")
    await siti.clicks("Withdraw", message=receipt)
    siti.hears("Aisyah Noor has begun the review", "cannot be withdrawn")
    assert (await assessment_of(network, "IDN")).assessment.state is AssessmentState.SUBMITTED


async def test_an_accepted_version_is_exactly_the_one_that_was_seen(network: Network) -> None:
    await network.opens()
    siti, aisyah = network["siti"], network["aisyah"]
    await submitted(network)
    seen = aisyah.last_message(SECRETARIAT)
    await siti.clicks("Withdraw")
    await siti.says("edit poverty_national_line")
    await siti.says("12 2024 SUSENAS")
    await siti.clicks("Submit")
    await aisyah.clicks("Accept", message=seen)
    assert (await assessment_of(network, "IDN")).assessment.state is AssessmentState.SUBMITTED
    aisyah.hears("has changed since you saw it", channel=SECRETARIAT)


async def test_everything_waits_safely_over_a_pause(network: Network) -> None:
    await network.opens()
    siti = network["siti"]
    await siti.clicks("Start")
    await siti.clicks("Planned")
    await siti.says("later")
    siti.hears("Paused", "1 of 33")
    await network.passes(days=2)
    await siti.says("4 2026 minutes")
    siti.hears("Meetings of the coordination mechanism*: 4 (2026, minutes)", "3 of 33")


async def test_words_that_belong_to_no_question_are_answered_with_an_example_that_is_taken(network: Network) -> None:
    await network.opens()
    siti = network["siti"]
    await siti.clicks("Start")
    await siti.says("review")
    await siti.says("about 39 2020 estimate")
    example = "mechanism_meetings 4 2024 ministry records"
    siti.hears("I kept what you wrote", "about 39 2020 estimate", "name of the question", f"`{example}`")
    await siti.says(example)
    siti.hears("*Meetings of the coordination mechanism*: 4 (2024, ministry records)")


async def test_during_the_review_one_sentence_is_not_buried_under_all_answers(network: Network) -> None:
    await network.opens()
    siti = network["siti"]
    await siti.clicks("Start")
    await siti.says(REQUIRED)
    await siti.says("review")
    siti.hears("Your answers: Indonesia", "Social registry")
    for unclear in ("we are proud of this year", "mars_covered 4 2020 NASA\ngini_index far too high"):
        await siti.says(unclear)
        said = siti.last()
        assert "name of the question" in said or "Not taken" in said
        assert "Your answers: Indonesia" not in said
        assert "Social registry" not in said
        assert {"Submit", "Pause"} <= set(buttons(siti.last_message().blocks))
        assert "edit" in str(siti.last_message().blocks), "the select of answers to change"
    await siti.clicks("Submit")
    siti.hears("Submitted. Thank you")


async def test_a_named_figure_during_the_review_is_taken_and_all_answers_are_shown(network: Network) -> None:
    await network.opens()
    siti = network["siti"]
    await siti.clicks("Start")
    await siti.says(REQUIRED)
    await siti.says("review")
    await siti.says("gini 41 2014 WB")
    siti.hears("*Gini index*: 41 (2014, WB)", "Your answers: Indonesia")
    await siti.says("gini 40.5")
    siti.hears("Noted: *40.5*", "Which year is it for, and what is the source?")
    await siti.says("2019 WB")
    siti.hears("*Gini index* is now 40.5 (2019, WB)", "Your answers: Indonesia")


async def test_a_word_that_says_nothing_does_not_become_a_countrys_text(everywhere: Network) -> None:
    network = everywhere
    await network.opens()
    siti = network["siti"]
    await siti.clicks("Start")
    await siti.says("edit progress_made")
    for word in ("yes", "No", "ok", "fine", "x"):
        await siti.says(word)
        siti.hears("Please write a sentence, or `skip`, or `n/a` and why.", "*Progress made* (required)")
    assert "progress_made" not in await answers_of(network, "IDN")
    await siti.says("thank you")
    siti.hears("You are welcome")
    ts = await siti.says("No progress")
    assert (await answers_of(network, "IDN"))["progress_made"].text == "No progress"
    await siti.edits(ts, "no")
    assert (await answers_of(network, "IDN"))["progress_made"].text == "No progress"
    await siti.edits(ts, "Yes, the law passed")
    assert (await answers_of(network, "IDN"))["progress_made"].text == "Yes, the law passed"


async def test_ok_to_did_you_mean_this_means_yes(network: Network) -> None:
    await network.opens()
    siti = network["siti"]
    await siti.clicks("Start")
    await siti.says("operatoinal")
    siti.hears("Did you mean this?")
    await siti.says("ok")
    assert (await answers_of(network, "IDN"))["mechanism_status"].text == "operational"
    await siti.says("pause")
    await siti.says("ok")
    siti.hears("You are welcome")


async def test_the_short_update(network: Network) -> None:
    await network.opens("2026-Q4", "update", "2026-12-01")
    siti = network["siti"]
    siti.hears("short update")
    await siti.clicks("Start")
    for _ in range(9):
        if "Your answers" in siti.last():
            break
        await siti.says("3 2026 minutes" if "Meetings" in siti.last() else "We moved forward.")
    await siti.clicks("Submit")
    siti.hears("Submitted")
    answers = await answers_of(network, "IDN", "2026-Q4")
    assert 5 <= len(answers) <= 8
    assert answers["progress_made"].availability is Availability.GIVEN


async def test_a_year_far_ahead_is_asked_back_and_the_rest_is_kept(network: Network) -> None:
    await network.opens()
    siti = network["siti"]
    await siti.clicks("Start")
    await siti.says("edit poverty_national_line")
    await siti.says("9.4 2041 SUSENAS")
    siti.hears("The year 2041 is more than ten years ahead.", "Noted: *9.4* from SUSENAS", "Which year is it for?")
    await siti.says("2023")
    siti.hears("9.4 % (2023, SUSENAS)")
