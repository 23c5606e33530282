"""Read a call's arguments from any of the encodings that official clients use: query, form, multipart, JSON."""

from __future__ import annotations

import json
from typing import Any, cast
from urllib.parse import parse_qsl

from aiohttp import web

from bot.sandbox.failures import ApiError

JSON_FIELDS = frozenset({"blocks", "attachments", "metadata", "view", "files", "unfurls"})
"""Arguments that form and query encodings carry as JSON text."""


async def decode(request: web.BaseRequest) -> tuple[str | None, dict[str, Any]]:
    """The token and the arguments of a call: query string, then form, multipart or JSON body.

    Raises:
        ApiError: invalid_json or json_not_object for a JSON body, invalid_form_data for a broken form,
            invalid_arguments for a field that should hold JSON and does not.
    """
    arguments: dict[str, Any] = {}
    token: str | None = None
    query = request.rel_url.raw_query_string
    if query:
        arguments.update(_fields(query))
    if request.can_read_body:
        content_type = request.content_type
        if content_type == "application/json":
            body = _json_object(await request.read())
            body.pop("token", None)  # a token in a JSON body does not count
            arguments.update(body)
        elif content_type.startswith("multipart/"):
            arguments.update(await _multipart(request))
        else:
            arguments.update(_fields((await request.read()).decode("utf-8", "replace")))
    token = arguments.pop("token", None)
    authorization = request.headers.get("Authorization")
    if authorization and authorization[:7].lower() == "bearer ":
        token = authorization[7:].strip()
    return token, arguments


def _fields(text: str) -> dict[str, Any]:
    return {name: _value(name, value) for name, value in parse_qsl(text, keep_blank_values=True)}


def _value(name: str, value: str) -> Any:
    if name not in JSON_FIELDS or not value:
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _json_object(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        raise ApiError("invalid_json") from None
    if not isinstance(read, dict):
        raise ApiError("json_not_object")
    found = cast(dict[str, Any], read)
    for name in JSON_FIELDS & found.keys():
        if isinstance(found[name], str):
            found[name] = _value(name, found[name])
    return found


async def _multipart(request: web.BaseRequest) -> dict[str, Any]:
    try:
        fields = await request.post()
    except ValueError:
        raise ApiError("invalid_form_data") from None
    return {name: _value(name, value) for name, value in fields.items() if isinstance(value, str)}
