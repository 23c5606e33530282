"""E-mail as a channel: one kept connection, and what the server answers said in our words."""

from __future__ import annotations

import asyncio
import ssl
from datetime import datetime, timedelta
from typing import Literal

import aiosmtplib

from bot.clock import Clock
from bot.delivery.channel import Parcel
from bot.errors import ChannelError
from bot.messages import drawn
from bot.people import Contact
from bot.rendering.mail import Mail, compose, sender_of
from bot.words import Words

# Servers close a connection that carried many messages, or none for a while; so we do it first.
MESSAGES_A_CONNECTION = 100
IDLE = timedelta(seconds=30)
TIMEOUT = 30.0


class EmailChannel:
    """Sends mails over one kept connection, one after another.

    Args:
        security: `starttls`, `tls`, or `none`, which is only for a server on this machine.
        username: empty for a server that wants no login.
        sender: `name <address>`, or the address alone.
        reply_to: where answers go; None is the sender.
        tls: for a server with a certificate of one's own; None trusts what the machine trusts.
    """

    def __init__(
        self,
        clock: Clock,
        words: Words,
        *,
        host: str,
        port: int,
        sender: str,
        security: Literal["starttls", "tls", "none"] = "starttls",
        username: str = "",
        password: str = "",
        reply_to: str | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._clock = clock
        self._words = words
        self._sender = sender
        self._reply_to = reply_to
        self._client = aiosmtplib.SMTP(
            hostname=host,
            port=port,
            username=username or None,
            password=password or None,
            # Finding out this machine's own name can take seconds where names do not resolve.
            local_hostname=sender_of(sender).domain,
            timeout=TIMEOUT,
            use_tls=security == "tls",
            start_tls=security == "starttls",
            tls_context=tls,
        )
        self._lock = asyncio.Lock()
        self._carried = 0
        self._last: datetime = clock.now()

    def reaches(self, contact: Contact) -> bool:
        """Whether the person has an address."""
        return bool(contact.email)

    async def send(self, parcel: Parcel) -> str:
        """Send it; returns its Message-ID.

        Raises:
            ChannelError: it was not taken, or nobody knows.
        """
        if parcel.contact is None:
            raise ChannelError("no_address", permanent=True)
        mail = compose(
            await drawn(parcel.message),
            parcel.contact,
            self._words,
            sender=self._sender,
            reply_to=self._reply_to,
            now=self._clock.now(),
            identity=parcel.identity,
            preface=parcel.preface,
        )
        async with self._lock:
            await self._carry(mail)
        return mail.message_id

    async def check(self) -> None:
        """Connect and log in, and send nothing.

        Raises:
            ChannelError: why it does not work.
        """
        async with self._lock:
            await self._connect()

    async def close(self) -> None:
        """Say goodbye to the server."""
        async with self._lock:
            await self._disconnect()

    async def _carry(self, mail: Mail) -> None:
        kept = await self._connect()
        try:
            await self._begin(mail)
        except ChannelError as error:
            if not kept or error.code != "smtp_disconnected":
                raise
            # The server had closed the connection that we kept.
            await self._connect()
            await self._begin(mail)
        try:
            await self._client.data(mail.content)
        except aiosmtplib.SMTPResponseException as error:
            await self._reset()
            raise _refused(error, recipient=False) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            self._client.close()
            raise ChannelError("smtp_no_answer", in_doubt=True) from error
        except asyncio.CancelledError:
            self._client.close()
            raise
        self._carried += 1
        self._last = self._clock.now()

    async def _begin(self, mail: Mail) -> None:
        """Sender and recipient; after a refusal the connection is good for the next mail."""
        options = ["SMTPUTF8", "BODY=8BITMIME"] if mail.utf8 else []
        encoding = "utf-8" if mail.utf8 else "ascii"
        try:
            if mail.utf8 and self._client.is_ehlo_or_helo_needed:
                await self._client.ehlo()
            if mail.utf8 and not self._client.supports_extension("smtputf8"):
                raise ChannelError("smtputf8_not_supported", permanent=True, recipient=True)
            await self._client.mail(mail.sender, options=options, encoding=encoding)
            await self._client.rcpt(mail.recipient, encoding=encoding)
        except aiosmtplib.SMTPSenderRefused as error:
            await self._reset()
            raise _refused(error, recipient=False, ours=error.code != 552) from error
        except aiosmtplib.SMTPRecipientRefused as error:
            await self._reset()
            raise _refused(error, recipient=True) from error
        except aiosmtplib.SMTPServerDisconnected as error:
            self._client.close()
            raise ChannelError("smtp_disconnected") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            self._client.close()
            raise ChannelError("smtp_timeout") from error
        except asyncio.CancelledError:
            self._client.close()
            raise

    async def _connect(self) -> bool:
        """Have a connection; whether it is one that was kept."""
        if self._client.is_connected:
            if self._carried < MESSAGES_A_CONNECTION and self._clock.now() - self._last < IDLE:
                return True
            await self._disconnect()
        try:
            await self._client.connect()
        except aiosmtplib.SMTPAuthenticationError as error:
            raise ChannelError(f"smtp_{error.code}", authentication=error.code >= 500) from error
        except aiosmtplib.SMTPResponseException as error:
            raise _refused(error, recipient=False, ours=True) from error
        except (aiosmtplib.SMTPConnectError, aiosmtplib.SMTPServerDisconnected, TimeoutError, OSError) as error:
            if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
                raise ChannelError("smtp_tls", authentication=True) from error
            raise ChannelError("smtp_unreachable") from error
        except aiosmtplib.SMTPException as error:
            # The server offers no STARTTLS, or no login: without them nothing is sent.
            raise ChannelError("smtp_no_tls_or_login", authentication=True) from error
        self._carried = 0
        self._last = self._clock.now()
        return False

    async def _reset(self) -> None:
        try:
            await self._client.rset()
        except (aiosmtplib.SMTPException, OSError):
            self._client.close()

    async def _disconnect(self) -> None:
        try:
            await self._client.quit()
        except (aiosmtplib.SMTPException, OSError):
            self._client.close()


def _refused(error: aiosmtplib.SMTPResponseException, *, recipient: bool, ours: bool = False) -> ChannelError:
    """A server's answer: 4xx is for now, 5xx for good; `ours` says that it refuses us and not this mail.

    RFC 5321, 4.2.1. The server's words may hold addresses, so only its number is kept.
    """
    permanent = error.code >= 500
    return ChannelError(
        f"smtp_{error.code}",
        permanent=permanent and not ours,
        authentication=permanent and ours,
        recipient=permanent and recipient,
    )
