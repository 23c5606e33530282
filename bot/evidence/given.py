"""What is handed in as evidence: a link, or a file; looked at before it is kept. Pure.

A link is kept as it was written and never followed. A file is known by its content (`bot.files`), not by its name;
what could run in it is refused.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot import files
from bot.errors import Refusal
from bot.files import Type
from bot.people.kept import one
from bot.reading import clean

MEGABYTE = 1_000_000
LONGEST_LINK = 2000
LONGEST_TITLE = 200
LINK = re.compile(r"\bhttps?://[^\s<>\"'|`]+", re.IGNORECASE)
# What is left of an address in brackets; a run of blanks is looked at once, from its beginning.
EMPTY = re.compile(r"(?<![ \t])[ \t]*\(\s*\)")
# A browser takes a name whose last part is a number, also one to the base of 16, for a machine's address (WHATWG URL).
ADDRESS_IN_NUMBERS = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$", re.IGNORECASE)
# Signs that end a sentence and no address.
ENDS = ".,;:!?…。"


class EvidenceRefused(Refusal):
    """Something cannot be evidence. Facts: problem (`kind`, `size`, `table`, `empty`, `gone`, `runs`, `encrypted`,
    `link`, `many`), name, most (megabytes), kinds (what is taken), count."""


@dataclass(frozen=True)
class Limits:
    """What is taken, from the settings.

    Attributes:
        largest: bytes of one file.
        kinds: the types of files, by their names in bot.files.
        most: pieces behind one answer.
    """

    largest: int = 10 * MEGABYTE
    kinds: tuple[str, ...] = tuple(files.TYPES)
    most: int = 10

    def refused(self, problem: str, name: str = "") -> EvidenceRefused:
        """The refusal of something, with what would be taken."""
        kinds = [kind.upper() for kind in self.kinds]
        most = (files.LARGEST_TABLE if problem == "table" else self.largest) // MEGABYTE
        return EvidenceRefused(problem=problem, name=shown(name), most=most, kinds=kinds, count=self.most)


@dataclass(frozen=True)
class Link:
    """An address that was checked."""

    address: str
    title: str


@dataclass(frozen=True)
class Handed:
    """A file that was checked. `name` is for people only."""

    name: str
    kind: Type
    sha256: str
    content: bytes = field(repr=False)

    @property
    def title(self) -> str:
        """What people call it."""
        return self.name


def shown(name: str) -> str:
    """A name of a file or a title as it is kept: one line, nothing invisible, of some length."""
    return clean(one({"name": [name]}, "name"))[:LONGEST_TITLE]


def links_in(text: str) -> tuple[str, list[str]]:
    """What was written without its addresses, and the addresses in order."""
    found: list[str] = []

    def taken(match: re.Match[str]) -> str:
        address = match[0].rstrip(ENDS)
        # A longer one is no address that is kept; to count its signs again and again would take minutes.
        while len(address) <= LONGEST_LINK and address.endswith(")") and address.count(")") > address.count("("):
            address = address[:-1].rstrip(ENDS)
        found.append(address)
        return match[0][len(address) :]

    rest = LINK.sub(taken, text)
    return EMPTY.sub("", rest).strip(" \t,;:-"), list(dict.fromkeys(found))


def link_of(text: str, limits: Limits, title: str = "") -> Link:
    """An address as evidence: http or https, of a machine that others can reach by its name, without a password in it.

    Raises:
        EvidenceRefused: problem `link`.
    """
    address = clean(text)
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise limits.refused("link", address) from None
    # As a browser reads it: with signs of full width and the full stops of other scripts made plain.
    host = unicodedata.normalize("NFKC", host).replace("\u3002", ".").rstrip(".")
    named = "." in host.strip(".") and not ADDRESS_IN_NUMBERS.search(host) and not set(host) & set(":%[]")
    local = host.endswith((".local", ".localhost", ".internal", ".lan"))
    whole = LINK.fullmatch(address) is not None and address.isprintable() and len(address) <= LONGEST_LINK
    if not whole or not named or local or "@" in parts.netloc or "\\" in address:
        raise limits.refused("link", address)
    return Link(address, shown(title) or address.split("://", 1)[1].rstrip("/")[:LONGEST_TITLE])


def file_of(name: str, content: bytes, limits: Limits) -> Handed:
    """A file as evidence.

    Raises:
        EvidenceRefused: it is empty, too large, of no type that is taken, locked, or something in it could run.
    """
    if not content:
        raise limits.refused("empty", name)
    if len(content) > limits.largest:
        raise limits.refused("size", name)
    kind = files.type_of(content)
    if kind is None or kind.name not in limits.kinds:
        raise limits.refused("kind", name)
    if kind is files.CSV and len(content) > files.LARGEST_TABLE:
        raise limits.refused("table", name)
    if files.encrypted(content, kind):
        raise limits.refused("encrypted", name)
    if files.runs(content, kind):
        raise limits.refused("runs", name)
    return Handed(shown(name) or f"file.{kind.ending}", kind, hashlib.sha256(content).hexdigest(), content)
