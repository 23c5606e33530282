"""Modals and Home views: who sees which, in which order, in which version."""

from __future__ import annotations

from typing import Any

from bot.sandbox.failures import ApiError
from bot.sandbox.limits import VIEW_STACK
from bot.sandbox.things import APP_ID, BOT_ID, User, elements_of
from bot.sandbox.workspace import Workspace


class Views:
    """Every view that is open, by id; each person's modals are a stack of at most three."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._open: dict[str, dict[str, Any]] = {}
        self._owner: dict[str, User] = {}

    def open(self, user: User, view: dict[str, Any]) -> dict[str, Any]:
        """A new modal; what was open before is gone."""
        self._external(view)
        self.clear(user)
        return self._put(user, view, None)

    def push(self, user: User, view: dict[str, Any]) -> dict[str, Any]:
        """A modal on top of the open ones.

        Raises:
            ApiError: push_limit_reached, not_found when none is open.
        """
        if not user.stack:
            raise ApiError("not_found")
        if len(user.stack) >= VIEW_STACK:
            raise ApiError("push_limit_reached")
        self._external(view)
        return self._put(user, view, user.stack[-1])

    def update(
        self, view: dict[str, Any], *, view_id: str | None, external_id: str | None, hash: str | None
    ) -> dict[str, Any]:
        """A view's new content; answers and choices in blocks that stay are kept.

        Raises:
            ApiError: not_found, hash_conflict.
        """
        old = self._open.get(view_id or "")
        if old is None and external_id:
            old = next((v for v in self._open.values() if v["external_id"] == external_id), None)
        if old is None:
            raise ApiError("not_found")
        if hash and hash != old["hash"]:
            raise ApiError("hash_conflict")
        return self.replace(old, view)

    def replace(self, old: dict[str, Any], view: dict[str, Any]) -> dict[str, Any]:
        """Put new content into an open view."""
        user = self._owner[old["id"]]
        new = self._dress(view, user, old["id"], old["root_view_id"], old["previous_view_id"])
        new["external_id"] = view.get("external_id") or old["external_id"]
        new["state"] = {"values": _kept(old["state"]["values"], new["blocks"])}
        user.stack[user.stack.index(old)] = new
        self._open[new["id"]] = new
        self._workspace.touch("views", user.id)
        return new

    def publish(self, user: User, view: dict[str, Any], hash: str | None) -> dict[str, Any]:
        """The Home view of a person.

        Raises:
            ApiError: hash_conflict.
        """
        if hash and user.home is not None and hash != user.home["hash"]:
            raise ApiError("hash_conflict")
        id = user.home["id"] if user.home else self._workspace.next_id("V")
        user.home = self._dress(view, user, id, id, None)
        self._workspace.touch("home", user.id)
        return user.home

    def take_back(self, user: User) -> None:
        """A person's modals as they were kept are open again."""
        for view in user.stack:
            self._open[view["id"]] = view
            self._owner[view["id"]] = user

    def close(self, user: User) -> dict[str, Any]:
        """Take the top modal away."""
        view = user.stack.pop()
        self._open.pop(view["id"], None)
        self._workspace.touch("views", user.id)
        return view

    def clear(self, user: User) -> list[dict[str, Any]]:
        """Take every modal away, the top one first."""
        return [self.close(user) for _ in range(len(user.stack))]

    def _external(self, view: dict[str, Any]) -> None:
        wanted = view.get("external_id")
        if wanted and any(open["external_id"] == wanted for open in self._open.values()):
            raise ApiError("duplicate_external_id")

    def _put(self, user: User, view: dict[str, Any], below: dict[str, Any] | None) -> dict[str, Any]:
        id = self._workspace.next_id("V")
        root = below["root_view_id"] if below else id
        new = self._dress(view, user, id, root, below["id"] if below else None)
        user.stack.append(new)
        self._open[id] = new
        self._owner[id] = user
        self._workspace.touch("views", user.id)
        return new

    def _dress(self, view: dict[str, Any], user: User, id: str, root: str, previous: str | None) -> dict[str, Any]:
        modal = view["type"] == "modal"
        new: dict[str, Any] = {
            "id": id,
            "team_id": user.team,
            "type": view["type"],
            "blocks": view["blocks"],
            "private_metadata": view.get("private_metadata", ""),
            "callback_id": view.get("callback_id", ""),
            "state": {"values": {}},
            "hash": f"{self._workspace.next_ts()}.{id[-4:]}",
            "title": view.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
            "clear_on_close": view.get("clear_on_close", False),
            "notify_on_close": view.get("notify_on_close", False),
            "close": view.get("close"),
            "submit": view.get("submit"),
            "previous_view_id": previous,
            "root_view_id": root,
            "app_id": APP_ID,
            "external_id": view.get("external_id", ""),
            "app_installed_team_id": self._workspace.team,
            "bot_id": BOT_ID,
        }
        if modal:
            new["submit_disabled"] = view.get("submit_disabled", False)
        return new


def _kept(values: dict[str, Any], blocks: list[dict[str, Any]]) -> dict[str, Any]:
    """What was entered into elements that are still there, under the same ids and of the same type."""
    kept: dict[str, Any] = {}
    for block, element in elements_of(blocks):
        place, name = block["block_id"], element.get("action_id")
        held = values.get(place, {}).get(name)
        if held is not None and held["type"] == element["type"]:
            kept.setdefault(place, {})[name] = held
    return kept
