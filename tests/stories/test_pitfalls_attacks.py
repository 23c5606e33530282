"""Nobody reads or changes another country's answers, over any path; and no payload ends in a traceback."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest

from bot.assessments.granting import dates_of
from bot.interview import DEEDS
from bot.messages import Deed
from db.queries import audit as audit_queries
from db.vocabulary import AssessmentState
from tests.stage import SECRETARIAT, Network
from tests.stories import forging
from tests.stories.test_conversation import answers_of, assessment_of, submitted

GARBAGE = (
    "",
    ":",
    ":::",
    "1",
    "1:1:",
    "a:b:c:d",
    "-1:0::",
    "0:0::",
    "99999999999999999999999:1::",
    "2147483648:1::",
    "999999999:999999999:poverty_national_line:yes",
    "١:1::",
    "1:1:poverty_national_line:meant-99999999999",
    "1:1:poverty_national_line:meant-x",
    "1:1:../../etc/passwd:yes",
    "1:1:'; DROP TABLE answers; --:yes",
    "x" * 2000,
    "\x00:\x00:\ud800:\x00",
)
SECRET = "Only Indonesia may read this lesson."
# The name of a form that no button opens: the one before it does.
ONLY_FORMS = (Deed.CARRY_OUT,)
# What the bot answers a click with.
ANSWERS = ("chat.postMessage", "chat.postEphemeral", "chat.update", "views.open", "response_url")


@pytest.fixture(autouse=True)
def _nothing_unexpected(capsys: pytest.CaptureFixture[str]) -> Any:
    """No story here ends in an error that nobody foresaw."""
    yield
    told = capsys.readouterr()
    assert "Traceback" not in told.out + told.err
    assert "turn_fault" not in told.out
    assert "listener_fault" not in told.out


@pytest.fixture
async def in_progress(network: Network) -> Network:
    """Siti has answered; Bounmy has begun."""
    await network.opens()
    siti, bounmy = network["siti"], network["bounmy"]
    await siti.clicks("Start")
    await siti.says(f"lesson_learned {SECRET}")
    await bounmy.clicks("Start")
    return network


@pytest.mark.parametrize("deed", DEEDS)
async def test_a_button_of_another_country_does_and_shows_nothing(in_progress: Network, deed: Deed) -> None:
    network, bounmy = in_progress, in_progress["bounmy"]
    talk = await assessment_of(network, "IDN")
    assert talk.prompt is not None
    before = await answers_of(network, "IDN")
    for indicator, arg in (("mechanism_status", "planned"), ("lesson_learned", ""), ("", "")):
        value = f"{talk.assessment.id}:{talk.prompt.serial}:{indicator}:{arg}"
        await forging.clicks(network, "bounmy", f"{deed.value}:0", value)
        bounmy.hears("nothing was changed")
    assert SECRET not in "".join(bounmy.messages())
    after = await assessment_of(network, "IDN")
    assert (after.assessment.version, after.assessment.state) == (talk.assessment.version, talk.assessment.state)
    assert (await answers_of(network, "IDN")).keys() == before.keys()
    assert after.prompt is not None
    assert after.prompt.serial == talk.prompt.serial


@pytest.mark.parametrize("who", ["dewi", "per", "aisyah"])
async def test_nobody_else_answers_for_a_country(in_progress: Network, who: str) -> None:
    network = in_progress
    talk = await assessment_of(network, "IDN")
    assert talk.prompt is not None
    for deed in DEEDS:
        value = f"{talk.assessment.id}:{talk.prompt.serial}:mechanism_status:planned"
        await forging.clicks(network, who, f"{deed.value}:0", value)
    await network[who].says("mechanism_status planned")
    after = await assessment_of(network, "IDN")
    assert (after.assessment.version, after.assessment.state) == (talk.assessment.version, talk.assessment.state)
    assert SECRET not in "".join(network[who].messages())


async def garbage(network: Network, who: str, deed: Deed, values: tuple[str, ...]) -> None:
    """Somebody clicks a button of a deed with each of these values: each time something is said, or a form opens."""
    before = len(network.sandbox.slack.recorded)
    for value in values:
        await forging.clicks(network, who, f"{deed.value}:0", value, wait=False)
    await network.settled()
    answers = [call for call in islice(network.sandbox.slack.recorded, before, None) if call.method in ANSWERS]
    assert deed is Deed.DISMISS or len(answers) >= len(values), f"{deed}: not each of {values} was answered"
    unheard = any("from before" in call.arguments.get("text", "") for call in answers)
    assert unheard is (deed in ONLY_FORMS), f"nobody hears {deed}"


async def test_garbage_on_every_button_ends_in_a_friendly_line(in_progress: Network) -> None:
    version = (await assessment_of(in_progress, "IDN")).assessment.version
    for deed in Deed:
        await garbage(in_progress, "siti", deed, GARBAGE)
    assert await in_progress.control.redeliver() == 0
    assert (await assessment_of(in_progress, "IDN")).assessment.version == version


async def test_garbage_of_the_secretariat_too(in_progress: Network) -> None:
    for deed in (deed for deed in Deed if deed not in DEEDS):
        await garbage(in_progress, "aisyah", deed, (*GARBAGE, "999999999", "999999999:1", "999999999:LAO,VNM,XXX"))
    assert await in_progress.control.redeliver() == 0


async def test_an_action_of_an_older_version_is_answered(in_progress: Network) -> None:
    siti = in_progress["siti"]
    for action in ("vote:1", "", "start:x", "start:1:2", "take\n"):
        await forging.clicks(in_progress, "siti", action, "1:1::")
        siti.hears("from before")
    assert await in_progress.control.redeliver() == 0


async def test_the_secretariats_buttons_do_nothing_for_others(network: Network) -> None:
    await network.opens()
    await submitted(network)
    talk = await assessment_of(network, "IDN")
    for who in ("siti", "bounmy", "dewi", "per"):
        value = f"{talk.assessment.id}:{talk.assessment.version}"
        await forging.clicks(network, who, "accept:0", value)
        await forging.clicks(network, who, "return:1", value)
        await forging.submits(
            network, who, "return", f"{value}|{SECRETARIAT}:1.1", indicators=["mechanism_status"], question="Why?"
        )
        for deed in ("confirm_close", "confirm_cancel", "confirm_open", "confirm_remind", "confirm_digest", "publish"):
            await forging.clicks(network, who, f"{deed}:0", "1")
        seen = dates_of(talk.cycle.due_at, talk.cycle.closes_at)
        await forging.clicks(network, who, "confirm_extend:0", f"1:{seen}:202701101000:202701241000:because")
        for command in ("review IDN", "review", "cycle close", "cycle status", "remind", "digest send"):
            answer = await network[who].command(command)
            assert "Your role does not include this" in answer, command
        assert "45.1" not in "".join(network["bounmy"].messages() + network["per"].messages())
    after = await assessment_of(network, "IDN")
    assert after.assessment.state is AssessmentState.SUBMITTED
    assert after.assessment.review_begun_at is None
    assert after.cycle.state.value == "open"
    assert after.cycle.due_at == talk.cycle.due_at


async def test_a_forged_return_form(network: Network) -> None:
    await network.opens()
    await submitted(network)
    talk = await assessment_of(network, "IDN")
    good = f"{talk.assessment.id}:{talk.assessment.version}"
    for private in (
        *(value for value in GARBAGE if value),
        f"{good}|C0NOWHERE:1.1",
        f"{good}|",
        f"{talk.assessment.id}:0|x",
    ):
        await forging.submits(network, "aisyah", "return", private, indicators=["no_such_question"], question="Why?")
    assert await network.control.redeliver() == 0
    talk = await assessment_of(network, "IDN")
    assert talk.assessment.state is AssessmentState.RETURNED
    await network["siti"].clicks("Answer now")
    network["siti"].hears("Your answers: Indonesia")


async def test_a_forged_share_form(network: Network) -> None:
    for kind, theme in (("no_kind", "no_theme"), ("", ""), ("lesson", "\ud800")):
        await forging.submits(network, "siti", "share", "", kind=kind, theme=theme, title="t", text="x\x00\ud800y")
    await forging.submits(network, "siti", "share", "")
    await forging.submits(network, "siti", "no_such_form", "")
    assert await network.control.redeliver() == 0


async def test_an_edit_of_another_persons_message(in_progress: Network) -> None:
    """Slack lets nobody edit another's message; a forged event does not either."""
    network, siti = in_progress, in_progress["siti"]
    ts = next(m.ts for m in siti.sees.messages() if "lesson_learned" in m.text)
    channel = network.sandbox.workspace.direct("U0SITI").id
    for user in ("U0BOUNMY", "U0BUDI", "U0AISYAH", "U0NOBODY"):
        message = {"type": "message", "user": user, "ts": ts, "text": "lesson_learned Forged."}
        message["edited"] = {"user": user, "ts": network.sandbox.workspace.next_ts()}  # type: ignore[assignment]
        await forging.event(
            network,
            type="message",
            subtype="message_changed",
            message=message,
            channel=channel,
            channel_type="im",
            ts="9.1",
            event_ts="9.1",
        )
    assert (await answers_of(network, "IDN"))["lesson_learned"].text == SECRET
    assert SECRET not in "".join(network["bounmy"].messages())


