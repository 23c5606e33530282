"""Floors and ceilings: proposed by the focal point, cleared by the coordinator, frozen when a cycle opens."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select, update

from bot import links
from db.models import Appointment, Floor, OwnIndicator
from db.queries import audit as audit_queries
from db.vocabulary import FloorState, Role, Via
from tests.browsing import PUBLIC_ADDRESS, Browser, link_in
from tests.stage import NETWORK, SECRETARIAT, Network, Player, buttons
from tests.stories import forging
from tests.stories.test_clearance import mails_only
from tests.stories.test_conversation import REQUIRED, assessment_of

HOSTILE = "<!channel> Law & *40* =1+1"


async def sets(player: Player, title: str, **fields: Any) -> dict[str, str] | None:
    """Somebody sets a floor in the form that the menu of `/spnet floors` opens."""
    await player.command("floors")
    await player.selects(title, "set_floor", channel=NETWORK)
    await player.fills(**fields)
    return await player.submits()


async def floors(network: Network) -> list[Floor]:
    """Every row that was ever written, the oldest first."""
    async with network.database.reading() as session:
        return list(await session.scalars(select(Floor).order_by(Floor.id)))


PENSION, POVERTY, POOR = (
    "Older persons receiving a pension",
    "Poverty at the national line",
    "Poor and vulnerable people covered",
)


async def test_set_cleared_and_frozen(reachable: Network) -> None:
    network = reachable
    siti = network["siti"]
    dewi = await mails_only(network, "dewi")
    assert "has set no floor yet" in await siti.command("floors")
    wanted = {"floor": "40", "ceiling": "60 %", "target_year": "2030", "source": HOSTILE}
    assert await sets(siti, PENSION, **wanted, valid_from="2026-01-01") is None
    siti.hears("Noted, and not in force yet", "Today: nothing is set", "floor *40 %*, ceiling *60 %* by 2030")
    assert "<!channel>" not in str(siti.last_message().blocks)
    assert await sets(siti, POVERTY, floor="៩,៥", source="Medium-term plan", valid_from="2026-01-01") is None
    siti.hears("floor *9.5 %*", "2 floors are collected so far")
    assert await sets(siti, "Gini index", floor="38", source="Medium-term plan", valid_from="2026-01-01") is None
    await siti.clicks("Ask for the yes")
    siti.hears("Dewi Lestari is asked", "3 floors of Indonesia wait")
    assert len(dewi.mails) == 1, "one mail for all of them"
    assert dewi.mails[0].subject == "Indonesia: 3 floors wait for your yes"
    await siti.clicks("Ask for the yes")
    siti.hears("The yes is asked for already: 3 floors of Indonesia wait", "Nothing new is collected")

    async with Browser(network) as browser:
        page = link_in(dewi.mails[0], "floors")
        assert "Older persons receiving a pension" in await browser.visits(page)
        assert "<!channel> Law" in browser.text and "<!channel>" not in browser.source
        first, second, third = (row.id for row in await floors(network))
        choice = {f"decision_{first}": "yes", f"decision_{second}": "yes", f"decision_{third}": "no"}
        assert "Please write the reason of each no" in await browser.presses("Record what I chose", **choice)
        assert {row.state for row in await floors(network)} == {FloorState.PROPOSED}
        said = await browser.presses("Record what I chose", **choice, **{f"why_{third}": "Not in the plan & <b>"})
        assert "Recorded. Thank you, Dewi Lestari." in said
        assert "nothing waits for your yes" in await browser.visits(page)
    states = [row.state for row in await floors(network)]
    assert states == [FloorState.CLEARED, FloorState.CLEARED, FloorState.REFUSED]
    siti.hears("Dewi Lestari has decided", "Not in the plan", "on a page")
    assert "your decision about its floors" in dewi.mails[-1].subject
    card = await siti.command("floors")
    assert "*Older persons receiving a pension:* floor *40 %*, ceiling *60 %* by 2030" in card
    assert "Gini index" in card.split("Nothing is set for:")[1]

    await network.opens()
    assessment = (await assessment_of(network, "IDN")).assessment
    assert set(assessment.floors) == {"pension_covered", "poverty_national_line"}
    await siti.clicks("Start")
    await siti.says("edit pension_covered")
    siti.hears("your floor *40 %*, your ceiling *60 %* by 2030")
    # What is changed in the middle of a cycle does not touch it.
    wanted = {"floor": "45", "ceiling": "60", "target_year": "2030", "source": "Law 5/2026"}
    assert await sets(siti, PENSION, **wanted, valid_from="2026-01-01") == {
        "valid_from": "The one before counts from that day on, or from a later one. What counted before is never "
        "changed: please choose a later day."
    }
    await siti.fills(valid_from="2026-11-02")
    assert await siti.submits() is None
    siti.hears("Today: floor *40 %*", "Proposed: floor *45 %*")
    await siti.clicks("Ask for the yes")
    async with Browser(network) as browser:
        await browser.visits(link_in(dewi.mails[-1], "floors"))
        assert "Today: floor 40 % , ceiling 60 % by 2030" in browser.text
        await browser.presses("Say yes")
    assert "*Older persons receiving a pension:* floor *45 %*" in await siti.command("floors")
    await siti.says("edit pension_covered")
    siti.hears("your floor *40 %*, your ceiling *60 %* by 2030")
    assert (await assessment_of(network, "IDN")).assessment.floors == assessment.floors
    # Whoever clears the answers, and whoever reviews them, sees the frozen ones beside them.
    aisyah = network["aisyah"]
    await aisyah.command("clearance set Indonesia")
    await aisyah.fills(wanted="yes", reference="B-1/2026")
    assert await aisyah.submits() is None
    await siti.says(f"{REQUIRED}\npension_covered 41 2025 SUSENAS")
    await siti.says("review")
    await siti.clicks("Submit")
    body = dewi.mails[-1].message.get_body(("plain",))
    said = "Older persons receiving a pension: 41 % (2025, SUSENAS); floor 40 %, ceiling 60 % by 2030"
    assert body is not None and said in body.get_content()
    async with Browser(network) as browser:
        await browser.visits(link_in(dewi.mails[-1], "clear"))
        assert "floor 40 %, ceiling 60 % by 2030" in browser.text
        await browser.presses("Clear it")
    assert said in "\n".join(aisyah.messages(SECRETARIAT))
    await siti.command("floors")
    await siti.selects(PENSION, "floor_history", channel=NETWORK)
    siti.hears("Today: floor *45 %*", "from Thursday, 1 January 2026: floor *40 %*", "Dewi Lestari said yes on")


async def test_a_link_is_one_persons_and_counts_once(reachable: Network) -> None:
    network = reachable
    siti, dewi = network["siti"], await mails_only(network, "dewi")
    assert await sets(siti, PENSION, floor="40", source="Plan", valid_from="2026-01-01") is None
    assert await sets(siti, POVERTY, floor="9", source="Plan", valid_from="2026-01-01") is None
    await siti.clicks("Ask for the yes")
    first, second = (row.id for row in await floors(network))
    link = link_in(dewi.mails[-1], "floors")
    secret, now = network.settings.security.secret, network.clock.now()

    def made(short: str, *, member: str = "IDN", purpose: str = "floors", ends: timedelta = timedelta(days=1)) -> str:
        person = str(network.people[short].person_id)
        return f"{PUBLIC_ADDRESS}/floors/{links.sign(secret, purpose, person, now + ends, {'member': member})}"

    yes = {"seen": f"{first}.{second}", "choice": "all"}
    async with Browser(network) as browser, Browser(network) as other:
        for method in ("GET", "HEAD"):
            await browser.visits(link, method=method)
        refused = [made("dewi", ends=timedelta(0)), made("dewi", purpose="clear"), link[:-4] + "aaaa"]
        refused += [made(who) for who in ("siti", "budi", "rina", "bounmy", "thong", "aisyah", "per")]
        refused += [made("dewi", member="LAO")]
        for each in refused:
            await browser.visits(each)
            assert browser.status in (404, 409, 410) and "Plan" not in browser.text, each
            await browser.posts(each, yes)
            assert browser.status in (404, 409, 410), each
        # Another country's coordinator, with a link of their own and the numbers of these.
        await browser.posts(made("thong", member="LAO"), yes)
        assert browser.status == 409
        await browser.posts(link, {"seen": "x.9999999999999999999", "choice": "all"})
        await browser.posts(link)
        assert {row.state for row in await floors(network)} == {FloorState.PROPOSED}
        # Two windows, and what was seen in one of them is replaced meanwhile.
        await browser.visits(link)
        await other.visits(link)
        assert await sets(siti, POVERTY, floor="8", source="Plan", valid_from="2026-01-01") is None
        await browser.presses("Say yes to all 2")
        assert browser.status == 409 and "replaced it by another proposal" in browser.text
        assert (await floors(network))[0].state is FloorState.PROPOSED, "all of it or nothing"
        await browser.visits(link)
        assert "floor 8" not in browser.text, "nobody was asked about it"
        await browser.presses("Say yes")
        assert "Recorded. Thank you" in browser.text
        await other.presses("Say yes to all 2")
        assert other.status == 409 and "Dewi Lestari said yes to it" in other.text
        await other.posts(link, {"seen": str(first), "choice": "all"})
        assert other.status == 409
    states = [row.state for row in await floors(network)]
    assert states == [FloorState.CLEARED, FloorState.WITHDRAWN, FloorState.PROPOSED]
    assert len([letter for letter in dewi.mails if "your decision about" in letter.subject]) == 1


async def test_only_the_coordinator_says_yes(everywhere: Network) -> None:
    network = everywhere
    siti, dewi, budi, bounmy = network["siti"], network["dewi"], network["budi"], network["bounmy"]
    plan = {"source": "Plan", "valid_from": "2026-11-02"}
    # What cannot be is said at the field, and what was written stays.
    up, down = "More is better here: the ceiling must not be below the floor.", "Less is better here"
    assert await sets(siti, PENSION, floor="60", ceiling="40", target_year="2030", **plan) == {"ceiling": up}
    await siti.fills(ceiling="60,5")
    assert await siti.submits() is None
    errors = await sets(siti, "Gini index", floor="30", ceiling="40", target_year="2030", **plan)
    assert errors is not None and errors["ceiling"].startswith(down)
    for more, field in (
        ({"ceiling": "28", "target_year": ""}, "target_year"),
        ({"ceiling": "28", "target_year": "2025"}, "target_year"),
        ({"ceiling": "28", "target_year": "2573"}, "target_year"),
        ({"ceiling": "28", "target_year": "soon"}, "target_year"),
        ({"ceiling": "", "target_year": "", "floor": "101"}, "floor"),
        ({"floor": "1,234"}, "floor"),
        ({"floor": "30 2020 WDI"}, "floor"),
        ({"floor": "n/a"}, "floor"),
        ({"floor": ""}, "floor"),
        ({"floor": "30", "source": "\u200b"}, "source"),
    ):
        await siti.fills(**more)
        assert list(await siti.submits() or {}) == [field], more
    await siti.closes()
    assert await sets(siti, PENSION) is None
    siti.hears("This is nothing new", "waits for the yes")

    # Two people at once: the second sees what the first wrote, and what they wrote themselves is kept.
    await budi.command("floors")
    await budi.selects(POVERTY, "set_floor", channel=NETWORK)
    await budi.fills(floor="9", **plan)
    assert await sets(siti, POVERTY, floor="10", **plan) is None
    assert await budi.submits() is None
    assert "Somebody changed this while you were writing" in str(budi.modal)
    assert await budi.submits() is None
    siti_row, replaced, standing = await floors(network)
    assert (replaced.state, replaced.why) == (FloorState.WITHDRAWN, "replaced")
    assert standing.state is FloorState.PROPOSED and standing.proposed_by == network.people["budi"].person_id
    assert "60.5" not in await bounmy.command("floors Indonesia"), "proposals are the country's own"

    # Before it is asked for, nobody can say yes to it, and after that only the coordinator.
    await dewi.command("floors")
    for who in ("siti", "budi", "rina", "bounmy", "thong", "aisyah", "per", "dewi"):
        await forging.clicks(network, who, "clear_floors:0", f"IDN:{siti_row.id}.{standing.id}")
        await forging.clicks(network, who, "refuse_floor:0", str(standing.id), select=True)
        await forging.submits(network, who, "refuse_floor", f"IDN:{standing.id}", reason="no")
    assert [row.state for row in await floors(network)].count(FloorState.PROPOSED) == 2
    await siti.says("hello")
    await siti.opens_home()
    await siti.clicks_home("Ask for the yes")
    siti.hears("Dewi Lestari is asked", "2 floors of Indonesia")
    dewi.hears("Indonesia: floors wait for your yes", "Budi Hartono and Siti Rahmadani propose these floors")
    asked = dewi.last_message()
    for who in ("siti", "budi", "rina", "bounmy", "thong", "aisyah", "per"):
        await forging.clicks(network, who, "clear_floors:0", f"IDN:{siti_row.id}.{standing.id}")
        await forging.clicks(network, who, "clear_floors:0", f"LAO:{siti_row.id}.{standing.id}")
        await forging.clicks(network, who, "see_proposals:0", "IDN")
        await forging.clicks(network, who, "refuse_floor:0", str(standing.id), select=True)
        await forging.submits(network, who, "refuse_floor", f"IDN:{standing.id}", reason="no")
        if who not in ("siti", "budi"):
            await forging.clicks(network, who, "withdraw_floor:0", str(standing.id), select=True)
            await forging.clicks(network, who, "ask_floors:0", "IDN")
            await forging.submits(network, who, "set_floor", "IDN:gini_index:x", floor="3", source="Mine")
            assert "60.5" not in "".join(network[who].messages())
    assert [row.state for row in await floors(network)].count(FloorState.PROPOSED) == 2

    # Taken back while it is being looked at: what was seen is not there any more, and nothing of it is done.
    await siti.command("floors")
    await siti.selects(POVERTY, "withdraw_floor", channel=NETWORK)
    siti.hears("Taken back: *Poverty at the national line*")
    await dewi.clicks("Say yes to all 2", message=asked)
    assert "Something has changed meanwhile" in dewi.last() and "took it back" in dewi.last()
    assert (await floors(network))[0].state is FloorState.PROPOSED
    await dewi.says("hello")
    dewi.hears("*Waits for your yes:* 1 floor.")
    await dewi.opens_home()
    assert "asked for your yes since" in dewi.home
    await dewi.clicks_home("See what waits")
    await network.fault("duplicate_next", times=1)
    await dewi.clicks("Say yes", times=2)
    assert [m for m in dewi.messages() if "Thank you, Dewi Lestari" in m and "floor *60 %*" in m]
    row = (await floors(network))[0]
    assert (row.state, row.decided_by, row.decided_via) == (
        FloorState.CLEARED,
        network.people["dewi"].person_id,
        Via.SLACK,
    )
    assert [m for m in siti.messages() if "Dewi Lestari has decided" in m]
    assert "floor *60 %*, ceiling *60.5 %* by 2030" in await bounmy.command("floors IDN")
    everybody = await network["aisyah"].command("floors")
    assert "Indonesia" in everybody
    assert "Your role does not include this" in await network["per"].command("floors Indonesia")
    async with network.database.reading() as session:
        acts = [row.act for row in await audit_queries.of(session, "floors:IDN")]
    assert acts == ["propose_floor", "propose_floor", "propose_floor", "ask_floors", "withdraw_floor", "clear_floor"]

    # A floor is given up from a day on; a no has its reason.
    await siti.command("floors")
    await siti.selects(PENSION, "set_floor", channel=NETWORK)
    await siti.fills(give_up=["give_up"], source="Law repealed", valid_from="2026-12-01")
    assert await siti.submits() is None
    siti.hears("Proposed: no floor any more, from Tuesday, 1 December 2026")
    await siti.clicks("Ask for the yes")
    await dewi.selects(PENSION, "refuse_floor")
    await dewi.fills(reason=" \u200b ")
    assert await dewi.submits() == {"reason": "Please write why not."}
    await dewi.fills(reason=HOSTILE)
    assert await dewi.submits() is None
    siti.hears("Dewi Lestari has decided", "no floor any more", "Law &amp; *40*")
    assert "<!channel>" not in str(siti.last_message().blocks)


async def test_no_to_one_and_then_yes_to_what_is_left(network: Network) -> None:
    siti, dewi = network["siti"], network["dewi"]
    for title, floor in ((PENSION, "40"), (POVERTY, "9"), ("Gini index", "38")):
        assert await sets(siti, title, floor=floor, source="Plan", valid_from="2026-11-02") is None
    await siti.clicks("Ask for the yes")
    [asked] = [shown for shown in dewi.sees.messages() if "Say yes to all 3" in buttons(shown.blocks)]
    stale = str(buttons(asked.blocks)["Say yes to all 3"]["value"])
    await dewi.selects("Gini index", "refuse_floor")
    await dewi.fills(reason="Not in the plan")
    assert await dewi.submits() is None
    dewi.hears("Thank you, Dewi Lestari", "2 more wait for your yes")
    # The question shows what is left, and the button below it does what it says.
    [asked] = [shown for shown in dewi.sees.messages() if "Say yes to all 2" in buttons(shown.blocks)]
    assert "Gini index" not in asked.words and "floors wait for your yes" in asked.words
    # Whoever still has the question of before their eyes is led to what waits.
    await forging.clicks(network, "dewi", "clear_floors:0", stale)
    dewi.hears("Something has changed meanwhile", "Gini index*: Dewi Lestari said no to it")
    await dewi.clicks("See what waits", message=dewi.last_message())
    await dewi.clicks("Say yes to all 2", message=asked)
    states = [row.state for row in await floors(network)]
    assert states == [FloorState.CLEARED, FloorState.CLEARED, FloorState.REFUSED]
    # After the last decision no button is left to press.
    assert await sets(siti, "Gini index", floor="37", source="Plan", valid_from="2026-11-02") is None
    await siti.clicks("Ask for the yes")
    await dewi.selects("Gini index", "refuse_floor")
    await dewi.fills(reason="Still not")
    assert await dewi.submits() is None
    dewi.hears("Thank you, Dewi Lestari", "Still not")
    await siti.clicks("Ask for the yes")
    siti.hears("No floor of Indonesia waits for a yes now")
    assert not [shown for shown in dewi.sees.messages() if "Say yes" in buttons(shown.blocks)]


async def test_who_must_say_yes_is_reminded_and_without_a_coordinator_it_waits(network: Network) -> None:
    siti, dewi, aisyah = network["siti"], network["dewi"], network["aisyah"]
    assert await sets(siti, PENSION, floor="40", source="Plan", valid_from="2026-11-02") is None
    await siti.clicks("Ask for the yes")
    for _ in range(7):
        await network.passes(days=1)
        await network.passes(minutes=5)
    reminded = [m for m in dewi.messages() if "floors still wait for your yes" in m]
    assert len(reminded) == 2, "after 2 and 4 working days, each once"
    assert "This floor has waited for you, Dewi Lestari, for 2 working days" in reminded[0]
    await dewi.clicks("See what waits")
    dewi.hears("floor *40 %*")
    # The coordinator leaves: the secretariat learns that nobody can say yes, and whoever comes is asked.
    async with network.database.writing() as session:
        mine = Appointment.id == network.people["dewi"].appointment_id
        await session.execute(update(Appointment).where(mine).values(ends_on=date(2026, 11, 8)))
    assert "no coordinator" in await aisyah.command("register")
    assert "has no coordinator now" in await siti.command("floors")
    await dewi.clicks("Say yes")
    assert (await floors(network))[0].state is FloorState.PROPOSED
    async with network.database.writing() as session:
        rina = network.people["rina"]
        mine = Appointment.id == rina.appointment_id
        await session.execute(update(Appointment).where(mine).values(role=Role.COORDINATOR))
    await network.passes(hours=1)
    assert [m for m in network["rina"].messages() if "Indonesia: floors wait for your yes" in m]
    await network["rina"].clicks("Say yes")
    assert (await floors(network))[0].state is FloorState.CLEARED


async def test_a_question_of_ones_own(network: Network) -> None:
    siti, rina, aisyah = network["siti"], network["rina"], network["aisyah"]
    await network.opens()
    await siti.clicks("Start")
    assert "has added no question of its own" in await siti.command("questions")
    await siti.clicks("Add a question", channel=NETWORK)
    await siti.fills(section="B", title="Gini index", question="How many?", kind="integer", unit="clinics")
    assert await siti.submits() == {"title": "A question of this title is asked already. Please choose another title."}
    await siti.fills(title="Village <clinics>", minimum="0", maximum="5,000")
    assert await siti.submits() is None
    siti.hears("Added: *Village &lt;clinics&gt;*", "in clinics, from 0, up to 5000", "never compared")
    # It has joined what is being collected.
    await siti.says("edit own_idn_1")
    siti.hears("Village &lt;clinics&gt;", "your own question", "How many?")
    await siti.says("6000 2025 records")
    siti.hears("5000")
    await siti.says("120 2025 records")
    assert (await assessment_of(network, "IDN")).assessment.own_indicators[0]["code"] == "own_idn_1"
    assert (await assessment_of(network, "LAO")).assessment.own_indicators == []
    await siti.command("questions")
    await siti.clicks("Add a question", channel=NETWORK)
    await siti.fills(section="H", title="Village nurses", question="How many?", kind="number", unit="nurses")
    assert await siti.submits() is None
    await siti.says("own_idn_2 7.5 2025 records")
    await siti.says("review")
    siti.hears("Village &lt;clinics&gt; (your own question): 120 (2025, records)")
    # It goes with its section to a contributor, and comes to the secretariat as what it is.
    await siti.says("edit own_idn_1")
    await siti.clicks("Ask a colleague")
    await siti.fills(part="B:", who=str(network.people["rina"].person_id), due="2026-11-20")
    assert await siti.submits() is None
    rina.hears("B · Health", "3 questions", "Village &lt;clinics&gt;")
    await siti.says(REQUIRED)
    await siti.says("review")
    await siti.clicks("Submit")
    await siti.clicks("Submit without them")
    card = "\n".join(aisyah.messages(SECRETARIAT))
    assert "Village &lt;clinics&gt;: 120 (2025, records) (the country's own question)" in card
    await aisyah.clicks("Accept", channel=SECRETARIAT)
    # What is ended is asked no more; its answer and its code stay.
    await siti.command("questions")
    await siti.selects("Village <clinics>", "retire_question", channel=NETWORK)
    assert await siti.submits() is None
    siti.hears("Ended: *Village &lt;clinics&gt;*", "*Village nurses* (section H, a number, in nurses): How many?")
    await siti.command("questions")
    await siti.clicks("Add a question", channel=NETWORK)
    choices = "Good\nGood"
    await siti.fills(section="H", title="Mood", question="How is it?", kind="choice", choices=choices)
    assert list(await siti.submits() or {}) == ["choices"]
    await siti.fills(choices="Good\nNot good")
    assert await siti.submits() is None
    async with network.database.reading() as session:
        rows = list(await session.scalars(select(OwnIndicator).order_by(OwnIndicator.id)))
    left = {row.code: row.retired_at is None for row in rows}
    assert left == {"own_idn_1": False, "own_idn_2": True, "own_idn_3": True}
    # Only the country's own people add to it or end it.
    for who in ("dewi", "rina", "bounmy", "aisyah", "per"):
        await forging.clicks(network, who, "retire_question:0", str(rows[2].id), select=True)
        await forging.submits(network, who, "retire_question", str(rows[2].id))
        await forging.clicks(network, who, "see_own_questions:0", "IDN")
        await forging.submits(network, who, "add_question", "IDN", title="Mine", question="What?", kind="text")
        assert "Mood" not in "".join(network[who].messages())
    async with network.database.reading() as session:
        assert await session.scalar(select(func.count(OwnIndicator.id)).where(OwnIndicator.retired_at.is_(None))) == 2

    # In the next cycle it is asked from the start, and never compared.
    await aisyah.command("cycle close 2026")
    await aisyah.clicks("Close it", channel=NETWORK)
    await network.opens("2027", due="2027-11-01")
    asked = (await assessment_of(network, "IDN", "2027")).assessment.own_indicators
    assert [row["code"] for row in asked] == ["own_idn_2", "own_idn_3"]
    await siti.clicks("Start")
    await siti.says("edit own_idn_2")
    siti.hears("Last time (2026): *7.5 (2025, records)*", "your own question")
    assert "Village" not in await network["bounmy"].command("compare own_idn_2")
    assert "Village" not in await aisyah.command("compare own_idn_2")
