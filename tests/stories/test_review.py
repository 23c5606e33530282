"""The review in both directions: comments and their threads, what is agreed, what changed, some answers set aside, an
acceptance undone."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from bot import overview
from db.models import Delegation, Experience, Submission
from db.queries import audit as audit_queries
from db.queries import reviews as review_queries
from db.vocabulary import AssessmentState, DelegationState, ExperienceState
from tests.control import Shown
from tests.stage import NETWORK, SECRETARIAT, Network, Player, buttons
from tests.stories import forging
from tests.stories.test_clearance import state_of
from tests.stories.test_conversation import assessment_of, submitted
from tests.stories.test_exports import files_of, rows_of

HOSTILE = "<!channel> *why* & <@U0SITI>\n> =cmd"
POVERTY, SOCIAL = "Poverty at the national line", "Population covered by at least one benefit"


async def comments(who: Player, title: str, text: str) -> None:
    """The secretariat comments on one question of the newest submission."""
    await who.selects(title, "comment", SECRETARIAT)
    await who.fills(text=text)
    assert await who.submits() is None


async def told(network: Network) -> None:
    """The quarter of an hour passes in which comments are gathered."""
    await network.passes(minutes=16)


async def test_a_question_is_talked_about_without_being_returned(everywhere: Network) -> None:
    network = everywhere
    siti, aisyah, dewi, budi = network["siti"], network["aisyah"], network["dewi"], network["budi"]
    await network.opens()
    await submitted(network)
    before = len(siti.messages())
    await comments(aisyah, POVERTY, "Which line is it?")
    aisyah.hears(
        *("Your comment on *Poverty at the national line*", "Indonesia", "Nothing was returned"), channel=SECRETARIAT
    )
    [card] = [shown for shown in aisyah.sees.messages(SECRETARIAT) if "Accept" in buttons(shown.blocks)]
    assert "Which line is it?" in card.words, "the submission shows it at once"
    await comments(aisyah, SOCIAL, HOSTILE)
    assert len(siti.messages()) == before, "one message tells of both, a little later"
    await told(network)
    assert len(siti.messages()) == before + 1
    heard = siti.hears("Comments on your answers", POVERTY, "9.4 % (2023, SUSENAS)", "Which line is it?", SOCIAL)
    assert "<!channel>" not in heard and "&lt;!channel&gt;" in heard
    assert await state_of(network, "IDN") is AssessmentState.SUBMITTED

    await siti.says("thank you")
    siti.hears("welcome")
    await siti.says("The line of 2023, <!here>.")
    siti.hears("is with the secretariat", "The answer that you submitted stays", "One comment waits", SOCIAL)
    await siti.selects(SOCIAL, "reply_comment")
    await siti.fills(text="From the register of March.")
    assert await siti.submits() is None
    siti.hears("Thank you", "From the register of March.")
    await siti.says("And one more thing.")
    siti.hears("has been with the secretariat", "I changed nothing")

    await told(network)
    aisyah.hears(
        "the country has answered your comments",
        "The line of 2023, &lt;!here&gt;.",
        "From the register of March.",
        channel=SECRETARIAT,
    )
    for reader in (siti, budi, dewi):
        assert "Which line is it?" in await reader.command("comments")
    assert "From the register of March." in await aisyah.command("comments Indonesia")
    for other in ("bounmy", "thong"):
        assert "Which line" not in await network[other].command("comments Indonesia")
        assert "Which line" not in await network[other].command("comments")
    for none in ("rina", "per"):
        assert "Your role does not include this" in await network[none].command("comments Indonesia")
    assert "The line of 2023" in await aisyah.command("review Indonesia")


async def test_an_edit_of_what_answered_a_comment_changes_it(everywhere: Network) -> None:
    network = everywhere
    siti, aisyah = network["siti"], network["aisyah"]
    await network.opens()
    await submitted(network)
    await comments(aisyah, POVERTY, "Which line is it?")
    await told(network)
    ts = await siti.says("The line of 2032.")
    siti.hears("The line of 2032.", "is with the secretariat")
    await told(network)
    aisyah.hears("the country has answered", "The line of 2032.", channel=SECRETARIAT)
    await siti.edits(ts, "The line of 2023, <!here>.")
    siti.hears("The line of 2023, &lt;!here&gt;.", "is with the secretariat", "The answer that you submitted stays")
    await told(network)
    heard = aisyah.hears("the country has answered", "The line of 2023, &lt;!here&gt;.", channel=SECRETARIAT)
    assert "2032" not in heard and "2032" not in await siti.command("comments")
    one = await assessment_of(network, "IDN")
    async with network.database.reading() as session:
        (line,) = [x for x in await review_queries.comments(session, one.assessment.id) if x.comment.heard_key]
        rows = await audit_queries.of(session, f"assessment:{one.assessment.id}")
    assert line.comment.text == "The line of 2023, <!here>."
    (changed,) = [row for row in rows if row.act == "amend_reply"]
    assert changed.detail["before"] == "The line of 2032." and changed.detail["text"] == line.comment.text
    # An edit to nothing, or after the cycle is published, leaves the words as they are.
    await siti.edits(ts, "\u200b")
    await aisyah.clicks("Accept", channel=SECRETARIAT)
    await aisyah.command("cycle close 2026")
    await aisyah.clicks("Close it", channel=NETWORK)
    await siti.edits(ts, "The line of 2024.")
    siti.hears("The line of 2024.")
    await aisyah.command("digest send 2026")
    await aisyah.clicks("Send the digest", channel=NETWORK)
    await siti.edits(ts, "The line of 2025.")
    siti.hears("comments are closed")
    async with network.database.reading() as session:
        (line,) = [x for x in await review_queries.comments(session, one.assessment.id) if x.comment.heard_key]
    assert line.comment.text == "The line of 2024."


async def test_what_is_agreed_and_what_changed_is_seen_at_the_next_round(everywhere: Network) -> None:
    network = everywhere
    siti, aisyah = network["siti"], network["aisyah"]
    await network.opens()
    await submitted(network)
    await aisyah.selects(SOCIAL, "fine", SECRETARIAT)
    said = ("Agreed: *Population covered by at least one benefit*", "1 of 8 answers.")
    aisyah.hears(*said, channel=SECRETARIAT)
    [card] = [shown for shown in aisyah.sees.messages(SECRETARIAT) if "Accept" in buttons(shown.blocks)]
    assert "1 agreed" in card.words and not card.wire.get("ephemeral"), (
        "the submission shows it at once, and to everybody there"
    )
    await aisyah.selects("All that are left", "fine", SECRETARIAT)
    aisyah.hears("8 of 8 answers.", channel=SECRETARIAT)
    await aisyah.clicks("Return with a question", channel=SECRETARIAT)
    await aisyah.fills(indicators=["poverty_national_line"], question="  ")
    assert await aisyah.submits() == {
        "question": "Please write what you ask: the country reads it, and a return needs a reason."
    }
    await aisyah.fills(indicators=["poverty_national_line"], question="Which line do you use?")
    assert await aisyah.submits() is None
    await siti.clicks("Answer now")
    siti.hears("Which line do you use?")
    await siti.says("9.5 2024 SUSENAS, line of 2024")
    siti.hears(
        f"{POVERTY}: 9.5 % (2024, SUSENAS, line of 2024)",
        "(changed since it was last submitted: 9.4 % (2023, SUSENAS))",
    )
    await siti.clicks("Submit")

    shown = aisyah.hears(
        "Submitted again",
        "1 answer is new or changed",
        f"*Changed.* {POVERTY}: 9.5 % (2024, SUSENAS, line of 2024)",
        "submitted before: 9.4 % (2023, SUSENAS)",
        "Which line do you use?",
        "*Siti Rahmadani*",
        "9.5 2024 SUSENAS, line of 2024",
        "Agreed: ",
        channel=SECRETARIAT,
    )
    assert "45.1 %" not in shown, "what is agreed is named in short"
    async with network.database.reading() as session:
        rows = list(await session.scalars(select(Submission).order_by(Submission.round)))
    assert [row.round for row in rows] == [1, 2]
    assert rows[0].answers["poverty_national_line"]["number"] == "9.4"
    assert rows[1].answers["poverty_national_line"]["number"] == "9.5"

    # Also an answer whose figure stays is shown again where something else stands behind it.
    await aisyah.selects("All that are left", "fine", SECRETARIAT)
    await aisyah.clicks("Return with a question", channel=SECRETARIAT)
    await aisyah.fills(indicators=[], question="Where is the report?")
    assert await aisyah.submits() is None
    await network.passes(hours=1)
    await siti.clicks("Answer now")
    await siti.says("population_covered https://www.bps.go.id/report")
    await siti.says("review")
    siti.hears("(with another explanation or evidence since it was last submitted); evidence: www.bps.go.id/report")
    await siti.clicks("Submit")
    shown = aisyah.hears(
        "1 answer is new or changed",
        f"*Another explanation or evidence.* {SOCIAL}: 45.1 %",
        "www.bps.go.id/report",
        channel=SECRETARIAT,
    )
    assert POVERTY not in shown.partition("Agreed: ")[0], "what is agreed and stays is named in short"


async def test_what_one_person_has_called_up_is_answered_where_it_stands(network: Network) -> None:
    aisyah = network["aisyah"]
    await network.opens()
    await submitted(network)

    def card() -> Shown:
        return [shown for shown in aisyah.sees.messages(NETWORK) if shown.words.startswith("Indonesia: Full")][-1]

    await aisyah.command("review Indonesia")
    before = len(aisyah.messages())
    assert card().wire["ephemeral"]
    await aisyah.selects(SOCIAL, "fine", NETWORK)
    aisyah.hears("Agreed: *Population covered", "1 of 8 answers.", channel=NETWORK)
    assert "1 agreed" in card().words
    await aisyah.clicks("See the answers", channel=NETWORK)
    aisyah.hears("Indonesia: Full assessment", "1 agreed", channel=NETWORK)
    await aisyah.selects(POVERTY, "comment", NETWORK)
    await aisyah.fills(text="Which line is it?")
    assert await aisyah.submits() is None
    aisyah.hears("Your comment on *Poverty at the national line*", channel=NETWORK)
    assert "Which line is it?" in card().words
    await aisyah.clicks("Return with a question", message=card())
    await aisyah.fills(indicators=[], question="Where is the report?")
    assert await aisyah.submits() is None
    returned = [shown for shown in aisyah.sees.messages(NETWORK) if "was returned by Aisyah Noor" in shown.words]
    assert [shown.wire["ephemeral"] for shown in returned] == [True] and "Accept" not in buttons(returned[0].blocks)
    assert len(aisyah.messages()) == before, "nothing of it stands elsewhere"
    assert "Where is the report?" not in "".join(network["bounmy"].messages(NETWORK))


async def test_accepted_without_one_answer_undone_and_accepted_again(everywhere: Network) -> None:
    network = everywhere
    siti, aisyah = network["siti"], network["aisyah"]
    await network.opens()
    await submitted(network)
    await aisyah.clicks("Accept without some answers", channel=SECRETARIAT)
    await aisyah.fills(indicators=["poverty_national_line"])
    assert await aisyah.submits() is None
    assert aisyah.modal and "which is a required question" in str(aisyah.modal)
    assert aisyah.modal["submit"]["text"] == "Accept without these"
    await aisyah.fills(why_0=" ")
    assert await aisyah.submits() == {"why_0": "Please write why: the country reads your reason."}
    await aisyah.fills(why_0=HOSTILE)
    assert await aisyah.submits() is None
    (done,) = [text for text in aisyah.messages(SECRETARIAT) if "was accepted by Aisyah Noor" in text]
    assert "without 1 answer" in done and "&lt;!channel&gt;" in done and "<!channel>" not in done
    siti.hears("Accepted. Thank you", "One answer is set aside", "9.4 % (2023, SUSENAS)", "&lt;!channel&gt;")
    one = (await assessment_of(network, "IDN")).assessment
    assert await asides(network, one.id) == {"poverty_national_line"}

    await aisyah.clicks("Undo the acceptance", channel=SECRETARIAT)
    await aisyah.fills(reason="The figure of <coverage> is of 2022.")
    assert await aisyah.submits() is None
    assert "undid the acceptance" in "".join(aisyah.messages(SECRETARIAT))
    siti.hears("The review goes on", "The figure of &lt;coverage&gt; is of 2022.", "Nothing is asked of you yet")
    assert await asides(network, one.id) == set()
    assert await state_of(network, "IDN") is AssessmentState.SUBMITTED
    assert [each.state for each in await shared(network)] == [ExperienceState.WITHDRAWN]
    # Its own card's button is one too late.
    await aisyah.clicks("Publish", channel=SECRETARIAT)
    aisyah.hears("whose acceptance was undone", channel=SECRETARIAT)

    await aisyah.command("review Indonesia")
    await aisyah.clicks("Accept", channel=NETWORK)
    siti.hears("Accepted. Thank you")
    assert len([text for text in siti.messages() if "Accepted. Thank you" in text]) == 2
    assert [each.state for each in await shared(network)] == [ExperienceState.SHARED]
    await aisyah.clicks("Publish", channel=SECRETARIAT)
    shown = await aisyah.command("review undo 2026 Indonesia because of <b>another</b> figure")
    assert "Nothing has been changed yet" in shown and "Siti Rahmadani will be told" in shown
    await aisyah.clicks("Yes, and tell them", channel=NETWORK)
    aisyah.hears("is undone", "stays published: Start small, then grow.", channel=NETWORK)
    await aisyah.command("review Indonesia")
    await aisyah.clicks("Accept", channel=NETWORK)
    assert [each.state for each in await shared(network)] == [ExperienceState.PUBLISHED], "no duplicates"
    async with network.database.reading() as session:
        acts = [row for row in await audit_queries.of(session, f"assessment:{one.id}") if row.act == "undo_accept"]
    assert [row.why for row in acts] == ["The figure of <coverage> is of 2022.", "of <b>another</b> figure"]


async def test_what_a_return_asks_is_answered_in_words_and_a_contributor_sees_only_their_own_part(
    network: Network,
) -> None:
    siti, aisyah, rina = network["siti"], network["aisyah"], network["rina"]
    await network.opens()
    await submitted(network)
    await comments(aisyah, SOCIAL, "Is it of March?")
    await aisyah.clicks("Return with a question", channel=SECRETARIAT)
    await aisyah.fills(indicators=["poverty_national_line", "uhc_service_coverage"], question="Which line do you use?")
    assert await aisyah.submits() is None
    siti.hears("A question about your answers", "Which line do you use?", "It also says", SOCIAL, "Is it of March?")
    await told(network)
    siti.hears("A question about your answers"), "what was said already is not told again"
    await siti.clicks("Answer now")
    # The health part goes to a contributor, who sees what was said about it, and nothing else.
    one = (await assessment_of(network, "IDN")).assessment
    async with network.database.writing() as session:
        part = Delegation(
            assessment_id=one.id,
            section="B",
            person_id=network.people["rina"].person_id,
            due_on=network.clock.now().date(),
            state=DelegationState.OPEN,
            given_by=network.people["siti"].person_id,
            given_at=network.clock.now(),
        )
        session.add(part)
    await rina.says("start")
    seen = "".join(rina.messages())
    assert "Which line do you use?" in seen and "Is it of March?" not in seen and POVERTY not in seen
    assert "Answer in words" not in buttons(rina.last_message().blocks)
    await rina.says("68 2021 WHO")
    siti.hears(POVERTY, "Which line do you use?")
    await siti.clicks("Answer in words")
    await siti.fills(text="The <b>old</b> line.")
    assert await siti.submits() is None
    siti.hears(
        "Your words on", POVERTY, "go to the secretariat when you submit again", "The &lt;b&gt;old&lt;/b&gt; line."
    )
    await siti.clicks("See my answers")
    await siti.clicks("Submit")
    await siti.clicks("Submit without them")
    shown = aisyah.hears("Submitted again", "68 (2021, WHO)", channel=SECRETARIAT)
    for said in ("The &lt;b&gt;old&lt;/b&gt; line.", "*Rina Kusuma*", "68 2021 WHO", "Is it of March?"):
        assert said in shown, said
    assert "9.4 % (2023, SUSENAS)" in shown and f"*Changed.* {POVERTY}" not in shown


async def test_who_handed_in_on_time_is_not_late_by_answering_a_question_after_the_due_date(
    everywhere: Network,
) -> None:
    network = everywhere
    siti, aisyah, bounmy = network["siti"], network["aisyah"], network["bounmy"]
    await network.opens(due="2026-11-30")
    await submitted(network)
    await aisyah.clicks("Return with a question", channel=SECRETARIAT)
    await aisyah.fills(indicators=["poverty_national_line"], question="Which line do you use?")
    assert await aisyah.submits() is None
    await network.at(datetime(2026, 12, 2, 3, 0, tzinfo=UTC))
    await siti.clicks("Answer now")
    status = await aisyah.command("cycle status")
    assert "*Indonesia*: in progress since" in status and "*late*" not in line_of(status, "Indonesia")
    assert "*late*" in line_of(status, "Lao PDR")
    await siti.says("9.5 2024 SUSENAS")
    await siti.clicks("Submit")
    assert "after the due date" not in siti.hears("Submitted. Thank you")
    card = aisyah.hears("Indonesia", "Submitted again", "2 December 2026", channel=SECRETARIAT)
    assert "after the due date" not in card
    await aisyah.clicks("Accept", channel=SECRETARIAT)

    # Lao PDR hands in for the first time now, withdraws, and hands in again: it is late, and stays so after a return.
    await submitted(network, "bounmy")
    await bounmy.clicks("Withdraw")
    await bounmy.says("review")
    await bounmy.clicks("Submit")
    bounmy.hears("Submitted. Thank you", "after the due date")
    aisyah.hears("Lao PDR", "after the due date", channel=SECRETARIAT)
    await aisyah.clicks("Return with a question", channel=SECRETARIAT)
    await aisyah.fills(indicators=["poverty_national_line"], question="Which line do you use?")
    assert await aisyah.submits() is None
    status = await aisyah.command("cycle status")
    assert "after the due date" not in line_of(status, "Indonesia")
    assert "handed in after the due date" in line_of(status, "Lao PDR")
    await bounmy.clicks("Answer now")
    await bounmy.says("9.5 2024 LECS")
    await bounmy.clicks("Submit")
    await aisyah.clicks("Accept", channel=SECRETARIAT)

    async with network.database.reading() as session:
        drawn = await overview.history(session, network.people.speaker("aisyah"), network.clock.now())
    assert {row["code"]: row["states"] for row in drawn["rows"] if row["code"] in ("IDN", "LAO")} == {
        "IDN": ["accepted"],
        "LAO": ["accepted_late"],
    }
    await aisyah.command("export 2026 csv")
    rows = rows_of(files_of(aisyah)["region-2026.csv"])
    assert {(row["country"], row["late"]) for row in rows} == {("Indonesia", "no"), ("Lao PDR", "yes")}


def line_of(status: str, country: str) -> str:
    """What a status says of one country."""
    (line,) = [line for line in status.splitlines() if f"*{country}*" in line]
    return line


async def asides(network: Network, assessment_id: int) -> set[str]:
    async with network.database.reading() as session:
        return set(await review_queries.asides(session, assessment_id))


async def shared(network: Network) -> list[Experience]:
    async with network.database.reading() as session:
        return list(await session.scalars(select(Experience).order_by(Experience.id)))


async def test_what_is_published_is_neither_undone_nor_talked_about(network: Network) -> None:
    siti, aisyah = network["siti"], network["aisyah"]
    await network.opens()
    await submitted(network)
    await comments(aisyah, POVERTY, "Which line is it?")
    await aisyah.clicks("Accept", channel=SECRETARIAT)
    await told(network)
    siti.hears("A comment on your answers")
    await aisyah.command("cycle close 2026")
    await aisyah.clicks("Close it", channel=NETWORK)
    await siti.says("The line of 2023.")
    siti.hears("is with the secretariat", "The line of 2023.")
    shown = await aisyah.command("review undo 2026 Indonesia because of a figure")
    assert "Nothing has been changed yet" in shown
    await aisyah.command("digest send 2026")
    await aisyah.clicks("Send the digest", channel=NETWORK)
    await aisyah.clicks("Yes, and tell them", channel=NETWORK)
    assert "Full assessment 2026 was published on Monday, 2 November 2026" in aisyah.last(NETWORK)
    assert "was published on" in await aisyah.command("review undo 2026 Indonesia because of a figure")
    one = (await assessment_of(network, "IDN")).assessment
    value = f"{one.id}:{one.version}:poverty_national_line"
    await forging.submits(network, "aisyah", "comment", value, text="One more.")
    aisyah.hears("the cycle is published, so comments are closed")
    await forging.submits(network, "siti", "reply_comment", value, text="One more.")
    siti.hears("the cycle is published, so comments are closed")
    assert await state_of(network, "IDN") is AssessmentState.ACCEPTED


async def test_what_was_called_off_is_not_accepted(network: Network) -> None:
    """The buttons of the submission still stand there: nothing becomes an accepted figure or a shared experience."""
    siti, aisyah = network["siti"], network["aisyah"]
    await network.opens()
    await submitted(network)
    await aisyah.command("cycle cancel 2026 because of a new format")
    await aisyah.clicks("Cancel it", channel=NETWORK)
    await aisyah.clicks("Accept", channel=SECRETARIAT)
    assert await state_of(network, "IDN") is AssessmentState.SUBMITTED
    assert await shared(network) == []
    assert "Accepted" not in siti.last()


async def test_old_and_forged_buttons_of_a_review_do_nothing(network: Network) -> None:
    aisyah = network["aisyah"]
    await network.opens()
    await submitted(network)
    await comments(aisyah, POVERTY, "Which line is it?")
    await told(network)
    one = (await assessment_of(network, "IDN")).assessment
    value = f"{one.id}:{one.version}:poverty_national_line"
    for stranger in ("bounmy", "rina", "per", "thong", "dewi"):
        for deed in ("comment", "fine", "reply_comment"):
            await forging.clicks(network, stranger, deed, value, select=True)
            await forging.submits(network, stranger, deed, value, text="Mine.")
        for deed in ("accept", "accept_without", "undo_accept", "see_submission"):
            await forging.clicks(network, stranger, deed, f"{one.id}:{one.version}")
            await forging.submits(network, stranger, deed, f"{one.id}:{one.version}|:", reason="Mine.")
        assert "Which line" not in "".join(network[stranger].messages()), stranger
        assert network[stranger].modal is None
    for wild in (value + ":1", "x", f"{one.id}:{one.version}:<!channel>", f"{one.id}:99999:poverty_national_line"):
        await forging.clicks(network, "aisyah", "fine", wild, select=True)
        await forging.clicks(network, "aisyah", "comment", wild + ":::", select=True)
        await forging.clicks(network, "aisyah", "confirm_grant", wild)
    assert await agreed(network, one.id) == set()
    assert await state_of(network, "IDN") is AssessmentState.SUBMITTED
    async with network.database.reading() as session:
        assert [line.comment.text for line in await review_queries.comments(session, one.id)] == ["Which line is it?"]


async def agreed(network: Network, assessment_id: int) -> set[str]:
    async with network.database.reading() as session:
        return await review_queries.agreed(session, assessment_id)
