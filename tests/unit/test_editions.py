"""Editions of the format: what a new one may change, what it must keep, and what differs between two."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errata
from bot.editions import FOLDER, canonical
from bot.formats import (
    BOUNDS,
    WORDING,
    Edition,
    FormatError,
    Indicator,
    RuleKind,
    against,
    difference,
    edition_of,
    examine,
    load_edition,
    overlaid,
    written,
)
from db.engine import Database
from db.models import EditionInUse
from db.vocabulary import Direction
from tests.unit.cli.conftest import spnet

FIRST = FOLDER / "common-1.toml"
EDITION = load_edition(FIRST)
TEXT = FIRST.read_text("utf-8")


def second(*changes: tuple[str, ...], head: str = 'follows = ["common-1"]') -> str:
    """The text of a second edition, some words replaced: (old, new), or (code, old, new) in one question."""
    text = TEXT.replace('code = "common-1"', f'code = "common-2"\n{head}')
    for *code, old, new in changes:
        start = text.index(f'\ncode = "{code[0]}"') if code else 0
        assert old in text[start:], old
        text = text[:start] + text[start:].replace(old, new, 1 if code else -1)
    return text


RENAMED = ('code = "pension_covered"', 'code = "old_age_covered"\nwas = ["pension_covered"]')
DROPPED = 'follows = ["common-1"]\ndropped = ["gini_index"]'
ADDED = ('code = "gini_index"', 'code = "wealth_gini"')


def complaints(text: str, *earlier: Edition, held: dict[str, set[str]] | None = None) -> list[tuple[str, str, str]]:
    found = against(edition_of(text, "common-2.toml"), earlier or (EDITION,), "common-2.toml", held)
    for each in found:
        assert each.facts["example"]
    return [(str(each.facts["code"]), str(each.facts["field"]), str(each.facts["problem"])) for each in found]


def test_a_good_second_edition_goes_on_from_the_first() -> None:
    text = second(RENAMED, ADDED, head=DROPPED)
    assert complaints(text) == []
    codes = canonical(edition_of(text, "x"))
    assert codes["pension_covered"] == codes["old_age_covered"] == "old_age_covered"
    assert "gini_index" not in codes and codes["wealth_gini"] == "wealth_gini"
    # And the same file as the first's follower, with nothing changed.
    assert complaints(second()) == []


# (what is wrong, the text, the code and the field that are named, words of the complaint)
WRONG = [
    ("a code lost", second(ADDED), "gini_index", "code", "is lost"),
    ("another kind", second(('kind = "yes_no"', 'kind = "text"')), "migrant_coverage", "kind", "yes_no in common-1"),
    (
        "the other direction",
        second(("uhc_service_coverage", 'direction = "up"', 'direction = "down"')),
        *("uhc_service_coverage", "direction", "went up in common-1"),
    ),
    ("another unit", second(('unit = "meetings"', 'unit = "days"')), "mechanism_meetings", "unit", "'meetings'"),
    ("another series", second(('"SI.POV.GINI"', '"SI.DST.10TH.10"')), "gini_index", "series", "SI.POV.GINI in"),
    (
        "another question under the same code",
        second(
            ('title = "Children covered"', 'title = "Tax rate"'),
            ("What share of children is covered by child or family cash benefits?", "How high is the income tax?"),
        ),
        *("children_covered", "question", "another question"),
    ),
    (
        "a choice dropped",
        second(('    { code = "pilot", title = "Pilot" },\n', "")),
        *("social_registry", "choices", "'pilot'"),
    ),
    (
        "choices in another order",
        second(
            ('    { code = "draft", title = "Draft" },\n', ""),
            (
                '{ code = "none", title = "None" },\n    { code = "adopted"',
                '{ code = "draft", title = "Draft" },\n    { code = "none", title = "None" },\n    { code = "adopted"',
            ),
        ),
        *("national_strategy", "choices", "order"),
    ),
    (
        "a question set lost",
        second(('[[question_set]]\ncode = "update"' + TEXT.split('code = "update"')[1].split("\n\n")[0], "")),
        *("update", "question_set", "is lost"),
    ),
    (
        "an earlier code that never was",
        second((RENAMED[0], RENAMED[1].replace('["pension_covered"]', '["pension_covered", "pensions"]'))),
        *("old_age_covered", "was", "'pensions'"),
    ),
    (
        "dropped what never was",
        second(head='follows = ["common-1"]\ndropped = ["happiness"]'),
        *("", "dropped", "'happiness'"),
    ),
]


@pytest.mark.parametrize(("text", "code", "field", "words"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_what_would_lose_or_misread_answers_is_named(text: str, code: str, field: str, words: str) -> None:
    found = complaints(text)
    assert [(each[0], each[1]) for each in found] == [(code, field)]
    assert words in found[0][2]


def test_a_third_edition_keeps_the_codes_of_both() -> None:
    middle = edition_of(second(RENAMED, ADDED, head=DROPPED), "common-2.toml")

    def third(*changes: tuple[str, str], dropped: str = '"gini_index"') -> str:
        head = f'follows = ["common-1", "common-2"]\ndropped = [{dropped}]'
        return second(*changes, head=head).replace('code = "common-2"', 'code = "common-3"', 1)

    again = ('code = "pension_covered"', 'code = "elderly_covered"\nwas = ["old_age_covered", "pension_covered"]')
    assert complaints(third(again, ADDED), EDITION, middle) == []
    lost = ('code = "pension_covered"', 'code = "elderly_covered"\nwas = ["old_age_covered"]')
    found = complaints(third(lost, ADDED), EDITION, middle)
    assert [each[:2] for each in found] == [("pension_covered", "code"), ("elderly_covered", "was")]
    # A dropped code comes back for something else.
    found = complaints(third(again, dropped='"wealth_gini"'), EDITION, middle)
    assert ("gini_index", "code") in [each[:2] for each in found]


def test_a_choice_that_no_answer_holds_may_go() -> None:
    text = second(('    { code = "pilot", title = "Pilot" },\n', ""))
    assert complaints(text, held={"social_registry": {"none"}}) == []
    assert complaints(text, held={"social_registry": {"pilot"}})[0][:2] == ("social_registry", "choices")


ALIASES = [
    (
        "still in use",
        second(('code = "gini_index"', 'code = "gini_index"\nwas = ["pension_covered"]')),
        "still the code",
    ),
    (
        "of two questions",
        second(RENAMED, ('code = "gini_index"', 'code = "wealth_gini"\nwas = ["pension_covered"]')),
        "an earlier code of old_age_covered too",
    ),
    ("of itself", second(('code = "gini_index"', 'code = "gini_index"\nwas = ["gini_index"]')), "has now"),
    ("dropped too", second(RENAMED, head=DROPPED.replace("gini_index", "pension_covered")), "in `dropped` too"),
    ("no code", second(('code = "gini_index"', 'code = "gini_index"\nwas = ["Gini!"]')), "not a code"),
]


@pytest.mark.parametrize(("text", "words"), [row[1:] for row in ALIASES], ids=[row[0] for row in ALIASES])
def test_an_earlier_code_stands_for_one_question(text: str, words: str) -> None:
    with pytest.raises(FormatError, match=words) as refused:
        edition_of(text, "x")
    assert refused.value.facts["field"] == "was"


def test_all_mistakes_are_found_at_once(tmp_path: Path) -> None:
    file = tmp_path / "common-2.toml"
    file.write_text(
        second(
            ('kind = "yes_no"', 'kind = "perhaps"'),
            ('unit = "meetings"\nminimum = 0', 'unit = "meetings"\nminimum = 900'),
            ('code = "gini_index"', 'code = "Gini"'),
            ('letter = "B"', 'letter = "BB"'),
        ),
        "utf-8",
    )
    edition, faults = examine(file)
    assert edition is None
    assert [(each.facts["code"], each.facts["field"]) for each in faults] == [
        ("mechanism_meetings", "minimum"),
        ("BB", "letter"),
        ("Gini", "code"),
        ("migrant_coverage", "kind"),
    ]


RULE = """
[[rule]]
code = "poor_part"
kind = "part"
parts = ["poverty_international_line"]
whole = "poverty_lower_middle_line"
says = "Who is poor at the lower line is poor at the higher one too."

