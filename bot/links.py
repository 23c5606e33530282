"""Signed links and reply addresses: who holds this token may do one thing, as one person, until one moment.

A token travels in the address of a page (`/clear/<token>`) and in the address of a reply (`bot+<token>@example.org`).
Mail gateways change the case of addresses and some break odd characters: a token has the letters a-z and the digits
2-7 only (base32, RFC 4648 section 6), and its letter case does not matter. The part of a mail address before the @ may
have 64 characters (RFC 5321 section 4.5.3.1.1), so a token is packed tightly: about 50 characters for a reply.

itsdangerous makes the signature, HMAC-SHA-256 cut to 128 bits (RFC 4868). Its timestamp is not used, since that reads
the machine's clock: the expiry is part of what is signed, and is compared with the `now` that is handed in.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast

from itsdangerous import Signer
from pydantic import SecretStr

from bot.errors import Refusal

SIGNATURE_BYTES = 16
EXPIRY_BYTES = 5  # whole seconds since 1970; enough for every year that a datetime can hold
LONGEST_TOKEN = 2000
LONGEST_LOCAL_PART = 64
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Scalar = str | int | bool | None

# What links are good for; one purpose never opens another.
STOP_DIGEST = "stop_digest"


class LinkForged(Refusal):
    """The token is not one of ours: changed on the way, cut off, or invented. No facts."""


class LinkExpired(Refusal):
    """The token was ours and its time is over. Facts: purpose, subject, expires (aware UTC)."""


class LinkWrongPurpose(Refusal):
    """The token is ours, for something else. Facts: purpose (its own), wanted."""


@dataclass(frozen=True)
class Link:
    """What a token says, its signature checked. `expires` is aware UTC, to the second."""

    purpose: str
    subject: str
    expires: datetime
    facts: Mapping[str, Scalar] = field(default_factory=dict[str, Scalar])


@dataclass(frozen=True)
class Addresses:
    """Where the pages are that signed links lead to.

    Attributes:
        public_address: how people reach them from outside; None: not at all, and no mail carries a link.
        secret: [security] secret of the settings.
    """

    public_address: str | None
    secret: SecretStr

    def page(
        self, path: str, purpose: str, subject: str, expires: datetime, facts: Mapping[str, Scalar] | None = None
    ) -> str | None:
        """The address of one page for one person, such as `https://spnet.example.org/clear/<token>`; None without a
        public address. The arguments are those of `sign`; `path` is the page's, such as `clear`."""
        if self.public_address is None:
            return None
        token = sign(self.secret, purpose, subject, expires, facts)
        return f"{self.public_address.rstrip('/')}/{path}/{token}"


def sign(
    secret: str | SecretStr,
    purpose: str,
    subject: str,
    expires: datetime,
    facts: Mapping[str, Scalar] | None = None,
) -> str:
    """Make a token.

    Args:
        secret: [security] secret of the settings.
        purpose: the one thing that it is good for, such as "clear".
        subject: whose it is, such as a person's id.
        expires: the first moment at which it is no longer good; aware, counted in whole seconds.
        facts: anything else that must not be changed, such as the version that is cleared.

    Raises:
        ValueError: the purpose or the subject holds a NUL, or the moment is naive or before 1970.
    """
    if "\0" in purpose + subject:
        raise ValueError("a purpose and a subject hold no NUL")
    if expires.tzinfo is None or expires < EPOCH:
        raise ValueError("a link expires at an aware moment after 1970")
    seconds = (expires - EPOCH) // timedelta(seconds=1)
    extra = json.dumps(dict(facts), separators=(",", ":"), sort_keys=True) if facts else ""
    payload = seconds.to_bytes(EXPIRY_BYTES, "big") + f"{purpose}\0{subject}\0{extra}".encode()
    return _encode(payload + _signature(secret, payload))


def verify(secret: str | SecretStr, token: str, purpose: str, now: datetime) -> Link:
    """Read a token that somebody holds up. Whatever the text is, nothing but the three refusals is raised.

    Args:
        secret: [security] secret of the settings.
        token: the text from the address, in any letter case.
        purpose: what the person wants to do with it.
        now: the present moment, aware.

    Raises:
        LinkForged, LinkWrongPurpose, LinkExpired: checked in this order.
    """
    data = _decode(token)
    payload, signature = data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _signature(secret, payload)):
        raise LinkForged
    link = _read(payload)
    if link.purpose != purpose:
        raise LinkWrongPurpose(purpose=link.purpose, wanted=purpose)
    if now >= link.expires:
        raise LinkExpired(purpose=link.purpose, subject=link.subject, expires=link.expires)
    return link


def reply_address(mailbox: str, token: str) -> str:
    """The address that a reply goes to: `bot@example.org` and a token -> `bot+<token>@example.org`.

    Raises:
        ValueError: the part before the @ would be longer than mail allows.
    """
    local, _, domain = mailbox.rpartition("@")
    plussed = f"{local}+{token}"
    if not local or len(plussed.encode()) > LONGEST_LOCAL_PART:
        raise ValueError(f"{len(plussed)} characters before the @; mail allows {LONGEST_LOCAL_PART}")
    return f"{plussed}@{domain}"


def token_in(address: str, mailbox: str) -> str | None:
    """The token in an address that a letter was sent to, or None if it was not a reply address of this mailbox."""
    local, _, domain = address.strip().lower().rpartition("@")
    own_local, _, own_domain = mailbox.lower().rpartition("@")
    if domain != own_domain or not local.startswith(f"{own_local}+"):
        return None
    return local.removeprefix(f"{own_local}+") or None


def _signature(secret: str | SecretStr, payload: bytes) -> bytes:
    key = secret.get_secret_value() if isinstance(secret, SecretStr) else secret
    signer = Signer(key, salt="spnet.links", key_derivation="hmac", digest_method=hashlib.sha256)
    return signer.algorithm.get_signature(signer.derive_key(), payload)[:SIGNATURE_BYTES]


def _encode(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=").lower()


def _decode(token: str) -> bytes:
    """The bytes of a token. Only the spelling that `_encode` gives is taken: base32 leaves bits over at the end."""
    # Some letters beyond ASCII have an ASCII capital or small form (the Kelvin sign): they are no spelling of ours.
    if not token.isascii() or len(token) > LONGEST_TOKEN:
        raise LinkForged
    letters = token.upper()
    try:
        data = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except binascii.Error:
        raise LinkForged from None
    if _encode(data) != letters.lower():
        raise LinkForged
    return data


def _read(payload: bytes) -> Link:
    """What a payload says that carries our signature; one of an older form counts as not ours."""
    try:
        purpose, subject, extra = payload[EXPIRY_BYTES:].decode().split("\0", 2)
        facts = cast("dict[str, Scalar]", json.loads(extra)) if extra else {}
        expires = EPOCH + timedelta(seconds=int.from_bytes(payload[:EXPIRY_BYTES], "big"))
    except (ValueError, OverflowError):
        raise LinkForged from None
    return Link(purpose, subject, expires, facts)
