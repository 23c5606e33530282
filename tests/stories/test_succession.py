"""A role passes from one person to another: appointed, handed over in the middle of a cycle, ended, undone."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from db.queries import appointments as queries
from db.vocabulary import Role
from tests.stage import NETWORK, SECRETARIAT, Network, Player, buttons
from tests.stories import forging
from tests.stories.test_conversation import answers_of

WILD = "<!channel> & *No. 12* <https://evil.example.org|x>"


def words_of(player: Player) -> str:
    """All that stands in the open modal."""
    assert player.modal is not None
    return json.dumps(player.modal["blocks"], ensure_ascii=False)


def offered(player: Player) -> list[tuple[str, str]]:
    """The options of the first select in the open modal: what they say, and their value."""
    assert player.modal is not None
    element = next(block["element"] for block in player.modal["blocks"] if "options" in block.get("element", {}))
    return [(option["text"]["text"], option["value"]) for option in element["options"]]


async def focal_points(network: Network, member: str = "IDN") -> list[tuple[str, date, date | None]]:
    async with network.database.reading() as session:
        rows = await queries.of_member(session, member, [Role.FOCAL_POINT])
    return [(row.name, row.starts_on, row.ends_on) for row in rows]


async def hands_over(network: Network, **given: str) -> None:
    """Aisyah hands the role of Indonesia's focal point to somebody, and confirms."""
    aisyah = network["aisyah"]
    await aisyah.command("focal handover Indonesia")
    await aisyah.fills(**given)
    assert await aisyah.submits() is None
    assert "Nothing is done yet" in words_of(aisyah)
    assert await aisyah.submits() is None
    assert aisyah.modal is None


async def test_a_handover_in_the_middle_of_a_question(everywhere: Network) -> None:
    network = everywhere
    aisyah, siti = network["aisyah"], network["siti"]
    nur = network.newcomer("U0NUR", "Nur Aini", "Asia/Jakarta")
    rina = network["rina"]
    await network.opens()
    await siti.clicks("Start")
    await siti.says("edit uhc_service_coverage")
    await siti.clicks("Ask a colleague")
    await siti.fills(part="B:", who=str(network.people["rina"].person_id), due="2026-12-04")
    assert await siti.submits() is None
    await siti.says("edit poverty_national_line")
    question = siti.last_message()
    await siti.clicks("Ask a colleague")
    assert siti.modal is not None
    await siti.says("9.36")
    siti.hears("Which year")
    await siti.opens_home()
    await nur.says("hello")
    nur.hears("I do not know you yet")

    await aisyah.command("focal handover Indonesia")
    await aisyah.fills(person="U0NUR", reference=WILD, mandate="director")
    assert await aisyah.submits() is None
    shown = words_of(aisyah)
    assert "Nur Aini* becomes *focal point of Indonesia" in shown and "Siti Rahmadani hands over at once" in shown
    assert "&lt;!channel&gt;" in shown and "<!channel>" not in shown
    assert (await focal_points(network))[0][2] is None, "a preview changes nothing"
    assert await aisyah.submits() is None
    aisyah.hears("Nur Aini is focal point of Indonesia from now on", "Siti Rahmadani is thanked")

    nur.hears("You take over from Siti Rahmadani", "in progress, 0 of 33 answered", "Due Tuesday, 15 December 2026")
    nur.hears("Rina Kusuma was asked for “B · Health” until Friday, 4 December 2026")
    nur.hears("The open question: Poverty at the national line; a part of the answer is given already", "Budi Hartono")
    siti.hears("Thank you, Siti Rahmadani", "Nur Aini goes on", "under your name")
    assert "Your role here (Focal point Indonesia) ended" in siti.home, "her Home is a stranger's at once"

    await siti.says("2024 SUSENAS")
    siti.hears("Your role here (Focal point Indonesia) ended")
    await siti.clicks("Skip", message=question)
    siti.hears("Your role here (Focal point Indonesia) ended")
    await siti.fills(part="F:", who=str(network.people["rina"].person_id), due="2026-12-04")
    await siti.submits()
    siti.hears("Your role here (Focal point Indonesia) ended")
    assert "ended" in await siti.command("status") and "ended" in await siti.command("focal history Indonesia")
    assert await answers_of(network, "IDN") == {}

    await nur.clicks("Go to Full assessment 2026")
    nur.hears("9.36")
    await nur.says("2024 SUSENAS")
    answer = (await answers_of(network, "IDN"))["poverty_national_line"]
    assert (str(answer.number), answer.year, answer.source) == ("9.36", 2024, "SUSENAS")
    # What was handed to a contributor comes back to whoever has the role now.
    await rina.clicks("Answer now")
    await rina.says("68 2021 WHO")
    await rina.says("80 2023 BPJS")
    before = len(siti.messages())
    await rina.clicks("Hand over")
    assert any("Rina Kusuma" in said and "Health" in said for said in nur.messages()[-2:])
    assert len(siti.messages()) == before
    assert await focal_points(network) == [
        ("Siti Rahmadani", date(2015, 1, 1), date(2026, 11, 1)),
        ("Nur Aini", date(2026, 11, 2), None),
    ]
    history = await aisyah.command("focal history indonesia")
    assert "Nur Aini, focal point: since Monday, 2 November 2026" in history and "nur@example.org" in history
    assert "Siti Rahmadani, focal point: Thursday, 1 January 2015 to Sunday, 1 November 2026" in history
    assert "nur@example.org" not in await network["linh"].command("focal history Indonesia")


