"""Cut what was typed for a number into pieces: numbers, years, percent signs, words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.reading.sources import MONTHS
from bot.reading.typed import fold, word_set
from bot.reading.years import year_like


class Sort(StrEnum):
    """What a piece is."""

    NUMBER = "number"
    SPAN = "span"  # 2019/20, 2019-2020
    DATE = "date"
    PERCENT = "percent"
    UNIT = "unit"
    APPROX = "approx"  # about, ~
    ESTIMATE = "estimate"  # 39 (estimate)
    BOUND = "bound"  # more than, <
    MULTIPLIER = "multiplier"  # 1.2 million
    EXPONENT = "exponent"
    FRACTION = "fraction"
    FILLER = "filler"
    WORD = "word"
    MARK = "mark"


@dataclass(frozen=True)
class Token:
    """A piece: where it stands, and its text with ASCII digits."""

    sort: Sort
    start: int
    end: int
    text: str

    @property
    def year(self) -> bool:
        """Whether it can be a year."""
        return self.sort is Sort.NUMBER and year_like(self.text)


FILLERS = word_set(
    "a|actually|according|and|answer|as|at|be|based|by|ce|coming|estimated|fiscal|for|from|fy|i|in|is|"
    "it|its|mean|no.|of|on|oops|per|period|ref|reference|since|sorry|source|sources|survey:|the|to|"
    "value|was|we|were|with|year|tahun|năm|sumber|nguồn|ปี|พ.ศ.|ค.ศ.|ad|b.e."
)
PERCENT_WORDS = (
    "percent|per cent|per-cent|pct|pc|percentage points?|persen|peratus|phần trăm|porsyento|"
    "เปอร์เซ็นต์|ភាគរយ|ເປີເຊັນ|ສ່ວນຮ້ອຍ|ရာခိုင်နှုန်း"
)
APPROX_WORDS = (
    r"about|around|approximately|approx\.?|appr\.?|roughly|circa|ca\.?|c\.|nearly|almost|some|estimated at|estimated|"
    r"estimate|est\.?|more or less|maybe|perhaps|probably|sekitar|kurang lebih|kira-kira|khoảng|ประมาณ|mga"
)
BOUND_WORDS = (
    r"more than|less than|fewer than|at least|at most|up to|not more than|not less than|over|under|above|below|"
    r"minimum|maximum|min|max"
)
AFTER_WORDS = r"approximately|approx\.?|estimated|estimate|est\.?|or so|more or less|roughly"
MULTIPLIERS = r"hundred|thousand|million|billion|mio|mln|mn|bn|k|m|juta|ribu|lakh|crore|triệu|ล้าน|พัน"
NEXT_IS_NUMBER = r"(?=\s*[+-]?[.,]?\d)"
EDGE = r"(?![^\W_])"
MONTH = r"(?:0?[1-9]|1[0-2])"
NUMBER = r"(?:\d+(?:[.,']\d+)*|[.,]\d+)"
SPACED = r"[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d+)?(?![\d.,']*\d)"
FRACTION = r"\d+ ?(?:/|out of|of) ?(?!(?:19|20|21|24|25|26)\d\d(?!\d))\d+"

PIECES: tuple[tuple[Sort, str], ...] = (
    (Sort.DATE, rf"\d{{4}}-{MONTH}-\d{{1,2}}(?!\d)|\d{{4}}/{MONTH}/\d{{1,2}}(?!\d)"),
    (Sort.DATE, r"(?:0?[1-9]|[12]\d|3[01])([./-])(?:0?[1-9]|1[0-2])\1\d{4}(?!\d)"),
    (Sort.SPAN, r"(?:19|20|21|24|25|26)\d\d(?: ?[/-] ?(?:19|20|21|24|25|26)\d\d|[/-]\d\d)(?![\d.,]*\d)"),
    (Sort.DATE, rf"(?:19|20|21|24|25|26)\d\d[/-]{MONTH}(?![\d.,]*\d)"),
    (Sort.EXPONENT, r"\d+(?:[.,]\d+)?e[+-]?\d+" + EDGE),
    (Sort.FRACTION, FRACTION + EDGE),
    (Sort.FILLER, r"(?:ปี|พ\.ศ\.?|ค\.ศ\.?|ร้อยละ|fy|ay|cy|q[1-4](?=[ /-]?\d{4})|b\.e\.?)" + NEXT_IS_NUMBER),
    (Sort.FILLER, rf"(?:(?:{'|'.join(sorted(MONTHS))})(?:of )?[. -]*)+(?=(?:of )?\d{{4}}(?!\d))"),
    (Sort.APPROX, r"(?:[~≈±]+)" + NEXT_IS_NUMBER),
    (Sort.APPROX, rf"(?:{APPROX_WORDS})" + NEXT_IS_NUMBER),
    (Sort.BOUND, rf"(?:[<>≤≥]=?|(?:{BOUND_WORDS})(?=\s))" + NEXT_IS_NUMBER),
)
AFTER_NUMBER: tuple[tuple[Sort, str], ...] = (
    (Sort.PERCENT, rf"%|(?:{PERCENT_WORDS})" + EDGE),
    (Sort.MULTIPLIER, rf"(?:{MULTIPLIERS})" + EDGE),
    (Sort.ESTIMATE, rf"(?:{AFTER_WORDS})" + EDGE),
)
NUMBER_END = rf"(?=$|[\s()\[\]{{}}<>\"';:,=|/%~!?+*-]|[.…](?!\d)|(?:{PERCENT_WORDS}|{MULTIPLIERS}){EDGE})"
WORD = re.compile(r"[^\s()\[\]{}\"<>;:,=|/~≈%]+")
SIGN_BEFORE = re.compile(r"(?:^|[(=:~≈<>])\s{0,2}$")
IN_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
BEFORE_WORDS = frozenset({Sort.APPROX, Sort.FILLER, Sort.MARK})
POPULATIONS = r"population|people|persons|households|gdp|children|workers|residents|inhabitants"


_Pieces = list[tuple[Sort, re.Pattern[str]]]


@dataclass(frozen=True)
class _Patterns:
    """The pieces of one question: those that stand anywhere, those straight after a number, numbers in words."""

    before: _Pieces
    after: _Pieces
    in_words: re.Pattern[str]


@lru_cache(maxsize=256)
def _patterns(unit: str | None, months: bool, counted_in_words: bool) -> _Patterns:
    before = [(sort, re.compile(pattern, re.IGNORECASE)) for sort, pattern in PIECES]
    if months:
        before.insert(0, (Sort.DATE, re.compile(rf"{MONTH}[./-]\d{{4}}(?!\d)|\d{{4}}-{MONTH}(?!\d)")))
    before.append((Sort.NUMBER, re.compile(rf"(?:{SPACED}|{NUMBER})" + NUMBER_END, re.IGNORECASE)))
    counted = re.escape((unit or "").removeprefix("percent of ").strip()) or POPULATIONS
    one = re.escape(unit.removesuffix("s")) if unit else "times"
    units = rf"of (?:the |all |our |total |whole )*(?:{counted}|{POPULATIONS})|{counted}|{one}|times|points"
    after = [(Sort.UNIT, re.compile(rf"(?:{units})" + EDGE, re.IGNORECASE))]
    after += [(sort, re.compile(pattern, re.IGNORECASE)) for sort, pattern in AFTER_NUMBER]
    words = "|".join(IN_WORDS if counted_in_words else IN_WORDS[:1])
    in_words = rf"(?:{words})(?=\s*(?:$|[,;:(.%]|(?:in|for)\b|\d{{4}}|(?:{units}){EDGE}))"
    return _Patterns(before, after, re.compile(in_words, re.IGNORECASE))


def scan(text: str, *, unit: str | None = None, months: bool = False, count: bool = False) -> list[Token]:
    """The pieces of a text, in order; what lies between them is space.

    Args:
        unit: the unit of the question, which people write after the number.
        months: whether `12/2020` is a month here (it is a value and a year where both are waited for).
        count: whether "three" is a number here, as it is where things are counted.
    """
    folded = fold(text)
    patterns = _patterns(unit, months, count)
    tokens: list[Token] = []
    position = 0
    while position < len(folded):
        if folded[position].isspace():
            position += 1
            continue
        tokens.append(_next(folded, position, patterns, tokens))
        position = tokens[-1].end
    return tokens


def _next(text: str, start: int, patterns: _Patterns, tokens: list[Token]) -> Token:
    if any(token.sort is Sort.NUMBER for token in _since_number(tokens)):
        for sort, pattern in patterns.after:
            if match := pattern.match(text, start):
                return Token(sort, start, match.end(), match[0])
    if text[start] in "-+±" and tokens and tokens[-1].sort is Sort.NUMBER and tokens[-1].end == start:
        return Token(Sort.MARK, start, start + 1, text[start])
    begin = start
    if (
        text[start] in "+-"
        and SIGN_BEFORE.search(text[max(0, start - 4) : start])
        and (sign := re.compile(r"[+-] ?(?=[.,]?\d)").match(text, start))
    ):
        begin = sign.end()
    for sort, pattern in patterns.before:
        if match := pattern.match(text, begin):
            if (begin > start and sort is not Sort.NUMBER) or (sort is Sort.SPAN and not _years(match[0])):
                continue
            literal = match[0] if begin == start else text[start] + match[0]
            return Token(sort, start, match.end(), literal.strip())
    if (match := patterns.in_words.match(text, start)) and all(each.sort in BEFORE_WORDS for each in tokens):
        return Token(Sort.NUMBER, start, match.end(), str(IN_WORDS.index(match[0].casefold())))
    if match := WORD.match(text, start):
        word = match[0]
        if word.strip("-+.*_!?'…&#•·") == "":
            return Token(Sort.MARK, start, match.end(), word)
        if word.casefold().rstrip(".,!") in FILLERS or word.casefold() in FILLERS:
            return Token(Sort.FILLER, start, match.end(), word)
        return Token(Sort.WORD, start, match.end(), word)
    return Token(Sort.PERCENT if text[start] == "%" else Sort.MARK, start, start + 1, text[start])


def _years(span: str) -> bool:
    """Whether the second part of `2019/20` is a later year, not far from the first."""
    first, second = re.split(r"\D+", span, maxsplit=1)
    return 0 < (int(second[-2:]) - int(first[-2:])) % 100 <= 20


def _since_number(tokens: list[Token]) -> list[Token]:
    """The last number with what may stand between it and its unit."""
    found: list[Token] = []
    for token in reversed(tokens[-6:]):
        found.append(token)
        if token.sort not in (Sort.PERCENT, Sort.UNIT, Sort.MARK):
            break
    return found
