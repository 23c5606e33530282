"""Agencies and coordination mechanisms: kept by their own country, read by all, side by side in chat and by mail."""

from __future__ import annotations

from datetime import date
from typing import Any

from db.models import Agency, Appointment, Mechanism, Meeting, Milestone, Person
from db.queries import agencies as agency_queries
from db.queries import audit as audit_queries
from db.queries import experiences as experience_queries
from db.queries import mechanisms as queries
from db.vocabulary import AgencyKind, MechanismStatus, Sector
from tests.stage import NETWORK, SECRETARIAT, Network, Player
from tests.stories import forging

HOSTILE = "<!channel> *M* | a & <b>b</b> =1+1 <@U0LINH>"
SHOWN = "&lt;!channel&gt; *M* | a &amp; &lt;b&gt;b&lt;/b&gt; =1+1 &lt;@U0LINH&gt;"
NOT_YOURS = "Your role does not include this"


def value_of(player: Player, field: str, text: str) -> str:
    """The value of an option of the open form, by its words."""
    assert player.modal is not None
    (block,) = [each for each in player.modal["blocks"] if each.get("block_id") == field]
    return next(each["value"] for each in block["element"]["options"] if each["text"]["text"].startswith(text))


def above(player: Player) -> str:
    """The words above the fields of the open form."""
    assert player.modal is not None
    return "\n".join(each["text"]["text"] for each in player.modal["blocks"] if each["type"] == "section")


async def audit_of(network: Network) -> list[Any]:
    async with network.database.reading() as session:
        return await audit_queries.of(session, "mechanism:IDN")


async def test_a_country_keeps_its_mechanism_and_nothing_is_overwritten_unseen(everywhere: Network) -> None:
    siti, dewi, aisyah = everywhere["siti"], everywhere["dewi"], everywhere["aisyah"]
    empty = await siti.command("mechanism")
    assert "nothing is noted yet" in empty and "No agencies are noted yet" in empty
    await siti.clicks("Add an agency", channel=NETWORK)
    assert set(await siti.submits() or {}) == {"name", "kind", "sector", "sits"}
    await siti.fills(name=HOSTILE, kind="workers", sector="labour", sits="yes")
    assert await siti.submits() is None
    siti.hears(f"• {SHOWN} (workers' organisation, labour)", "In the mechanism sit")
    await siti.clicks("Add an agency")
    await siti.fills(name=HOSTILE.upper(), kind="ministry", sector="finance", sits="no")
    assert await siti.submits() == {"name": "There is one of this name already."}
    await siti.fills(name="Ministry of Finance")
    assert await siti.submits() is None

    # The two open the same form; the coordinator is slower, and sees what the focal point has kept.
    await dewi.command("mechanism IDN")
    await dewi.clicks("Change the mechanism", channel=NETWORK)
    assert above(dewi) == "Coordination mechanism of *Indonesia*."
    await siti.clicks("Change the mechanism")
    finance = value_of(siti, "lead", "Ministry of Finance")
    await siti.fills(name=HOSTILE, status="operational", legal_basis=f"Law 1\n{HOSTILE}", established_on="2099-01-01")
    assert await siti.submits() == {"established_on": "This day is still to come."}
    await siti.fills(established_on="2017-07-01", lead=finance, sits=[finance])
    assert await siti.submits() is None
    siti.hears(f"*{SHOWN}*: at work, established on", "1 July 2017", "Led by Ministry of Finance", f"Law 1\n{SHOWN}")
    await dewi.fills(name="The Council", status="planned")
    assert (await dewi.act("submits"))["errors"] is None
    assert "Siti Rahmadani changed this on" in above(dewi) and "How far: at work" in above(dewi)
    assert SHOWN in above(dewi) and "Ministry of Finance" in above(dewi)
    assert dewi.modal is not None and "The Council" in str(dewi.modal)
    await dewi.fills(status="established", lead=finance, sits=[finance], established_on="2017-07-01")
    assert await dewi.submits() is None
    dewi.hears("*The Council*: established since", "Led by Ministry of Finance", "by Dewi Lestari")

    rows = await audit_of(everywhere)
    assert [(row.act, row.member_code) for row in rows] == [
        ("agency_added", "IDN"),
        ("agency_added", "IDN"),
        ("edit_mechanism", "IDN"),
        ("edit_mechanism", "IDN"),
    ]
    assert rows[-1].person_id == everywhere.people["dewi"].person_id
    assert rows[-1].detail["changed"]["status"] == {"before": "operational", "after": "established"}
    assert rows[-1].detail["changed"]["name"] == {"before": HOSTILE, "after": "The Council"}
    assert all(row.at.tzinfo for row in rows)

    # Who leads stays; a name changes everywhere.
    await dewi.selects("Ministry of Finance", "keep_agency")
    await dewi.fills(remove=["remove"])
    assert "leads the mechanism" in (await dewi.submits() or {})["remove"]
    await siti.selects("Ministry of Finance", "keep_agency")
    await siti.fills(name="Ministry of Finance and Planning", sector="planning")
    assert await siti.submits() is None
    await dewi.fills(remove=[], name="Treasury")
    assert await dewi.submits() is None
    assert "Siti Rahmadani changed this on" in above(dewi) and "Ministry of Finance and Planning" in above(dewi)
    await dewi.closes()

    await keeps_meetings_and_milestones(siti, dewi)

    async with everywhere.database.reading() as session:
        kept = await queries.mechanism(session, "IDN")
        assert kept is not None and kept.status is MechanismStatus.ESTABLISHED
        assert [each.title for each in await queries.milestones(session, "IDN")] == [HOSTILE]
        agencies = await agency_queries.of_member(session, "IDN")
    assert {(each.kind, each.sector, each.sits) for each in agencies} == {
        (AgencyKind.WORKERS, Sector.LABOUR, False),
        (AgencyKind.MINISTRY, Sector.PLANNING, True),
    }

    # Another country, a partner and a contributor change nothing, whatever they send.
    before = len(await audit_of(everywhere))
    for who in ("linh", "per", "rina"):
        await forging.clicks(everywhere, who, "edit_mechanism:0", "IDN:0:")
        assert everywhere[who].modal is None
        for callback in ("edit_mechanism", "keep_agency", "keep_meeting", "keep_milestone"):
            await forging.submits(everywhere, who, callback, "IDN:0:", name="Mine", title="Mine", held_on="2026-01-01")
            everywhere[who].hears(NOT_YOURS)
    await forging.submits(everywhere, "linh", "keep_agency", f"VNM:{finance}:", name="Mine", remove=["remove"])
    everywhere["linh"].hears("could not find that any more")
    await forging.submits(everywhere, "siti", "edit_mechanism", "IDN:0:x", name="Mine", lead="9999", sits=["9999"])
    assert len(await audit_of(everywhere)) == before
    # The secretariat and everybody of the register read it.
    assert "The Council" in await aisyah.command("mechanism Indonesia")
    assert "The Council" in await everywhere["linh"].command("mechanism idn")
    assert NOT_YOURS in await everywhere["rina"].command("mechanism")
    assert "I know no country called “Atlantis &amp; co”" in await aisyah.command("mechanism Atlantis & co")


