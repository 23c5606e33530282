"""The logs hold ids: no body, no token, no address, whoever writes them."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

import pytest
import structlog
from pydantic import SecretStr

from bot import links
from bot.cli import logs
from handlers.pages import PAGES, PageDesk


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is logged during a test; the loggers are put back after it."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure(stream=stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def lines(written: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_the_house_logs_ids(written: io.StringIO) -> None:
    structlog.stdlib.get_logger("spnet.test").info("answer_stored", assessment=3, indicator="gini_index")
    (line,) = lines(written)
    assert line["event"] == "answer_stored"
    assert (line["assessment"], line["logger"], line["level"]) == (3, "spnet.test", "info")


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-12-34-AbC",
        "xapp-1-A-2-b",
        "xoxe.xoxp-1-Mi0y",
        "siti@example.org",
        "spnet:pass",
        "wss://x.slack.com/link?ticket=abc-def",
        "https://hooks.slack.com/actions/T0/1/abc",
    ],
)
def test_secrets_are_hidden_in_every_line(written: io.StringIO, secret: str) -> None:
    text = f"postgresql://{secret}@host/db" if secret.startswith("spnet:") else secret
    structlog.stdlib.get_logger("spnet.test").warning("odd", detail=f"see {text} there")
    logging.getLogger("slack_sdk").error("Failed at %s there", text)
    assert secret not in written.getvalue()
    assert len(lines(written)) == 2


def test_the_link_of_no_page_is_logged(written: io.StringIO) -> None:
    """Whichever page it leads to, with its host or without it."""
    desk = cast(PageDesk, SimpleNamespace(guarded=lambda answer: answer))  # pyright: ignore[reportUnknownLambdaType]
    paths = {route.path for page in PAGES for route in page.routes(desk)}
    assert len(paths) >= len(PAGES)
    token = links.sign(SecretStr("s" * 40), "x", "1", datetime(2026, 11, 2, tzinfo=UTC))
    for path in paths:
        for root in ("https://spnet.example.org", "https://example.org/below", "GET ", ""):
            text = root + path.replace("{token}", token)
            structlog.stdlib.get_logger("spnet.test").warning("odd", detail=text, other=f"see {text.upper()} there")
            logging.getLogger("aiohttp.web").error("Failed at %s there", text)
    assert token not in written.getvalue().lower()
    assert "[hidden]" in written.getvalue()


def test_a_librarys_payload_and_an_errors_words_are_cut(written: io.StringIO) -> None:
    try:
        raise ValueError("38.8 2020 VHLSS, as Siti wrote")
    except ValueError:
        logging.getLogger("slack_bolt.AsyncApp").exception("Failed to run listener (body: {'text': 'my answer'})")
        structlog.stdlib.get_logger("spnet.test").exception("tick_failed")
    text = written.getvalue()
    assert "my answer" not in text
    assert "VHLSS" not in text
    first, second = lines(written)
    assert first["error"] == second["error"] == "ValueError"
    assert "test_logs.py" in str(second["came_through"])


def test_the_chatter_of_libraries_is_left_out(written: io.StringIO) -> None:
    noisy = logging.getLogger("slack_bolt.AsyncApp")
    noisy.setLevel(logging.DEBUG)
    noisy.info("A new session has been established")
    logging.getLogger("apscheduler.scheduler").warning("missed")
    assert written.getvalue() == ""
