"""What cannot be done, what was done, and the address described by itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import BOT_USER, Sandbox
from bot.sandbox.control.acts import ACTS
from bot.sandbox.control.address import ROUTES
from tests.unit.sandbox.control.caller import Answer, Caller


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
        ("people/U0SITI/clicks", {"action_id": "start", "where": "cellar"}, 400, "bad_argument"),
        ("people/U0SITI/opens_home", {"tab": "cellar"}, 400, "bad_argument"),
        ("faults/disconnect", {"reason": "boredom"}, 400, "bad_argument"),
        ("faults/lose_next", {"reason": "boredom"}, 400, "bad_argument"),
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


INSIDE: list[tuple[str, dict[str, Any]]] = [
    ("says", {"text": "x"}),
    ("edits", {"ts": "TS", "text": "x"}),
    ("deletes", {"ts": "TS"}),
    ("reacts", {"ts": "TS", "name": "tada"}),
    ("pins", {"ts": "TS"}),
    ("reads", {}),
    ("joins", {}),
    ("leaves", {}),
    ("invites", {"user": "U0SITI"}),
    ("shortcut", {"callback_id": "share", "message": "TS"}),
    ("command", {"name": "/spnet"}),
    ("uploads", {"name": "x", "content": ""}),
]


@pytest.mark.parametrize("channel", ["G0SECRET", "D0AISYAH"])
@pytest.mark.parametrize(("act", "body"), INSIDE, ids=[act for act, _ in INSIDE])
async def test_from_outside_nothing_can_be_done_in_a_private_place(
    call: Caller, act: str, body: dict[str, Any], channel: str
) -> None:
    place = "#secretariat" if channel == "G0SECRET" else None
    ts = (await call.does("U0AISYAH", "says", text="for us", channel=place))["ts"]
    before = await call.seen("U0AISYAH")

    told = {"channel": channel, **body} | ({"ts": ts} if "ts" in body else {})
    told |= {"message": ts} if "message" in body else {}
    status, answer = await call.post(f"/control/people/U0SITI/{act}", told)
    assert (status, answer["error"]) == (404, "not_there")
    assert (await call.seen("U0AISYAH"))["messages"] == before["messages"]


async def test_only_its_author_changes_a_message(call: Caller) -> None:
    ts = (await call.does("U0AISYAH", "says", text="for all", channel="#network"))["ts"]
    for act, code in (("edits", "cant_update_message"), ("deletes", "cant_delete_message")):
        body = {"ts": ts, "channel": "#network"} | ({"text": "x"} if act == "edits" else {})
        status, answer = await call.post(f"/control/people/U0SITI/{act}", body)
        assert (status, answer["error"]) == (409, code)


async def test_a_guest_sees_and_enters_no_channel_by_themselves(call: Caller) -> None:
    for act in ("says", "joins", "reads"):
        body = {"channel": "#network"} | ({"text": "x"} if act == "says" else {})
        assert (await call.post(f"/control/people/U0BOUNMY/{act}", body))[0] == 404
    await call.does("U0SITI", "invites", channel="#network", user="U0BOUNMY")
    await call.does("U0BOUNMY", "says", channel="#network", text="thank you")


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
