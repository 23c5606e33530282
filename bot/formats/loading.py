"""Load and check an edition of the common monitoring format."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from bot.formats.edition import NUMERIC, Edition, Indicator, Option, QuestionSet, Rule, RuleKind, Section
from bot.formats.rows import CODE, FILE_CODE, LONGEST_CODE, FormatError, Row, read_file, read_text, unique
from db.vocabulary import Direction, Kind, QuestionSetCode

T = TypeVar("T")


def load_edition(path: Path) -> Edition:
    """Read and check an edition.

    Args:
        path: a TOML file such as templates/formats/common-1.toml; its head says what the fields are.

    Raises:
        FormatError: for the first mistake found.
    """
    return _all_good(*_read(read_file(path)))


def edition_of(text: str, named: str) -> Edition:
    """The same from the text of such a file.

    Args:
        named: what a complaint calls it.

    Raises:
        FormatError: for the first mistake found.
    """
    return _all_good(*_read(read_text(text, named)))


def examine(path: Path) -> tuple[Edition | None, list[FormatError]]:
    """Read an edition and find all that is wrong in it, and not only the first: of each question, each question set and
    each rule its first mistake. The edition is None where there are any."""
    try:
        edition, faults = _read(read_file(path))
    except FormatError as error:
        return None, [error]
    return (None if faults else edition), faults


def _all_good(edition: Edition | None, faults: Sequence[FormatError]) -> Edition:
    if faults or edition is None:
        raise faults[0]
    return edition


class _Faults:
    """What was found wrong so far: a row that is wrong is left out, and the next one is read."""

    def __init__(self) -> None:
        self.found: list[FormatError] = []

    def each(self, rows: Sequence[Row], read: Callable[[Row], T]) -> list[T]:
        good: list[T] = []
        for row in rows:
            with self.kept():
                good.append(read(row))
        return good

    @contextmanager
    def kept(self) -> Generator[None]:
        try:
            yield
        except FormatError as error:
            self.found.append(error)


def _read(top: Row) -> tuple[Edition | None, list[FormatError]]:
    faults = _Faults()
    code = title = ""
    follows: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    rows: dict[str, list[Row]] = {"section": [], "question_set": [], "rule": []}
    with faults.kept():
        top.only("code", "title", "follows", "dropped", "question_set", "section", "rule")
    with faults.kept():
        code = top.code("code", FILE_CODE, example="common-1")
    with faults.kept():
        title = top.text("title")
    with faults.kept():
        follows = _codes(top, "follows", FILE_CODE, 'follows = ["common-1"]')
        if code and code in follows:
            top.wrong("follows", "an edition does not follow itself", 'follows = ["common-1"]')
    with faults.kept():
        dropped = _codes(top, "dropped", CODE, 'dropped = ["old_question"]')
    for field, found in rows.items():
        with faults.kept():
            found += top.rows(field, example=f"[[{field}]]", needed=field != "rule")
    sections = faults.each(rows["section"], lambda row: _section(row, faults))
    indicators = [indicator for section in sections for indicator in section.indicators]
    with faults.kept():
        unique(top, "section", [section.letter for section in sections], field="letter")
    with faults.kept():
        unique(top, "question", [indicator.code for indicator in indicators], field="code")
    with faults.kept():
        _aliases(top, indicators, dropped)
    if not faults.found:
        # A question that is itself wrong is unknown to the sets and the rules, which is no mistake of theirs.
        sets = faults.each(rows["question_set"], lambda row: _question_set(row, tuple(sections)))
        with faults.kept():
            unique(top, "question set", [each.code for each in sets], field="code")
        rules = faults.each(rows["rule"], lambda row: _rule(row, indicators))
        with faults.kept():
            unique(top, "rule", [each.code for each in rules], field="code")
        if not faults.found:
            by_code: dict[str, QuestionSet] = {each.code: each for each in sets}
            return Edition(code, title, tuple(sections), by_code, tuple(rules), follows, dropped), []
    return None, faults.found


def _codes(row: Row, field: str, spelling: re.Pattern[str], example: str) -> tuple[str, ...]:
    codes = row.words(field, example) or ()
    for each in codes:
        if not spelling.fullmatch(each) or len(each) > LONGEST_CODE:
            row.wrong(field, f"{each!r} is not a code", example)
    unique(row, "codes", list(codes), field=field)
    return codes


def _aliases(top: Row, indicators: Sequence[Indicator], dropped: Sequence[str]) -> None:
    """An earlier code stands for one question only, and for none that is asked under it now or was dropped."""
    now = {indicator.code for indicator in indicators}
    taken: dict[str, str] = {}
    for indicator in indicators:
        place = Row(top.file, {}, indicator.code)
        for earlier in indicator.was:
            example = 'was = ["a_code_that_is_no_longer_in_use"]'
            if earlier in now:
                place.wrong("was", f"{earlier!r} is still the code of a question", example)
            if earlier in taken:
                place.wrong("was", f"{earlier!r} is an earlier code of {taken[earlier]} too", example)
            if earlier in dropped:
                place.wrong("was", f"{earlier!r} stands in `dropped` too", example)
            taken[earlier] = indicator.code
    for each in dropped:
        if each in now:
            top.wrong("dropped", f"{each!r} is still the code of a question", 'dropped = ["old_question"]')


def _section(row: Row, faults: _Faults) -> Section:
    row.only("letter", "title", "sectors", "indicator")
    letter = row.text("letter", 'letter = "A"')
    if not re.fullmatch(r"[A-Z]", letter):
        row.wrong("letter", f"{letter!r} is not one capital letter", 'letter = "A"')
    sectors = row.words("sectors", 'sectors = ["health"]')
    if sectors is None:
        row.wrong("sectors", "this field is missing", 'sectors = ["health"]')
    title = row.text("title")
    rows = row.rows("indicator", example="[[section.indicator]]")
    return Section(letter, title, sectors, tuple(faults.each(rows, lambda each: _indicator(each, letter, sectors))))


def _indicator(row: Row, letter: str, sectors: tuple[str, ...]) -> Indicator:
    row.only(
        *("code", "title", "question", "help", "kind", "unit", "minimum", "maximum", "choices", "direction"),
        *("required", "carry_forward", "sector", "source", "floor", "jump", "was", "series"),
    )
    code = row.code("code", example="pension_covered")
    kind = Kind(row.one_of("kind", list(Kind), 'kind = "percent"'))
    minimum, maximum = _bounds(row, kind)
    direction: Direction | None = None
    if "direction" in row.values:
        direction = Direction(row.one_of("direction", list(Direction), 'direction = "up"'))
    floor = row.flag("floor")
    if floor and (kind not in NUMERIC or direction is None):
        row.wrong("floor", "a floor needs a number and a direction", 'kind = "percent", direction = "up"')
    if "carry_forward" not in row.values:
        row.wrong("carry_forward", "this field is missing", "carry_forward = true")
    return Indicator(
        code=code,
        title=row.text("title"),
        question=row.text("question"),
        help=row.text("help"),
        kind=kind,
        unit=row.maybe_text("unit"),
        minimum=minimum,
        maximum=maximum,
        choices=_choices(row, kind),
        direction=direction,
        required=row.flag("required"),
        carry_forward=row.flag("carry_forward"),
        sector=row.one_of("sector", sectors, f'sector = "{sectors[0]}"'),
        source=row.maybe_text("source"),
        floor=floor,
        section=letter,
        jump=_jump(row, kind),
        was=_earlier_codes(row, code),
        series=row.maybe_text("series", 'series = "SI_COV_PENSN"'),
    )


def _jump(row: Row, kind: Kind) -> Decimal | None:
    jump = row.bound("jump")
    if jump is not None and kind not in NUMERIC:
        row.wrong("jump", f"a question of kind {kind} has no jump", "leave jump out")
    if jump is not None and jump <= 0:
        row.wrong("jump", "this must be more than 0", "jump = 10")
    return jump


def _earlier_codes(row: Row, code: str) -> tuple[str, ...]:
    example = 'was = ["old_age_pension"]'
    codes = _codes(row, "was", CODE, example)
    if code in codes:
        row.wrong("was", "this is the code that the question has now", example)
    return codes


def _bounds(row: Row, kind: Kind) -> tuple[Decimal | None, Decimal | None]:
    minimum, maximum = row.bound("minimum"), row.bound("maximum")
    if kind not in NUMERIC:
        for field in ("minimum", "maximum"):
            if field in row.values:
                row.wrong(field, f"a question of kind {kind} has no {field}", f"leave {field} out")
        return None, None
    for field, bound in (("minimum", minimum), ("maximum", maximum)):
        if bound is None:
            row.wrong(field, "this field is missing", f"{field} = {0 if field == 'minimum' else 100}")
        if kind is Kind.PERCENT and not 0 <= bound <= 100:
            row.wrong(field, "a percent lies between 0 and 100", "minimum = 0, maximum = 100")
        if kind is Kind.INTEGER and bound != bound.to_integral_value():
            row.wrong(field, "the bound of a whole number is a whole number", f"{field} = 100")
    if minimum is not None and maximum is not None and minimum >= maximum:
        row.wrong("minimum", "the minimum is not below the maximum", "minimum = 0, maximum = 100")
    return minimum, maximum


def _choices(row: Row, kind: Kind) -> tuple[Option, ...]:
    example = 'choices = [{ code = "none", title = "None" }, { code = "adopted", title = "Adopted" }]'
    if kind is not Kind.CHOICE:
        if "choices" in row.values:
            row.wrong("choices", f"a question of kind {kind} has no choices", 'kind = "choice"')
        return ()
    options: list[Option] = []
    for each in row.rows("choices", example):
        inner = Row(row.file, each.values, f"{row.named}, choice {each.named}")
        inner.only("code", "title")
        options.append(Option(inner.code("code", example="none"), inner.text("title")))
    if len(options) < 2:
        row.wrong("choices", "there must be two choices or more", example)
    unique(row, "choice", [option.code for option in options], field="choices")
    unique(row, "choice", [option.title.casefold() for option in options], field="choices")
    return tuple(options)


def _question_set(row: Row, sections: tuple[Section, ...]) -> QuestionSet:
    row.only("code", "title", "minutes", "questions", "required")
    code = QuestionSetCode(row.one_of("code", list(QuestionSetCode), 'code = "full"'))
    known = {indicator.code: indicator for section in sections for indicator in section.indicators}
    asked = _questions(row, "questions", known) or tuple(known)
    listed = _questions(row, "required", {each: known[each] for each in asked})
    required = [each for each in asked if known[each].required] if listed is None else listed
    cut: list[Section] = []
    for section in sections:
        kept = tuple(
            replace(indicator, required=indicator.code in required)
            for indicator in section.indicators
            if indicator.code in asked
        )
        if kept:
            cut.append(replace(section, indicators=kept))
    return QuestionSet(code, row.text("title"), row.whole("minutes", "minutes = 10"), tuple(cut))


def _questions(row: Row, field: str, known: Mapping[str, Indicator]) -> tuple[str, ...] | None:
    example = f'{field} = ["progress_made"]'
    codes = row.words(field, example)
    for code in codes or ():
        if code not in known:
            row.wrong(field, f"there is no question {code!r} to choose from", example)
    if codes and len(set(codes)) < len(codes):
        row.wrong(field, "a question is named twice", example)
    return codes


def _rule(row: Row, indicators: Sequence[Indicator]) -> Rule:
    row.only("code", "kind", "parts", "whole", "limit", "within", "says")
    kind = RuleKind(row.one_of("kind", list(RuleKind), 'kind = "part"'))
    numeric = {indicator.code: indicator for indicator in indicators if indicator.kind in NUMERIC}
    parts = row.words("parts", 'parts = ["poor_covered"]')
    if parts is None:
        row.wrong("parts", "this field is missing", 'parts = ["poor_covered"]')
    whole, limit = row.maybe_text("whole", 'whole = "population_covered"'), row.bound("limit")
    if (whole is None) is (limit is None):
        row.wrong("whole", "a rule has a `whole` or a `limit`, and not both", 'whole = "population_covered"')
    for field, codes in (("parts", parts), ("whole", (whole,) if whole else ())):
        for code in codes:
            if code not in numeric:
                row.wrong(field, f"there is no question {code!r} that asks for a number", f'{field} = "poor_covered"')
    if len(set(parts)) < len(parts) or whole in parts:
        row.wrong("parts", "a question is named twice", 'parts = ["poor_covered"]')
    within = row.bound("within") or Decimal(0)
    if within < 0:
        row.wrong("within", "this must be 0 or more", "within = 0.5")
    says = row.text("says", 'says = "Poor people who are covered are part of the population that is covered."')
    return Rule(row.code("code", example="parts_of_the_covered"), kind, parts, whole, limit, within, says)
