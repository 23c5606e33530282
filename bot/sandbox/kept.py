"""The workspace and its mailbox, kept in a folder and read again: a stop or a kill loses nothing that anybody saw.

    workspace.json   everything, written whole: at the start, at the end, and when the changes have grown long
    changes.jsonl    what changed since: one line a change, on the disk before the bot hears that it was done
    clock            the moment that it is
    files/           the bytes of shared files
    mail/            the letters, as the mailbox writes them

A line says how a thing is, not what was done to it, so a line that is read twice does no harm.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from dataclasses import fields
from datetime import datetime
from email.utils import getaddresses
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import structlog

from bot.sandbox.files import File
from bot.sandbox.mailbox import Letter, Mailbox
from bot.sandbox.outbox import Envelope
from bot.sandbox.things import Channel, Message, User

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

log = structlog.get_logger("spnet.sandbox")

VERSION = 1
HEARTBEAT = 1.0
"""Real seconds after which the moment is written down, also when nothing happens."""

MOST_BYTES = 4 * 1024**2
"""Bytes of changes after which everything is written whole."""

PLAIN = ("kind", "payload", "id", "attempt", "reason")
"""What is kept of an envelope."""

HALVES = "surrogatepass"
"""Half of a sign, as of an emoji that was cut in two, is kept as it is; json reads it so too."""

Row = dict[str, Any]


class NotReadable(Exception):
    """What lies in the folder cannot be taken up. Its text is the file's name, and what is wrong with it."""


class OtherVersion(NotReadable):
    """It was written by another version."""


