"""One message as the answer to one question, or as the next step of an answer under way."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from bot.formats import Indicator
from bot.reading.absence import absent, because
from bot.reading.answers import (
    LONGEST_NOTE,
    LONGEST_TEXT,
    AskBack,
    Draft,
    Expected,
    Need,
    Problem,
    Reply,
    Unreadable,
)
from bot.reading.choices import exact_choice, exact_yes_no, read_choice, read_yes_no
from bot.reading.figures import read_figure
from bot.reading.numbers import refuse, within
from bot.reading.typed import clean, fold, key, word_set
from db.vocabulary import Availability, Kind

AGREED = word_set("yes|y|yes it is|yes i did|yep|yeah|correct|right|ok|okay|ya|that one|exactly|true|sure")
DENIED = word_set("no|n|nope|wrong|none of them|none of these|neither|not that|no i did not|tidak")
ORDINALS = {"first": 0, "the first": 0, "first one": 0, "the first one": 0, "1st": 0, "former": 0} | {
    "second": 1, "the second": 1, "second one": 1, "the second one": 1, "2nd": 1, "latter": 1, "third": 2, "3rd": 2
}  # fmt: skip
# Beside yes and no: what somebody answers who did not see that a text is wanted.
HARDLY_A_TEXT = AGREED | DENIED | word_set("k|fine|its fine|all fine|good|all good|very good|great|nice|oke|baik")
FIGURE = re.compile(r"[~≈]?\s*\d[\d.,' ]*(?:$|%|percent|[.,]\d|[,;( ]\s*(?:in )?(?:19|20|25)\d\d\b)", re.IGNORECASE)
WHICH = frozenset({Need.WHICH_NUMBER, Need.WHICH_YEAR, Need.WHICH_CHOICE})


def read(text: str, indicator: Indicator, *, draft: Draft | None = None, today: date) -> Reply | AskBack:
    """Read one message as the answer to one question.

    Args:
        text: what the person typed (see `plain` for what Slack delivers).
        draft: what the messages before this one left open; the answer is completed, or replaced by a new one.
        today: the person's date; a reference year cannot be after it.

    Returns:
        A Reply, which is whole; or an AskBack, whose draft belongs to the next call.

    Raises:
        Unreadable: nothing of it can be taken. A draft that was handed in stays as it was.
    """
    cleaned = clean(text)
    if not cleaned:
        raise refuse(Problem.EMPTY, indicator, text)
    if len(cleaned) > LONGEST_TEXT:
        raise _too_long(cleaned, LONGEST_TEXT, indicator)
    outcome = _read(cleaned, indicator, today) if draft is None else _resumed(cleaned, indicator, draft, today)
    return _checked(outcome, indicator, cleaned)


def _read(text: str, indicator: Indicator, today: date, draft: Draft | None = None) -> Reply | AskBack:
    if indicator.kind is Kind.CHOICE and (chosen := exact_choice(text, indicator)):
        return chosen
    if indicator.kind is Kind.YES_NO and (said := exact_yes_no(text)):
        return said
    missing = absent(text, figure=indicator.numeric, strict=indicator.kind is Kind.TEXT)
    if missing is not None:
        return missing if isinstance(missing, Reply) else AskBack(missing, wrote=text)
    match indicator.kind:
        case Kind.TEXT:
            if says_nothing(text):
                raise refuse(Problem.NO_SENTENCE, indicator, text)
            return Reply(Availability.GIVEN, text=text)
        case Kind.CHOICE:
            return read_choice(text, indicator)
        case Kind.YES_NO:
            return read_yes_no(text, indicator)
        case Kind.PERCENT | Kind.NUMBER | Kind.INTEGER:
            return read_figure(text, indicator, today, draft)


def agrees(text: str) -> bool:
    """Whether a whole message only agrees: "ok", "yes", "correct"."""
    return key(text) in AGREED


def says_nothing(text: str) -> bool:
    """A bare yes, no, "ok" or "fine", one letter, or only signs: nothing that a country would publish. A text that
    goes on ("No progress", "Yes, the law passed") says something."""
    said = exact_yes_no(text)
    return (said is not None and not said.note) or key(text) in HARDLY_A_TEXT or sum(map(str.isalnum, text)) < 2


def _resumed(text: str, indicator: Indicator, draft: Draft, today: date) -> Reply | AskBack:
    if draft.need in WHICH:
        settled = _settled_which(text, draft)
        if settled is not None:
            return settled
    if draft.need is Need.REASON:
        return _reason(text, indicator, today)
    if indicator.numeric:
        if absent(text) is not None and draft.number is not None:
            return _no_year_or_source(text, draft)
        return (
            _read(text, indicator, today, draft) if draft.number is None else read_figure(text, indicator, today, draft)
        )
    return _read(text, indicator, today)


def _settled_which(text: str, draft: Draft) -> Reply | AskBack | None:
    """The suggestion that was meant: by its label, by "yes" or "the first"; None if the message says something else."""
    said = key(text)
    place = ORDINALS.get(said)
    if place is None and len(draft.suggestions) == 1 and said in AGREED:
        place = 0
    for at, suggestion in enumerate(draft.suggestions):
        if text.strip(" .!?\"'").casefold() == suggestion.label.casefold() or at == place:
            return suggestion.leads_to if isinstance(suggestion.leads_to, Reply) else AskBack(suggestion.leads_to)
    if said in DENIED:
        need = Need.VALUE
        if draft.need is Need.WHICH_YEAR:
            need = Need.YEAR if draft.source else Need.YEAR_AND_SOURCE
        return AskBack(Draft(need, draft.availability, draft.number, None, draft.year, draft.source, draft.note))
    return None


def _reason(text: str, indicator: Indicator, today: date) -> Reply | AskBack:
    """Why it is not available; or the answer after all, where the message can be nothing else."""
    if indicator.kind is Kind.CHOICE and (chosen := exact_choice(text, indicator)):
        return chosen
    if indicator.kind is Kind.YES_NO and (said := exact_yes_no(text)):
        return said
    if indicator.numeric and _begins_with_figure(text):
        return _read(text, indicator, today)
    missing = absent(text, strict=True) or because(text)
    if isinstance(missing, Reply):
        return missing
    raise Unreadable(
        expected=Expected.REASON, problem=Problem.NO_REASON, wrote=text, example="no survey was held this year"
    )


def _begins_with_figure(text: str) -> bool:
    """Whether a message in place of a reason is a figure: decimals, a percent sign, a year beside it, or no words."""
    return FIGURE.match(fold(text)) is not None


def _no_year_or_source(text: str, draft: Draft) -> Reply | AskBack:
    year = draft.need in (Need.YEAR, Need.YEAR_AND_SOURCE, Need.WHICH_YEAR)
    raise Unreadable(
        expected=Expected.YEAR if year else Expected.SOURCE,
        problem=Problem.NO_YEAR if year else Problem.NO_SOURCE,
        wrote=text,
        example="2020 household survey" if year else "household survey",
    )


def _checked(outcome: Reply | AskBack, indicator: Indicator, wrote: str) -> Reply | AskBack:
    """The last look: nothing out of bounds and nothing too long leaves this room, whatever a draft held."""
    held = outcome if isinstance(outcome, Reply) else outcome.draft
    if isinstance(held.number, Decimal) and not within(held.number, indicator):
        raise refuse(
            *(Problem.OUT_OF_BOUNDS, indicator, wrote),
            **{"number": held.number, "minimum": indicator.minimum, "maximum": indicator.maximum},
        )
    if held.note is not None and len(held.note) > LONGEST_NOTE:
        raise _too_long(held.note, LONGEST_NOTE, indicator)
    return outcome


def _too_long(text: str, maximum: int, indicator: Indicator) -> Unreadable:
    return refuse(
        *(Problem.TOO_LONG, indicator, text),
        **{"maximum": maximum, "length": len(text), "kept": text[:maximum]},
    )
