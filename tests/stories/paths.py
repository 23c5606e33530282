"""Every path into the bot, for somebody who has no right to it: made from the registries, so that a new deed, command,
form or page is walked too, and from what the bot has ever shown to anybody: old buttons, forms, links.

paths = Paths(network)
await paths.walk("bounmy")             # all of it, as this person
assert paths.leaks(MARKS, insiders) == []
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any, NamedTuple

import aiohttp
from aiohttp import web

from bot import links
from bot.delegation.entries import ENTRY_LINK
from bot.messages import Deed
from bot.sandbox import payloads
from bot.sandbox.things import Channel, Message, User
from bot.succession.orders import What
from db.vocabulary import Role
from handlers.commands import COMMANDS
from handlers.manifest import manifest
from handlers.pages import PAGES
from tests.browsing import PUBLIC_ADDRESS
from tests.stage import SECRETARIAT, Network

LINK = re.compile(rf"{re.escape(PUBLIC_ADDRESS)}/([\w/-]+)/([a-z2-7]{{20,}})")
# What stands in the address of a page; everything that is no token is a number of something.
PLACE = re.compile(r"\{(\w+)[^}]*\}")


SHORTCUTS = [each["callback_id"] for each in manifest("", "socket")["features"]["shortcuts"]]
# So many guesses a walk at a deed that was never offered to anybody.
GUESSES = 2
# Each deed is filled in as if it were a form in one walk of so many.
EVERY = 6
# What can be pressed on a page.
CHOICES = ("clear", "send_back", "enter", "keep", "change", "hand_over", "again")


@dataclass(frozen=True)
class Button:
    """Something that can be clicked, as it stood before somebody's eyes."""

    action_id: str
    value: str
    select: bool = False

    @property
    def deed(self) -> str:
        """What it does."""
        return self.action_id.split(":")[0]


@dataclass
class Ids:
    """What a forger guesses: the numbers of the things that are kept from them."""

    assessment: int
    serial: int
    version: int
    delegations: list[int] = field(default_factory=list[int])
    clearances: list[int] = field(default_factory=list[int])
    people: list[int] = field(default_factory=list[int])
    files: list[int] = field(default_factory=list[int])
    roles: list[int] = field(default_factory=list[int])

    def orders(self) -> list[str]:
        """What the form that confirms a change of the register could carry."""
        about = {"member": "IDN", "role": Role.FOCAL_POINT.value}
        return [json.dumps({**about, "what": what.value, "appointment_id": id}) for what in What for id in self.roles]

    def values(self) -> list[str]:
        """What buttons and forms could carry."""
        told = [
            f"{self.assessment}:{self.serial}:lesson_learned:",
            f"{self.assessment}:0::",
            f"{self.assessment}:{self.version}",
            str(self.assessment),
            f"{self.assessment}:lesson_learned",
            "IDN",
            "IDN:1",
            "IDN:gini_index:",
            "member:IDN:2026",
            "indicator:gini_index:2026",
        ]
        numbers = dict.fromkeys((*self.delegations, *self.clearances, *self.people, *self.files))
        return [*told, *(str(number) for number in numbers)]


class Moment(NamedTuple):
    """How many calls, letters and pages there were."""

    calls: int = 0
    letters: int = 0
    pages: int = 0


