"""Selects whose options come from the bot: what Slack asks it, and what it takes as an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from bot.sandbox import limits, payloads
from bot.sandbox.failures import Trouble
from bot.sandbox.rules import Check
from bot.sandbox.spots import Spot

if TYPE_CHECKING:
    from bot.sandbox.people import Person

SHORTEST = 3
"""Characters from which on Slack asks, where the element says nothing else (Slack: external select)."""


async def ask(person: Person, spot: Spot, value: str) -> dict[str, Any]:
    """Ask the bot what to offer for what was typed so far; the person may choose among it from then on.

    Raises:
        Trouble: not answered in time, or with what Slack does not take.
    """
    if len(value) < spot.element.get("min_query_length", SHORTEST):
        return {"options": []}
    slack = person.slack
    place = (spot.block["block_id"], spot.element["action_id"])
    body = payloads.suggestion(slack.workspace, person.user, place, value)
    if spot.message is not None:
        body |= payloads.message_place(spot.message, slack.workspace.channels[spot.message.channel])
    else:
        body |= payloads.view_place(spot.view or {})
    answer = await person.answer_of(slack.outbox.post("interactive", body, answered=True))
    found = _read(answer or {})
    person.suggested[place] = [*found.get("options", ())]
    for group in found.get("option_groups", ()):
        person.suggested[place] += group["options"]
    return found


def _read(answer: dict[str, Any]) -> dict[str, Any]:
    for key, rule in (("options", limits.SUGGESTED), ("option_groups", limits.SUGGESTED_GROUPS)):
        if key in answer:
            check = Check()
            rule(answer[key], f"/{key}", check)
            if check.problems:
                raise Trouble(f"the suggestions are not what Slack takes: {check.problems}")
            return {key: cast(list[dict[str, Any]], answer[key])}
    raise Trouble("the answer to a suggestion holds neither options nor option_groups")
