"""The rules of a part in a contributor's hands on both databases: races, what a form can hold, what a list costs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot import assessments, cycles, delegation
from bot.delegation import entries, forms
from bot.errors import NotAllowed, NotFound, Refusal
from bot.permissions import Act
from bot.reading import Reply
from db.engine import Conflict, Database, Session
from db.models import Address, Contribution, Delegation, Entry
from db.queries import assessments as assessment_queries
from db.queries import delegations as queries
from db.vocabulary import Availability, DelegationState, QuestionSetCode, Via
from tests import cast
from tests.cast import Cast
from tests.reports import counted

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
DAY = date(2026, 12, 4)
Deed = Callable[[Session], Awaitable[Any]]


@dataclass
class Stage:
    """Indonesia's assessment in an open cycle."""

    database: Database
    people: Cast
    id: int = 0

    def wish(self, section: str = "B", indicator: str | None = None, due: date = DAY) -> forms.Wish:
        return forms.Wish(section, indicator, self.people["rina"].person_id, "", "", None, due, None)

    async def gives(self, wish: forms.Wish | None = None, who: str = "siti") -> delegation.Handed:
        async with self.database.writing() as session:
            return await self.giving(session, wish or self.wish(), who)

    async def giving(self, session: Session, wish: forms.Wish, who: str = "siti") -> delegation.Handed:
        by = self.people.speaker(who)
        talk = await assessments.find(session, by, Act.DELEGATE, self.id)
        return await delegation.give(session, by, talk, wish, NOW, pages=True)

    async def at_once(self, *deeds: Deed) -> list[Any]:
        """Several people do something at the same moment; a lost race is done once more, as the handlers do."""

        async def tries(deed: Deed) -> Any:
            for _ in range(3):
                try:
                    async with self.database.writing() as session:
                        return await deed(session)
                except Conflict:
                    continue
                except Refusal as refusal:
                    return refusal
            raise AssertionError("lost three races")

        return await asyncio.gather(*(tries(deed) for deed in deeds))


@pytest.fixture
async def stage(database: Database) -> Stage:
    people = await cast.make(database, NOW)
    found = Stage(database, people)
    async with database.writing() as session:
        by = people.speaker("aisyah")
        plan = await cycles.plan(
            session,
            by,
            code="2026",
            title="Full assessment 2026",
            question_set=QuestionSetCode.FULL,
            edition="common-1",
            due=datetime(2026, 12, 15, 10, 0, tzinfo=UTC),
            closes=datetime(2027, 1, 10, 10, 0, tzinfo=UTC),
            now=NOW,
        )
        await cycles.open_cycle(session, by, plan.cycle.id, NOW)
        for standing in await assessment_queries.standings(session, plan.cycle.id):
            if standing.member.code == "IDN":
                found.id = standing.assessment.id
    return found


async def test_a_question_is_with_one_person_at_a_time_however_many_hand_it_out(stage: Stage) -> None:
    wishes = (stage.wish(), stage.wish(indicator="health_protection"), stage.wish("B"))
    done = await stage.at_once(
        *(lambda session, wish=wish: stage.giving(session, wish) for wish in wishes),
        lambda session: stage.giving(session, stage.wish(), "budi"),
    )
    assert sum(isinstance(one, delegation.Handed) for one in done) == 1
    assert sum(isinstance(one, delegation.AlreadyOut) for one in done) == 3
    async with stage.database.reading() as session:
        assert len((await session.scalars(select(Delegation))).all()) == 1
    async with stage.database.writing() as session:
        session.add(
            Address(person_id=stage.people["linh"].person_id, address="l@h.example.org", added_at=NOW, confirmed_at=NOW)
        )
    for wish, refusal in (
        (replace(stage.wish("A"), person_id=None, name="X", email="l@h.example.org"), delegation.NotYours),
        (stage.wish("Z"), NotFound),
        (stage.wish("B", "gini_index"), NotFound),
        (replace(stage.wish("A"), person_id=stage.people["siti"].person_id), NotFound),
        (replace(stage.wish("A"), person_id=None, name="X", email="per@example.org"), delegation.NotYours),
        (replace(stage.wish("A"), person_id=None, name="X", email="budi@example.org"), delegation.AnswersAlready),
        (replace(stage.wish("A"), person_id=None, name="X", email="x@example.org", agency_id=99), NotFound),
        (stage.wish("A", due=date(2026, 11, 1)), delegation.DayDoesNotFit),
        (stage.wish("A", due=date(2026, 12, 16)), delegation.DayDoesNotFit),
    ):
        with pytest.raises(refusal):
            await stage.gives(wish)
    for who in ("bounmy", "dewi", "aisyah", "per", "rina"):
        with pytest.raises((NotFound, NotAllowed)):
            await stage.gives(stage.wish("A"), who)


