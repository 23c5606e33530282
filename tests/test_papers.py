"""The papers agree with the code: README, CONTRIBUTING and Makefile; and every trouble has its fault and its story."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable

import pytest

from bot.config import describe
from bot.exports.people import CHOICES, COLUMNS
from bot.permissions import PERMISSIONS
from bot.sandbox.control.acts import ACTS
from bot.sandbox.control.address import ROUTES
from bot.sandbox.faults import FAULTS
from bot.sandbox.switches import Faults
from bot.sandbox.verbs import Verb
from db.vocabulary import Role
from handlers.commands import COMMANDS
from handlers.manifest import SCOPES
from tests import source
from tests.stories.pitfalls import PITFALLS

LABELS = source.labels()


def test_the_makefile_has_the_targets_that_the_readme_promises() -> None:
    makefile = (source.ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):.*## \S", makefile, re.MULTILINE)
    assert {"demo", "test", "lint", "bench", "soak"} <= set(targets)
    phony = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())  # type: ignore[index]
    assert phony == set(targets)
    ci = (source.ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.findall(r"\bmake ([a-z]+)", ci) == ["lint", "test"]


def test_the_readme_names_every_target_and_only_those() -> None:
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", readme(), re.MULTILINE))
    makefile = (source.ROOT / "Makefile").read_text(encoding="utf-8")
    assert {"demo", "test", "lint", "bench", "soak"} <= named
    assert named <= set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


def readme() -> str:
    return (source.ROOT / "README.md").read_text(encoding="utf-8")


def settings_table() -> str:
    """Every setting with its default and meaning, as the README shows it."""
    rows = ["| setting | default | meaning |", "| --- | --- | --- |"]
    for row in describe():
        default = "" if not row.default else row.default if row.default == "required" else f"`{row.default}`"
        rows.append(f"| `{row.key}` | {default} | {row.meaning.replace('|', chr(92) + '|')} |")
    return "\n".join(rows)


def commands_table() -> str:
    """What the secretariat and everyone else can type, as the README shows it: the lines of `/spnet help`."""
    rows = ["| who | what they type |", "| --- | --- |"]
    for command in COMMANDS:
        holders = [role for role in Role if command.act is None or command.act in PERMISSIONS[role]]
        who = "everyone" if len(holders) == len(Role) else ", ".join(role.value.replace("_", " ") for role in holders)
        rows.append(f"| {who} | {LABELS[command.label]} |")
    return "\n".join(rows)


def scopes_table() -> str:
    """What the app may do in Slack, and what for."""
    return "\n".join(
        ["| scope | what it is for |", "| --- | --- |", *(f"| `{key}` | {why} |" for key, why in SCOPES.items())]
    )


def people_table() -> str:
    """The columns of a file of people, with every choice that there is."""
    for column, choices in CHOICES.items():
        assert {each for each in choices if each not in LABELS[f"import_column_{column}"]} == set()
    rows = ["| column | what it holds |", "| --- | --- |"]
    return "\n".join([*rows, *(f"| `{column}` | {LABELS[f'import_column_{column}']} |" for column in COLUMNS)])


def addresses_table() -> str:
    """Every address of the sandbox's control."""
    rows = ["| address | what it is for |", "| --- | --- |"]
    return "\n".join([*rows, *(f"| `{route.method} {route.shown}` | {route.help} |" for route in ROUTES)])


def verbs_table(head: str, verbs: Iterable[Verb]) -> str:
    """Verbs with their arguments: those that are needed in bold, a default behind the equals sign."""
    rows = [f"| {head} | what happens | arguments |", "| --- | --- | --- |"]
    for verb in verbs:
        said = [
            f"{f'**`{one.name}`**' if one.needed else f'`{one.name}`'}"
            f"{'' if one.default in (None, '') else f' = {one.default}'}: {one.help[:1].lower()}{one.help[1:]}"
            for one in verb.arguments
        ]
        rows.append(f"| `{verb.name}` | {verb.help} | {'; '.join(said)} |")
    return "\n".join(rows)


def acts_table() -> str:
    """What a person can do at the control address."""
    return verbs_table("act", ACTS)


def faults_table() -> str:
    """What can go wrong on demand."""
    return verbs_table("fault", FAULTS.values())


@pytest.mark.parametrize(
    ("file", "name", "table"),
    [
        ("README.md", "settings", settings_table),
        ("README.md", "commands", commands_table),
        ("README.md", "scopes", scopes_table),
        ("README.md", "people", people_table),
        ("CONTRIBUTING.md", "addresses", addresses_table),
        ("CONTRIBUTING.md", "acts", acts_table),
        ("CONTRIBUTING.md", "faults", faults_table),
    ],
)
def test_the_papers_list_what_the_code_knows(file: str, name: str, table: object) -> None:
    """Between `<!-- settings -->` and `<!-- /settings -->`. RECORD_GOLDEN=1 writes it anew."""
    text = (source.ROOT / file).read_text(encoding="utf-8")
    marked = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)", re.DOTALL)
    assert marked.search(text), f"{file} has no <!-- {name} --> … <!-- /{name} -->"
    whole = marked.sub(lambda match: match[1] + table() + match[2], text)  # type: ignore[operator]
    if os.environ.get("RECORD_GOLDEN") == "1":
        (source.ROOT / file).write_text(whole, encoding="utf-8")
        return
    assert text == whole, f"{file} is not what the code says: run this test once with RECORD_GOLDEN=1"


def stories() -> dict[str, ast.AsyncFunctionDef]:
    """Every story by its name."""
    files = sorted((source.ROOT / "tests" / "stories").glob("test_*.py"))
    found = [node for file in files for node in ast.parse(file.read_text(encoding="utf-8")).body]
    return {node.name: node for node in found if isinstance(node, ast.AsyncFunctionDef)}


def switched(story: ast.AST) -> set[str]:
    """The faults that a story switches on."""
    calls = [
        node for node in ast.walk(story) if isinstance(node, ast.Call) and source.called(node) == "fault" and node.args
    ]
    return {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)} - {"clear"}  # type: ignore[misc]


def test_each_trouble_of_bots_on_bolt_has_its_story_with_a_fault() -> None:
    met: dict[str, set[str]] = {}
    for story in stories().values():
        for mark in story.decorator_list:
            if isinstance(mark, ast.Call) and source.called(mark) == "pitfall":
                name = mark.args[0].value  # type: ignore[attr-defined]
                met.setdefault(name, set()).update(switched(story))
    assert set(met) == set(PITFALLS)
    assert len(PITFALLS) == 11
    assert [name for name, faults in met.items() if not faults] == []


def test_every_fault_is_told_switched_and_met_in_a_story() -> None:
    met = {fault for story in stories().values() for fault in switched(story)}
    assert met - set(FAULTS) == set()
    assert set(FAULTS) - met - {"clear"} == set(), "a fault that no story meets"
    assert set(FAULTS) - set(vars(Faults)) == {"clear"}
    for fault in FAULTS.values():
        assert fault.help.endswith("."), fault.name
        assert all(argument.help for argument in fault.arguments), fault.name
