"""What differs between two editions, field by field: nothing is left out, so no difference means the same edition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from bot.formats.edition import Edition, Indicator, Option

# What a question is asked under and how it came by it are no changes of the question.
_NAMES = ("code", "was", "own")


@dataclass(frozen=True)
class Change:
    """One field of one thing that is another one now.

    Attributes:
        what: `edition`, `section`, `question`, `question_set` or `rule`.
        code: the thing's code of today; of a section its letter.
        before, after: as text; empty: not there.
    """

    what: str
    code: str
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """What a later edition has that an earlier one has not.

    Attributes:
        added, dropped: codes of questions.
        renamed: (earlier code, code of today) of questions.
        changed: all other fields, in the order of the file.
    """

    added: tuple[str, ...]
    dropped: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    changed: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.dropped or self.renamed or self.changed)


def difference(old: Edition, new: Edition) -> Difference:
    """Compare two editions. A question counts as renamed where the later one names its earlier code in `was`."""
    before, after = {each.code: each for each in old.indicators}, {each.code: each for each in new.indicators}
    renamed = tuple(
        (earlier, indicator.code)
        for indicator in new.indicators
        if indicator.code not in before
        for earlier in indicator.was
        if earlier in before and earlier not in after
    )
    names = dict(renamed)
    pairs = [(names.get(code, code), indicator) for code, indicator in before.items() if names.get(code, code) in after]
    asked_before = {code for code, _ in pairs}
    changed = [*_between("edition", "", _of_edition(old), _of_edition(new))]
    changed += _things("section", _sections(old, names), _sections(new))
    for code, indicator in pairs:
        changed += _between("question", code, _of_question(indicator), _of_question(after[code]))
        if code not in names.values():
            changed += _between("question", code, {"was": _text(indicator.was)}, {"was": _text(after[code].was)})
    changed += _things("question_set", _sets(old, names), _sets(new))
    changed += _things("rule", _rules(old, names), _rules(new))
    return Difference(
        tuple(code for code in after if code not in asked_before),
        tuple(code for code in before if names.get(code, code) not in after),
        renamed,
        tuple(changed),
    )


Fields = dict[str, str | tuple[str, ...]]


def _between(what: str, code: str, before: Fields, after: Fields) -> Iterable[Change]:
    for field in dict.fromkeys((*before, *after)):
        stood, stands = before.get(field, ""), after.get(field, "")
        if stood != stands:
            yield Change(what, code, field, *_shortly(stood, stands))


def _shortly(before: str | tuple[str, ...], after: str | tuple[str, ...]) -> tuple[str, str]:
    """Of two lists in the same order only what one has and the other has not."""
    if isinstance(before, tuple) and isinstance(after, tuple):
        gone, new = (tuple(set(before) - set(after)), tuple(set(after) - set(before)))
        if [each for each in before if each not in gone] == [each for each in after if each not in new]:
            before = tuple(each for each in before if each in gone)
            after = tuple(each for each in after if each in new)
    return _text(before), _text(after)


def _things(what: str, before: dict[str, Fields], after: dict[str, Fields]) -> Iterable[Change]:
    for code in dict.fromkeys((*before, *after)):
        yield from _between(what, code, before.get(code, {}), after.get(code, {}))


def _of_edition(edition: Edition) -> Fields:
    return {
        "code": edition.code,
        "title": edition.title,
        "follows": _text(edition.follows),
        "dropped": _text(edition.dropped),
        "sections": _text([section.letter for section in edition.sections]),
        "question sets": _text(list(edition.question_sets)),
        "rules": _text([rule.code for rule in edition.rules]),
    }


def _of_question(indicator: Indicator) -> Fields:
    return {each.name: _text(getattr(indicator, each.name)) for each in fields(indicator) if each.name not in _NAMES}


def _sections(edition: Edition, names: dict[str, str] | None = None) -> dict[str, Fields]:
    return {
        section.letter: {
            "title": section.title,
            "sectors": _text(section.sectors),
            "questions": _codes([each.code for each in section.indicators], names),
        }
        for section in edition.sections
    }


def _sets(edition: Edition, names: dict[str, str] | None = None) -> dict[str, Fields]:
    return {
        str(code): {
            "title": one.title,
            "minutes": str(one.minutes),
            "questions": _codes([each.code for each in one.indicators], names),
            "required": _codes([each.code for each in one.required], names),
        }
        for code, one in edition.question_sets.items()
    }


def _rules(edition: Edition, names: dict[str, str] | None = None) -> dict[str, Fields]:
    names = names or {}
    return {
        rule.code: {
            "kind": rule.kind.value,
            "parts": _codes(rule.parts, names),
            "whole": names.get(rule.whole, rule.whole) if rule.whole else "",
            "limit": _text(rule.limit),
            "within": _text(rule.within),
            "says": rule.says,
        }
        for rule in edition.rules
    }


def _codes(codes: Iterable[str], names: dict[str, str] | None) -> tuple[str, ...]:
    return tuple((names or {}).get(code, code) for code in codes)


def _text(value: Any) -> str:
    """A field as it is compared and shown."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            # 100 and 100.0 bound the same.
            return format(value.normalize(), "f")
        case Option():
            return f"{value.code} ({value.title})"
        case tuple() | list():
            return ", ".join(_text(each) for each in value)  # pyright: ignore[reportUnknownVariableType] - of any of these
        case _:
            return str(value)
