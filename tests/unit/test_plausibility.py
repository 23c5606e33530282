"""What is unusual about a number: silent without history, the same in both directions, and never an error."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot import plausibility
from bot.editions import FOLDER
from bot.formats import Rule, RuleKind, load_edition
from bot.plausibility import Doubt, Figure, Why

EDITION = load_edition(FOLDER / "common-1.toml")
POVERTY = EDITION.indicator("poverty_national_line")
OWN = replace(POVERTY, jump=None, own=True)
numbers = st.decimals(min_value=-1000, max_value=1000, allow_nan=False, allow_infinity=False, places=3)
years = st.none() | st.integers(1950, 2100)
figures = st.builds(Figure, numbers, years)
RULES = st.builds(
    Rule,
    code=st.just("rule"),
    kind=st.sampled_from(RuleKind),
    parts=st.lists(st.sampled_from(["a", "b", "gini_index"]), min_size=1, unique=True).map(tuple),
    whole=st.sampled_from([None, "poverty_national_line", "whole"]),
    limit=st.none() | numbers,
    within=st.decimals(min_value=0, max_value=5, places=1),
    says=st.just("A rule."),
)


def asked(now: Figure, earlier: list[Figure], **more: object) -> list[Doubt]:
    given = {"this_year": 2026, "beside": {}, **more}
    return plausibility.doubts(given.pop("indicator", POVERTY), now, earlier, **given)  # pyright: ignore[reportArgumentType, reportCallIssue]


def why(now: Figure, earlier: list[Figure], **more: object) -> list[Why]:
    return [doubt.why for doubt in asked(now, earlier, **more)]


def fig(number: str, year: int | None = 2024) -> Figure:
    return Figure(Decimal(number), year)


def test_a_jump_is_more_than_the_threshold() -> None:
    assert why(fig("48.8"), [fig("38.8")]) == [], "ten points are what poverty at the national line may move"
    assert why(fig("48.9"), [fig("38.8")]) == [Why.JUMP]
    assert why(fig("28.7"), [fig("38.8")]) == [Why.JUMP]
    (doubt,) = asked(fig("28.7"), [fig("99"), fig("38.8")])[:1]
    assert (doubt.last, doubt.change) == (fig("38.8"), Decimal("-10.1")), "the last one counts"


def test_outside_its_own_history() -> None:
    steady = [fig("38.2"), fig("38.5"), fig("38.8")]
    assert why(fig("43.8"), steady) == [], "half a jump above the highest"
    assert why(fig("43.9"), steady) == [Why.OUTSIDE]
    assert why(fig("33.1"), steady) == [Why.OUTSIDE]
    assert why(fig("43.9"), [fig("38.8"), fig("38.8")]) == [], "two equal numbers are no range"
    rising = [fig("20"), fig("24"), fig("28")]
    assert why(fig("32"), rising) == [], "it moves on as before"
    assert why(fig("37"), rising, indicator=OWN) == [Why.OUTSIDE], "a question without a jump knows its range"
    assert why(fig("99"), [fig("20")], indicator=OWN) == []


def test_reference_years() -> None:
    assert why(fig("38", 2019), [fig("38", 2020)]) == [Why.YEAR_BACK]
    assert why(fig("38", 2020), [fig("38", 2020)]) == []
    assert why(fig("38", 2027), []) == [Why.YEAR_AHEAD]
    assert why(Figure(Decimal(38), None), [fig("38", 2020)]) == []


def test_the_rules_of_the_format() -> None:
    lower, higher = EDITION.indicator("poverty_international_line"), "poverty_lower_middle_line"
    rules = EDITION.rules
    beside = {higher: fig("40")}
    assert why(fig("44"), [], indicator=lower, beside=beside, rules=rules) == [Why.RULE]
    assert why(fig("40"), [], indicator=lower, beside=beside, rules=rules) == []
    assert why(fig("44", 2023), [], indicator=lower, beside=beside, rules=rules) == [], "another year"
    assert why(fig("44"), [], indicator=lower, beside=beside, rules=rules, but={"poverty_lines"}) == []
    # The other way round: the whole comes last.
    assert why(fig("1"), [], indicator=EDITION.indicator(higher), beside={lower.code: fig("2")}, rules=rules) == [
        Why.RULE
    ]
    fifth = EDITION.indicator("income_share_lowest_fifth")
    assert why(fig("20"), [], indicator=fifth, rules=rules) == []
    assert why(fig("20.1"), [], indicator=fifth, rules=rules) == [Why.RULE]


def test_parts_that_add_up() -> None:
    total = Rule("t", RuleKind.TOTAL, ("a", "b"), None, Decimal(100), Decimal("0.5"), "They are all.")
    assert plausibility.fits(total, {"a": fig("60"), "b": fig("39.5")})
    assert not plausibility.fits(total, {"a": fig("60"), "b": fig("39.4")})
    assert not plausibility.fits(total, {"a": fig("60"), "b": fig("40.6")})
    assert plausibility.fits(total, {"a": fig("60")}), "a part that is not there says nothing"
    assert not plausibility.fits(total, {"a": fig("101")}), "one part alone is too much"
    together = replace(total, kind=RuleKind.SUM, whole="w", limit=None, within=Decimal(0))
    assert plausibility.fits(together, {"a": fig("1"), "b": fig("2"), "w": fig("9")})
    assert not plausibility.fits(together, {"a": fig("5"), "b": fig("5"), "w": fig("9")})
    assert plausibility.fits(together, {"a": fig("5"), "b": fig("5", 2023), "w": fig("9")}), "of different years"
    assert plausibility.fits(together, {"a": fig("5"), "b": fig("5")}), "without the whole nothing can be told"


@given(figures, st.lists(figures, max_size=6), st.dictionaries(st.sampled_from(["a", "b", "whole"]), figures), RULES)
def test_it_never_raises_and_says_a_thing_once(
    now: Figure, earlier: list[Figure], beside: dict[str, Figure], rule: Rule
) -> None:
    found = why(now, earlier, beside=beside, rules=[rule])
    assert len(found) == len(set(found))


@given(st.builds(Figure, numbers, st.none() | st.integers(1950, 2026)))
def test_without_history_it_is_silent(now: Figure) -> None:
    assert asked(now, []) == []


@given(figures, st.lists(figures, min_size=1, max_size=6), st.booleans())
def test_up_and_down_are_asked_about_alike(now: Figure, earlier: list[Figure], own: bool) -> None:
    """The same numbers mirrored at zero are as unusual."""
    indicator = OWN if own else POVERTY

    def mirrored(each: Figure) -> Figure:
        return replace(each, number=-each.number)

    there = asked(now, earlier, indicator=indicator)
    back = asked(mirrored(now), [mirrored(each) for each in earlier], indicator=indicator)
    assert [doubt.why for doubt in there] == [doubt.why for doubt in back]
    assert [doubt.change for doubt in there] == [None if d.change is None else -d.change for d in back]


@given(st.lists(figures, min_size=1, max_size=6), st.integers(0, 5))
def test_a_number_that_was_there_before_is_within_the_history(earlier: list[Figure], which: int) -> None:
    now = replace(earlier[which % len(earlier)], year=None)
    assert Why.OUTSIDE not in why(now, earlier)
