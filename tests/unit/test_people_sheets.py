"""What Excel and its kin do to a file of people: read all the same, or refused with its place. Any bytes may come."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.formula import ArrayFormula

from bot.people_import import Fault, Row, read, sheets
from db.vocabulary import AgencyKind, Mandate, Role, Sector

MEMBERS = {"idn": "IDN", "indonesia": "IDN", "lao": "LAO"}
HEADER = ["name", "email", "role", "member", "starts_on", "ends_on", "reference"]
SITI = ["Siti Rahmadani", "siti@example.org", "focal_point", "IDN", "2026-01-31", "", "12/KS"]


def xlsx(*rows: list[Any], change: Callable[[Any, Any], object] = lambda _book, _sheet: None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    change(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def one(data: bytes) -> Row:
    rows, faults = read(data, MEMBERS)
    assert faults == []
    (row,) = rows
    return row


def faults_of(data: bytes) -> list[tuple[int, str, dict[str, str]]]:
    return [(fault.line, fault.code, fault.facts) for fault in read(data, MEMBERS)[1]]


def text(*rows: list[str], separator: str = ",") -> str:
    return "\r\n".join(separator.join(row) for row in rows) + "\r\n"


def test_every_way_in_which_excel_writes_text_is_the_same_file() -> None:
    plain = one(text(HEADER, SITI).encode())
    assert (plain.name, plain.role, plain.member) == (SITI[0], Role.FOCAL_POINT, "IDN")
    assert (plain.starts_on, plain.ends_on, plain.reference) == (date(2026, 1, 31), None, "12/KS")
    wide = [[*HEADER, "", ""], ["", "", ""], [f" {cell}\u00a0" for cell in SITI] + ["", " "], [" "] * 9, []]
    for data in (
        text(HEADER, SITI).encode("utf-8-sig"),
        text(HEADER, SITI, separator=";").encode("utf-8-sig"),
        text(HEADER, SITI, separator="\t").encode("utf-16"),
        ("sep=;\r\n" + text(HEADER, SITI, separator=";")).encode(),
        text(*wide).encode(),
        xlsx(HEADER, SITI),
        xlsx([" Name ", "E-mail", "ROLE", "Member", "Starts on", "ends-on", "reference"], SITI),
        xlsx(*wide, change=lambda _book, sheet: sheet.__setitem__("XFD1048576", "  ")),
    ):
        assert replace(one(data), line=2) == plain
    # Without its mark, UTF-16 is not guessed.
    assert faults_of(text(HEADER, SITI).encode("utf-16-be")) == [(1, "encoding", {})]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-01-31", date(2026, 1, 31)),
        ("2026-01-31 00:00:00", date(2026, 1, 31)),
        ("2026-01-31T00:00", date(2026, 1, 31)),
        ("2026/1/31", date(2026, 1, 31)),
        ("31/01/2026", date(2026, 1, 31)),
        ("1/31/2026", date(2026, 1, 31)),
        ("4/4/2026", date(2026, 4, 4)),
        ("3.4.2026", date(2026, 4, 3)),
        ("31-Jan-2026", date(2026, 1, 31)),
        ("31 january 2026", date(2026, 1, 31)),
        ("January 31, 2026", date(2026, 1, 31)),
        ("46053", date(2026, 1, 31)),
        ("46053.75", date(2026, 1, 31)),
        ("-", None),
        ("3/4/2026", "date_two_ways"),
        ("03-04-2026", "date_two_ways"),
        ("31/01/26", "date"),
        ("31 Foo 2026", "date"),
        ("2026-02-30", "date"),
        ("2569-01-31", "date"),
        ("99999", "date"),
        ("12", "date"),
        ("soon", "date"),
    ],
)
def test_a_day_is_read_as_it_is_written_and_never_guessed(cell: str, day: date | str | None) -> None:
    data = text(HEADER, [*SITI[:5], cell, ""]).replace("2026-01-31,", "2020-01-01,", 1).encode()
    if cell == "January 31, 2026":
        data = data.replace(cell.encode(), b'"%s"' % cell.encode())
    if isinstance(day, str):
        assert faults_of(data) == [(2, day, {"column": "ends_on", "named": cell})]
    else:
        assert one(data).ends_on == day


def test_true_dates_and_numbers_of_a_sheet_in_both_calendars() -> None:
    def since_1904(book: Any, _sheet: Any) -> None:
        book.epoch = CALENDAR_MAC_1904

    day = date(2026, 1, 31)
    for cell in (day, datetime(2026, 1, 31, 14, 30), 46053, 46053.5):  # noqa: DTZ001 - a sheet knows no zones
        row = one(xlsx(HEADER, [*SITI[:4], cell, None, 12.0]))
        assert (row.starts_on, row.reference) == (day, "12")
    for cell in (datetime(2026, 1, 31), 46053 - 1462):  # noqa: DTZ001
        assert one(xlsx(HEADER, [*SITI[:4], cell], change=since_1904)).starts_on == day


def test_a_sheet_with_all_columns() -> None:
    header = [*HEADER[:4], "mandate", "agency", "agency_kind", "sector", "in_mechanism"]
    given = ["Rina", "rina@example.org", "Contributor", "Indonesia", "Director general", "Ministry of Health"]
    row = one(xlsx(header, [*given, "ministry", "health", True]))
    assert (row.mandate, row.agency) == (Mandate.DIRECTOR_GENERAL, "Ministry of Health")
    assert (row.agency_kind, row.sector, row.in_mechanism) == (AgencyKind.MINISTRY, Sector.HEALTH, True)
    # A line break that somebody typed into a cell is a blank.
    assert one(xlsx(HEADER, ["Siti\nRahmadani", *SITI[1:]])).name == "Siti Rahmadani"
    assert one((text(HEADER) + text(['"Siti\nRahmadani"', *SITI[1:]])).encode()).name == "Siti Rahmadani"
    # Marks of direction that come along from a mail are no letters; what joins letters is.
    assert one(text(HEADER, ["\u202aSi\u200cti\u200f\u202c", *SITI[1:]]).encode()).name == "Si\u200cti"


def hide(_book: Any, sheet: Any) -> None:
    for row in (3, 4):
        sheet.row_dimensions[row].hidden = True
    # A hidden row with nothing in it hides nothing.
    sheet.row_dimensions[40].hidden = True
    sheet.column_dimensions["E"].hidden = True


def two_sheets(book: Any, _sheet: Any) -> None:
    book.create_sheet("2025").append(["old"])


def hidden_sheet(book: Any, sheet: Any) -> None:
    two_sheets(book, sheet)
    book["2025"].sheet_state = "hidden"


def named_people(book: Any, sheet: Any) -> None:
    two_sheets(book, sheet)
    sheet.title = "People "


def formulas(_book: Any, sheet: Any) -> None:
    sheet["A2"] = '="Siti"&" Rahmadani"'
    sheet["C3"] = ArrayFormula("C3:C4", "=A1:A2")
    sheet["D3"] = "#N/A"


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        (lambda _b, sheet: sheet.merge_cells("C2:D3"), [(2, "merged", {"cells": "C2:D3"})]),
        (hide, [(1, "hidden_columns", {"columns": "E"}), (3, "hidden_rows", {"rows": "3-4"})]),
        (two_sheets, [(1, "several_sheets", {"named": "Sheet, 2025"})]),
        (hidden_sheet, []),
        (named_people, []),
        (
            formulas,
            [
                (2, "formula_cell", {"cell": "A2"}),
                (3, "formula_cell", {"cell": "C3"}),
                (3, "error_cell", {"cell": "D3", "named": "#N/A"}),
            ],
        ),
        (lambda _b, sheet: sheet.cell(2, 70, "far"), [(2, "too_many_columns", {"most": "64"})]),
        (lambda _b, sheet: sheet.delete_rows(1, 9), [(1, "empty", {})]),
    ],
)
def test_what_a_sheet_hides_or_counts_out_is_named_with_its_place(
    change: Callable[[Any, Any], object], faults: list[tuple[int, str, dict[str, str]]]
) -> None:
    others = [[f"P {n}", f"p{n}@example.org", "partner"] for n in range(2)]
    assert faults_of(xlsx(HEADER, SITI, *others, change=change)) == faults


def repacked(data: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """An XLSX with other parts."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        held = {info.filename: parts.read(info) for info in parts.infolist()}
    change(held)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, part in held.items():
            parts.writestr(name, part)
    return out.getvalue()


