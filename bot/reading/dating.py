"""The reference year and the source around a value. Neither is ever guessed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from bot.formats import Indicator
from bot.reading.answers import LONGEST_SOURCE, AskBack, Draft, Need, Problem, Reply, Suggestion
from bot.reading.figure import Figure, at_edge, years_of
from bot.reading.numbers import refuse
from bot.reading.sources import source_in
from bot.reading.tokens import Sort, Token
from bot.reading.typed import fold
from bot.reading.years import come, judge
from db.vocabulary import Availability

EMBEDDED = re.compile(r"(?<!\d)\d{4}(?!\d)")


def settled(draft: Draft) -> Reply | Draft:
    """The whole answer, or the draft with what it still needs."""
    if draft.number is None:
        return replace(draft, need=Need.VALUE)
    if draft.source and draft.source.casefold() in ("estimate", "estimates", "an estimate", "own estimate"):
        draft = replace(draft, availability=Availability.ESTIMATE)
    if draft.year is None:
        return replace(draft, need=Need.YEAR if draft.source else Need.YEAR_AND_SOURCE)
    if draft.source is None:
        return replace(draft, need=Need.SOURCE)
    return Reply(draft.availability, number=draft.number, year=draft.year, source=draft.source, note=draft.note)


def out(result: Reply | Draft, problem: Problem | None = None, wrote: str = "") -> Reply | AskBack:
    """What `read` gives back for it."""
    return result if isinstance(result, Reply) else AskBack(result, problem, wrote)


def dated(
    figure: Figure, draft: Draft, years: list[Token], used: list[Token], *, beside: bool = True
) -> Reply | AskBack:
    """The draft with the year and the source of the text: whole, or asked back with what is in doubt."""
    meant: dict[int, list[Token]] = {}
    for token in years:
        for year in years_of(token, figure.today):
            meant.setdefault(year, []).append(token)
    if len(meant) > 1 or any(token.sort is Sort.SPAN for token in years):
        return _which_year(figure, draft, meant, used, beside=beside)
    if not meant:
        draft = replace(draft, source=source_of(figure, used, []) or draft.source)
        outcome = settled(draft)
        if isinstance(outcome, Draft) and outcome.year is None:
            outcome = _embedded(outcome, figure.today)
        return out(outcome)
    written, tokens = next(iter(meant.items()))
    gone = tokens if beside else [token for token in tokens if at_edge(figure, token)]
    draft = replace(draft, source=source_of(figure, used, gone) or draft.source)
    year = judge(written, figure.today)
    if year.offers:
        return AskBack(_offered(draft, list(year.offers)), wrote=str(written))
    if year.problem:
        return AskBack(_needing(replace(draft, year=None)), year.problem, str(written))
    return out(settled(replace(draft, year=year.year)))


def _which_year(
    figure: Figure, draft: Draft, meant: dict[int, list[Token]], used: list[Token], *, beside: bool
) -> AskBack:
    every = [token for tokens in meant.values() for token in tokens]
    offers: dict[int, list[Token]] = {}
    for year, tokens in meant.items():
        for offered in (judge(year, figure.today).year, *judge(year, figure.today).offers):
            if offered is not None:
                offers.setdefault(offered, []).extend(tokens)
    suggestions: list[Suggestion] = []
    for offered in come(offers, figure.today):
        source = source_of(figure, used, every if beside else offers[offered]) or draft.source
        suggestions.append(Suggestion(str(offered), settled(replace(draft, year=offered, source=source))))
    base = replace(draft, source=source_of(figure, used, every) or draft.source, year=None)
    if not suggestions:
        return AskBack(_needing(base), judge(max(meant), figure.today).problem, figure.text)
    return AskBack(replace(base, need=Need.WHICH_YEAR, suggestions=tuple(suggestions)), wrote=figure.text)


def _offered(draft: Draft, years: list[int]) -> Draft:
    suggestions = tuple(Suggestion(str(year), settled(replace(draft, year=year))) for year in years)
    return replace(draft, need=Need.WHICH_YEAR, year=None, suggestions=suggestions)


def _needing(draft: Draft) -> Draft:
    needed = settled(draft)
    return needed if isinstance(needed, Draft) else replace(draft, need=Need.YEAR)


def _embedded(draft: Draft, today: date) -> Draft:
    """A year inside the source ("VHLSS2020") is offered, not taken; one to come is the end of a plan ("RPJMN2029")."""
    years = [judge(int(digits), today) for digits in EMBEDDED.findall(fold(draft.source or ""))]
    offers = [year for each in years for year in (each.year, *each.offers) if year is not None and year <= today.year]
    if not offers or draft.number is None:
        return draft
    offered = _offered(draft, list(dict.fromkeys(offers)))
    return replace(offered, need=Need.WHICH_YEAR)


def source_of(figure: Figure, used: list[Token], years: list[Token]) -> str | None:
    """The source: what is left of the text without these pieces. Raises Unreadable where it is too long."""
    pieces: list[str] = []
    position = 0
    for token in sorted([*used, *years], key=lambda each: each.start):
        pieces.append(figure.text[position : token.start])
        position = max(position, token.end)
    pieces.append(figure.text[position:])
    source = source_in(*pieces, besides=figure.indicator.title)
    if source is None and any(each.sort is Sort.ESTIMATE and "estimate" in each.text.casefold() for each in used):
        source = "estimate"
    return short(source, figure.indicator, figure.text)


def short(source: str | None, indicator: Indicator, wrote: str) -> str | None:
    """The source, where it is not too long; else raises Unreadable."""
    if source is not None and len(source) > LONGEST_SOURCE:
        raise refuse(
            *(Problem.TOO_LONG, indicator, wrote),
            **{"maximum": LONGEST_SOURCE, "length": len(source), "kept": source[:LONGEST_SOURCE]},
        )
    return source
