"""Words that work while talking. One table: what is done, and what people write for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.reading.typed import clean, fold


class Act(StrEnum):
    """What a phrase asks for."""

    START = "start"
    LATER = "later"
    SKIP = "skip"
    BACK = "back"
    SAME = "same"
    SAME_SECTION = "same_section"
    NOT_AVAILABLE = "not_available"
    HELP = "help"
    PAUSE = "pause"
    STATUS = "status"
    REVIEW = "review"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    EDIT = "edit"
    HAT = "hat"
    GREETING = "greeting"
    THANKS = "thanks"


@dataclass(frozen=True)
class Phrase:
    """What a whole message asks for. `argument`: what to edit, or which hat, as it was typed; None if not said."""

    act: Act
    argument: str | None = None


# As they are compared: small letters, no punctuation, no politeness.
# <what> is any text, <word> one word, <code> one with a "_".
PHRASES: dict[Act, tuple[str, ...]] = {
    Act.START: (
        *("start", "begin", "go", "lets start", "lets go", "lets begin", "start now", "begin now", "ready", "im ready"),
        *("i am ready", "continue", "resume", "go on", "carry on", "proceed", "mulai"),
    ),
    Act.LATER: (
        *("later", "not now", "remind me later", "remind me", "another time", "tomorrow", "later today", "not today"),
        *("not yet ready", "im busy", "i am busy", "busy", "snooze", "nanti"),
    ),
    Act.SKIP: (
        *("skip", "next", "pass", "skip it", "skip this", "skip this one", "skip this question", "skip question"),
        *("next question", "next one", "go to next", "go to the next", "go to the next question", "leave it", "lewati"),
        *("leave blank", "leave it blank", "leave empty", "leave it empty", "blank", "move on", ">>"),
    ),
    Act.BACK: (
        *("back", "go back", "previous", "previous question", "prev", "last question", "one back", "step back"),
        *(
            "back one",
            "undo",
            "go back one",
            "return",
            "go to previous",
            "go to the previous question",
            "<<",
            "kembali",
        ),
    ),
    Act.SAME: (
        *("same", "same as before", "same as last time", "same as last year", "no change", "no changes", "idem"),
        *(
            "unchanged",
            "not changed",
            "nothing changed",
            "it is the same",
            "its the same",
            "the same",
            "still the same",
        ),
        *("ditto", "as before", "as last time", "as last year", "like before", "like last time", "keep", "keep it"),
        *(
            "same answer",
            "same value",
            "same as previous",
            "same as above",
            "has not changed",
            "hasnt changed",
            "idem dito",
        ),
        *(
            "it has not changed",
            "did not change",
            "no update",
            "no updates",
            "same again",
            "keep the same",
            "sama",
            "tetap",
        ),
    ),
    Act.SAME_SECTION: (
        *("nothing changed in this section", "no change in this section", "no changes in this section", "same section"),
        *("all the same", "all same", "same for all", "everything is the same", "everything the same", "all unchanged"),
        *(
            "nothing new in this section",
            "section unchanged",
            "section same",
            "whole section same",
            "same all",
            "keep all",
        ),
    ),
    Act.NOT_AVAILABLE: (
        *("not available", "n/a", "na", "n a", "n.a", "no data", "not available yet", "unavailable", "no figures"),
        *(
            "no figure",
            "unknown",
            "not known",
            "data not available",
            "no data available",
            "not yet available",
            "-",
            "--",
        ),
        *(
            "---",
            "we have no data",
            "we do not have data",
            "we dont have data",
            "no information",
            "nan",
            "#n/a",
        ),
    ),
    Act.HELP: (
        *("help", "?", "??", "???", "help me", "what", "what does this mean", "what does it mean", "what is this"),
        *("what is that", "explain", "definition", "i dont understand", "i do not understand", "dont understand"),
        *(
            "not clear",
            "what do you mean",
            "what to do",
            "what should i do",
            "how",
            "how does this work",
            "example",
            "info",
        ),
        *(
            "give me an example",
            "for example",
            "more info",
            "what should i write",
            "what do i write",
            "commands",
            "bantuan",
        ),
    ),
    Act.PAUSE: (
        *("pause", "stop", "stop here", "break", "take a break", "quit", "exit", "bye", "goodbye", "enough", "wait"),
        *(
            "enough for today",
            "stop for today",
            "stop now",
            "continue later",
            "pause here",
            "see you",
            "cancel",
            "hold on",
        ),
    ),
    Act.STATUS: (
        *("status", "where are we", "where am i", "how many left", "how many are left", "how much is left", "progress"),
        *(
            "how many more",
            "how far are we",
            "how far am i",
            "what is left",
            "whats left",
            "how long",
            "what is missing",
        ),
        *("whats missing", "when is it due", "when is the deadline", "deadline", "due date", "overview"),
    ),
    Act.REVIEW: (
        *("review", "show all", "show all answers", "show my answers", "show answers", "see all answers", "my answers"),
        *(
            "all answers",
            "see all",
            "summary",
            "show me all",
            "show me my answers",
            "check answers",
            "list",
            "see all questions",
        ),
    ),
    Act.SUBMIT: (
        *("submit", "send", "send it", "submit it", "submit now", "done", "finish", "finished", "im done", "i am done"),
        *(
            "complete",
            "completed",
            "all done",
            "that is all",
            "thats all",
            "send now",
            "submit all",
            "we are done",
            "ready to submit",
        ),
        *("im finished", "i am finished", "kirim", "selesai", "end"),
    ),
    Act.WITHDRAW: (
        *(
            "withdraw",
            "take back",
            "take it back",
            "withdraw it",
            "recall",
            "unsubmit",
            "undo submit",
            "i want it back",
        ),
        *("withdraw submission", "withdraw my submission", "withdraw report", "give it back", "tarik kembali"),
    ),
    Act.EDIT: ("edit", "edit <what>", "change", "change <code>", "correct <code>", "fix <code>", "go to <code>"),
    Act.HAT: (
        *("hat", "hat <word>", "hats", "switch hat", "change hat", "switch role", "change role", "switch", "my roles"),
    ),
    Act.GREETING: (
        *(
            "hi",
            "hello",
            "hey",
            "good morning",
            "good afternoon",
            "good evening",
            "good day",
            "hi there",
            "hello there",
        ),
        *(
            "dear bot",
            "hello bot",
            "hi bot",
            "halo",
            "selamat pagi",
            "xin chao",
            "xin chào",
            "sawasdee",
            "สวัสดี",
            "kumusta",
        ),
    ),
    Act.THANKS: (
        *(
            "thanks",
            "thank you",
            "many thanks",
            "thx",
            "thank you very much",
            "thanks a lot",
            "ok",
            "okay",
            "noted",
            "fine",
        ),
        *(
            "ok thanks",
            "ok thank you",
            "well noted",
            "great",
            "good",
            "terima kasih",
            "cảm ơn",
            "ขอบคุณ",
            "salamat",
            "👍",
        ),
    ),
}
POLITE = re.compile(
    r"^(?:(?:please|pls|plz|kindly|ok|okay|so|can we|can you|could we|could you|can i|may i|i want to|i would like to|"
    r"id like to|we want to|lets|let us|let me|i need|hi|hello|dear bot|bot)\s+)+|"
    r"(?:\s+(?:please|pls|plz|thanks|thank you|thx|ty|now please|bot))+$"
)
PLACES = {"what>": r"\S.*", "word>": r"[^\W\d_]\S*", "code>": r"[a-z0-9]+(?:_[a-z0-9]+)+"}
LONGEST = 80


def phrase(text: str) -> Phrase | None:
    """What a whole message asks for; None when it is something else, or more than the phrase.

    Case, quotation marks, punctuation around it and politeness ("please", "thanks") do not matter.
    """
    said = _said(text)
    if said is None:
        return None
    for candidate in dict.fromkeys((said, _plainer(said))):
        if act := _EXACT.get(candidate):
            return Phrase(act)
    plainer = _plainer(said)
    for act, pattern in _OPEN:
        if match := pattern.fullmatch(plainer):
            return Phrase(act, _typed(text, match["what"]))
    return None


def _said(text: str) -> str | None:
    text = " ".join(fold(clean(text)).casefold().replace("'", "").split())
    if not text or len(text) > LONGEST:
        return None
    bare = text.strip(' .!,;:"*_`()…/\\')
    return bare or text


def _plainer(said: str) -> str:
    shorter = POLITE.sub("", said.replace(",", " ").strip())
    shorter = " ".join(POLITE.sub("", shorter).split())
    shorter = shorter.strip(' .!,;:"*_`()…')
    questionless = shorter.rstrip("? ")
    return questionless or shorter or said


def _typed(text: str, argument: str) -> str:
    """The argument as it was typed, where it can be found again."""
    flat = " ".join(clean(text).split())
    at = flat.casefold().rfind(argument)
    return flat[at : at + len(argument)] if at >= 0 and len(flat.casefold()) == len(flat) else argument


_EXACT: dict[str, Act] = {
    " ".join(words.split()): act
    for act, all_words in PHRASES.items()
    for words in all_words
    if "<" not in words.strip("<")
}
_OPEN: tuple[tuple[Act, re.Pattern[str]], ...] = tuple(
    (act, re.compile(opening + rf" (?P<what>{PLACES[place]})"))
    for act, all_words in PHRASES.items()
    for words in all_words
    for opening, _, place in [words.partition(" <")]
    if place in PLACES
)
