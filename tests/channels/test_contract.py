"""One contract that every channel of CHANNELS keeps."""

from __future__ import annotations

import pytest

from bot.delivery import CHANNELS
from bot.delivery.channel import Channel, Parcel
from bot.delivery.email import EmailChannel
from bot.delivery.slack import SlackChannel
from bot.errors import ChannelError
from bot.people import Contact
from bot.sandbox import Mailbox, Sandbox
from db.vocabulary import Medium
from tests.channels.conftest import JAKARTA, reminder

SITI = Contact(1, "Siti Rahmadani", "siti@example.org", "U0SITI", JAKARTA, "IDN", None)
NOBODY = Contact(2, "Thong Vilay", None, None, JAKARTA, "LAO", None)
GONE = Contact(3, "Budi Hartono", "budi@example.org", "U0BUDI", JAKARTA, "IDN", None)


def parcel(contact: Contact) -> Parcel:
    return Parcel("delivery:1", "test:1", reminder(), contact, None, JAKARTA)


@pytest.fixture(params=list(CHANNELS))
def channel(
    request: pytest.FixtureRequest, slack: SlackChannel, email: EmailChannel, sandbox: Sandbox, mailbox: Mailbox
) -> Channel:
    mailbox.faults.refuse("budi@example.org")
    channels: dict[Medium, Channel] = {Medium.SLACK: slack, Medium.EMAIL: email}
    assert isinstance(channels[request.param], CHANNELS[request.param])
    return channels[request.param]


async def test_it_knows_whom_it_reaches(channel: Channel) -> None:
    assert channel.reaches(SITI)
    assert not channel.reaches(NOBODY)


async def test_what_it_sent_has_a_name(channel: Channel) -> None:
    assert await channel.send(parcel(SITI))


@pytest.mark.parametrize("contact", [NOBODY, GONE])
async def test_who_cannot_be_reached_is_one_recipients_trouble(channel: Channel, contact: Contact) -> None:
    with pytest.raises(ChannelError) as error:
        await channel.send(parcel(contact))
    assert (error.value.permanent, error.value.recipient, error.value.authentication) == (True, True, False)
    assert await channel.send(parcel(SITI))


async def test_the_other_side_being_down_is_tried_again(channel: Channel, sandbox: Sandbox, mailbox: Mailbox) -> None:
    await sandbox.stop()
    await mailbox.stop()
    with pytest.raises(ChannelError) as error:
        await channel.send(parcel(SITI))
    assert (error.value.permanent, error.value.authentication) == (False, False)
