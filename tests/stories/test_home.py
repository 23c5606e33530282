"""App Home: what each role sees there, what its buttons do, and that it follows the deeds of its owner."""

from __future__ import annotations

import asyncio
import re
from datetime import date
from typing import Any

from bot import assessments
from bot.assessments import asking
from db.engine import Session
from db.models import Agency, Appointment, ClearanceStep, Delegation, Mechanism
from db.queries import homes as queries
from db.queries import people as people_queries
from db.vocabulary import AgencyKind, DelegationState, MechanismStatus, Role, Sector
from handlers.home import publish
from tests.stage import SECRETARIAT, Network, Player, buttons
from tests.stories.test_conversation import REQUIRED

WILD = "<!channel> *Dinas* & <@U0SITI>"
WILD_SHOWN = "&lt;!channel&gt; *Dinas* &amp; &lt;@U0SITI&gt;"


def words(player: Player) -> str:
    """All words of a person's Home, block after block."""
    said: list[str] = []
    for block in (player.sees.home or {})["blocks"]:
        said += [block["text"]["text"]] if "text" in block else []
        said += [element["text"] for element in block.get("elements", []) if block["type"] == "context"]
    return "\n".join(said)


# What a country sets for itself.
SETS = ["Floors and ceilings", "Our own questions"]


def offered(player: Player) -> list[str]:
    """What stands on the buttons of a person's Home."""
    return list(buttons((player.sees.home or {})["blocks"]))


async def looks(player: Player, *parts: str) -> str:
    """A person opens their Home and reads all of this; gives its words."""
    await player.opens_home()
    return reads(player, *parts)


def reads(player: Player, *parts: str) -> str:
    """The same without opening it again."""
    found = words(player)
    for part in parts:
        assert part in found, f"{player.name} does not see “{part}” in:\n{found}"
    return found


async def the_register(network: Network, session: Session) -> None:
    """Indonesia has a mechanism, an agency with a wild name, and wants its yes."""
    agency = Agency(member_code="IDN", name=WILD, kind=AgencyKind.MINISTRY, sector=Sector.HEALTH, sits=True)
    session.add(agency)
    await session.flush()
    session.add(
        Mechanism(
            member_code="IDN",
            name="National <board>",
            status=MechanismStatus.OPERATIONAL,
            lead_agency_id=agency.id,
            changed_at=network.clock.now(),
        )
    )
    rina = await session.get(Appointment, network.people["rina"].appointment_id)
    member = await people_queries.member(session, "IDN")
    assert rina is not None and member is not None
    rina.agency_id, member.clearance_wanted = agency.id, True


async def hand_out(network: Network, section: str, due: date, note: str | None = None) -> None:
    """Siti has handed a section to Rina."""
    async with network.database.writing() as session:
        (row,) = await queries.running(session, "IDN")
        values: dict[str, Any] = {"state": DelegationState.OPEN, "given_at": network.clock.now(), "note": note}
        session.add(
            Delegation(
                assessment_id=row.talk.assessment.id,
                section=section,
                person_id=network.people["rina"].person_id,
                due_on=due,
                given_by=network.people["siti"].person_id,
                **values,
            )
        )


