"""What a person does in Slack: writes, clicks, chooses, opens, reads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from bot.sandbox import events, modals, payloads, suggestions
from bot.sandbox.blocks import options_of
from bot.sandbox.clicking import use
from bot.sandbox.elements import taken
from bot.sandbox.failures import ApiError, Trouble
from bot.sandbox.responses import show_answer
from bot.sandbox.spots import Place, Spot, spots
from bot.sandbox.things import BOT_USER, Channel, Message, User
from bot.sandbox.typing_in import escaped, rich_text, typed

if TYPE_CHECKING:
    from bot.sandbox.outbox import Envelope
    from bot.sandbox.slack import Slack

PATIENCE = 3.0
"""Real seconds that Slack waits for a command's or a modal's acknowledgement."""


class Person:
    """One person at their Slack client. Every verb sends what Slack would send and returns at once,
    but for `command` and `submits`, which wait for the acknowledgement."""

    def __init__(self, slack: Slack, user: User) -> None:
        self._slack = slack
        self.user = user
        self.patience = PATIENCE
        self.suggested: dict[tuple[str, str], list[dict[str, Any]]] = {}

    @property
    def id(self) -> str:
        """The person's Slack id."""
        return self.user.id

    # writing

    async def says(self, text: str, channel: str | None = None, *, thread: str | None = None, raw: bool = False) -> str:
        """Type a message; gives its ts.

        Args:
            text: as typed. The wire gets it as Slack writes it (escaped, links and mentions marked up).
            channel: where; the direct message with the bot when None.
            thread: the ts of the message to answer in its thread.
            raw: `text` is already in Slack's notation.

        Raises:
            ApiError: msg_too_long, as for `edits` and `uploads`.
        """
        workspace = self._slack.workspace
        place = self.channel(channel)
        wire = typed(workspace, text, raw=raw)
        message = Message(workspace.next_ts(), place.id, self.id, wire, self.user.team, thread_ts=thread)
        message.blocks = rich_text(wire, f"r{message.ts[-6:]}")
        return await self._post(message, place)

    async def uploads(
        self, name: str, content: bytes, text: str = "", channel: str | None = None, *, thread: str | None = None
    ) -> str:
        """Share a file, with a comment; gives the message's ts."""
        place, wire = self.channel(channel), typed(self._slack.workspace, text)
        file = self._slack.files.add(name, content, self.id)
        workspace = self._slack.workspace
        self._slack.event(events.file_event("file_created", file, workspace.next_ts()), external=self.external)
        file.share(place)
        ts = workspace.next_ts()
        message = Message(ts, place.id, self.id, wire, self.user.team, thread_ts=thread)
        message.files = [file.wire(self._slack.origin)]
        posted = await self._post(message, place)
        self._event(events.file_event("file_shared", file, workspace.next_ts(), place.id), place)
        return posted

    async def edits(self, ts: str, text: str, channel: str | None = None) -> None:
        """Change an own message.

        Raises:
            ApiError: cant_update_message, msg_too_long.
            LookupError: it is not there.
        """
        workspace = self._slack.workspace
        place = self.channel(channel)
        message = self._own(place, ts, "cant_update_message")
        before = message.wire(metadata=True)
        message.text = typed(workspace, text)
        message.blocks = rich_text(message.text, f"r{ts[-6:]}")
        message.edited = workspace.next_ts()
        workspace.shown(message)
        self._event(payloads.changed_event(message, before, place, message.edited), place)
        await asyncio.sleep(0)

    async def deletes(self, ts: str, channel: str | None = None) -> None:
        """Take an own message back.

        Raises:
            ApiError: cant_delete_message.
            LookupError: it is not there.
        """
        workspace = self._slack.workspace
        place = self.channel(channel)
        message = self._own(place, ts, "cant_delete_message")
        before = message.wire()
        workspace.remove(message)
        self._event(payloads.deleted_event(before, place, workspace.next_ts()), place)
        await asyncio.sleep(0)

    # clicking and choosing

    async def clicks(
        self,
        action_id: str,
        value: str | None = None,
        message: str | None = None,
        *,
        block_id: str | None = None,
        where: Place | None = None,
        times: int = 1,
        wait: bool = False,
    ) -> None:
        """Click a button.

        Args:
            action_id: the button's.
            value: picks among buttons with the same action_id.
            message: the ts of the message to click in, however old; else the open modal, then the newest message
                that has the button, then the Home tab.
            block_id: picks among blocks that hold the same action_id.
            where: look only there.
            times: 2 is a double click: two payloads before the bot can answer the first.
            wait: come back only when the bot has acknowledged.

        Raises:
            LookupError: there is no such button that this person could click.
            Trouble: `wait`, and not acknowledged within three seconds.
        """
        spot = self._find(action_id, message, where, block_id, lambda e: value is None or e.get("value") == value)
        sent = [use(self, spot, None, answered=wait) for _ in range(times)]
        await self._sent(sent[-1], wait)

    async def selects(
        self,
        action_id: str,
        value: Any,
        message: str | None = None,
        *,
        block_id: str | None = None,
        where: Place | None = None,
        wait: bool = False,
    ) -> None:
        """Choose in a select, an overflow menu, radio buttons, checkboxes (a list) or a date picker.

        Args:
            action_id: the element's.
            value: the option's value; a list where several may be chosen; a date as 2026-01-31.
            message: as in `clicks`.
            block_id, where, wait: as in `clicks`.

        Raises:
            LookupError: no such element, or it does not offer this.
            Trouble: as in `clicks`.
        """
        spot = self._find(action_id, message, where, block_id, lambda _element: True)
        element = spot.element
        if element["type"] == "overflow":
            option = next((o for o in options_of(element) if o["value"] == value), None)
            if option is None:
                raise LookupError(f"{action_id} does not offer {value!r}")
            envelope = use(self, spot, option, answered=wait)
        else:
            envelope = use(self, spot, taken(self.offered(spot.block, element), value), answered=wait)
        await self._sent(envelope, wait)

    async def suggests(
        self,
        action_id: str,
        value: str,
        message: str | None = None,
        *,
        block_id: str | None = None,
        where: Place | None = None,
    ) -> dict[str, Any]:
        """Type into a select whose options come from the bot; gives `options` or `option_groups` as Slack shows them.

        Slack asks only when at least `min_query_length` characters (three unless told) were typed.

        Raises:
            LookupError: there is no such select.
            Trouble: not answered within three seconds, or with what Slack does not take.
        """
        spot = self._find(action_id, message, where, block_id, lambda e: e["type"].endswith("external_select"))
        return await suggestions.ask(self, spot, value)

    def offered(self, block: dict[str, Any], element: dict[str, Any]) -> dict[str, Any]:
        """An element with the options that the bot suggested to this person, if it did."""
        known = self.suggested.get((block["block_id"], element["action_id"]))
        return {**element, "options": known} if known else element

    # commands, shortcuts, Home

    async def command(self, name: str, text: str = "", channel: str | None = None) -> dict[str, Any] | None:
        """Send a slash command; gives what the bot acknowledged with, None for a bare acknowledgement.

        A text in the acknowledgement is shown, to this person only unless it says in_channel. After a bare
        acknowledgement `settled` waits for the answer that comes later.

        Raises:
            Trouble: not acknowledged within three seconds (operation_timeout).
        """
        slack = self._slack
        place = self.channel(channel)
        url = slack.urls.give(self.id, place.id)
        trigger = slack.triggers.give(self.id)
        body = payloads.command(slack.workspace, self.user, place, name, escaped(text), trigger, slack.origin + url)
        envelope = slack.outbox.post("slash_commands", body, answered=True)
        answer = await self.answer_of(envelope)
        if answer and (answer.get("text") or answer.get("blocks")):
            try:
                show_answer(slack, self.id, place.id, answer)
            except ApiError as error:
                raise Trouble(f"the answer to {name}: {error.code} {list(error.problems)}") from error
        elif slack.urls.unused(url):
            slack.promises.make(f"answer to {name} {text}", url, trigger, self.id)
        return answer

    async def shortcut(self, callback_id: str, message_ts: str | None = None, channel: str | None = None) -> None:
        """Use a message shortcut on a message, or a global shortcut when no message is given."""
        slack = self._slack
        trigger, ts = slack.triggers.give(self.id), slack.workspace.next_ts()
        message = None if message_ts is None else self.channel(channel).messages[message_ts]
        body = payloads.shortcut(slack.workspace, self.user, callback_id, ts, trigger, message)
        if message is not None:
            body["response_url"] = slack.origin + slack.urls.give(self.id, message.channel, message.ts)
        slack.outbox.post("interactive", body)
        await asyncio.sleep(0)

    async def opens_home(self, tab: Literal["home", "messages"] = "home") -> None:
        """Open the app at its Home tab, or at its messages: Slack tells the app of both."""
        workspace = self._slack.workspace
        event = payloads.home_event(self.user, workspace.direct(self.id), tab, workspace.next_ts())
        self._slack.event(event, external=self.external)
        await asyncio.sleep(0)

    # modals

    async def fills(self, values: Mapping[str, Any] | None = None, /, **more: Any) -> None:
        """Fill in the open modal: block_id or action_id -> text, option value, list of values, date or id."""
        for name, value in {**(values or {}), **more}.items():
            await modals.fill(self, name, value)

    async def submits(self) -> dict[str, str] | None:
        """Submit the open modal. None when it was taken, else the errors by block_id; the modal then stays.

        Raises:
            Trouble: not acknowledged within three seconds, or acknowledged with what Slack does not take.
            LookupError: no modal is open.
        """
        return await modals.submit(self)

    async def closes(self, *, all: bool = False) -> None:
        """Close the open modal, or all of them."""
        await modals.close(self, all=all)

    # reading

    @property
    def view(self) -> dict[str, Any] | None:
        """The modal on top, or None."""
        return self.user.stack[-1] if self.user.stack else None

    @property
    def home(self) -> dict[str, Any] | None:
        """The Home view that the bot published for this person, or None."""
        return self.user.home

    def messages(self, channel: str | None = None) -> list[Message]:
        """What this person sees in a channel (the direct message when None), oldest first."""
        return [m for m in self.channel(channel).messages.values() if m.ephemeral_for in (None, self.id)]

    async def hears(
        self,
        wanted: Callable[[Message], bool],
        timeout: float = 5.0,  # noqa: ASYNC109
        channel: str | None = None,
        after: str = "",
    ) -> Message:
        """Wait until the bot has said something that `wanted` accepts; the newest such message.

        Args:
            wanted: the test of one message.
            timeout: real seconds.
            channel: where; the direct message when None.
            after: only messages later than this ts.

        Raises:
            TimeoutError: with what was last said, when it does not come within `timeout` real seconds.
        """
        place = self.channel(channel)

        def look() -> Message | None:
            for message in reversed(place.messages.values()):
                if message.ts <= after:
                    return None
                if message.bot and message.ephemeral_for in (None, self.id) and wanted(message):
                    return message
            return None

        try:
            return await self._slack.workspace.changes.until(look, timeout)
        except TimeoutError:
            said = [m.text[:120] for m in self.messages(channel)][-3:]
            raise TimeoutError(f"{self.user.name} did not hear it in {timeout} s; last: {said}") from None

    def channel(self, channel: str | None) -> Channel:
        """A channel by id or #name; the direct message with the bot when None.

        Raises:
            LookupError: there is none that this person sees: a guest sees only those that they are in, and nobody a
                private one, or another's direct message, from outside.
        """
        workspace = self._slack.workspace
        if channel is None:
            return workspace.direct(self.id)
        found = workspace.channels.get(channel) or workspace.named(channel)
        if found is None or not found.seen_by(self.user):
            raise LookupError(f"no channel {channel}")
        return found

    # used by the modals

    @property
    def slack(self) -> Slack:
        """The sandbox's Slack."""
        return self._slack

    async def answer_of(self, envelope: Envelope) -> dict[str, Any] | None:
        """Wait for what the bot acknowledges an envelope with.

        Raises:
            Trouble: it does not come in time.
        """
        if envelope.answer is None:
            return None
        try:
            return await asyncio.wait_for(asyncio.shield(envelope.answer), self.patience)
        except TimeoutError:
            self._slack.outbox.withdraw(envelope)
            raise Trouble(f"operation_timeout: {envelope.what} was not acknowledged") from None

    def _own(self, place: Channel, ts: str, code: str) -> Message:
        message = place.messages.get(ts)
        if message is None:
            raise LookupError(f"no message {ts}")
        if message.user != self.id:
            raise ApiError(code)
        return message

    async def _post(self, message: Message, place: Channel) -> str:
        if self.id not in place.members:
            if place.kind != "channel":
                raise LookupError(f"{self.user.name} is not in {place.name}")
            place.members[self.id] = None
            self._slack.workspace.touch("channel", place.id)
        self._slack.workspace.put(message)
        self._event(payloads.message_event(message, place), place)
        if not place.direct and f"<@{BOT_USER}>" in message.text and BOT_USER in place.members:
            self._event(payloads.mention_event(message, place), place)
        await asyncio.sleep(0)
        return message.ts

    def _event(self, event: dict[str, Any], place: Channel) -> None:
        if BOT_USER in place.members:
            self._slack.event(event, external=self.external)

    @property
    def external(self) -> bool:
        """Whether the person is of another organisation."""
        return self.user.team != self._slack.workspace.team

    def _find(
        self,
        action_id: str,
        message: str | None,
        where: Place | None,
        block_id: str | None,
        fits: Callable[[dict[str, Any]], bool],
    ) -> Spot:
        for spot in spots(self._slack.workspace, self.user, message, where):
            if block_id is not None and spot.block.get("block_id") != block_id:
                continue
            if spot.element.get("action_id") == action_id and fits(spot.element):
                return spot
        raise LookupError(f"{self.user.name} sees no element {action_id}")

    async def _sent(self, envelope: Envelope, wait: bool) -> None:
        await asyncio.sleep(0)
        if wait:
            await self.answer_of(envelope)
