"""A file of observations is taken as a whole, or refused row by row with its lines."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot import observations
from bot.editions import FOLDER
from bot.formats import load_edition
from bot.observations import MOST_BYTES, Observation, ObservationsRefused, Trouble
from bot.words import UTC_READER, words

EDITION = load_edition(FOLDER / "common-1.toml")
MEMBERS = ("IDN", "LAO", "THA")
TODAY = date(2026, 11, 2)
HEAD = "member,member_name,indicator,wdi_code,year,value,unit\n"
GOOD = "IDN,Indonesia,gini_index,SI.POV.GINI,2014,39.4,index 0-100\n"


def read(text: str | bytes) -> list[Observation]:
    data = text if isinstance(text, bytes) else text.encode()
    return observations.read(io.BytesIO(data), edition=EDITION, members=MEMBERS, today=TODAY)


def refused(text: str | bytes) -> list[tuple[int, Trouble]]:
    with pytest.raises(ObservationsRefused) as caught:
        read(text)
    said = words().render("observations/refused", "text", caught.value.facts, UTC_READER)
    assert "nothing was stored" in said
    for each in caught.value.refused:
        assert not each.line or f"line {each.line}: " in said
    # Every trouble has words of its own.
    assert all(line.removeprefix(line.split(": ")[0] + ": ").strip() for line in said.split("\n")[1:])
    return [(each.line, each.trouble) for each in caught.value.refused]


def row(
    member: str = "IDN", indicator: str = "gini_index", code: str = "S", year: str = "2014", value: str = "39"
) -> str:
    return f"{member},x,{indicator},{code},{year},{value},\n"


def test_a_good_file() -> None:
    assert read(HEAD + GOOD + row("tha", "poverty_national_line", value="10.5")) == [
        Observation(2, "IDN", "gini_index", "SI.POV.GINI", 2014, Decimal("39.4")),
        Observation(3, "THA", "poverty_national_line", "S", 2014, Decimal("10.5")),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + HEAD + GOOD,
        HEAD.replace(",", ";") + GOOD.replace(",", ";"),
        HEAD.replace(",", ";") + GOOD.replace(",", ";").replace("39.4", "39,4"),
        HEAD.replace(",", "\t") + GOOD.replace(",", "\t"),
        HEAD.replace("\n", "\r\n") + GOOD.replace("\n", "\r\n"),
        HEAD.upper() + "\n\n" + GOOD,
        HEAD + GOOD.replace("IDN", '"IDN"').replace("39.4", " 39.4 "),
        "value,year,indicator,member,wdi_code\n39.4,2014,gini_index,IDN,SI.POV.GINI\n",
        HEAD + GOOD.replace("39.4", "394e-1"),
    ],
)
def test_as_spreadsheets_save_it(text: str) -> None:
    (one,) = read(text)
    assert (one.member, one.indicator, one.source) == ("IDN", "gini_index", "SI.POV.GINI")
    assert (one.year, str(one.value)) == (2014, "39.4")


def test_every_digit_is_kept() -> None:
    (one,) = read(HEAD + row(value="50.7999992370605"))
    assert str(one.value) == "50.7999992370605"


BAD_ROWS = [
    (row(member="XXX"), Trouble.UNKNOWN_MEMBER),
    (row(member=""), Trouble.UNKNOWN_MEMBER),
    (row(member="Indonesia"), Trouble.UNKNOWN_MEMBER),
    (row(indicator="gini"), Trouble.UNKNOWN_INDICATOR),
    (row(indicator="lesson_learned"), Trouble.NOT_A_FIGURE),
    (row(indicator="portability"), Trouble.NOT_A_FIGURE),
    (row(code=""), Trouble.NO_SOURCE),
    (row(code="--"), Trouble.NO_SOURCE),
    (row(code="S" * 301), Trouble.SOURCE_TOO_LONG),
    (row(code="S\u202eX"), Trouble.INVISIBLE),
    (row(year="14"), Trouble.NOT_A_YEAR),
    (row(year="2014.0"), Trouble.NOT_A_YEAR),
    (row(year="٢٠١٤"), Trouble.NOT_A_YEAR),
    (row(year="2027"), Trouble.YEAR_IN_FUTURE),
    (row(year="1949"), Trouble.YEAR_TOO_EARLY),
    (row(value=""), Trouble.NOT_A_NUMBER),
    (row(value="n/a"), Trouble.NOT_A_NUMBER),
    (row(value="NaN"), Trouble.NOT_A_NUMBER),
    (row(value="Infinity"), Trouble.NOT_A_NUMBER),
    (row(value="39.4%"), Trouble.NOT_A_NUMBER),
    (row(value="3_9"), Trouble.NOT_A_NUMBER),
    (row(value="1 000"), Trouble.NOT_A_NUMBER),
    (row(value='"1,234"'), Trouble.NOT_A_NUMBER),
    (row(value="1e999"), Trouble.NOT_A_NUMBER),
    (row(value="1e99"), Trouble.TOO_MANY_DIGITS),
    (row(value="3." + "1" * 41), Trouble.TOO_MANY_DIGITS),
    (row(value="100.1"), Trouble.OUT_OF_BOUNDS),
    (row(value="-0.1"), Trouble.OUT_OF_BOUNDS),
    (row(indicator="portability_agreements", value="1.5"), Trouble.NOT_WHOLE),
    ("IDN,gini_index\n", Trouble.CELLS),
    (GOOD.replace("\n", ",more\n"), Trouble.CELLS),
    (GOOD, Trouble.TWICE),
    (GOOD.replace("39.4", "40"), Trouble.TWICE),
]


@pytest.mark.parametrize(("bad", "trouble"), BAD_ROWS)
def test_a_bad_row_is_refused_with_its_line(bad: str, trouble: Trouble) -> None:
    assert refused(HEAD + GOOD + "\n" + bad) == [(4, trouble)]


def test_every_bad_row_is_named() -> None:
    text = HEAD + GOOD + row(member="XXX") + row(year="2013") + row(value="abc") + row(year="2012") + row(value="101")
    assert refused(text) == [(3, Trouble.UNKNOWN_MEMBER), (5, Trouble.NOT_A_NUMBER), (7, Trouble.OUT_OF_BOUNDS)]


def test_a_cell_with_a_line_break_does_not_shift_the_lines() -> None:
    text = HEAD + GOOD.replace("Indonesia", '"Indo\nnesia"') + row(member="XXX")
    assert refused(text) == [(4, Trouble.UNKNOWN_MEMBER)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", (0, Trouble.EMPTY)),
        (b"\n\n  \n", (0, Trouble.EMPTY)),
        (b"\xef\xbb\xbf", (0, Trouble.EMPTY)),
        (HEAD.encode(), (0, Trouble.NO_ROWS)),
        (b"hello\n", (1, Trouble.COLUMNS_MISSING)),
        (b"\n\nmember,year\n", (3, Trouble.COLUMNS_MISSING)),
        (b"member,indicator,wdi_code,year,value,value\n", (1, Trouble.COLUMN_TWICE)),
        ((HEAD + GOOD).encode("utf-16"), (1, Trouble.ENCODING)),
        ((HEAD + GOOD + row(code="né")).encode("latin-1"), (3, Trouble.ENCODING)),
        (b"PK\x03\x04 and so on", (1, Trouble.ENCODING)),
        ((HEAD + GOOD + "\0\n").encode(), (3, Trouble.ENCODING)),
        ((HEAD + GOOD + '"IDN,gini_index\n').encode(), (3, Trouble.NOT_CSV)),
        ((HEAD + GOOD + "x" * 20_000).encode(), (3, Trouble.LINE_TOO_LONG)),
    ],
)
def test_a_file_that_is_none(text: bytes, expected: tuple[int, Trouble]) -> None:
    assert refused(text)[-1] == expected


class Endless(io.RawIOBase):
    """A file of the same line for ever, that counts what was read of it."""

    def __init__(self, line: bytes) -> None:
        self.line = line
        self.given = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        text = HEAD.encode() if not self.given else self.line
        self.given += len(text)
        return text


def test_a_huge_file_is_not_read_to_its_end() -> None:
    endless = Endless(b"\n" * 1)
    endless.line = b" " * 9_000 + b"\n"
    with pytest.raises(ObservationsRefused) as caught:
        observations.read(endless, edition=EDITION, members=MEMBERS, today=TODAY)  # pyright: ignore[reportArgumentType]
    assert caught.value.refused[-1].trouble is Trouble.TOO_LARGE
    assert endless.given < MOST_BYTES + 20_000


def test_too_many_rows_are_not_read_to_their_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observations, "MOST_ROWS", 3)
    rows = "".join(row(year=str(year)) for year in range(2000, 2010))
    assert refused(HEAD + rows) == [(5, Trouble.TOO_MANY_ROWS)]


cells = st.one_of(
    st.sampled_from(["IDN", "gini_index", "S", "2014", "39.4", "", '"', "1e5", "-", "\ufeff"]), st.text(max_size=8)
)


@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(st.lists(cells, max_size=8)).map(
            lambda t: HEAD.encode() + "\n".join(",".join(r) for r in t).encode("utf-8", "surrogatepass")
        ),
    )
)
@example((HEAD + 'IDN,"\n').encode())
def test_wild_files_are_taken_or_refused(data: bytes) -> None:
    try:
        taken = read(data)
    except ObservationsRefused as refusal:
        assert refusal.refused
        words().render("observations/refused", "text", refusal.facts, UTC_READER)
        return
    for each in taken:
        indicator = EDITION.indicator(each.indicator)
        assert indicator.minimum is None or each.value >= indicator.minimum
        assert indicator.maximum is None or each.value <= indicator.maximum


def test_a_renamed_question_is_found_by_its_earlier_code() -> None:
    (pension,) = [each for each in EDITION.indicators if each.code == "pension_covered"]
    renamed = replace(pension, code="old_age_covered", was=("pension_covered",))
    sections = tuple(
        replace(each, indicators=tuple(renamed if one is pension else one for one in each.indicators))
        for each in EDITION.sections
    )
    data = io.BytesIO((HEAD + row(indicator="pension_covered", year="2020", value="14.8")).encode())
    edition = replace(EDITION, sections=sections)
    (found,) = observations.read(data, edition=edition, members=MEMBERS, today=TODAY)
    assert (found.indicator, found.value) == ("old_age_covered", Decimal("14.8"))
