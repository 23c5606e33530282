"""Every key that Slack sends, for each event.

The table follows Slack's reference (docs.slack.dev/reference/events) and the sample payloads that Slack's own clients
are tested with (json-logs/samples of the Java client, the scenario tests of Bolt). A dot goes into an object, as in
`item.message`.
"""

from __future__ import annotations

import pytest

from bot.sandbox import BOT_USER, gestures, scopes
from bot.sandbox.methods.users import changed
from tests.unit.sandbox.wire import SAID_BY_BOT, TYPED, VIEW, Act, Shape, World, compare, keys

WRAPPER = keys(
    "token team_id context_team_id context_enterprise_id api_app_id event type event_id event_time authorizations "
    "is_ext_shared_channel event_context"
)
AUTHORIZATION = keys("enterprise_id team_id user_id is_bot is_enterprise_install")
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
PIN = keys("type user channel_id item item_user pin_count pinned_info event_ts")
PINNED = {
    "item": keys("type created created_by channel message"),
    "pinned_info": keys("channel pinned_by pinned_ts"),
}
MEMBER = keys("type user channel channel_type team event_ts")


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
