"""A program of this machine that asks the control address."""

from __future__ import annotations

from typing import Any

import aiohttp

from bot.sandbox import Sandbox

Answer = dict[str, Any]


class Caller:
    """A program of this machine that asks the control address."""

    def __init__(self, session: aiohttp.ClientSession, sandbox: Sandbox) -> None:
        self.session = session
        self.origin = sandbox.address.rstrip("/")

    async def get(self, path: str, **headers: str) -> tuple[int, Answer]:
        async with self.session.get(self.origin + path, headers=headers) as answer:
            return answer.status, await answer.json()

    async def post(self, path: str, body: Any = None, **headers: str) -> tuple[int, Answer]:
        async with self.session.post(self.origin + path, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def seen(self, person: str, after: int = 0) -> Answer:
        """What a person sees."""
        status, answer = await self.get(f"/control/seen?as={person}&after={after}")
        assert status == 200
        return answer

    async def does(self, person: str, act: str, **arguments: Any) -> Answer:
        """An act that succeeds."""
        status, answer = await self.post(f"/control/people/{person}/{act}", arguments)
        assert (status, answer["ok"]) == (200, True), answer
        return answer


def words(seen: Answer) -> list[str]:
    return [message["text"] for message in seen["messages"]]
