"""Who people are: members, guests, people of other organisations, the bot; what each may be asked for."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SimulatedClock
from bot.sandbox import BOT_ID, BOT_USER, Person, Sandbox, gestures
from tests.unit.sandbox.conftest import refused


async def test_a_profile_says_what_somebody_does_and_how_they_are(client: AsyncWebClient, siti: Person) -> None:
    await gestures.presents(siti, title="Focal point, Indonesia", status=":palm_tree: On leave until Monday")
    profile = (await client.users_profile_get(user="U0SITI"))["profile"]

    assert (profile["title"], profile["real_name"], profile["first_name"], profile["last_name"]) == (
        "Focal point, Indonesia",
        "Siti Rahmadani",
        "Siti",
        "Rahmadani",
    )
    assert (profile["status_emoji"], profile["status_text"]) == (":palm_tree:", "On leave until Monday")
    assert profile["email"] == "siti@example.org"
    assert (await client.users_info(user="U0SITI"))["user"]["profile"] == profile


async def test_members_guests_strangers_and_the_bot(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.workspace.add_user("U0GUEST", "Guest", "guest@example.org", "UTC", single_channel=True)
    people = {user["id"]: user for user in (await client.users_list())["members"]}

    def marks(id: str) -> tuple[bool, bool, bool, str]:
        user = people[id]
        return user["is_restricted"], user["is_ultra_restricted"], user.get("is_stranger", False), user["team_id"]

    assert marks("U0SITI") == (False, False, False, "T0SPNET")
    assert marks("U0BOUNMY") == (True, False, False, "T0SPNET")
    assert marks("U0GUEST") == (True, True, False, "T0SPNET")
    assert marks("U0PER") == (False, False, True, "T0PARTNER")
    assert people[BOT_USER]["profile"]["bot_id"] == BOT_ID
    assert [people[id]["is_bot"] for id in (BOT_USER, "U0SITI")] == [True, False]


async def test_of_a_closed_account_slack_tells_less(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.deactivate("U0SITI")
    user = (await client.users_info(user="U0SITI"))["user"]

    assert user["deleted"] and "tz" not in user and "is_restricted" not in user
    assert (await client.users_getPresence(user="U0SITI"))["presence"] == "away"
    assert await refused(client.users_lookupByEmail(email="siti@example.org")) == "users_not_found"


async def test_the_address_needs_its_scope(clock: SimulatedClock) -> None:
    sandbox = Sandbox(clock, scopes=["users:read", "users.profile:read"])
    sandbox.workspace.add_user("U0SITI", "Siti Rahmadani", "siti@example.org", "Asia/Jakarta")
    await sandbox.start()
    client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.base_url)

    assert "email" not in (await client.users_info(user="U0SITI"))["user"]["profile"]
    assert "email" not in (await client.users_profile_get(user="U0SITI"))["profile"]
    with pytest.raises(SlackApiError) as caught:
        await client.users_lookupByEmail(email="siti@example.org")
    await sandbox.stop()
    assert caught.value.response["needed"] == "users:read.email"


@pytest.mark.usefixtures("app")
async def test_the_bot_is_there_while_a_socket_is_open(sandbox: Sandbox, client: AsyncWebClient) -> None:
    own = await client.users_getPresence(user=BOT_USER)
    assert (own["presence"], own["online"], own["connection_count"]) == ("active", True, 1)
    assert (await client.users_getPresence(user="U0SITI"))["presence"] == "active"

    sandbox.faults.half_open()
    assert (await client.users_getPresence(user=BOT_USER))["presence"] == "away"
    assert await refused(client.users_getPresence(user="U0NOBODY")) == "user_not_found"


async def test_a_bot_may_not_change_profiles(client: AsyncWebClient) -> None:
    """Slack's reference names a person's token only for this method."""
    assert await refused(client.users_profile_set(name="title", value="King")) == "not_allowed_token_type"
    assert await refused(client.users_profile_get(user="U0NOBODY")) == "user_not_found"


async def test_a_workspace_without_fields_and_emoji_of_its_own(client: AsyncWebClient) -> None:
    assert (await client.team_profile_get())["profile"] == {"fields": [], "sections": []}
    assert (await client.emoji_list())["emoji"] == {}
    assert (await client.team_info())["team"]["domain"] == "spnet-sandbox"


async def test_a_test_needs_no_token(sandbox: Sandbox) -> None:
    nobody = AsyncWebClient(base_url=sandbox.base_url)

    assert (await nobody.api_test(foo="bar"))["args"] == {"foo": "bar"}
    with pytest.raises(SlackApiError) as caught:
        await nobody.api_test(error="my_error")
    assert (caught.value.response["error"], caught.value.response["args"]) == ("my_error", {"error": "my_error"})


async def test_a_token_is_given_back(sandbox: Sandbox, client: AsyncWebClient) -> None:
    assert (await client.auth_revoke(test=True))["revoked"] is False
    assert (await client.auth_revoke(test=False))["revoked"] is True

    assert await refused(client.auth_test()) == "token_revoked"
    assert (await client.apps_connections_open(app_token=sandbox.app_token))["ok"], "the other token is good"


async def test_what_somebody_does_is_said_in_italics(client: AsyncWebClient, siti: Person) -> None:
    await client.chat_meMessage(channel="C0NETWORK", text="opens the round")

    (message,) = (await client.conversations_history(channel="C0NETWORK"))["messages"]
    assert (message["subtype"], message["text"], message["bot_profile"]["name"]) == (
        "me_message",
        "opens the round",
        "spnet",
    )
    assert await refused(client.chat_meMessage(channel="C0NETWORK", text="")) == "no_text"
    assert await refused(client.chat_meMessage(channel="C0NETWORK", text="x" * 40_001)) == "msg_too_long"
    assert await refused(client.chat_meMessage(channel="C0LOUNGE", text="x")) == "not_in_channel"
