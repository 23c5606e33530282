"""One kept connection to a real SMTP server, and what the server says put into our words."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from bot.clock import SimulatedClock
from bot.delivery.channel import Parcel
from bot.delivery.email import MESSAGES_A_CONNECTION, EmailChannel
from bot.errors import ChannelError
from bot.people import Contact
from bot.sandbox import Mailbox
from bot.words import Words
from tests.channels.conftest import JAKARTA, SENDER, reminder
from tests.conftest import absent


def parcel(address: str = "siti@example.org", number: int = 1) -> Parcel:
    contact = Contact(1, "Siti Rahmadani", address, None, JAKARTA, "IDN", None)
    return Parcel(f"delivery:{number}", f"test:{number}", reminder(), contact, None, JAKARTA)


async def refused(email: EmailChannel, address: str = "siti@example.org") -> ChannelError:
    with pytest.raises(ChannelError) as error:
        await email.send(parcel(address))
    return error.value


class Counting:
    """A plain server on this machine that counts its connections, and closes or refuses as it is told."""

    def __init__(self) -> None:
        self.connections: list[SMTP] = []
        self.letters: list[bytes] = []
        self.data_reply = "250 OK"
        self.options: dict[str, Any] = {}

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.data_reply.startswith("250"):
            self.letters.append(envelope.content)
        if self.data_reply == "hang up":
            self.hang_up()
            await asyncio.sleep(0)
        return self.data_reply

    def connect(self) -> SMTP:
        self.connections.append(SMTP(self, hostname="server.example", **self.options))
        return self.connections[-1]

    def hang_up(self) -> None:
        for connection in self.connections:
            if connection.transport is not None:
                connection.transport.abort()

    @asynccontextmanager
    async def listening(self, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
        server = await asyncio.get_running_loop().create_server(self.connect, "127.0.0.1", 0, ssl=tls)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            self.hang_up()
            await server.wait_closed()


@pytest.fixture
def server() -> Counting:
    return Counting()


@pytest.fixture
def post(clock: SimulatedClock, words: Words) -> Callable[..., EmailChannel]:
    def made(port: int, security: Literal["starttls", "tls", "none"] = "none", **more: Any) -> EmailChannel:
        return EmailChannel(clock, words, host="localhost", port=port, sender=SENDER, security=security, **more)

    return made


async def test_a_mail_arrives_with_its_id(email: EmailChannel, mailbox: Mailbox) -> None:
    message_id = await email.send(parcel())
    (letter,) = mailbox.to("siti@example.org")
    assert (letter.sender, letter.message["Message-ID"]) == ("bot@example.org", message_id)
    assert "Please look at <!channel> & co." in letter.text()
    assert "Please look at &lt;!channel&gt; &amp; co." in letter.text("html")


async def test_the_connection_is_kept_but_not_for_ever(
    server: Counting, post: Callable[..., EmailChannel], clock: SimulatedClock
) -> None:
    async with server.listening() as port:
        email = post(port)
        for number in range(MESSAGES_A_CONNECTION):
            await email.send(parcel(number=number))
        assert len(server.connections) == 1
        await email.send(parcel())
        assert len(server.connections) == 2
        clock.advance(timedelta(minutes=1))
        await email.send(parcel())
        assert len(server.connections) == 3
        await email.close()
    assert len(server.letters) == MESSAGES_A_CONNECTION + 2


async def test_a_connection_that_the_server_closed_is_opened_anew(
    server: Counting, post: Callable[..., EmailChannel]
) -> None:
    async with server.listening() as port:
        email = post(port)
        await email.send(parcel())
        server.hang_up()
        await email.send(parcel())
        assert (len(server.connections), len(server.letters)) == (2, 2)
        await email.close()


@pytest.mark.parametrize(
    ("reply", "permanent", "recipient"),
    [
        ("550 5.1.1 No such user here", True, True),
        ("553 5.1.3 Bad address", True, True),
        ("450 4.2.1 Greylisted, try again", False, False),
    ],
)
async def test_one_refused_recipient_does_not_spoil_the_connection(
    email: EmailChannel, mailbox: Mailbox, reply: str, permanent: bool, recipient: bool
) -> None:
    mailbox.faults.refuse("siti@example.org", reply)
    error = await refused(email)
    assert (error.code, error.permanent, error.recipient) == (f"smtp_{reply[:3]}", permanent, recipient)
    await email.send(parcel("bounmy@example.org"))
    assert len(mailbox.letters) == 1


@pytest.mark.parametrize(
    ("reply", "authentication"), [("530 5.7.0 Log in first", True), ("451 4.3.0 Try again later", False)]
)
async def test_a_server_that_refuses_the_sender_refuses_us(
    email: EmailChannel, mailbox: Mailbox, reply: str, authentication: bool
) -> None:
    mailbox.faults.refuse_all(reply)
    error = await refused(email)
    assert (error.code, error.permanent, error.authentication) == (f"smtp_{reply[:3]}", False, authentication)
    mailbox.faults.refuse_all(None)
    await email.send(parcel())


async def test_a_mail_that_is_refused_as_a_whole(server: Counting, post: Callable[..., EmailChannel]) -> None:
    async with server.listening() as port:
        email = post(port)
        server.data_reply = "554 5.7.1 Looks like spam"
        error = await refused(email)
        assert (error.code, error.permanent, error.recipient, error.in_doubt) == ("smtp_554", True, False, False)
        server.data_reply = "hang up"
        error = await refused(email)
        assert (error.code, error.permanent, error.in_doubt) == ("smtp_no_answer", False, True)
        server.data_reply = "250 OK"
        await email.send(parcel())
        await email.close()


async def test_a_server_that_is_down_is_tried_again(post: Callable[..., EmailChannel]) -> None:
    error = await refused(post(9))
    assert (error.code, error.permanent, error.authentication) == ("smtp_unreachable", False, False)


async def test_an_address_that_the_server_cannot_take(server: Counting, post: Callable[..., EmailChannel]) -> None:
    async with server.listening() as port:
        email = post(port)
        error = await refused(email, "สมชาย@example.org")
        assert (error.code, error.recipient) == ("smtputf8_not_supported", True)
        await email.close()


async def test_an_international_address_arrives(email: EmailChannel, mailbox: Mailbox) -> None:
    await email.send(parcel("สมชาย@example.org"))
    assert mailbox.letters[0].recipients == ("สมชาย@example.org",)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that nobody else trusts."""
    if shutil.which("openssl") is None:
        absent("openssl is not installed here: the tests of TLS are left out")
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", str(path)]
    name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(
        ["openssl", "req", "-x509", *key, *name, "-days", "2", "-out", f"{path}.crt"],
        check=True,
        capture_output=True,
    )
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


