"""Agencies and coordination mechanisms: kept by their own country, read by all, side by side in chat and by mail."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from db.models import Agency, Appointment
from db.queries import agencies as agency_queries
from db.queries import audit as audit_queries
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
    dewi.hears("*The Council*: established, established on", "Led by Ministry of Finance", "by Dewi Lestari")

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
