"""Check blocks and views against the limits, and give them what Slack gives: block and action ids."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from bot.sandbox import limits
from bot.sandbox.failures import ApiError
from bot.sandbox.rules import Check
from bot.sandbox.things import elements_of

NO_PREVIEW = "[no preview available]"
"""What Slack gives an attachment as its fallback when it has no text."""

_DEFAULTS: Mapping[str, Mapping[str, bool]] = {
    "plain_text": {"emoji": True},
    "mrkdwn": {"verbatim": False},
    "input": {"optional": False, "dispatch_action": False},
}
"""What Slack adds where it was not said, so that payloads and answers have it."""

_NEEDS_URL = ("image_url", "slack_file")


class BlockReader:
    """Reads blocks as they arrive. It counts up, so that every id that it gives is new."""

    def __init__(self) -> None:
        self.given = 0

    def message(self, blocks: Any) -> limits.Blocks:
        """A message's blocks, checked, with ids filled in.

        Raises:
            ApiError: invalid_blocks_format when it is no list; invalid_blocks with pointers; msg_blocks_too_long;
                invalid_attachments for a second table.
        """
        if not isinstance(blocks, list):
            raise ApiError("invalid_blocks_format")
        check = Check()
        limits.MESSAGE(cast(Any, blocks), "/blocks", check)
        found = cast(limits.Blocks, blocks)
        if not check.problems:
            self._finish(found, "/blocks", check)
        if check.problems:
            raise ApiError("invalid_blocks", check.problems)
        _one_table(found)
        if check.text > limits.BLOCK_TEXT_SUM:
            raise ApiError("msg_blocks_too_long")
        return found

    def attachments(self, attachments: Any) -> limits.Blocks:
        """A message's attachments, checked.

        Raises:
            ApiError: too_many_attachments, or invalid_attachments when blocks in them break a limit.
        """
        if not isinstance(attachments, list) or not all(isinstance(x, dict) for x in cast(list[Any], attachments)):
            raise ApiError("invalid_attachments")
        found = cast(limits.Blocks, attachments)
        if len(found) > limits.ATTACHMENTS:
            raise ApiError("too_many_attachments")
        for place, attachment in enumerate(found):
            attachment.setdefault("id", place + 1)
            attachment.setdefault("fallback", attachment.get("text") or NO_PREVIEW)
            blocks: Any = attachment.get("blocks")
            if blocks:
                check = Check()
                limits.MESSAGE(blocks, f"/attachments/{place}/blocks", check)
                if not check.problems:
                    self._finish(cast(limits.Blocks, blocks), f"/attachments/{place}/blocks", check)
                if check.problems:
                    raise ApiError("invalid_attachments", check.problems)
        return found

    def view(self, view: Any, *kinds: str) -> dict[str, Any]:
        """A modal or a Home view, checked, with ids filled in.

        Args:
            view: what the bot sent.
            kinds: `modal`, `home`, or both.

        Raises:
            ApiError: invalid_arguments with pointers that begin with /view; view_too_large.
        """
        if not isinstance(view, dict):
            raise ApiError("invalid_arguments", ["must provide an object [json-pointer:/view]"])
        found = cast(dict[str, Any], view)
        size = len(json.dumps(found).encode())
        check = Check()
        kind = found.get("type")
        if kind is None:
            check.problem("missing required field: type", "/view")
        elif kind not in kinds:
            check.problem("must be a valid enum value", "/view/type")
        else:
            limits.VIEWS[kind](found, "/view", check)
        if not check.problems:
            self._finish(found["blocks"], "/view/blocks", check)
            if kind == "modal" and not found.get("submit") and _asks(found["blocks"]):
                check.problem("missing required field: submit", "/view")
        if check.problems:
            raise ApiError("invalid_arguments", check.problems)
        if size > limits.VIEW_BYTES:
            raise ApiError("view_too_large")
        return found

    def _finish(self, blocks: limits.Blocks, at: str, check: Check) -> None:
        for place, block in enumerate(blocks):
            _complete(block)
            _rules_beyond_tables(block, f"{at}/{place}", check)
            given = block.get("block_id")
            if not given:
                block["block_id"] = self._new()
            elif given in check.blocks:
                check.problem("`block_id` must be unique", f"{at}/{place}/block_id")
            else:
                check.blocks.add(given)
        for block, element in elements_of(blocks):
            action = element.get("action_id")
            if not action:
                if element.get("type") != "image":
                    element["action_id"] = self._new()
            elif (block["block_id"], action) in check.actions:
                check.problem(f"`action_id` must be unique: {action}", at)
            else:
                check.actions.add((block["block_id"], action))

    def _new(self) -> str:
        self.given += 1
        return f"b{self.given:05d}"


def _one_table(blocks: limits.Blocks) -> None:
    """One table a message, and so much text in its cells (Slack's page "Table block"); the codes are second-hand."""
    tables = [block for block in blocks if block["type"] == "table"]
    if len(tables) > 1:
        raise ApiError("invalid_attachments", ["only_one_table_allowed"])
    cells = [cell for table in tables for row in table["rows"] for cell in row]
    if sum(len(str(cell.get("text") or cell.get("value") or "")) for cell in cells) > limits.TABLE_TEXT:
        raise ApiError("invalid_blocks", ["table cells hold more than 10000 characters"])


def _complete(part: Any) -> None:
    if isinstance(part, list):
        for item in cast(list[Any], part):
            _complete(item)
    elif isinstance(part, dict):
        found = cast(dict[str, Any], part)
        for inner in found.values():
            if isinstance(inner, (dict, list)):
                _complete(cast(Any, inner))
        kind = found.get("type")
        for key, value in _DEFAULTS.get(kind, {}).items() if isinstance(kind, str) else ():
            found.setdefault(key, value)


def _asks(blocks: limits.Blocks) -> bool:
    return any(block["type"] == "input" for block in blocks)


def _rules_beyond_tables(block: dict[str, Any], at: str, check: Check) -> None:
    """What depends on two keys at once."""
    kind = block["type"]
    if kind == "section" and not block.get("text") and not block.get("fields"):
        check.problem("missing required field: text", at)
    if kind == "image" and not any(block.get(key) for key in _NEEDS_URL):
        check.problem("missing required field: image_url", at)
    for where, element in _inner(block, at):
        sort = element.get("type")
        if sort in ("static_select", "multi_static_select") and bool(element.get("options")) == bool(
            element.get("option_groups")
        ):
            check.problem("missing required field: options", where)
        if sort == "image" and not any(element.get(key) for key in _NEEDS_URL):
            check.problem("missing required field: image_url", where)
        _initial_is_offered(element, where, check)


def _initial_is_offered(element: dict[str, Any], at: str, check: Check) -> None:
    initial = element.get("initial_option")
    if not initial or ("options" not in element and "option_groups" not in element):
        return
    if initial["value"] not in {option["value"] for option in options_of(element)}:
        check.problem("must be one of the provided options", f"{at}/initial_option")


def _inner(block: dict[str, Any], at: str) -> list[tuple[str, dict[str, Any]]]:
    if block.get("accessory"):
        return [(f"{at}/accessory", block["accessory"])]
    if "element" in block:
        return [(f"{at}/element", block["element"])]
    if block["type"] in ("actions", "context"):
        return [(f"{at}/elements/{place}", element) for place, element in enumerate(block["elements"])]
    return []


def options_of(element: dict[str, Any]) -> list[dict[str, Any]]:
    """Every option that an element offers, those in groups too."""
    found: list[dict[str, Any]] = list(element.get("options") or ())
    for group in element.get("option_groups") or ():
        found.extend(group["options"])
    return found