async def test_a_part_ends_once(stage: Stage) -> None:
    part = (await stage.gives()).delegation
    siti, rina = stage.people.speaker("siti"), stage.people.speaker("rina")

    async def hands_over(session: Session) -> Any:
        own = await queries.own(session, part.id, lock=True)
        assert own is not None
        return await delegation.done(session, rina, own.talk, own.delegation, NOW)

    async def takes_back(session: Session) -> Any:
        return await delegation.take_back(session, siti, part.id, NOW)

    done = await stage.at_once(hands_over, takes_back, hands_over, takes_back)
    assert sum(isinstance(one, assessments.PartSettled) for one in done) == 3
    again = await stage.at_once(takes_back, lambda session: delegation.nudge(session, siti, part.id, NOW))
    assert all(isinstance(one, assessments.PartSettled) for one in again)


async def test_nobodys_mailbox_is_filled(stage: Stage) -> None:
    """Each handing is a message: ten a day to one person by a country, however they are spread; three links a day."""
    siti, wish = stage.people.speaker("siti"), stage.wish
    for _ in range(8):
        part = (await stage.gives()).delegation
        async with stage.database.writing() as session:
            await delegation.take_back(session, siti, part.id, NOW)
    done = await stage.at_once(*(lambda session, it=letter: stage.giving(session, wish(it)) for letter in "ABCG"))
    assert sum(isinstance(one, delegation.Handed) for one in done) == 2
    refusal = next(one for one in done if isinstance(one, delegation.HandedOften))
    assert refusal.facts == {"person": "Rina Kusuma", "most": 10, "again": NOW + timedelta(days=1)}
    # By her address as by her name; another person, and another day, are no matter.
    with pytest.raises(delegation.HandedOften):
        await stage.gives(replace(wish("F"), person_id=None, name="R", email="rina@example.org"))
    await stage.gives(replace(wish("F"), person_id=None, name="New", email="new@example.org"))
    async with stage.database.writing() as session:
        talk = await assessments.find(session, siti, Act.DELEGATE, stage.id)
        await delegation.give(session, siti, talk, wish("E"), NOW + timedelta(days=1, seconds=1), pages=True)
    async with stage.database.reading() as session:
        open_ones = await queries.parts(session, stage.id, (DelegationState.OPEN,))
        mine = [part.delegation.id for part in open_ones if part.person == "Rina Kusuma"]
        links = [await queries.newest_entry(session, each) for each in mine]

    def asks(entry_id: int) -> Deed:
        async def ask(session: Session) -> Any:
            return await delegation.send_new_link(session, await delegation.inside(session, entry_id, None, NOW), NOW)

        return ask

    done = await stage.at_once(*(asks(link.id) for link in links if link for _ in range(2)))
    assert (len(links), done.count(None)) == (3, 3)
    assert [one.facts["again"] for one in done if one is not None] == [NOW + timedelta(days=1)] * 3


