"""A part of an assessment in a contributor's hands: handed over by button, answered in chat, edited, submitted."""

from __future__ import annotations

from db.vocabulary import DelegationState
from tests.browsing import Browser, link_in
from tests.stage import SECRETARIAT, Network
from tests.stories.test_conversation import REQUIRED, answers_of

HOSTILE = "<!channel> <@U0SITI> & *bold* registers\n# merged"


async def test_a_section_goes_to_a_colleague_and_comes_back(everywhere: Network) -> None:
    network = everywhere
    await network.opens()
    siti, rina, aisyah = network["siti"], network["rina"], network["aisyah"]
    await siti.clicks("Start")
    await siti.says("edit uhc_service_coverage")
    await siti.clicks("Ask a colleague")
    print(siti.modal)
    await siti.fills(part="B:", who=str(network.people["rina"].person_id), due="2026-12-04", note=HOSTILE)
    assert await siti.submits() is None
    print(siti.last())
    print(rina.last())
    await rina.clicks("Answer now")
    print(rina.last())
    await rina.says("68 2021 WHO")
    await rina.says("80 2023 BPJS")
    print(rina.last())
    await rina.clicks("Hand over")
    print(rina.last())
    print(siti.last())


async def test_somebody_unknown_is_invited_by_mail(reachable: Network) -> None:
    network = reachable
    await network.opens()
    siti = network["siti"]
    await siti.clicks("Start")
    await siti.says("edit uhc_service_coverage")
    await siti.clicks("Ask a colleague")
    await siti.fills(part="B:", name="Wati <!channel> & Co", email="Wati@Health.example.org", due="2026-12-04")
    assert await siti.submits() is None
    print(siti.last())
    print(network.mailbox.letters[-1].message.get_body(("plain",)).get_content())
    link = link_in(network.mailbox.letters[-1], "answer")
    async with Browser(network) as browser, Browser(network) as other:
        await browser.visits(link, method="HEAD")
        print(await browser.visits(link))
        print(await browser.presses("I am Wati <!channel> & Co: open it"))
        print(await other.visits(link))
        print(await browser.presses("Keep for now", a_uhc_service_coverage="68 2021 WHO", a_health_protection="lots"))
        print(await browser.presses("Hand over", a_health_protection="80 2023 BPJS"))
        print(siti.last())
