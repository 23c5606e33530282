"""A token does one thing, as one person, until one moment: and only if it is ours."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.errors import Refusal
from bot.links import (
    EPOCH,
    Link,
    LinkExpired,
    LinkForged,
    LinkWrongPurpose,
    reply_address,
    sign,
    token_in,
    verify,
)

SECRET = SecretStr("a secret of the tests, plainly invented")
DUE = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
BEFORE = DUE - timedelta(days=3)
DEWI = "17"

words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
facts = st.dictionaries(words, st.none() | st.booleans() | st.integers(-(2**53), 2**53) | words, max_size=4)
moments = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)


def clearance() -> str:
    return sign(SECRET, "clear", DEWI, DUE, {"assessment": 40, "version": 3})


def test_dewi_clears_the_version_that_she_was_shown() -> None:
    link = verify(SECRET, clearance(), "clear", BEFORE)
    assert link == Link("clear", DEWI, DUE, {"assessment": 40, "version": 3})


def test_a_mail_gateway_that_changes_the_case_of_addresses_does_no_harm() -> None:
    token = clearance()
    assert token == token.lower()
    assert verify(SECRET, token.upper(), "clear", BEFORE).subject == DEWI
    assert verify(SECRET, token.title(), "clear", BEFORE).subject == DEWI


def test_a_token_ends_at_its_moment_and_not_a_second_before() -> None:
    token = clearance()
    assert verify(SECRET, token, "clear", DUE - timedelta(seconds=1)).subject == DEWI
    with pytest.raises(LinkExpired) as refused:
        verify(SECRET, token, "clear", DUE)
    assert refused.value.facts == {"purpose": "clear", "subject": DEWI, "expires": DUE}


def test_the_moment_may_be_said_in_any_zone() -> None:
    jakarta = timezone(timedelta(hours=7))
    assert sign(SECRET, "clear", DEWI, DUE.astimezone(jakarta)) == sign(SECRET, "clear", DEWI, DUE)


def test_a_token_to_unsubscribe_clears_nothing() -> None:
    token = sign(SECRET, "unsubscribe", DEWI, DUE)
    with pytest.raises(LinkWrongPurpose) as refused:
        verify(SECRET, token, "clear", BEFORE)
    assert refused.value.facts == {"purpose": "unsubscribe", "wanted": "clear"}


def test_another_secret_opens_nothing() -> None:
    with pytest.raises(LinkForged):
        verify("another secret of the tests, invented too", clearance(), "clear", BEFORE)


def test_the_refusals_are_named_for_their_words() -> None:
    assert [kind().name for kind in (LinkForged, LinkExpired, LinkWrongPurpose)] == [
        "link_forged",
        "link_expired",
        "link_wrong_purpose",
    ]


@given(words, words, moments, facts)
def test_what_was_signed_is_read_back(purpose: str, subject: str, expires: datetime, said: dict[str, object]) -> None:
    token = sign(SECRET, purpose, subject, expires, said)  # type: ignore[arg-type]
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyz234567")
    if expires > EPOCH:
        assert verify(SECRET, token, purpose, EPOCH) == Link(purpose, subject, expires, json.loads(json.dumps(said)))


@given(st.data(), words, facts)
def test_any_changed_character_is_refused(data: st.DataObject, subject: str, said: dict[str, object]) -> None:
    token = sign(SECRET, "clear", subject, DUE, said)  # type: ignore[arg-type]
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters().filter(lambda one: one.lower() != token[place] or not one.isascii()))
    with pytest.raises(LinkForged):
        verify(SECRET, token[:place] + other + token[place + 1 :], "clear", BEFORE)


def test_every_letter_of_the_last_place_is_refused_but_the_right_one() -> None:
    # Base32 leaves bits over there: several letters stand for the same bytes.
    for subject in ("1", "12", "123", "1234", "12345"):
        token = sign(SECRET, "clear", subject, DUE)
        taken = []
        for letter in "abcdefghijklmnopqrstuvwxyz234567":
            try:
                verify(SECRET, token[:-1] + letter, "clear", BEFORE)
            except LinkForged:
                continue
            taken.append(letter)
        assert taken == [token[-1]]


@given(st.data())
def test_a_token_cut_off_or_made_longer_is_refused(data: st.DataObject) -> None:
    token = clearance()
    cut = token[: data.draw(st.integers(0, len(token) - 1))]
    longer = token + data.draw(st.text(min_size=1, max_size=9))
    for changed in (cut, longer):
        with pytest.raises(LinkForged):
            verify(SECRET, changed, "clear", BEFORE)


@given(st.text() | st.text("abcdefghijklmnopqrstuvwxyz234567", max_size=120) | st.text("aK=\0 é\ud800"), words)
@example("", "")
@example("\u212a" * 40, "clear")  # the Kelvin sign, whose small form is a plain k
@example("a" * 5_000_000, "clear")
def test_hostile_text_is_refused_in_our_words_only(token: str, purpose: str) -> None:
    with pytest.raises(Refusal):
        verify(SECRET, token, purpose, BEFORE)


@example(b"\xff" * 5 + b"clear\0" + b"17\0")  # a moment after every year that there is
@example(b"\0" * 5 + b"clear\0" + b"17\0{")
@example(b"")
@given(st.binary(max_size=60))
def test_what_carries_our_signature_but_is_no_payload_is_refused(payload: bytes) -> None:
    from bot.links import _encode, _signature

    with pytest.raises(Refusal):
        verify(SECRET, _encode(payload + _signature(SECRET, payload)), "clear", EPOCH + timedelta(days=365_000))


def test_what_cannot_be_said_again_is_not_signed() -> None:
    for purpose, subject, expires in [
        ("cl\0ear", DEWI, DUE),
        ("clear", "1\0007", DUE),
        ("clear", DEWI, DUE.replace(tzinfo=None)),
        ("clear", DEWI, EPOCH - timedelta(seconds=1)),
    ]:
        with pytest.raises(ValueError):
            sign(SECRET, purpose, subject, expires)


def test_a_reply_finds_its_way_back_through_a_gateway() -> None:
    token = sign(SECRET, "reply", "184467", DUE)
    address = reply_address("spnet@example.org", token)
    assert address == f"spnet+{token}@example.org"
    assert len(address.split("@")[0]) <= 64
    assert token_in(address, "spnet@example.org") == token
    assert token_in(f" {address.upper()} ", "spnet@example.org") == token


def test_a_mailbox_with_a_plus_of_its_own_keeps_it() -> None:
    address = reply_address("bot+un@example.org", "abc")
    assert address == "bot+un+abc@example.org"
    assert token_in(address, "bot+un@example.org") == "abc"


@pytest.mark.parametrize(
    "address",
    ["spnet@example.org", "spnet+@example.org", "siti+abc@example.org", "spnet+abc@example.com", "spnet+abc", "", "@"],
)
def test_any_other_address_holds_no_token(address: str) -> None:
    assert token_in(address, "spnet@example.org") is None


def test_an_address_too_long_for_mail_is_not_made() -> None:
    with pytest.raises(ValueError, match="64"):
        reply_address("spnet@example.org", sign(SECRET, "reply", "184467", DUE, {"section": "Health", "prompt": 12}))
