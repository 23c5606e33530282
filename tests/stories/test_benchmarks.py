"""Where a country stands on the regional benchmarks: said by itself, kept for good, read side by side, never ranked."""

from __future__ import annotations

from bot import benchmarks
from db.queries import audit as audit_queries
from db.queries import benchmarks as queries
from tests.stage import NETWORK, Network, Player
from tests.stories import forging

HOSTILE = "<!channel> *M* | a & <b>b</b> =1+1 <@U0LINH>"
SHOWN = "&lt;!channel&gt; *M* | a &amp; &lt;b&gt;b&lt;/b&gt; =1+1 &lt;@U0LINH&gt;"


def above(player: Player) -> str:
    """The words above the fields of the open form."""
    assert player.modal is not None
    return "\n".join(each["text"]["text"] for each in player.modal["blocks"] if each["type"] == "section")


async def test_a_country_says_where_it_stands_and_what_comes_next(everywhere: Network) -> None:
    siti, budi, dewi, bounmy, aisyah = (everywhere[each] for each in ("siti", "budi", "dewi", "bounmy", "aisyah"))
    empty = await siti.command("benchmarks")
    assert "*Portability:* nothing is noted yet" in empty and "proposed" in empty
    await siti.selects("Portability", "keep_benchmark", channel=NETWORK)
    assert "*Indonesia*: Portability." in above(siti) and "1. Equal treatment in law: The law gives" in above(siti)
    await siti.fills(step="signed", reached_on="2099-01-01", next_on="2027-06-30")
    wrong = await siti.submits() or {}
    assert wrong == {"reached_on": "This day is still to come.", "next_step": "Please say what comes next by that day."}
    await siti.fills(reached_on="2024-03-01", next_step=HOSTILE)
    # Meanwhile the coordinator was faster.
    await dewi.command("benchmarks")
    await dewi.selects("Portability", "keep_benchmark", channel=NETWORK)
    await dewi.fills(step="talks")
    assert await dewi.submits() is None
    dewi.hears("Noted: *Portability*", "*Portability:* Talks (step 2 of 4)")
    assert (await siti.act("submits"))["errors"] is None
    assert "Somebody of your country has said something else meanwhile" in above(siti) and "• Talks" in above(siti)
    assert await siti.submits() is None
    siti.hears(
        "*Portability:* Signed (step 3 of 4), since Friday, 1 March 2024", SHOWN, "30 June 2027", "Before: Talks"
    )
    # The same once more is nothing new.
    await siti.selects("Portability", "keep_benchmark")
    assert await siti.submits() is None
    siti.hears("Nothing was changed")

    # Another way is a way; it takes words.
    await budi.command("benchmarks")
    await budi.selects("National social registry", "keep_benchmark", channel=NETWORK)
    await budi.fills(step="another_way")
    assert await budi.submits() == {"note": "Please say in your own words which way, or why it does not apply."}
    await budi.fills(note=HOSTILE)
    assert await budi.submits() is None
    budi.hears("*National social registry:* goes another way", f"> {SHOWN}")

    async with everywhere.database.reading() as session:
        found = await benchmarks.positions(session)
        assert [(each.member, each.benchmark, each.step, each.place, each.of) for each in found] == [
            ("IDN", "social_registry", "another_way", None, 4),
            ("IDN", "portability", "signed", 3, 4),
        ]
        assert [each.position.step for each in await queries.history(session, "IDN", "portability")] == [
            "talks",
            "signed",
        ]
        rows = await audit_queries.of(session, "benchmarks:IDN")
        assert [(row.act, row.detail["benchmark"]) for row in rows] == [
            ("note_benchmark", "portability"),
            ("note_benchmark", "portability"),
            ("note_benchmark", "social_registry"),
        ]

    # Side by side for all, in alphabetical order.
    whole = await aisyah.command("benchmarks")
    assert "Regional benchmarks side by side" in whole and "does not apply" not in whole and "goes another way" in whole
    assert whole.index("Cambodia") < whole.index("Indonesia") < whole.index("Viet Nam")
    await aisyah.clicks("Send it to me by e-mail", channel=NETWORK)
    letter = aisyah.mails[-1]
    assert "Regional benchmarks side by side" in letter.text() and "goes another way" in letter.text()
    await aisyah.clicks("Send it to me by e-mail", channel=NETWORK)
    assert aisyah.mails[-1] is letter
    one = await bounmy.command("benchmarks portability")
    assert "3. *Signed*: At least one agreement is signed." in one and SHOWN in one and "nobody is ranked" in one
    other = await bounmy.command("benchmarks Indonesia")
    assert "Signed (step 3 of 4)" in other and "keep_benchmark" not in str(bounmy.last_message(NETWORK).blocks)
    assert "I know no country called" in await bounmy.command("benchmarks Atlantis")

    # Home says it in a line, and another country's hands are off.
    await siti.opens_home()
    assert "you have said where your country stands on 2 of 5" in siti.home
    await bounmy.opens_home()
    assert "has not said yet where it stands; it may, at any time" in bounmy.home
    for who in ("linh", "per", "rina", "aisyah"):
        await forging.clicks(everywhere, who, "keep_benchmark:0", "IDN:5:")
        assert everywhere[who].modal is None
        await forging.submits(everywhere, who, "keep_benchmark", "IDN:5:", step="benefits_paid")
        everywhere[who].hears("Your role does not include this")
    await forging.submits(everywhere, "siti", "keep_benchmark", "IDN:9:", step="benefits_paid")
    siti.hears("could not find that any more")
    async with everywhere.database.reading() as session:
        assert len(await queries.history(session, "IDN")) == 3