@pytest.fixture
def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def client_tls(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=f"{certificate}.crt")


def let_in(password: bytes) -> Callable[..., AuthResult]:
    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=isinstance(data, LoginPassword) and data.password == password, handled=False)

    return check


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")
@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_over_tls_with_a_login(
    security: Literal["starttls", "tls"],
    server: Counting,
    post: Callable[..., EmailChannel],
    server_tls: ssl.SSLContext,
    client_tls: ssl.SSLContext,
) -> None:
    server.options = {"authenticator": let_in(b"right"), "auth_required": True}
    if security == "starttls":
        server.options |= {"tls_context": server_tls, "require_starttls": True}
    else:
        server.options |= {"auth_require_tls": False}
    async with server.listening(server_tls if security == "tls" else None) as port:
        email = post(port, security, username="bot", password="right", tls=client_tls)
        await email.check()
        await email.send(parcel())
        await email.close()
        assert len(server.letters) == 1
        error = await refused(post(port, security, username="bot", password="wrong", tls=client_tls))
        assert (error.code, error.authentication) == ("smtp_535", True)
        error = await refused(post(port, security, username="bot", password="right"))
        assert (error.code, error.authentication) == ("smtp_tls", True)


async def test_a_server_without_starttls_gets_no_mail_in_the_clear(
    server: Counting, post: Callable[..., EmailChannel]
) -> None:
    async with server.listening() as port:
        error = await refused(post(port, "starttls"))
        assert (error.code, error.authentication) == ("smtp_no_tls_or_login", True)
        assert server.letters == []
