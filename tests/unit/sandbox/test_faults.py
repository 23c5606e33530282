"""What goes wrong at Slack, on demand: redelivery, duplicates, order, refused and slow calls, and the way back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Person, Sandbox
from bot.sandbox.faults import FAULTS, clear
from bot.sandbox.things import BOT_USER
from bot.sandbox.verbs import BadArgument
from tests.unit.sandbox.conftest import asks, button, echo, modal, refused

Body = dict[str, Any]
Ack = Callable[..., Awaitable[Any]]


def texts(heard: list[Body]) -> list[str]:
    return [body["event"]["text"] for body in heard]


async def test_a_lost_acknowledgement_brings_the_event_again(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    heard: list[tuple[str, Any]] = []

    @app.event("message")
    async def answer(body: Body, request: Any) -> None:
        heard.append((body["event_id"], request.headers.get("x-slack-retry-num")))

    sandbox.faults.drop_ack_next(1)
    await siti.says("38.8")
    await sandbox.settled()
    assert await sandbox.redeliver() == 1
    await sandbox.settled()

    assert [number for _, number in heard] == [["0"], ["1"]]
    assert len({event_id for event_id, _ in heard}) == 1
    assert await sandbox.redeliver() == 0


async def test_an_event_comes_again_three_times_and_no_more(sandbox: Sandbox, app: AsyncApp, siti: Person) -> None:
    heard = echo(app)
    sandbox.faults.drop_ack_next(100)
    await siti.says("38.8")
    counts = []
    for _ in range(5):
        await sandbox.settled()
        counts.append(len([body for body in heard if body["event"].get("bot_id") is None]))
        await sandbox.redeliver()

    assert counts == [1, 2, 3, 4, 4]


async def test_redelivery_in_real_time(sandbox: Sandbox, app: AsyncApp, siti: Person) -> None:
    sandbox.slack.redelivery_after = 0.4
    heard = echo(app)
    sandbox.faults.drop_ack_next(1)
    await siti.says("38.8")
    await siti.hears(lambda m: m.text == "You said: 38.8")
    first = siti.messages()[-1].ts
    await siti.hears(lambda m: m.text == "You said: 38.8", after=first)

    assert len(heard) == 2


async def test_duplicates_with_the_same_ids_and_with_new_ones(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    heard = echo(app)
    sandbox.faults.duplicate_next(1)
    await siti.says("one")
    await sandbox.settled()
    sandbox.faults.duplicate_next(1, new_ids=True)
    await siti.says("two")
    await sandbox.settled()

    assert texts(heard) == ["one", "one", "two", "two"]
    ids = [body["event_id"] for body in heard]
    assert ids[0] == ids[1] and ids[2] != ids[3]
    assert heard[2]["event"]["ts"] == heard[3]["event"]["ts"]


async def test_the_order_can_be_turned_round(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    heard = echo(app)
    sandbox.faults.reorder_next(3)
    for word in ("one", "two", "three", "four"):
        await siti.says(word)
    await sandbox.settled()

    assert texts(heard) == ["three", "two", "one", "four"]


async def test_what_nobody_acknowledges_is_named(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    await siti.says("No listener for this")

    with pytest.raises(TimeoutError, match="events_api message"):
        await sandbox.settled(timeout=0.05)


async def test_calls_fail_as_ordered(client: AsyncWebClient, sandbox: Sandbox) -> None:
    sandbox.faults.fail("chat.postMessage", "channel_not_found", times=2, channel="C0NETWORK")
    assert await refused(client.chat_postMessage(channel="C0NETWORK", text="x")) == "channel_not_found"
    await client.chat_postMessage(channel="U0SITI", text="x")
    assert await refused(client.chat_postMessage(channel="C0NETWORK", text="x")) == "channel_not_found"
    await client.chat_postMessage(channel="C0NETWORK", text="x")

    sandbox.faults.crash("chat.postMessage")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C0NETWORK", text="x")
    assert caught.value.response.status_code == 503

    sandbox.faults.remove_from_channel("C0NETWORK")
    assert await refused(client.chat_postMessage(channel="C0NETWORK", text="x")) == "not_in_channel"
    sandbox.faults.archive("C0NETWORK")
    assert await refused(client.chat_postMessage(channel="C0NETWORK", text="x")) == "is_archived"


async def test_a_slow_answer_runs_into_the_clients_timeout(sandbox: Sandbox) -> None:
    sandbox.faults.slow("chat.postMessage", 5)
    client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.base_url)
    client.timeout = 0.05  # type: ignore[assignment]

    with pytest.raises(TimeoutError):
        await client.chat_postMessage(channel="C0NETWORK", text="x")


# Every fault can be switched off again

SWITCHED: dict[str, dict[str, Any]] = {
    "fail": {"method": "chat.postMessage", "error": "internal_error"},
    "deactivate": {"user": "U0SITI"},
    "other_organisation": {"user": "U0SITI"},
    "remove_from_channel": {"channel": "C0NETWORK"},
    "archive": {"channel": "C0NETWORK"},
}
ONCE = {"disconnect", "cut", "clear"}


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("name", sorted(FAULTS))
async def test_it_is_on_until_it_is_switched_off(sandbox: Sandbox, name: str) -> None:
    fault = FAULTS[name]
    assert fault.told(sandbox.faults)["on"] is False
    done = fault.run(sandbox.faults, **fault.read(SWITCHED.get(name, {})))
    if isinstance(done, Awaitable):
        await done
    assert [each.name for each in FAULTS.values() if each.on(sandbox.faults)] == ([] if name in ONCE else [name])
    clear(sandbox.faults, name)
    assert not fault.on(sandbox.faults)


@pytest.mark.usefixtures("app")
async def test_all_at_once_are_switched_off_and_everything_goes_well(
    sandbox: Sandbox, client: AsyncWebClient, siti: Person
) -> None:
    for name in sorted(set(FAULTS) - ONCE):
        FAULTS[name].run(sandbox.faults, **SWITCHED.get(name, {}))
    sandbox.faults.deactivate(BOT_USER)
    assert sum(fault.on(sandbox.faults) for fault in FAULTS.values()) == len(FAULTS) - len(ONCE)
    clear(sandbox.faults)

    assert not any(fault.on(sandbox.faults) for fault in FAULTS.values())
    await client.chat_postMessage(channel="C0NETWORK", text="x")
    assert sandbox.workspace.users["U0SITI"].team == sandbox.workspace.team
    assert not siti.user.deactivated


async def test_what_is_not_there_cannot_go_wrong(sandbox: Sandbox) -> None:
    for deed in (
        lambda: sandbox.faults.deactivate("U0NOBODY"),
        lambda: sandbox.faults.other_organisation(BOT_USER),
        lambda: sandbox.faults.archive("C0NOWHERE"),
        lambda: sandbox.faults.remove_from_channel("C0NOWHERE"),
        lambda: clear(sandbox.faults, "boredom"),
    ):
        with pytest.raises(BadArgument):
            deed()
    assert not any(fault.on(sandbox.faults) for fault in FAULTS.values())


async def test_who_waits_for_a_slow_slack_is_answered_when_it_is_quick_again(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    sandbox.faults.slow("*", 600)
    posting = asyncio.create_task(client.chat_postMessage(channel="C0NETWORK", text="x"))
    await asyncio.wait([posting], timeout=0.05)
    assert not posting.done()
    clear(sandbox.faults, "slow")

    assert (await posting)["ok"]


async def test_what_was_held_back_goes_out_as_it_came(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    heard = echo(app)
    sandbox.faults.reorder_next(3)
    await siti.says("one")
    await siti.says("two")
    clear(sandbox.faults, "reorder_next")
    await sandbox.settled()

    assert texts(heard) == ["one", "two"]


async def test_what_is_lost_on_the_way_comes_with_the_next_redelivery(
    app: AsyncApp, sandbox: Sandbox, siti: Person
) -> None:
    heard = echo(app)
    sandbox.faults.lose_next(1)
    await siti.says("one")
    await siti.says("two")
    await sandbox.settled()
    assert texts(heard) == ["two"]
    assert await sandbox.redeliver() == 1
    await sandbox.settled()

    assert texts(heard) == ["two", "one"]


async def test_the_next_triggers_come_too_late(
    app: AsyncApp, sandbox: Sandbox, client: AsyncWebClient, siti: Person
) -> None:
    triggers: list[str] = []

    @app.action("start")
    async def clicked(ack: Ack, body: Body) -> None:
        triggers.append(body["trigger_id"])
        await ack()

    await client.chat_postMessage(channel="U0SITI", text="?", blocks=[button("start")])
    sandbox.faults.expire_triggers(1)
    await siti.clicks("start", times=2)
    await sandbox.settled()

    assert await refused(client.views_open(trigger_id=triggers[0], view=modal(asks("title")))) == "expired_trigger_id"
    assert (await client.views_open(trigger_id=triggers[1], view=modal(asks("title"))))["ok"]
