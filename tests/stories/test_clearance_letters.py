"""A national yes that was signed on paper, and one for which nobody can be asked."""

from __future__ import annotations

import base64
from datetime import timedelta

from sqlalchemy import select

from bot import links
from db.models import Appointment, Member, StoredFile
from db.vocabulary import AssessmentState, Role
from tests.browsing import PUBLIC_ADDRESS, Browser
from tests.cast import SINCE
from tests.stage import NETWORK, SECRETARIAT, Network, Player
from tests.stories import forging
from tests.stories.test_clearance import HOSTILE, clearances, mails_only, state_of, wanted
from tests.stories.test_conversation import submitted

PNG = b"\x89PNG\r\n\x1a\n...."
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF"


async def test_nobody_can_be_asked_and_then_somebody_is_appointed(network: Network) -> None:
    linh, aisyah, rina = network["linh"], network["aisyah"], network["rina"]
    await network.opens()
    await aisyah.command("clearance set VNM")
    await aisyah.fills(wanted="yes", reference="VN-1/2026")
    assert await aisyah.submits() is None
    await submitted(network, "linh")
    linh.hears("Nobody can be asked now", "I have told the secretariat")
    assert any("Viet Nam: nobody can give the national yes" in m for m in aisyah.messages(SECRETARIAT))
    assert not any("9.4 %" in m for m in aisyah.messages(SECRETARIAT))
    await network.passes(days=1)
    assert [m for m in linh.messages() if "nobody can give the national yes" in m] == [], "said at once, not twice"
    status = await aisyah.command("cycle status")
    assert "waits for its national clearance" in status and "nobody can give the yes now" in status
    needed = "Viet Nam: Full assessment 2026, since Monday, 2 November 2026; it is given by the coordinator"
    assert "nobody can give it" in (said := await aisyah.command("register")) and needed in said
    await aisyah.opens_home()
    assert "Viet Nam: the national yes to Full assessment 2026 is awaited since" in aisyah.home
    async with network.database.writing() as session:
        rina_id = network.people["rina"].person_id
        role = Appointment(person_id=rina_id, role=Role.COORDINATOR, member_code="VNM", starts_on=SINCE)
        session.add(role)
    rina = await mails_only(network, "rina")
    await network.passes(minutes=5)
    body = rina.mails[-1].message.get_body(("plain",))
    assert body is not None and "VIET NAM: YOUR YES IS NEEDED" in body.get_content()
    assert "write to me in the chat, or sign a letter" in body.get_content(), "there are no pages here"

    # She is gone again, with nobody after her: that is said before, and said again, once.
    await aisyah.command("focal end Viet Nam")
    await aisyah.fills(who=str(role.id))
    assert await aisyah.submits() is None
    assert "*Full assessment 2026* waits for Rina Kusuma. After that *nobody* can give it" in str(aisyah.modal)
    assert await aisyah.submits() is None
    for _ in range(2):
        await network.passes(minutes=5)
    assert sum("nobody can give the national yes" in m for m in linh.messages()) == 1
    assert sum("Viet Nam: nobody can give the national yes" in m for m in aisyah.messages(SECRETARIAT)) == 2
    chosen = await linh.act("attaches", name="scan.png", content=base64.b64encode(PNG).decode())
    await linh.clicks("Record a signed letter")
    await linh.fills(signatory="Minister", reference="VN-2", signed="2026-11-03", scan=[chosen["id"]])
    assert await linh.submits() is None
    linh.hears("is recorded as the yes of Viet Nam")
    await aisyah.clicks("See the letter", channel=SECRETARIAT)
    aisyah.hears("There are no pages of mine yet on which you could get it")


