"""A Form as a modal of Slack, and what was filled in read back from it."""

from __future__ import annotations

from typing import Any, cast

from bot.messages import Field, Form
from bot.rendering.blocks import OPTIONS_A_MENU, Block, option
from bot.words import Words

INPUT = "input"


def render(form: Form, words: Words) -> dict[str, Any]:
    """A form as a modal view."""
    return {
        "type": "modal",
        "callback_id": form.deed.value,
        "private_metadata": form.private,
        "title": _plain(words.label(f"{form.deed.value}_title")),
        "submit": _plain(words.label(f"{form.deed.value}_submit")),
        "close": _plain(words.label("close")),
        "blocks": [_input(field, words) for field in form.fields],
    }


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}


def _input(field: Field, words: Words) -> Block:
    element: Block = {"action_id": INPUT}
    if field.options:
        element["type"] = "multi_static_select" if field.many else "static_select"
        element["options"] = [option(value, text) for value, text in field.options[:OPTIONS_A_MENU]]
        chosen = [each for each in element["options"] if each["value"] == field.initial]
        if chosen and not field.many:
            element["initial_option"] = chosen[0]
    else:
        element |= {"type": "plain_text_input", "multiline": field.multiline, "max_length": field.maximum}
        if field.initial:
            element["initial_value"] = field.initial[: field.maximum]
    return {
        "type": "input",
        "block_id": field.name,
        "label": _plain(words.label(field.label)),
        "optional": field.optional,
        "element": element,
    }


def filled(view: dict[str, Any]) -> dict[str, list[str]]:
    """What was filled in, by field: the text typed, or the values chosen; an empty list where nothing was."""
    state: dict[str, Any] = view.get("state", {}).get("values", {})
    answers: dict[str, list[str]] = {}
    for name, inputs in state.items():
        given: dict[str, Any] = inputs.get(INPUT, {})
        chosen: Any = given.get("selected_options") or (
            [given["selected_option"]] if given.get("selected_option") else []
        )
        typed = given.get("value")
        answers[name] = [str(typed)] if typed else [str(each["value"]) for each in cast("list[Any]", chosen)]
    return answers