class Kept:
    """Follows a sandbox and a mailbox, and writes down what changes.

    Args:
        sandbox: whose workspace is kept; its clock's moment too.
        mailbox: its letters lie in `folder / "mail"`, where it was told to write them.
        folder: made when it is not there.
    """

    def __init__(self, sandbox: Sandbox, mailbox: Mailbox, folder: Path) -> None:
        self._slack = sandbox.slack
        self._mailbox = mailbox
        self._folder = folder
        self._seen = 0
        self._files: dict[str, Row] = {}
        self._open: set[str] = set()
        self._counters: Row = {}
        self._faults: Row = {}
        self._letters = 0
        self._changes: int | None = None
        self._following: asyncio.Task[None] | None = None

    @staticmethod
    def is_there(folder: Path) -> bool:
        """Whether a workspace is kept in this folder."""
        return (folder / "workspace.json").exists()

    @staticmethod
    def moment(folder: Path) -> datetime:
        """The moment up to which the folder was written.

        Raises:
            NotReadable: it does not say.
        """
        try:
            return datetime.fromisoformat((folder / "clock").read_text(encoding="utf-8").strip())
        except (OSError, ValueError):
            raise NotReadable("clock") from None

    @staticmethod
    def look(folder: Path) -> None:
        """Whether what a folder keeps can be read, as far as that is seen without taking it up.

        Raises:
            NotReadable, OtherVersion: as `read`.
        """
        if Kept.is_there(folder):
            Kept.moment(folder)
            _whole(folder)
            _since(folder)

    def start(self) -> None:
        """Write everything down, and go on writing what changes."""
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / "files").mkdir(exist_ok=True)
        self.write_whole()
        self._following = asyncio.create_task(self._follow(), name="sandbox kept")

    async def stop(self, *, write: bool = True) -> None:
        """Write everything down for the last time.

        Args:
            write: False ends as a kill does, with what stands written already.
        """
        if self._following is None:
            return
        self._following.cancel()
        await asyncio.wait([self._following])
        self._following = None
        if write:
            self.write_whole()
        self._close()

    # writing

    async def _follow(self) -> None:
        write = self.write
        while True:
            await self._slack.workspace.changes.next(HEARTBEAT)
            try:
                write()
            except OSError as error:
                # The disk is full, say. As soon as it takes something again, it gets everything.
                if write == self.write:
                    log.error("not_kept", error=error.strerror)
                write = self.write_whole
            else:
                write = self.write

    def write(self) -> None:
        """Write down what changed since the last time, and the moment."""
        lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in self._changed()]
        if lines and self._changes is not None:
            os.write(self._changes, ("\n".join(lines) + "\n").encode(errors=HALVES))
            if os.fstat(self._changes).st_size > MOST_BYTES:
                self.write_whole()
        self.write_moment()

    def write_moment(self) -> None:
        """Write down what time it is."""
        self._replace("clock", self._slack.clock.now().isoformat().encode())

    def write_whole(self) -> None:
        """Write everything, and begin the changes anew."""
        self._seen, self._letters = self._slack.workspace.journal.n, 0
        self._counters, self._faults, self._files, self._open = {}, {}, {}, set()
        everything = {"version": VERSION, "rows": list(self._everything())}
        self._replace("workspace.json", json.dumps(everything, ensure_ascii=False).encode(errors=HALVES), durable=True)
        self._close()
        flags = os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_APPEND
        self._changes = os.open(self._folder / "changes.jsonl", flags, 0o644)
        self.write_moment()

    def _everything(self) -> Iterator[Row]:
        workspace = self._slack.workspace
        yield from ({"user": _plain(user)} for user in workspace.users.values())
        for channel in workspace.channels.values():
            yield {"channel": _plain(channel, "messages")}
            yield from ({"message": _message(message)} for message in channel.messages.values())
        yield from self._beside()

    def _changed(self) -> Iterator[Row]:
        journal, workspace = self._slack.workspace.journal, self._slack.workspace
        keys, self._seen = journal.since(self._seen), journal.n
        for kind, *ids in keys:
            if kind in ("user", "views", "home"):
                yield {"user": _plain(workspace.users[ids[0]])}
            elif kind == "channel":
                yield {"channel": _plain(workspace.channels[ids[0]], "messages")}
            elif kind == "message":
                message = workspace.channels[ids[0]].messages.get(ids[1])
                yield {"message": _message(message)} if message else {"gone": ids}
        yield from self._beside()

    def _beside(self) -> Iterator[Row]:
        """What the journal does not tell of: files, letters, what the bot did not acknowledge, faults and counters."""
        slack = self._slack
        for file in slack.files.all.values():
            # A copy, for the lists in it go on to change.
            row = deepcopy({**_plain(file, "content"), "there": file.content is not None})
            if self._files.get(file.id) != row:
                self._files[file.id] = row
                if file.content is not None:
                    self._replace(f"files/{file.id}", file.content)
                yield {"file": row}
        letters = self._mailbox.letters
        for number in range(self._letters, len(letters)):
            yield {"letter": number, "from": letters[number].sender, "to": letters[number].recipients}
        self._letters = len(letters)
        # Who waited for an answer (to a command, to a form) is told that none came, as Slack does.
        still = {id: envelope for id, envelope in slack.outbox.open.items() if envelope.answer is None}
        for id in self._open - still.keys():
            yield {"acknowledged": id}
        for id in still.keys() - self._open:
            yield {"open": {name: getattr(still[id], name) for name in PLAIN}}
        self._open = set(still)
        counters = {**slack.workspace.counters, "blocks": slack.reader.given}
        if counters != self._counters:
            self._counters = counters
            yield {"counters": counters}
        faults = slack.faults.lasting
        if faults != self._faults:
            self._faults = faults
            yield {"faults": faults}

    def _replace(self, name: str, content: bytes, *, durable: bool = False) -> None:
        """Write a file so that there is always either the old one or the new one."""
        half = self._folder / f"{name}.half"
        with half.open("wb") as stream:
            stream.write(content)
            if durable:
                stream.flush()
                os.fsync(stream.fileno())
        half.replace(self._folder / name)

    def _close(self) -> None:
        if self._changes is not None:
            os.close(self._changes)
            self._changes = None

    # reading

    def read(self) -> None:
        """Take up what the folder holds, into a sandbox and a mailbox that are still empty.

        Addresses of files are made anew, for the address that the sandbox has now.

        Raises:
            NotReadable: a file is not as it was written.
            OtherVersion: another version wrote it.
        """
        rows = [*_whole(self._folder), *_since(self._folder)]
        at = "workspace.json"
        envelopes: dict[str, Envelope] = {}
        letters: dict[int, tuple[str, tuple[str, ...]]] = {}
        try:
            for row in rows:
                self._take(row, envelopes, letters)
            self._finish()
            at = "mail"
            self._mailbox.letters[:] = self._read_letters(letters)
        except (LookupError, TypeError, ValueError, AttributeError, StopIteration, OSError) as error:
            raise NotReadable(f"{at} ({type(error).__name__})") from error
        for envelope in envelopes.values():
            self._slack.outbox.again(envelope)

    def _take(self, row: Row, envelopes: dict[str, Envelope], letters: dict[int, tuple[str, tuple[str, ...]]]) -> None:
        workspace = self._slack.workspace
        if "user" in row:
            workspace.take_back(User(**row["user"]))
        elif "channel" in row:
            channel = Channel(**row["channel"])
            if there := workspace.channels.get(channel.id):
                channel.messages = there.messages
            workspace.take_back(channel)
        elif "message" in row:
            chosen = {tuple(place): value for place, value in row["message"].pop("chosen")}
            message = Message(**row["message"], chosen=chosen)
            workspace.channels[message.channel].messages[message.ts] = message
        elif "gone" in row:
            channel_id, ts = row["gone"]
            workspace.channels[channel_id].messages.pop(ts, None)
        elif "file" in row:
            there = row["file"].pop("there")
            file = File(**row["file"])
            file.content = (self._folder / "files" / file.id).read_bytes() if there else None
            self._slack.files.all[file.id] = file
        elif "letter" in row:
            letters[row["letter"]] = row["from"], tuple(row["to"])
        elif "open" in row:
            envelopes[row["open"]["id"]] = Envelope(**row["open"])
        elif "acknowledged" in row:
            envelopes.pop(row["acknowledged"], None)
        elif "faults" in row:
            self._slack.faults.lasting = row["faults"]
        else:
            counters = dict(row["counters"])
            self._slack.reader.given = counters.pop("blocks")
            workspace.counters = counters

    def _finish(self) -> None:
        slack = self._slack
        for user in slack.workspace.users.values():
            slack.views.take_back(user)
            slack.workspace.touch("user", user.id)
        for channel in slack.workspace.channels.values():
            channel.messages = dict(sorted(channel.messages.items()))
            slack.workspace.touch("channel", channel.id)
            for message in channel.messages.values():
                message.files = [slack.files.all[str(file["id"])].wire(slack.origin) for file in message.files]
                slack.workspace.shown(message)

    def _read_letters(self, known: dict[int, tuple[str, tuple[str, ...]]]) -> Iterator[Letter]:
        for number, file in enumerate(sorted((self._folder / "mail").glob("*.eml"))):
            letter = Letter("", (), file.read_bytes())
            # Killed between the letter and its line: its head says whom it was for.
            letter.sender, letter.recipients = known.get(number) or (
                next(iter(_addresses(letter, "from")), ""),
                _addresses(letter, "to", "cc"),
            )
            yield letter


