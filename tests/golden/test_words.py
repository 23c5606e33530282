"""Every message a person reads, rendered from a year of the network and compared with files; and with hostile facts.

`RECORD_GOLDEN=1 python -m pytest tests/golden` writes the files anew; read the difference as a person would.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

import bot.app
from bot.clock import SimulatedClock
from bot.composers import COMPOSERS
from bot.messages import Message
from bot.people import Contact
from bot.rendering import mail
from bot.rendering.blocks import render, to_blocks
from bot.sandbox.blocks import BlockReader
from bot.words import Words
from db.vocabulary import Role
from tests import source
from tests.golden import assert_golden
from tests.golden.cases import CASES, JAKARTA
from tests.golden.year import Listened, Said, play
from tests.stage import stage

# Their own tests record these: tests/unit/digests, tests/unit/reminders, tests/unit/cli, tests/unit/exports.
ELSEWHERE = (
    "digest/",
    "reminder/step",
    "reminder/review",
    "chart/",
    *("exports/about", "exports/country", "exports/print", "exports/region"),
    "layout/",
    "observations/",
    "refusals/observations_refused",
    "replay/",
    "demo/",
)
VARIANTS = 6
SITI = Contact(1, "Siti Rahmadani", "siti@example.org", "U0SITI", JAKARTA, "IDN", Role.FOCAL_POINT)
# What chooses a branch of a template, and is no text of a person.
CHOOSES = {
    "state",
    "how",
    "kind",
    "theme",
    "need",
    "problem",
    "set",
    "role",
    "roles",
    "medium",
    "ball",
    "code",
    "commands",
    "channel",
    "status",
    "what",
    "mandate",
    "sector",
    "step",
    "field",
    "side",
    "change",
    "track",
    "verdict",
}
HOSTILE = "<!channel> <@U0SITI> & *b* \n\n# x\n---\n~ y\n> z `c` <https://evil.example.org|go> {{ 7*7 }} \r\n\n• w"
BREAKS = re.compile(r"<[!@]|<#(?!C0)|<https?:|<mailto:")


@dataclass
class Heard:
    """What a year of the network said."""

    words: Listened
    said: list[Said]


@pytest.fixture(scope="module")
async def heard(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Heard:
    """The whole year, once, with everything that was rendered; and the cases that no year would bring."""
    path = tmp_path_factory.mktemp("year") / "spnet.db"
    path.write_bytes(sqlite_template.read_bytes())
    listened = Listened()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bot.app, "words", lambda: listened)
        async with stage(
            f"sqlite+aiosqlite:///{path}", SimulatedClock(datetime(2026, 11, 2, 2, 0, tzinfo=UTC))
        ) as network:
            await play(network)
    said = [each for each in listened.heard if each.form == "chat"]
    said += _cases(said)
    return Heard(listened, said)


def _cases(said: Sequence[Said]) -> list[Said]:
    made: list[Said] = []
    for kind, more in CASES.items():
        facts = next((each.facts for each in said if each.kind == kind), {})
        # What has mail templates of its own is read in all three.
        forms = [form for form in ("chat", "text", "html") if f"{kind}.{form}.j2" in source.templates()]
        made += [Said(kind, form, {**facts, **each}, JAKARTA) for each in more for form in forms]
    return made


def ours(kind: str) -> bool:
    return not kind.startswith(ELSEWHERE)


def shown(words: Words, said: Said) -> str:
    """As a person reads it, block after block; of a page its words."""
    text = words.render(said.kind, said.form, said.facts, said.reader)
    if said.form == "text":
        return text
    if said.form == "html":
        body = text.split("<body", 1)[-1].split(">", 1)[-1]
        return re.sub(r"\n\s*\n+", "\n", re.sub(r"<[^>]+>", "", body)).strip()
    return "\n".join(_as_read(block) for block in to_blocks(text))


def _as_read(block: Mapping[str, Any]) -> str:
    match block["type"]:
        case "header":
            return f"# {block['text']['text']}"
        case "context":
            return "\n".join(f"   {element['text']}" for element in block["elements"])
        case "divider":
            return "---"
        case "table":
            return "\n".join(" | ".join(cell["text"] for cell in row) for row in block["rows"])
        case _:
            return str(block["text"]["text"])


async def test_every_message_reads_as_it_was_agreed(heard: Heard) -> None:
    subjects: dict[str, list[str]] = defaultdict(list)
    once: dict[str, list[str]] = defaultdict(list)
    for said in sorted((each for each in heard.said if ours(each.kind)), key=lambda each: each.kind):
        text = shown(heard.words, said)
        if text not in once[said.kind] and (
            len(once[said.kind]) < VARIANTS or said.kind in CASES or "prompt" in said.kind
        ):
            once[said.kind].append(text)
            subjects[said.kind.split("/")[0]].append(f"===== {said.kind} =====\n{text}\n")
    for subject, texts in subjects.items():
        assert_golden(f"{subject}.chat", "\n".join(texts))


async def test_every_message_was_heard(heard: Heard) -> None:
    kinds = {source.kind_of(name) for name in source.templates() if ".chat." in name or ".html." in name}
    assert {kind for kind in kinds if ours(kind)} - {said.kind for said in heard.said} == set()


async def test_every_word_of_the_templates_was_read_once(heard: Heard) -> None:
    """No branch of a template is left that nobody has ever seen filled."""
    read = " ".join(heard.words.render(each.kind, each.form, each.facts, each.reader) for each in heard.said)
    read = " ".join(read.split())
    unread = [
        (name, " ".join(piece.split()))
        for name, text in source.templates().items()
        if ours(name) or (name.startswith("layout/") and ".chat." in name)
        for said in source.words_of(text)
        for piece in said.split("\n")
        if len(" ".join(piece.split())) > 3 and " ".join(piece.split()) not in read and not name.endswith(".subject.j2")
    ]
    left = [each for each in unread if "<" not in each[1]]
    assert left == [], "\n".join(f"{name}: {said}" for name, said in left)


async def test_what_goes_by_mail_has_a_subject_and_reads_alike(heard: Heard) -> None:
    letters: dict[str, str] = {}
    for said in heard.said:
        if said.kind in COMPOSERS and ours(said.kind) and said.kind not in letters:
            made = mail.compose(
                Message(said.kind, said.facts),
                SITI,
                heard.words,
                sender="spnet <bot@example.org>",
                reply_to=None,
                now=datetime(2026, 11, 2, 2, 0, tzinfo=UTC),
                identity=said.kind,
            )
            subject = str(made.message["Subject"])
            assert 5 < len(subject) <= 120, said.kind
            # The status is of all countries, for the secretariat.
            if said.kind.startswith(("assessment/", "cycle/", "review/")) and said.kind != "cycle/status":
                assert said.facts["member"] in subject, "a mail is known by its country"
            text = made.message.get_body(("plain",)).get_content().replace("\r\n", "\n")
            assert "*" not in text and "~" not in text and "`" not in re.sub(r"`/spnet[^`]*`", "", text)
            letters[said.kind] = f"===== {said.kind} =====\nSubject: {subject}\n\n{text}"
    assert_golden("mail.text", "\n".join(letters[kind] for kind in sorted(letters)))


SLIPS = re.compile(
    r"\bNone\b|\bTrue\b|\bFalse\b|\{\{|\{%|[a-z]  +[a-z]| [,.;](?:\s|$)|\.\.(?!\.)(?<!\.\.\.)|,,|\(\)|“”|\*\*|``"
    r"|\b1 (?:questions|answers|countries|people|days|experiences)\b|\b(?:a|an) (?:is|are)\b|\b(\w+) \1\b",
)


async def test_nothing_reads_like_a_slip(heard: Heard) -> None:
    for said in (each for each in heard.said if ours(each.kind)):
        text = heard.words.render(said.kind, said.form, said.facts, said.reader)
        if said.form != "chat":
            continue
        for block in to_blocks(text):
            read = _as_read(block).strip()
            slip = SLIPS.search(read)
            # A choice may be called None, and a title may repeat a word.
            if slip and "The choices: None" not in read:
                raise AssertionError((said.kind, slip[0], read))
            assert block["type"] == "divider" or not re.search(r"(?m)^(?:~ |---$)", read), said.kind
            assert block["type"] == "header" or not re.search(r"(?m)^# ", read), said.kind
            assert not re.search(r"(?m)^[•>]\s*$", read), f"an empty line of a list: {said.kind}"


def hostile(value: Any, key: str, text: Callable[[], str]) -> Any:
    if isinstance(value, str) and key not in CHOOSES:
        return text()
    if isinstance(value, Mapping):
        return {name: hostile(each, name, text) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [hostile(each, key, text) for each in value]
    return value


async def test_what_people_typed_makes_no_block_and_no_mention(heard: Heard) -> None:
    for said in heard.said:
        if said.form != "chat" or not ours(said.kind):
            continue
        plain = heard.words.render(said.kind, "chat", hostile(said.facts, "", lambda: "x"), said.reader)
        wild = heard.words.render(said.kind, "chat", hostile(said.facts, "", lambda: HOSTILE), said.reader)
        kinds = [block["type"] for block in to_blocks(plain)]
        blocks = to_blocks(wild)
        assert [block["type"] for block in blocks] == kinds, said.kind
        for block in blocks:
            # A header and the cells of a table are plain: Slack reads no marks there.
            if block["type"] not in ("header", "table"):
                text = _as_read(block)
                assert not BREAKS.search(text), (said.kind, text)
        assert BlockReader().message(blocks)


@pytest.mark.parametrize("length", [4, 700, 3000])
async def test_whatever_the_length_slack_takes_it(heard: Heard, length: int) -> None:
    sentence = "A sentence of nine words that people might write. "
    text = (sentence * (length // len(sentence) + 1))[:length]
    for kind in sorted({said.kind for said in heard.said if said.form == "chat" and ours(said.kind)}):
        said = max((each for each in heard.said if each.kind == kind), key=lambda each: len(str(each.facts)))
        facts = hostile(said.facts, "", lambda: text)
        for post in render(Message(kind, facts), said.reader, heard.words):
            assert BlockReader().message(post.blocks), kind
            assert 0 < len(post.text) <= 3000
