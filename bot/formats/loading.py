"""Load and check an edition of the common monitoring format."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from bot.formats.edition import NUMERIC, Edition, Indicator, Option, QuestionSet, Section
from bot.formats.rows import CODE, FILE_CODE, LONGEST_CODE, Row, read_file, unique
from db.vocabulary import Direction, Kind, QuestionSetCode


def load_edition(path: Path) -> Edition:
    """Read and check an edition.

    Args:
        path: a TOML file such as templates/formats/common-1.toml; its head says what the fields are.

    Raises:
        FormatError: for the first mistake found.
    """
    top = read_file(path)
    top.only("code", "title", "question_set", "section")
    code = top.code("code", FILE_CODE, example="common-1")
    title = top.text("title")
    sections = tuple(_section(row) for row in top.rows("section", example="[[section]]"))
    indicators = [indicator for section in sections for indicator in section.indicators]
    unique(top, "section", [section.letter for section in sections], field="letter")
    unique(top, "question", [indicator.code for indicator in indicators], field="code")
    sets = [_question_set(row, sections) for row in top.rows("question_set", example="[[question_set]]")]
    unique(top, "question set", [each.code for each in sets], field="code")
    return Edition(code, title, sections, {each.code: each for each in sets})


def _section(row: Row) -> Section:
    row.only("letter", "title", "sectors", "indicator")
    letter = row.text("letter", 'letter = "A"')
    if not re.fullmatch(r"[A-Z]", letter):
        row.wrong("letter", f"{letter!r} is not one capital letter", 'letter = "A"')
    sectors = row.words("sectors", 'sectors = ["health"]')
    if sectors is None:
        row.wrong("sectors", "this field is missing", 'sectors = ["health"]')
    title = row.text("title")
    rows = row.rows("indicator", example="[[section.indicator]]")
    return Section(letter, title, sectors, tuple(_indicator(each, letter, sectors) for each in rows))


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
    codes = row.words("was", example) or ()
    for each in codes:
        if not CODE.fullmatch(each) or len(each) > LONGEST_CODE:
            row.wrong("was", f"{each!r} is not a code", example)
        if each == code:
            row.wrong("was", "this is the code that the question has now", example)
    unique(row, "earlier codes", list(codes), field="was")
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