async def test_from_the_start_to_the_national_yes_every_home_of_a_country(everywhere: Network) -> None:
    network = everywhere
    siti, rina, dewi, aisyah = (network[short] for short in ("siti", "rina", "dewi", "aisyah"))
    async with network.database.writing() as session:
        await the_register(network, session)
    await looks(siti, "No cycle asks anything of Indonesia now", "No date lies ahead.", "My profile", "Jakarta time")
    assert offered(siti) == ["Progress", "Get a file", *SETS, "Profile and leave"]
    await network.opens()

    # My assessment, and the way into it.
    await looks(
        siti,
        "*Full assessment 2026* of Indonesia: not started",
        "*Due:* Tuesday, 15 December 2026, 17:00 (Jakarta time)",
    )
    await siti.clicks_home("Start")
    siti.hears("A Coordination")
    reads(siti, "of Indonesia: in progress, 0 of 33 answered", "Tuesday, 29 December 2026, 17:00")
    assert offered(siti)[:2] == ["Go on", "See my answers"]
    await siti.says("uhc_service_coverage 68 2021 WHO")
    await siti.clicks_home("See my answers")
    siti.hears("68 (2021, WHO)")
    reads(siti, "1 of 33 answered")

    # My contributors, my dates; and the contributor's own part.
    await looks(rina, "Nothing of Indonesia is in your hands now.")
    await hand_out(network, "B", date(2026, 12, 1), note="<!here> *please* & thanks")
    await looks(siti, "*B · Health*: Rina Kusuma (" + WILD_SHOWN + "), 1 of 2 answered", "until Tuesday, 1 December")
    reads(siti, "Tuesday, 1 December 2026: Rina Kusuma owes B · Health")
    ways = ["Go on", "See my answers", "Who has what", "Ask a colleague", "Progress", "Get a file", *SETS]
    ways.append("Profile and leave")
    assert offered(siti) == ways
    seen = await looks(
        rina, "*B · Health* · Indonesia, Full assessment 2026", "1 of 2 answered. Due: Tuesday, 1 December"
    )
    assert "&gt; &lt;!here&gt;" not in seen and "> &lt;!here&gt; *please* &amp; thanks" in seen
    assert "operational" not in seen and "33" not in seen, "a contributor sees nothing else of the country"
    assert offered(rina) == ["Answer now", "Profile and leave"]
    await network.passes(days=30)
    await looks(siti, "*was due on* Tuesday, 1 December 2026")
    await looks(rina, "It was due on Tuesday, 1 December 2026; answers are taken until")

    # My country's picture.
    seen = await looks(dewi, "Nothing waits for your yes.", "*Focal point:* Siti Rahmadani, since Thursday, 1 January")
    assert "*Full assessment 2026:* in progress since Monday, 2 November 2026, 1 of 33 answered; due Tuesday" in seen
    assert "at work, National &lt;board&gt;, led by " + WILD_SHOWN in seen and "*Alternate:* Budi Hartono" in seen

    # The national yes: Siti's Home follows what she does, and Dewi's what she does.
    await siti.says(REQUIRED)
    await siti.says("submit")
    await siti.clicks("Submit")
    await siti.clicks("Submit without them")
    reads(
        siti,
        "waits for its national clearance",
        "Siti Rahmadani handed it in. It has waited for the yes of Dewi Lestari since",
    )
    await looks(
        aisyah, "waits for its national clearance since", "asked: Dewi Lestari", "Nothing waits for your review."
    )
    ways = ["Record a signed letter", "Withdraw", "Who has what", "Progress", "Get a file", *SETS, "Profile and leave"]
    assert offered(siti) == ways, "nothing can be answered, and nothing handed out"
    await looks(rina, "Nothing of Indonesia is in your hands now.")
    await looks(dewi, "Waits for you", "Siti Rahmadani has asked for your yes since Wednesday, 2 December 2026")
    reads(dewi, "9 of 33 questions are answered.", "asked for the yes: Dewi Lestari")
    await dewi.clicks_home("See the answers")
    dewi.hears("45.1 % (2023, SUSENAS)")
    await dewi.clicks("Clear it")
    seen = reads(dewi, "Nothing waits for your yes.", "*Full assessment 2026:* with the secretariat since Wednesday")
    await looks(
        aisyah, "*Waits for your review:*", "• Indonesia, Full assessment 2026, since Wednesday, 2 December 2026"
    )
    await looks(siti, "with the secretariat since Wednesday, 2 December 2026", "The review has not begun.")
    await aisyah.clicks("Accept", channel=SECRETARIAT)
    await looks(
        siti,
        "of Indonesia: accepted on Wednesday, 2 December 2026",
        "Nothing waits for you here.",
        "No date lies ahead.",
    )
    await looks(dewi, "*Accepted last:* Full assessment 2026, on Wednesday, 2 December 2026")


async def test_the_secretariat_sees_every_country_within_slacks_limits(network: Network) -> None:
    aisyah, siti, maria = network["aisyah"], network["siti"], network["maria"]
    await network.opens()
    await network.opens("2026-Q4", "update", due="2027-01-10")
    async with network.database.writing() as session:
        await the_register(network, session)
        person = await people_queries.person(session, network.people["maria"].person_id)
        role = await session.get(Appointment, network.people["maria"].appointment_id)
        assert person is not None and role is not None
        person.email_refused_at, role.ends_on = network.clock.now(), date(2026, 12, 20)
    await siti.clicks("Start")
    seen = await looks(
        aisyah, "Nothing waits for your review.", "• Nobody is appointed focal point: Brunei Darussalam, Cambodia"
    )
    assert f"• Philippines: the role of {maria.name} ends on Sunday, 20 December 2026, and nobody follows" in seen
    assert f"• Philippines: mail to {maria.name} came back on Monday, 2 November 2026" in seen
    countries = re.findall(r"(?m)^\*([^*:]+)\*$", seen.split("Every country")[1])
    assert len(countries) == 11 and countries == sorted(countries), "alphabetical, and nobody is left out"
    indonesia = seen.split("*Indonesia*")[1].split("*Lao PDR*")[0]
    assert "Focal point: Siti Rahmadani, since Thursday, 1 January 2015" in indonesia
    assert "Mechanism: at work" in indonesia
    assert (
        "in progress since Monday, 2 November 2026, 0 of" in indonesia and "waits for Siti Rahmadani; due" in indonesia
    )
    assert indonesia.count("Full assessment 2026:") == 1 and indonesia.count("Short update 2026-Q4:") == 1
    assert "Focal point: *nobody*" in seen.split("*Thailand*")[1]
    assert len((aisyah.sees.home or {})["blocks"]) <= 30
    await aisyah.act("selects", action_id="focal_appoint:0", value="THA", where="home")
    assert aisyah.modal is not None and "Thailand" in str(aisyah.modal)


