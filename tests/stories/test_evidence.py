"""What an answer rests on: a link or a file, looked at, kept behind the answer, and given to whoever may see it."""

from __future__ import annotations

import base64
import io
import zipfile
from datetime import timedelta

from sqlalchemy import func, select

from bot import links
from db.models import Assessment, AuditRow, Evidence, StoredFile
from db.vocabulary import ClearanceState
from tests.browsing import PUBLIC_ADDRESS, Browser
from tests.stage import SECRETARIAT, Network
from tests.stories import forging
from tests.stories.test_clearance import clearances, wanted
from tests.stories.test_conversation import REQUIRED
from tests.stories.test_delegation import hands_out
from tests.stories.test_exports import files_of

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


async def test_what_a_file_is_is_told_by_its_content(network: Network) -> None:
    """A program named .pdf, a workbook with a macro, thirty megabytes, a private address: each is refused, with why,
    and the answer that came with it stands."""
    await network.opens()
    siti = network["siti"]
    await siti.clicks("Start")
    await siti.says("edit poverty_national_line")
    await siti.uploads("report.pdf", EXE, "9.4 2025 SUSENAS")
    siti.hears("9.4 % (2025, SUSENAS)", "Not kept: “report.pdf” is of none of the types that I take", "PDF, JPEG")
    for name, content, why in (
        ("macro.xlsx", workbook("xl/vbaProject.bin"), "a macro, a script or another file inside"),
        ("macro.xlsx", workbook(kind="ms-excel.sheet.macroEnabled.main+xml"), "a macro, a script"),
        ("run.pdf", b"%PDF-1.7 << /S /J#61vaScript /JS (app.alert(1)) >>", "a macro, a script"),
        ("cmd.csv", b"country,value\n=cmd|' /C calc'!A1,9.4\n", "a macro, a script"),
        ("page.csv", b"<script>alert(1),</script>", "of none of the types"),
        ("huge.pdf", b"%PDF-1.7" + bytes(30_000_000), "larger than 10 MB"),
        ("empty.pdf", b"", "is empty"),
    ):
        await siti.uploads(name, content, "poverty_national_line")
        siti.hears(why)
    for address in (
        "http://localhost/report.pdf",
        "https://10.0.0.8/report.pdf",
        "https://siti:secret@www.bps.go.id/report.pdf",
        "https://intranet/report.pdf",
    ):
        await siti.says(f"poverty_national_line {address}", raw=True)
        siti.hears("is no address that others can open")
    assert await kept(network) == []
    async with network.database.reading() as session:
        assert await session.scalar(select(func.count(StoredFile.id))) == 0
    # What looks alike and is harmless is taken.
    for name, content in (("table", workbook()), ("data", b"country;value\nIDN;9,4\n"), ("b", PDF)):
        await siti.uploads(name, content, "poverty_national_line")
        siti.hears(f"Kept behind *Poverty at the national line*: {name}")
    await siti.says("poverty_national_line https://www.bps.go.id/a_(b) http://data.example.org/x")
    assert len(await kept(network)) == 5


