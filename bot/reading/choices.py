"""Answers that are chosen: one of the listed choices, or yes and no. What is only alike is asked back."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from bot.formats import Indicator, Option
from bot.reading.answers import AskBack, Draft, Need, Problem, Reply, Suggestion
from bot.reading.numbers import refuse
from bot.reading.typed import fold, has_letter, key, one_line, unwrap, word_set
from db.vocabulary import Availability

YES = word_set(
    "yes|y|yep|yeah|yup|ya|ye|yes it is|yes they are|they are|it is|true|correct|of course|sure|iya|oo|"
    "có|vâng|ใช่|មាន|ແມ່ນ|1 yes|✓|✔|👍"
)
NO = word_set(
    "no|n|nope|nah|no they are not|they are not|it is not|false|tidak|tak|hindi|không|ไม่|ไม่ใช่|ទេ|ບໍ່|2 no|✗|✘|👎"
)
NUMBERED = re.compile(r"(?:option|choice|number|no\.?|nr\.?|#)?\s*\(?(\d{1,2})\)?[.)]?", re.IGNORECASE)
SEPARATED = re.compile(r"^\s*(?:[,;:(]|-\s|\.\s|\n)")
ALIKE = 0.72


def read_choice(text: str, indicator: Indicator) -> Reply | AskBack:
    """Read one of the choices, by code, title, number in the list or clear beginning, with a remark or without.

    Raises:
        Unreadable: it is not like any of them.
    """
    if exact := exact_choice(text, indicator):
        return exact
    if match := NUMBERED.fullmatch(fold(text)):
        place = int(match[1])
        if 1 <= place <= len(indicator.choices):
            return _chosen(indicator.choices[place - 1])
    said = key(text)
    begun = [option for option in indicator.choices if said and _begins(option, said)]
    if len(begun) == 1 and len(said) >= 2:
        return _chosen(begun[0])
    alike = begun or _alike(said, indicator)
    if not alike:
        raise refuse(
            Problem.NO_SUCH_CHOICE, indicator, text, choices=tuple(option.title for option in indicator.choices)
        )
    note = _rest_of(text, alike[0]) if len(alike) == 1 else None
    suggestions = tuple(Suggestion(option.title, _chosen(option, note)) for option in alike)
    return AskBack(Draft(Need.WHICH_CHOICE, suggestions=suggestions), wrote=text)


def exact_choice(text: str, indicator: Indicator) -> Reply | None:
    """The choice that is named to the letter, with a remark after a separator; None if none is."""
    for option in sorted(indicator.choices, key=lambda each: -len(each.title)):
        for name in (option.title, option.code):
            rest = _after(text, name)
            if rest is None:
                continue
            note = remark(rest)
            if note or not has_letter(rest):
                return _chosen(option, note)
    return None


def read_yes_no(text: str, indicator: Indicator) -> Reply | AskBack:
    """Read yes or no, with a remark or without.

    Raises:
        Unreadable: it is neither.
    """
    if exact := exact_yes_no(text):
        return exact
    first, _, rest = one_line(text).partition(" ")
    word = key(first)
    if word in YES and len(word) > 1:
        return _said("yes", remark(", " + rest))
    if word in NO or key(text).startswith(("not ", "partly", "partially", "only ", "some ", "mostly")):
        note = remark(", " + (rest if word in NO else one_line(text)))
        answers = ("no",) if word in NO or word == "not" else ("yes", "no")
        suggestions = tuple(Suggestion(answer, _said(answer, note)) for answer in answers)
        return AskBack(Draft(Need.WHICH_CHOICE, suggestions=suggestions), wrote=text)
    raise refuse(Problem.NOT_YES_NOR_NO, indicator, text)


def exact_yes_no(text: str) -> Reply | None:
    """Yes or no alone, or before a separator and a remark; None if it is neither."""
    for answer, words in (("yes", YES), ("no", NO)):
        if (key(text) or text.strip()) in words:
            return _said(answer)
        for word in words:
            rest = _after(text, word)
            if rest is not None and SEPARATED.match(fold(rest)) and (note := remark(rest)):
                return _said(answer, note)
    return None


def remark(rest: str) -> str | None:
    """The remark behind a separator, on one line; None where there is none."""
    if not SEPARATED.match(fold(rest)):
        return None
    note = one_line(rest)
    while True:
        shorter = unwrap(note.lstrip(" ,;:.-–—").rstrip(" ,;"))
        if shorter == note:
            return note if has_letter(note) else None
        note = shorter


def _after(text: str, name: str) -> str | None:
    """What follows a name at the beginning of the text, whatever its case and the signs between its words."""
    words = [re.escape(word) for word in key(name).split()]
    if not words:
        return None
    match = re.match(r"[\s\"'(\[]*" + r"[\s_-]+".join(words) + r"(?![^\W_])[\"'\]]?", fold(text), re.IGNORECASE)
    return text[match.end() :] if match else None


def _begins(option: Option, said: str) -> bool:
    return key(option.code).startswith(said) or key(option.title).startswith(said)


def _alike(said: str, indicator: Indicator) -> list[Option]:
    """The choices that this may be a misspelling of, or that are named within it; the likeliest first."""
    scored: list[tuple[float, int, Option]] = []
    for place, option in enumerate(indicator.choices):
        best = 0.0
        for name in (key(option.code), key(option.title)):
            within = 1.0 if f" {name} " in f" {said} " else 0.0
            words = [said, *said.split()] if len(said) <= 200 else []
            best = max([best, within, *(SequenceMatcher(None, name, word).ratio() for word in words)])
        if best >= ALIKE:
            scored.append((-best, place, option))
    return [option for _, _, option in sorted(scored, key=lambda each: each[:2])]


def _rest_of(text: str, option: Option) -> str | None:
    for name in (option.title, option.code):
        rest = _after(text, name)
        if rest is not None:
            return remark(", " + rest)
    return None


def _chosen(option: Option, note: str | None = None) -> Reply:
    return Reply(Availability.GIVEN, text=option.code, note=note)


def _said(answer: str, note: str | None = None) -> Reply:
    return Reply(Availability.GIVEN, text=answer, note=note)