async def keeps_meetings_and_milestones(siti: Player, dewi: Player) -> None:
    await siti.clicks("Note a meeting")
    await siti.fills(held_on="2026-11-03", about=HOSTILE)
    assert await siti.submits() == {"held_on": "This day is still to come."}
    await siti.fills(held_on="2026-10-01")
    assert await siti.submits() is None
    siti.hears("Noted: the meeting of Thursday, 1 October 2026.", f"• Thursday, 1 October 2026: {SHOWN}", "1 in 2026")
    await dewi.command("mechanism")
    await dewi.clicks("Note a meeting", channel=NETWORK)
    await dewi.fills(held_on="2026-10-01")
    assert await dewi.submits() == {"held_on": "A meeting of this day is noted already."}
    await dewi.closes()
    await siti.selects(f"2026-10-01 {HOSTILE}", "keep_meeting")
    await siti.fills(remove=["remove"])
    assert await siti.submits() is None
    siti.hears("Noted: the meeting of Thursday, 1 October 2026 was taken out.", "*Meetings:* 0 in 2026")
    await siti.clicks("Add a milestone")
    await siti.fills(title=HOSTILE, due_on="2026-10-15")
    assert await siti.submits() is None
    siti.hears(f"• {SHOWN}: due on Thursday, 15 October 2026, *that day has passed*")
    await dewi.command("mechanism")
    await dewi.selects(HOSTILE, "keep_milestone", NETWORK)
    await siti.selects(HOSTILE, "keep_milestone")
    await siti.fills(reached_on="2026-10-20")
    assert await siti.submits() is None
    siti.hears("is reached. Congratulations.", "reached on Tuesday, 20 October 2026")
    await dewi.fills(remove=["remove"])
    assert await dewi.submits() is None
    assert "Siti Rahmadani changed this" in above(dewi) and "reached on Tuesday, 20 October 2026" in above(dewi)
    await dewi.closes()


