"""`/spnet`: acknowledged at once, then the permission, one function of `bot`, and a message only the asker sees."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import permissions
from bot.messages import Deed, Message
from bot.permissions import Act
from bot.speaker import Speaker
from db.engine import Session
from handlers.actions import COMMANDS as COMMAND_DEEDS
from handlers.actions import any_of, deed_of
from handlers.bolt import Bolt, Listener
from handlers.commands import (
    benchmarks,
    clearance,
    cycles,
    errata,
    exports,
    floors,
    granting,
    mechanisms,
    others,
    progress,
    sending,
    trail,
)
from handlers.commands import register as roles
from handlers.commands.table import Call, Command, found, help_message
from handlers.saying import Outcome
from handlers.speaker import Desk

COMMANDS: tuple[Command, ...] = (
    Command("status", None, others.status),
    Command("share", Act.SHARE, others.share),
    Command("profile", None, others.profile),
    Command("contributors", Act.DELEGATE, others.contributors),
    Command("mechanism", Act.READ_REGISTER, mechanisms.one, own=True),
    Command("mechanisms", Act.READ_REGISTER, mechanisms.every),
    Command("bodies", Act.READ_REGISTER, mechanisms.bodies),
    Command("progress", Act.READ_PROGRESS, progress.one, own=True),
    Command("compare", Act.READ_PROGRESS, progress.compare),
    Command("export", Act.READ_PROGRESS, exports.export),
    Command("history", Act.READ_ANSWERS, trail.history, own=True),
    Command("clearance", Act.READ_ANSWERS, clearance.show, own=True),
    Command("clearance set", Act.SET_CLEARANCE, clearance.change),
    Command("floors", Act.READ_FLOORS, floors.show, own=True),
    Command("questions", Act.SET_FLOORS, floors.questions),
    Command("benchmarks", Act.READ_REGISTER, benchmarks.show, own=True),
    Command("erratum", Act.KEEP_FORMAT, errata.issue),
    Command("errata", Act.READ_REGISTER, errata.listed),
    Command("focal appoint", Act.APPOINT, roles.appoint),
    Command("focal handover", Act.APPOINT, roles.handover),
    Command("focal end", Act.APPOINT, roles.end),
    Command("focal history", Act.READ_REGISTER, roles.history),
    Command("register", Act.APPOINT, roles.register),
    Command("cycle open", Act.RUN_CYCLES, cycles.open_),
    Command("cycle status", Act.SEE_NETWORK_STATUS, cycles.status),
    Command("cycle extend", Act.RUN_CYCLES, cycles.extend),
    Command("cycle reopen", Act.RUN_CYCLES, granting.reopen),
    Command("cycle excuse", Act.RUN_CYCLES, granting.excuse),
    Command("cycle require", Act.RUN_CYCLES, granting.require),
    Command("cycle close", Act.RUN_CYCLES, cycles.close),
    Command("cycle cancel", Act.RUN_CYCLES, cycles.cancel),
    Command("review", Act.REVIEW, others.open_review),
    Command("review undo", Act.REVIEW, granting.undo),
    Command("comments", Act.READ_ANSWERS, others.comments, own=True),
    Command("remind", Act.REMIND, sending.remind),
    Command("digest preview", Act.SEND_DIGEST, sending.digest_preview),
    Command("digest send", Act.SEND_DIGEST, sending.digest_send),
    Command("digest stop", Act.SEND_DIGEST, sending.digest_stop),
    Command("digest resume", Act.SEND_DIGEST, sending.digest_resume),
)
# The buttons under a command's answer that confirm what it previewed.
CONFIRMS = {
    Deed.CONFIRM_OPEN: cycles.confirm,
    Deed.CONFIRM_EXTEND: cycles.confirm_extend,
    Deed.CONFIRM_CLOSE: cycles.confirm,
    Deed.CONFIRM_CANCEL: cycles.confirm,
    Deed.CONFIRM_REMIND: sending.confirm_remind,
    Deed.CONFIRM_DIGEST: sending.confirm_digest,
    Deed.CONFIRM_GRANT: granting.confirm,
}


def register(app: Bolt, desk: Desk) -> None:
    """Listen to `/spnet` and to the buttons that confirm."""
    app.command("/spnet")(ack=_acknowledge, lazy=[_on_command(desk)])
    app.action(any_of(COMMAND_DEEDS))(_on_confirm(desk))


async def _acknowledge(ack: Any) -> None:
    await ack()


def _on_command(desk: Desk) -> Listener:
    async def on_command(body: dict[str, Any], client: Any, respond: Any) -> None:
        text = (body.get("text") or "").strip()
        with desk.at_work():
            try:
                trigger_id, channel = body.get("trigger_id") or "", body.get("channel_id") or ""
                outcome = await run(desk, body["user_id"], text, trigger_id, client, channel)
                await desk.respond(respond, body["user_id"], replace(outcome, done=False))
            except Exception as error:
                # Bolt's own handler of errors does not hear of what is done after the acknowledgement.
                await desk.excuse(error, body)

    return on_command


async def run(desk: Desk, user: str, text: str, trigger_id: str, client: Any, channel: str = "") -> Outcome:
    """Find the command, ask for the right, do it. Without a command, or with an unknown one, the help."""
    match = found(COMMANDS, text)

    async def permit(session: Session, by: Speaker, now: datetime) -> Message | None:
        if match is None:
            return help_message(COMMANDS, by, text)
        if match[0].act is not None:
            permissions.require(by, match[0].act, by.member)
        return None

    outcome = await desk.turn(user, permit)
    if outcome.message is not None or not outcome.done or match is None:
        return outcome
    command, rest = match
    async with desk.in_order(user):
        return await command.run(Call(desk, user, tuple(rest.split()), rest, trigger_id, client, channel))


def _on_confirm(desk: Desk) -> Listener:
    async def on_confirm(ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack()
        action = body["actions"][0]
        deed, user = deed_of(action["action_id"]), body["user"]["id"]
        if deed is Deed.DISMISS:
            await respond(delete_original=True)
            return
        async with desk.in_order(user):
            outcome = await CONFIRMS[deed](desk, user, deed, action.get("value") or "")
        await desk.respond(respond, user, outcome)

    return on_confirm
