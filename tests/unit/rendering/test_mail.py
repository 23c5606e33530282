"""A mail that every program reads, and into which nothing that was typed can smuggle a header."""

from __future__ import annotations

import email
import email.policy
import shutil
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ChannelError
from bot.messages import Choice, Deed, Message, Picture
from bot.people import Contact
from bot.rendering.mail import Mail, compose
from bot.words import TEMPLATES, Reader, Words
from db.vocabulary import Role
from tests.golden import assert_golden

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
SENDER = "Social protection network <bot@example.org>"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Words:
    """The house's layout, and messages that only these tests say."""
    root: Path = tmp_path_factory.mktemp("words")
    for room in ("layout", "delivery"):
        shutil.copytree(TEMPLATES / room, root / room)
    (root / "test").mkdir()
    (root / "labels.toml").write_text('start = "Start"\nlater = "Remind me later"\n', encoding="utf-8")
    for name, text in {
        "reminder.chat.j2": "# The update of {{ country }} is due\n\nGood morning, {{ name }}. It is due on "
        "*{{ day(due) }}*.\n\nYour coordinator wrote:\n\n> {{ note }}",
        "rule.chat.j2": "---",
        "news.subject.j2": "News: {{ title }}",
        "news.text.j2": "{{ title }}\n\n{{ body }}",
        "news.html.j2": '<h1>{{ title }}</h1><p>{{ body }}</p><img src="cid:chart.png" alt="{{ alt }}">',
    }.items():
        (root / "test" / name).write_text(text, encoding="utf-8")
    return Words(root)


def siti(**more: Any) -> Contact:
    known: dict[str, Any] = {
        "person_id": 1,
        "name": "Siti Rahmadani",
        "email": "siti@example.org",
        "slack_id": "U0SITI",
        "reader": Reader("Asia/Jakarta"),
        "member": "IDN",
        "role": Role.FOCAL_POINT,
    }
    return Contact(**{**known, **more})


def reminder(note: str = "Please look at question 3.") -> Message:
    facts = {"country": "Indonesia", "name": "Siti", "due": date(2026, 11, 27), "note": note}
    return Message("test/reminder", facts, (Choice(Deed.START, "1"), Choice(Deed.LATER, "1")))


def news(title: str = "Two reports", body: str = "All is well.", **more: Any) -> Message:
    facts = {"title": title, "body": body, "alt": "A chart"}
    return Message("test/news", facts, pictures=(Picture("chart.png", PNG, "A chart of two reports"),), **more)


def composed(words: Words, message: Message, contact: Contact | None = None, **more: Any) -> Mail:
    known: dict[str, Any] = {"sender": SENDER, "reply_to": None, "now": NOW, "identity": "reminder:1:IDN x"}
    return compose(message, contact or siti(), words, **{**known, **more})


def parsed(mail: Mail) -> EmailMessage:
    return email.message_from_bytes(mail.content, policy=email.policy.default)


def body_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_reminder_as_it_is_read(words: Words) -> None:
    """Headers, text and page, decoded: how Python folds and encodes them differs with its version."""
    message = parsed(composed(words, reminder()))
    headers = [f"{name}: {value}" for name, value in message.items() if name != "Content-Type"]
    assert_golden("reminder.mail", "\n".join([*headers, "", body_of(message, "plain"), body_of(message, "html"), ""]))


def test_a_reminder_says_who_when_and_that_no_absence_notice_is_wanted(words: Words) -> None:
    message = parsed(composed(words, reminder(), reply_to="secretariat@example.org"))
    assert str(message["From"]) == SENDER
    assert str(message["To"]) == "Siti Rahmadani <siti@example.org>"
    assert str(message["Reply-To"]) == "secretariat@example.org"
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert message["Precedence"] is None
    assert message["List-Unsubscribe"] is None
    assert "Answers to it go to secretariat@example.org" in body_of(message, "plain")


def test_the_choices_become_a_line_that_tells_where_to_answer(words: Words) -> None:
    text = body_of(parsed(composed(words, reminder())), "plain")
    assert "in the chat. There you can choose: Start · Remind me later" in text
    text = body_of(parsed(composed(words, reminder(), siti(slack_id=None))), "plain")
    assert "reply to this mail; a person reads it. The choices are: Start · Remind me later" in text


def test_the_id_is_the_same_at_every_attempt_and_not_twice(words: Words) -> None:
    first = composed(words, reminder())
    assert composed(words, reminder(), now=NOW.replace(hour=5)).message_id == first.message_id
    assert composed(words, reminder(), identity="reminder:1:LAO x").message_id != first.message_id
    assert first.message_id.endswith("@example.org>")
    assert parsed(first)["Message-ID"] == first.message_id


def test_own_templates_and_a_picture_that_stands_in_the_page(words: Words) -> None:
    message = parsed(composed(words, news()))
    assert message["Subject"] == "News: Two reports"
    assert message.get_content_type() == "multipart/alternative"
    plain, related = message.iter_parts()
    assert plain.get_content_type() == "text/plain"
    assert related.get_content_type() == "multipart/related"
    page, picture = related.iter_parts()
    content_id = str(picture["Content-ID"]).strip("<>")
    assert f'src="cid:{content_id}"' in page.get_content()
    assert (picture.get_content(), picture.get_content_disposition()) == (PNG, "inline")


