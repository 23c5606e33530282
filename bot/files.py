"""What a file is, told by its content and never by its name; and whether something in it could run.

Types are told by the first bytes; Office files by what lies in the archive (ECMA-376: the parts that
`[Content_Types].xml` names); a CSV by being lines of text with the same columns. Nothing is ever unpacked to the disk,
and of an archive only small, named parts are read.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote
from xml.parsers import expat

ZIP = b"PK\x03\x04"
CONTENT_TYPES = "[Content_Types].xml"
# No honest list of parts is larger.
LARGEST_PART = 1_000_000
MOST_PARTS = 5_000
# So much of a PDF's packed objects is looked into.
LARGEST_OBJECT, LARGEST_OBJECTS = 4_000_000, 40_000_000
# A table is known by its first lines; of a larger one than this nobody reads every cell.
LINES_LOOKED_AT = 200
LARGEST_TABLE = 2_000_000


@dataclass(frozen=True)
class Type:
    """A type of file: what settings call it, its media type, and the end of its name."""

    name: str
    media_type: str
    ending: str


_OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = Type("pdf", "application/pdf", "pdf")
JPEG = Type("jpeg", "image/jpeg", "jpg")
PNG = Type("png", "image/png", "png")
XLSX = Type("xlsx", f"{_OFFICE}spreadsheetml.sheet", "xlsx")
DOCX = Type("docx", f"{_OFFICE}wordprocessingml.document", "docx")
CSV = Type("csv", "text/csv", "csv")
TYPES = {each.name: each for each in (PDF, JPEG, PNG, XLSX, DOCX, CSV)}

# How each kind of file begins.
BEGINNINGS = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))
# The part that makes an archive one of these, and the type that the archive gives it.
MAIN_PARTS = (
    ("xl/workbook.xml", b"spreadsheetml.sheet.main+xml", XLSX),
    ("word/document.xml", b"wordprocessingml.document.main+xml", DOCX),
)
# Parts of Office files that run, or hold another file.
RUNS = re.compile(
    r"vbaProject|vbaData|/macrosheets/|/dialogsheets/|/activeX/|/embeddings/|/ctrlProps/|/externalLinks/|\.bin$|\.exe$",
    re.IGNORECASE,
)
MACRO_TYPES = re.compile(rb"macroEnabled|ms-office\.vba|oleObject|activeX", re.IGNORECASE)
# The parts of a document in which fields stand.
WRITTEN = re.compile(
    r"/?word/(?:glossary/)?(?:document|header|footer|footnotes|endnotes|comments)[^/]*\.xml", re.IGNORECASE
)
# Another machine: any scheme, or a share by its name (UNC); and what is a file of this one all the same.
REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+:|[\\/]{2}")
ON_THE_DISK = re.compile(r"file:(?:/(?:/{2})?)?(?![/\\])", re.IGNORECASE)
DDE = re.compile(r"\s*\"?DDE(?:AUTO)?\b", re.IGNORECASE)
# What makes a PDF act: scripts, programs, other files. Names in a PDF may be written with #xx.
ACTS = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|EmbeddedFiles|RichMedia|XFA)\b")
NAME_SIGN = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM, ENDSTREAM = re.compile(rb"stream\r?\n"), b"endstream"
# A list of packed objects; the one kind of stream in which an action can stand.
PACKED_OBJECTS = b"/ObjStm"
# An encrypted PDF names how it is to be opened, outside of what is encrypted (ISO 32000-1, 7.6).
ENCRYPTED = re.compile(rb"/Encrypt\b\s*(?:\d|<<|%)")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# How a script or a page begins, and a cell that a spreadsheet would run.
SCRIPT = re.compile(r"\s*(?:<|#!|@echo\b|\{\\rtf|MZ)", re.IGNORECASE)
FORMULA = re.compile(r"[\s\u200b\ufeff]*(?:[=@\uff1d\uff20]|[+\-\uff0b\uff0d](?:\s*[A-Za-z(]|.*[|!]))")
# A sheet program of another country splits a line at other signs.
SPLIT = re.compile(r"[;,\t]")


def type_of(content: bytes) -> Type | None:
    """What a file is; None where it is none of TYPES."""
    for beginning, kind in BEGINNINGS:
        if content.startswith(beginning):
            return kind
    if content.startswith(ZIP):
        return _office(content)
    # Of one that is too large to be read through, the beginning tells enough.
    return CSV if _table(content, LINES_LOOKED_AT if len(content) > LARGEST_TABLE else None) is not None else None


def encrypted(content: bytes, kind: Type) -> bool:
    """Whether a PDF is protected with a password, or against printing or copying, so that it cannot be looked into."""
    return kind is PDF and ENCRYPTED.search(_names(content)) is not None


def runs(content: bytes, kind: Type) -> bool:
    """Whether something in a file of this type could run, hides another file or fetches one from elsewhere: a macro, a
    script, a formula, a template on the net."""
    if kind is PDF:
        return _pdf_acts(content)
    if kind in (XLSX, DOCX):
        return _office_runs(content)
    if kind is CSV:
        return any(_cell_runs(cell) for row in _table(content) or [] for cell in row)
    return False


def _cell_runs(cell: str) -> bool:
    return any(FORMULA.match(part.lstrip('"')) is not None for part in (cell, *SPLIT.split(cell)[1:]))


def _office(content: bytes) -> Type | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if len(names) > MOST_PARTS:
                return None
            listed = _part(archive, CONTENT_TYPES)
            # A workbook with macros is of another type; that it is none of ours is said with more than "unknown".
            macro = MACRO_TYPES.search(listed) is not None
            for part, declared, kind in MAIN_PARTS:
                if part in names and (declared in listed or macro):
                    return kind
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError, zlib.error, ValueError, EOFError):
        return None
    return None


def _office_runs(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if any(RUNS.search(name) for name in archive.namelist()):
            return True
        return MACRO_TYPES.search(_part(archive, CONTENT_TYPES)) is not None or _fetches(archive)


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """One small part of an archive; of a larger one only its beginning."""
    with archive.open(name) as part:
        return part.read(LARGEST_PART)


def _fetches(archive: zipfile.ZipFile) -> bool:
    """Whether an Office file brings something from another machine when it is opened: a template, a linked object, a
    field that asks a program (DDE). A part that cannot be read through is not taken for harmless."""
    left = LARGEST_OBJECTS
    for part in archive.infolist():
        relations = part.filename.lower().endswith(".rels")
        if not relations and not WRITTEN.fullmatch(part.filename):
            continue
        most = min(left, LARGEST_PART if relations else LARGEST_OBJECTS)
        with archive.open(part) as opened:
            content = opened.read(most + 1)
        if len(content) > most or (_relates if relations else _asks_a_program)(content):
            return True
        left -= len(content)
    return False


def _relates(content: bytes) -> bool:
    found: list[dict[str, str]] = []

    def begins(name: str, said: dict[str, str]) -> None:
        if _local(name) == "Relationship":
            found.append(said)

    return not _parsed(content, begins=begins) or any(_is_elsewhere(said) for said in found)


def _is_elsewhere(said: dict[str, str]) -> bool:
    """Whether a relationship of an Office file (ECMA-376 part 2, 9.3) leads to another machine, other than by a link
    that somebody must press or a picture of a web page."""
    if said.get("TargetMode", "").strip().lower() != "external":
        return False
    sort, target = said.get("Type", "").rsplit("/", 1)[-1].lower(), unquote(said.get("Target", "")).strip()
    if sort == "hyperlink" or (sort == "image" and target.lower().startswith(("http://", "https://"))):
        return False
    return REMOTE.match(target) is not None and not ON_THE_DISK.match(target)


def _asks_a_program(content: bytes) -> bool:
    """Whether a field of a document begins with DDE or DDEAUTO (ECMA-376 part 1, 17.16), also one cut in pieces."""
    fields: list[str] = [""]
    inside: list[str] = []

    def begins(name: str, said: dict[str, str]) -> None:
        local = _local(name)
        if local == "instrText":
            inside.append(local)
        elif local == "fldChar":
            fields.append("")
        elif local == "fldSimple":
            fields.extend((next((said[key] for key in said if _local(key) == "instr"), ""), ""))

    def ends(name: str) -> None:
        if _local(name) == "instrText" and inside:
            inside.pop()

    def says(text: str) -> None:
        if inside:
            fields[-1] += text

    return not _parsed(content, begins=begins, ends=ends, says=says) or any(DDE.match(field) for field in fields)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _parsed(
    content: bytes,
    *,
    begins: Callable[[str, dict[str, str]], None],
    ends: Callable[[str], None] | None = None,
    says: Callable[[str], None] | None = None,
) -> bool:
    """Read a part through; False where it is no XML, or declares a document type, which no Office file may."""
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begins, ends, says

    def refuse(*_: object) -> None:
        raise ValueError

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError):
        return False
    return True


def _pdf_acts(content: bytes) -> bool:
    if ACTS.search(_names(content)):
        return True
    read = 0
    for before, packed in _streams(content):
        objects = PACKED_OBJECTS in _names(before)
        if read > LARGEST_OBJECTS and not objects:
            continue
        unpacked, whole = _unpacked(packed)
        # A list of objects that cannot be looked into is not taken for harmless.
        if objects and (read > LARGEST_OBJECTS or not whole):
            return True
        # Pictures and fonts hold no such names; what looks like a list of objects is looked into.
        if b"<<" in unpacked and ACTS.search(_names(unpacked)):
            return True
        read += len(unpacked)
    return False


def _streams(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each stream with what stands before it. One pass: a search for each beginning to the end of the file would take
    days where no stream ends."""
    place = 0
    while (begins := STREAM.search(content, place)) is not None:
        ends = content.find(ENDSTREAM, begins.end())
        ends = ends if ends >= 0 else len(content)
        yield content[place : begins.start()], content[begins.end() : ends]
        place = ends + len(ENDSTREAM)


def _names(text: bytes) -> bytes:
    return NAME_SIGN.sub(lambda sign: bytes([int(sign[1], 16)]), text)


def _unpacked(packed: bytes) -> tuple[bytes, bool]:
    """What a stream holds, and whether that is all of it."""
    unpacker = zlib.decompressobj()
    try:
        return unpacker.decompress(packed, LARGEST_OBJECT), not unpacker.unconsumed_tail
    except zlib.error:
        return b"", False


def _table(content: bytes, most: int | None = None) -> list[list[str]] | None:
    """The rows of a CSV; None where it is no text, or no table of two columns and more.

    Args:
        most: so many lines are read; None: all.
    """
    text = _text(content)
    if text is None or CONTROL.search(text) or SCRIPT.match(text):
        return None
    for delimiter in ",;\t":
        try:
            lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
            rows = [row for row in itertools.islice(lines, most) if row]
        except csv.Error:
            continue
        if not rows or len(rows[0]) < 2:
            continue
        if all(len(row) == len(rows[0]) for row in rows[:LINES_LOOKED_AT]):
            return rows
    return None


def _text(content: bytes) -> str | None:
    # Excel's "Unicode text" is UTF-16 with a mark at its beginning.
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None