async def test_a_planned_handover_can_be_undone_and_is_carried_out_after_an_outage(network: Network) -> None:
    aisyah, siti, budi = network["aisyah"], network["siti"], network["budi"]
    await network.opens()
    await siti.clicks("Start")
    await hands_over(network, person="U0BUDI", starts="2026-11-17")
    aisyah.hears("Budi Hartono becomes focal point of Indonesia on Tuesday, 17 November 2026", "You can undo it")
    undo = aisyah.last_message()
    value = buttons(undo.blocks)["Undo"]["value"]
    assert "the role until then" in aisyah.last()
    await siti.says("operational")
    siti.hears("How many times")
    await aisyah.clicks("Undo", message=undo)
    assert "Siti Rahmadani stays focal point until further notice" in aisyah.last_message().words
    assert "Budi Hartono stays alternate until further notice" in aisyah.last_message().words
    await forging.clicks(network, "aisyah", "undo_role:0", value)
    assert "was undone before" in aisyah.last()
    assert await focal_points(network) == [("Siti Rahmadani", date(2015, 1, 1), None)]

    nur = network.newcomer("U0NUR", "Nur Aini")
    await hands_over(network, person="U0NUR", starts="2026-11-17")
    await aisyah.clicks("Undo")

    # To end what has not begun is to undo it: nobody is left without the role.
    await hands_over(network, person="U0BUDI", starts="2026-11-17")
    await aisyah.command("focal end Indonesia")
    await aisyah.fills(who=dict(offered(aisyah))["Budi Hartono, Focal point Indonesia"])
    assert await aisyah.submits() is None
    assert "Budi Hartono* does not become focal point of Indonesia on Tuesday, 17 November" in words_of(aisyah)
    assert await aisyah.submits() is None
    aisyah.hears("Siti Rahmadani stays focal point until further notice", "Budi Hartono stays alternate")
    assert await focal_points(network) == [("Siti Rahmadani", date(2015, 1, 1), None)]

    await hands_over(network, person="U0BUDI", starts="2026-11-17", ends="2026-12-10")
    await siti.opens_home()
    assert "ended" not in siti.home
    # The bot stands still over that day, and the tick runs twice.
    before = len(budi.messages()), len(siti.messages())
    await network.at(datetime(2026, 11, 19, 3, 0, tzinfo=UTC))
    await network.at(datetime(2026, 11, 19, 3, 1, tzinfo=UTC))
    briefings = [said for said in budi.messages()[before[0] :] if "You take over from Siti" in said]
    assert len(briefings) == 1 and "until the end of Thursday, 10 December 2026" in briefings[0]
    assert len([said for said in siti.messages()[before[1] :] if "Thank you, Siti" in said]) == 1
    assert "Your role here (Focal point Indonesia) ended" in siti.home
    assert "As planned, since Tuesday, 17 November 2026" in "".join(aisyah.messages(SECRETARIAT))
    assert "Budi Hartono (Focal point Indonesia): until Thursday, 10 December" in "".join(aisyah.messages(SECRETARIAT))
    await forging.clicks(network, "aisyah", "undo_role:0", value)
    assert "was undone before" in aisyah.last()
    await aisyah.clicks("Undo", message=[m for m in aisyah.sees.messages() if "You can undo it" in m.words][-1])
    assert "it has begun, so it cannot be undone" in aisyah.last()
    await siti.says("4 2024 ministry records")
    siti.hears("ended on Monday, 16 November 2026")
    await nur.says("hello")
    nur.hears("I do not know you yet")
    # The alternate's hat is not asked about: the new role is worn.
    await budi.says("status")
    budi.hears("Full assessment 2026")
    # And by itself the role ends on its day; nobody follows.
    await network.at(datetime(2026, 12, 11, 3, 0, tzinfo=UTC))
    assert "Thank you, Budi Hartono" in budi.last()
    assert "until the end of Thursday, 10 December 2026, and nobody follows" in "".join(aisyah.messages(SECRETARIAT))


