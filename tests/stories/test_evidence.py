"""What an answer rests on: a link or a file, looked at, kept behind the answer, and given to whoever may see it."""

from __future__ import annotations

import io
import zipfile

from sqlalchemy import func, select

from db.models import Assessment, AuditRow, Evidence, StoredFile
from tests.stage import Network

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(100)
HOSTILE = "<!channel> *bold* & =cmd|'/C calc'!A1.pdf"


def workbook(*parts: str, kind: str = "spreadsheetml.sheet.main+xml") -> bytes:
    """An Office file with some parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types><Override ContentType="application/vnd.x.{kind}"/></Types>')
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for part in parts:
            archive.writestr(part, "x")
    return held.getvalue()


async def kept(network: Network) -> list[Evidence]:
    async with network.database.reading() as session:
        return list(await session.scalars(select(Evidence).order_by(Evidence.id)))


async def version(network: Network) -> int:
    async with network.database.reading() as session:
        found = await session.scalar(select(Assessment.version).where(Assessment.member_code == "IDN"))
        return found or 0


async def test_a_link_with_the_answer_and_a_file_after_it(everywhere: Network) -> None:
    """Siti pastes a link with her value, then shares the report: it is asked behind which answer it stands."""
    await everywhere.opens()
    siti = everywhere["siti"]
    await siti.clicks("Start")
    await siti.says("edit poverty_national_line")
    await siti.says("9.4 2025 SUSENAS https://www.bps.go.id/en/publication?id=7&x=1.")
    siti.hears("9.4 % (2025, SUSENAS)", "Kept behind *Poverty at the national line*: www.bps.go.id/en/publication?id=7")
    before = await version(everywhere)
    await siti.uploads(HOSTILE, PDF)
    siti.hears("behind which answer should I keep this?", "&lt;!channel&gt; *bold* &amp; =cmd")
    assert len(await kept(everywhere)) == 1, "nothing is kept before the choice"
    await siti.clicks("Poverty at the national line")
    siti.hears("Kept behind *Poverty at the national line*: &lt;!channel&gt; *bold* &amp; =cmd")
    link, file = await kept(everywhere)
    assert (link.link, link.file_id) == ("https://www.bps.go.id/en/publication?id=7&x=1", None)
    assert (file.indicator, file.link, file.title) == ("poverty_national_line", None, HOSTILE)
    assert await version(everywhere) == before + 1, "a changed evidence is a changed answer"
    # The same content once more is stored once, and stands once behind an answer.
    await siti.uploads("again.pdf", PDF, "poverty_national_line")
    await siti.uploads("other.pdf", PDF, "gini_index")
    async with everywhere.database.reading() as session:
        assert await session.scalar(select(func.count(StoredFile.id))) == 1
        rows = select(AuditRow.act).where(AuditRow.act.like("%evidence")).order_by(AuditRow.id)
        said = list(await session.scalars(rows))
    assert [each.indicator for each in await kept(everywhere)] == [*["poverty_national_line"] * 2, "gini_index"]
    assert said == ["add_evidence"] * 3
    await siti.says("review")
    siti.hears("9.4 % (2025, SUSENAS); evidence: www.bps.go.id/en/publication?id=7")
    await siti.clicks("Links and files")
    siti.hears("www.bps.go.id/en/publication", "(PDF, 1 kB)", "added by Siti Rahmadani")
    await siti.selects("other.pdf", "remove_evidence")
    siti.hears("Taken away: “other.pdf”")
    assert [each.removed_at is None for each in await kept(everywhere)] == [True, True, False]