async def test_a_letter_that_was_signed_on_paper(reachable: Network) -> None:
    network = reachable
    siti, dewi, aisyah = network["siti"], network["dewi"], network["aisyah"]
    await network.opens()
    await wanted(network)
    await submitted(network)
    clearance_id = (await clearances(network))[-1].id

    async def hands_in(content: bytes, typed: dict[str, str] | None = None, *, by: Player = siti) -> str:
        chosen = await by.act("attaches", name="letter.pdf", content=base64.b64encode(content).decode())
        await siti.clicks("Record a signed letter", message=siti.last_message())
        await siti.fills(**(typed or {}), scan=[chosen["id"]])
        assert await siti.submits() is None
        return siti.last()

    await siti.opens_home()
    await siti.clicks_home("Record a signed letter")
    wrong = await siti.submits()
    assert wrong is not None and set(wrong) == {"signatory", "reference", "signed", "scan"}
    chosen = await siti.act("attaches", name="letter.pdf", content=base64.b64encode(PDF).decode())
    letter = {"signatory": f"Minister {HOSTILE}", "reference": "B-12/2026"}
    await siti.fills(**letter, signed="2026-11-01", scan=[chosen["id"]])
    wrong = await siti.submits()
    assert wrong is not None and "handed in as they are now on Monday, 2 November 2026" in wrong["signed"]
    await siti.fills(signed="2026-11-30")
    assert await siti.submits() == {"signed": "That day has not come yet."}
    await siti.closes()
    assert "neither a PDF nor" in await hands_in(b"<html><script>", {**letter, "signed": "2026-11-02"})
    # What was typed stands in the form that the refusal offers; a forged button brings an empty one.
    await siti.clicks("Record a signed letter")
    assert all(typed in str(siti.modal) for typed in ("Minister <!channel>", "B-12/2026", "2026-11-02"))
    await siti.closes()
    for forged in ("[1]", '["a","b","c"]', "{}", "nonsense"):
        await forging.clicks(network, "siti", "record_letter:0", f"{clearance_id}|{forged}")
        assert "initial_" not in str(siti.modal)
        await siti.closes()
    assert "That file is empty" in await hands_in(b"")
    assert "larger than 10 MB" in await hands_in(PDF + bytes(10_000_001))
    assert "could not get that file" in await hands_in(PDF, by=network["linh"])
    assert await state_of(network, "IDN") is AssessmentState.AWAITING_CLEARANCE
    async with network.database.reading() as session:
        assert list(await session.scalars(select(StoredFile.id))) == [], "what is refused is not kept"
    for who in ("aisyah", "thong", "linh", "rina"):
        await forging.clicks(network, who, "record_letter:0", str(clearance_id))
        assert network[who].modal is None

    said = await hands_in(PDF)
    assert "is recorded as the yes of Indonesia" in said and "<!channel>" not in said
    assert await state_of(network, "IDN") is AssessmentState.SUBMITTED
    # Whoever was asked hears of it: nobody gives a yes in their name unseen.
    dewi.hears("recorded as the yes to Full assessment 2026", "Siti Rahmadani recorded", "B-12/2026")
    dewi.hears("If this is wrong, please tell the secretariat")
    assert "<!channel>" not in str(dewi.last_message().blocks)
    await dewi.clicks("See the letter")
    dewi.hears("Indonesia: the letter to Full assessment 2026", f"{PUBLIC_ADDRESS}/scan/")
    dewi_asked = [m for m in dewi.sees.messages() if "your yes is needed" in m.words][-1]
    await dewi.clicks("Clear it", message=dewi_asked)
    assert "cleared by the letter" in dewi.last()
    aisyah.hears("cleared it by letter B-12/2026", "recorded by Siti Rahmadani", channel=SECRETARIAT)
    await aisyah.clicks("See the letter", channel=SECRETARIAT)
    aisyah.hears("Indonesia: the letter to Full assessment 2026", "B-12/2026", f"{PUBLIC_ADDRESS}/scan/")
    link = aisyah.last().split("The scan: ")[1].split()[0].strip("<>")
    async with Browser(network) as browser:
        await browser.visits(link)
        assert (browser.status, browser.body) == (200, PDF)
        assert browser.headers["Content-Type"] == "application/pdf"
        assert browser.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in browser.headers["Content-Security-Policy"]
        assert browser.headers["Content-Disposition"].startswith('attachment; filename="letter-IDN-')
        async with network.database.reading() as session:
            file = (await session.scalars(select(StoredFile))).one()
        assert (file.media_type, file.size, file.name) == ("application/pdf", len(PDF), "letter.pdf")
        secret, until = network.settings.security.secret, network.clock.now() + timedelta(days=1)
        for short in ("linh", "per", "rina"):
            token = links.sign(secret, "scan", str(network.people[short].person_id), until, {"file": file.id})
            await browser.visits(f"{PUBLIC_ADDRESS}/scan/{token}")
            assert browser.status == 404
        await network.passes(days=2)
        await browser.visits(link)
        assert browser.status == 410
    await forging.clicks(network, "linh", "see_letter:0", str(clearance_id))
    assert "B-12/2026" not in network["linh"].last()
    async with network.database.reading() as session:
        member = await session.get(Member, "IDN")
    assert member is not None and member.clearance_wanted
    assert NETWORK not in {m.channel for m in aisyah.sees.messages() if "B-12" in m.words}
