"""What a file is, is told by its content; what could run in it is found; and which addresses are links."""

from __future__ import annotations

import io
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.drawing.image import Image
from PIL import Image as Picture

from bot import evidence, files
from bot.evidence import EvidenceRefused, Limits

LIMITS = Limits()
OFFICE = "application/vnd.openxmlformats-officedocument"


def saved(*, picture: bool = False) -> bytes:
    """A workbook as openpyxl writes it."""
    book = Workbook()
    book.active.append(["country", "value"])  # pyright: ignore[reportOptionalMemberAccess]
    if picture:
        held = io.BytesIO()
        Picture.new("RGB", (4, 4)).save(held, "PNG")
        book.active.add_image(Image(held), "A3")  # pyright: ignore[reportOptionalMemberAccess]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive(types: str, *parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("[Content_Types].xml", types)
        for part in parts:
            made.writestr(part, "<x/>")
    return out.getvalue()


def with_part(name: str, content: str | bytes) -> bytes:
    """A document with one more part."""
    out = io.BytesIO(document())
    with zipfile.ZipFile(out, "a") as made:
        made.writestr(name, content)
    return out.getvalue()


def related(kind: str, target: str, mode: str = "External") -> bytes:
    """A document with a relationship, as Word writes it."""
    types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    said = f'<Relationship Id="rId1" Type="{types}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    whole = f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{namespace}">{said}</Relationships>'
    return with_part("word/_rels/settings.xml.rels", whole)


def written(body: str) -> bytes:
    """A document whose header holds a paragraph."""
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return with_part("word/header1.xml", f'<w:hdr xmlns:w="{namespace}"><w:p>{body}</w:p></w:hdr>')


def document(*parts: str) -> bytes:
    return archive(f"<Types>{OFFICE}.wordprocessingml.document.main+xml</Types>", "word/document.xml", *parts)


def pdf(*parts: bytes) -> bytes:
    return b"%PDF-1.7\n" + b"\n".join(parts) + b"\n%%EOF"


def test_each_type_is_known_by_its_content() -> None:
    picture = io.BytesIO()
    Picture.new("RGB", (4, 4)).save(picture, "PNG")
    photo = io.BytesIO()
    Picture.new("RGB", (4, 4)).save(photo, "JPEG")
    for content, kind in (
        (saved(), files.XLSX),
        (saved(picture=True), files.XLSX),
        (document(), files.DOCX),
        (pdf(b"<< /Type /Catalog >>"), files.PDF),
        (picture.getvalue(), files.PNG),
        (photo.getvalue(), files.JPEG),
        (b"country,value\nIDN,9.4\n", files.CSV),
        ("ប្រទេស;តម្លៃ\r\nKHM;១៧,៨\r\n".encode("utf-8-sig"), files.CSV),
        ("a\tb\nc\td".encode("utf-16"), files.CSV),
        (b"country,value\nIDN,-9.4\nLAO,+3\n", files.CSV),
    ):
        assert files.type_of(content) is kind
        assert not files.runs(content, kind), kind


def test_what_is_of_no_type() -> None:
    for content in (
        b"",
        b"MZ\x90\x00",
        b"#!/bin/sh\necho a,b\n",
        b"<html>,<b>\n",
        b"one column\nonly\n",
        b"a,b\nc\n",
        b"a,b\x00c,d\n",
        b"\xff\xfe\x00",
        b"PK\x03\x04 and nothing more",
        archive("<Types/>", "xl/workbook.xml"),
        archive("<Types/>", "classes.dex"),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),  # an old .doc or .xls
    ):
        assert files.type_of(content) is None


def test_what_could_run_is_found() -> None:
    script = b"<< /Type /Action /S /JavaScript /JS (app.alert(1)) >>"
    packed = zlib.compress(b"1 0 " + script)
    for content in (
        archive("<Types>ms-excel.sheet.macroEnabled.main+xml</Types>", "xl/workbook.xml"),
        archive(f"<Types>{OFFICE}.spreadsheetml.sheet.main+xml</Types>", "xl/workbook.xml", "xl/vbaProject.bin"),
        archive(f"<Types>{OFFICE}.spreadsheetml.sheet.main+xml</Types>", "xl/workbook.xml", "xl/externalLinks/l.xml"),
        document("word/embeddings/object.bin"),
        document("word/activeX/activeX1.xml"),
        pdf(script),
        pdf(b"<< /Open#41ction << /S /Java#53cript >> >>"),
        pdf(b"<< /S /Launch /F (cmd.exe) >>"),
        pdf(b"<< /Names << /EmbeddedFiles 3 0 R >> >>"),
        pdf(b"2 0 obj << /Type /ObjStm /Filter /FlateDecode >> stream\n" + packed + b"\nendstream"),
        b"name,value\n=HYPERLINK(0),1\n",
        b"name,value\n @SUM(1),1\n",
        b"name,value\n-cmd|x,1\n",
    ):
        kind = files.type_of(content)
        assert kind is not None
        assert files.runs(content, kind), content[:80]
        with pytest.raises(EvidenceRefused) as refused:
            evidence.file_of("a.pdf", content, LIMITS)
        assert refused.value.facts["problem"] == "runs"


