"""A plain browser at the bot's pages: it follows a link, fills in a form, presses a button, and keeps its cookies.

async with Browser(network) as browser:
    await browser.visits(link_in(thong.mails[-1], "clear"))
    await browser.presses("Clear it", reason="...")
    assert "Thank you" in browser.text
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import aiohttp

from bot.sandbox import Letter

if TYPE_CHECKING:
    from tests.stage import Network

PUBLIC_ADDRESS = "https://spnet.example.org"


def link_in(letter: Letter, path: str) -> str:
    """The address of a page in a mail, found in its plain text.

    Raises:
        LookupError: there is none.
    """
    body = letter.message.get_body(("plain",))
    text = body.get_content() if body else ""
    found = re.search(rf"https?://[^\s<>\"]+/{path}/[a-z2-7]+", text)
    if found is None:
        raise LookupError(f"no link to /{path}/ in:\n{text}")
    return found[0]


@dataclass
class Form:
    """A form of a page: where it goes, what stands in its fields, and the buttons (words on it, name, value)."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


class _Page(HTMLParser):
    """The forms and the words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: list[str] = []
        self._inside: list[tuple[str, dict[str, str]]] = []
        self._held = ""
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            assert given.get("method", "").lower() == "post", "a form of these pages posts"
            self.forms.append(Form(given.get("action", "")))
        elif tag == "input" and self.forms and given.get("name"):
            chosen = given.get("type", "text") not in ("radio", "checkbox") or "checked" in given
            if chosen:
                self.forms[-1].fields[given["name"]] = given.get("value", "")
        elif tag in ("button", "textarea", "select"):
            self._inside.append((tag, given))
            self._held = ""
        elif tag == "option" and "selected" in given and self._inside:
            self.forms[-1].fields[self._inside[-1][1]["name"]] = given.get("value", "")
        elif tag in ("style", "script", "title"):
            self._silent = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script", "title"):
            self._silent = False
        if not self._inside or self._inside[-1][0] != tag or not self.forms:
            return
        kind, given = self._inside.pop()
        if kind == "button":
            self.forms[-1].buttons.append((self._held.strip(), given.get("name", ""), given.get("value", "")))
        elif kind == "textarea":
            self.forms[-1].fields[given["name"]] = self._held
        else:
            self.forms[-1].fields.setdefault(given["name"], "")

    def handle_data(self, data: str) -> None:
        self._held += data
        if not self._silent and data.strip():
            self.words.append(data.strip())


class Browser:
    """One person's browser; its cookies are its own."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.cookies: dict[str, str] = {}
        self._paths: dict[str, str] = {}
        # Each cookie as it was set.
        self.baked: list[str] = []
        self.status = 0
        self.headers: dict[str, str] = {}
        self.url = ""
        self.source = ""
        self.body = b""
        self._page = _Page()

    async def __aenter__(self) -> Browser:
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    @property
    def text(self) -> str:
        """What a person reads on the page."""
        return " ".join(self._page.words)

    @property
    def forms(self) -> list[Form]:
        """The forms of the page."""
        return self._page.forms

    async def visits(self, url: str, *, method: str = "GET") -> str:
        """Open an address; gives what is read there."""
        return await self._goes(method, url)

    async def presses(self, button: str, **fields: str) -> str:
        """Fill in the form that has a button with these words, and press it; gives what is read then.

        Raises:
            LookupError: there is no such button, or its form has no such field.
        """
        for form in self.forms:
            for words, name, value in form.buttons:
                if words == button:
                    unknown = [each for each in fields if each not in form.fields]
                    if unknown:
                        raise LookupError(f"no field {unknown[0]}; there are {sorted(form.fields)}")
                    data = {**form.fields, **fields, **({name: value} if name else {})}
                    return await self._goes("POST", urljoin(self.url, form.action) if form.action else self.url, data)
        raise LookupError(f"no button “{button}” on:\n{self.text}")

    async def posts(self, url: str, data: dict[str, str] | None = None) -> str:
        """Post something that no form of ours has; gives what is read then."""
        return await self._goes("POST", url, data or {})

    async def _goes(self, method: str, url: str, data: Any = None) -> str:
        await self.network.serves_pages()
        self.url = url
        parts = urlsplit(url)
        # As the web server before the pages does that passes on what lies below its public address, and that alone.
        below = urlsplit(self.network.app.addresses.public_address or "").path.rstrip("/")
        assert parts.path.startswith(f"{below}/"), f"{parts.path} is not below {below}"
        path = parts.path.removeprefix(below)
        here = f"http://127.0.0.1:{self.network.app.pages.port}{path}" + (f"?{parts.query}" * bool(parts.query))
        mine = {name: value for name, value in self.cookies.items() if parts.path.startswith(self._paths[name])}
        cookie = "; ".join(f"{name}={value}" for name, value in mine.items())
        sent = {"Cookie": cookie} if cookie else {}
        async with self._session.request(method, here, data=data, headers=sent, allow_redirects=False) as answer:
            self.status, self.headers = answer.status, dict(answer.headers)
            for line in answer.headers.getall("Set-Cookie", []):
                self.baked.append(line)
                for name, morsel in SimpleCookie(line).items():
                    self.cookies[name], self._paths[name] = morsel.value, morsel["path"] or "/"
                    if morsel["max-age"] == "0":
                        del self.cookies[name]
            self.body = await answer.read()
            if answer.status in (302, 303):
                return await self._goes("GET", urljoin(url, answer.headers["Location"]))
        self.source = self.body.decode(errors="replace") if answer.content_type.startswith("text/") else ""
        self._page = _Page()
        self._page.feed(self.source)
        await self.network.settled()
        return self.text