class Paths:
    """Walks them, and remembers what came back."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.bodies: list[tuple[str, str, str]] = []
        self._turn = 0

    # What there is to try

    def offered(self) -> tuple[dict[str, list[Button]], list[dict[str, Any]]]:
        """The buttons and the forms that the bot has ever sent to anybody: of each deed the first and the newest."""
        buttons: dict[str, list[Button]] = {}
        views: dict[str, dict[str, dict[str, Any]]] = {}
        for call in self.network.sandbox.slack.recorded:
            view: dict[str, Any] = call.arguments.get("view") or {}
            for block in (*call.arguments.get("blocks", ()), *view.get("blocks", ())):
                for element in (*block.get("elements", ()), block.get("accessory") or {}):
                    for button in _clickable(element):
                        buttons.setdefault(button.deed, []).append(button)
            if view.get("callback_id"):
                views.setdefault(view["callback_id"], {})[view.get("private_metadata", "")] = view
        ends = {deed: list(dict.fromkeys((each[0], each[-1]))) for deed, each in buttons.items()}
        return ends, [view for each in views.values() for view in list(each.values())[-2:]]

    def tokens(self) -> list[tuple[str, str]]:
        """Every link that was sent to anybody, by mail or in chat: the page, and the token."""
        told = ["".join(_texts(letter.message)) for letter in self.network.letters]
        told += [str(call.arguments.get("text", "")) for call in self.network.sandbox.slack.recorded]
        return list(dict.fromkeys(found for text in told if PUBLIC_ADDRESS in text for found in LINK.findall(text)))

    def routes(self) -> list[web.RouteDef]:
        """Every page."""
        desk: Any = self.network.app.pages._desk
        return [route for page in PAGES for route in page.routes(desk)]

    # The walk

    async def walk(self, who: str, ids: Ids, *, skip: Iterable[Deed] = ()) -> None:
        """All paths, as one person.

        Args:
            skip: deeds that are this person's by right.
        """
        self._turn += 1
        # A Home that was looked at is made anew after each deed: here it is looked at when all is done.
        self.network.app.desk.homes.clear()
        user = self.network.sandbox.workspace.users[self.network[who].slack_id]
        skipped = {deed.value for deed in skip}
        buttons, views = self.offered()
        deeds = [deed.value for deed in Deed if deed.value not in skipped]
        values = ids.values()
        for number, deed in enumerate(deeds):
            # As it was offered to somebody, or with what a forger guesses. Each walk takes other buttons, and other
            # guesses: after a few walks all were tried, and each person tried each deed.
            old = buttons.get(deed, [])
            for button in old[self._turn % 2 :: 2] or old:
                self._clicks(user, button)
            for more in range((number + self._turn) % 3 == 0 if old else GUESSES):
                guess = values[(self._turn * GUESSES + number + more) % len(values)]
                self._clicks(user, Button(f"{deed}:0", guess))
            if number % EVERY == self._turn % EVERY:
                self._submits(user, deed, values[number % len(values)], {})
        for order in ids.orders() if Deed.CARRY_OUT.value not in skipped else ():
            # The form that confirms comes in the place of another, so that it is in no call of the bot's.
            self._submits(user, Deed.CARRY_OUT.value, order, {})
        for view in views:
            if view["callback_id"] not in skipped:
                private = (view.get("private_metadata", ""), values[self._turn % len(values)])[self._turn % 3 == 0]
                self._submits(user, view["callback_id"], private, filled_in(view, user))
        self._commands(user)
        self._shortcuts(user)
        self._says(user)
        await self.network.settled()
        await self.network[who].opens_home()
        await self._pages(who)

    def _post(self, kind: str, body: dict[str, Any]) -> None:
        self.network.sandbox.slack.outbox.post(kind, body)

    def _interaction(self, user: User, kind: str) -> dict[str, Any]:
        slack = self.network.sandbox.slack
        return payloads.interaction(slack.workspace, user, kind, self._trigger(user))

    def _trigger(self, user: User) -> str:
        """A trigger that is good however many answers were paced before: the clock goes on with each of them."""
        triggers = self.network.sandbox.slack.triggers
        trigger = triggers.give(user.id)
        triggers._given[trigger] = (user.id, self.network.clock.now() + timedelta(days=1))
        return trigger

    def _channel(self, user: User) -> Channel:
        return self.network.sandbox.workspace.direct(user.id)

    def _response_url(self, user: User, channel: Channel) -> str:
        slack = self.network.sandbox.slack
        return slack.origin + slack.urls.give(user.id, channel.id, None)

    def _clicks(self, user: User, button: Button) -> None:
        workspace, channel = self.network.sandbox.workspace, self._channel(user)
        action: dict[str, Any] = {
            "action_id": button.action_id,
            "block_id": "b",
            "action_ts": workspace.next_ts(),
            "type": "static_select" if button.select else "button",
        }
        action |= {"selected_option": {"value": button.value}} if button.select else {"value": button.value}
        body = self._interaction(user, "block_actions") | {
            "container": {"type": "message", "message_ts": "1.000001", "channel_id": channel.id, "is_ephemeral": False},
            "channel": {"id": channel.id, "name": "directmessage"},
            "state": {"values": {}},
            "response_url": self._response_url(user, channel),
            "actions": [action],
        }
        self._post("interactive", body)

    def _submits(self, user: User, callback_id: str, private: str, values: dict[str, Any]) -> None:
        body = self._interaction(user, "view_submission")
        body["view"] = {
            "id": self.network.sandbox.workspace.next_id("V"),
            "type": "modal",
            "callback_id": callback_id,
            "private_metadata": private,
            "state": {"values": values},
            "blocks": [],
        }
        body["response_urls"] = []
        self._post("interactive", body)

    def _commands(self, user: User) -> None:
        slack, channel = self.network.sandbox.slack, self._channel(user)
        for command in COMMANDS:
            # With a country named all are asked in each walk; with nothing, or with more, in some.
            for rest in ("IDN", "", "Indonesia 2026")[: 3 if self._turn % EVERY == 0 else 1]:
                url, trigger = self._response_url(user, channel), self._trigger(user)
                text = f"{command.name} {rest}".strip()
                body = payloads.command(slack.workspace, user, channel, "/spnet", text, trigger, url)
                self._post("slash_commands", body)

    def _shortcuts(self, user: User) -> None:
        slack, channel = self.network.sandbox.slack, self._channel(user)
        message = Message(slack.workspace.next_ts(), channel.id, user.id, "lesson_learned", slack.workspace.team)
        for callback_id in SHORTCUTS:
            ts, trigger = slack.workspace.next_ts(), self._trigger(user)
            body = payloads.shortcut(slack.workspace, user, callback_id, ts, trigger, message)
            self._post("interactive", body | {"response_url": self._response_url(user, channel)})

    def _says(self, user: User) -> None:
        """Plain messages, and an edit and a deletion of a message of somebody else."""
        workspace, channel = self.network.sandbox.workspace, self._channel(user)
        for text in ("status", "review", "edit lesson_learned", "lesson_learned Forged.", "submit", "withdraw", "IDN"):
            message = Message(workspace.next_ts(), channel.id, user.id, text, workspace.team)
            self._post("events_api", payloads.event_wrapper(workspace, payloads.message_event(message, channel)))
        # Of the newest message of each of those who keep the secret, Slack would let nobody else change a letter.
        for other in [workspace.direct(self.network[who].slack_id) for who in ("siti", "agus")]:
            for theirs in list(other.messages.values())[-1:]:
                forged = Message(theirs.ts, other.id, user.id, "lesson_learned Forged.", workspace.team)
                forged.edited = workspace.next_ts()
                for event in (
                    payloads.changed_event(forged, theirs.wire(), other, forged.edited),
                    payloads.deleted_event(forged.wire(), other, workspace.next_ts()),
                ):
                    self._post("events_api", payloads.event_wrapper(workspace, event))

    # Pages

    async def _pages(self, who: str) -> None:
        """Each page with the newest link to it: as if it were this person's own, too late, changed; with one to another
        page, and with none."""
        newest = dict(self.tokens())
        addresses: dict[str, None] = {}
        for route in self.routes():
            page = route.path.split("/")[1]
            others = [token for at, token in newest.items() if at != page]
            tried = ["a" * 60, *others[self._turn % max(len(others), 1) :][:1]]
            tried += self._forged(who, newest[page]) if page in newest else []
            addresses |= dict.fromkeys(_at(route.path, token) for token in tried)
        await self._opens(who, list(addresses))

    def _forged(self, who: str, token: str) -> list[str]:
        person = self.network.people.actors.get(who)
        secret, now = self.network.settings.security.secret, self.network.clock.now()
        link = links._read(links._decode(token)[: -links.SIGNATURE_BYTES])
        changed = token[:-4] + "aaaa"
        if link.purpose == ENTRY_LINK:
            # Whose it is stands in no token of these: it was forwarded, after its own reader had used it.
            return [token, changed]
        mine = str(person.person_id if person else 999_999)
        return [
            links.sign(secret, link.purpose, mine, now + timedelta(days=3), link.facts),
            links.sign(secret, link.purpose, link.subject, now, link.facts),
            changed,
        ]

    async def _opens(self, who: str, addresses: list[str]) -> None:
        await self.network.serves_pages()
        origin = f"http://127.0.0.1:{self.network.app.pages.port}"
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
            for number, address in enumerate(addresses):
                choice = CHOICES[(self._turn + number) % len(CHOICES)]
                for method, data in (("GET", None), ("POST", {"choice": choice, "reason": "Forged.", "seen": "1"})):
                    async with session.request(method, origin + address, data=data, allow_redirects=False) as answer:
                        assert answer.status < 500, f"{who} {method} {address}: {answer.status}"
                        body = (await answer.read()).decode(errors="replace")
                        self.bodies.append((who, f"{method} {address}", f"{body} {dict(answer.headers)}"))
        await self.network.settled()

    # What came of it

    def here(self) -> Moment:
        """What has come of it so far."""
        return Moment(len(self.network.sandbox.slack.recorded), len(self.network.letters), len(self.bodies))

    def leaks(
        self, marks: re.Pattern[str], insiders: Iterable[str], since: Moment, *, besieged: bool = True
    ) -> list[str]:
        """Where something secret went that is no insider's: places and the words around it.

        Args:
            marks: what must not be seen.
            insiders: short names of those who may see it.
            since: only what came after this.
            besieged: none of the insiders has done anything since: what was sent without a name (a form, an answer to
                a click) was sent to an outsider.
        """
        told = set(insiders)
        ids = {self.network[who].slack_id for who in told}
        places = ids | {self.network.sandbox.workspace.direct(id).id for id in ids}
        places |= {SECRETARIAT} if "aisyah" in told else set()
        mails = {self.network[who].email for who in told}
        sent: list[tuple[str, str]] = []
        for call in islice(self.network.sandbox.slack.recorded, since.calls, None):
            where = call.arguments.get("user") or call.arguments.get("user_id") or call.arguments.get("channel")
            if where not in places and (where is not None or besieged):
                sent.append((f"{call.method} {where}", json.dumps(call.arguments, ensure_ascii=False)))
        for letter in self.network.letters[since.letters :]:
            if not mails.issuperset(letter.recipients):
                sent.append((f"mail {letter.recipients}", "".join(_texts(letter.message))))
        sent += [(f"{who}: {what}", body) for who, what, body in self.bodies[since.pages :] if who not in told]
        return [f"{where}: {words}" for where, said in sent for words in _around(marks, said)]


def filled_in(view: dict[str, Any], user: User) -> dict[str, Any]:
    """The fields of a form, filled in by somebody."""
    values: dict[str, Any] = {}
    for block in view.get("blocks", ()):
        if block["type"] == "input":
            element = block["element"]
            values[block["block_id"]] = {element["action_id"]: {"type": element["type"], **_given(element, user)}}
    return values


def _given(element: dict[str, Any], user: User) -> dict[str, Any]:
    kind = element["type"]
    options: list[dict[str, Any]] = element.get("options", [])[:1]
    if kind in ("multi_static_select", "checkboxes"):
        return {"selected_options": element.get("initial_options") or options}
    if kind in ("static_select", "radio_buttons"):
        return {"selected_option": element.get("initial_option") or (options[0] if options else None)}
    if kind == "datepicker":
        return {"selected_date": element.get("initial_date") or "2026-11-20"}
    if kind == "users_select":
        return {"selected_user": user.id}
    if kind == "file_input":
        return {"files": [{"id": "F0FORGED"}]}
    if kind == "email_text_input":
        return {"value": user.email}
    return {"value": element.get("initial_value") or "Forged."}


def _clickable(element: dict[str, Any]) -> Iterator[Button]:
    if element.get("type") == "button" and element.get("action_id"):
        yield Button(element["action_id"], element.get("value") or "")
    elif element.get("action_id") and element.get("options"):
        for option in element["options"][:3]:
            yield Button(element["action_id"], option["value"], select=True)


def _at(path: str, token: str) -> str:
    """A page's address: its token, and 1 for whatever else has a place in it."""
    return PLACE.sub("1", re.sub(r"\{token[^}]*\}", token, path))


def _around(marks: re.Pattern[str], told: str) -> list[str]:
    return [told[max(0, found.start() - 60) : found.end() + 40] for found in marks.finditer(told)][:2]


def _texts(message: Any) -> Iterator[str]:
    for part in message.walk():
        if part.get_content_maintype() == "text":
            yield part.get_content()