async def test_partners_strangers_and_people_with_two_roles(network: Network) -> None:
    per, budi, aisyah = network["per"], network["budi"], network["aisyah"]
    kim = network.newcomer("U0KIM", "Kim Nobody")
    await network.opens()
    await looks(kim, "I am the bot of the", "I do not know you yet", "aisyah@example.org")
    await looks(per, "No digest has gone out yet.", "Nobody has shared an experience yet.", "My profile")
    await per.clicks_home("Share an experience")
    assert "the network reads that it comes from Per Larsen" in str(per.modal)
    await per.fills(kind="training", title=WILD, text="Two days, free.", theme="coordination")
    assert await per.submits() is None
    await aisyah.clicks("Publish", channel=SECRETARIAT)
    await looks(per, f"• Monday, 2 November 2026, Training: *{WILD_SHOWN}*")

    async with network.database.writing() as session:
        session.add(
            Appointment(
                person_id=network.people["budi"].person_id,
                role=Role.COORDINATOR,
                member_code="IDN",
                starts_on=date(2020, 1, 1),
            )
        )
    await looks(
        budi,
        "Alternate Indonesia",
        "Coordinator Indonesia",
        "*Full assessment 2026* of Indonesia: not started",
        "Nothing waits for your",
    )
    assert offered(budi) == ["Alternate Indonesia", "Coordinator Indonesia"], "none is chosen: only that can be clicked"
    await budi.clicks_home("Alternate Indonesia")
    reads(budi, "This is the role in which you write and click now.", "You are in another role now")
    assert {"Start", "Profile and leave", "Coordinator Indonesia"} <= set(offered(budi))
    await budi.clicks_home("Coordinator Indonesia")
    assert budi.home.index("Coordinator Indonesia") < budi.home.index("Alternate Indonesia"), "the one worn comes first"
    await budi.clicks_home("Alternate Indonesia")
    await budi.clicks_home("Start")
    budi.hears("A Coordination")
    rina = network["rina"]
    async with network.database.writing() as session:
        person = network.people["rina"].person_id
        more = Appointment(person_id=person, role=Role.CONTRIBUTOR, member_code="IDN", starts_on=date(2020, 1, 1))
        session.add(more)
    assert (await looks(rina, "Nothing of Indonesia is in your hands now.")).count("In my hands") == 1
    reads(budi, "of Indonesia: in progress")


async def test_what_goes_wrong_costs_no_deed_and_the_later_home_stands(network: Network) -> None:
    siti = network["siti"]
    await network.opens()
    await looks(siti, "not started")
    await network.fault("fail", method="views.publish", error="internal_error", times=1)
    await siti.clicks("Start")
    siti.hears("A Coordination")
    reads(siti, "not started")
    await siti.says("uhc_service_coverage 68 2021 WHO")
    reads(siti, "1 of 33 answered")

    desk = network.app.desk
    await network.fault("slow", method="views.publish", seconds=0.3)
    first = asyncio.create_task(publish(desk, siti.slack_id))
    await asyncio.sleep(0.05)
    async with network.database.writing() as session:
        member = await people_queries.member(session, "IDN")
        assert member is not None
        member.name = "Indonesia anew"
    await asyncio.gather(first, publish(desk, siti.slack_id))
    await network.fault("clear")
    await network.look()
    reads(siti, "of Indonesia anew: in progress, 1 of 33")


async def test_whoever_answers_and_must_clear_finds_it_in_their_own_home(network: Network) -> None:
    linh = network["linh"]
    await network.opens()
    by, now = network.people.speaker("linh"), network.clock.now()
    async with network.database.writing() as session:
        member = await people_queries.member(session, "VNM")
        assert member is not None
        member.clearance_wanted = member.author_may_clear = True
        session.add(ClearanceStep(member_code="VNM", place=1, role=Role.FOCAL_POINT))
        (row,) = await queries.running(session, "VNM")
        await assessments.begin(session, by, row.talk, now)
        assert await asking.ask(session, by, row.talk, now)
    await looks(linh, "It has waited for your own yes since Monday, 2 November 2026.")
    await linh.clicks_home("See the answers")
    await linh.clicks("Clear it")
    reads(linh, "of Viet Nam: with the secretariat since Monday, 2 November 2026")
