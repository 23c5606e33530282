"""Who owes what until when, how far they are, and who wrote what."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from bot import assessments, editions, permissions, workdays
from bot.assessments import narrowed, title_of_part
from bot.messages import Choice, Deed, Menu, Message
from bot.permissions import Act
from bot.reading import write
from bot.speaker import Speaker
from db.engine import Session
from db.queries import assessments as assessment_queries
from db.queries import delegations as queries
from db.queries import people as people_queries
from db.queries.assessments import Given, Talk
from db.queries.delegations import Handed
from db.vocabulary import ANSWERABLE, Availability, DelegationState, Role

# Of so many parts each has its buttons; where more are out, there is one select for all.
PARTS_WITH_BUTTONS = 11
# So many options a select has; of more contributors there are several.
MENU = 100
SHOWN = (DelegationState.OPEN, DelegationState.DONE)


@dataclass(frozen=True)
class Owes:
    """One part in somebody's hands, as a list shows it.

    Attributes:
        part: its question, or its section.
        answered, total: of its questions; one that was skipped is not answered.
        due: the last day, by the contributor's own date.
        late: that day is over, by the clock of whoever asks.
    """

    delegation_id: int
    assessment_id: int
    cycle: str
    part: str
    person: str
    agency: str | None
    given_by: str
    due: date
    late: bool
    answered: int
    total: int
    state: DelegationState
    since: datetime
    nudged_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it waits for the contributor."""
        return self.state is DelegationState.OPEN


@dataclass(frozen=True)
class Authors:
    """Who stands behind an answer that a contributor had a hand in.

    Attributes:
        wrote, agency: the contributor who wrote it last.
        changed: whoever put something else in its place since; None while the contributor's own words stand.
    """

    wrote: str
    agency: str | None
    changed: str | None


async def owed(session: Session, by: Speaker, now: datetime, assessment_id: int | None = None) -> list[Owes]:
    """What is with contributors of the speaker's own member; for a contributor, what is with them. Two statements.

    Args:
        assessment_id: only of this one; None: of every cycle that is open.

    Raises:
        NotAllowed: neither somebody who answers for a member nor a contributor.
    """
    member = by.member or ""
    if permissions.allowed(by, Act.CONTRIBUTE, by.member):
        found = await queries.handed(session, member, (DelegationState.OPEN,), by.person_id)
    else:
        permissions.require(by, Act.DELEGATE, by.member)
        found = await queries.handed(session, member, SHOWN)
    wanted = [one for one in found if assessment_id in (None, one.part.delegation.assessment_id)]
    answered = await assessment_queries.answered(session, {one.part.delegation.assessment_id for one in wanted})
    return [_owes(by, one, answered[one.part.delegation.assessment_id], now) for one in wanted]


def _owes(by: Speaker, handed: Handed, answered: Collection[str], now: datetime) -> Owes:
    part, delegation = handed.part, handed.part.delegation
    questions = editions.questions(handed.cycle, handed.assessment)
    inside = narrowed(questions, delegation).indicators
    return Owes(
        delegation.id,
        delegation.assessment_id,
        handed.cycle.title,
        title_of_part(questions, delegation.section, delegation.indicator),
        part.person,
        part.agency,
        part.given_by,
        delegation.due_on,
        workdays.local(now, by.zone).date() > delegation.due_on,
        sum(indicator.code in answered for indicator in inside),
        len(inside),
        delegation.state,
        delegation.settled_at or delegation.given_at,
        delegation.nudged_at,
    )


async def contributors(
    session: Session, by: Speaker, now: datetime, *, said: Mapping[str, str] | None = None
) -> Message:
    """The list of whoever answers for a member: who owes what, how far, with a way to remind each and to take it back.

    Args:
        said: what was just done, said above it: `did`, `person`, `part`.

    Raises:
        NotAllowed: not somebody who answers for a member.
    """
    permissions.require(by, Act.DELEGATE, by.member)
    rows = await owed(session, by, now)
    talks = await assessment_queries.live_talks(session, by.member or "")
    open_ones = [talk for talk in talks if talk.assessment.state in ANSWERABLE and not assessments.is_locked(talk, now)]
    ways: list[Choice] = []
    if open_ones:
        value = f"{open_ones[0].assessment.id}:0::"
        ways = [Choice(Deed.DELEGATE, value), Choice(Deed.RESUME, value, style="primary")]
    member = talks[0].member.name if talks else None
    colleagues = await people_queries.holders(session, [Role.CONTRIBUTOR], workdays.register_day(now), by.member or "")
    options = [
        (str(hat.appointment_id), f"{hat.name} ({hat.agency})" if hat.agency else hat.name) for hat in colleagues
    ]
    ends = [
        Menu(Deed.END_CONTRIBUTOR, tuple(options[first : first + MENU]), "end_contributor")
        for first in range(0, len(options), MENU)
    ]
    lines = [{**asdict(row), "state": row.state.value} for row in rows]
    facts = {"rows": lines, "member": member, "said": said}
    return Message("delegation/contributors", facts, (*_deeds([row for row in rows if row.is_open]), *ways, *ends))


def _deeds(rows: Sequence[Owes]) -> tuple[Choice | Menu, ...]:
    """What can be done with each part that is out."""
    if len(rows) > PARTS_WITH_BUTTONS:
        options = tuple((str(row.delegation_id), f"{row.part}: {row.person}") for row in rows)
        return Menu(Deed.NUDGE, options, "nudge_whom"), Menu(Deed.TAKE_BACK, options, "take_back_which")
    choices: list[Choice] = []
    for row in rows:
        facts = {"person": row.person, "part": row.part}
        choices.append(Choice(Deed.NUDGE, str(row.delegation_id), "nudge_person", facts))
        choices.append(Choice(Deed.TAKE_BACK, str(row.delegation_id), "take_back_part", facts))
    return tuple(choices)


async def authors(session: Session, talk: Talk, answers: Mapping[str, Given]) -> dict[str, Authors]:
    """For each answer that a contributor had a hand in, who wrote it and who changed it since."""
    if not talk.delegated:
        return {}
    last = {words.given.indicator: words for words in await queries.contributions(session, talk.assessment.id)}
    changed = {
        code: answers[code].said_by
        for code, words in last.items()
        if code in answers and not _same(answers[code], words.given)
    }
    names = await queries.names(session, {person for person in changed.values() if person is not None})
    return {
        code: Authors(words.person, words.agency, names.get(changed.get(code) or 0))
        for code, words in last.items()
        if code in answers and answers[code].availability is not Availability.SKIPPED
    }


def _same(one: Given, other: Given) -> bool:
    return one._replace(heard_key=None, said_by=None) == other._replace(heard_key=None, said_by=None)


async def written(session: Session, by: Speaker, talk: Talk) -> Message:
    """What contributors wrote, in their own words, whatever stands now.

    Raises:
        NotAllowed: another country's.
    """
    permissions.require(by, Act.DELEGATE, talk.assessment.member_code)
    questions = editions.questions(talk.cycle, talk.assessment)
    answers = await assessment_queries.answers(session, talk.assessment.id)
    rows = [
        {
            "title": questions.indicator(words.given.indicator).title,
            "value": write(assessments.reply_of(words.given), questions.indicator(words.given.indicator)),
            "person": words.person,
            "agency": words.agency,
            "when": words.said_at,
            "stands": words.given.indicator in answers and _same(answers[words.given.indicator], words.given),
        }
        for words in await queries.contributions(session, talk.assessment.id)
        if words.given.indicator in questions
    ]
    return Message("delegation/written", {"rows": rows, "member": talk.member.name, "cycle": talk.cycle.title})
