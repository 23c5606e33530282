"""Who may ask: programs of this machine and the page itself; a page of another site never."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox import Sandbox
from bot.sandbox.control.address import ROUTES
from tests.unit.sandbox.control.caller import Caller, words


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.shown}")
async def test_a_page_of_another_site_is_turned_away(call: Caller, route: Any) -> None:
    ids = {"{person}": "U0SITI", "{act}": "says", "{name}": "cut", "{n}": "1", "{k}": "0", "{id}": "x"}
    path = route.shown
    for name, value in ids.items():
        path = path.replace(name, value)
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Origin": "http://[broken"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        asked = await (call.get(path, **headers) if route.method == "GET" else call.post(path, {}, **headers))
        assert (asked[0], asked[1]["ok"]) == (403, False)
    assert words(await call.seen("U0SITI")) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
    ids=lambda headers: "".join(headers),
)
async def test_a_form_of_another_site_does_not_reach_the_bots_own_interface(
    call: Caller, sandbox: Sandbox, headers: dict[str, str]
) -> None:
    form = {"token": sandbox.slack.tokens.bot, "channel": "C0NETWORK", "text": "x"}
    for path in ("/api/chat.postMessage", "/link/?ticket=x", "/actions/T/1/x", "/upload/v1/x", "/files-pri/F1/x"):
        async with call.session.post(call.origin + path, data=form, headers=headers) as answer:
            assert answer.status == 403
    assert words(await call.seen("U0SITI")) == []


async def test_a_link_on_another_site_may_lead_to_the_page(call: Caller) -> None:
    async with call.session.get(call.origin + "/", headers={"Sec-Fetch-Site": "cross-site"}) as answer:
        assert answer.status == 200


async def test_a_form_of_another_site_cannot_pass_for_json(call: Caller) -> None:
    address = f"{call.origin}/control/people/U0SITI/says"
    async with call.session.post(address, data='{"text":"x"}', headers={"Content-Type": "text/plain"}) as answer:
        assert answer.status == 400
    assert words(await call.seen("U0SITI")) == []


@pytest.mark.parametrize(
    "path",
    [
        "/../server.py",
        "/%2e%2e/server.py",
        "/..%2f..%2fapp.py",
        "//etc/passwd",
        "/page/",
        "/control/../x",
        "/%00",
        "/" + "x" * 5000,
    ],
)
async def test_nothing_but_the_pages_own_files_is_served(call: Caller, path: str) -> None:
    status, answer = await call.get(path)
    assert (status, answer["error"]) == (404, "not_found")


async def test_the_page_may_load_and_run_only_what_is_its_own(call: Caller) -> None:
    async with call.session.get(call.origin + "/") as page:
        rules = dict(rule.split(" ", 1) for rule in page.headers["Content-Security-Policy"].split("; "))
    assert {rules[name] for name in ("default-src", "frame-src")} == {"'self'"}
    assert {rules[name] for name in ("object-src", "base-uri", "form-action", "frame-ancestors")} == {"'none'"}
    assert rules.get("script-src", "'self'") == rules.get("style-src", "'self'") == "'self'"
    assert rules["img-src"] == "'self' data: blob:"