async def laid_down(network: Network) -> None:
    """What two countries have noted; Viet Nam in no friendly words."""
    day = date(2024, 5, 6)
    async with network.database.writing() as session:
        led = Agency(member_code="VNM", name=HOSTILE, kind=AgencyKind.MINISTRY, sector=Sector.LABOUR, sits=True)
        session.add(led)
        await session.flush()
        by = {"changed_at": network.clock.now(), "changed_by": None}
        for code, name, lead in (("IDN", "The Council", None), ("VNM", HOSTILE, led.id)):
            status = MechanismStatus.OPERATIONAL
            session.add(
                Mechanism(
                    member_code=code,
                    name=name,
                    status=status,
                    lead_agency_id=lead,
                    legal_basis=HOSTILE,
                    established_on=day,
                    **by,
                )
            )
        session.add(Meeting(member_code="VNM", held_on=date(2026, 3, 1), added_at=network.clock.now()))
        for title, reached in ((HOSTILE, None), ("One register", day)):
            at = network.clock.now()
            session.add(Milestone(member_code="VNM", title=title, due_on=day, reached_on=reached, added_at=at))


MEMBERS = (
    *("Brunei Darussalam", "Cambodia", "Indonesia", "Lao PDR", "Malaysia", "Myanmar", "Philippines", "Singapore"),
    *("Thailand", "Timor-Leste", "Viet Nam"),
)


async def test_all_mechanisms_stand_side_by_side_in_chat_and_in_a_mail(network: Network) -> None:
    per, rina = network["per"], network["rina"]
    await laid_down(network)
    said = await per.command("mechanisms")
    (table,) = [block for shown in per.sees.messages(NETWORK) for block in shown.blocks if block["type"] == "table"]
    cells = [[cell["text"] for cell in row] for row in table["rows"]]
    assert cells[0] == ["Country", "How far", "Since", "Agencies in it", "Met in 2026", "Milestones reached"]
    assert [row[0] for row in cells[1:]] == list(MEMBERS)
    assert cells[3] == ["Indonesia", "at work", "2024", "–", "0", "–"]
    assert cells[11] == ["Viet Nam", "at work", "2024", "1", "1", "1 of 2"]
    assert cells[1][1:] == ["–"] * 5
    assert f"{SHOWN}, led by {SHOWN}" in said and f"Next milestone: {SHOWN} (was due on Monday, 6 May 2024)" in said
    assert "Nothing is noted yet for Brunei Darussalam, Cambodia, Lao PDR" in said and "nobody is ranked" in said
    # Somebody of no country who names none sees all; a contributor sees nothing but their part.
    assert "side by side" in await per.command("mechanism")
    assert NOT_YOURS in await rina.command("mechanisms")
    await forging.clicks(network, "rina", "mail_mechanisms:0", "all")
    rina.hears(NOT_YOURS)

    # Where Slack takes no table, each row is a line that says what each cell is.
    await network.fault("fail", method="response_url", error="invalid_blocks", times=1)
    plain = await per.command("mechanisms")
    row = "• *Viet Nam*: How far: at work; Since: 2024; Agencies in it: 1; Met in 2026: 1; Milestones reached: 1 of 2"
    assert row in plain
    assert plain.index("*Brunei Darussalam*") < plain.index("*Cambodia*") < plain.index("*Viet Nam*")

    await per.clicks("Send it to me by e-mail", channel=NETWORK)
    assert "on its way to you by e-mail" in per.last(NETWORK)
    await per.clicks("Send it to me by e-mail", channel=NETWORK)
    assert "on its way to your mailbox already" in per.last(NETWORK)
    await network.sends()
    (letter,) = per.mails
    assert letter.subject == "Coordination mechanisms side by side"
    page = letter.text("html")
    assert page.count("<tr>") == 12 and [page.index(f">{name}<") for name in MEMBERS] == sorted(
        page.index(f">{name}<") for name in MEMBERS
    )
    assert "<b>b</b>" not in page and "&lt;b&gt;b&lt;/b&gt;" in page
    assert (
        "• Viet Nam: How far: at work; Since: 2024;" in letter.text()
        and "| a & <b>b</b> =1+1 <@U0LINH>" in letter.text()
    )
    # Once it says something else, it is sent again.
    async with network.database.writing() as session:
        (step,) = [each for each in await queries.milestones(session, "VNM") if each.title == HOSTILE]
        step.title = "One law"
    await per.clicks("Send it to me by e-mail", channel=NETWORK)
    await network.sends()
    assert len(per.mails) == 2 and "Next milestone: One law" in per.mails[-1].text()
    async with network.database.writing() as session:
        person = await session.get(Person, network.people["per"].person_id)
        assert person is not None
        person.email = None
    await per.clicks("Send it to me by e-mail", channel=NETWORK)
    assert "I know no e-mail address of yours" in per.last(NETWORK)