@given(st.binary(max_size=400), st.sampled_from([b"", b"%PDF-", b"PK\x03\x04", b"a,b\n", b"\xff\xd8\xff", b"\xff\xfe"]))
def test_whatever_the_content_nothing_breaks(rest: bytes, beginning: bytes) -> None:
    content = beginning + rest
    kind = files.type_of(content)
    if kind is not None:
        files.runs(content, kind)


def test_what_is_taken_is_a_matter_of_the_settings() -> None:
    only = Limits(largest=100, kinds=("pdf",), most=1)
    assert evidence.file_of("x" * 999 + "\u202e\n.exe", pdf(b"1"), only).name == "x" * 200
    for content, problem in ((b"", "empty"), (pdf(bytes(101)), "size"), (b"a,b\nc,d\n", "kind")):
        with pytest.raises(EvidenceRefused) as refused:
            evidence.file_of("a.pdf", content, only)
        assert (refused.value.facts["problem"], refused.value.facts["kinds"]) == (problem, ["PDF"])


@pytest.mark.parametrize(
    "text",
    [
        *("ftp://example.org/x", "javascript:alert(1)", "https://", "https://example", "http://localhost/", "//x.org"),
        *("https://127.0.0.1/x", "https://[::1]/x", "https://a@example.org/", "https://example.org:99999/", "x"),
        *("https://printer.local/x", "https://example.org/ and more", "https://example.org/\\x", "data:text/html,x"),
        "https://example.org/" + "x" * 2000,
        *("https://0x7f.1/", "https://127.0x1/", "https://a.b%00.c/", "https://a.example%2eorg/", "https://x.0X/"),
        *("https://127.0.0.1./", "https://１２７.０.０.１/", "https://127。0。0。1/"),
    ],
)
def test_what_is_no_address_for_others(text: str) -> None:
    with pytest.raises(EvidenceRefused) as refused:
        evidence.link_of(text, LIMITS)
    assert refused.value.facts["problem"] == "link"


def test_addresses_in_a_text() -> None:
    text = "38.8 2020 VHLSS (https://a.example.org/x_(y)), see HTTP://b.example.org/?q=1&r=2. Bye"
    rest, found = evidence.links_in(text)
    assert found == ["https://a.example.org/x_(y)", "HTTP://b.example.org/?q=1&r=2"]
    assert rest.startswith("38.8 2020 VHLSS")
    assert "://" not in rest
    assert evidence.links_in("no address, only words") == ("no address, only words", [])
    assert evidence.link_of(found[1], LIMITS).address == found[1]


@given(st.text(max_size=120))
def test_whatever_the_text_its_addresses_are_found_or_not(text: str) -> None:
    rest, found = evidence.links_in(text)
    assert all(address.lower().startswith(("http://", "https://")) for address in found)
    if not found:
        assert rest in text
    for address in found:
        try:
            assert evidence.link_of(address, LIMITS).address
        except EvidenceRefused:
            continue


def test_an_action_behind_much_else_in_a_pdf_is_found() -> None:
    """Behind many pictures, behind megabytes of blanks, in a filter that nobody uses for it."""
    action = b"<< /S /JavaScript /JS (app.alert(1)) >>"

    def stream(content: bytes, kind: bytes = b"/Type/ObjStm /Filter/FlateDecode") -> bytes:
        return b"5 0 obj << %s >>\nstream\n" % kind + content + b"\nendstream endobj"

    picture = stream(zlib.compress(bytes(files.LARGEST_OBJECT), 9), b"/Subtype/Image /Filter/FlateDecode")
    many = [picture] * (files.LARGEST_OBJECTS // files.LARGEST_OBJECT + 2)
    assert not files.runs(pdf(*many), files.PDF)
    assert not files.runs(pdf(stream(zlib.compress(b"<< /Type /Catalog >>"))), files.PDF)
    for hidden in (
        [*many, stream(zlib.compress(action))],
        [stream(zlib.compress(b" " * (files.LARGEST_OBJECT + 1) + action))],
        [stream(zlib.compress(action).hex().encode(), b"/Type/Obj#53tm /Filter[/ASCIIHexDecode/FlateDecode]")],
    ):
        assert files.runs(pdf(*hidden), files.PDF)


def test_a_pdf_of_nothing_but_beginnings_is_looked_through_once() -> None:
    """Ten megabytes: were the end of each sought to the end of the file, this would take days."""
    assert not files.runs(pdf(b"stream\n" * 1_400_000), files.PDF)


@pytest.mark.parametrize(
    "cell",
    ["-2+3+cmd|' /C calc'!A0", "+1+cmd|' /C calc'!A0", "b;=cmd|' /C calc'!A1", "b\t=1+1", "\uff1d1+1", "\u200b=1+1"],
)
def test_a_formula_in_disguise(cell: str) -> None:
    assert files.runs(f"country,value\nIDN,{cell}\n".encode(), files.CSV)


@pytest.mark.parametrize("cell", ["-9.4", "+3", "-", "- ", "-5 %", "9,4;8", "a = b", "+62 21 555"])
def test_a_sign_before_a_number_is_no_formula(cell: str) -> None:
    assert not files.runs(f'country,value\nIDN,"{cell}"\n'.encode(), files.CSV)


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        *(("attachedTemplate", "https://x.example.org/a.dotm"), ("oleObject", "http://x.example.org/a")),
        *(("frame", "ftp://x.example.org/a"), ("externalLink", "\\\\x.example.org\\share\\a.xlsx")),
        *(("attachedTemplate", "file://x.example.org/a.dotm"), ("oleObject", "file:///\\\\x.example.org\\a")),
        *(("attachedTemplate", "file:%2F%2Fx.example.org/a"), ("attachedTemplate", "&#104;ttps://x.example.org/a")),
        *(
            ("subDocument", "//x.example.org/a"),
            ("image", "\\\\x.example.org\\a.png"),
            ("oleObject", "mhtml:http://x/a"),
        ),
    ],
)
def test_what_a_document_fetches_from_elsewhere_is_found(kind: str, target: str) -> None:
    content = related(kind, target)
    assert files.type_of(content) is files.DOCX
    assert files.runs(content, files.DOCX)
    with pytest.raises(EvidenceRefused) as refused:
        evidence.file_of("a.docx", content, LIMITS)
    assert refused.value.facts["problem"] == "runs"


