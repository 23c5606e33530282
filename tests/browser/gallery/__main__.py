"""Serve the gallery until it is stopped."""

from aiohttp import web

from tests.browser.gallery import app

web.run_app(app(), host="127.0.0.1", port=8123)
