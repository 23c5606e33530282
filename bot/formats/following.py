"""Hold a new edition against those that it follows: what would make answers of earlier years lost or misread."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from bot.formats.edition import Edition, Indicator
from bot.formats.rows import FormatError

# A word as short as this says little of what is asked.
SHORT = 4


class _Place:
    """Where a complaint stands: the file of the new edition."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[FormatError] = []

    def wrong(self, code: str, field: str, problem: str, example: str) -> None:
        self.found.append(FormatError(file=self.file, code=code, field=field, problem=problem, example=example))


def against(
    edition: Edition,
    earlier: Sequence[Edition],
    file: str,
    held: Mapping[str, Collection[str]] | None = None,
) -> list[FormatError]:
    """All that is wrong in how an edition goes on from earlier ones.

    Args:
        earlier: the editions that it follows.
        file: what the complaints call it.
        held: by the code of a question, the choices that answers hold; None: any choice may be held.
    """
    place = _Place(file)
    if not earlier:
        for indicator in edition.indicators:
            if indicator.was:
                place.wrong(indicator.code, "was", "the edition follows no other", 'follows = ["common-1"]')
        return place.found
    for old in earlier:
        _lost(place, edition, old)
        _sets(place, edition, old)
        for indicator, before in _pairs(edition, old):
            _another(place, indicator, before, old.code)
            _choices(place, indicator, before, old.code, held)
    _unknown(place, edition, earlier)
    return place.found


def _now(edition: Edition) -> dict[str, Indicator]:
    """The question of today by each code that it had or has."""
    found = {earlier: indicator for indicator in edition.indicators for earlier in indicator.was}
    return found | {indicator.code: indicator for indicator in edition.indicators}


def _pairs(edition: Edition, old: Edition) -> list[tuple[Indicator, Indicator]]:
    now = _now(edition)
    return [(now[before.code], before) for before in old.indicators if before.code in now]


def _lost(place: _Place, edition: Edition, old: Edition) -> None:
    """Every code of before is asked, renamed or dropped; none stands for another question than it did."""
    now = _now(edition)
    for before in old.indicators:
        indicator = now.get(before.code)
        if indicator is None:
            if before.code not in edition.dropped:
                problem = f"{before.code!r} of {old.code} is lost: it is neither asked, nor in `was`, nor in `dropped`"
                place.wrong(before.code, "code", problem, f'was = ["{before.code}"], or dropped = ["{before.code}"]')
            continue
        for code in before.was:
            if code not in indicator.was and code != indicator.code:
                problem = f"its earlier code {code!r} ({old.code}) is lost: answers under it would not be found"
                listed = ", ".join(f'"{each}"' for each in (*indicator.was, code))
                place.wrong(indicator.code, "was", problem, f"was = [{listed}]")
    asked = {code for indicator in edition.indicators for code in (indicator.code, *indicator.was)}
    for code in old.dropped:
        if code in asked:
            place.wrong(code, "code", f"{old.code} had dropped {code!r}: a code is never used again", "a new code")


def _unknown(place: _Place, edition: Edition, earlier: Sequence[Edition]) -> None:
    known = {code for old in earlier for each in old.indicators for code in (each.code, *each.was)}
    known |= {code for old in earlier for code in old.dropped}
    for indicator in edition.indicators:
        for code in indicator.was:
            if code not in known:
                place.wrong(indicator.code, "was", f"no earlier edition has a question {code!r}", "was left out")
    for code in edition.dropped:
        if code not in known:
            place.wrong("", "dropped", f"no earlier edition has a question {code!r}", "dropped left out")


def _another(place: _Place, now: Indicator, before: Indicator, old: str) -> None:
    """The same code for something else."""
    example = "a new code for the new question, and the old one in `dropped`"
    if now.kind is not before.kind:
        problem = f"{before.code!r} asked for {before.kind} in {old}, and not for {now.kind}"
        place.wrong(now.code, "kind", problem, example)
        return
    if now.direction is not before.direction:
        stood, stands = before.direction or "no direction", now.direction or "none"
        problem = f"progress went {stood} in {old}, and now {stands}: floors and progress would be misread"
        place.wrong(now.code, "direction", problem, f'direction = "{before.direction or "up"}"')
    if (now.unit or "") != (before.unit or "") and not _alike(now.unit or "", before.unit or ""):
        problem = f"the unit was {before.unit or 'none'!r} in {old}, and is {now.unit or 'none'!r}"
        place.wrong(now.code, "unit", problem, example)
    if now.series and before.series and now.series != before.series:
        problem = f"it followed the series {before.series} in {old}, and follows {now.series}"
        place.wrong(now.code, "series", problem, example)
    if not (_alike(now.title, before.title) or _alike(now.question, before.question)):
        problem = f"this looks like another question than {before.title!r} of {old}: title and question share no word"
        place.wrong(now.code, "question", problem, example)


def _alike(now: str, before: str) -> bool:
    return now == before or bool(_words(now) & _words(before))


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) >= SHORT}


def _choices(
    place: _Place, now: Indicator, before: Indicator, old: str, held: Mapping[str, Collection[str]] | None
) -> None:
    kept, stood = [each.code for each in now.choices], [each.code for each in before.choices]
    for code in stood:
        if code not in kept and (held is None or code in held.get(before.code, ())):
            problem = f"the choice {code!r} of {old} is dropped, and answers {'may ' if held is None else ''}hold it"
            place.wrong(now.code, "choices", problem, f"keep {code!r}, with another title where the words were wrong")
    if [code for code in kept if code in stood] != [code for code in stood if code in kept]:
        problem = f"the choices stand in another order than in {old}: which way is progress would be misread"
        place.wrong(now.code, "choices", problem, ", ".join(stood))


def _sets(place: _Place, edition: Edition, old: Edition) -> None:
    for code, before in old.question_sets.items():
        now = edition.question_sets.get(code)
        if now is None:
            place.wrong(code, "question_set", f"the question set {code!r} of {old.code} is lost", f'code = "{code}"')
            continue
        asked = {each for indicator in now.indicators for each in (indicator.code, *indicator.was)}
        if not asked & {indicator.code for indicator in before.indicators}:
            problem = f"it asks nothing that the question set of {old.code} asked"
            place.wrong(code, "questions", problem, f'questions = ["{before.indicators[0].code}"]')
