"""Evidence in the conversation: a link or a file that comes with an answer, after it, or by a button.

What comes alone stands behind the question that it names; else behind the one that is half answered or asked to be
explained; else behind the open one. Where the last answer and the open question could both be meant, it is asked which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot import evidence
from bot.errors import NotFound, numbered
from bot.evidence import EvidenceRefused
from bot.formats import Indicator
from bot.interview import replies
from bot.interview.ask import again, proceed
from bot.interview.scene import Said, Scene, keep_note, note, scene_at
from bot.messages import Choice, Deed, Menu, Message
from bot.reading import AskBack, Draft, Line, Reply, Unreadable, clean, named, phrase, read
from bot.speaker import Speaker
from db.engine import Session
from db.queries import assessments as queries
from db.vocabulary import HeardState, Kind, Stage

# So much fits into a button, and so many files are taken from one message.
LONGEST_VALUE = 150
MOST_FILES = 3
SEPARATOR = "|"


@dataclass(frozen=True)
class Which:
    """What the button of "behind which answer?" carries: the message that the evidence came in, and its files."""

    assessment_id: int
    indicator: str
    delegation_id: int | None
    key: str
    file_ids: tuple[str, ...]


def parse(value: str) -> Which:
    """A button's value taken apart.

    Raises:
        NotFound: it was not made by this bot.
    """
    parts = value.split(SEPARATOR)
    if len(parts) != 5 or len(value) > LONGEST_VALUE:
        raise NotFound(what="button", named=value[:40])
    file_ids = tuple(filter(None, parts[4].split(",")))[:MOST_FILES]
    return Which(numbered(parts[0]), parts[1], numbered(parts[2]) if parts[2] else None, parts[3], file_ids)


def _value(scene: Scene, code: str) -> str:
    part = str(scene.delegation.id) if scene.delegation else ""
    fields = (str(scene.talk.assessment.id), code, part, scene.said.key, ",".join(scene.said.file_ids[:MOST_FILES]))
    return SEPARATOR.join(fields)


def prepare(scene: Scene) -> None:
    """Take the addresses out of what was written, where it is read better without them. They stay in a free text, and
    where an address is itself the source."""
    text = scene.said.text
    rest, links = evidence.links_in(text)
    if not links:
        return
    scene.said = replace(scene.said, whole=text)
    prompt, indicator = scene.prompt, scene.indicator()
    free = prompt is not None and (prompt.stage is Stage.REVIEW or (indicator and indicator.kind is Kind.TEXT))
    if whole := _answers_in(scene, text):
        # As the source of one of them it stays.
        better = rest if _answers_in(scene, rest) >= whole else text
        scene.said = replace(scene.said, text=better, links=tuple(links))
    elif _names(scene, rest) or (not rest and not free) or phrase(rest) is not None or _answers_in(scene, rest):
        scene.said = replace(scene.said, text=rest, links=tuple(links))
    elif prompt is not None and prompt.stage is Stage.EXPLAIN:
        scene.said = replace(scene.said, links=tuple(links))
    elif indicator is not None and not free:
        scene.said = replace(scene.said, text=readable(text, indicator, scene), links=tuple(links))


def _answers_in(scene: Scene, text: str) -> int:
    """How many whole answers stand in a text, each with its question."""
    return sum(isinstance(line.outcome, Reply) for line in scene.lines(text) or ())


def readable(text: str, indicator: Indicator, scene: Scene) -> str:
    """The same answer without its addresses; with them, where only so it is a whole one."""
    rest, links = evidence.links_in(text)
    if not links or not rest or indicator.kind is Kind.TEXT:
        return text
    draft = Draft.from_json(scene.prompt.draft) if scene.prompt and scene.prompt.draft and _half(scene) else None
    for each in (rest, text):
        try:
            if isinstance(read(each, indicator, draft=draft, today=scene.today), Reply):
                return each
        except Unreadable:
            continue
    return rest


def _half(scene: Scene) -> bool:
    return scene.prompt is not None and scene.prompt.stage is not Stage.EXPLAIN


def _names(scene: Scene, text: str) -> Indicator | None:
    """The question that a text names and says nothing else about. Where there is a figure in it, it must be its very
    name: a value is no slip of the pen."""
    found = named(text, scene.questions.indicators) if text and not text.isdecimal() else None
    if found is not None and any(sign.isdecimal() for sign in text):
        exact = text.strip().casefold() in (found.code.casefold(), found.title.casefold())
        return found if exact else None
    return found


async def behind(scene: Scene, code: str) -> None:
    """Keep what came with this turn behind one answer; what is not taken is said, and the answer stands without it."""
    limits = scene.said.limits
    for what in (*scene.said.links, *scene.said.handed):
        try:
            if isinstance(what, EvidenceRefused):
                raise what
            piece = evidence.link_of(what, limits) if isinstance(what, str) else what
            kept = await evidence.add(
                scene.session, scene.by, scene.talk, code, piece, limits, scene.now, delegation=scene.delegation
            )
        except EvidenceRefused as refused:
            name = refused.facts["name"]
            scene.echo.append({"how": "evidence_refused", "title": name, "value": None, **refused.facts})
        else:
            title = scene.questions.indicator(code).title
            scene.echo.append({"how": "evidence_kept", "title": title, "value": kept.title, "code": code})
    scene.said = replace(scene.said, links=(), handed=())


async def behind_lines(scene: Scene, given: Sequence[Line]) -> None:
    """Keep what came with pasted lines: a link behind the answer of its line; what stands in none of them behind the
    answer, where there is one only. Of the rest it is said that it is sent once more, with the name of its question."""
    said = scene.said
    if not (said.links or said.handed) or (len(given) == 1 and isinstance(given[0].outcome, AskBack)):
        return
    left = dict.fromkeys(said.links)
    for code, links in _by_line(said.whole, given):
        scene.said = replace(said, links=tuple(links), handed=())
        await behind(scene, code)
        for link in links:
            left.pop(link, None)
    scene.said = replace(said, links=tuple(left), handed=said.handed)
    stored = [line.indicator.code for line in given if line.indicator and isinstance(line.outcome, Reply)]
    if len(stored) == 1:
        await behind(scene, stored[0])
        return
    for title in _titles(scene):
        scene.echo.append({"how": "evidence_of_which", "title": title, "value": None})


def _by_line(whole: str, given: Sequence[Line]) -> list[tuple[str, list[str]]]:
    """Which links stand in the line of which question. A line that is none of those read, such as a link on a line of
    its own, goes on with the one before it."""
    found: list[tuple[str, list[str]]] = []
    waiting = [(_alike(line.raw), line) for line in given]
    at: Line | None = None
    for written in whole.split("\n"):
        rest, links = evidence.links_in(written)
        said = _alike(rest)
        place = next((n for n, (raw, _) in enumerate(waiting) if said and raw == said), None)
        if place is not None:
            at = waiting[place][1]
            del waiting[: place + 1]
        if links and at is not None and at.indicator is not None and isinstance(at.outcome, Reply | AskBack):
            found.append((at.indicator.code, links))
    return found


def _alike(line: str) -> str:
    """A line as it is compared: without its addresses, and with no more than one blank in a row."""
    return " ".join(clean(evidence.links_in(line)[0]).split())


def alone(scene: Scene) -> bool:
    """Whether this turn brings evidence and no answer: nothing is written beside it, or only the name of a question."""
    said = scene.said
    return bool(said.links or said.handed) and (not said.text or _names(scene, said.text) is not None)


async def take(scene: Scene) -> Message:
    """Evidence that came alone: kept behind the question that is meant, or asked about."""
    meant = _names(scene, scene.said.text)
    if meant is not None:
        return await _kept(scene, meant.code)
    sure, perhaps = await _meant(scene)
    if sure is not None:
        return await _kept(scene, sure)
    scene.remember(HeardState.IN_PART)
    return which(scene, perhaps)


async def _meant(scene: Scene) -> tuple[str | None, list[str]]:
    """The question that is surely meant, or those that perhaps are, the likeliest first."""
    prompt, open_now = scene.prompt, scene.indicator()
    if prompt is not None and open_now is not None and (prompt.draft or prompt.stage is Stage.EXPLAIN):
        return open_now.code, []
    last = await _last_answered(scene)
    if open_now is not None and last in (None, open_now.code):
        return (open_now.code, []) if open_now.numeric or open_now.kind is not Kind.TEXT else (None, [open_now.code])
    if open_now is None and last is not None and prompt is not None and prompt.stage is Stage.SECTION:
        return last, []
    return None, [code for code in (last, open_now.code if open_now else None) if code is not None]


async def _last_answered(scene: Scene) -> str | None:
    """The question that this person answered with their last message, if it answered one only."""
    before = await queries.heard_before(scene.session, scene.talk.assessment.id, scene.by.person_id, scene.said.key)
    codes = [code for code in (before.indicators if before else None) or [] if code in scene.questions]
    return codes[-1] if len(codes) == 1 and codes[-1] in scene.standing else None


def which(scene: Scene, perhaps: list[str]) -> Message:
    """Behind which answer? The likely ones as buttons, all of them in a select."""
    buttons = tuple(
        Choice(Deed.ATTACH, _value(scene, code), "as_it_is", {"text": scene.questions.indicator(code).title})
        for code in perhaps
    )
    options = tuple((_value(scene, each.code), each.title) for each in scene.questions.indicators)
    facts = {**replies.about(scene), "titles": _titles(scene)}
    return Message("evidence/which", facts, (*buttons, Menu(Deed.ATTACH, options, "another_question")))


def _titles(scene: Scene) -> list[str]:
    return [
        *scene.said.links,
        *(str(each.facts["name"]) if isinstance(each, EvidenceRefused) else each.title for each in scene.said.handed),
    ]


async def _kept(scene: Scene, code: str) -> Message:
    await behind(scene, code)
    if scene.heard is not None:
        # It is no answer: an edit of the message is read for itself.
        scene.remember(HeardState.KEPT)
    if scene.prompt is None:
        return await proceed(scene, after=None)
    return await again(scene)


async def attach(session: Session, by: Speaker, value: str, said: Said, now: datetime) -> Message | None:
    """Keep what a message brought behind the question that was chosen.

    Args:
        value: what the button or the option carries.
        said: the click, with the message's files in it.

    Returns:
        What to say, or None for a click that was taken before.

    Raises:
        NotFound: the message is not this person's, or the question is not theirs.
        Refusal: the deed is not done.
    """
    chosen = parse(value)
    if await queries.heard(session, said.key) is not None:
        return None
    brought = await queries.heard(session, chosen.key)
    if brought is None or brought.person_id != by.person_id or brought.assessment_id != chosen.assessment_id:
        raise NotFound(what="button", named=chosen.key[:40])
    said = replace(said, links=tuple(evidence.links_in(brought.text or "")[1]))
    scene = await scene_at(session, by, said, chosen.assessment_id, chosen.delegation_id, now)
    if chosen.indicator not in scene.questions:
        raise NotFound(what="indicator", named=chosen.indicator[:40])
    note(scene)
    message = await _kept(scene, chosen.indicator)
    await keep_note(scene)
    return message
