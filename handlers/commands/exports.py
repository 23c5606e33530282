"""`/spnet export`."""

from __future__ import annotations

from handlers.commands.table import Call
from handlers.exports import asked, opened
from handlers.saying import Outcome


async def export(call: Call) -> Outcome:
    """`export [cycle|all] [country] [form]`: a file of what was reported; with nothing behind it, the form for it."""
    if not call.text.strip():
        return await opened(call.desk, call.client, call.user, call.trigger_id)
    return await asked(call.desk, call.user, call.text)
