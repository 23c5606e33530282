"""Answers that are numbers: the value, its reference year and its source, in any order and over several messages.

The rules (FORMAT.md): neither year nor source is ever guessed; what can mean two things is asked back.
- The value is the number with a percent sign, or else the first one before any words; two there are asked about.
- The year is the one beside the value; else the only one in the message; two different ones are asked about.
- The source is what is left. It may hold digits and years of its own ("VHLSS 2020 round", "SI.POV.NAHC").
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from bot.formats import Indicator
from bot.reading.answers import EARLIEST, AskBack, Draft, Expected, Need, Problem, Reply, Suggestion, Unreadable
from bot.reading.dating import dated, out, settled, short, source_of
from bot.reading.figure import Figure, around, at_edge, cuts, is_year, pieces_of, years_of
from bot.reading.numbers import MOST_DIGITS, readings, refuse, spelled, taken, too_long, within
from bot.reading.sources import MARKER, NOTE, source_in
from bot.reading.tokens import Sort, Token
from bot.reading.typed import balanced, fold, has_letter, one_line, unwrap
from bot.reading.years import judge
from db.vocabulary import Availability, Kind

WRITTEN = re.compile(
    r"(?P<about>about )?(?P<number>-?\d+(?:\.\d+)?)(?: ?%)? \((?P<year>\d{4}), (?P<source>.+)\)", re.DOTALL
)
MOST_CANDIDATES = 5
NOTHING = re.compile(r"(?:none|nil|nothing|zero|kosong|nol|no)[.!]?", re.IGNORECASE)
REFUSED = {
    Sort.EXPONENT: Problem.EXPONENT,
    Sort.FRACTION: Problem.FRACTION,
    Sort.MULTIPLIER: Problem.MULTIPLIER,
}


def read_figure(text: str, indicator: Indicator, today: date, draft: Draft | None = None) -> Reply | AskBack:
    """Read an answer to a numeric question from cleaned text; with a draft, what completes it.

    Raises:
        Unreadable: nothing of it can be taken.
    """
    text, note = _without_note(unwrap(text) or text)
    if draft is None or draft.number is None:
        outcome = _fresh(text, indicator, today, draft)
    else:
        outcome = completed(text, indicator, today, draft)
    if note is None:
        return outcome
    if isinstance(outcome, Reply):
        return replace(outcome, note=note)
    return replace(outcome, draft=_noted(outcome.draft, note))


def _noted(draft: Draft, note: str) -> Draft:
    """The draft with the remark, wherever a suggestion leads; but for "not available", whose note is the reason."""
    suggestions: list[Suggestion] = []
    for each in draft.suggestions:
        leads_to = each.leads_to
        if leads_to.availability is not Availability.NOT_AVAILABLE:
            leads_to = replace(leads_to, note=note) if isinstance(leads_to, Reply) else _noted(leads_to, note)
        suggestions.append(Suggestion(each.label, leads_to))
    return replace(draft, note=note, suggestions=tuple(suggestions))


def _without_note(text: str) -> tuple[str, str | None]:
    match = NOTE.search(text)
    if match is None or match.start() == 0:
        return text, None
    note = one_line(text[match.end() :])
    if text[: match.start()].endswith("("):
        note = note.removesuffix(")").rstrip()
    return (text[: match.start()].rstrip(" ;,.("), note) if has_letter(note) else (text, None)


# A first message -----------------------------------------------------------------------------------------------


def _fresh(text: str, indicator: Indicator, today: date, draft: Draft | None) -> Reply | AskBack:
    if written := _written(text, indicator, today):
        return written
    if NOTHING.fullmatch(text):
        return _nothing(text, indicator)
    figure = Figure(text, pieces_of(text, indicator), indicator, today)
    _refuse_odd(figure)
    ways = _values(figure)
    if not ways:
        return _no_value(figure, draft)
    drafts = [_with_year(figure, value, token, draft) for value, token in ways]
    if len(drafts) == 1 and len(_candidates(figure)) == 1 and not _asked_about(figure, ways[0][1]):
        return drafts[0]
    for pair in cuts(ways[0][1]):
        tokens = [piece for each in figure.tokens for piece in (pair if each is ways[0][1] else (each,))]
        cut = replace(figure, tokens=tokens)
        drafts += [_with_year(cut, value, token, draft) for value, token in _values(cut)]
    return AskBack(_which_number(drafts, draft), wrote=text)


def _written(text: str, indicator: Indicator, today: date) -> Reply | None:
    """What `write` prints, read back to the letter."""
    match = WRITTEN.fullmatch(fold(text))
    if match is None or too_long(match["number"]):
        return None
    source = text[match.start("source") : match.end("source")]
    year = judge(int(match["year"]), today).year
    if year is None or balanced(source) != source or source_in(source) is None or NOTE.search(source):
        return None
    values, certain = readings(match["number"], indicator)
    if not certain:
        return None
    number = taken(values[0], indicator, text)
    availability = Availability.ESTIMATE if match["about"] else Availability.GIVEN
    return Reply(availability, number=number, year=year, source=short(source_in(source), indicator, text))


def _nothing(text: str, indicator: Indicator) -> AskBack:
    """ "None" can be zero, or that there is no figure."""
    zero = settled(Draft(Need.VALUE, number=Decimal(0)))
    absent = Draft(Need.REASON, Availability.NOT_AVAILABLE)
    if fold(text).casefold().rstrip(".!") in ("zero", "nol"):
        taken(Decimal(0), indicator, text)
        return AskBack(zero) if isinstance(zero, Draft) else AskBack(absent)
    offers = [Suggestion("n/a", absent)]
    if within(Decimal(0), indicator):
        offers.insert(0, Suggestion("0", zero))
    return AskBack(Draft(Need.WHICH_NUMBER, suggestions=tuple(offers)), wrote=text)


def _refuse_odd(figure: Figure) -> None:
    """Raise where a number is written in a way that is never taken."""
    for before, token in pairwise([None, *figure.tokens]):
        if token is None or token.start > figure.first_word:
            break
        if token.sort in REFUSED:
            raise refuse(REFUSED[token.sort], figure.indicator, figure.text)
        if token.sort is Sort.NUMBER and too_long(token.text):
            raise refuse(Problem.TOO_MANY_DIGITS, figure.indicator, figure.text, maximum=MOST_DIGITS)
        if token.sort is Sort.NUMBER and not readings(token.text, figure.indicator)[0]:
            raise refuse(Problem.ODD_SEPARATORS, figure.indicator, figure.text)
        integer = figure.indicator.kind is Kind.INTEGER
        if integer and token.sort is Sort.PERCENT and before and before.sort is Sort.NUMBER:
            raise refuse(Problem.PERCENT_NOT_WANTED, figure.indicator, figure.text)


def _values(figure: Figure) -> list[tuple[Decimal, Token]]:
    """The value, with the piece it was read from; several where it must be asked which one. Never out of bounds."""
    pieces = _candidates(figure)
    if len(pieces) > MOST_CANDIDATES:
        raise refuse(Problem.SEVERAL_NUMBERS, figure.indicator, figure.text)
    ways: list[tuple[Decimal, Token]] = []
    refusal: Unreadable | None = None
    for token in pieces:
        if too_long(token.text):
            raise refuse(Problem.TOO_MANY_DIGITS, figure.indicator, figure.text, maximum=MOST_DIGITS)
        for value in readings(token.text, figure.indicator)[0]:
            try:
                ways.append((taken(value, figure.indicator, figure.text), token))
            except Unreadable as refused:
                refusal = refusal or refused
    if not ways and refusal:
        raise refusal
    return ways


def _candidates(figure: Figure) -> list[Token]:
    """The numbers that may be the value."""
    marked = [a for a, b in pairwise(figure.tokens) if a.sort is Sort.NUMBER and b.sort is Sort.PERCENT]
    marker = MARKER.search(figure.text)
    numbers = [token for token in figure.numbers if not marker or token.start < marker.end()] or figure.numbers
    early = [token for token in numbers if token.start < figure.first_word]
    plain = [token for token in numbers if not token.year]
    if not plain and _holds_years(figure.indicator):
        return numbers[:1] if len(figure.tokens) == 1 else early or numbers
    early_plain = [token for token in early if not token.year]
    if len(marked) == 1 and (not early_plain or early_plain == marked):
        return marked
    if marked:
        return list(dict.fromkeys([*early_plain, *marked]))
    return early_plain or plain


def _holds_years(indicator: Indicator) -> bool:
    """Whether a number such as 2020 can be the value itself."""
    return within(Decimal(2000), indicator)


def _asked_about(figure: Figure, token: Token) -> bool:
    """Whether the value was written in a way that is asked back even when only one reading is possible."""
    at = figure.tokens.index(token)
    before = figure.tokens[at - 1] if at else None
    return (
        not readings(token.text, figure.indicator)[1]
        or (before is not None and before.sort is Sort.BOUND)
        or bool(cuts(token))
        or (token.year and len(figure.tokens) > 1)
    )


def _which_number(drafts: list[Reply | AskBack], known: Draft | None) -> Draft:
    suggestions: dict[str, Suggestion] = {}
    for each in drafts:
        leads_to = each if isinstance(each, Reply) else each.draft
        if leads_to.number is not None:
            estimate = leads_to.availability is Availability.ESTIMATE
            label = ("~" if estimate else "") + spelled(leads_to.number)
            suggestions.setdefault(label, Suggestion(label, leads_to))
    base = known or Draft(Need.WHICH_NUMBER)
    return Draft(Need.WHICH_NUMBER, year=base.year, source=base.source, suggestions=tuple(suggestions.values()))


def _no_value(figure: Figure, draft: Draft | None) -> AskBack:
    """There is a year or a source, but no number; or nothing at all."""
    years = [token for token in figure.tokens if token.year or token.sort in (Sort.DATE, Sort.SPAN)]
    if not years:
        raise refuse(Problem.NO_NUMBER, figure.indicator, figure.text)
    base = draft or Draft(Need.VALUE)
    base = replace(base, need=Need.VALUE, suggestions=())
    outcome = dated(figure, base, years, [])
    assert isinstance(outcome, AskBack)  # noqa: S101 - without a number it is never whole
    return replace(outcome, draft=replace(outcome.draft, need=Need.VALUE, suggestions=()))


def _with_year(figure: Figure, value: Decimal, token: Token, known: Draft | None) -> Reply | AskBack:
    used = around(figure, token)
    availability = Availability.GIVEN
    if any(each.sort in (Sort.APPROX, Sort.ESTIMATE, Sort.BOUND) for each in used):
        availability = Availability.ESTIMATE
    draft = Draft(Need.VALUE, availability, value, year=known and known.year, source=known and known.source)
    run = figure.run(token)
    years = [each for each in figure.tokens if each not in used and is_year(each)]
    beside = [each for each in years if each in run]
    return dated(figure, draft, beside or years, used, beside=bool(beside))


# What completes a draft ----------------------------------------------------------------------------------------


def completed(text: str, indicator: Indicator, today: date, draft: Draft) -> Reply | AskBack:
    """Read the year, the source or both for a number that is known; or a new number instead of it."""
    figure = Figure(text, pieces_of(text, indicator, months=True), indicator, today)
    if _written(text, indicator, today) or _new_value(figure):
        outcome = _fresh(text, indicator, today, None)
        return _merged(outcome, draft)
    years = [token for token in figure.tokens if is_year(token)]
    if draft.need is Need.SOURCE and draft.year is not None:
        return _source_only(figure, draft, years)
    early = [token for token in years if token.start < figure.first_word]
    found = early or years
    known = replace(draft, suggestions=(), year=None)
    if not found and source_of(figure, [], []) is None:
        raise Unreadable(
            expected=_expected(draft), problem=Problem.NO_YEAR, wrote=text, example=_year_example(draft, today)
        )
    return dated(figure, known, found, [], beside=bool(early))


def _new_value(figure: Figure) -> bool:
    """Whether the message begins with a number that can only be a new value: it has decimals, a percent sign, or a
    year right beside it."""
    plain = [token for token in figure.numbers if not token.year and token.start < figure.first_word]
    if not plain:
        return False
    run = figure.run(plain[0])
    near = around(figure, plain[0])
    return (
        bool(re.search(r"\d[.,]\d", plain[0].text))
        or any(each.sort in (Sort.PERCENT, Sort.UNIT, Sort.APPROX) for each in near)
        or any(is_year(each) for each in run)
    )


def _merged(outcome: Reply | AskBack, draft: Draft) -> Reply | AskBack:
    """A new value keeps the year and the source that were already given, unless it brings its own."""
    if isinstance(outcome, Reply) or outcome.draft.number is None or outcome.suggestions or outcome.problem:
        return outcome
    new = outcome.draft
    return out(settled(replace(new, year=new.year or draft.year, source=new.source or draft.source, note=draft.note)))


def _source_only(figure: Figure, draft: Draft, years: list[Token]) -> Reply | AskBack:
    same = [token for token in years if years_of(token, figure.today) == (draft.year,) and at_edge(figure, token)]
    source = source_of(figure, [], same)
    if source is None:
        raise Unreadable(
            expected=Expected.SOURCE, problem=Problem.NO_SOURCE, wrote=figure.text, example="household survey"
        )
    return out(settled(replace(draft, source=source, suggestions=())))


def _expected(draft: Draft) -> Expected:
    return Expected.YEAR if draft.source else Expected.YEAR_AND_SOURCE


def _year_example(draft: Draft, today: date) -> str:
    year = max(today.year - 1, EARLIEST)
    return str(year) if draft.source else f"{year} household survey"
