"""A mailbox on this machine: an SMTP server in the running loop that keeps what it receives."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import Callable, Iterator
from datetime import datetime
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.sandbox.changes import Changes


class Letter:
    """One received mail: who sent it to whom (the SMTP envelope), its bytes, and the message read from them."""

    def __init__(self, sender: str, recipients: tuple[str, ...], raw: bytes) -> None:
        self.sender = sender
        self.recipients = recipients
        self.raw = raw

    @cached_property
    def message(self) -> EmailMessage:
        """The parsed message."""
        return email.message_from_bytes(self.raw, policy=email.policy.default)

    @property
    def subject(self) -> str:
        """The subject, decoded."""
        return self.head("Subject")

    def head(self, name: str) -> str:
        """A header, decoded; empty when there is none."""
        return next((value for key, value in self.heads() if key.lower() == name.lower()), "")

    def heads(self) -> Iterator[tuple[str, str]]:
        """Every header, decoded where Python can; it breaks off at some that are not as they should be."""
        for name, raw in self.message.raw_items():
            try:
                yield name, str(self.message.policy.header_fetch_parse(name, str(raw)))
            except (LookupError, ValueError, AttributeError, TypeError):
                yield name, " ".join(str(raw).split())

    @property
    def date(self) -> datetime | None:
        """When it was written, as it says."""
        try:
            return parsedate_to_datetime(self.head("Date"))
        except (ValueError, TypeError):
            return None

    def text(self, kind: str = "plain") -> str:
        """The plain (or html) body, decoded as far as it can be; empty when there is none."""
        part = self.message.get_body((kind,))
        return words_of(part) if part is not None else ""


def words_of(part: MIMEPart) -> str:
    """The text of a part; what names an unknown charset is read as UTF-8, for one such letter hides no other."""
    try:
        return str(part.get_content())
    except (LookupError, ValueError):
        found = part.get_payload(decode=True)
        return found.decode(errors="replace") if isinstance(found, bytes) else ""


class Mailbox:
    """Receives mail over SMTP on 127.0.0.1.

    Args:
        folder: where each mail is written as an .eml file too; nowhere when None.

    Attributes:
        told: is told of each letter that comes.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.letters: list[Letter] = []
        self.faults = MailFaults()
        self.told: Callable[[Letter], object] | None = None
        self._changes = Changes()
        self._server: asyncio.Server | None = None
        self._transports: set[asyncio.BaseTransport] = set()

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1, on a free port when 0.

        Raises:
            OSError: the port is taken.
        """
        loop = asyncio.get_running_loop()
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
        self._server = await loop.create_server(self._protocol, "127.0.0.1", port)

    async def stop(self) -> None:
        """Stop listening and drop every connection."""
        self.faults.release()
        if self._server is not None:
            self._server.close()
            for transport in list(self._transports):
                transport.abort() if isinstance(transport, asyncio.Transport) else transport.close()
            await self._server.wait_closed()
            self._server = None
        await asyncio.sleep(0)

    @property
    def host(self) -> str:
        """The address it listens on."""
        return "127.0.0.1"

    @property
    def port(self) -> int:
        """The port it listens on."""
        if self._server is None:
            raise RuntimeError("the mailbox has not started")
        return self._server.sockets[0].getsockname()[1]

    def to(self, address: str) -> list[Letter]:
        """The letters that this address received, oldest first."""
        wanted = address.casefold()
        return [x for x in self.letters if wanted in (recipient.casefold() for recipient in x.recipients)]

    async def receives(self, wanted: Callable[[Letter], bool], timeout: float = 5.0) -> Letter:  # noqa: ASYNC109
        """Wait for a letter; the newest that `wanted` accepts.

        Raises:
            TimeoutError: none within `timeout` real seconds.
        """
        return await self._changes.until(lambda: next((x for x in reversed(self.letters) if wanted(x)), None), timeout)

    def keep(self, letter: Letter) -> None:
        """Lay a letter into the box."""
        self.letters.append(letter)
        if self.folder is not None:
            file = self.folder / f"{len(self.letters):05d}.eml"
            half = file.with_suffix(".half")
            half.write_bytes(letter.raw)
            half.replace(file)
        self._changes.tell()
        if self.told is not None:
            self.told(letter)

    def _protocol(self) -> asyncio.Protocol:
        return _Connection(self._transports, _Handler(self), hostname="mailbox.example", enable_SMTPUTF8=True)


class MailFaults:
    """Switches for what goes wrong at the mail server. Each is off until it is called."""

    def __init__(self) -> None:
        self._all: str | None = None
        self._recipients: dict[str, str] = {}
        self._hanging: asyncio.Event | None = None

    def refuse_all(self, reply: str | None = "451 4.3.0 Try again later") -> None:
        """Answer every sender with this; None switches it off."""
        self._all = reply

    def refuse(self, recipient: str, reply: str | None = "550 5.1.1 No such user here") -> None:
        """Answer this recipient with this; None switches it off."""
        if reply is None:
            self._recipients.pop(recipient.casefold(), None)
        else:
            self._recipients[recipient.casefold()] = reply

    def hang(self) -> None:
        """Take no more mails: whoever sends waits until `release`."""
        self._hanging = asyncio.Event()

    def release(self) -> None:
        """Whoever waits goes on."""
        if self._hanging is not None:
            self._hanging.set()
            self._hanging = None

    def sender_reply(self) -> str | None:
        """What a sender is refused with."""
        return self._all

    def recipient_reply(self, recipient: str) -> str | None:
        """What a recipient is refused with."""
        return self._recipients.get(recipient.casefold())

    async def wait(self) -> None:
        """Wait while the server hangs."""
        if self._hanging is not None:
            await self._hanging.wait()


class _Connection(SMTP):
    """One connection, known to the mailbox so that it can end it."""

    def __init__(self, transports: set[asyncio.BaseTransport], handler: _Handler, **options: Any) -> None:
        super().__init__(handler, **options)
        self._known = transports

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._known.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.transport is not None:
            self._known.discard(self.transport)
        super().connection_lost(error)


class _Handler:
    """What aiosmtpd asks while a mail comes in; the names of the methods are aiosmtpd's."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self._mailbox.faults.sender_reply()
        if reply is not None:
            return reply
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self._mailbox.faults.recipient_reply(address)
        if reply is not None:
            return reply
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        await self._mailbox.faults.wait()
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        self._mailbox.keep(Letter(envelope.mail_from or "", tuple(map(str, envelope.rcpt_tos)), raw))
        return "250 2.0.0 Kept"