@pytest.mark.parametrize(
    ("kind", "target", "mode"),
    [
        *(("hyperlink", "https://example.org/", "External"), ("image", "https://example.org/a.png", "External")),
        ("attachedTemplate", "file:///C:\\Users\\siti\\Normal.dotm", "External"),
        *(("attachedTemplate", "Normal.dotm", "External"), ("styles", "styles.xml", "Internal")),
    ],
)
def test_what_a_document_leads_to_when_somebody_presses_it_is_taken(kind: str, target: str, mode: str) -> None:
    assert not files.runs(related(kind, target, mode), files.DOCX)


def test_relationships_that_cannot_be_looked_through_are_not_taken_for_harmless() -> None:
    name = "word/_rels/settings.xml.rels"
    hidden = related("attachedTemplate", "https://x.example.org/a.dotm")
    told = zipfile.ZipFile(io.BytesIO(hidden)).read(name).decode()
    for content in (
        told.removeprefix('<?xml version="1.0" encoding="UTF-8"?>').encode("utf-16"),
        told.replace("<Relationships", "<!DOCTYPE x><Relationships"),
        told.replace("External", "Internal") + " " * files.LARGEST_PART,
        "no relationships",
    ):
        assert files.runs(with_part(name, content), files.DOCX)
    # Where a name stands twice, the one that is not shown counts as well.
    both = io.BytesIO(hidden)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(both, "a") as made:
        made.writestr(name, "<Relationships/>")
    assert files.runs(both.getvalue(), files.DOCX)


def test_a_field_that_asks_a_program_is_found_also_in_pieces() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    for body in (
        begin + '<w:r><w:instrText> DDEAUTO c:\\cmd.exe "/k calc"</w:instrText></w:r>',
        begin + "<w:r><w:instrText>D</w:instrText></w:r><w:r><w:instrText>DE c:\\cmd.exe</w:instrText></w:r>",
        begin + "<w:r><w:instrText>IF </w:instrText></w:r>" + begin + "<w:r><w:instrText>dde x</w:instrText></w:r>",
        '<w:fldSimple w:instr=" DDEAUTO x y"><w:r><w:t>1</w:t></w:r></w:fldSimple>',
    ):
        assert files.runs(written(body), files.DOCX), body
    for body in (
        "<w:r><w:t>DDEAUTO is an old field of Word.</w:t></w:r>",
        begin + '<w:r><w:instrText>HYPERLINK "https://example.org/DDE x"</w:instrText></w:r>',
        '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>',
    ):
        assert not files.runs(written(body), files.DOCX), body


def test_a_pdf_with_a_password_cannot_be_looked_into() -> None:
    for trailer in (
        b"trailer << /Root 1 0 R /Encrypt 5 0 R >>",
        b"<< /Type /XRef /Encr#79pt\n<< /V 4 >> >>stream\nx\nendstream",
    ):
        with pytest.raises(EvidenceRefused) as refused:
            evidence.file_of("a.pdf", pdf(trailer), LIMITS)
        assert refused.value.facts["problem"] == "encrypted"
    held = pdf(b"<< /EncryptMetadata false /Title (How to Encrypt) >>")
    assert evidence.file_of("a.pdf", held, LIMITS).kind is files.PDF


def test_a_table_is_of_two_megabytes_at_most() -> None:
    line = b"IDN,9.4\n"
    most = evidence.file_of("a.csv", b"a,b\n" + line * ((files.LARGEST_TABLE - 4) // len(line)), LIMITS)
    assert most.kind is files.CSV
    for larger in (most.content + line, most.content + line + b'"not ended'):
        with pytest.raises(EvidenceRefused) as refused:
            evidence.file_of("a.csv", larger, LIMITS)
        assert (refused.value.facts["problem"], refused.value.facts["most"]) == ("table", 2)
