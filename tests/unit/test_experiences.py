"""Experiences: shared once, read by nobody before the secretariat publishes, decided once."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot import experiences
from bot.clock import SimulatedClock
from bot.errors import NotAllowed, NotFound
from bot.experiences import ExperienceDecided
from bot.words import words
from db.engine import Database, Session
from db.models import Answer, Delivery
from db.queries import experiences as queries
from db.vocabulary import Availability, ExperienceKind, ExperienceState, Theme, Via
from tests import cast
from tests.cast import Cast

GOOD = {"kind": ["lesson"], "theme": ["health"], "title": ["A title"], "text": ["What we learned."]}


async def share(session: Session, people: Cast, clock: SimulatedClock, who: str = "siti", key: str = "form:1") -> None:
    await experiences.share_form(session, people.speaker(who), GOOD, key, clock.now())


async def about(session: Session, experience_id: int) -> list[Delivery]:
    statement = select(Delivery).where(Delivery.subject == f"experience:{experience_id}").order_by(Delivery.id)
    return list(await session.scalars(statement))


@pytest.fixture
async def people(database: Database, clock: SimulatedClock) -> Cast:
    return await cast.make(database, clock.now())


@pytest.mark.parametrize("who", ["siti", "budi", "dewi", "aisyah", "per"])
async def test_everybody_shares_and_twice_the_same_is_once(
    database: Database, people: Cast, clock: SimulatedClock, who: str
) -> None:
    for _ in range(2):
        async with database.writing() as session:
            await share(session, people, clock, who)
    async with database.reading() as session:
        (waiting,) = await queries.waiting(session)
        assert waiting.experience.state is ExperienceState.SHARED
        assert waiting.experience.member_code == people[who].part.member
        deliveries = await about(session, 1)
    assert [(delivery.kind, delivery.channel) for delivery in deliveries] == [("experience/moderate", "secretariat")]


async def test_published_once_and_then_it_stands(database: Database, people: Cast, clock: SimulatedClock) -> None:
    async with database.writing() as session:
        await share(session, people, clock)
        await experiences.decide(session, people.speaker("aisyah"), 1, clock.now(), publish=True)
    for publish in (True, False):
        with pytest.raises(ExperienceDecided) as decided:
            async with database.writing() as session:
                await experiences.decide(session, people.speaker("aisyah"), 1, clock.now(), publish=publish)
        assert decided.value.facts["state"] == "published"
        assert decided.value.facts["when"] == clock.now()
    async with database.reading() as session:
        kinds = [delivery.kind for delivery in await about(session, 1)]
    assert sorted(kinds) == ["experience/moderate", "experience/published"]


async def test_declined_reaches_nobody(database: Database, people: Cast, clock: SimulatedClock) -> None:
    async with database.writing() as session:
        await share(session, people, clock)
        await experiences.decide(session, people.speaker("aisyah"), 1, clock.now(), publish=False, why="twice")
        deliveries = await about(session, 1)
        assert await queries.waiting(session) == []
    assert [delivery.kind for delivery in deliveries] == ["experience/moderate"]


@pytest.mark.parametrize("who", ["siti", "budi", "dewi", "per"])
async def test_only_the_secretariat_publishes(
    database: Database, people: Cast, clock: SimulatedClock, who: str
) -> None:
    async with database.writing() as session:
        await share(session, people, clock)
    with pytest.raises(NotAllowed):
        async with database.writing() as session:
            await experiences.decide(session, people.speaker(who), 1, clock.now(), publish=True)
    with pytest.raises(NotFound):
        async with database.writing() as session:
            await experiences.decide(session, people.speaker("aisyah"), 99, clock.now(), publish=True)


async def test_section_h_of_an_accepted_assessment_waits_for_the_button_once(
    database: Database, people: Cast, clock: SimulatedClock
) -> None:
    talk: Any = SimpleNamespace(assessment=SimpleNamespace(id=None, round=1, member_code="IDN"))

    def answer(code: str, availability: Availability, text: str | None) -> Answer:
        return Answer(
            indicator=code,
            availability=availability,
            text=text,
            said_at=clock.now(),
            via=Via.SLACK,
            said_by=people["siti"].person_id,
        )

    answers = {
        "lesson_learned": answer("lesson_learned", Availability.GIVEN, "Start small."),
        "challenge_met": answer("challenge_met", Availability.SKIPPED, None),
        "support_needed": answer("support_needed", Availability.NOT_AVAILABLE, None),
        "progress_made": answer("progress_made", Availability.GIVEN, "More families."),
    }
    for _ in range(2):
        async with database.writing() as session:
            await experiences.offer_from_assessment(
                session, people.speaker("aisyah"), talk, answers, clock.now() + timedelta(days=1)
            )
    async with database.reading() as session:
        (waiting,) = await queries.waiting(session)
    assert waiting.experience.kind is ExperienceKind.LESSON
    assert waiting.person == "Siti Rahmadani"
    assert waiting.experience.text == "Start small."


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"title": ["  "]}, {"title": "share_needed"}),
        ({"text": []}, {"text": "share_needed"}),
        ({"kind": ["gossip"]}, {"kind": "share_choose"}),
        ({"kind": []}, {"kind": "share_choose"}),
        ({"theme": [""]}, {"theme": "share_choose"}),
        ({}, {}),
    ],
)
def test_a_form_is_checked(change: dict[str, list[str]], problem: dict[str, str]) -> None:
    assert experiences.check({**GOOD, **change}) == problem


@given(st.dictionaries(st.sampled_from(["kind", "theme", "title", "text", "more"]), st.lists(st.text(), max_size=3)))
def test_whatever_a_form_holds_its_faults_have_words(given_in: dict[str, list[str]]) -> None:
    for name, problem in experiences.check(given_in).items():
        assert name in GOOD
        assert words().label(problem)


@given(st.text(min_size=1))
def test_a_title_is_one_short_line(text: str) -> None:
    title = experiences.first_words(text)
    assert "\n" not in title
    assert len(title) <= experiences.TITLE_LENGTH + 1


def test_every_kind_and_theme_can_be_chosen() -> None:
    form = experiences.form(words().label)
    chosen = {field.name: [value for value, _ in field.options] for field in form.fields}
    assert chosen["kind"] == [kind.value for kind in ExperienceKind]
    assert chosen["theme"] == [theme.value for theme in Theme]
