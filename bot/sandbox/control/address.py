"""ROUTES: every address of the control, in the order in which they are looked through, and how each is answered."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aiohttp import web

from bot.sandbox.control.acts import ACTS
from bot.sandbox.control.clock import Moves, NoMoves
from bot.sandbox.control.doors import is_foreign
from bot.sandbox.control.files import page
from bot.sandbox.control.letters import HTML_POLICY, Letters
from bot.sandbox.control.seen import Seen
from bot.sandbox.control.tour import TourStep
from bot.sandbox.failures import ApiError, Trouble
from bot.sandbox.faults import FAULTS
from bot.sandbox.mailbox import Mailbox
from bot.sandbox.verbs import Argument, BadArgument, object_of

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

COALESCE = 0.03
"""Real seconds in which changes are gathered before a page is told."""
HEARTBEAT = 15.0
"""Real seconds after which a silent stream says that it is still there."""

MOST_STREAMS = 50
"""Pages that may be open at once: each costs the sandbox work at every change."""

BY_NAME = {verb.name: verb for verb in ACTS}
IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class Refused(Exception):
    """An answer other than yes: the HTTP status, a code, a sentence."""

    def __init__(self, status: int, code: str, told: str) -> None:
        super().__init__(told)
        self.status = status
        self.code = code
        self.told = told


class Control:
    """Answers what is asked at /control.

    Attributes:
        moves: offers the moves of the clock.
        tour: the steps of the guided tour.
        idle: comes back when the bot has sent all that is due; `settled` waits for it too, where the bot runs in this
            process.
    """

    def __init__(self, sandbox: Sandbox, mailbox: Mailbox | None = None) -> None:
        self._sandbox = sandbox
        self._streams: set[asyncio.Task[Any]] = set()
        self.letters: Letters | None = None
        self.moves: Moves = NoMoves()
        self.tour: Sequence[TourStep] = ()
        self.idle: Callable[[], Coroutine[Any, Any, object]] | None = None
        if mailbox is not None:
            self.letters = Letters(mailbox, sandbox.slack.clock)
            mailbox.told = lambda letter: [
                sandbox.workspace.touch("mail", recipient.casefold()) for recipient in letter.recipients
            ]

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request for the control or the page."""
        try:
            return await self._answer(request)
        except Refused as refused:
            return _refusal(refused)
        except BadArgument as error:
            return _refusal(Refused(400, "bad_argument", str(error)))
        except LookupError as error:
            return _refusal(Refused(404, "not_there", str(error.args[0]) if error.args else "not there"))
        except Trouble as trouble:
            return _refusal(Refused(504, "operation_timeout", str(trouble)))
        except TimeoutError as error:
            return _refusal(Refused(504, "not_settled", str(error)))
        except ApiError as error:
            return _refusal(Refused(409, error.code, f"Slack refuses: {error.code}"))

    def turned_away(self, request: web.BaseRequest) -> web.StreamResponse | None:
        """The refusal of a request that comes from a page of another site; None when it may come in."""
        foreign = is_foreign(request)
        if foreign is None:
            return None
        return _refusal(Refused(403, foreign, "Only the sandbox's own page and programs of this machine may ask."))

    async def stop(self) -> None:
        """End the streams."""
        for stream in list(self._streams):
            stream.cancel()
        await asyncio.gather(*self._streams, return_exceptions=True)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        for route, path in PATHS:
            match = path.fullmatch(request.path)
            if match and request.method == route.method:
                return await route.run(self, request, *match.groups())
        if request.method == "GET" and not request.path.startswith("/control"):
            found = page(request.path)
            if found is not None:
                return found
        raise Refused(404, "not_found", f"There is no {request.method} {request.path}.")

    # One function a route; ROUTES says what each is for.

    async def described(self, _request: web.BaseRequest) -> web.StreamResponse:
        return _yes(
            {
                "routes": [{"method": r.method, "path": r.shown, "help": r.help} for r in ROUTES],
                "acts": [verb.wire() for verb in ACTS],
                "faults": [fault.wire() for fault in FAULTS.values()],
            }
        )

    async def people_told(self, _request: web.BaseRequest) -> web.StreamResponse:
        users = list(self._sandbox.workspace.users.values())
        eyes = Seen(self._sandbox.slack, users[0])
        return _yes({"people": [eyes.person(user) for user in users]})

    async def seen(self, request: web.BaseRequest) -> web.StreamResponse:
        after, ids = _number(request, "after"), request.query.getall("as", [""])
        if len(ids) == 1:
            return _yes(self._eyes(request, ids[0]).since(after))
        return _yes({"seen": [self._eyes(request, id).since(after) for id in ids]})

    async def live(self, request: web.BaseRequest) -> web.StreamResponse:
        """Server-sent events: each says what changed since the one before."""
        eyes, after = self._eyes(request, request.query.get("as", "")), _number(request, "after")
        journal = self._sandbox.workspace.journal
        if len(self._streams) >= MOST_STREAMS:
            raise Refused(503, "too_many_pages", f"{MOST_STREAMS} pages are open already. Close some of them.")
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await stream.prepare(request)
        task = asyncio.current_task()
        if task is not None:
            self._streams.add(task)
            task.add_done_callback(self._streams.discard)
        try:
            while True:
                if journal.n == after:
                    try:
                        await journal.changes.until(lambda n=after: True if journal.n != n else None, HEARTBEAT)
                    except TimeoutError:
                        await stream.write(b": still here\n\n")
                        continue
                    await asyncio.sleep(COALESCE)
                news = eyes.since(after)
                after = news["n"]
                await stream.write(f"id: {after}\ndata: {json.dumps(news, separators=(',', ':'))}\n\n".encode())
        except (ConnectionError, asyncio.CancelledError):
            return stream

    async def act(self, request: web.BaseRequest, person: str, name: str) -> web.StreamResponse:
        act = BY_NAME.get(name)
        if act is None:
            raise Refused(404, "unknown_act", f"There is no act {name}.")
        user = self._sandbox.workspace.users.get(person)
        if user is None or user.is_bot:
            raise Refused(404, "unknown_person", f"There is no person {person}.")
        arguments = act.read(await _body(request))
        return _yes(await act.run(self._sandbox.person(person), **arguments))

    async def settled(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await _body(request)
        timeout, quiet = _seconds(body, "timeout", 10.0), _seconds(body, "quiet", 0.0)
        await self._sandbox.settled(timeout, quiet)
        if self.idle is not None:
            # What is being sent goes on, however soon whoever asked loses patience.
            await asyncio.wait_for(asyncio.shield(asyncio.create_task(self.idle())), timeout)
            await self._sandbox.settled(timeout, quiet)
        return _yes({})

    async def redeliver(self, _request: web.BaseRequest) -> web.StreamResponse:
        return _yes({"sent": await self._sandbox.redeliver()})

    async def faults_told(self, _request: web.BaseRequest) -> web.StreamResponse:
        return _yes({"faults": [fault.told(self._sandbox.faults) for fault in FAULTS.values()]})

    async def fault_switched(self, request: web.BaseRequest, name: str) -> web.StreamResponse:
        fault = FAULTS.get(name)
        if fault is None:
            raise Refused(404, "unknown_fault", f"There is no fault {name}.")
        arguments = fault.read(await _body(request))
        done = fault.run(self._sandbox.faults, **arguments)
        if isinstance(done, Awaitable):
            await done
        return _yes({})

    async def clock_told(self, _request: web.BaseRequest) -> web.StreamResponse:
        now = self._sandbox.slack.clock.now()
        return _yes({"now": now.isoformat(), "moves": [move.wire() for move in await self.moves.moves()]})

    async def move(self, request: web.BaseRequest, id: str) -> web.StreamResponse:
        await self.moves.make(id)
        return await self.clock_told(request)

    async def tour_told(self, _request: web.BaseRequest) -> web.StreamResponse:
        return _yes({"steps": [step.wire() for step in self.tour]})

    async def mail(self, request: web.BaseRequest) -> web.StreamResponse:
        return _yes({"letters": self._box().listed(request.query.get("for"))})

    async def letter(self, _request: web.BaseRequest, n: str) -> web.StreamResponse:
        return _yes(self._box().whole(int(n)))

    async def letter_html(self, _request: web.BaseRequest, n: str) -> web.StreamResponse:
        headers = {"Content-Security-Policy": HTML_POLICY, "X-Content-Type-Options": "nosniff"}
        return web.Response(text=self._box().page(int(n)), content_type="text/html", headers=headers)

    async def letter_source(self, _request: web.BaseRequest, n: str) -> web.StreamResponse:
        raw = self._box().find(int(n)).raw
        return web.Response(body=raw, content_type="text/plain", charset="utf-8", headers=NO_SNIFF)

    async def letter_part(self, _request: web.BaseRequest, n: str, k: str) -> web.StreamResponse:
        kind, content = self._box().part(int(n), int(k))
        return _file(kind, content)

    async def letter_answer(self, request: web.BaseRequest, n: str) -> web.StreamResponse:
        body = await _body(request)
        sender, text = str(body.get("as") or ""), str(body.get("text") or "").strip()
        if not text:
            raise BadArgument("text is needed")
        return _yes({"letters": await self._box().answer(int(n), sender, text)})

    async def shared_file(self, _request: web.BaseRequest, id: str) -> web.StreamResponse:
        file = self._sandbox.slack.files.find(id)
        return _file(str(file.wire("")["mimetype"]), file.content or b"")

    async def calls(self, request: web.BaseRequest) -> web.StreamResponse:
        slack, after = self._sandbox.slack, _number(request, "after")
        first = slack.recorded_in_all - len(slack.recorded)
        calls = list(slack.recorded)[max(0, after - first) :]
        start = max(after, first)
        rows = [
            {"n": start + k, "method": c.method, "arguments": c.arguments, "response": c.response}
            for k, c in enumerate(calls, 1)
        ]
        return _yes({"n": slack.recorded_in_all, "calls": rows})

    def _eyes(self, request: web.BaseRequest, wanted: str) -> Seen:
        user = self._sandbox.workspace.users.get(wanted)
        if user is None:
            raise Refused(404, "unknown_person", f"There is no person {wanted}.")
        return Seen(self._sandbox.slack, user, drawn=request.query.get("drawn") != "0")

    def _box(self) -> Letters:
        if self.letters is None:
            raise Refused(404, "no_mailbox", "This sandbox has no mailbox.")
        return self.letters


class Route(NamedTuple):
    """One address: how it is shown, what it matches, what it is for, what answers it."""

    method: str
    shown: str
    help: str
    run: Callable[..., Awaitable[web.StreamResponse]]

    @property
    def path(self) -> re.Pattern[str]:
        """What it matches: {n} is a number, other names anything without a slash."""
        return re.compile(re.sub(r"\{(\w+)\}", lambda m: NUMBERS if m[1] in ("n", "k") else WORDS, self.shown))


NUMBERS, WORDS = r"(\d{1,9})", r"([^/]+)"
NO_SNIFF = {"X-Content-Type-Options": "nosniff"}

ROUTES: Final[tuple[Route, ...]] = (
    Route("GET", "/control", "This list, with every act and fault", Control.described),
    Route("GET", "/control/people", "Everybody of the workspace", Control.people_told),
    Route(
        "GET",
        "/control/seen",
        "What a person sees: ?as=ID (several: a list `seen`), only what changed with &after=N",
        Control.seen,
    ),
    Route("GET", "/control/live", "The same as a stream of server-sent events", Control.live),
    Route("POST", "/control/people/{person}/{act}", "An act of a person", Control.act),
    Route("POST", "/control/settled", "Wait until the bot has dealt with everything", Control.settled),
    Route("POST", "/control/redeliver", "Send again what was not acknowledged", Control.redeliver),
    Route("GET", "/control/faults", "What can go wrong, and what is on", Control.faults_told),
    Route("POST", "/control/faults/{name}", "Switch a fault", Control.fault_switched),
    Route("GET", "/control/clock", "The time, and the moves that are possible", Control.clock_told),
    Route("POST", "/control/clock/{id}", "Let time pass", Control.move),
    Route("GET", "/control/tour", "The steps of the guided tour", Control.tour_told),
    Route("GET", "/control/mail", "The mailbox, of one address with ?for=", Control.mail),
    Route("GET", "/control/mail/{n}", "A letter with headers and text", Control.letter),
    Route("GET", "/control/mail/{n}/html", "Its page", Control.letter_html),
    Route("GET", "/control/mail/{n}/source", "Its bytes as they came", Control.letter_source),
    Route("GET", "/control/mail/{n}/part/{k}", "One of its parts", Control.letter_part),
    Route("POST", "/control/mail/{n}/reply", "Write back to it: as, text", Control.letter_answer),
    Route("GET", "/control/file/{id}", "A shared file", Control.shared_file),
    Route("GET", "/control/calls", "What the bot called, after number ?after=N", Control.calls),
)

PATHS = tuple((route, route.path) for route in ROUTES)


def _yes(body: dict[str, Any]) -> web.Response:
    return web.json_response({"ok": True, **body}, headers={"Cache-Control": "no-store"})


def _refusal(refused: Refused) -> web.Response:
    body = {"ok": False, "error": refused.code, "told": refused.told}
    return web.json_response(body, status=refused.status)


def _file(kind: str, content: bytes) -> web.Response:
    """Pictures are shown; everything else is a download, so that nothing of it runs."""
    headers = {**NO_SNIFF, "Content-Security-Policy": "default-src 'none'; sandbox"}
    if kind not in IMAGES:
        headers["Content-Disposition"] = "attachment"
    return web.Response(body=content, content_type=kind, headers=headers)


def _number(request: web.BaseRequest, name: str) -> int:
    value = request.query.get(name, "0")
    if not re.fullmatch(r"\d{1,12}", value):
        raise BadArgument(f"{name} must be a number")
    return int(value)


def _seconds(body: dict[str, Any], name: str, default: float) -> float:
    return float(Argument(name, "number").read(body.get(name, default)))


async def _body(request: web.BaseRequest) -> dict[str, Any]:
    """The arguments of a request: JSON, or a form with a file, whose bytes become `content`."""
    if request.content_type.startswith("multipart/"):
        form = await request.post()
        found: dict[str, Any] = {}
        for name, value in form.items():
            if isinstance(value, web.FileField):
                found |= {"name": value.filename, "content": base64.b64encode(value.file.read()).decode()}
            else:
                found[name] = value
        return found
    text = await request.text()
    if not text.strip():
        return {}
    if request.content_type != "application/json":
        raise BadArgument("the body must be JSON, as application/json")
    try:
        return dict(object_of(json.loads(text)))
    except (ValueError, RecursionError):
        raise BadArgument("the body is no JSON") from None
