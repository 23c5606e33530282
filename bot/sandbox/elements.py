"""What a person does with one element, and how Slack writes it into `actions` and `state.values`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple, cast

from bot.sandbox.blocks import options_of
from bot.sandbox.drawing.composed import composed
from bot.sandbox.things import elements_of


class Kind(NamedTuple):
    """How an element keeps its value: the key, the key of its first value, several or one, options or bare values."""

    key: str
    initial: str
    many: bool = False
    options: bool = False


STATEFUL: Mapping[str, Kind] = {
    "plain_text_input": Kind("value", "initial_value"),
    "number_input": Kind("value", "initial_value"),
    "email_text_input": Kind("value", "initial_value"),
    "url_text_input": Kind("value", "initial_value"),
    "rich_text_input": Kind("rich_text_value", "initial_value"),
    "file_input": Kind("files", "", many=True),
    "datepicker": Kind("selected_date", "initial_date"),
    "timepicker": Kind("selected_time", "initial_time"),
    "datetimepicker": Kind("selected_date_time", "initial_date_time"),
    "static_select": Kind("selected_option", "initial_option", options=True),
    "external_select": Kind("selected_option", "initial_option", options=True),
    "radio_buttons": Kind("selected_option", "initial_option", options=True),
    "users_select": Kind("selected_user", "initial_user"),
    "channels_select": Kind("selected_channel", "initial_channel"),
    "conversations_select": Kind("selected_conversation", "initial_conversation"),
    "multi_static_select": Kind("selected_options", "initial_options", many=True, options=True),
    "multi_external_select": Kind("selected_options", "initial_options", many=True, options=True),
    "checkboxes": Kind("selected_options", "initial_options", many=True, options=True),
    "multi_users_select": Kind("selected_users", "initial_users", many=True),
    "multi_channels_select": Kind("selected_channels", "initial_channels", many=True),
    "multi_conversations_select": Kind("selected_conversations", "initial_conversations", many=True),
}
"""Elements that remember; buttons and overflow menus do not."""

REQUIRED = "Please complete this required field."
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
URL = re.compile(r"https?://\S+", re.IGNORECASE)


def state_values(blocks: Iterable[dict[str, Any]], chosen: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
    """`state.values`: block_id -> action_id -> what the element holds.

    Args:
        blocks: a message's or a view's blocks.
        chosen: what a person changed, by (block_id, action_id); the rest holds its initial value.
    """
    values: dict[str, Any] = {}
    for block, element in elements_of(blocks):
        kind = STATEFUL.get(element["type"])
        if kind is None:
            continue
        place = (block["block_id"], element["action_id"])
        held = chosen[place] if place in chosen else element.get(kind.initial, [] if kind.many else None)
        values.setdefault(place[0], {})[place[1]] = {"type": element["type"], kind.key: held}
    return values


def refresh(view: dict[str, Any], changed: Mapping[tuple[str, str], Any]) -> None:
    """Bring a view's `state.values` up to date: what was held, the initial values, what changed now."""
    held: dict[tuple[str, str], Any] = {}
    for block, actions in view["state"]["values"].items():
        for action_id, entry in actions.items():
            held[(block, action_id)] = entry[STATEFUL[entry["type"]].key]
    view["state"] = {"values": state_values(view["blocks"], {**held, **changed})}


def taken(element: dict[str, Any], value: Any) -> Any:
    """What an element holds after a person gave it a value: an option's value, a text, a date, an id, or several.

    Raises:
        LookupError: no such option is offered.
    """
    kind = STATEFUL[element["type"]]
    if value is None:
        return [] if kind.many else None
    if element["type"] == "rich_text_input":
        # The page has it in Slack's notation; the payload has it as the composer's block.
        return {"type": "rich_text", "elements": composed(str(value))} if value else None
    if not kind.options:
        return list(value) if kind.many else value if element["type"] == "datetimepicker" else str(value)
    offered = {option["value"]: option for option in options_of(element)}
    if element["type"].endswith("external_select") and not offered:
        offered = {v: {"text": {"type": "plain_text", "text": v}, "value": v} for v in _listed(value)}
    chosen: list[Any] = []
    for wanted in _listed(value):
        if wanted not in offered:
            raise LookupError(f"{element['action_id']} offers {list(offered)}, not {wanted!r}")
        chosen.append(offered[wanted])
    return chosen if kind.many else chosen[0]


def action(block: dict[str, Any], element: dict[str, Any], value: Any, ts: str) -> dict[str, Any]:
    """One item of `actions` in a block_actions payload.

    Args:
        block: the block it stands in.
        element: the element that was used.
        value: what it holds now, as `taken` gives it; for an overflow menu the option; for a button nothing.
        ts: when.
    """
    body: dict[str, Any] = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": ts,
    }
    if element["type"] == "button":
        body["text"] = element["text"]
        for key in ("value", "style", "url"):
            if key in element:
                body[key] = element[key]
    elif element["type"] == "overflow":
        body["selected_option"] = value
    else:
        body[STATEFUL[element["type"]].key] = value
        if "placeholder" in element:
            body["placeholder"] = element["placeholder"]
    return body


def complaints(view: dict[str, Any]) -> dict[str, str]:
    """What Slack's own client refuses before it sends a modal: block_id -> what the person reads."""
    values = view["state"]["values"]
    found: dict[str, str] = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        kind = STATEFUL.get(element["type"])
        if kind is None:
            continue
        held = values.get(block["block_id"], {}).get(element["action_id"], {}).get(kind.key)
        if held in (None, "", []):
            if not block.get("optional"):
                found[block["block_id"]] = REQUIRED
            continue
        problem = _typed_wrong(element, held)
        if problem:
            found[block["block_id"]] = problem
    return found


def _typed_wrong(element: dict[str, Any], held: Any) -> str | None:
    kind = element["type"]
    if kind == "plain_text_input":
        if len(held) < element.get("min_length", 0):
            return f"Must be at least {element['min_length']} characters"
        if len(held) > element.get("max_length", 3000):
            return f"Must be at most {element.get('max_length', 3000)} characters"
    if kind == "number_input":
        return _number_wrong(element, held)
    if kind == "email_text_input" and not EMAIL.fullmatch(held):
        return "Enter a valid email"
    if kind == "url_text_input" and not URL.fullmatch(held):
        return "Enter a valid URL"
    return None


def _number_wrong(element: dict[str, Any], held: str) -> str | None:
    try:
        number = Decimal(held)
    except InvalidOperation:
        return "Enter a number"
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Enter a whole number"
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Must be at least {element['min_value']}"
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Must be at most {element['max_value']}"
    return None


def _listed(value: Any) -> list[Any]:
    return [value] if isinstance(value, str) else list(cast(Iterable[Any], value))