async def test_one_browser_is_let_in(stage: Stage) -> None:
    part = (await stage.gives()).delegation
    async with stage.database.reading() as session:
        entry = await queries.newest_entry(session, part.id)
    assert entry is not None and entry.browser is None

    def enters(cookie: str) -> Deed:
        async def enter(session: Session) -> Any:
            found = await delegation.inside(session, entry.id, cookie, NOW)
            return await delegation.enter(session, found, cookie, NOW)

        return enter

    done = await stage.at_once(*(enters(f"cookie-{number}") for number in range(4)))
    assert sum(isinstance(one, delegation.AnotherBrowser) for one in done) == 3
    async with stage.database.reading() as session:
        kept = (await session.scalars(select(Entry))).one()
        inside = [(await delegation.inside(session, entry.id, f"cookie-{n}", NOW)).is_in for n in range(4)]
    assert inside.count(True) == 1
    assert kept.browser == entries.browser_of(f"cookie-{inside.index(True)}")


async def test_what_a_contributor_writes_is_kept_for_good_beside_the_answer(stage: Stage) -> None:
    part = (await stage.gives()).delegation
    siti, rina = stage.people.speaker("siti"), stage.people.speaker("rina", Via.PAGE)
    async with stage.database.writing() as session:
        own = await queries.own(session, part.id, lock=True)
        assert own is not None
        sent = {"a_uhc_service_coverage": "68 2021 WHO", "a_gini_index": "38 2020 WDI", "a_health_protection": "n/a"}
        saved = await delegation.save(session, rina, own, sent, NOW)
    assert (saved.stored, list(saved.problems)) == (1, ["health_protection"])
    async with stage.database.writing() as session:
        talk = await assessments.find(session, siti, Act.ANSWER, stage.id)
        standing = await assessment_queries.answers(session, stage.id)
        assert set(standing) == {"uhc_service_coverage"}
        reply = Reply(
            Availability.GIVEN,
            number=assessments.reply_of(standing["uhc_service_coverage"]).number,
            year=2022,
            source="WHO",
        )
        await assessments.store(session, siti, talk, standing, "uhc_service_coverage", reply, NOW)
        behind = await delegation.authors(session, talk, standing)
        written = await delegation.written(session, siti, talk)
    assert behind["uhc_service_coverage"] == delegation.Authors("Rina Kusuma", None, "Siti Rahmadani")
    assert [(row["value"], row["stands"]) for row in written.facts["rows"]] == [("68 (2021, WHO)", False)]
    async with stage.database.writing() as session:
        own = await queries.own(session, part.id, lock=True)
        assert own is not None
        for code in ("gini_index", "nothing_such"):
            with pytest.raises(NotFound):
                await assessments.store(session, rina, own.talk, {}, code, reply, NOW, delegation=own.delegation)
        with pytest.raises(NotAllowed):
            await assessments.store(session, rina, own.talk, {}, "uhc_service_coverage", reply, NOW)
        assert len((await session.scalars(select(Contribution))).all()) == 1


async def test_who_owes_what_costs_two_statements(stage: Stage) -> None:
    siti, rina, bounmy = (stage.people.speaker(who) for who in ("siti", "rina", "bounmy"))
    for letter in "ABCG":
        await stage.gives(stage.wish(letter))
    for by, shown in ((siti, 4), (rina, 4), (bounmy, 0)):
        with counted(stage.database) as statements:
            async with stage.database.reading() as session:
                rows = await delegation.owed(session, by, NOW)
        assert (len(rows), len(statements) <= 2) == (shown, True)
    async with stage.database.reading() as session:
        with pytest.raises(NotAllowed):
            await delegation.owed(session, stage.people.speaker("dewi"), NOW)
    assert (await stage.gives(stage.wish("D", "unemployed_covered"))).part == "Unemployed persons covered"
    async with stage.database.reading() as session:
        (first, *_) = await queries.handed(session, "IDN", (DelegationState.OPEN,))
    assert first.part.person == "Rina Kusuma"
