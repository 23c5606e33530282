"""A person with a modal: fill in, submit, close; and what the bot's acknowledgement does to it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from bot.sandbox import payloads
from bot.sandbox.clicking import use
from bot.sandbox.elements import STATEFUL, complaints, refresh, taken
from bot.sandbox.failures import ApiError, Trouble
from bot.sandbox.spots import Spot
from bot.sandbox.things import elements_of

if TYPE_CHECKING:
    from bot.sandbox.people import Person


async def fill(person: Person, name: str, value: Any) -> None:
    """Give one element of the open modal a value; `name` is its action_id or its block's id.

    The value of a file input is a list of ids of files that the person attached before.

    Raises:
        LookupError: no modal is open, or it has no such element.
        ApiError: file_not_found.
    """
    view = open_view(person)
    for block, element in elements_of(view["blocks"]):
        if name not in (block["block_id"], element["action_id"]) or element["type"] not in STATEFUL:
            continue
        now = taken(person.offered(block, element), value)
        if element["type"] == "file_input":
            now = [person.slack.files.find(id).wire(person.slack.origin) for id in now]
        if block["type"] != "input" or block.get("dispatch_action"):
            use(person, Spot(block, element, view=view), now)
            await asyncio.sleep(0)
        else:
            refresh(view, {(block["block_id"], element["action_id"]): now})
            person.slack.workspace.touch("views", person.id)
        return
    raise LookupError(f"the modal has no field {name}")


async def submit(person: Person) -> dict[str, str] | None:
    """Submit the open modal and do as the acknowledgement says."""
    view = open_view(person)
    slack = person.slack
    refresh(view, {})
    wrong = complaints(view)
    if wrong:
        return wrong
    body = payloads.interaction(slack.workspace, person.user, "view_submission", slack.triggers.give(person.id))
    body["view"] = dict(view)
    body["response_urls"] = _response_urls(person, view)
    answer = await person.answer_of(slack.outbox.post("interactive", body, answered=True))
    return _obey(person, view, answer or {})


async def close(person: Person, *, all: bool) -> None:
    """Close the open modal (or all, as a modal with clear_on_close does); the bot hears of it where it asked to."""
    slack = person.slack
    top = open_view(person)
    cleared = all or top["clear_on_close"]
    gone = slack.views.clear(person.user) if cleared else [slack.views.close(person.user)]
    for view in gone:
        if view["notify_on_close"]:
            body = payloads.interaction(slack.workspace, person.user, "view_closed")
            body["view"] = view
            body["is_cleared"] = cleared
            slack.outbox.post("interactive", body)
    await asyncio.sleep(0)


def open_view(person: Person) -> dict[str, Any]:
    """The modal on top.

    Raises:
        LookupError: none is open.
    """
    if person.view is None:
        raise LookupError(f"{person.user.name} has no modal open")
    return person.view


def _response_urls(person: Person, view: dict[str, Any]) -> list[dict[str, Any]]:
    """One for each select of a conversation that asked for it (`response_url_enabled`) and holds one."""
    slack = person.slack
    found: list[dict[str, Any]] = []
    for block, element in elements_of(view["blocks"]):
        if not element.get("response_url_enabled"):
            continue
        place = (block["block_id"], element["action_id"])
        channel = view["state"]["values"][place[0]][place[1]][STATEFUL[element["type"]].key]
        if channel in slack.workspace.channels:
            url = slack.origin + slack.urls.give(person.id, channel)
            found.append({"block_id": place[0], "action_id": place[1], "channel_id": channel, "response_url": url})
    return found


def _obey(person: Person, view: dict[str, Any], answer: dict[str, Any]) -> dict[str, str] | None:
    views = person.slack.views
    deed = answer.get("response_action")
    if deed == "errors":
        errors: dict[str, str] = answer.get("errors") or {}
        known = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        if not errors or not set(errors) <= known:
            raise Trouble(f"errors must name input blocks of the modal, not {sorted(errors)}")
        return dict(errors)
    if deed == "clear":
        views.clear(person.user)
        return None
    if deed in ("update", "push"):
        try:
            new = person.slack.reader.view(answer.get("view"), "modal")
            if deed == "push":
                views.push(person.user, new)
            else:
                views.replace(_current(person, view), new)
        except ApiError as error:
            raise Trouble(f"response_action {deed}: {error.code} {list(error.problems)}") from error
        return None
    if deed is not None:
        raise Trouble(f"unknown response_action {deed!r}")
    if any(open["id"] == view["id"] for open in person.user.stack):
        while person.user.stack and person.user.stack[-1]["id"] != view["id"]:
            views.close(person.user)
        views.close(person.user)
    return None


def _current(person: Person, view: dict[str, Any]) -> dict[str, Any]:
    """The view as it is now: the bot may have updated it while it answered."""
    for open in person.user.stack:
        if open["id"] == view["id"]:
            return open
    raise Trouble("the modal was closed before it was answered")
