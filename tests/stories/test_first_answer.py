"""One question asked, answered, stored and echoed, on both databases."""

from decimal import Decimal

from db.queries import assessments as queries
from tests.stage import Network


async def test_siti_answers_her_first_number(everywhere: Network) -> None:
    await everywhere.opens()
    siti = everywhere["siti"]
    siti.hears("Full assessment 2026", "33 questions", "Tuesday", "15 December 2026", "17:00 (Jakarta time)")
    await siti.clicks("Start")
    siti.hears("1 of 33", "A Coordination")
    await siti.says("edit uhc_service_coverage")
    siti.hears("6 of 33")
    await siti.says("68,5 2021 WHO")
    siti.hears("68.5", "2021, WHO", "7 of 33")
    async with everywhere.database.reading() as session:
        talk = await queries.talk(session, 3)
        assert talk is not None
        answer = await queries.answer(session, talk.assessment.id, "uhc_service_coverage")
    assert answer is not None
    assert (answer.number, answer.year, answer.source) == (Decimal("68.5"), 2021, "WHO")