def test_a_picture_that_the_page_does_not_name_stands_at_its_end_with_its_words(words: Words) -> None:
    message = Message("test/reminder", reminder().facts, pictures=(Picture("a.png", PNG, 'Siti\'s "chart"'),))
    page = body_of(parsed(composed(words, message)), "html")
    assert 'alt="Siti\'s &quot;chart&quot;"' in page.replace("&#39;", "'").replace("&#34;", "&quot;")


def test_the_styles_are_inlined_and_nothing_is_loaded_from_elsewhere(words: Words) -> None:
    page = body_of(parsed(composed(words, news())), "html")
    assert '<h1 style="' in page
    assert "prefers-color-scheme: dark" in page
    assert "<link" not in page
    assert "http" not in page.replace("https://example.org", "")


@pytest.mark.parametrize(
    ("link", "one_click"),
    [
        ("https://example.org/stop/abc", True),
        ("http://127.0.0.1/s", False),
        ("mailto:bot+stop-abc@example.org?subject=stop", False),
    ],
)
def test_a_link_to_stop_is_in_the_header_the_text_and_the_page(words: Words, link: str, one_click: bool) -> None:
    message = parsed(composed(words, news(stop_link=link)))
    assert message["List-Unsubscribe"] == f"<{link}>"
    assert (message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click") is one_click
    assert link in body_of(message, "plain")
    assert f'href="{link}"' in body_of(message, "html")


def test_a_message_without_a_title_is_called_by_who_wrote_it(words: Words) -> None:
    assert composed(words, news(title="")).message["Subject"] == "News:"
    assert composed(words, Message("test/rule")).message["Subject"] == "Social protection network"


def test_a_long_link_is_neither_folded_nor_encoded(words: Words) -> None:
    link = "https://example.org/stop/" + "a2b3c4" * 60
    mail = composed(words, news(stop_link=link))
    assert f"List-Unsubscribe: <{link}>\r\n".encode() in mail.content


@pytest.mark.parametrize("link", ["https://example.org/a b", "https://x\r\nBcc: y", "javascript:x", "https://x/<y>"])
def test_what_is_no_link_is_not_put_there(words: Words, link: str) -> None:
    with pytest.raises(ValueError, match="not a link"):
        composed(words, news(stop_link=link))


@pytest.mark.parametrize(
    "address",
    [None, "", "siti", "siti@example.org\r\nBcc: all@example.org", "siti@example.org, all@example.org", "a b@c.d"],
)
def test_what_is_no_address_is_said_so(words: Words, address: str | None) -> None:
    with pytest.raises(ChannelError) as refused:
        composed(words, reminder(), siti(email=address))
    assert (refused.value.code, refused.value.permanent, refused.value.recipient) == ("bad_address", True, True)


def test_an_international_domain_needs_no_special_server_an_international_name_does(words: Words) -> None:
    mail = composed(words, reminder(), siti(email="siti@bücher.example"))
    assert (mail.recipient, mail.utf8) == ("siti@xn--bcher-kva.example", False)
    mail = composed(words, reminder(), siti(name="สมชาย ใจดี", email="สมชาย@example.org"))
    assert (mail.recipient, mail.utf8) == ("สมชาย@example.org", True)
    assert "To: สมชาย ใจดี <สมชาย@example.org>".encode() in mail.content


WILD = st.text(max_size=400)
NAMES = st.one_of(WILD, st.text(alphabet='ก๑ລ字é",;:<>@\\()[] \r\n.=?_a', max_size=150))


@settings(max_examples=150, deadline=None)
@given(name=NAMES, title=st.one_of(WILD, st.text(alphabet="ก字 =?_\r\na", max_size=600)), body=WILD)
def test_nothing_typed_makes_a_header_or_a_recipient(words: Words, name: str, title: str, body: str) -> None:
    mail = composed(words, news(f"t {title}", body), siti(name=name))
    message = parsed(mail)
    assert message.keys() == [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "MIME-Version",
        "Content-Type",
    ]
    assert [address.addr_spec for address in message["To"].addresses] == ["siti@example.org"]
    assert not message.defects
    lines = mail.content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 998
    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    assert mail.content.isascii()


@settings(max_examples=100, deadline=None)
@given(title=st.text(alphabet=st.characters(categories=["L", "M", "N", "P", "S", "Zs"]), min_size=1, max_size=300))
def test_a_subject_arrives_as_it_was_written(words: Words, title: str) -> None:
    message = parsed(composed(words, news(title)))
    assert "".join(str(message["Subject"]).split()) == "".join(f"News: {title}".split())


@settings(max_examples=100, deadline=None)
@given(name=st.text(alphabet=st.characters(categories=["L", "M", "N", "P", "Zs"]), min_size=1, max_size=90))
def test_a_name_arrives_as_it_was_written(words: Words, name: str) -> None:
    message = parsed(composed(words, reminder(), siti(name=name)))
    (address,) = message["To"].addresses
    assert "".join(address.display_name.split()) == "".join(name.split())
