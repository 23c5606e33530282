"""What people do reaches a bare Bolt app, and what the app says reaches the people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SimulatedClock
from bot.sandbox import BOT_USER, Person, Sandbox, gestures
from tests.unit.sandbox.conftest import asks, button, echo, modal, refused

Body = dict[str, Any]
Ack = Callable[..., Awaitable[Any]]


async def test_a_message_is_heard_and_answered(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    heard = echo(app)

    ts = await siti.says("38.8 2020 VHLSS")
    await sandbox.settled()

    assert [m.text for m in siti.messages()] == ["38.8 2020 VHLSS", "You said: 38.8 2020 VHLSS"]
    (body,) = heard
    assert set(body) >= {"token", "team_id", "api_app_id", "event", "type", "event_id", "event_time", "authorizations"}
    event = body["event"]
    assert (event["type"], event["user"], event["ts"], event["channel_type"]) == ("message", "U0SITI", ts, "im")
    assert body["event_time"] == int(sandbox.workspace.clock.now().timestamp())


async def test_timestamps_grow_while_the_clock_stands_still(siti: Person, clock: SimulatedClock) -> None:
    stamps = [await siti.says(f"word {number}") for number in range(50)]

    assert stamps == sorted(set(stamps))
    assert float(stamps[0]) == clock.now().timestamp()


TYPED = [
    ("5 < 6 & 7 > 2", "5 &lt; 6 &amp; 7 &gt; 2"),
    ("<!channel> <@U0SITI>", "&lt;!channel&gt; &lt;@U0SITI&gt;"),
    ("38.8 in 2020, 1.234,5", "38.8 in 2020, 1.234,5"),
    ("see https://example.org/a?b=1&c=2.", "see <https://example.org/a?b=1&amp;c=2>."),
    ("www.gso.gov.vn", "<http://www.gso.gov.vn|www.gso.gov.vn>"),
    ("write to siti@example.org", "write to <mailto:siti@example.org|siti@example.org>"),
    ("@spnetbot hello @nobody", f"<@{BOT_USER}> hello @nobody"),
    ("@channel look", "<!channel> look"),
]


@pytest.mark.parametrize(("typed", "wire"), TYPED)
async def test_what_is_typed_goes_over_the_wire_as_slack_writes_it(siti: Person, typed: str, wire: str) -> None:
    await siti.says(typed)

    assert siti.messages()[0].text == wire


async def test_edits_and_deletions(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    heard = echo(app)
    ts = await siti.says("38.8")
    await siti.edits(ts, "39.8")
    await siti.deletes(ts)
    await sandbox.settled()

    _, edited, deleted = (body["event"] for body in heard)
    assert edited["subtype"] == "message_changed"
    assert (edited["message"]["text"], edited["previous_message"]["text"]) == ("39.8", "38.8")
    assert edited["message"]["ts"] == ts and edited["message"]["edited"]["user"] == "U0SITI"
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", ts)
    assert [m.text for m in siti.messages()] == ["You said: 38.8"]


async def test_a_mention_comes_as_two_events_about_one_message(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    heard = echo(app)

    @app.event("app_mention")
    async def mentioned(body: Body) -> None:
        heard.append(body)

    await siti.says("@spnetbot what is this", "C0NETWORK")
    await sandbox.settled()

    first, second = heard
    assert {first["event"]["type"], second["event"]["type"]} == {"message", "app_mention"}
    assert first["event"]["ts"] == second["event"]["ts"]
    assert first["event_id"] != second["event_id"]


async def test_a_channel_without_the_bot_is_not_heard_until_it_is_invited(
    app: AsyncApp, sandbox: Sandbox, siti: Person
) -> None:
    heard = echo(app)

    @app.event("member_joined_channel")
    async def joined(body: Body) -> None:
        heard.append(body)

    await siti.says("nobody hears this", "C0LOUNGE")
    await gestures.invites(siti, "C0LOUNGE")
    await siti.says("now", "#lounge")
    await sandbox.settled()

    assert [body["event"].get("text") for body in heard] == [None, "now"]
    with pytest.raises(LookupError):
        await siti.says("let me in", "G0SECRET")


async def test_a_person_of_another_organisation_may_write_first(
    app: AsyncApp, sandbox: Sandbox, client: AsyncWebClient
) -> None:
    heard = echo(app)
    per = sandbox.person("U0PER")
    assert await refused(client.conversations_open(users="U0PER")) == "user_not_visible"

    await per.says("Hello from Oslo")
    await sandbox.settled()

    assert heard[0]["is_ext_shared_channel"] and heard[0]["event"]["team"] == "T0PARTNER"
    assert per.messages()[-1].text == "You said: Hello from Oslo"


async def test_a_click_carries_all_that_slack_sends(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    bodies: list[Body] = []

    @app.action("start")
    async def clicked(ack: Ack, body: Body, respond: Ack) -> None:
        bodies.append(body)
        await ack()
        await respond(text="Here we go", replace_original=True)

    await app.client.chat_postMessage(channel="U0SITI", text="Ready?", blocks=[button("start", value="7")])
    await siti.clicks("start")
    await sandbox.settled()

    (body,) = bodies
    assert set(body) >= {
        "type", "user", "api_app_id", "token", "container", "trigger_id", "team", "enterprise", "is_enterprise_install",
        "channel", "message", "state", "response_url", "actions",
    }  # fmt: skip
    assert body["user"] == {"id": "U0SITI", "username": "siti", "name": "siti", "team_id": "T0SPNET"}
    assert (body["actions"][0]["value"], body["actions"][0]["type"]) == ("7", "button")
    assert body["channel"]["name"] == "directmessage"
    (message,) = siti.messages()
    assert (message.text, message.blocks) == ("Here we go", [])


async def test_old_buttons_can_be_clicked_and_twice(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    values: list[str] = []

    @app.action("skip")
    async def clicked(ack: Ack, action: Body) -> None:
        values.append(action["value"])
        await ack()

    stamps = [
        (await app.client.chat_postMessage(channel="U0SITI", text="Q", blocks=[button("skip", value=str(number))]))[
            "ts"
        ]
        for number in range(3)
    ]
    await siti.clicks("skip")
    await siti.clicks("skip", message=stamps[0])
    await siti.clicks("skip", value="1", times=2)
    await sandbox.settled()

    assert values == ["2", "0", "1", "1"]
    with pytest.raises(LookupError):
        await siti.clicks("nothing")


async def test_choices_are_kept_in_the_state_of_the_message(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    bodies: list[Body] = []

    @app.action({"block_id": "choice"})
    async def chosen(ack: Ack, body: Body) -> None:
        bodies.append(body)
        await ack()

    options = [{"text": {"type": "plain_text", "text": name}, "value": name} for name in ("yes", "no", "partly")]
    elements = [
        {"type": "static_select", "action_id": "one", "options": options},
        {"type": "checkboxes", "action_id": "many", "options": options},
        {"type": "overflow", "action_id": "more", "options": options},
        {"type": "datepicker", "action_id": "day", "initial_date": "2026-01-31"},
    ]
    blocks = [{"type": "actions", "block_id": "choice", "elements": elements}]
    await app.client.chat_postMessage(channel="U0SITI", text="Choose", blocks=blocks)
    await siti.selects("one", "partly")
    await siti.selects("many", ["yes", "no"])
    await siti.selects("more", "no")
    await sandbox.settled()

    one, many, more = bodies
    assert one["actions"][0]["selected_option"]["value"] == "partly"
    assert [o["value"] for o in many["actions"][0]["selected_options"]] == ["yes", "no"]
    assert more["actions"][0]["selected_option"]["value"] == "no"
    state = more["state"]["values"]["choice"]
    assert state["one"]["selected_option"]["value"] == "partly"
    assert state["day"] == {"type": "datepicker", "selected_date": "2026-01-31"}
    assert "more" not in state
    with pytest.raises(LookupError):
        await siti.selects("one", "perhaps")


async def test_an_ephemeral_message_has_no_message_in_its_payload(
    app: AsyncApp, sandbox: Sandbox, siti: Person
) -> None:
    bodies: list[Body] = []

    @app.action("ok")
    async def clicked(ack: Ack, body: Body, respond: Ack) -> None:
        bodies.append(body)
        await ack()
        await respond(delete_original=True)

    await app.client.chat_postEphemeral(channel="C0NETWORK", user="U0SITI", text="?", blocks=[button("ok")])
    await siti.clicks("ok")
    await sandbox.settled()

    assert bodies[0]["container"]["is_ephemeral"] and "message" not in bodies[0]
    assert siti.messages("C0NETWORK") == []


async def test_home_is_opened_published_and_used(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    events: list[Body] = []

    @app.event("app_home_opened")
    async def opened(event: Body, client: AsyncWebClient) -> None:
        events.append(event)
        if event["tab"] == "home":
            await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [button("start")]})

    @app.action("start")
    async def start(ack: Ack, body: Body) -> None:
        events.append(body)
        await ack()

    await siti.opens_home()
    await sandbox.settled()
    await siti.clicks("start")
    await siti.opens_home()
    await siti.opens_home("messages")
    await sandbox.settled()

    first, click, second, messages = events
    assert messages["tab"] == "messages" and "view" not in messages
    assert first["tab"] == "home" and "view" not in first
    assert click["container"] == {"type": "view", "view_id": (siti.home or {})["id"]}
    assert second["view"]["blocks"][0]["type"] == "actions"


async def test_a_trigger_lives_three_seconds_and_is_used_once(
    app: AsyncApp, sandbox: Sandbox, siti: Person, clock: SimulatedClock
) -> None:
    triggers: list[str] = []

    @app.action("start")
    async def clicked(ack: Ack, body: Body) -> None:
        triggers.append(body["trigger_id"])
        await ack()

    await app.client.chat_postMessage(channel="U0SITI", text="?", blocks=[button("start")])
    for _ in range(3):
        await siti.clicks("start")
    await sandbox.settled()
    view = modal(asks("title"))

    await app.client.views_open(trigger_id=triggers[0], view=view)
    assert await refused(app.client.views_open(trigger_id=triggers[0], view=view)) == "exchanged_trigger_id"
    sandbox.faults.expire_triggers()
    assert await refused(app.client.views_open(trigger_id=triggers[1], view=view)) == "expired_trigger_id"
    await siti.clicks("start")
    await sandbox.settled()
    clock.advance(timedelta(seconds=3.1))
    assert await refused(app.client.views_open(trigger_id=triggers[3], view=view)) == "expired_trigger_id"


async def test_everything_is_refused_that_has_no_channel(siti: Person) -> None:
    with pytest.raises(LookupError):
        siti.channel("#nowhere")


async def test_not_hearing_says_what_was_said(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    await app.client.chat_postMessage(channel="U0SITI", text="Something else")

    with pytest.raises(TimeoutError, match="Something else"):
        await siti.hears(lambda m: "hello" in m.text, timeout=0.02)


async def test_a_shared_file_is_heard(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    heard = echo(app)
    await siti.uploads("law.pdf", b"%PDF-1.7", "Our new law")
    await sandbox.settled()

    event = heard[0]["event"]
    assert (event["subtype"], event["text"], event["files"][0]["name"]) == ("file_share", "Our new law", "law.pdf")
    info = await app.client.files_info(file=event["files"][0]["id"])
    assert info["file"]["user"] == "U0SITI"
    with pytest.raises(SlackApiError):
        await app.client.files_info(file="F0OTHER")
