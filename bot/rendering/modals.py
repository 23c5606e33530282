"""A Form as a modal of Slack, and what was filled in read back from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from bot.messages import Field, Form, Sort
from bot.rendering.blocks import BLOCKS_A_VIEW, OPTIONS_A_MENU, Block, option, to_blocks, without_tables
from bot.words import UTC_READER, Reader, Words

INPUT = "input"


def render(form: Form, words: Words, reader: Reader = UTC_READER) -> dict[str, Any]:
    """A form as a modal view.

    Args:
        reader: in whose zone and date style the words above the fields are.
    """
    above: list[Block] = []
    if form.intro is not None:
        above = without_tables(to_blocks(words.render(form.intro.kind, "chat", form.intro.facts, reader)))
    return {
        "type": "modal",
        "callback_id": form.deed.value,
        "private_metadata": form.private,
        "title": _plain(words.label(f"{form.deed.value}_title")),
        "submit": _plain(words.label(form.submit or f"{form.deed.value}_submit")),
        "close": _plain(words.label(form.close or "close")),
        "blocks": [*above[: BLOCKS_A_VIEW - len(form.fields)], *(_input(field, words) for field in form.fields)],
    }


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}


def _input(field: Field, words: Words) -> Block:
    block: Block = {
        "type": "input",
        "block_id": field.name,
        "label": _plain(words.label(field.label, **field.facts)),
        "optional": field.optional,
        "element": {"action_id": INPUT, **ELEMENTS[field.way](field)},
    }
    return {**block, "hint": _plain(words.label(field.hint))} if field.hint else block


def _text(field: Field) -> Block:
    element: Block = {"type": "plain_text_input", "multiline": field.multiline, "max_length": field.maximum}
    return {**element, "initial_value": field.initial[: field.maximum]} if field.initial else element


def _email(field: Field) -> Block:
    element: Block = {"type": "email_text_input"}
    return {**element, "initial_value": field.initial} if field.initial else element


def _choice(field: Field) -> Block:
    options = [option(value, text) for value, text in field.options[:OPTIONS_A_MENU]]
    chosen = [each for each in options if each["value"] in (field.initial or "").split(",")]
    if field.many:
        several: Block = {"type": "multi_static_select", "options": options}
        return {**several, "initial_options": chosen} if chosen else several
    one: Block = {"type": "static_select", "options": options}
    return {**one, "initial_option": chosen[0]} if chosen else one


def _checks(field: Field) -> Block:
    options = [option(value, text) for value, text in field.options]
    chosen = [each for each in options if each["value"] in (field.initial or "").split(",")]
    element: Block = {"type": "checkboxes", "options": options}
    return {**element, "initial_options": chosen} if chosen else element


def _date(field: Field) -> Block:
    element: Block = {"type": "datepicker"}
    return {**element, "initial_date": field.initial} if field.initial else element


def _person(field: Field) -> Block:
    element: Block = {"type": "users_select"}
    return {**element, "initial_user": field.initial} if field.initial else element


def _file(field: Field) -> Block:
    return {"type": "file_input", "max_files": field.maximum}


ELEMENTS: dict[Sort, Callable[[Field], Block]] = {
    Sort.TEXT: _text,
    Sort.EMAIL: _email,
    Sort.CHOICE: _choice,
    Sort.CHECKS: _checks,
    Sort.DATE: _date,
    Sort.PERSON: _person,
    Sort.FILE: _file,
}


def filled(view: dict[str, Any]) -> dict[str, list[str]]:
    """What was filled in, by field: the text typed, the day as `2026-05-03`, or the values, people or files chosen; an
    empty list where nothing was."""
    state: dict[str, Any] = view.get("state", {}).get("values", {})
    return {name: _given(inputs.get(INPUT, {})) for name, inputs in state.items()}


def _given(given: dict[str, Any]) -> list[str]:
    one: Any = given.get("value") or given.get("selected_date") or given.get("selected_user")
    if one:
        return [str(one)]
    if files := given.get("files"):
        return [str(each["id"]) for each in cast("list[Any]", files)]
    chosen: Any = given.get("selected_options") or [given.get("selected_option")]
    return [str(each["value"]) for each in cast("list[Any]", chosen) if each]
