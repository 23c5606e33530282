"""The page's files: its tables against those of the sandbox, no markup out of words, and nothing left over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bot.sandbox
from bot.sandbox import limits
from bot.sandbox.elements import STATEFUL
from bot.sandbox.faults import FAULTS

PAGE = Path(bot.sandbox.__file__).parent / "page"
SCRIPTS = {file.stem: file.read_text(encoding="utf-8") for file in sorted(PAGE.glob("*.js"))}
TABLES = {"BLOCKS", "ELEMENTS", "STATE"}
# What would make markup, or a program, of what somebody wrote.
FORBIDDEN = (
    r"(?:inner|outer|insertAdjacent)HTML|document\.write|DOMParser|createContextualFragment|srcdoc|\beval\b"
    r"|new Function|setAttribute\(\"style"
)


def table(file: str, name: str) -> dict[str, str]:
    """The keys of an exported table and what stands behind each."""
    found = re.search(rf"export const {name} = \{{\n(.*?)\n\}};", SCRIPTS[file], re.DOTALL)
    assert found, f"{file}.js exports no {name}"
    return dict(re.findall(r"^  (\w+): (.+?),$", found[1], re.MULTILINE))


def test_every_block_that_the_sandbox_takes_is_drawn() -> None:
    assert set(table("blocks", "BLOCKS")) == set(limits.BLOCKS)


def test_every_element_that_the_sandbox_takes_is_drawn() -> None:
    assert set(table("elements", "ELEMENTS")) == set(limits.ELEMENTS)


def test_the_page_and_the_sandbox_keep_values_under_the_same_names() -> None:
    page = {kind: re.findall(r'"(\w*)"', keys) for kind, keys in table("fields", "STATE").items()}

    assert page == {kind: [keys.key, keys.initial] for kind, keys in STATEFUL.items()}


def test_every_fault_stands_in_its_group() -> None:
    groups = re.search(r"^const GROUPS = \[\n(.*?)^\];", SCRIPTS["faults"], re.DOTALL | re.MULTILINE)
    assert groups
    listed = [name for names in re.findall(r", \[(.*?)\]", groups[1]) for name in re.findall(r'"(\w+)"', names)]

    assert sorted(listed) == sorted(FAULTS.keys() - {"clear"})


@pytest.mark.parametrize("file", SCRIPTS)
def test_what_people_wrote_is_never_made_markup(file: str) -> None:
    assert not re.search(FORBIDDEN, SCRIPTS[file])


@pytest.mark.parametrize("file", SCRIPTS)
def test_what_a_file_hands_out_is_taken_by_another(file: str) -> None:
    handed = re.findall(r"^export (?:async )?(?:function|const|class) (\w+)", SCRIPTS[file], re.MULTILINE)
    others = "\n".join(source for name, source in SCRIPTS.items() if name != file)

    assert {name for name in handed if not re.search(rf"\b{name}\b", others)} <= TABLES