async def test_a_person_of_a_body_reads_what_is_published_and_shares_in_its_name(network: Network) -> None:
    aisyah, siti, per = network["aisyah"], network["siti"], network["per"]
    ilo = "International Labour Organization <ILO> & *co*"
    assert "No body is noted yet" in await aisyah.command("bodies")
    await aisyah.clicks("Add a body", channel=NETWORK)
    assert set(await aisyah.submits() or {}) == {"name", "kind", "sector"}
    assert aisyah.modal is not None and "ministry" not in str(aisyah.modal["blocks"])
    await aisyah.fills(name=ilo, kind="international", sector="labour")
    assert await aisyah.submits() is None
    aisyah.hears(
        "was added", "*International organisations*", "• International Labour Organization &lt;ILO&gt; &amp; *co*"
    )
    async with network.database.writing() as session:
        (body,) = await agency_queries.of_no_member(session)
        hub = Agency(name="Hub for registers", kind=AgencyKind.HUB, sector=Sector.STATISTICS)
        session.add(hub)
        await session.flush()
        partner = await session.get(Appointment, network.people["per"].appointment_id)
        assert partner is not None
        partner.agency_id = body.id
        number, second = body.id, hub.id
    listed = await per.command("bodies")
    assert "(labour): Per Larsen" in listed and "• Hub for registers (statistics)" in listed
    assert "Add a body" not in str(per.last_message(NETWORK).blocks)
    for who in ("per", "siti", "dewi"):
        await forging.submits(network, who, "keep_body", f":{number}:", name="Mine", remove=["remove"])
        network[who].hears(NOT_YOURS)
    await aisyah.selects(ilo, "keep_body")
    await aisyah.fills(remove=["remove"])
    assert "somebody stands or stood for it" in (await aisyah.submits() or {})["remove"]
    await aisyah.closes()

    # A country's unpublished words are for nobody outside it.
    await network.opens()
    await siti.clicks("Start")
    await siti.says("progress_made Secret words of Indonesia")
    for text in ("status", "cycle status", "review", "review Indonesia", "remind Indonesia", "digest preview 2026"):
        assert "Secret words" not in await per.command(text)
    await per.opens_home()
    for deed in ("start", "review_answers", "edit", "accept", "submit", "go_to"):
        await forging.clicks(network, "per", f"{deed}:0", "1:1:progress_made:")
    await per.says("Secret?")
    assert "Secret words" not in per.home + "".join(per.messages()) + "".join(per.messages(NETWORK))

    # What the person shares is the body's.
    await per.command("share")
    assert above(per).endswith("comes from Per Larsen (International Labour Organization &lt;ILO&gt; &amp; *co*).")
    await per.fills(kind="good_practice", title="One desk <!here>", text="One desk for all.", theme="coordination")
    assert await per.submits() is None
    await network.sends()
    by = "Shared by Per Larsen (International Labour Organization &lt;ILO&gt; &amp; *co*)"
    aisyah.hears(by, channel=SECRETARIAT)
    await aisyah.clicks("Publish", channel=SECRETARIAT)
    await network.sends()
    siti.hears("One desk &lt;!here&gt;", by, channel=NETWORK)
    async with network.database.reading() as session:
        shared = await experience_queries.shared(session, 1)
    assert shared is not None and (shared.member, shared.body) == (None, ilo)

    # One person of two bodies says for which they speak.
    async with network.database.writing() as session:
        since = date(2026, 1, 1)
        session.add(Appointment(person_id=partner.person_id, role=partner.role, agency_id=second, starts_on=since))
    await per.command("share")
    await per.clicks("Partner, Hub for registers", channel=NETWORK)
    await per.command("share")
    await per.fills(kind="offer", title="Maps", text="Maps of registers.", theme="other")
    assert await per.submits() is None
    await network.sends()
    aisyah.hears("Shared by Per Larsen (Hub for registers)", channel=SECRETARIAT)
