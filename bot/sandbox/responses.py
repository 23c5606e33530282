"""What comes back without a token: posts to a response URL, and texts in an acknowledgement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import payloads
from bot.sandbox.calls import Call
from bot.sandbox.failures import ApiError
from bot.sandbox.methods.chat import fill
from bot.sandbox.things import BOT_ID, BOT_USER, Message

if TYPE_CHECKING:
    from bot.sandbox.slack import Slack


def use_response_url(slack: Slack, path: str, body: dict[str, Any]) -> None:
    """Do what a post to a response URL asks: a new message, a replacement or a deletion.

    Args:
        slack: the sandbox's Slack.
        path: of the URL.
        body: text, blocks, attachments, metadata, response_type (ephemeral unless in_channel), replace_original,
            delete_original, thread_ts.

    Raises:
        ApiError: expired_url, used_url, no_active_hooks, message_not_found, and those of chat.postMessage.
    """
    target = slack.urls.use(path)
    call = Call(slack, body)
    original = slack.workspace.channels[target.channel].messages.get(target.original or "")
    if call.flag("delete_original"):
        _delete(slack, _there(original))
    elif call.flag("replace_original") and target.original is not None:
        _replace(call, _there(original))
    else:
        _new(call, target.user, target.channel, original)


def show_answer(slack: Slack, user: str, channel: str, answer: dict[str, Any]) -> None:
    """Show what an acknowledgement of a command says."""
    _new(Call(slack, answer), user, channel, None)


def _there(original: Message | None) -> Message:
    if original is None:
        raise ApiError("message_not_found")
    return original


def _delete(slack: Slack, message: Message) -> None:
    channel = slack.workspace.channels[message.channel]
    before = message.wire()
    slack.workspace.remove(message)
    if not message.ephemeral:
        slack.event(payloads.deleted_event(before, channel, slack.workspace.next_ts()))


def _replace(call: Call, message: Message) -> None:
    slack = call.slack
    before = message.wire(metadata=True)
    if "blocks" not in call.arguments:
        call.arguments["blocks"] = []
    fill(call, message)
    message.edited = slack.workspace.next_ts()
    message.chosen.clear()
    slack.workspace.shown(message)
    if not message.ephemeral:
        channel = slack.workspace.channels[message.channel]
        slack.event(payloads.changed_event(message, before, channel, message.edited))


def _new(call: Call, user: str, channel: str, original: Message | None) -> None:
    message = Message("", channel, BOT_USER, "", call.workspace.team, bot_id=BOT_ID)
    if call.text("response_type") != "in_channel":
        message.ephemeral_for = user
    fill(call, message)
    message.thread_ts = call.text("thread_ts") or (original.thread_ts if original else None)
    message.ts = call.workspace.next_ts()
    call.slack.say(message)