async def test_a_file_goes_to_who_may_see_it_and_to_nobody_else(reachable: Network) -> None:
    """Nobody outside the country before it is submitted; no other country ever; a link is one person's and ends."""
    network = reachable
    siti, aisyah, dewi = network["siti"], network["aisyah"], network["dewi"]
    await network.opens()
    await siti.clicks("Start")
    await siti.says(REQUIRED)
    await siti.uploads("report.pdf", PDF, "population_covered")
    await siti.says("review")
    await siti.clicks("Links and files")
    # The address itself is long: its name is the link.
    link = siti.last().split("|report.pdf> (PDF, 1 kB), added")[0].rpartition("<")[2]
    (piece,) = await kept(network)
    secret, until = network.settings.security.secret, network.clock.now() + timedelta(days=1)

    def to(short: str, number: int = piece.id) -> str:
        token = links.sign(secret, "evidence", str(network.people[short].person_id), until, {"evidence": number})
        return f"{PUBLIC_ADDRESS}/evidence/{token}"

    async with Browser(network) as browser:
        await browser.visits(link)
        assert (browser.status, browser.body) == (200, PDF)
        assert browser.headers["Content-Type"] == "application/pdf"
        assert browser.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in browser.headers["Content-Security-Policy"]
        assert browser.headers["Content-Disposition"].startswith(
            'attachment; filename="evidence-IDN-population_covered-'
        )
        for short, status in (
            ("dewi", 200),
            ("budi", 200),
            ("aisyah", 404),
            ("linh", 404),
            ("rina", 404),
            ("per", 404),
        ):
            await browser.visits(to(short))
            assert browser.status == status, short
        await siti.says("review")
        await siti.clicks("Submit")
        aisyah.hears("evidence: report.pdf", channel=SECRETARIAT)
        await aisyah.clicks("Links and files", channel=SECRETARIAT)
        aisyah.hears("|report.pdf> (PDF, 1 kB)", "added by Siti Rahmadani")
        await browser.visits(to("aisyah"))
        assert (browser.status, browser.body) == (200, PDF)
        for short in ("linh", "rina", "per"):
            await browser.visits(to(short))
            assert browser.status == 404, short
        await browser.visits(to("siti", 99))
        assert browser.status == 404
        await network.passes(days=2)
        await browser.visits(link)
        assert browser.status == 410
    number = str(piece.assessment_id)
    for short in ("linh", "rina"):
        await forging.clicks(network, short, "evidence:0", number)
        assert "report.pdf" not in network[short].last()
        await forging.clicks(network, short, "remove_evidence:0", str(piece.id))
    await forging.clicks(network, "dewi", "remove_evidence:0", str(piece.id))
    await forging.clicks(network, "siti", "remove_evidence:0", str(piece.id))
    assert "with the secretariat" in siti.last(), "it is not theirs to change now"
    assert (await kept(network))[0].removed_at is None
    assert "report.pdf" not in dewi.last()


async def test_a_changed_evidence_is_cleared_anew(network: Network) -> None:
    """Dewi has said yes; a file that comes after it makes her yes void, as a changed answer does."""
    siti, dewi = network["siti"], network["dewi"]
    await network.opens()
    await wanted(network)
    await siti.clicks("Start")
    await siti.says(REQUIRED)
    await siti.says("population_covered https://www.bps.go.id/report")
    await siti.says("review")
    await siti.clicks("Submit")
    dewi.hears("your yes is needed", "evidence: www.bps.go.id/report")
    await dewi.clicks("Links and files")
    dewi.hears("Evidence: Indonesia", "https://www.bps.go.id/report")
    await siti.clicks("Withdraw")
    chosen = await siti.act("attaches", name="more.pdf", content=base64.b64encode(PDF).decode())
    await siti.clicks("Links and files")
    await siti.clicks("Add a link or a file")
    assert await siti.submits() is not None, "the question and something to keep are needed"
    await siti.fills(question="population_covered", link="ftp://example.org/x", file=[chosen["id"]])
    assert await siti.submits() == {"link": network.app.desk.words.label("evidence_bad_link")}
    await siti.fills(link="", file=[chosen["id"]])
    assert await siti.submits() is None
    siti.hears("more.pdf", "(PDF, 1 kB)")
    states = [row.state for row in await clearances(network)]
    assert states == [ClearanceState.VOID]
    await siti.says("review")
    await siti.clicks("Submit")
    assert [row.state for row in await clearances(network)] == [ClearanceState.VOID, ClearanceState.ASKED]


async def test_a_contributor_adds_to_their_own_part(network: Network) -> None:
    """Rina's file stands behind her answer; behind another question she puts nothing."""
    siti, rina = network["siti"], network["rina"]
    await network.opens()
    await siti.clicks("Start")
    await hands_out(network, "uhc_service_coverage", "B:uhc_service_coverage")
    await rina.says("start")
    await rina.uploads("health.pdf", PDF, "64 2025 health survey")
    rina.hears("64 (2025, health survey)", "Kept behind")
    await rina.clicks("Links and files")
    rina.hears("health.pdf", "added by Rina Kusuma")
    (piece,) = await kept(network)
    assert (piece.indicator, piece.removed_at) == ("uhc_service_coverage", None)
    await rina.uploads("other.pdf", PDF + b"2", "gini_index")
    assert len(await kept(network)) == 1
    await siti.says("review")
    siti.hears("evidence: health.pdf")


async def test_a_value_beside_a_file_is_never_taken_for_a_name(network: Network) -> None:
    """A line whose source is an address, and a value that stands beside a file with the name of its question."""
    await network.opens()
    siti = network["siti"]
    await siti.clicks("Start")
    await siti.says("portability_agreements: 100 (2025, https://data.example.org/a?b=1)", raw=True)
    siti.hears("100 (2025, https://data.example.org/a?b=1)", "Kept behind *Social security agreements in force*")
    await siti.uploads("gini.pdf", PDF, "gini_index 38.8")
    siti.hears("Gini index", "Which year is it for, and what is the source?")
    await siti.says("2025 SUSENAS")
    siti.hears("38.8 (2025, SUSENAS)")
    assert [(each.indicator, each.title) for each in await kept(network)] == [
        ("portability_agreements", "data.example.org/a?b=1"),
        ("gini_index", "gini.pdf"),
    ]


