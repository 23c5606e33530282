"""A Message as an e-mail: subject, text and HTML from the templates, as MIME that every mail program reads.

A message that has no mail templates of its own is said from its chat template (bot/rendering/chat.py). Nothing that a
person wrote can make a header, a tag or a second recipient.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from typing import Any

import css_inline
from email_validator import EmailNotValidError, validate_email
from markupsafe import Markup

from bot.errors import ChannelError
from bot.messages import Menu, Message, Picture
from bot.people import Contact
from bot.rendering.chat import title_of, to_html, to_text
from bot.words import Reader, Words

NAME_LENGTH = 100
LINK_LENGTH = 900
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff]+")
_LINK = re.compile(r"(https?://|mailto:)[!-;=?-~]+")
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True, keep_at_rules=True)


@dataclass(frozen=True)
class Mail:
    """A mail ready for the wire.

    Attributes:
        content: with CRLF line ends, no line over 998 characters.
        sender, recipient: the envelope's addresses, ASCII unless `utf8`.
        message_id: with its angle brackets.
        utf8: the recipient's address needs a server that knows SMTPUTF8 (RFC 6531).
    """

    message: EmailMessage
    content: bytes
    sender: str
    recipient: str
    message_id: str
    utf8: bool


class _Unfolded:
    """A header that is written as it is: links and ids would be broken by folding, or encoded."""

    max_count = 1

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        kwds["parse_tree"] = None
        kwds["decoded"] = value

    def fold(self: BaseHeader, *, policy: Any) -> str:  # pyright: ignore[reportGeneralTypeIssues]
        return f"{self.name}: {self}{policy.linesep}"


def _registry() -> HeaderRegistry:
    registry = HeaderRegistry()
    for name in ("list-unsubscribe", "message-id", "content-id"):
        registry.map_to_type(name, _Unfolded)  # pyright: ignore[reportArgumentType]
    return registry


_POLICY = SMTP.clone(header_factory=_registry())


def compose(
    message: Message,
    contact: Contact,
    words: Words,
    *,
    sender: str,
    reply_to: str | None,
    now: datetime,
    identity: str,
    preface: Message | None = None,
) -> Mail:
    """A message as a mail to one person.

    Args:
        sender: `name <address>`, or the address alone.
        reply_to: where answers go; None is the sender.
        now: becomes its Date.
        identity: the same at every attempt; the Message-ID is made from it.
        preface: said above it.

    Raises:
        ChannelError: the person's address cannot be written to (`bad_address`).
    """
    us = sender_of(sender)
    to, utf8 = address_of(contact)
    digest = hashlib.sha256(identity.encode()).hexdigest()[:32]
    message_id = f"<{digest}@{us.domain}>"
    subject, text, page = _said(message, contact, words, preface, answers_to=reply_to or us.addr_spec)
    mail = EmailMessage(policy=_POLICY.clone(utf8=utf8))
    mail["From"] = us
    mail["To"] = to
    if reply_to:
        mail["Reply-To"] = Address(addr_spec=reply_to)
    mail["Subject"] = subject or us.display_name or us.domain
    mail["Date"] = now
    mail["Message-ID"] = message_id
    # RFC 3834: nobody's absence notice shall answer this; Exchange has a header of its own.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    if message.stop_link is not None:
        _unsubscribe(mail, message.stop_link)
    mail.set_content(text, cte="quoted-printable")
    _add_page(mail, page, message.pictures, f"{digest}@{us.domain}")
    for file in message.files:
        main, _, sub = file.media_type.partition("/")
        mail.add_attachment(file.content, main, sub or "octet-stream", filename=one_line(file.name))
    return Mail(mail, mail.as_bytes(), us.addr_spec, to.addr_spec, message_id, utf8)


def sender_of(sender: str) -> Address:
    """The sender's name and address, the domain in ASCII.

    Raises:
        ValueError: it holds no address.
    """
    name, address = parseaddr(sender)
    local, at, domain = address.rpartition("@")
    if not at:
        raise ValueError(f"not a sender: {sender}")
    return Address(one_line(name), local, domain.encode("idna").decode())


def address_of(contact: Contact) -> tuple[Address, bool]:
    """A person's name and address for the To line, and whether the address needs SMTPUTF8.

    Raises:
        ChannelError: there is no address, or none that can be written to.
    """
    try:
        checked = validate_email(
            contact.email or "", check_deliverability=False, globally_deliverable=False, test_environment=True
        )
    except EmailNotValidError as error:
        raise ChannelError("bad_address", permanent=True, recipient=True) from error
    name = one_line(contact.name)[:NAME_LENGTH].strip()
    domain = checked.ascii_domain or checked.domain
    return Address(name, checked.local_part, domain), checked.ascii_email is None


def one_line(text: str) -> str:
    """A text that can stand in a header: no line break of any kind, no control character."""
    return " ".join(_BREAKS.sub(" ", text).split())


def _unsubscribe(mail: EmailMessage, link: str) -> None:
    if not _LINK.fullmatch(link) or len(link) > LINK_LENGTH:
        raise ValueError("not a link to stop mails with")
    mail["List-Unsubscribe"] = f"<{link}>"
    if link.startswith("https://"):
        # RFC 8058 allows the single click over HTTPS only.
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _add_page(mail: EmailMessage, page: str, pictures: Sequence[Picture], identity: str) -> None:
    ids = {picture.name: f"{number}.{identity}" for number, picture in enumerate(pictures, 1)}
    for picture in pictures:
        if f"cid:{picture.name}" not in page:
            # Drawn with twice as many dots as it is shown with; Outlook heeds the attribute, phones the style.
            how = 'width="600" style="width:100%;max-width:600px;height:auto"'
            shown = f'<p><img src="cid:{picture.name}" alt="{Markup.escape(picture.alt)}" {how}></p>'
            page = page.replace('<p class="foot"', f'{shown}\n<p class="foot"', 1)
    for name, content_id in ids.items():
        page = page.replace(f"cid:{name}", f"cid:{content_id}")
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    if not pictures:
        return
    html_part = mail.get_payload()[1]  # pyright: ignore
    for picture in pictures:
        html_part.add_related(  # pyright: ignore
            picture.content,
            "image",
            "png",
            cid=f"<{ids[picture.name]}>",
            filename=one_line(picture.name),
            disposition="inline",
        )


def _said(
    message: Message, contact: Contact, words: Words, preface: Message | None, *, answers_to: str
) -> tuple[str, str, str]:
    """Subject, text and page."""
    reader = contact.reader
    own = {form: words.has(message.kind, form) for form in ("subject", "text", "html")}
    chat = "" if all(own.values()) else _as_chat(message, contact, words)
    subject = words.render(message.kind, "subject", message.facts, reader) if own["subject"] else title_of(chat)
    text = words.render(message.kind, "text", message.facts, reader) if own["text"] else to_text(chat)
    body = words.render(message.kind, "html", message.facts, reader) if own["html"] else to_html(chat)
    above = words.render(preface.kind, "chat", preface.facts, reader) if preface else ""
    subject = one_line(subject)
    facts = {"title": subject, "stop_link": message.stop_link, "answers_to": answers_to}
    page = _layout(words, "html", facts, Markup(body), Markup(to_html(above)), reader)  # noqa: S704 - both were escaped
    return subject, _layout(words, "text", facts, text, to_text(above), reader) + "\n", _INLINER.inline(page)


def _layout(words: Words, form: str, facts: dict[str, Any], body: str, preface: str, reader: Reader) -> str:
    return words.render("layout/mail", form, {**facts, "body": body, "preface": preface}, reader)


def _as_chat(message: Message, contact: Contact, words: Words) -> str:
    """The chat's words; in place of buttons, a line that tells where to answer."""
    chat = words.render(message.kind, "chat", message.facts, contact.reader)
    if not message.choices:
        return chat
    labels = [
        words.label(choice.label)
        if isinstance(choice, Menu)
        else words.label(choice.label or choice.deed.value, **choice.facts)
        for choice in message.choices
    ]
    facts = {"choices": labels, "in_chat": bool(contact.slack_id)}
    return f"{chat}\n\n{words.render('layout/answer', 'chat', facts, contact.reader)}"