async def test_a_contributor_who_left_is_ended_by_the_focal_point_or_by_the_secretariat(everywhere: Network) -> None:
    network = everywhere
    aisyah, siti, rina, linh = (network[who] for who in ("aisyah", "siti", "rina", "linh"))
    row = network.people["rina"].appointment_id
    await network.opens()
    await siti.clicks("Start")
    await siti.says("edit uhc_service_coverage")
    await siti.clicks("Ask a colleague")
    await siti.fills(part="B:", who=str(network.people["rina"].person_id), due="2026-12-04")
    assert await siti.submits() is None
    await rina.opens_home()
    assert "B · Health" in rina.home

    # Nobody else of the country, of another one, and not by the id of another role.
    await forging.clicks(network, "linh", "end_contributor:0", str(row), select=True)
    linh.hears("Your role does not include this")
    await forging.clicks(network, "rina", "end_contributor:0", str(row), select=True)
    rina.hears("Your role does not include this")
    for wrong in (str(network.people["budi"].appointment_id), "0", "x"):
        await forging.clicks(network, "siti", "end_contributor:0", wrong, select=True)
    order = {"what": "end", "member": "IDN", "appointment_id": network.people["siti"].appointment_id}
    await forging.submits(network, "siti", "carry_out", json.dumps(order))
    siti.hears("Your role does not include this")
    assert siti.modal is None and linh.modal is None and rina.modal is None

    # The secretariat may too, and is not told which part of the answers it is.
    await aisyah.command("focal end Indonesia")
    await aisyah.fills(who=str(row), ends="2026-12-10")
    assert await aisyah.submits() is None
    shown = words_of(aisyah)
    assert "1 part of the answers is still with Rina Kusuma" in shown and "Health" not in shown
    assert await aisyah.submits() is None
    aisyah.hears("Rina Kusuma, contributor of Indonesia, has this role until the end of Thursday, 10 December 2026")
    await aisyah.clicks("Undo")

    heard = len(rina.messages())
    await siti.command("contributors")
    await siti.selects("Rina Kusuma", "end_contributor", channel=NETWORK)
    shown = words_of(siti)
    assert "contributor of Indonesia: the role ends at once" in shown
    assert "*B · Health* (Full assessment 2026), until Friday, 4 December 2026" in shown
    assert "Nothing is done yet" in shown and "B · Health" in rina.home
    assert await siti.submits() is None
    siti.hears("Rina Kusuma can neither see nor change anything", "B · Health", "Please take back what is still out")
    assert "Your role here (Contributor Indonesia) ended" in rina.home and len(rina.messages()) == heard
    await rina.says("68 2021 WHO")
    rina.hears("Your role here (Contributor Indonesia) ended")
    assert await answers_of(network, "IDN") == {}
    await siti.clicks("Who has what")
    await siti.clicks("Take back: B · Health")
    siti.hears("*B · Health* is yours again")
    await forging.clicks(network, "siti", "end_contributor:0", str(row), select=True)
    siti.hears("Rina Kusuma", "ended")


async def test_a_form_is_acknowledged_in_time_while_slack_is_slow(network: Network) -> None:
    aisyah = network["aisyah"]
    network.newcomer("U0NUR", "Nur Aini")
    await aisyah.command("focal handover Indonesia")
    await aisyah.fills(person="U0NUR")
    await network.fault("slow", method="users.info", seconds=600)
    submitted = await aisyah.act("submits", wait=False)
    assert "Slack does not answer now" in submitted["errors"]["person"]
    await network.fault("clear", name="slow")
    await network.settled()
    assert await aisyah.submits() is None
    assert "Nur Aini* becomes *focal point of Indonesia" in words_of(aisyah)