def _whole(folder: Path) -> list[Row]:
    try:
        found = json.loads((folder / "workspace.json").read_bytes())
        version, rows = found["version"], found["rows"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise NotReadable("workspace.json") from None
    if version != VERSION:
        raise OtherVersion(f"workspace.json: {version}")
    if not isinstance(rows, list):
        raise NotReadable("workspace.json")
    return cast(list[Row], rows)


def _since(folder: Path) -> list[Row]:
    with suppress(FileNotFoundError):
        lines = (folder / "changes.jsonl").read_bytes().split(b"\n")
        try:
            # What stands behind the end of the last line was cut off by a kill.
            return [json.loads(line) for line in lines[:-1]]
        except (ValueError, RecursionError):
            raise NotReadable("changes.jsonl") from None
    return []


def _plain(thing: User | Channel | File, *without: str) -> Row:
    return {field.name: getattr(thing, field.name) for field in fields(thing) if field.name not in without}


def _message(message: Message) -> Row:
    row: Row = {field.name: getattr(message, field.name) for field in fields(message)}
    row["chosen"] = [[list(place), value] for place, value in message.chosen.items()]
    return row


def _addresses(letter: Letter, *names: str) -> tuple[str, ...]:
    heads = [value for name, value in letter.heads() if name.lower() in names]
    return tuple(address for _, address in getaddresses(heads))
