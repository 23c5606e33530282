"""Words that work while talking."""

from __future__ import annotations

import pytest

from bot.reading import PHRASES, Act, Phrase, phrase

SAID = {
    Act.SKIP: [
        "skip",
        "Skip.",
        "SKIP!",
        "next",
        "pass",
        "please skip",
        "skip pls",
        "skip this question",
        "Could you please skip it?",
    ],
    Act.BACK: ["back", "go back", "Previous", "previous question please"],
    Act.SAME: [
        "same",
        "Same as before.",
        "no change",
        "No changes, thanks",
        "idem",
        "same as last time",
        "“same”",
        "unchanged",
    ],
    Act.SAME_SECTION: ["Nothing changed in this section", "all the same"],
    Act.NOT_AVAILABLE: ["n/a", "N/A", "-", "not available", "No data", "n.a."],
    Act.HELP: [
        "help",
        "?",
        "what does this mean?",
        "What does it mean",
        "can you explain?",
        "I don't understand",
        "I don’t understand",
    ],
    Act.PAUSE: ["pause", "stop", "enough for today"],
    Act.LATER: ["later", "not now", "remind me later please"],
    Act.STATUS: ["status", "where are we", "Where are we?", "how many left?", "what's left"],
    Act.REVIEW: ["review", "show me all", "show my answers"],
    Act.SUBMIT: ["submit", "done", "Finish", "I'm done", "pls submit", "ok submit", "send it"],
    Act.WITHDRAW: ["withdraw", "take it back"],
    Act.START: ["start", "let's go", "Begin"],
    Act.EDIT: ["edit"],
    Act.HAT: ["hat", "switch role"],
    Act.GREETING: ["hello", "Good morning!"],
    Act.THANKS: ["thanks", "Thank you very much.", "ok"],
}


@pytest.mark.parametrize(("text", "act"), [(text, act) for act, texts in SAID.items() for text in texts])
def test_a_whole_message_that_is_a_phrase_is_one(text: str, act: Act) -> None:
    assert phrase(text) == Phrase(act)


def test_every_act_is_in_the_table_and_every_phrase_of_the_table_works() -> None:
    assert set(PHRASES) == set(Act) == set(SAID)
    for act, texts in PHRASES.items():
        for text in texts:
            if " <" not in text:
                assert phrase(text) == Phrase(act), text
    every = [text for texts in PHRASES.values() for text in texts]
    assert len(every) == len(set(every))


def test_what_to_edit_and_which_hat_come_with_it() -> None:
    assert phrase("edit gini_index") == Phrase(Act.EDIT, "gini_index")
    assert phrase("Please edit Gini index.") == Phrase(Act.EDIT, "Gini index")
    assert phrase("change gini_index") == Phrase(Act.EDIT, "gini_index")
    assert phrase("hat Secretariat") == Phrase(Act.HAT, "Secretariat")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "38.8",
        "We had no change in the law",
        "skip the next two",
        "The help desk opened",
        "back to school programme",
        "change in the law was slow",
        "Change of ministers",
        "go to parliament",
        "next year we will pass the law",
        "hat trick in three provinces",
        "same " * 40,
        "no",
        "yes",
        "none",
        "national",
    ],
)
def test_more_than_the_phrase_is_not_the_phrase(text: str) -> None:
    assert phrase(text) is None
