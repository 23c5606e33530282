"""A file of people hands a role over while the bot runs: as after `/spnet focal handover`, by another hand."""

from __future__ import annotations

import pytest

from bot import people, people_import
from bot.people_import import Plan
from db.vocabulary import Via
from tests.stage import Network
from tests.stories.test_conversation import answers_of

HEADER = "name,email,slack_id,role,member,starts_on,reference\n"


async def comes_in(network: Network, text: str) -> Plan:
    """What `spnet import people FILE --apply` does, in another process."""
    app, now = network.app, network.clock.now()
    async with network.database.writing() as session:
        plan = await people_import.plan(session, text.encode("utf-8-sig"), now, lock=True)
        by = await people.first_secretariat(session, "aisyah@example.org", None, now, Via.COMMAND_LINE)
        await people_import.carry_out(session, by, plan, now, app.rules)
    await network.sends()
    return plan


@pytest.mark.only_over("socket", "a file does not come through Slack; what follows is sent the same way")
async def test_a_file_hands_over_in_the_middle_of_a_question(network: Network) -> None:
    siti, nur = network["siti"], network.newcomer("U0NUR", "nur", "Asia/Jakarta")
    await network.opens()
    await siti.opens_home()
    assert "Indonesia" in siti.home
    await siti.clicks("Start")
    await siti.says("edit poverty_national_line")
    await siti.says("9.36")
    siti.hears("Which year")

    text = HEADER + "Nur Aini <!channel>,nur@example.org,U0NUR,focal_point,Indonesia,,ND/7\n"
    plan = await comes_in(network, text)
    assert [change.what for change in plan.changes] == ["person", "appointment", "gives_way"]
    nur.hears("You take over from Siti Rahmadani", "in progress, 0 of 33 answered", "Due Tuesday, 15 December 2026")
    assert "<!channel>" not in nur.last()
    siti.hears("Thank you, Siti Rahmadani", "goes on")
    # The command shows nobody a Home; the next tick does.
    await network.passes(seconds=30)
    assert "My assessment" not in siti.home
    await siti.says("2024 SUSENAS")
    siti.hears("Your role here (Focal point Indonesia) ended")
    assert await answers_of(network, "IDN") == {}
    await nur.clicks("Go to Full assessment 2026")
    await nur.says("2024 SUSENAS")
    assert (await answers_of(network, "IDN"))["poverty_national_line"].year == 2024

    heard = len(nur.messages()), len(siti.messages())
    assert (await comes_in(network, text)).changes == ()
    # It is handed back on a day to come; the tick of that day does the rest.
    back = "Siti Rahmadani,siti@example.org,,focal_point,IDN,2026-11-10,\n"
    assert [change.what for change in (await comes_in(network, HEADER + back)).changes] == ["appointment", "gives_way"]
    assert (len(nur.messages()), len(siti.messages())) == heard
    await network.passes(days=8)
    siti.hears("You take over from Nur Aini &lt;!channel&gt;")
    nur.hears("Thank you")
