"""The mailbox as a person reads it: a list, a letter, its page, its pictures, its source, and an answer."""

from __future__ import annotations

import email.policy
import re
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from typing import Any

import aiosmtplib

from bot.clock import Clock
from bot.sandbox.mailbox import Letter, Mailbox

PREVIEW = 140

HTML_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
"""What a mail may do in a browser: show itself and its own pictures. Its links open beside it; nothing runs.

Without `allow-same-origin` a browser asks for the mail's own pictures as a foreign site would, and is turned away.
"""


class Letters:
    """Reads the mailbox. A letter's number is its place in it, from 1."""

    def __init__(self, mailbox: Mailbox, clock: Clock) -> None:
        self._mailbox = mailbox
        self._clock = clock

    def listed(self, address: str | None) -> list[dict[str, Any]]:
        """Every letter, or those that an address sent or received, the newest first."""
        wanted = address.casefold() if address else None
        found = [
            self._row(n, letter)
            for n, letter in enumerate(self._mailbox.letters, 1)
            if wanted is None or wanted in _addresses(letter)
        ]
        return found[::-1]

    def find(self, n: int) -> Letter:
        """One letter.

        Raises:
            LookupError: there is no such letter.
        """
        if not 1 <= n <= len(self._mailbox.letters):
            raise LookupError(f"no letter {n}")
        return self._mailbox.letters[n - 1]

    def whole(self, n: int) -> dict[str, Any]:
        """One letter with its headers, text and list of parts."""
        letter = self.find(n)
        parts = [
            {"n": k, "name": part.get_filename() or "", "type": part.get_content_type(), "size": len(_bytes(part))}
            for k, part in enumerate(_parts(letter))
            if part.get_filename() or part.get_content_maintype() != "text"
        ]
        return {
            **self._row(n, letter),
            "headers": [list(head) for head in letter.heads()],
            "text": letter.text(),
            "has_html": letter.message.get_body(("html",)) is not None,
            "attachments": parts,
        }

    def page(self, n: int) -> str:
        """The HTML part, its inline pictures pointing to the control address.

        Raises:
            LookupError: it has none.
        """
        letter = self.find(n)
        html = letter.text("html")
        if not html:
            raise LookupError(f"letter {n} has no HTML part")
        for k, part in enumerate(_parts(letter)):
            name = next((str(value) for key, value in part.raw_items() if key.lower() == "content-id"), "").strip("<> ")
            if name:
                html = html.replace(f"cid:{name}", f"/control/mail/{n}/part/{k}")
        return re.sub(r"<head([^>]*)>", r'<head\1><base target="_blank">', html, count=1, flags=re.IGNORECASE)

    def part(self, n: int, k: int) -> tuple[str, bytes]:
        """The type and bytes of one part.

        Raises:
            LookupError: there is no such part.
        """
        parts = _parts(self.find(n))
        if not 0 <= k < len(parts):
            raise LookupError(f"letter {n} has no part {k}")
        return parts[k].get_content_type(), _bytes(parts[k])

    async def answer(self, n: int, sender: str, text: str) -> int:
        """Write back to a letter: sent over SMTP to this same mailbox; gives the number of letters then.

        Raises:
            LookupError: no such letter, it did not go to this address, or the answer could not be sent.
        """
        letter = self.find(n)
        if sender.casefold() not in (recipient.casefold() for recipient in letter.recipients):
            raise LookupError(f"letter {n} did not go to {sender}")
        try:
            await aiosmtplib.send(
                _reply(letter, sender, text, self._clock),
                hostname=self._mailbox.host,
                port=self._mailbox.port,
                start_tls=False,
            )
        except (LookupError, ValueError, AttributeError, TypeError, aiosmtplib.SMTPException):
            # Whom to answer, the letter says itself, and a strange one may say anything; or the mailbox takes no mail.
            raise LookupError(f"the answer to letter {n} could not be sent") from None
        return len(self._mailbox.letters)

    def _row(self, n: int, letter: Letter) -> dict[str, Any]:
        return {
            "n": n,
            "date": letter.date.isoformat() if letter.date else None,
            "from": letter.head("From") or letter.sender,
            "to": list(letter.recipients),
            "subject": letter.subject,
            "preview": " ".join(letter.text().split())[:PREVIEW],
            "size": len(letter.raw),
        }


def _addresses(letter: Letter) -> set[str]:
    sender = parseaddr(letter.head("From"))[1] or letter.sender
    return {sender.casefold(), *(recipient.casefold() for recipient in letter.recipients)}


def _reply(to: Letter, sender: str, text: str, clock: Clock) -> EmailMessage:
    """RFC 5322, 3.6.4: In-Reply-To and References."""
    reply = EmailMessage(policy=email.policy.SMTP)
    subject = _mended(to.subject)
    reply["From"] = sender
    reply["To"] = _mended(to.head("Reply-To") or to.head("From") or to.sender)
    reply["Subject"] = subject if subject.lower().startswith("re:") else f"Re: {subject}"
    reply["Date"] = format_datetime(clock.now())
    reply["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or None)
    if to.head("Message-ID"):
        before = _mended(to.head("References")).split()
        reply["In-Reply-To"] = _mended(to.head("Message-ID"))
        reply["References"] = " ".join([*before, _mended(to.head("Message-ID"))])
    quoted = "\n".join(f"> {line}" for line in to.text().splitlines())
    reply.set_content(_mended(f"{text.rstrip()}\n\n{quoted}\n" if quoted else text))
    return reply


def _mended(text: str) -> str:
    """Half a sign, and bytes that are of no charset, have no place in a mail."""
    return text.encode(errors="replace").decode()


def _parts(letter: Letter) -> Sequence[EmailMessage]:
    return [part for part in letter.message.walk() if not part.is_multipart()]


def _bytes(part: EmailMessage) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""
