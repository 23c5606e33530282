"""Nobody reads or writes another country's unpublished answers over any path: commands, old buttons, forged values,
forms, pages, App Home, messages; in whatever state the assessment is.

What is tried is made from the registries (tests/stories/paths.py): whoever adds a deed, a command, a form or a page has
it walked here by everybody who may not.
"""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import or_, select, update

from bot import workdays
from bot.clock import SimulatedClock
from bot.messages import Deed
from db.engine import Database
from db.models import TABLES, Appointment, AuditRow, Clearance, Delegation, Delivery, Member, Person, StoredFile
from db.vocabulary import AssessmentState, Role
from handlers import actions
from tests.browsing import PUBLIC_ADDRESS, Browser, link_in
from tests.cast import PARTS, SINCE, Part
from tests.stage import SECRETARIAT, Network, Way, stage
from tests.stories.conftest import address
from tests.stories.paths import Ids, Moment, Paths
from tests.stories.test_conversation import assessment_of
from tests.stories.test_floors import sets
from tests.stories.test_succession import hands_over

ONE_WAY = pytest.mark.only_over("socket", "what is let through is decided behind the wire: either way carries the same")

# What Indonesia keeps to itself: said by those who answer for it, and by each contributor about their own section.
WHOLE = re.compile(r"zephyrine|quixotic|\b(?<![\d.])(?:71[.,]37|8[.,]6543)(?![\d.])", re.IGNORECASE)
PARTS_OF = {
    "agus": re.compile(r"vermilion|\b(?<![\d.])63[.,]19(?![\d.])", re.IGNORECASE),
    "yuni": re.compile(r"cerulean|\b(?<![\d.])58[.,]47(?![\d.])", re.IGNORECASE),
}
# What was said after the secretariat had seen the first submission.
NEWER = re.compile(r"quixotic", re.IGNORECASE)
REST = """
mechanism_status operational
national_strategy adopted
social_registry partial
population_covered 45.1 2023 SUSENAS
portability negotiating
progress_made More families were reached.
""".strip()
PDF = b"%PDF-1.7 zephyrine letter"

EXTRAS = (
    Part("wati", "Wati Before", Role.FOCAL_POINT, "IDN"),
    Part("tono", "Tono Before", Role.COORDINATOR, "IDN"),
    Part("ratih", "Ratih Page", Role.COORDINATOR, "IDN"),
    Part("agus", "Agus Contributes", Role.CONTRIBUTOR, "IDN"),
    Part("yuni", "Yuni Page", Role.CONTRIBUTOR, "IDN"),
    Part("noy", "Noy Alternate", Role.ALTERNATE, "LAO"),
    Part("kham", "Kham Contributes", Role.CONTRIBUTOR, "LAO"),
)
WITHOUT_CHAT = ("ratih", "yuni")
GONE = ("wati", "tono")
ANSWERING = ("siti", "budi", "dewi", "ratih")
# Every role of another country, the own country's contributor of another section, a partner, a stranger, those before.
OUTSIDERS = ("bounmy", "noy", "kham", "thong", "rina", "per", "wati", "tono", "U0KIM")
# What the secretariat does by right, whatever state an answer is in.
ITS_OWN = (
    *(deed for deed in actions.COMMANDS),
    *actions.EXPERIENCES,
    *actions.MECHANISMS,
    *actions.REGISTER,
    *actions.REGISTER_FORMS,
    *actions.ERRATUM_FORMS,
    Deed.SET_CLEARANCE,
)


@pytest.fixture
async def network(sqlite_database: Database, clock: SimulatedClock, way: Way) -> AsyncIterator[Network]:
    pages = {"public_address": PUBLIC_ADDRESS}
    async with stage(address(sqlite_database), clock, way=way, parts=(*PARTS, *EXTRAS), pages=pages) as network:
        network.newcomer("U0KIM", "Kim Stranger")
        yield network


@pytest.fixture(autouse=True)
def _nothing_unexpected(capsys: pytest.CaptureFixture[str]) -> Any:
    """No path ends in an error that nobody foresaw."""
    yield
    told = capsys.readouterr()
    assert "Traceback" not in told.out + told.err
    assert "_fault" not in told.out


def _part_of(model: Any, row: Any) -> int | None:
    """Which part of an assessment a row belongs to."""
    if model is AuditRow:
        return row["detail"].get("delegation")
    return row["id"] if model is Delegation else row.get("delegation_id")