async def test_a_file_comes_in_chat_where_there_are_no_pages(network: Network) -> None:
    """Into the direct messages of who asks, who may read the answer; a made-up button gives nothing."""
    siti, aisyah, rina = network["siti"], network["aisyah"], network["rina"]
    await network.opens()
    await siti.clicks("Start")
    await siti.says(REQUIRED)
    await siti.uploads(HOSTILE, PDF, "population_covered")
    await siti.says("review")
    await siti.clicks("Links and files")
    siti.hears("You can get a file here: it comes to your direct messages with me, for you alone")
    await siti.selects(HOSTILE, "get_evidence")
    siti.hears(
        "Indonesia, Full assessment 2026: the file “&lt;!channel&gt; *bold* &amp; =cmd", "stands behind the answer"
    )
    (piece,) = await kept(network)
    name = f"evidence-IDN-population_covered-{piece.id}.pdf"
    assert files_of(siti)[name] == PDF
    # Nobody outside before it is handed in, no other country ever, no contributor of another part.
    for short in ("aisyah", "linh", "bounmy", "rina", "per"):
        await forging.clicks(network, short, "get_evidence:0", str(piece.id))
        assert files_of(network[short]) == {}, short
    for value in ("x", "99", ""):
        await forging.clicks(network, "siti", "get_evidence:0", value)
    await forging.clicks(network, "dewi", "get_evidence:0", str(piece.id))
    assert files_of(network["dewi"])[name] == PDF
    await siti.says("review")
    await siti.clicks("Submit")
    await aisyah.clicks("Links and files", channel=SECRETARIAT)
    await aisyah.selects(HOSTILE, "get_evidence")
    assert files_of(aisyah)[name] == PDF
    assert aisyah.files(SECRETARIAT) == [], "others read there"
    await forging.clicks(network, "linh", "get_evidence:0", str(piece.id))
    assert files_of(network["linh"]) == {} == files_of(rina)
    # What was taken away nobody gets any more.
    await siti.clicks("Withdraw")
    await siti.clicks("Links and files")
    await siti.selects(HOSTILE, "remove_evidence")
    await forging.clicks(network, "dewi", "get_evidence:0", str(piece.id))
    network["dewi"].hears("could not find")


async def test_a_link_in_one_of_several_lines_stays_with_its_line(everywhere: Network) -> None:
    """Each address behind the answer of its own line, also alone on the next line; what stands in no answer is said."""
    await everywhere.opens()
    siti = everywhere["siti"]
    await siti.clicks("Start")
    await siti.says(
        "https://www.example.org/intro\n"
        "- poverty_national_line 9.4 2025 SUSENAS (https://www.bps.go.id/a?x=1&y=2)\n"
        "gini_index: 38.8 2025 SUSENAS https://www.bps.go.id/b, https://10.0.0.8/secret\n"
        "https://www.bps.go.id/c\n"
        "portability_agreements 4 2025 https://data.example.org/d\n"
        "nothing_of_ours 4 https://data.example.org/e\n"
        "mechanism_status operational https://www.bps.go.id/a?x=1&y=2",
        raw=True,
    )
    siti.hears("Kept behind *Gini index*: www.bps.go.id/c", "“https://www.example.org/intro”", "data.example.org/e")
    assert [(each.indicator, each.link) for each in await kept(everywhere)] == [
        ("poverty_national_line", "https://www.bps.go.id/a?x=1&y=2"),
        ("gini_index", "https://www.bps.go.id/b"),
        ("gini_index", "https://www.bps.go.id/c"),
        ("portability_agreements", "https://data.example.org/d"),
        ("mechanism_status", "https://www.bps.go.id/a?x=1&y=2"),
    ]
    said = siti.last()
    assert said.count("There are several answers") == 2
    # One answer only: what stands beside it is meant for it, wherever it stands.
    await siti.says("https://www.example.org/f\npoor_covered 40 2025 SUSENAS", raw=True)
    siti.hears("Kept behind", "www.example.org/f")
    assert (await kept(everywhere))[-1].indicator == "poor_covered"
