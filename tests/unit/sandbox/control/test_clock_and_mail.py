"""The clock that somebody else moves, and the mailbox in every form."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import aiosmtplib
import pytest

from bot.clock import SimulatedClock
from bot.sandbox import Mailbox, Move, Sandbox
from bot.sandbox.mailbox import Letter
from tests.unit.sandbox.control.caller import Caller


class Mornings:
    """One move, which lets a day pass."""

    def __init__(self, clock: SimulatedClock) -> None:
        self.clock = clock

    async def moves(self) -> list[Move]:
        return [Move("morning", "Next morning", self.clock.now() + timedelta(days=1))]

    async def make(self, id: str) -> None:
        if id != "morning":
            raise LookupError(f"no move {id}")
        self.clock.advance(timedelta(days=1))


async def test_the_clock_moves_where_somebody_offers_it(call: Caller, sandbox: Sandbox, clock: SimulatedClock) -> None:
    assert (await call.get("/control/clock"))[1]["moves"] == []
    sandbox.control.moves = Mornings(clock)
    before = clock.now()
    status, answer = await call.post("/control/clock/morning")
    assert (status, answer["now"]) == (200, (before + timedelta(days=1)).isoformat())


async def posted(mailbox: Mailbox, html: str = '<p>Hello <img src="cid:chart@example.org"></p>') -> None:
    """A letter to Siti, with a page and a picture."""
    letter = EmailMessage()
    letter["From"], letter["To"] = "spnet <bot@example.org>", "siti@example.org"
    letter["Subject"], letter["Message-ID"] = "Reporting is open – Indonesia", "<one@example.org>"
    letter.set_content("Hello Siti")
    letter.add_alternative(f"<html><head><title>x</title></head><body>{html}</body></html>", subtype="html")
    page = letter.get_payload()[1]  # type: ignore[index]
    page.add_related(b"\x89PNG", "image", "png", cid="<chart@example.org>")  # type: ignore[union-attr]
    await aiosmtplib.send(letter, hostname=mailbox.host, port=mailbox.port, start_tls=False)


async def test_siti_reads_her_letter_in_every_form(call: Caller, mailbox: Mailbox) -> None:
    n = (await call.seen("U0SITI"))["n"]
    await posted(mailbox)
    assert (await call.seen("U0SITI", n))["letters"]
    assert "letters" not in await call.seen("U0AISYAH", n)
    (row,) = (await call.get("/control/mail?for=SITI@example.org"))[1]["letters"]
    assert (row["n"], row["subject"], row["preview"]) == (1, "Reporting is open – Indonesia", "Hello Siti")
    assert (await call.get("/control/mail?for=aisyah@example.org"))[1]["letters"] == []
    letter = (await call.get("/control/mail/1"))[1]
    assert ["Message-ID", "<one@example.org>"] in letter["headers"]
    async with call.session.get(f"{call.origin}/control/mail/1/html") as page:
        assert '<img src="/control/mail/1/part/2">' in await page.text()
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "script" not in page.headers["Content-Security-Policy"]
        assert "sandbox" in page.headers["Content-Security-Policy"]
    async with call.session.get(f"{call.origin}/control/mail/1/part/2") as picture:
        assert (picture.content_type, await picture.read()) == ("image/png", b"\x89PNG")
    async with call.session.get(f"{call.origin}/control/mail/1/source") as source:
        assert (source.content_type, await source.read()) == ("text/plain", mailbox.letters[0].raw)


BROKEN = {
    "a charset that nobody knows": b"Subject: x\r\nContent-Type: text/plain; charset=x-nope\r\n\r\nhello \xff",
    "nobody": b'From: "<<<>>>,,@@ [\r\nTo: (((\r\nReply-To: \r\nMessage-ID: <\r\n\r\nx',
    "an address that has no end": b"From: a@b\r\nMessage-ID: <x@[::1>\r\nDate: x\r\n\r\nx",
    "bytes of no charset": b"From: \xff\xfe@b\r\nSubject: \xff\r\n\r\n\xff",
    "parts without an edge": b"From: a:;\r\nContent-Type: multipart/mixed\r\n\r\nx",
}


@pytest.mark.parametrize("raw", BROKEN.values(), ids=BROKEN)
async def test_a_broken_letter_hides_no_other(call: Caller, mailbox: Mailbox, raw: bytes) -> None:
    await posted(mailbox)
    mailbox.keep(Letter("x@example.org", ("siti@example.org",), raw))

    status, answer = await call.get("/control/mail?for=siti@example.org")
    assert (status, [row["n"] for row in answer["letters"]]) == (200, [2, 1])
    assert (await call.get("/control/mail/2"))[0] == 200
    answered = await call.post("/control/mail/2/reply", {"as": "siti@example.org", "text": "Who are you? \ud83d"})
    assert answered[0] in (200, 404)


async def test_an_answer_that_the_mailbox_does_not_take_is_told(call: Caller, mailbox: Mailbox) -> None:
    await posted(mailbox)
    mailbox.faults.refuse_all()
    status, answer = await call.post("/control/mail/1/reply", {"as": "siti@example.org", "text": "Thank you"})
    assert (status, answer["told"]) == (404, "the answer to letter 1 could not be sent")


async def test_a_page_inside_a_mail_that_is_no_picture_does_not_open(call: Caller, mailbox: Mailbox) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "x@example.org", "siti@example.org", "a gift"
    letter.set_content("see the file")
    letter.add_attachment("<script>alert(1)</script>", subtype="html", filename="gift.html")
    await aiosmtplib.send(letter, hostname=mailbox.host, port=mailbox.port, start_tls=False)
    async with call.session.get(f"{call.origin}/control/mail/1/part/1") as part:
        assert part.headers["Content-Disposition"] == "attachment"
        assert "sandbox" in part.headers["Content-Security-Policy"]


async def test_a_reply_is_a_letter_of_its_own_in_the_same_thread(call: Caller, mailbox: Mailbox) -> None:
    await posted(mailbox)
    status, _ = await call.post("/control/mail/1/reply", {"as": "siti@example.org", "text": "38.8 2020 VHLSS"})
    assert status == 200
    reply = mailbox.to("bot@example.org")[0].message
    assert (reply["In-Reply-To"], reply["References"]) == ("<one@example.org>", "<one@example.org>")
    assert (reply["From"], reply["Subject"]) == ("siti@example.org", "Re: Reporting is open – Indonesia")
    assert mailbox.letters[1].text().splitlines() == ["38.8 2020 VHLSS", "", "> Hello Siti"]
    assert [row["n"] for row in (await call.get("/control/mail?for=siti@example.org"))[1]["letters"]] == [2, 1]


async def test_nobody_answers_a_letter_that_was_for_another(call: Caller, mailbox: Mailbox) -> None:
    await posted(mailbox)
    status, answer = await call.post("/control/mail/1/reply", {"as": "aisyah@example.org", "text": "accepted"})
    assert (status, answer["error"]) == (404, "not_there")
    assert len(mailbox.letters) == 1