async def test_what_does_not_fit_is_refused_with_its_dates(network: Network) -> None:
    aisyah, siti = network["aisyah"], network["siti"]
    assert "Please name a country" in await aisyah.command("focal appoint")
    assert "I know no country called “Atlantis”" in await aisyah.command("focal appoint Atlantis")
    assert "has no focal point now" in await aisyah.command("focal handover Thailand")
    assert "nothing to end" in await aisyah.command("focal end Thailand")
    await aisyah.command("focal appoint Indonesia")
    wrong = await aisyah.submits()
    assert wrong is not None and "choose somebody" in wrong["person"]
    await aisyah.fills(email="nobody@example.org", role="focal_point", ends="2026-10-01")
    assert set(await aisyah.submits() or {}) == {"ends"}
    await aisyah.fills(ends=None)
    assert set(await aisyah.submits() or {}) == {"name"}
    await aisyah.fills(name=WILD)
    assert await aisyah.submits() is None
    shown = words_of(aisyah)
    assert "Siti Rahmadani has this role from Thursday, 1 January 2015 until further notice" in shown
    await aisyah.fills(role="alternate", person="U0SITI")
    assert await aisyah.submits() is None
    assert "Siti Rahmadani is in the register already" in words_of(aisyah)
    assert "the address siti@example.org, and not nobody@example.org" in words_of(aisyah)
    await aisyah.closes()
    await aisyah.closes()

    await aisyah.command("focal end Indonesia")
    siti_row = str(network.people["siti"].appointment_id)
    await aisyah.fills(who=siti_row, ends="2026-12-10")
    assert await aisyah.submits() is None
    assert "ends with Thursday, 10 December 2026" in words_of(aisyah) and "I ask Budi Hartono" in words_of(aisyah)
    await network.fault("duplicate_next", times=1)
    before = len(aisyah.messages())
    await aisyah.submits()
    aisyah.hears("until the end of Thursday, 10 December 2026", "undo")
    assert len(aisyah.messages()) == before + 1, "the same press twice is one deed and one answer"
    await aisyah.command("focal handover Indonesia")
    await aisyah.fills(person="U0PER", starts="2026-12-13")
    assert await aisyah.submits() is None
    assert "until Thursday, 10 December 2026, and the next one would begin on Sunday, 13 December" in words_of(aisyah)
    assert "Please let it begin on Friday, 11 December 2026" in words_of(aisyah)
    await aisyah.fills(starts="2026-11-01")
    assert await aisyah.submits() is None
    assert "Sunday, 1 November 2026 is past" in words_of(aisyah)
    await aisyah.closes()

    # What was typed for somebody known, and is not taken over, is said; and each move has words of its own.
    ended = [message for message in aisyah.sees.messages() if "until the end of" in message.words][-1]
    await aisyah.command("focal appoint Indonesia")
    await aisyah.fills(role="focal_point", person="U0PER", name=WILD, email="other@example.org", starts="2026-12-11")
    assert await aisyah.submits() is None
    shown = words_of(aisyah)
    assert "the name Per Larsen, and not “&lt;!channel&gt; &amp; " in shown and "and not other@example.org" in shown
    assert await aisyah.submits() is None
    await aisyah.command("focal end Indonesia")
    await aisyah.fills(who=siti_row, ends="2026-12-05")
    assert await aisyah.submits() is None
    shown = words_of(aisyah)
    assert "the role of Siti Rahmadani would end with Saturday, 5 December 2026, and Per Larsen begins" in shown
    assert "Please let the role of Siti Rahmadani end with Thursday, 10 December 2026" in shown
    await aisyah.fills(ends="2026-12-20")
    assert await aisyah.submits() is None
    shown = words_of(aisyah)
    assert "The role of Siti Rahmadani would last until Sunday, 20 December 2026, and Per Larsen has it" in shown
    assert "end with Thursday, 10 December 2026" in shown
    await aisyah.closes()
    await aisyah.clicks("Undo", message=ended)
    assert "With this undone, Siti Rahmadani would have the role until further notice, and Per Larsen" in aisyah.last()
    await aisyah.command("focal end Indonesia")
    await aisyah.fills(who=dict(offered(aisyah))["Per Larsen, Focal point Indonesia"])
    assert await aisyah.submits() is None and await aisyah.submits() is None
    await aisyah.clicks("Undo", message=ended)
    stays = "stays focal point of Indonesia until further notice"
    assert any(stays in message.words for message in aisyah.sees.messages())

    # Whoever is not of the secretariat gets nowhere, also with payloads that no button ever sent.
    for text in ("focal appoint Indonesia", "focal handover Indonesia", "focal end Indonesia", "register"):
        assert "Your role does not include this" in await siti.command(text)
    order = json.dumps({"what": "end", "member": "IDN", "appointment_id": network.people["siti"].appointment_id})
    await forging.submits(network, "linh", "carry_out", order)
    network["linh"].hears("Your role does not include this")
    for private in (order[:-5], "{}", '{"what": "end", "member": "LAO", "appointment_id": 1}', "[]"):
        await forging.submits(network, "aisyah", "carry_out", private)
        aisyah.hears("could not find that")
    # Slack is asked about nobody for somebody who may appoint nobody.
    asked = [call for call in await network.control.calls() if call.method == "users.info"]
    await forging.submits(
        network, "linh", "focal_appoint", "IDN", person="U0BUDI", role="alternate", starts="2026-11-03"
    )
    assert [call for call in await network.control.calls() if call.method == "users.info"] == asked
    network["linh"].hears("Your role does not include this")
    await forging.clicks(network, "linh", "focal_end:0", "IDN")
    await forging.clicks(network, "linh", "undo_role:0", siti_row)
    assert network["linh"].modal is None
    assert await focal_points(network) == [("Siti Rahmadani", date(2015, 1, 1), None)]
