"""Every key that Slack sends, for each event and each interactive payload.

The tables follow Slack's reference (docs.slack.dev/reference/events and /reference/interaction-payloads) and the sample
payloads that Slack's own clients are tested with (json-logs/samples of the Java client, the scenario tests of Bolt). A
dot goes into an object, as in `item.message`.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import BOT_USER, Person, Sandbox, gestures, scopes
from bot.sandbox.methods.users import changed
from tests.unit.sandbox.conftest import asks, button, modal

Body = dict[str, Any]


@dataclass
class World:
    """What a payload comes from, and every body that the app got."""

    sandbox: Sandbox
    client: AsyncWebClient
    siti: Person
    bounmy: Person
    bodies: list[Body]

    def last(self, kind: str) -> Body:
        """The newest event, interactive payload or command of a kind."""
        for body in reversed(self.bodies):
            event = body.get("event")
            found = event["type"] if event else body.get("type", "command")
            subtype = event.get("subtype") if event else None
            if kind in (found, f"{found} {subtype}"):
                return body
        raise AssertionError(f"no {kind} among {[body.get('event', body).get('type') for body in self.bodies]}")


@pytest.fixture
async def world(sandbox: Sandbox, client: AsyncWebClient, siti: Person, bounmy: Person) -> AsyncIterator[World]:
    """An app that is subscribed to everything and keeps every body, also of what it did itself."""
    bodies: list[Body] = []
    sandbox.slack.subscriptions = frozenset(scopes.EVENTS)
    app = AsyncApp(
        client=AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.base_url),
        process_before_response=True,
        ignoring_self_events_enabled=False,
    )
    handler = AsyncSocketModeHandler(app, sandbox.app_token)
    await handler.connect_async()
    await sandbox.connected()

    async def keep(body: Body) -> None:
        bodies.append(body)

    async def acknowledge(ack: Callable[..., Awaitable[None]], body: Body) -> None:
        bodies.append(body)
        await ack()

    async def answer(ack: Callable[..., Awaitable[None]], body: Body) -> None:
        bodies.append(body)
        await ack("Here I am")

    async def offer(ack: Callable[..., Awaitable[None]], body: Body) -> None:
        bodies.append(body)
        await ack(options=[{"text": {"type": "plain_text", "text": "Lao PDR"}, "value": "LAO"}])

    anything = re.compile(".*")
    app.event(anything)(keep)
    for listens in (app.action, app.view, app.view_closed, app.shortcut):
        listens(anything)(acknowledge)
    app.options(anything)(offer)
    app.command(anything)(answer)
    yield World(sandbox, client, siti, bounmy, bodies)
    await handler.close_async()


def keys(text: str) -> set[str]:
    """The names in a text."""
    return set(text.split())


WRAPPER = keys(
    "token team_id context_team_id context_enterprise_id api_app_id event type event_id event_time authorizations "
    "is_ext_shared_channel event_context"
)
AUTHORIZATION = keys("enterprise_id team_id user_id is_bot is_enterprise_install")
TYPED = keys("type user ts client_msg_id text team blocks")
SAID_BY_BOT = keys("type user ts text team bot_id app_id bot_profile")
HEARD = keys("channel event_ts channel_type")
BOT_PROFILE = keys("id app_id user_id name icons deleted updated team_id")
PROFILE = keys(
    "title phone skype real_name real_name_normalized display_name display_name_normalized fields first_name last_name "
    "team status_text status_text_canonical status_emoji status_emoji_display_info status_expiration avatar_hash email "
    "image_24 image_32 image_48 image_72 image_192 image_512"
)
USER = keys(
    "id team_id name deleted profile is_bot is_app_user updated color real_name tz tz_label tz_offset is_admin "
    "is_owner is_primary_owner is_restricted is_ultra_restricted is_email_confirmed who_can_share_contact_card"
)
FILE = keys(
    "id created timestamp name title mimetype filetype pretty_type user user_team username editable size mode "
    "is_external external_type is_public public_url_shared display_as_bot media_display_type url_private "
    "url_private_download permalink permalink_public is_starred has_rich_preview file_access comments_count channels "
    "groups ims"
)
VIEW = keys(
    "id team_id type blocks private_metadata callback_id state hash title clear_on_close notify_on_close close submit "
    "previous_view_id root_view_id app_id external_id app_installed_team_id bot_id"
)
PIN = keys("type user channel_id item item_user pin_count pinned_info event_ts")
PINNED = {
    "item": keys("type created created_by channel message"),
    "pinned_info": keys("channel pinned_by pinned_ts"),
}
MEMBER = keys("type user channel channel_type team event_ts")

Act = Callable[[World], Awaitable[Any]]
Shape = Mapping[str, set[str]]
"""The keys of an object by its path; the event itself has the path of no letters."""


async def _in_thread(world: World, *, broadcast: bool = False) -> None:
    ts = await world.siti.says("Who reports?", "C0NETWORK")
    await world.client.chat_postMessage(channel="C0NETWORK", text="All", thread_ts=ts, reply_broadcast=broadcast)


async def _edited(world: World) -> None:
    await world.siti.edits(await world.siti.says("Old", "C0NETWORK"), "New", "C0NETWORK")


async def _deleted(world: World) -> None:
    await world.siti.deletes(await world.siti.says("Old", "C0NETWORK"), "C0NETWORK")


async def _reacted(world: World) -> None:
    ts = await world.siti.says("Good news", "C0NETWORK")
    await gestures.reacts(world.siti, "tada", ts, "C0NETWORK")
    await gestures.unreacts(world.siti, "tada", ts, "C0NETWORK")


async def _pinned(world: World) -> None:
    ts = str((await world.client.chat_postMessage(channel="C0NETWORK", text="The floor"))["ts"])
    await gestures.pins(world.siti, ts, "C0NETWORK")
    await gestures.unpins(world.siti, ts, "C0NETWORK")


async def _came_and_went(world: World) -> None:
    await gestures.invites(world.siti, "C0NETWORK", "U0BOUNMY")
    await gestures.leaves(world.bounmy, "C0NETWORK")


async def _channel(world: World, *, private: bool = False) -> None:
    client = world.client
    id = (await client.conversations_create(name="cycle", is_private=private))["channel"]["id"]
    await client.conversations_rename(channel=id, name="round")
    await client.conversations_archive(channel=id)
    await client.conversations_unarchive(channel=id)
    await client.conversations_invite(channel=id, users="U0SITI")
    await client.conversations_leave(channel=id)


async def _file(world: World) -> None:
    done = await world.client.files_upload_v2(channel="C0NETWORK", content="a,b", filename="a.csv")
    await world.client.files_delete(file=done["files"][0]["id"])


async def _joined(world: World) -> None:
    workspace = world.sandbox.workspace
    changed(world.sandbox.slack, workspace.add_user("U0NEW", "New", "new@example.org", "UTC"), "team_join")


async def _home(world: World) -> None:
    await world.client.views_publish(user_id="U0SITI", view={"type": "home", "blocks": [{"type": "divider"}]})
    await world.siti.opens_home()


async def _revoked(world: World) -> None:
    world.sandbox.faults.uninstall()


EVENTS: list[tuple[str, str, Act, Shape]] = [
    ("message", "message.channels", lambda w: w.siti.says("Hello", "C0NETWORK"), {"": TYPED | HEARD}),
    ("message", "message.im", lambda w: w.siti.says("Hello"), {"": TYPED | HEARD}),
    (
        "message",
        "message.groups",
        lambda w: w.client.chat_postMessage(channel="G0REVIEW", text="Hello"),
        {"": SAID_BY_BOT | HEARD, "bot_profile": BOT_PROFILE},
    ),
    ("message", "", _in_thread, {"": SAID_BY_BOT | HEARD | keys("thread_ts parent_user_id")}),
    (
        "message thread_broadcast",
        "",
        lambda w: _in_thread(w, broadcast=True),
        {
            "": SAID_BY_BOT | HEARD | keys("subtype thread_ts parent_user_id root"),
            "root": TYPED
            | keys("thread_ts reply_count reply_users_count reply_users latest_reply is_locked subscribed"),
        },
    ),
    (
        "message message_changed",
        "",
        _edited,
        {
            "": keys("type subtype message previous_message hidden ts") | HEARD,
            "message": TYPED | keys("edited source_team user_team"),
            "message.edited": keys("user ts"),
            "previous_message": TYPED,
        },
    ),
    (
        "message message_deleted",
        "",
        _deleted,
        {"": keys("type subtype previous_message hidden deleted_ts ts") | HEARD, "previous_message": TYPED},
    ),
    (
        "message file_share",
        "",
        lambda w: w.siti.uploads("a.csv", b"a,b", "My data", "C0NETWORK"),
        {"": (TYPED | HEARD | keys("subtype files upload display_as_bot")) - {"blocks"}, "files.0": FILE},
    ),
    (
        "message me_message",
        "",
        lambda w: w.client.chat_meMessage(channel="C0NETWORK", text="waves"),
        {"": SAID_BY_BOT | HEARD | {"subtype"}},
    ),
    (
        "app_mention",
        "app_mention",
        lambda w: w.siti.says("@spnetbot hello", "C0NETWORK"),
        {"": TYPED | keys("channel event_ts")},
    ),
    (
        "app_home_opened",
        "app_home_opened",
        _home,
        {"": keys("type user channel tab view event_ts"), "view": VIEW},
    ),
    (
        "reaction_added",
        "reaction_added",
        _reacted,
        {"": keys("type user reaction item item_user event_ts"), "item": keys("type channel ts")},
    ),
    ("reaction_removed", "reaction_removed", _reacted, {"": keys("type user reaction item item_user event_ts")}),
    (
        "pin_added",
        "pin_added",
        _pinned,
        {"": PIN, **PINNED, "item.message": SAID_BY_BOT | keys("pinned_to pinned_info permalink")},
    ),
    (
        "pin_removed",
        "pin_removed",
        _pinned,
        {"": PIN | {"has_pins"}, **PINNED, "item.message": SAID_BY_BOT | {"permalink"}},
    ),
    ("member_joined_channel", "member_joined_channel", _came_and_went, {"": MEMBER | {"inviter"}}),
    ("member_left_channel", "member_left_channel", _came_and_went, {"": MEMBER}),
    (
        "channel_created",
        "channel_created",
        _channel,
        {
            "": keys("type channel event_ts"),
            "channel": keys(
                "id is_channel name name_normalized created creator is_shared is_org_shared context_team_id"
            ),
        },
    ),
    (
        "channel_rename",
        "channel_rename",
        _channel,
        {
            "": keys("type channel event_ts"),
            "channel": keys("id is_channel is_mpim is_group name name_normalized created"),
        },
    ),
    ("channel_archive", "channel_archive", _channel, {"": keys("type channel user is_moved event_ts")}),
    ("channel_unarchive", "channel_unarchive", _channel, {"": keys("type channel user event_ts")}),
    ("channel_left", "channel_left", _channel, {"": keys("type channel actor_id event_ts")}),
    ("group_rename", "group_rename", lambda w: _channel(w, private=True), {"": keys("type channel event_ts")}),
    (
        "group_archive",
        "group_archive",
        lambda w: _channel(w, private=True),
        {"": keys("type channel user is_moved event_ts")},
    ),
    (
        "group_unarchive",
        "group_unarchive",
        lambda w: _channel(w, private=True),
        {"": keys("type channel user event_ts")},
    ),
    ("group_left", "group_left", lambda w: _channel(w, private=True), {"": keys("type channel actor_id event_ts")}),
    ("file_created", "file_created", _file, {"": keys("type file_id user_id file event_ts"), "file": {"id"}}),
    (
        "file_shared",
        "file_shared",
        _file,
        {"": keys("type file_id user_id file channel_id event_ts"), "file": {"id"}},
    ),
    ("file_deleted", "file_deleted", _file, {"": keys("type file_id event_ts")}),
    (
        "team_join",
        "team_join",
        _joined,
        {"": keys("type user event_ts"), "user": USER, "user.profile": PROFILE},
    ),
    (
        "user_change",
        "user_change",
        lambda w: gestures.presents(w.siti, title="Focal point, Indonesia", status=":palm_tree: on leave"),
        {"": keys("type user cache_ts event_ts"), "user": USER, "user.profile": PROFILE},
    ),
    (
        "tokens_revoked",
        "tokens_revoked",
        _revoked,
        {"": keys("type tokens event_ts"), "tokens": keys("oauth bot")},
    ),
    ("app_uninstalled", "app_uninstalled", _revoked, {"": keys("type event_ts")}),
]


@pytest.mark.parametrize(
    ("kind", "act", "shape"),
    [(kind, act, shape) for kind, _, act, shape in EVENTS],
    ids=[f"{name or kind}" for kind, name, _, _ in EVENTS],
)
async def test_an_event(world: World, kind: str, act: Act, shape: Shape) -> None:
    world.sandbox.workspace.add_channel("G0REVIEW", "review", ["U0SITI", BOT_USER], private=True)

    await act(world)
    await world.sandbox.settled()

    body = world.last(kind)
    assert set(body) == WRAPPER
    assert set(body["authorizations"][0]) == AUTHORIZATION
    compare(body["event"], shape)


def test_every_event_has_its_row() -> None:
    assert {name for _, name, _, _ in EVENTS} - {""} == set(scopes.EVENTS)


BASE = keys("type user api_app_id token team enterprise is_enterprise_install")
PERSON = {"user": keys("id username name team_id"), "team": keys("id domain")}
CONTAINER = keys("type message_ts channel_id is_ephemeral")
IN_MESSAGE = keys("container channel message")
IN_VIEW = keys("container view")


async def _message(world: World, *elements: Body) -> None:
    blocks = [{"type": "actions", "elements": list(elements)}]
    await world.client.chat_postMessage(channel="U0SITI", text="Choose", blocks=blocks)


SELECT: Body = {
    "type": "external_select",
    "action_id": "country",
    "min_query_length": 1,
    "placeholder": {"type": "plain_text", "text": "Country"},
}


async def _modal(world: World, *blocks: Body, **more: Any) -> None:
    trigger = world.sandbox.slack.triggers.give("U0SITI")
    await world.client.views_open(trigger_id=trigger, view=modal(*blocks, **more))


async def _clicked(world: World) -> None:
    await _message(world, button("go")["elements"][0])
    await world.siti.clicks("go")


async def _clicked_in_modal(world: World) -> None:
    await _modal(world, button("go"))
    await world.siti.clicks("go")


async def _chosen(world: World) -> None:
    await _message(world, SELECT)
    await world.siti.suggests("country", "l")
    await world.siti.selects("country", "LAO")


async def _suggested(world: World) -> None:
    await _message(world, SELECT)
    await world.siti.suggests("country", "l")


async def _suggested_in_modal(world: World) -> None:
    await _modal(world, asks("where", **SELECT))
    await world.siti.suggests("country", "l")


async def _submitted(world: World) -> None:
    await _modal(world, asks("lesson", initial_value="x"))
    await world.siti.submits()


async def _submitted_with_url(world: World) -> None:
    element = {
        "type": "conversations_select",
        "response_url_enabled": True,
        "initial_conversation": "C0NETWORK",
    }
    await _modal(world, asks("where", **element))
    await world.siti.submits()


async def _closed(world: World) -> None:
    await _modal(world, asks("lesson"), notify_on_close=True)
    await world.siti.closes()


async def _on_message(world: World) -> None:
    await world.siti.shortcut("share", await world.siti.says("A lesson"))


INTERACTIONS: list[tuple[str, str, Act, Shape]] = [
    (
        "a button of a message",
        "block_actions",
        _clicked,
        {
            "": BASE | IN_MESSAGE | keys("trigger_id response_url state actions"),
            **PERSON,
            "container": CONTAINER,
            "channel": keys("id name"),
            "state": {"values"},
            "message": SAID_BY_BOT | {"blocks"},
            "actions.0": keys("type action_id block_id action_ts text value"),
            "actions.0.text": keys("type text emoji"),
        },
    ),
    (
        "a choice",
        "block_actions",
        _chosen,
        {"actions.0": keys("type action_id block_id action_ts selected_option placeholder")},
    ),
    (
        "a button of a modal",
        "block_actions",
        _clicked_in_modal,
        {
            "": BASE | IN_VIEW | keys("trigger_id actions"),
            "container": keys("type view_id"),
            "view": VIEW | {"submit_disabled"},
        },
    ),
    (
        "what to offer in a message",
        "block_suggestion",
        _suggested,
        {"": BASE | IN_MESSAGE | keys("block_id action_id value"), **PERSON, "container": CONTAINER},
    ),
    (
        "what to offer in a modal",
        "block_suggestion",
        _suggested_in_modal,
        {"": BASE | IN_VIEW | keys("block_id action_id value"), "container": keys("type view_id")},
    ),
    (
        "a modal submitted",
        "view_submission",
        _submitted,
        {"": BASE | keys("trigger_id view response_urls"), **PERSON, "view": VIEW | {"submit_disabled"}},
    ),
    (
        "a modal submitted with a conversation to answer in",
        "view_submission",
        _submitted_with_url,
        {"response_urls.0": keys("block_id action_id channel_id response_url")},
    ),
    (
        "a modal closed",
        "view_closed",
        _closed,
        {"": BASE | keys("view is_cleared"), **PERSON, "view": VIEW | {"submit_disabled"}},
    ),
    (
        "a global shortcut",
        "shortcut",
        lambda w: w.siti.shortcut("share"),
        {"": (BASE - {"api_app_id"}) | keys("callback_id trigger_id action_ts"), **PERSON},
    ),
    (
        "a shortcut on a message",
        "message_action",
        _on_message,
        {
            "": (BASE - {"api_app_id"})
            | keys("callback_id trigger_id action_ts channel message_ts message response_url"),
            **PERSON,
            "channel": keys("id name"),
            "message": TYPED,
        },
    ),
    (
        "a command",
        "command",
        lambda w: w.siti.command("/spnet", "help"),
        {
            "": keys(
                "token team_id team_domain channel_id channel_name user_id user_name command text api_app_id "
                "is_enterprise_install response_url trigger_id"
            )
        },
    ),
]


@pytest.mark.parametrize(
    ("kind", "act", "shape"), [row[1:] for row in INTERACTIONS], ids=[row[0] for row in INTERACTIONS]
)
async def test_an_interaction(world: World, kind: str, act: Act, shape: Shape) -> None:
    await act(world)
    await world.sandbox.settled()

    compare(world.last(kind), shape)


def compare(body: Body, shape: Shape) -> None:
    """The keys of an object, and of what lies in it, are those of the table."""
    for path, wanted in shape.items():
        found: Any = body
        for step in path.split(".") if path else ():
            found = found[int(step) if step.isdigit() else step]
        assert set(found) == wanted, path
