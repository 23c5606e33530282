"""The page on which a contributor without chat answers their part.

Its link lets one browser in: the first whose reader says yes. That browser holds a cookie from then on; another one,
such as that of somebody whom the mail was forwarded to, sees no question and no answer. Opening the page changes
nothing, as mail gateways open links too.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from bot import assessments, delegation, links
from bot.delegation import Inside, Saved
from bot.errors import Refusal
from bot.speaker import Speaker
from bot.words import Reader
from db.engine import Session
from db.queries.delegations import Own
from db.vocabulary import DelegationState
from handlers.pages.desk import PageDesk

log = structlog.stdlib.get_logger("spnet.pages")

COOKIE = "spnet_answer"
COOKIE_LIVES = timedelta(days=180)
LONGEST_COOKIE = 100


def routes(desk: PageDesk) -> list[web.RouteDef]:
    """Look, be let in, answer, or ask for another link."""
    page = Answering(desk)
    return [
        web.get("/answer/{token}", desk.guarded(page.shown)),
        web.post("/answer/{token}", desk.guarded(page.sent)),
    ]


class Answering:
    """The page of one contributor about one part."""

    def __init__(self, desk: PageDesk) -> None:
        self._desk = desk

    def _entry(self, request: web.Request) -> int:
        """The link's number; a link whose time is over still says whose it was."""
        try:
            link = self._desk.link(request, delegation.ENTRY_LINK)
            return self._desk.person(link)
        except links.LinkExpired as expired:
            subject = str(expired.facts["subject"])
            if not subject.isdecimal():
                raise links.LinkForged from None
            return int(subject)

    async def _found(self, session: Session, request: web.Request, now: datetime) -> Inside:
        return await delegation.inside(session, self._entry(request), _cookie(request), now)

    async def shown(self, request: web.Request) -> web.StreamResponse:
        """The questions, for the browser that is in; for the others what they can do."""
        now = self._desk.clock.now()
        async with self._desk.database.reading() as session:
            found = await self._found(session, request, now)
            return await self._page(session, found, now)

    async def sent(self, request: web.Request) -> web.StreamResponse:
        """What was pressed: yes, keep, hand over, or another link."""
        form = await self._desk.form(request)
        match form.get("choice"):
            case "enter":
                return await self._enter(request)
            case "link":
                return await self._another_link(request)
            case "keep" | "hand_over" as choice:
                return await self._answered(request, form, hand_over=choice == "hand_over")
            case _:
                return await self.shown(request)

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        now, cookie = self._desk.clock.now(), _cookie(request) or secrets.token_urlsafe(32)
        async with self._desk.database.writing() as session:
            found = await self._found(session, request, now)
            try:
                await delegation.enter(session, found, cookie, now)
            except (delegation.AnotherBrowser, assessments.PartSettled):
                return await self._page(session, found, now)
        log.info("contributor_let_in", entry=found.entry.id)
        # Relative, as people may come here through a proxy that serves this below another path.
        back = {"Location": request.match_info["token"], "Cache-Control": "no-store"}
        answer = web.Response(status=303, headers=back)
        answer.set_cookie(
            COOKIE,
            cookie,
            path=urlsplit(self._desk.public_address or "").path.rstrip("/") + "/answer",
            max_age=int(COOKIE_LIVES.total_seconds()),
            httponly=True,
            secure=self._desk.is_secure,
            samesite="Lax",
        )
        return answer

    async def _another_link(self, request: web.Request) -> web.StreamResponse:
        now = self._desk.clock.now()
        async with self._desk.database.writing() as session:
            found = await self._found(session, request, now)
            try:
                await delegation.send_new_link(session, found, now)
            except Refusal as refusal:
                return self._desk.trouble(refusal, _reader(found.by))
        self._desk.wake()
        log.info("link_asked_for", entry=found.entry.id)
        return self._desk.page("answer_sent", delegation.invitation(found, now), reader=_reader(found.by))

    async def _answered(self, request: web.Request, form: Mapping[str, str], *, hand_over: bool) -> web.StreamResponse:
        now = self._desk.clock.now()
        async with self._desk.database.reading() as session:
            found = await self._found(session, request, now)
            if not found.is_in:
                return await self._page(session, found, now)
        try:
            async with self._desk.database.writing() as session:
                found = await self._found(session, request, now)
                own, saved = await delegation.answer(
                    session, found, form, now, hand_over=hand_over, limits=self._desk.evidence_limits
                )
        except (assessments.PartSettled, assessments.Locked, assessments.NotThePersonsTurn):
            async with self._desk.database.reading() as session:
                found = await self._found(session, request, now)
                facts = {**delegation.invitation(found, now), "unsaved": delegation.unsaved(found.own, form)}
            return self._desk.page("answer_over", facts, 409, _reader(found.by))
        self._desk.wake()
        log.info("answered_on_page", entry=found.entry.id, stored=saved.stored, handed_over=hand_over)
        async with self._desk.database.reading() as session:
            return await self._form(session, found, own, now, form, saved)

    async def _page(self, session: Session, found: Inside, now: datetime) -> web.Response:
        facts = delegation.invitation(found, now)
        reader = _reader(found.by)
        if not found.is_in and not found.may_enter:
            return self._desk.page("answer_other", facts, 403, reader)
        if facts["state"] != DelegationState.OPEN:
            return self._desk.page("answer_over", {**facts, "unsaved": []}, reader=reader)
        if not found.is_in:
            facts |= await delegation.asker(session, found.own, now)
            return self._desk.page("answer_enter", facts, reader=reader)
        return await self._form(session, found, found.own, now)

    async def _form(
        self,
        session: Session,
        found: Inside,
        own: Own,
        now: datetime,
        form: Mapping[str, str] | None = None,
        saved: Saved | None = None,
    ) -> web.Response:
        facts: dict[str, Any] = delegation.invitation(found, now)
        if own.delegation.state is DelegationState.DONE:
            return self._desk.page("answer_over", {**facts, "state": "done", "unsaved": []}, reader=_reader(found.by))
        problems: Mapping[str, Mapping[str, Any]] = saved.problems if saved else {}
        not_kept: Mapping[str, str] = saved.not_kept if saved else {}
        facts |= {
            **await delegation.asker(session, own, now),
            "questions": await delegation.page_questions(session, own, form, problems, now=now, not_kept=not_kept),
            "note": own.delegation.note,
            "stored": saved.stored if saved else None,
            "wrong": len(problems),
            "not_kept": len(not_kept),
            "unusual": saved.unusual if saved else 0,
        }
        return self._desk.page("answer", facts, 400 if problems or not_kept else 200, _reader(found.by))


def _cookie(request: web.Request) -> str | None:
    held = request.cookies.get(COOKIE)
    # Whatever else a browser holds up is no cookie of ours.
    return held if held and held.isascii() and len(held) <= LONGEST_COOKIE else None


def _reader(by: Speaker) -> Reader:
    return Reader(by.zone, by.locale)
