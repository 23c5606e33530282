"""Modals and the Home tab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.failures import ApiError, missing

if TYPE_CHECKING:
    from bot.sandbox.calls import Call


def open_modal(call: Call) -> dict[str, Any]:
    """views.open"""
    trigger = call.needs("trigger_id")
    view = call.slack.reader.view(_view(call), "modal")
    user = call.slack.triggers.use(trigger)
    return {"view": call.slack.views.open(call.workspace.users[user], view)}


def push(call: Call) -> dict[str, Any]:
    """views.push"""
    trigger = call.needs("trigger_id")
    view = call.slack.reader.view(_view(call), "modal")
    user = call.slack.triggers.use(trigger)
    return {"view": call.slack.views.push(call.workspace.users[user], view)}


def update(call: Call) -> dict[str, Any]:
    """views.update, by view_id or external_id"""
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if not view_id and not external_id:
        raise missing("view_id")
    view = call.slack.reader.view(_view(call), "modal", "home")
    new = call.slack.views.update(view, view_id=view_id, external_id=external_id, hash=call.text("hash"))
    return {"view": new}


def publish(call: Call) -> dict[str, Any]:
    """views.publish: a person's Home"""
    user = call.workspace.users.get(call.needs("user_id"))
    view = call.slack.reader.view(_view(call), "home")
    if user is None:
        raise ApiError("user_not_found")
    return {"view": call.slack.views.publish(user, view, call.text("hash"))}


def _view(call: Call) -> Any:
    view = call.arguments.get("view")
    if view is None or view == "":
        raise missing("view")
    return view
