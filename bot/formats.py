"""Load and check an edition of the common monitoring format, and the list of members.

Both are data that a secretariat may edit (`templates/formats/`), so every mistake is told with the file, the code of
the row, the field, what is wrong with it and an example of right. What the fields mean is written at the top of the
data files; the questions follow shared definitions (SDG 1.3.1, 1.2, 3.8.1, 10.2, 11.1; ILO Recommendation 202).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import NoReturn, cast
from zoneinfo import ZoneInfo

import holidays
import pycountry
from babel import Locale
from babel.core import UnknownLocaleError

from bot.errors import NotFound, Refusal
from db.vocabulary import Direction, Kind, QuestionSetCode

NUMERIC = frozenset({Kind.PERCENT, Kind.NUMBER, Kind.INTEGER})
CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
FILE_CODE = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*")
LONGEST_CODE = 60


class FormatError(Refusal):
    """A data file of the format cannot be used. Facts: file, code, field (both may be empty), problem, example."""

    def __init__(self, *, file: str, code: str, field: str, problem: str, example: str) -> None:
        super().__init__(file=file, code=code, field=field, problem=problem, example=example)

    def __str__(self) -> str:
        where = ", ".join(part for part in (str(self.facts["code"]), str(self.facts["field"])) if part)
        told = (str(self.facts["file"]), where, str(self.facts["problem"]))
        return ": ".join(part for part in told if part) + f" (for example: {self.facts['example']})"


class UnknownIndicator(NotFound):
    """The edition or the question set has no such question. Facts: what, named."""

    def __init__(self, code: str) -> None:
        super().__init__(what="indicator", named=code)


class UnknownQuestionSet(NotFound):
    """The edition has no such question set. Facts: what, named."""

    def __init__(self, code: str) -> None:
        super().__init__(what="question_set", named=code)


@dataclass(frozen=True)
class Option:
    """One of the ordered choices of a question."""

    code: str
    title: str


@dataclass(frozen=True)
class Indicator:
    """One question of the format. A value outside `minimum` and `maximum` (both included) is refused."""

    code: str
    title: str
    question: str
    help: str
    kind: Kind
    unit: str | None
    minimum: Decimal | None
    maximum: Decimal | None
    choices: tuple[Option, ...]
    direction: Direction | None
    required: bool
    carry_forward: bool
    sector: str
    source: str | None
    floor: bool
    section: str

    @property
    def numeric(self) -> bool:
        """Whether the answer is a number, which then carries its reference year and its source."""
        return self.kind in NUMERIC


@dataclass(frozen=True)
class Section:
    """Questions that one sector usually knows, in the order in which they are asked."""

    letter: str
    title: str
    sectors: tuple[str, ...]
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True)
class QuestionSet:
    """What one kind of cycle asks: the sections of the edition, cut to the questions of the set, in order."""

    code: QuestionSetCode
    title: str
    minutes: int
    sections: tuple[Section, ...]

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """All questions of the set, in the order in which they are asked."""
        return tuple(indicator for section in self.sections for indicator in section.indicators)

    @cached_property
    def required(self) -> tuple[Indicator, ...]:
        """The questions without which nothing can be submitted."""
        return tuple(indicator for indicator in self.indicators if indicator.required)

    @cached_property
    def _by_code(self) -> dict[str, Indicator]:
        return {indicator.code: indicator for indicator in self.indicators}

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def indicator(self, code: str) -> Indicator:
        """The question with this code. Raises UnknownIndicator."""
        try:
            return self._by_code[code]
        except KeyError:
            raise UnknownIndicator(code) from None

    def section_of(self, code: str) -> Section:
        """The section that holds the question with this code. Raises UnknownIndicator."""
        letter = self.indicator(code).section
        return next(section for section in self.sections if section.letter == letter)


@dataclass(frozen=True)
class Edition:
    """One edition of the format: all its questions, and the sets in which they are asked."""

    code: str
    title: str
    sections: tuple[Section, ...]
    question_sets: Mapping[str, QuestionSet]

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """All questions of the edition, in order."""
        return tuple(indicator for section in self.sections for indicator in section.indicators)

    @cached_property
    def _by_code(self) -> dict[str, Indicator]:
        return {indicator.code: indicator for indicator in self.indicators}

    def indicator(self, code: str) -> Indicator:
        """The question with this code. Raises UnknownIndicator."""
        try:
            return self._by_code[code]
        except KeyError:
            raise UnknownIndicator(code) from None

    def question_set(self, code: str) -> QuestionSet:
        """The question set with this code. Raises UnknownQuestionSet."""
        try:
            return self.question_sets[code]
        except KeyError:
            raise UnknownQuestionSet(code) from None


@dataclass(frozen=True)
class MemberData:
    """A member as the data file gives it: ISO 3166-1 codes, IANA zone, calendar of `holidays`, Babel locale."""

    code: str
    alpha2: str
    name: str
    zone: str
    calendar: str
    locale: str


def load_edition(path: Path) -> Edition:
    """Read and check an edition.

    Args:
        path: a TOML file such as templates/formats/common-1.toml; its head says what the fields are.

    Raises:
        FormatError: for the first mistake found.
    """
    top = _read(path)
    top.only("code", "title", "question_set", "section")
    code = top.code("code", FILE_CODE, example="common-1")
    title = top.text("title")
    sections = tuple(_section(row) for row in top.rows("section", example="[[section]]"))
    indicators = [indicator for section in sections for indicator in section.indicators]
    _unique(top, "section", [section.letter for section in sections], field="letter")
    _unique(top, "question", [indicator.code for indicator in indicators], field="code")
    sets = [_question_set(row, sections) for row in top.rows("question_set", example="[[question_set]]")]
    _unique(top, "question set", [each.code for each in sets], field="code")
    return Edition(code, title, sections, {each.code: each for each in sets})


def load_members(path: Path) -> tuple[MemberData, ...]:
    """Read and check the list of members, given back in alphabetical order of their names.

    Args:
        path: a TOML file such as templates/formats/asean.toml.

    Raises:
        FormatError: for the first mistake found.
    """
    top = _read(path)
    top.only("code", "title", "member")
    top.code("code", FILE_CODE, example="asean")
    top.text("title")
    members = [_member(row) for row in top.rows("member", example="[[member]]")]
    for field in ("code", "alpha2", "name"):
        _unique(top, "member", [str(getattr(member, field)) for member in members], field=field)
    return tuple(sorted(members, key=lambda member: member.name.casefold()))


class _Row:
    """A table of the file that knows where it stands, so that every complaint names the place."""

    def __init__(self, file: str, values: dict[str, object], named: str = "") -> None:
        self.file = file
        self.values = values
        self.named = named

    def wrong(self, field: str, problem: str, example: str) -> NoReturn:
        raise FormatError(file=self.file, code=self.named, field=field, problem=problem, example=example)

    def only(self, *fields: str) -> None:
        for field in self.values:
            if field not in fields:
                self.wrong(field, "there is no such field", f"one of {', '.join(fields)}")

    def _of(self, field: str, kind: type | tuple[type, ...], called: str, example: str) -> object | None:
        value = self.values.get(field)
        if value is None:
            return None
        # In Python true is also the number 1; in the file it is not.
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.wrong(field, f"this must be {called}, not {value!r}", example)
        return value

    def text(self, field: str, example: str | None = None) -> str:
        value = self.maybe_text(field, example)
        if value is None:
            self.wrong(field, "this field is missing", example or f'{field} = "Some words"')
        return value

    def maybe_text(self, field: str, example: str | None = None) -> str | None:
        example = example or f'{field} = "Some words"'
        value = cast("str | None", self._of(field, str, "text between quotation marks", example))
        if value is not None and not value.strip():
            self.wrong(field, "this is empty", example)
        return value.strip() if value is not None else None

    def code(self, field: str, spelling: re.Pattern[str] = CODE, *, example: str) -> str:
        value = self.text(field, f'{field} = "{example}"')
        if not spelling.fullmatch(value) or len(value) > LONGEST_CODE:
            self.wrong(
                field,
                f"{value!r} is not a code: small letters and digits, joined by _, at most {LONGEST_CODE}",
                f'{field} = "{example}"',
            )
        return value

    def flag(self, field: str) -> bool:
        return bool(self._of(field, bool, "true or false", f"{field} = true"))

    def whole(self, field: str, example: str, *, least: int = 1) -> int:
        value = self._of(field, int, "a whole number", example)
        if value is None:
            self.wrong(field, "this field is missing", example)
        if cast("int", value) < least:
            self.wrong(field, f"this must be {least} or more", example)
        return cast("int", value)

    def bound(self, field: str) -> Decimal | None:
        value = self._of(field, (int, Decimal), "a number", f"{field} = 100")
        if value is None:
            return None
        bound = Decimal(cast("int | Decimal", value))
        if not bound.is_finite():
            self.wrong(field, "this must be a number that has an end", f"{field} = 100")
        return bound

    def one_of(self, field: str, allowed: Iterable[str], example: str) -> str:
        value = self.text(field, example)
        allowed = list(allowed)
        if value not in allowed:
            self.wrong(field, f"{value!r} is not one of {', '.join(allowed)}", example)
        return value

    def words(self, field: str, example: str) -> tuple[str, ...] | None:
        listed = self._of(field, list, "a list", example)
        if listed is None:
            return None
        words = cast("list[object]", listed)
        if not words or not all(isinstance(word, str) and word.strip() for word in words):
            self.wrong(field, "this must be a list of texts that is not empty", example)
        return tuple(cast("list[str]", words))

    def rows(self, field: str, example: str, *, needed: bool = True) -> list[_Row]:
        listed = cast("list[object] | None", self._of(field, list, "a list of tables", example)) or []
        if needed and not listed:
            self.wrong(field, "there is none", example)
        rows: list[_Row] = []
        for number, values in enumerate(listed, start=1):
            if not isinstance(values, dict):
                self.wrong(field, "this must be a list of tables", example)
            table = cast("dict[str, object]", values)
            name = table.get("code") or table.get("letter") or f"{field} number {number}"
            rows.append(_Row(self.file, table, str(name)))
        return rows


def _read(path: Path) -> _Row:
    def fail(problem: str, example: str) -> NoReturn:
        raise FormatError(file=str(path), code="", field="", problem=problem, example=example)

    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        fail("there is no such file", "templates/formats/common-1.toml")
    except UnicodeDecodeError:
        fail("this file is not written in UTF-8", "save it as UTF-8 in your editor")
    except OSError as error:
        fail(f"this file cannot be read: {error.strerror}", "templates/formats/common-1.toml")
    try:
        return _Row(str(path), tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        fail(f"this is not TOML: {error}", 'title = "Gini index"')


def _unique(row: _Row, what: str, codes: list[str], *, field: str) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            place = _Row(row.file, {}, row.named or code)
            place.wrong(field, f"there are two of the {what} {code!r}", f"a {field} of its own for each {what}")
        seen.add(code)


def _section(row: _Row) -> Section:
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


def _indicator(row: _Row, letter: str, sectors: tuple[str, ...]) -> Indicator:
    row.only(
        *("code", "title", "question", "help", "kind", "unit", "minimum", "maximum", "choices", "direction"),
        *("required", "carry_forward", "sector", "source", "floor"),
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
    )


def _bounds(row: _Row, kind: Kind) -> tuple[Decimal | None, Decimal | None]:
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


def _choices(row: _Row, kind: Kind) -> tuple[Option, ...]:
    example = 'choices = [{ code = "none", title = "None" }, { code = "adopted", title = "Adopted" }]'
    if kind is not Kind.CHOICE:
        if "choices" in row.values:
            row.wrong("choices", f"a question of kind {kind} has no choices", 'kind = "choice"')
        return ()
    options: list[Option] = []
    for each in row.rows("choices", example):
        inner = _Row(row.file, each.values, f"{row.named}, choice {each.named}")
        inner.only("code", "title")
        options.append(Option(inner.code("code", example="none"), inner.text("title")))
    if len(options) < 2:
        row.wrong("choices", "there must be two choices or more", example)
    _unique(row, "choice", [option.code for option in options], field="choices")
    _unique(row, "choice", [option.title.casefold() for option in options], field="choices")
    return tuple(options)


def _question_set(row: _Row, sections: tuple[Section, ...]) -> QuestionSet:
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


def _questions(row: _Row, field: str, known: Mapping[str, Indicator]) -> tuple[str, ...] | None:
    example = f'{field} = ["progress_made"]'
    codes = row.words(field, example)
    for code in codes or ():
        if code not in known:
            row.wrong(field, f"there is no question {code!r} to choose from", example)
    if codes and len(set(codes)) < len(codes):
        row.wrong(field, "a question is named twice", example)
    return codes


def _member(row: _Row) -> MemberData:
    row.only("code", "alpha2", "name", "zone", "calendar", "locale")
    code = row.text("code", 'code = "IDN"')
    country = pycountry.countries.get(alpha_3=code)
    if country is None or code != country.alpha_3:
        row.wrong("code", f"{code!r} is not an ISO 3166-1 code of three letters", 'code = "IDN"')
    alpha2 = row.text("alpha2", 'alpha2 = "ID"')
    if alpha2 != country.alpha_2:
        row.wrong("alpha2", f"{alpha2!r} is not the two-letter code of {code}", f'alpha2 = "{country.alpha_2}"')
    name = row.text("name", 'name = "Indonesia"')
    zone = row.text("zone", 'zone = "Asia/Jakarta"')
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        row.wrong("zone", f"there is no time zone {zone!r}", 'zone = "Asia/Jakarta"')
    calendar = row.text("calendar", 'calendar = "ID"')
    if calendar not in holidays.list_supported_countries():
        row.wrong("calendar", f"there is no holiday calendar {calendar!r}", 'calendar = "ID"')
    locale = row.text("locale", 'locale = "en_GB"')
    try:
        Locale.parse(locale)
    except (ValueError, UnknownLocaleError):
        row.wrong("locale", f"Babel knows no locale {locale!r}", 'locale = "en_GB"')
    return MemberData(code, alpha2, name, zone, calendar, locale)