class Siege:
    """An assessment with its secrets, and everybody who may not have them."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.paths = Paths(network)

    async def rows(self, but: int | None = None) -> dict[str, list[dict[str, Any]]]:
        """Every row that belongs to Indonesia or to its assessment, but for what waits to be sent.

        Args:
            but: a contributor: what belongs to this person's own part is theirs.
        """
        talk = await assessment_of(self.network, "IDN")
        found: dict[str, list[dict[str, Any]]] = {}
        async with self.network.database.reading() as session:
            parts = (await session.execute(select(Delegation.id, Delegation.person_id))).all()
            for model in TABLES:
                columns: Any = model.__table__.columns
                ways = [columns.member_code == "IDN"] if "member_code" in columns else []
                ways += [columns.assessment_id == talk.assessment.id] if "assessment_id" in columns else []
                ways += [columns.delegation_id.in_([part for part, _ in parts])] if "delegation_id" in columns else []
                if model is Member:
                    ways = [columns.code == "IDN"]
                if model is AuditRow:
                    ways = [columns.subject == f"assessment:{talk.assessment.id}"]
                if model is Delivery or not ways:
                    continue
                rows = await session.execute(select(model.__table__).where(or_(*ways)).order_by(columns[0]))
                own = {part for part, person in parts if person == but}
                found[model.__tablename__] = [dict(row) for row in rows.mappings() if _part_of(model, row) not in own]
        return found

    async def ids(self) -> Ids:
        """What a forger would guess."""
        talk = await assessment_of(self.network, "IDN")
        assessment = talk.assessment.id
        held = select(Appointment.id).where(Appointment.role == Role.FOCAL_POINT, Appointment.ends_on.is_(None))
        async with self.network.database.reading() as session:
            return Ids(
                assessment,
                talk.prompt.serial if talk.prompt else 1,
                talk.assessment.version,
                list(await session.scalars(select(Delegation.id).where(Delegation.assessment_id == assessment))),
                list(await session.scalars(select(Clearance.id).where(Clearance.assessment_id == assessment))),
                [self.network.people["siti"].person_id, self.network.people["agus"].person_id],
                list(await session.scalars(select(StoredFile.id))),
                list(await session.scalars(held.where(Appointment.member_code == "IDN"))),
            )

    async def stands(self, state: AssessmentState, *outsiders: str, knows: tuple[str, ...] = ()) -> None:
        """Everybody else tries everything in this state: nothing of it is seen, no row of it is changed.

        Args:
            knows: who else has read what was submitted by now.
        """
        assert (await assessment_of(self.network, "IDN")).assessment.state is state
        ids = await self.ids()
        for who in outsiders:
            own = self.network.people[who].person_id if who in ("rina", "agus") else None
            before, here = await self.rows(own), self.paths.here()
            await self.paths.walk(who, ids, skip=ITS_OWN if who == "aisyah" else ())
            for name, rows in (await self.rows(own)).items():
                moved = [row for row in (*before[name], *rows) if row not in rows or row not in before[name]]
                assert not moved, f"{who} changed {name} while {state.value}: {moved}"
            assert self.told(knows, here) == [], f"{who} while {state.value}"

    def told(self, knows: tuple[str, ...] = (), since: Moment = Moment(), *, besieged: bool = True) -> list[str]:
        """What the bot has sent to anybody else."""
        found = self.paths.leaks(WHOLE, (*ANSWERING, *knows), since, besieged=besieged)
        for who, marks in PARTS_OF.items():
            found += self.paths.leaks(marks, (*ANSWERING, *knows, who), since, besieged=besieged)
        if "aisyah" in knows:
            found += self.paths.leaks(NEWER, ANSWERING, since, besieged=besieged)
        return found


async def begin(network: Network) -> None:
    """Wati and Tono did the work until today: Siti takes over in the middle of a question. Indonesia wants the yes."""
    today = workdays.register_day(network.clock.now())
    wati, siti, dewi = network["wati"], network["siti"], network["dewi"]
    async with network.database.writing() as session:
        for who in WITHOUT_CHAT:
            person = network.people[who].person_id
            await session.execute(update(Person).where(Person.id == person).values(slack_id=None))
        # Siti holds no role yet; Tono's ends with this day.
        ends = {"siti": SINCE - workdays.DAY, "tono": today}
        for who, day in ends.items():
            appointment = network.people[who].appointment_id
            await session.execute(update(Appointment).where(Appointment.id == appointment).values(ends_on=day))
    await network.opens()
    await wati.clicks("Start")
    await wati.says("edit poverty_national_line")
    await network["bounmy"].clicks("Start")
    await dewi.command("clearance set")
    await dewi.fills(wanted="yes")
    assert await dewi.submits() is None
    await network.passes(days=1)
    await hands_over(network, person=siti.slack_id, mandate="director")


async def hand_out(network: Network, question: str, section: str, who: str) -> None:
    """Siti hands a section to a contributor."""
    siti = network["siti"]
    await siti.says(f"edit {question}")
    await siti.clicks("Ask a colleague")
    await siti.fills(part=f"{section}:", who=str(network.people[who].person_id), due="2026-12-04")
    assert await siti.submits() is None


async def answered(network: Network) -> None:
    """Siti answers, and three contributors have a part each: Agus and Rina in chat, Yuni on her page."""
    siti, agus, rina = network["siti"], network["agus"], network["rina"]
    await siti.says("lesson_learned The zephyrine orchard.")
    await siti.says("poverty_national_line 71.37 2023 zephyrine")
    await hand_out(network, "children_covered", "C", "agus")
    await hand_out(network, "health_protection", "B", "rina")
    await hand_out(network, "pension_covered", "E", "yuni")
    await agus.clicks("Answer now")
    await agus.says("63.19 2024 vermilion")
    await rina.clicks("Answer now")
    async with Browser(network) as browser:
        await browser.visits(link_in(network["yuni"].mails[-1], "answer"))
        await browser.presses("I am Yuni Page: open it")
        await browser.presses("Keep for now", a_pension_covered="58.47 2024 cerulean")
        assert "cerulean" in browser.source
        others = WHOLE.search(browser.source) or PARTS_OF["agus"].search(browser.source)
        assert others is None, "a contributor's page holds their own part"
    # A floor that waits for the yes is the country's own as well.
    assert await sets(siti, "Gini index", floor="8.6543", source="Law zephyrine", valid_from="2026-01-01") is None
    await siti.clicks("Ask for the yes")
    await siti.says("edit gini_index")
    await siti.says("8.6543")


async def submitted(network: Network) -> None:
    """The rest is answered and handed in without those who have not answered."""
    siti = network["siti"]
    await siti.says("2023 zephyrine")
    await siti.says(REST)
    await siti.says("review")
    await siti.clicks("Submit")
    await siti.clicks("Submit without them")


@ONE_WAY
async def test_before_it_leaves_the_country(network: Network) -> None:
    """In progress with parts in several hands and words that wait for their year; then while the yes is waited for."""
    siege = Siege(network)
    await begin(network)
    await answered(network)
    assert siege.told(besieged=False) == []
    await siege.stands(AssessmentState.IN_PROGRESS, *OUTSIDERS, "aisyah")
    await submitted(network)
    assert siege.told(besieged=False) == []
    await siege.stands(AssessmentState.AWAITING_CLEARANCE, "bounmy", "kham", "thong", "rina", "tono", "U0KIM", "aisyah")


@ONE_WAY
async def test_after_it_was_handed_in(network: Network) -> None:
    """Submitted, returned, taken up again with something new in it, handed in by a letter, accepted."""
    siti, aisyah = network["siti"], network["aisyah"]
    siege = Siege(network)
    await begin(network)
    await answered(network)
    await submitted(network)
    async with Browser(network) as browser:
        await browser.visits(link_in(network["ratih"].mails[-1], "clear"))
        await browser.presses("Clear it")
    await siege.stands(AssessmentState.SUBMITTED, "noy", "thong", "rina", "agus", "wati", knows=("aisyah",))

    await aisyah.clicks("Return with a question", channel=SECRETARIAT)
    await aisyah.fills(indicators=["poverty_national_line"], question="Which line is zephyrine?")
    assert await aisyah.submits() is None
    await siege.stands(AssessmentState.RETURNED, "bounmy", "kham", "per", "tono", knows=("aisyah",))
    assert "Nothing is new" in await aisyah.command("digest send"), "what is not accepted is in no digest"

    await siti.clicks("Answer now")
    await siti.says("71.37 2024 quixotic")
    await siege.stands(AssessmentState.IN_PROGRESS, "aisyah", knows=("aisyah",))
    assert siege.told(("aisyah",), besieged=False) == []

    await siti.clicks("Submit")
    scan = await siti.act("attaches", name="letter.pdf", content=base64.b64encode(PDF).decode())
    await siti.clicks("Record a signed letter")
    await siti.fills(signatory="The Minister", reference="zephyrine/12", signed="2026-11-03", scan=[scan["id"]])
    assert await siti.submits() is None
    await aisyah.clicks("See the letter", channel=SECRETARIAT)
    await aisyah.clicks("Accept", channel=SECRETARIAT)
    await siege.stands(AssessmentState.ACCEPTED, "bounmy", "noy", "rina", "per", "U0KIM", knows=("aisyah",))
