"""What a channel is: a way on which a message reaches somebody. It has two methods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.messages import Message
from bot.people import Contact
from bot.words import Reader


@dataclass(frozen=True)
class Parcel:
    """One message on its way to one recipient.

    Attributes:
        about: what marks it on the wire, such as `delivery:12`.
        identity: the same at every attempt, and in no other installation's ledger.
        message: what is said.
        contact: the person, or None for a channel of Slack.
        channel: the id of that channel.
        reader: in whose zone and date style.
        preface: said above it; a rehearsal says for whom it was.
        look_since: set when it was perhaps said before: what is found since this moment is not said again.
    """

    about: str
    identity: str
    message: Message
    contact: Contact | None
    channel: str | None
    reader: Reader
    preface: Message | None = None
    look_since: datetime | None = None


class Channel(Protocol):
    """A way on which messages reach people."""

    def reaches(self, contact: Contact) -> bool:
        """Whether there is an address of this kind for the person."""
        ...

    async def send(self, parcel: Parcel) -> str:
        """Send, and return what the other side calls it.

        Raises:
            ChannelError: it was not sent, or nobody knows whether it was; the error says what to do.
        """
        ...