def stretched(old: bytes, new: bytes) -> Callable[[dict[str, bytes]], object]:
    """Another range in the sheet."""

    def change(parts: dict[str, bytes]) -> None:
        sheet = parts["xl/worksheets/sheet1.xml"]
        assert old in sheet
        parts["xl/worksheets/sheet1.xml"] = sheet.replace(old, new)

    return change


def link(_book: Any, sheet: Any) -> None:
    sheet["A2"].hyperlink = "https://example.org"


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'


def test_what_is_no_sheet_or_was_made_to_do_harm() -> None:
    good = xlsx(HEADER, SITI)
    merged = xlsx(HEADER, SITI, change=lambda _book, sheet: sheet.merge_cells("C2:D3"))
    linked = xlsx(HEADER, SITI, change=link)
    assert one(linked).name == SITI[0]
    for data, code in (
        (repacked(merged, stretched(b"C2:D3", b"A1:XFD1048576")), "merged"),
        (repacked(linked, stretched(b' ref="A2"', b' ref="A1:XFD1048576"')), "unpacks_too_large"),
        (repacked(good, lambda parts: parts.update({"xl/media/1.bin": bytes(30_000_000)})), "unpacks_too_large"),
        (repacked(good, lambda parts: parts.update({f"{n}.txt": b"" for n in range(600)})), "unpacks_too_large"),
        (
            repacked(good, lambda parts: parts.update({"xl/worksheets/sheet1.xml": b"<c/>" * 200_001})),
            "unpacks_too_large",
        ),
        (repacked(good, lambda parts: parts.update({"xl/styles.xml": b"<x>" * 1_500_001})), "unpacks_too_large"),
        (repacked(good, lambda parts: parts.update({"xl/sharedStrings.xml": BOMB})), "damaged"),
        (repacked(good, lambda parts: parts.update({"xl/worksheets/sheet1.xml": b"<worksheet"})), "damaged"),
        (repacked(good, lambda parts: parts.pop("xl/workbook.xml")), "not_a_sheet"),
        (good[:-200], "damaged"),
        (good[:60] + b"\xff" * 40 + good[100:], "damaged"),
        (good + bytes(2_000_001), "too_large"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old_office"),
    ):
        assert [found for _, found, _ in faults_of(data)] == [code]


def test_a_large_file_is_read_in_time_and_a_larger_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[f"Person {n}", f"p{n}@example.org", "partner"] for n in range(5_000)]
    assert len(read(text(HEADER[:3], *rows).encode(), MEMBERS)[0]) == 5_000
    assert faults_of(text(HEADER[:3], *rows, rows[0]).encode()) == [(5002, "too_many_rows", {"most": "5000"})]
    monkeypatch.setattr(sheets, "MOST_ROWS", 50)
    assert faults_of(xlsx(HEADER[:3], *rows[:51])) == [(52, "too_many_rows", {"most": "50"})]
    assert read(xlsx(HEADER[:3], *rows[:50]), MEMBERS)[1] == list[Fault]()