[[section]]"""


def test_a_rule_names_numbers_that_are_asked_for() -> None:
    start = re.sub(r"\n\[\[rule\]\]\n(.+\n)+", "\n", TEXT).replace("\n[[section]]", RULE, 1)
    (rule,) = edition_of(start, "x").rules
    assert (rule.kind, rule.parts, rule.whole) == (
        RuleKind.PART,
        ("poverty_international_line",),
        "poverty_lower_middle_line",
    )
    for old, new, words in (
        ('whole = "pov', 'limit = 100\nwhole = "pov', "and not both"),
        ('whole = "poverty_lower_middle_line"\n', "", "and not both"),
        ('parts = ["poverty_international_line"]', 'parts = ["progress_made"]', "asks for a number"),
        ('parts = ["poverty_international_line"]', 'parts = ["poverty_lower_middle_line"]', "named twice"),
        ('kind = "part"\nparts', 'kind = "parts"\nparts', "not one of"),
    ):
        with pytest.raises(FormatError, match=words):
            edition_of(start.replace(old, new, 1), "x")


def test_what_differs_is_told_in_full_and_shortly() -> None:
    found = difference(EDITION, edition_of(second(RENAMED, ADDED, head=DROPPED), "x"))
    assert (found.added, found.dropped) == (("wealth_gini",), ("gini_index",))
    assert found.renamed == (("pension_covered", "old_age_covered"),)
    told = {(each.what, each.code, each.field): (each.before, each.after) for each in found.changed}
    assert told["section", "F", "questions"] == ("gini_index", "wealth_gini")
    assert ("section", "E", "questions") not in told
    assert told["edition", "", "code"] == ("common-1", "common-2")


def _another(value: Any) -> Any:
    """Another value than this one, of the same sort."""
    match value:
        case bool():
            return not value
        case Decimal():
            return value + 1
        case Direction():
            return Direction.UP if value is Direction.DOWN else Direction.DOWN
        case tuple():
            return ()
        case None:
            return None
        case str():
            return value + "x"
    raise AssertionError(value)


FIELDS = [each.name for each in fields(Indicator) if each.name not in ("code", "own", "section", "kind")]


@given(st.sampled_from(EDITION.indicators), st.sampled_from(FIELDS))
def test_no_difference_means_the_same_edition(indicator: Indicator, field: str) -> None:
    """Whatever field of a question is another one is told; what is equal differs in nothing."""
    assert not difference(EDITION, edition_of(TEXT, "again"))
    changed = replace(indicator, **{field: _another(getattr(indicator, field))})

    def put(each: Indicator) -> Indicator:
        return changed if each.code == indicator.code else each

    sections = tuple(replace(s, indicators=tuple(map(put, s.indicators))) for s in EDITION.sections)
    found = difference(EDITION, replace(EDITION, sections=sections))
    assert [(each.code, each.field) for each in found.changed] == (
        [(indicator.code, field)] if changed != indicator else []
    )


NUMERIC = [each for each in EDITION.indicators if each.numeric]
DIGITS = st.decimals(min_value=-1000, max_value=1000, allow_nan=False, places=2).map(lambda each: format(each, "f"))


@given(
    st.sampled_from(NUMERIC),
    st.dictionaries(st.sampled_from(BOUNDS), DIGITS, max_size=3),
    st.dictionaries(st.sampled_from(WORDING), st.text(min_size=1), max_size=4),
)
def test_an_overlay_and_its_inverse_leave_nothing(
    indicator: Indicator, bounds: dict[str, str], words: dict[str, str]
) -> None:
    before = {field: written(indicator, field) for field in (*bounds, *words)}
    there = overlaid(EDITION, indicator.code, {**bounds, **words})
    for each in (there.indicator(indicator.code), there.question_set("full").indicator(indicator.code)):
        assert {field: written(each, field) for field in words} == words
        assert {field: getattr(each, field) for field in bounds} == {k: Decimal(v) for k, v in bounds.items()}
    back = overlaid(there, indicator.code, before)
    assert back == EDITION and not difference(EDITION, back)


def test_only_wording_and_bounds_are_ever_overlaid() -> None:
    for field in {each.name for each in fields(Indicator)} - {*WORDING, *BOUNDS}:
        with pytest.raises(ValueError, match=field):
            overlaid(EDITION, "gini_index", {field: "x"})


@given(st.sampled_from(["common-1", "second"]), st.data())
def test_canonical_codes_are_their_own(which: str, data: st.DataObject) -> None:
    edition = EDITION if which == "common-1" else edition_of(second(RENAMED, ADDED, head=DROPPED), "x")
    codes = canonical(edition)
    code = data.draw(st.sampled_from(sorted(codes)))
    assert codes[codes[code]] == codes[code]
    assert edition.indicator(codes[code]).code == codes[code]


async def test_a_code_means_what_the_edition_of_today_says(sqlite_database: Database) -> None:
    """Whatever its name: the alphabet is no calendar."""
    text = second().replace('code = "common-2"', 'code = "asean-2"')
    first, then = (datetime(year, 1, 1, tzinfo=UTC) for year in (2026, 2027))
    async with sqlite_database.writing() as session:
        session.add(EditionInUse(code="common-1", fingerprint="-", content=TEXT, first_used_at=first))
        await session.flush()
        for used in (False, True):
            if used:
                session.add(EditionInUse(code="asean-2", fingerprint="-", content=text, first_used_at=then))
                await session.flush()
            found = await errata.agreed(session, edition_of(text, "asean-2.toml"), "asean-2.toml")
            assert [each.code for each in found] == ["common-1", "asean-2"]


async def test_the_command_names_every_mistake_and_shows_what_changes(tmp_path: Path) -> None:
    good, bad = tmp_path / "common-2.toml", tmp_path / "bad.toml"
    good.write_text(second(RENAMED, ADDED, head=DROPPED), "utf-8")
    bad.write_text(
        second(RENAMED, ADDED, head=DROPPED)
        .replace('dropped = ["gini_index"]', "")
        .replace("common-1", "c-9", 1)
        .replace('follows = ["common-1"]', 'follows = ["common-1", "nowhere"]'),
        "utf-8",
    )

    async def run(*arguments: str, code: int) -> str:
        ended = await (await spnet("format", *arguments)).ended()
        assert ended.code == code, ended.out + ended.err
        assert "Traceback" not in ended.out + ended.err
        return ended.out

    assert "33 questions; follows: common-1. Nothing is wrong" in await run("check", str(good), code=0)
    told = await run("check", str(bad), code=1)
    assert "'gini_index' of common-1 is lost" in told and "To mend: 2." in told and "nowhere.toml" in told
    as_json = json.loads(await run("check", str(bad), "--json", code=1))
    assert {each["code"] for each in as_json["faults"]} == {"gini_index", ""}
    told = await run("diff", str(FIRST), str(good), code=1)
    assert "old_age_covered" in told and "added: 1, dropped: 1, renamed: 1" in told
    as_json = json.loads(await run("diff", str(FIRST), str(good), "--json", code=1))
    assert as_json["renamed"] == [["pension_covered", "old_age_covered"]]
    assert "are the same" in await run("diff", str(FIRST), str(FIRST), code=0)
    await run("diff", str(FIRST), str(tmp_path / "none.toml"), code=2)
