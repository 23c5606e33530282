"""The project's own source and words, read as data by the tests of the house."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

from jinja2 import Environment, nodes

from bot.words import TEMPLATES

ROOT = Path(__file__).parents[1]
KIND = re.compile(r"[a-z_]+/[a-z_]+")
Node = TypeVar("Node", bound=ast.AST)
_JINJA = Environment(trim_blocks=True, lstrip_blocks=True)


@cache
def trees() -> dict[Path, ast.Module]:
    """Every module of bot, handlers and db, parsed; the sandbox is a stand-in and left out."""
    files = [file for top in ("bot", "handlers", "db") for file in sorted((ROOT / top).rglob("*.py"))]
    return {
        file.relative_to(ROOT): ast.parse(file.read_text(encoding="utf-8"))
        for file in files
        if "sandbox" not in file.parts and "versions" not in file.parts
    }


def every(sort: type[Node]) -> Iterator[Node]:
    """Every piece of the source of one sort."""
    for tree in trees().values():
        for node in ast.walk(tree):
            if isinstance(node, sort):
                yield node


def strings() -> Iterator[str]:
    """Every text constant of the source."""
    return (node.value for node in every(ast.Constant) if isinstance(node.value, str))


def called(node: ast.Call) -> str:
    """The name of what is called, without what it belongs to."""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


@cache
def labels() -> dict[str, str]:
    """The short words, by their key."""
    return tomllib.loads((TEMPLATES / "labels.toml").read_text(encoding="utf-8"))


def asked(owner: str) -> set[str]:
    """The names that the source takes from an enum or a table: `Act.REVIEW` gives REVIEW."""
    return {node.attr for node in every(ast.Attribute) if isinstance(node.value, ast.Name) and node.value.id == owner}


def classes_below(*roots: str) -> dict[str, Path]:
    """Every class of the source that descends from one of these, with its file."""
    bases: dict[str, tuple[set[str], Path]] = {}
    for file, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                above = {base.id if isinstance(base, ast.Name) else getattr(base, "attr", "") for base in node.bases}
                bases[node.name] = (above, file)
    found: set[str] = set(roots)
    while more := {name for name, (above, _) in bases.items() if above & found and name not in found}:
        found |= more
    return {name: bases[name][1] for name in found - set(roots)}


def templates() -> dict[str, str]:
    """Every template by its name (`cycle/status.chat.j2`), with its text."""
    return {
        file.relative_to(TEMPLATES).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(TEMPLATES.rglob("*.j2"))
    }


def kind_of(template: str) -> str:
    """`cycle/status.chat.j2` is of the kind `cycle/status`."""
    return template.split(".")[0]


def included(text: str) -> set[str]:
    """The templates that a template's text includes or extends."""
    named = _JINJA.parse(text).find_all((nodes.Include, nodes.Extends))
    return {node.template.value for node in named if isinstance(node.template, nodes.Const)}


def words_of(text: str) -> list[str]:
    """What a template can say by itself: its plain text, and the texts that its expressions choose from."""
    tree = _JINJA.parse(text)
    said = [node.data for node in tree.find_all(nodes.TemplateData)]
    for output in tree.find_all(nodes.Output):
        inner = output.find_all((nodes.Compare, nodes.Call))
        compared = {id(each) for test in inner for each in test.find_all(nodes.Const)}
        texts = [node for node in output.find_all(nodes.Const) if isinstance(node.value, str)]
        said += [node.value for node in texts if id(node) not in compared]
    return said
