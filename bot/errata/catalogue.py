"""The editions in use: as they were when a cycle was first opened with them, with their errata laid over."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot import editions
from bot.errors import NotFound
from bot.formats import Change, Edition, FormatError, difference, edition_of, load_edition, overlaid, written
from db.engine import Session
from db.models import EditionInUse, Erratum
from db.queries import errata as queries
from db.queries.errata import Issued

# So much of a long text is shown where a file differs.
SHOWN = 200


class EditionChanged(FormatError):
    """A file is not the edition of its code that is in use. Facts as of FormatError; `lines`: what differs."""

    WAYS_ON = "Two ways on: "

    def __init__(self, file: str, row: EditionInUse, changes: Sequence[str]) -> None:
        since = f"{row.first_used_at.day} {row.first_used_at:%B %Y}"
        super().__init__(
            file=file,
            code="",
            field="",
            problem=f"this is not the edition {row.code} that is in use since {since}. It differs in:\n"
            + "\n".join(f"  {change}" for change in changes),
            example=f"a code of its own, such as {_following(row.code)}",
        )
        self.code = row.code

    def __str__(self) -> str:
        return (
            f"{self.facts['file']}: {self.facts['problem']}\n"
            f"{self.WAYS_ON}put the file back as it was, and correct one question at a time by an erratum "
            "(/spnet erratum);\n"
            f"or make a new edition of it: give it a code of its own, such as {_following(self.code)}, with "
            f'follows = ["{self.code}"], and open the next cycle with it.'
        )


def _following(code: str) -> str:
    head, _, number = code.rpartition("-")
    return f"{head}-{int(number) + 1}" if head and number.isdecimal() else f"{code}-2"


async def use(session: Session, code: str, now: datetime) -> None:
    """A cycle is opened with an edition: from now on it changes only by an erratum. Nothing happens where it is in
    use already."""
    if await queries.edition_in_use(session, code) is None:
        text = editions.text(code)
        if text is None:
            raise NotFound(what="edition", named=code)
        _keep(session, code, text, now)
        await session.flush()


def _keep(session: Session, code: str, text: str, now: datetime) -> EditionInUse:
    row = EditionInUse(
        code=code, fingerprint=hashlib.sha256(text.encode()).hexdigest(), content=text, first_used_at=now
    )
    session.add(row)
    return row


async def settle(session: Session, configured: Edition, file: str, now: datetime) -> None:
    """Know the editions in use with their errata, and the configured one; at the start of a process.

    An edition that cycles were opened with before this was kept is kept as its file says now.

    Args:
        configured: the edition that new cycles are opened with, as its file says.
        file: where that stands.

    Raises:
        EditionChanged: a file is another one than the edition in use.
        FormatError: a file is not a good edition.
    """
    held = {row.code for row in await queries.in_use(session)}
    for code in sorted(await queries.codes_of_cycles(session) - held):
        text = editions.text(code)
        if text is not None:
            _keep(session, code, text, now)
    await session.flush()
    known = await agreed(session, configured, file)
    editions.begin_anew(known)
    await catch_up(session)


async def agreed(session: Session, configured: Edition, file: str) -> list[Edition]:
    """The editions in use as they were first used, the earliest first, and last the configured one: what a code means
    is looked up in that one before the others.

    Raises:
        EditionChanged: a file is another one than the edition in use.
        FormatError: a file is not a good edition.
    """
    issued = [each.erratum for each in await queries.every(session)]
    found: list[Edition] = []
    for row in await queries.in_use(session):
        base = edition_of(row.content, row.code)
        errata = [each for each in issued if each.edition == row.code]
        beside = editions.FOLDER / f"{row.code}.toml"
        if configured.code == row.code:
            _check(configured, file, base, errata, row)
        elif beside.exists():
            _check(load_edition(beside), str(beside), base, errata, row)
        found.append(base)
    today = next((each for each in found if each.code == configured.code), configured)
    return [*(each for each in found if each.code != configured.code), today]


def _check(edition: Edition, file: str, base: Edition, errata: Iterable[Erratum], row: EditionInUse) -> None:
    """A file may carry what was corrected, or what stood before; nothing else may be another."""
    now, allowed = base, dict[tuple[str, str], set[str | None]]()
    for each in errata:
        now = overlaid(now, each.indicator, after(each))
        for field, pair in each.changes.items():
            allowed.setdefault((each.indicator, field), set()).update(pair)
    taken = edition
    for (code, field), values in allowed.items():
        if code in {each.code for each in edition.indicators}:
            stands = written(edition.indicator(code), field)
            if stands in values:
                taken = overlaid(taken, code, {field: written(now.indicator(code), field)})
    found = difference(now, taken)
    if found:
        told = [f"question {code}: added" for code in found.added]
        told += [f"question {code}: dropped" for code in found.dropped]
        told += [f"question {before}: called {code}" for before, code in found.renamed]
        raise EditionChanged(file, row, [*told, *(_told(change) for change in found.changed)])


def _told(change: Change) -> str:
    what = " ".join(filter(None, (change.what.replace("_", " "), change.code)))
    before, after = (_short(each) for each in (change.before, change.after))
    return f"{what}, {change.field}: {before} is now {after}"


def _short(text: str) -> str:
    return f"“{text[:SHOWN]}{'…' if len(text) > SHOWN else ''}”" if text else "nothing"


def after(erratum: Erratum) -> dict[str, str | None]:
    """The fields of the question as they stand after an erratum."""
    return {field: pair[1] for field, pair in erratum.changes.items()}


async def catch_up(session: Session) -> bool:
    """Lay over what was corrected since, perhaps by another process; one cheap query where nothing was. Whether
    something was.

    A number is no sign of what came later: of two that were issued at the same moment, to two editions, the one with
    the higher number may be stored first. To one edition they are issued one after another.
    """
    lacking = await queries.numbers(session) - editions.laid()
    if not lacking:
        return False
    for erratum in await queries.some(session, lacking):
        editions.correct(erratum.id, erratum.edition, erratum.indicator, after(erratum))
    return True


async def current(session: Session, code: str) -> Edition:
    """An edition in use with all its errata, also those that this process has not laid over yet.

    Raises:
        NotFound: it is not in use.
    """
    row = await queries.edition_in_use(session, code)
    if row is None:
        raise NotFound(what="edition", named=code)
    edition = edition_of(row.content, code)
    for issued in await queries.every(session, code):
        edition = overlaid(edition, issued.erratum.indicator, after(issued.erratum))
    return edition


async def every(session: Session, edition: str | None = None) -> list[Issued]:
    """All errata, or those to one edition, oldest first, with who issued them."""
    return await queries.every(session, edition)


def forget() -> None:
    """The process is about to end: no edition is known and nothing is corrected any more."""
    editions.begin_anew()
