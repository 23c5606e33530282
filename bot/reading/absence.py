"""Not available, and why."""

from __future__ import annotations

import re

from bot.reading.answers import Draft, Need, Reply
from bot.reading.typed import clean, fold, has_letter, key, one_line, unwrap, word_set
from db.vocabulary import Availability

SHORT = r"n ?/ ?a|n\.a\.?|n\.? a\.|na|#n/a|nan|null|not available|unavailable|not applicable|tidak tersedia"
LONG = (
    r"not yet available|not known|unknown|belum tersedia|"
    r"no (?:data|figures?|numbers?|information|statistics|value|idea)(?: (?:is |are |was |were )?available)?|"
    r"don'?t know|do not know|does not apply|không có số liệu|ไม่มีข้อมูล|គ្មានទិន្នន័យ|ບໍ່ມີຂໍ້ມູນ"
)
# "There is none" and "not yet": no figure where a number is asked for; an answer of its own where a choice is.
NO_FIGURE = r"not yet|not collected|not measured|belum ada|tidak ada|không có|ไม่มี|គ្មាន|ບໍ່ມີ"
LEAD = (
    r"(?:(?:sorry|unfortunately|there (?:is|are)|we have|it is|it's|this is|still|data (?:is|are)|data|i|we|"
    r"the (?:data|figure|number) is|figures? (?:is|are))[, ]+)*"
)
HAVE = (
    r"(?:we |i )?(?:do not|don'?t) have (?:(?:any|the|this|these|such|a) )*"
    r"(?:data|figures?|numbers?|information|it|this|that)"
)
MARKS = r"-{1,3}|\.{2,3}|…"
ENDS = r"(?=$|[\s:;,.()!-])"
ABSENT = re.compile(rf"(?:{LEAD}(?:{SHORT}|{LONG})|{HAVE}){ENDS}|(?:{MARKS})(?=$|\s+[^\W\d])", re.IGNORECASE)
WITHOUT_FIGURE = re.compile(rf"{LEAD}(?:{NO_FIGURE}){ENDS}", re.IGNORECASE)
STRICT = re.compile(rf"(?:{SHORT}){ENDS}[\s:;,.-]*$|(?:n/a|not available) ?[:(;-] ?\S|(?:-{{1,3}})$", re.IGNORECASE)
# "Not yet surveyed": the words are the reason, and they go on without a stop.
IN_WORDS = re.compile(rf"{LEAD}(?:{LONG}|{NO_FIGURE})|{HAVE}", re.IGNORECASE)
GOES_ON = re.compile(r"\s+(?!because|since|as|due)[^\W\d]", re.IGNORECASE)
ITSELF_A_REASON = re.compile(
    r"(?:there (?:is|was|were|are) )?no (?:new |recent )?(?:survey|census|study|assessment|programme|program|scheme|"
    r"system|registry|estimate|household survey)s?\b|not (?:surveyed|published|released|computed|calculated)\b|"
    r"(?:it is |still )*(?:pending|tb[acd]|to be (?:confirmed|decided|published)|under (?:preparation|review)|"
    r"in preparation|being (?:computed|prepared|collected)|awaiting|waiting for)\b",
    re.IGNORECASE,
)
# What follows "not available" without being a reason.
NO_REASON = word_set(
    "yet|now|so far|at present|at the moment|currently|for now|for us|for this|for this year|this year|"
    "this time|here|in our country|at all|sorry|please|thanks|thank you|for this question|"
    "for this indicator|available|n a|na|not available|no data|unknown|no reason|none"
)
BECAUSE = re.compile(r"(?:because|since|the reason is(?: that)?|reason)\b[\s:,]*", re.IGNORECASE)


def absent(text: str, *, figure: bool = False, strict: bool = False) -> Reply | Draft | None:
    """Read "not available", with its reason or without.

    Args:
        text: cleaned text.
        figure: a number is asked for, so that "not yet" and "no survey this year" say that there is none.
        strict: only where it can mean nothing else, for questions that are answered in words.

    Returns:
        A Reply with the reason as its note, a Draft that needs the reason, or None if it is something else.
    """
    folded = fold(text)
    if strict and not STRICT.match(folded):
        return None
    if figure and ITSELF_A_REASON.match(folded):
        return because(text)
    match = ABSENT.match(folded) or (WITHOUT_FIGURE.match(folded) if figure else None)
    if match is None:
        return None
    rest = text[match.end() :]
    missing = because(rest)
    if isinstance(missing, Reply) and IN_WORDS.fullmatch(match[0]) and GOES_ON.match(rest):
        return because(text)
    return missing


def because(text: str) -> Reply | Draft:
    """Not available for this reason, or a Draft that still needs one."""
    reason = reason_in(text)
    if reason is None:
        return Draft(need=Need.REASON, availability=Availability.NOT_AVAILABLE)
    return Reply(Availability.NOT_AVAILABLE, note=reason)


def reason_in(text: str) -> str | None:
    """The reason in a text, on one line; None where there is none."""
    reason = one_line(clean(text))
    while True:
        shorter = unwrap(reason.lstrip(" :;,.-–—!/").rstrip(" ;,:"))
        if match := BECAUSE.match(shorter):
            shorter = shorter[match.end() :]
        if shorter == reason:
            break
        reason = shorter
    if not has_letter(reason) or key(reason) in NO_REASON:
        return None
    return reason
