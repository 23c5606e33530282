"""The control address: what people do and see, told over HTTP to programs of this machine and to nobody else."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import aiohttp
import aiosmtplib
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SimulatedClock
from bot.sandbox import BOT_USER, Mailbox, Move, Sandbox
from bot.sandbox.control.acts import ACTS
from bot.sandbox.control.address import ROUTES

Answer = dict[str, Any]


class Caller:
    """A program of this machine that asks the control address."""

    def __init__(self, session: aiohttp.ClientSession, sandbox: Sandbox) -> None:
        self.session = session
        self.origin = sandbox.address.rstrip("/")

    async def get(self, path: str, **headers: str) -> tuple[int, Answer]:
        async with self.session.get(self.origin + path, headers=headers) as answer:
            return answer.status, await answer.json()

    async def post(self, path: str, body: Any = None, **headers: str) -> tuple[int, Answer]:
        async with self.session.post(self.origin + path, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def seen(self, person: str, after: int = 0) -> Answer:
        """What a person sees."""
        status, answer = await self.get(f"/control/seen?as={person}&after={after}")
        assert status == 200
        return answer

    async def does(self, person: str, act: str, **arguments: Any) -> Answer:
        """An act that succeeds."""
        status, answer = await self.post(f"/control/people/{person}/{act}", arguments)
        assert (status, answer["ok"]) == (200, True), answer
        return answer


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    mailbox = Mailbox()
    await mailbox.start()
    yield mailbox
    await mailbox.stop()


@pytest.fixture
async def sandbox(clock: SimulatedClock, mailbox: Mailbox) -> AsyncIterator[Sandbox]:
    """Siti, Bounmy (a guest) and Aisyah of the secretariat, who alone is in its channel with the bot."""
    sandbox = Sandbox(clock, mailbox=mailbox)
    people = sandbox.workspace
    people.add_user("U0SITI", "Siti Rahmadani", "siti@example.org", "Asia/Jakarta", title="Focal point, Indonesia")
    people.add_user("U0BOUNMY", "Bounmy Keo", "bounmy@example.org", "Asia/Vientiane", guest=True)
    people.add_user("U0AISYAH", "Aisyah Noor", "aisyah@example.org", "Asia/Jakarta")
    people.add_channel("C0NETWORK", "network", ["U0SITI", "U0AISYAH", BOT_USER])
    people.add_channel("G0SECRET", "secretariat", ["U0AISYAH", BOT_USER], private=True)
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def call(sandbox: Sandbox) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(session, sandbox)


def words(seen: Answer) -> list[str]:
    return [message["text"] for message in seen["messages"]]


# what people see


async def test_siti_writes_and_sees_it_and_then_only_what_is_new(call: Caller) -> None:
    await call.does("U0SITI", "says", text="good morning", channel="#network")
    first = await call.seen("U0SITI")
    assert words(first) == ["good morning"]
    assert next(p for p in first["people"] if p["id"] == "U0SITI")["title"] == "Focal point, Indonesia"

    await call.does("U0SITI", "says", text="good evening", channel="#network")
    assert words(await call.seen("U0SITI", first["n"])) == ["good evening"]


async def test_what_several_people_see_comes_in_one_answer(call: Caller) -> None:
    await call.does("U0AISYAH", "says", text="for us", channel="#secretariat")
    both = (await call.get("/control/seen?as=U0SITI&as=U0AISYAH"))[1]["seen"]
    assert [(seen["me"], words(seen)) for seen in both] == [("U0SITI", []), ("U0AISYAH", ["for us"])]


async def test_what_is_private_stays_with_those_inside(call: Caller) -> None:
    await call.does("U0AISYAH", "says", text="to be returned", channel="G0SECRET")
    await call.does("U0SITI", "says", text="38.8")
    for seen in (await call.seen("U0BOUNMY"), await call.seen("U0BOUNMY", 1)):
        assert words(seen) == []
        assert not {"G0SECRET", "D0SITI"} & {channel["id"] for channel in seen["channels"]}
    assert words(await call.seen("U0AISYAH")) == ["to be returned"]


async def test_a_guest_sees_no_channel_that_they_are_not_in(call: Caller) -> None:
    await call.does("U0SITI", "says", text="only for members", channel="#network")
    assert words(await call.seen("U0BOUNMY")) == []


async def test_what_only_siti_sees_is_shown_to_nobody_else(call: Caller, client: AsyncWebClient) -> None:
    await client.chat_postEphemeral(channel="C0NETWORK", user="U0SITI", text="only for you")
    assert words(await call.seen("U0SITI")) == ["only for you"]
    assert words(await call.seen("U0AISYAH")) == words(await call.seen("U0AISYAH", 1)) == []


async def test_a_message_that_was_taken_back_is_gone(call: Caller) -> None:
    ts = (await call.does("U0SITI", "says", text="wrong channel", channel="#network"))["ts"]
    n = (await call.seen("U0AISYAH"))["n"]
    await call.does("U0SITI", "deletes", ts=ts, channel="#network")
    assert (await call.seen("U0AISYAH", n))["gone"] == [{"channel": "C0NETWORK", "ts": ts}]


async def test_unread_messages_are_counted_until_they_are_read(call: Caller) -> None:
    await call.does("U0SITI", "says", text="hello @aisyah", channel="#network")
    (channel,) = [c for c in (await call.seen("U0AISYAH"))["channels"] if c["id"] == "C0NETWORK"]
    assert (channel["unread"], channel["mentions"]) == (1, 1)
    await call.does("U0AISYAH", "reads", channel="C0NETWORK")
    (channel,) = [c for c in (await call.seen("U0AISYAH"))["channels"] if c["id"] == "C0NETWORK"]
    assert (channel["unread"], channel["mentions"]) == (0, 0)


async def test_a_date_calls_nobody_and_a_reply_in_a_thread_is_not_unread_in_the_channel(call: Caller) -> None:
    first = await call.does("U0SITI", "says", text="due <!date^1417000000^{date}|soon>", channel="#network", raw=True)
    await call.does("U0SITI", "says", text="a detail", channel="#network", thread=first["ts"])
    (channel,) = [c for c in (await call.seen("U0AISYAH"))["channels"] if c["id"] == "C0NETWORK"]
    assert (channel["unread"], channel["mentions"]) == (1, 0)


async def test_who_leaves_a_private_channel_sees_nothing_of_it_any_more(call: Caller) -> None:
    await call.does("U0AISYAH", "says", text="to be returned", channel="G0SECRET")
    n = (await call.seen("U0AISYAH"))["n"]
    await call.does("U0AISYAH", "leaves", channel="G0SECRET")
    after = await call.seen("U0AISYAH", n)
    assert after["whole"]
    assert words(after) == []
    assert "G0SECRET" not in {channel["id"] for channel in after["channels"]}


async def test_reactions_threads_and_files_are_seen_by_the_others(call: Caller) -> None:
    ts = (await call.does("U0SITI", "says", text="our new law", channel="#network"))["ts"]
    await call.does("U0AISYAH", "reacts", name="tada", ts=ts, channel="#network")
    await call.does("U0AISYAH", "says", text="congratulations", channel="#network", thread=ts)
    await call.does("U0SITI", "uploads", name="law.txt", content="TGF3IDEy", channel="#network", thread=ts)
    message, reply, file = (await call.seen("U0AISYAH"))["messages"]
    assert [(r["name"], r["users"]) for r in message["reactions"]] == [("tada", ["U0AISYAH"])]
    assert (message["replies"], message["repliers"]) == (2, ["U0AISYAH", "U0SITI"])
    assert reply["thread"] == file["thread"] == ts
    async with call.session.get(call.origin + file["files"][0]["url"]) as answer:
        assert await answer.read() == b"Law 12"
        assert answer.headers["Content-Disposition"] == "attachment"
    await call.does("U0AISYAH", "unreacts", name="tada", ts=ts, channel="#network")
    assert (await call.seen("U0AISYAH"))["messages"][0]["reactions"] == []


async def test_a_file_comes_by_multipart_too(call: Caller) -> None:
    form = aiohttp.FormData({"text": "the table", "channel": "C0NETWORK"})
    form.add_field("file", b"a,b\n1,2\n", filename="table.csv", content_type="text/csv")
    async with call.session.post(f"{call.origin}/control/people/U0SITI/uploads", data=form) as answer:
        assert answer.status == 200
    (message,) = (await call.seen("U0SITI"))["messages"]
    assert (message["text"], message["files"][0]["name"], message["files"][0]["size"]) == ("the table", "table.csv", 8)


async def test_a_stream_tells_each_change_once(call: Caller) -> None:
    n = (await call.seen("U0AISYAH"))["n"]
    address = f"{call.origin}/control/live?as=U0AISYAH&after={n}"
    async with call.session.get(address, timeout=aiohttp.ClientTimeout(total=10)) as stream:
        heard: list[str] = []
        for text in ("one", "two"):
            await call.does("U0SITI", "says", text=text, channel="#network")
            while (line := await stream.content.readline()).startswith(b"data:") is False:
                pass
            heard += words(json.loads(line[5:]))
        assert heard == ["one", "two"]


# who may ask


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.shown}")
async def test_a_page_of_another_site_is_turned_away(call: Caller, route: Any) -> None:
    ids = {"{person}": "U0SITI", "{act}": "says", "{name}": "cut", "{n}": "1", "{k}": "0", "{id}": "x"}
    path = route.shown
    for name, value in ids.items():
        path = path.replace(name, value)
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Origin": "http://[broken"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        asked = await (call.get(path, **headers) if route.method == "GET" else call.post(path, {}, **headers))
        assert (asked[0], asked[1]["ok"]) == (403, False)
    assert words(await call.seen("U0SITI")) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
    ids=lambda headers: "".join(headers),
)
async def test_a_form_of_another_site_does_not_reach_the_bots_own_interface(
    call: Caller, sandbox: Sandbox, headers: dict[str, str]
) -> None:
    form = {"token": sandbox.slack.tokens.bot, "channel": "C0NETWORK", "text": "x"}
    for path in ("/api/chat.postMessage", "/link/?ticket=x", "/actions/T/1/x", "/upload/v1/x", "/files-pri/F1/x"):
        async with call.session.post(call.origin + path, data=form, headers=headers) as answer:
            assert answer.status == 403
    assert words(await call.seen("U0SITI")) == []


async def test_a_link_on_another_site_may_lead_to_the_page(call: Caller) -> None:
    async with call.session.get(call.origin + "/", headers={"Sec-Fetch-Site": "cross-site"}) as answer:
        assert answer.status == 200


async def test_a_form_of_another_site_cannot_pass_for_json(call: Caller) -> None:
    address = f"{call.origin}/control/people/U0SITI/says"
    async with call.session.post(address, data='{"text":"x"}', headers={"Content-Type": "text/plain"}) as answer:
        assert answer.status == 400
    assert words(await call.seen("U0SITI")) == []


@pytest.mark.parametrize(
    "path",
    [
        "/../server.py",
        "/%2e%2e/server.py",
        "/..%2f..%2fapp.py",
        "//etc/passwd",
        "/page/",
        "/control/../x",
        "/%00",
        "/" + "x" * 5000,
    ],
)
async def test_nothing_but_the_pages_own_files_is_served(call: Caller, path: str) -> None:
    status, answer = await call.get(path)
    assert (status, answer["error"]) == (404, "not_found")


# what cannot be done


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("people/U0SITI/says", {}, 400, "bad_argument"),
        ("people/U0SITI/says", {"text": 5}, 400, "bad_argument"),
        ("people/U0SITI/says", {"text": "x" * 40_001}, 409, "msg_too_long"),
        ("people/U0SITI/says", {"text": "x" * 40_001, "raw": True}, 409, "msg_too_long"),
        (f"people/{BOT_USER}/says", {"text": "I am the bot"}, 404, "unknown_person"),
        ("people/U0SITI/uploads", {"name": "x", "content": "\u00e9"}, 400, "bad_argument"),
        ("settled", {"timeout": "soon"}, 400, "bad_argument"),
        ("settled", {"quiet": []}, 400, "bad_argument"),
        ("people/U0SITI/says", {"text": "x", "colour": "red"}, 400, "bad_argument"),
        ("people/U0SITI/says", ["x"], 400, "bad_argument"),
        ("people/U0SITI/says", {"text": "x", "channel": "#nowhere"}, 404, "not_there"),
        ("people/U0SITI/says", {"text": "x", "channel": "G0SECRET"}, 404, "not_there"),
        ("people/U0NOBODY/says", {"text": "x"}, 404, "unknown_person"),
        ("people/U0SITI/sings", {}, 404, "unknown_act"),
        ("people/U0SITI/edits", {"ts": "1", "text": "x"}, 404, "not_there"),
        ("people/U0SITI/clicks", {"action_id": "start"}, 404, "not_there"),
        ("people/U0SITI/clicks", {"action_id": "start", "times": 1000}, 400, "bad_argument"),
        ("people/U0SITI/uploads", {"name": "x", "content": "%"}, 400, "bad_argument"),
        ("people/U0SITI/submits", {}, 404, "not_there"),
        ("people/U0SITI/joins", {"channel": "G0SECRET"}, 404, "not_there"),
        ("faults/earthquake", {}, 404, "unknown_fault"),
        ("faults/slow", {"seconds": "long"}, 400, "bad_argument"),
        ("clock/tomorrow", {}, 404, "not_there"),
        ("mail/1/reply", {"as": "siti@example.org", "text": "x"}, 404, "not_there"),
    ],
)
async def test_a_refusal_says_what_is_wrong(call: Caller, path: str, body: Any, status: int, code: str) -> None:
    got, answer = await call.post(f"/control/{path}", body)
    assert (got, answer["error"]) == (status, code)
    assert answer["told"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = sorted({argument.name for verb in ACTS for argument in verb.arguments})


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(verb=st.sampled_from(ACTS), body=st.dictionaries(st.sampled_from(NAMES), JSON, max_size=5))
async def test_no_act_breaks_whatever_it_gets(call: Caller, sandbox: Sandbox, verb: Any, body: Answer) -> None:
    sandbox.person("U0SITI").patience = 0.01
    known = {argument.name for argument in verb.arguments}
    status, answer = await call.post(
        f"/control/people/U0SITI/{verb.name}", {name: value for name, value in body.items() if name in known}
    )
    assert status in (200, 400, 404, 409, 504)
    assert answer["ok"] is (status == 200)


# the clock


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


# the mailbox


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


# what the bot called


async def test_the_bots_calls_are_told_in_order(call: Caller, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="C0NETWORK", text="one")
    n = (await call.get("/control/calls"))[1]["n"]
    await client.chat_postMessage(channel="C0NETWORK", text="two")
    (row,) = (await call.get(f"/control/calls?after={n}"))[1]["calls"]
    assert (row["method"], row["arguments"]["text"], row["response"]["ok"]) == ("chat.postMessage", "two", True)


async def test_the_control_address_describes_itself(call: Caller) -> None:
    answer = (await call.get("/control"))[1]
    assert len(answer["routes"]) == len(ROUTES)
    assert {act["name"] for act in answer["acts"]} == {verb.name for verb in ACTS}
    assert all(act["help"] and all(a["help"] for a in act["arguments"]) for act in answer["acts"])
