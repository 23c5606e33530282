"""The mailbox receives over real SMTP, keeps what it got, and can go wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import pytest

from bot.sandbox import Mailbox


@pytest.fixture
async def mailbox(tmp_path: Path) -> AsyncIterator[Mailbox]:
    """A mailbox that also writes files."""
    mailbox = Mailbox(tmp_path / "mails")
    await mailbox.start()
    yield mailbox
    await mailbox.stop()


def digest(to: str = "dewi@example.org") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "spnet <spnet@example.org>"
    message["To"] = to
    message["Subject"] = "Báo cáo: who reported this month"
    message.set_content("Three members reported.\n.\n.dots stay")
    message.add_alternative("<p>Three members reported.</p>", subtype="html")
    return message


async def send(mailbox: Mailbox, message: EmailMessage, recipients: list[str] | None = None) -> None:
    await aiosmtplib.send(message, recipients=recipients, hostname=mailbox.host, port=mailbox.port, timeout=5)


async def test_a_mail_is_kept_as_bytes_as_a_message_and_as_a_file(mailbox: Mailbox) -> None:
    await send(mailbox, digest())

    (letter,) = mailbox.to("Dewi@example.org")
    assert letter.subject == "Báo cáo: who reported this month"
    assert letter.sender == "spnet@example.org"
    assert ".dots stay" in letter.text() and "<p>Three" in letter.text("html")
    (file,) = (mailbox.folder or Path()).glob("*.eml")
    assert file.read_bytes() == letter.raw


async def test_one_connection_carries_many_mails(mailbox: Mailbox) -> None:
    async with aiosmtplib.SMTP(hostname=mailbox.host, port=mailbox.port) as smtp:
        for number in range(50):
            await smtp.send_message(digest(f"person{number}@example.org"))

    assert len(mailbox.letters) == 50
    assert (await mailbox.receives(lambda letter: True)).recipients == ("person49@example.org",)


async def test_one_recipient_can_be_refused(mailbox: Mailbox) -> None:
    mailbox.faults.refuse("gone@example.org")

    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as caught:
        await send(mailbox, digest("gone@example.org"))
    await send(mailbox, digest(), ["dewi@example.org", "gone@example.org"])

    assert caught.value.recipients[0].code == 550
    assert [letter.recipients for letter in mailbox.letters] == [("dewi@example.org",)]


async def test_everything_can_be_refused_for_a_while(mailbox: Mailbox) -> None:
    mailbox.faults.refuse_all()
    with pytest.raises(aiosmtplib.SMTPSenderRefused) as caught:
        await send(mailbox, digest())
    mailbox.faults.refuse_all(None)
    await send(mailbox, digest())

    assert caught.value.code == 451
    assert len(mailbox.letters) == 1


async def test_it_can_hang_and_still_be_stopped(mailbox: Mailbox) -> None:
    mailbox.faults.hang()

    with pytest.raises(aiosmtplib.SMTPException):
        await aiosmtplib.send(digest(), hostname=mailbox.host, port=mailbox.port, timeout=0.1)
    assert mailbox.letters == []


async def test_a_taken_port_is_an_error(mailbox: Mailbox) -> None:
    with pytest.raises(OSError, match="in use"):
        await Mailbox().start(mailbox.port)
