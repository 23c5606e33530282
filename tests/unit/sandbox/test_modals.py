"""A person fills in, submits and closes modals; the bot answers with errors, updates, pushes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Person, Sandbox, Trouble
from tests.unit.sandbox.conftest import asks, button, modal, refused

Body = dict[str, Any]
Ack = Callable[..., Awaitable[Any]]


class Sharing:
    """A bot with one modal. `answer` is what it acknowledges a submission with."""

    def __init__(self) -> None:
        self.view = modal(asks("title"), asks("text", multiline=True) | {"optional": True}, notify_on_close=True)
        self.answer: dict[str, Any] = {}
        self.submitted: list[Body] = []
        self.closed: list[Body] = []
        self.acted: list[Body] = []


@pytest.fixture
async def sharing(app: AsyncApp, sandbox: Sandbox, siti: Person) -> AsyncIterator[Sharing]:
    """Siti has clicked Share and has the modal open."""
    sharing = Sharing()

    @app.action("share")
    async def opened(ack: Ack, body: Body) -> None:
        await app.client.views_open(trigger_id=body["trigger_id"], view=sharing.view)
        await ack()

    @app.action("more")
    async def more(ack: Ack, body: Body) -> None:
        sharing.acted.append(body)
        await ack()

    @app.view("share")
    async def submitted(ack: Ack, body: Body) -> None:
        sharing.submitted.append(body)
        await ack(**sharing.answer)

    @app.view_closed("share")
    async def closed(ack: Ack, body: Body) -> None:
        sharing.closed.append(body)
        await ack()

    await app.client.chat_postMessage(channel="U0SITI", text="Share?", blocks=[button("share")])
    yield sharing


async def opens(sandbox: Sandbox, person: Person) -> Body:
    await person.clicks("share", where="message")
    await sandbox.settled()
    assert person.view is not None
    return person.view


async def test_what_was_typed_is_submitted(sandbox: Sandbox, siti: Person, sharing: Sharing) -> None:
    view = await opens(sandbox, siti)

    await siti.fills(title="Lower fees", text="We lowered & simplified")
    assert await siti.submits() is None

    values = sharing.submitted[0]["view"]["state"]["values"]
    assert values["title"]["title"] == {"type": "plain_text_input", "value": "Lower fees"}
    assert values["text"]["text"]["value"] == "We lowered & simplified"
    assert sharing.submitted[0]["view"]["id"] == view["id"]
    assert siti.view is None


async def test_slack_itself_asks_for_what_is_required(sandbox: Sandbox, siti: Person, sharing: Sharing) -> None:
    await opens(sandbox, siti)

    assert await siti.submits() == {"title": "Please complete this required field."}
    assert sharing.submitted == [] and siti.view is not None
    await siti.fills(title="Enough")
    assert await siti.submits() is None
    assert sharing.submitted[0]["view"]["state"]["values"]["text"]["text"]["value"] is None


async def test_errors_keep_the_modal_and_what_was_typed(sandbox: Sandbox, siti: Person, sharing: Sharing) -> None:
    await opens(sandbox, siti)
    sharing.answer = {"response_action": "errors", "errors": {"title": "Please say more"}}
    await siti.fills(title="Fees")

    assert await siti.submits() == {"title": "Please say more"}
    assert siti.view is not None
    sharing.answer = {}
    assert await siti.submits() is None
    assert sharing.submitted[1]["view"]["state"]["values"]["title"]["title"]["value"] == "Fees"


async def test_a_lost_acknowledgement_leaves_the_modal_to_be_sent_again(
    sandbox: Sandbox, siti: Person, sharing: Sharing
) -> None:
    await opens(sandbox, siti)
    await siti.fills(title="Fees")
    sandbox.faults.drop_ack_next(1)

    with pytest.raises(Trouble, match="not acknowledged"):
        await siti.submits()
    assert await siti.submits() is None
    assert len(sharing.submitted) == 2


async def test_errors_for_no_field_are_a_mistake_of_the_bot(sandbox: Sandbox, siti: Person, sharing: Sharing) -> None:
    await opens(sandbox, siti)
    await siti.fills(title="Fees")
    sharing.answer = {"response_action": "errors", "errors": {"nowhere": "?"}}

    with pytest.raises(Trouble, match="nowhere"):
        await siti.submits()


async def test_update_push_and_clear(sandbox: Sandbox, siti: Person, sharing: Sharing) -> None:
    first = await opens(sandbox, siti)
    await siti.fills(title="Fees")
    sharing.answer = {"response_action": "push", "view": modal(asks("second"))}
    await siti.submits()
    second = siti.view or {}
    assert (second["previous_view_id"], second["root_view_id"]) == (first["id"], first["id"])

    sharing.answer = {"response_action": "update", "view": modal(asks("second"), asks("third"))}
    await siti.fills(second="x")
    await siti.submits()
    third = siti.view or {}
    assert (third["id"], len(third["blocks"])) == (second["id"], 2)
    assert third["state"]["values"]["second"]["second"]["value"] == "x", "what stays is kept"

    sharing.answer = {"response_action": "clear"}
    await siti.fills(third="y")
    await siti.submits()
    assert siti.view is None


async def test_a_bad_view_in_the_answer_is_a_mistake_of_the_bot(
    sandbox: Sandbox, siti: Person, sharing: Sharing
) -> None:
    await opens(sandbox, siti)
    await siti.fills(title="Fees")
    bad = modal(asks("a"))
    bad["title"]["text"] = "x" * 25
    sharing.answer = {"response_action": "update", "view": bad}

    with pytest.raises(Trouble, match="/view/title/text"):
        await siti.submits()


async def test_closing_is_told_where_it_was_asked_for(sandbox: Sandbox, siti: Person, sharing: Sharing) -> None:
    await opens(sandbox, siti)
    await siti.closes()
    await sandbox.settled()

    (body,) = sharing.closed
    assert (body["type"], body["is_cleared"]) == ("view_closed", False)
    with pytest.raises(LookupError):
        await siti.submits()


async def test_three_modals_lie_on_each_other_at_most(
    app: AsyncApp, sandbox: Sandbox, siti: Person, sharing: Sharing
) -> None:
    sharing.view = modal(asks("title"), button("more"))
    await opens(sandbox, siti)
    for _ in range(3):
        await siti.clicks("more")
    await sandbox.settled()
    triggers = [body["trigger_id"] for body in sharing.acted]

    for trigger in triggers[:2]:
        await app.client.views_push(trigger_id=trigger, view=modal(asks("deeper")))
    assert await refused(app.client.views_push(trigger_id=triggers[2], view=modal(asks("a")))) == "push_limit_reached"
    assert len(siti.user.stack) == 3
    await siti.closes(all=True)
    assert siti.view is None


async def test_a_modal_may_take_those_below_with_it_when_it_is_closed(
    app: AsyncApp, sandbox: Sandbox, siti: Person, sharing: Sharing
) -> None:
    sharing.view = modal(asks("title"), button("more"), notify_on_close=True)
    await opens(sandbox, siti)
    await siti.clicks("more")
    await sandbox.settled()
    above = modal(asks("deeper"), clear_on_close=True)
    await app.client.views_push(trigger_id=sharing.acted[0]["trigger_id"], view=above)
    await siti.closes()
    await sandbox.settled()

    assert siti.view is None
    assert [body["is_cleared"] for body in sharing.closed] == [True]


async def test_a_click_in_a_modal_carries_what_was_typed_so_far(
    app: AsyncApp, sandbox: Sandbox, siti: Person, sharing: Sharing
) -> None:
    sharing.view = modal(asks("title"), button("more"))
    view = await opens(sandbox, siti)
    await siti.fills(title="Half a")
    await siti.clicks("more")
    await sandbox.settled()

    (body,) = sharing.acted
    assert body["container"] == {"type": "view", "view_id": view["id"]}
    assert body["view"]["state"]["values"]["title"]["title"]["value"] == "Half a"
    new = await app.client.views_update(view_id=view["id"], hash=view["hash"], view=sharing.view)
    assert await refused(app.client.views_update(view_id=view["id"], hash=view["hash"], view=sharing.view)) == (
        "hash_conflict"
    )
    assert new["view"]["state"]["values"]["title"]["title"]["value"] == "Half a"


KINDS: list[tuple[dict[str, Any], Any, Any, str | None]] = [
    ({"type": "number_input", "is_decimal_allowed": True, "min_value": "0"}, "38.8", "38.8", None),
    ({"type": "number_input", "is_decimal_allowed": False}, "38.8", None, "Enter a whole number"),
    ({"type": "number_input", "is_decimal_allowed": True, "max_value": "10"}, "11", None, "Must be at most 10"),
    ({"type": "email_text_input"}, "siti", None, "Enter a valid email"),
    ({"type": "url_text_input"}, "https://example.org", "https://example.org", None),
    ({"min_length": 5}, "abc", None, "Must be at least 5 characters"),
    ({"type": "datepicker"}, "2026-01-31", "2026-01-31", None),
    ({"type": "users_select"}, "U0BOUNMY", "U0BOUNMY", None),
]


@pytest.mark.parametrize(("element", "typed", "held", "problem"), KINDS)
async def test_each_kind_of_field(
    sandbox: Sandbox,
    siti: Person,
    sharing: Sharing,
    element: dict[str, Any],
    typed: str,
    held: str | None,
    problem: str | None,
) -> None:
    sharing.view = modal(asks("it", **element))
    await opens(sandbox, siti)
    await siti.fills(it=typed)

    assert await siti.submits() == ({"it": problem} if problem else None)
    if held is not None:
        entry = sharing.submitted[0]["view"]["state"]["values"]["it"]["it"]
        assert held in entry.values()


async def test_a_view_is_known_by_a_name_of_its_own(app: AsyncApp, sandbox: Sandbox, siti: Person) -> None:
    """`external_id` is one for the whole workspace; `private_metadata` comes back as it was given."""
    give = sandbox.slack.triggers.give
    mine = modal(asks("title"), external_id="share-7", private_metadata='{"cycle": 7}')
    opened = (await app.client.views_open(trigger_id=give("U0SITI"), view=mine))["view"]
    await siti.fills(title="Fees")

    assert (opened["external_id"], opened["private_metadata"]) == ("share-7", '{"cycle": 7}')
    again = app.client.views_open(trigger_id=give("U0BOUNMY"), view=mine)
    assert await refused(again) == "duplicate_external_id"
    changed = await app.client.views_update(external_id="share-7", view=modal(asks("title"), asks("more")))
    assert (changed["view"]["id"], changed["view"]["external_id"]) == (opened["id"], "share-7")
    assert changed["view"]["state"]["values"]["title"]["title"]["value"] == "Fees"
    assert await refused(app.client.views_update(external_id="share-8", view=mine)) == "not_found"
    await siti.closes()
    assert await refused(app.client.views_update(view_id=opened["id"], view=mine)) == "not_found"
    await app.client.views_open(trigger_id=give("U0BOUNMY"), view=mine)


async def test_each_version_of_a_view_has_its_hash(app: AsyncApp, sandbox: Sandbox) -> None:
    first = (await app.client.views_open(trigger_id=sandbox.slack.triggers.give("U0SITI"), view=modal(asks("a"))))[
        "view"
    ]
    second = (await app.client.views_update(view_id=first["id"], view=modal(asks("b")), hash=first["hash"]))["view"]

    assert first["hash"] != second["hash"]
    late = app.client.views_update(view_id=first["id"], view=modal(asks("c")), hash=first["hash"])
    assert await refused(late) == "hash_conflict"
    await app.client.views_update(view_id=first["id"], view=modal(asks("c")), hash=second["hash"])


async def test_a_file_is_chosen_in_a_modal_and_the_app_gets_it_whole(
    app: AsyncApp, sandbox: Sandbox, siti: Person
) -> None:
    got: list[Any] = []

    @app.shortcut("share")
    async def show(ack: Ack, client: AsyncWebClient, shortcut: dict[str, Any]) -> None:
        await ack()
        await client.views_open(trigger_id=shortcut["trigger_id"], view=modal(asks("law", type="file_input")))

    @app.view("share")
    async def take(ack: Ack, view: dict[str, Any]) -> None:
        await ack()
        got.append(view["state"]["values"]["law"]["law"])

    await siti.shortcut("share")
    await sandbox.settled()
    assert await siti.submits() == {"law": "Please complete this required field."}
    file = sandbox.slack.files.add("law.pdf", b"%PDF", siti.id)
    await siti.fills(law=[file.id])
    assert await siti.submits() is None
    assert [(f["name"], f["size"]) for f in got[0]["files"]] == [("law.pdf", 4)]
    assert got[0]["type"] == "file_input"
