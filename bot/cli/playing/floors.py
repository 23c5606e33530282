"""How floors are set at play: the focal point fills in the forms and asks, the coordinator says yes: in the chat, or on
the page behind the link of a letter."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import aiohttp

from bot.cli.playing.people import Part
from bot.cli.playing.spelling import Figure
from bot.cli.playing.stage import NETWORK, PATIENCE, Stage, buttons, options
from bot.cli.playing.talk import Stuck
from bot.messages import Deed
from bot.sandbox import Message

LINK = re.compile(r"(https?://[^\s<>\"]+/(floors)/[a-z2-7]+)")
SEEN = re.compile(r'name="seen" value="([0-9.]+)"')


@dataclass(frozen=True)
class Wanted:
    """What a country wants to aim at for one indicator, as it is typed.

    Attributes:
        since: the day from which it counts; None: from today.
    """

    code: str
    floor: str
    ceiling: str
    target_year: int
    source: str
    since: date | None = None

    @property
    def fields(self) -> dict[str, str]:
        """What goes into the form; the day stays as the form proposes it where none is wanted."""
        typed = {"floor": self.floor, "target_year": str(self.target_year), "source": self.source}
        day = {"valid_from": self.since.isoformat()} if self.since else {}
        return typed | day | ({"ceiling": self.ceiling} if self.ceiling else {})


def at(figure: Figure, target_year: int) -> Wanted:
    """A floor at the value of a figure, in force from today."""
    return Wanted(figure.indicator.code, _typed(figure), "", target_year, figure.source)


async def sets(stage: Stage, part: Part, wanted: Sequence[Wanted]) -> None:
    """A focal point sets each of these floors, and asks for the yes to all of them.

    Raises:
        Stuck: a form is not taken, or no menu is offered.
        TimeoutError: the bot does not answer.
    """
    person = stage.person(part)
    for each in wanted:
        menu = await _menu(stage, part)
        offered = options(menu, Deed.SET_FLOOR)
        chosen = next((option for option in offered if option[1].split(":")[1] == each.code), None)
        if chosen is None:
            raise Stuck(f"{part.name} is not offered to set a floor for {each.code}")
        shown = person.messages()
        await person.selects(*chosen, menu.ts)
        await stage.sandbox.settled(PATIENCE, quiet=0.0)
        await person.fills(each.fields)
        if errors := await person.submits():
            raise Stuck(f"{part.name} cannot set a floor for {each.code}: {errors}")
        await person.hears(_offers(Deed.ASK_FLOORS), PATIENCE, after=shown[-1].ts if shown else "")
    asking = next(message for message in reversed(person.messages()) if _offers(Deed.ASK_FLOORS)(message))
    button = next(button for button in buttons(asking) if button.deed == Deed.ASK_FLOORS)
    await stage.clicks(part, button)


async def clears(stage: Stage, part: Part) -> None:
    """A coordinator says yes to all floors that wait.

    Raises:
        Stuck: nothing waits.
        TimeoutError: the bot does not answer.
    """
    for message in reversed(stage.person(part).messages()):
        for button in buttons(message):
            if button.deed == Deed.CLEAR_FLOORS:
                await stage.clicks(part, button)
                return
    raise Stuck(f"{part.name} is not asked for the yes to any floor")


async def clears_on_page(stage: Stage, part: Part) -> None:
    """A coordinator who reads letters only follows the link of the newest one, and says yes to all floors there.

    Raises:
        Stuck: there is no such letter, or the page does not take it.
    """
    found: list[tuple[str, str]] = []
    for letter in stage.mailbox.letters:
        body = letter.message.get_body(("plain",)) if part.email in letter.recipients else None
        found += LINK.findall(body.get_content()) if body else []
    if not found:
        raise Stuck(f"{part.name} has no letter about floors")
    async with aiohttp.ClientSession() as session:
        async with session.get(found[-1][0]) as page:
            seen = SEEN.search(await page.text())
        given = {"seen": seen[1] if seen else "", "choice": "all"}
        async with session.post(found[-1][0], data=given) as page:
            if page.status != 200:
                raise Stuck(f"{part.name} cannot say yes on the page: {page.status}")


async def _menu(stage: Stage, part: Part) -> Message:
    person = stage.person(part)
    before = person.messages(NETWORK)
    await person.command("/spnet", "floors", NETWORK)
    return await person.hears(_has_menu, PATIENCE, NETWORK, after=before[-1].ts if before else "")


def _typed(figure: Figure) -> str:
    """The value so that it can be read in one way only: 12.345 could be thousands, 12.3450 cannot."""
    return figure.point + ("0" if figure.ambiguous else "")


def _has_menu(message: Message) -> bool:
    return bool(options(message, Deed.SET_FLOOR))


def _offers(deed: Deed) -> Callable[[Message], bool]:
    return lambda message: any(button.deed == deed for button in buttons(message))
