"""The page draws every block and element that the sandbox takes: its tables against those of limits.py."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bot.sandbox
from bot.sandbox import limits
from bot.sandbox.elements import STATEFUL

PAGE = Path(bot.sandbox.__file__).parent / "page"
OURS = ("nodes", "zones", "dialogs", "fields", "choices", "pickers", "inputs", "elements", "blocks")
# What would make markup, or a program, of what somebody wrote.
FORBIDDEN = (
    r"(?:inner|outer|insertAdjacent)HTML|document\.write|DOMParser|createContextualFragment|srcdoc|\beval\b"
    r"|new Function|setAttribute\(\"style"
)


def table(file: str, name: str) -> dict[str, str]:
    """The keys of an exported table and what stands behind each."""
    source = (PAGE / f"{file}.js").read_text(encoding="utf-8")
    found = re.search(rf"export const {name} = \{{\n(.*?)\n\}};", source, re.DOTALL)
    assert found, f"{file}.js exports no {name}"
    return dict(re.findall(r"^  (\w+): (.+?),$", found[1], re.MULTILINE))


def test_every_block_that_the_sandbox_takes_is_drawn() -> None:
    assert set(table("blocks", "BLOCKS")) == set(limits.BLOCKS)


def test_every_element_that_the_sandbox_takes_is_drawn() -> None:
    assert set(table("elements", "ELEMENTS")) == set(limits.ELEMENTS)


def test_the_page_and_the_sandbox_keep_values_under_the_same_names() -> None:
    page = {kind: re.findall(r'"(\w*)"', keys) for kind, keys in table("fields", "STATE").items()}

    assert page == {kind: [keys.key, keys.initial] for kind, keys in STATEFUL.items()}


@pytest.mark.parametrize("file", OURS)
def test_what_people_wrote_is_never_made_markup(file: str) -> None:
    source = (PAGE / f"{file}.js").read_text(encoding="utf-8")

    assert not re.search(FORBIDDEN, source)