async def test_a_hat_that_is_not_ones_own(in_progress: Network) -> None:
    aisyah = in_progress.people["aisyah"]
    bounmy = in_progress["bounmy"]
    await forging.clicks(in_progress, "bounmy", "wear:0", str(aisyah.appointment_id))
    bounmy.hears("nothing was changed")
    assert "Your role does not include this" in await bounmy.command("cycle status")


async def test_events_of_odd_forms_are_let_go(in_progress: Network) -> None:
    channel = in_progress.sandbox.workspace.direct("U0SITI").id
    odd: list[dict[str, Any]] = [
        {"type": "message", "channel_type": "im", "channel": channel, "ts": "5.1"},
        {"type": "message", "channel_type": "im", "channel": channel, "ts": "5.2", "user": "U0NOBODY", "text": None},
        {"type": "message", "channel_type": "im", "channel": channel, "ts": "5.3", "user": "U0SITI"},
        {"type": "message", "channel_type": "im", "channel": channel, "subtype": "message_deleted", "ts": "5.4"},
        {"type": "message", "channel_type": "im", "channel": channel, "subtype": "channel_topic", "ts": "5.5"},
        {"type": "message", "channel_type": "im", "channel": channel, "subtype": "assistant_app_thread", "ts": "5.6"},
        {
            "type": "message",
            "channel_type": "im",
            "channel": channel,
            "subtype": "message_changed",
            "ts": "5.7",
            "message": {"type": "message", "ts": "5.0", "subtype": "tombstone", "text": "gone"},
        },
        {"type": "app_mention", "channel": channel, "ts": "5.8"},
        {"type": "app_home_opened", "user": "U0SITI", "tab": "messages", "channel": channel},
        {"type": "member_joined_channel", "user": "U0SPNETBOT", "channel": "C0NETWORK"},
        {"type": "reaction_added", "user": "U0SITI", "reaction": "+1", "item": {}},
    ]
    for event in odd:
        await forging.event(in_progress, **event)
    assert await in_progress.control.redeliver() == 0


async def test_what_is_refused_leaves_no_trace_of_the_other_country(in_progress: Network) -> None:
    talk = await assessment_of(in_progress, "IDN")
    await forging.clicks(in_progress, "bounmy", "take:0", f"{talk.assessment.id}:1:mechanism_status:planned")
    async with in_progress.database.reading() as session:
        rows = await audit_queries.of(session, f"assessment:{talk.assessment.id}")
    assert {row.person_id for row in rows} == {in_progress.people["siti"].person_id}
