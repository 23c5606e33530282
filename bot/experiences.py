"""Shared lessons, good practices, offers and requests: given by anyone in the network, published by the secretariat."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot import audit, ledger, permissions
from bot.errors import NotFound, WrongState
from bot.messages import Deed, Field, Form, Message
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from db.models import Experience
from db.queries import agencies as agency_queries
from db.queries import experiences as queries
from db.queries import people as people_queries
from db.queries.assessments import Given, Talk
from db.vocabulary import Availability, ExperienceKind, ExperienceState, Theme

# Which answers of section H become an experience, and of what kind.
OFFERED: dict[str, ExperienceKind] = {
    "challenge_met": ExperienceKind.CHALLENGE,
    "lesson_learned": ExperienceKind.LESSON,
    "expertise_offered": ExperienceKind.OFFER,
    "support_needed": ExperienceKind.REQUEST,
}
TITLE_LENGTH = 80
TITLE_LONGEST = 150


class ExperienceDecided(WrongState):
    """It was published or declined before. Facts: what, title, state, when."""


def subject(experience_id: int) -> str:
    """What audit and ledger call an experience."""
    return f"experience:{experience_id}"


def first_words(text: str) -> str:
    """A title made of a text's beginning, cut between words."""
    line = text.strip().split("\n")[0]
    if len(line) <= TITLE_LENGTH:
        return line
    return line[:TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


async def offer_from_assessment(
    session: Session, by: Speaker, talk: Talk, answers: Mapping[str, Given], now: datetime
) -> None:
    """Make experiences of an accepted assessment's section H; they wait for the secretariat's button."""
    for code, kind in OFFERED.items():
        answer = answers.get(code)
        if answer is None or answer.availability is not Availability.GIVEN or not answer.text:
            continue
        if await _offered_before(session, by, talk, code, answer, now):
            continue
        await _add(
            session,
            by,
            now,
            key=f"answer:{talk.assessment.id}:{code}:{talk.assessment.round}",
            kind=kind,
            theme=Theme.OTHER,
            title=first_words(answer.text),
            text=answer.text,
            member=talk.assessment.member_code,
            person_id=answer.said_by or by.person_id,
            agency_id=None,
            assessment_id=talk.assessment.id,
        )


async def _offered_before(session: Session, by: Speaker, talk: Talk, code: str, answer: Given, now: datetime) -> bool:
    """Whether an acceptance that was undone since had offered this answer already: what was decided about the same
    words stands, and what went back with the acceptance is offered again with the words of now."""
    before = await queries.of_answer(session, talk.assessment.id, f"answer:{talk.assessment.id}:{code}:")
    if any(each.text == answer.text and each.state is not ExperienceState.WITHDRAWN for each in before):
        return True
    gone = [each for each in before if each.state is ExperienceState.WITHDRAWN]
    if not gone:
        return False
    again = gone[-1]
    again.state, again.shared_at = ExperienceState.SHARED, now
    again.title, again.text = first_words(answer.text or ""), answer.text or ""
    again.person_id = answer.said_by or by.person_id
    await session.flush()
    await audit.record(session, by, "share", subject(again.id), now, kind=again.kind.value)
    await _to_moderate(session, again, now)
    return True


async def take_back(session: Session, by: Speaker, talk: Talk, now: datetime) -> list[Experience]:
    """The acceptance of an assessment is undone: what came from it and waits for the secretariat's button goes back;
    what is published stays.

    Returns:
        All that came from it, as it is now.
    """
    found = await queries.of_answer(session, talk.assessment.id, f"answer:{talk.assessment.id}:")
    for each in found:
        if await queries.decide(session, each.id, ExperienceState.WITHDRAWN, now, by.person_id):
            await audit.record(session, by, "take_back", subject(each.id), now)
            await ledger.cancel(session, subject(each.id), ["experience/moderate"], now)
        await session.refresh(each)
    return found


async def share(
    session: Session,
    by: Speaker,
    *,
    key: str,
    kind: ExperienceKind,
    theme: Theme,
    title: str,
    text: str,
    now: datetime,
) -> None:
    """Give an experience to the network. It is read by nobody but the secretariat until that publishes it.

    Args:
        key: the deed that shares, such as a modal's id: sent twice, it is shared once.

    Raises:
        NotAllowed: the person may not share.
    """
    permissions.require(by, Act.SHARE, by.member)
    await _add(
        session,
        by,
        now,
        key=key,
        kind=kind,
        theme=theme,
        title=title.strip(),
        text=text.strip(),
        member=by.member,
        person_id=by.person_id,
        # A country's experience is the country's; who stands for no country speaks for a body.
        agency_id=by.agency_id if by.member is None else None,
        assessment_id=None,
    )


async def _add(
    session: Session,
    by: Speaker,
    now: datetime,
    *,
    key: str,
    kind: ExperienceKind,
    theme: Theme,
    title: str,
    text: str,
    member: str | None,
    person_id: int,
    agency_id: int | None,
    assessment_id: int | None,
) -> None:
    if await queries.by_key(session, key) is not None:
        return
    experience = Experience(
        kind=kind,
        theme=theme,
        title=title,
        text=text,
        member_code=member,
        person_id=person_id,
        agency_id=agency_id,
        assessment_id=assessment_id,
        source_key=key,
        state=ExperienceState.SHARED,
        shared_at=now,
    )
    session.add(experience)
    await session.flush()
    await audit.record(session, by, "share", subject(experience.id), now, kind=kind.value)
    await _to_moderate(session, experience, now)


async def _to_moderate(session: Session, experience: Experience, now: datetime) -> None:
    """Put an experience before the secretariat, once each time it is shared."""
    again = (f"{now:%Y%m%dT%H%M%S}",) if experience.decided_at else ()
    await ledger.queue(
        session,
        now,
        key=ledger.key("experience", experience.id, "moderate", *again),
        kind="experience/moderate",
        subject=subject(experience.id),
        channel="secretariat",
        facts={},
    )


async def form_for(session: Session, by: Speaker, label: Callable[[str], str], text: str = "") -> Form:
    """The same as `form`, and it says in whose name this person shares: their own, with their country or body.

    Raises:
        NotAllowed: the person may not share.
    """
    permissions.require(by, Act.SHARE, by.member)
    member = await people_queries.member(session, by.member) if by.member else None
    body = await agency_queries.agency(session, by.agency_id) if by.agency_id and member is None else None
    named = member or body
    return form(label, text, Message("experience/form", {"name": by.name, "body": named.name if named else None}))


def form(label: Callable[[str], str], text: str = "", intro: Message | None = None) -> Form:
    """The short form in which an experience is shared.

    Args:
        label: gives the words for a key of templates/labels.toml.
        text: what to begin with, such as the message it is shared from.
        intro: said above it.
    """
    kinds = tuple((kind.value, label(f"kind_{kind.value}")) for kind in ExperienceKind)
    themes = tuple((theme.value, label(f"theme_{theme.value}")) for theme in Theme)
    return Form(
        Deed.SHARE,
        (
            Field("kind", "share_kind", kinds),
            Field("title", "share_field_title", maximum=TITLE_LONGEST, initial=first_words(text) if text else None),
            Field("text", "share_text", multiline=True, initial=text or None),
            Field("theme", "share_theme", themes),
        ),
        intro=intro,
    )


def check(given: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What is wrong in a filled-in form, by field: a key of templates/labels.toml."""
    problems = {name: "share_needed" for name in ("title", "text") if not "".join(given.get(name, [])).strip()}
    for name, words in (("kind", ExperienceKind), ("theme", Theme)):
        if list(given.get(name, []))[:1] not in [[word.value] for word in words]:
            problems[name] = "share_choose"
    return problems


async def share_form(
    session: Session, by: Speaker, given: Mapping[str, Sequence[str]], key: str, now: datetime
) -> None:
    """Share what a checked form says."""
    await share(
        session,
        by,
        key=key,
        kind=ExperienceKind(given["kind"][0]),
        theme=Theme(given["theme"][0]),
        title=given["title"][0],
        text=given["text"][0],
        now=now,
    )


async def decide(
    session: Session, by: Speaker, experience_id: int, now: datetime, *, publish: bool, why: str | None = None
) -> Experience:
    """Publish a shared experience to the network's channel and the next digest, or decline it.

    Raises:
        NotFound, ExperienceDecided, NotAllowed.
    """
    permissions.require(by, Act.PUBLISH_EXPERIENCES)
    experience = await queries.experience(session, experience_id)
    if experience is None:
        raise NotFound(what="experience", named=str(experience_id))
    state = ExperienceState.PUBLISHED if publish else ExperienceState.DECLINED
    if not await queries.decide(session, experience_id, state, now, by.person_id):
        await session.refresh(experience)
        raise ExperienceDecided(
            what="experience", title=experience.title, state=experience.state.value, when=experience.decided_at
        )
    await session.refresh(experience)
    await audit.record(session, by, "publish" if publish else "decline", subject(experience_id), now, why=why)
    await ledger.cancel(session, subject(experience_id), ["experience/moderate"], now)
    if publish:
        await ledger.queue(
            session,
            now,
            key=ledger.key("experience", experience_id, "network"),
            kind="experience/published",
            subject=subject(experience_id),
            channel="network",
            facts={},
        )
    return experience
