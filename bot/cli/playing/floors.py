"""How floors are set at play: the focal point fills in the forms and asks, the coordinator says yes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.cli.playing.people import Part
from bot.cli.playing.spelling import Figure
from bot.cli.playing.stage import NETWORK, PATIENCE, Stage, buttons
from bot.cli.playing.talk import Stuck
from bot.messages import Deed
from bot.sandbox import Message


async def sets(stage: Stage, part: Part, figures: Sequence[Figure], target_year: int) -> None:
    """A focal point sets a floor at each of these values, in force from today, and asks for the yes to all of them.

    Raises:
        Stuck: a form is not taken, or no menu is offered.
        TimeoutError: the bot does not answer.
    """
    person = stage.person(part)
    for figure in figures:
        menu = await _menu(stage, part)
        offered = _offered(menu)
        value = next((value for value in offered if value.split(":")[1] == figure.indicator.code), None)
        if value is None:
            raise Stuck(f"{part.name} is not offered to set a floor for {figure.indicator.code}")
        shown = person.messages()
        await person.selects(_select(menu)["action_id"], value, menu.ts)
        await stage.sandbox.settled(PATIENCE, quiet=0.0)
        await person.fills(floor=_typed(figure), target_year=str(target_year), source=figure.source)
        if errors := await person.submits():
            raise Stuck(f"{part.name} cannot set a floor for {figure.indicator.code}: {errors}")
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


async def _menu(stage: Stage, part: Part) -> Message:
    person = stage.person(part)
    before = person.messages(NETWORK)
    await person.command("/spnet", "floors", NETWORK)
    return await person.hears(_has_menu, PATIENCE, NETWORK, after=before[-1].ts if before else "")


def _typed(figure: Figure) -> str:
    """The value so that it can be read in one way only: 12.345 could be thousands, 12.3450 cannot."""
    return figure.point + ("0" if figure.ambiguous else "")


def _select(message: Message) -> dict[str, Any]:
    """The menu of the indicators; empty where the message has none."""
    for block in message.blocks:
        for element in block["elements"] if block["type"] == "actions" else ():
            if element["type"] == "static_select" and element["action_id"].split(":")[0] == Deed.SET_FLOOR:
                return element
    return {}


def _has_menu(message: Message) -> bool:
    return bool(_select(message))


def _offered(message: Message) -> list[str]:
    return [option["value"] for option in _select(message).get("options", ())]


def _offers(deed: Deed) -> Callable[[Message], bool]:
    return lambda message: any(button.deed == deed for button in buttons(message))
