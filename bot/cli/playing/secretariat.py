"""What the secretariat types and clicks: a cycle is opened, submissions are reviewed, the digest goes out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot.cli.playing.people import SECRETARIAT
from bot.cli.playing.stage import NETWORK, PATIENCE, REVIEW, Button, Stage, buttons, options
from bot.messages import Deed
from bot.sandbox import Message


async def opens(stage: Stage, code: str, due: date) -> Message:
    """Open a full assessment: type the command, look at the preview, click; everybody is written to."""
    return await _command(stage, f"cycle open {code} full due {due.isoformat()}", Deed.CONFIRM_OPEN)


async def closes(stage: Stage, code: str) -> Message:
    """Close a cycle."""
    return await _command(stage, f"cycle close {code}", Deed.CONFIRM_CLOSE)


async def sends_digest(stage: Stage, code: str) -> Message:
    """Send the digest of a cycle to the network's channel and by mail."""
    return await _command(stage, f"digest send {code}", Deed.CONFIRM_DIGEST)


async def accepts(stage: Stage) -> int:
    """Click Accept under every submission that waits in the secretariat's channel; how many there were."""
    return len([await _clicks(stage, REVIEW, button) for _, button in waiting(stage, Deed.ACCEPT)])


async def publishes(stage: Stage) -> int:
    """Click Publish under every experience that was shared; how many there were."""
    return len([await _clicks(stage, REVIEW, button) for _, button in waiting(stage, Deed.PUBLISH)])


async def returns(stage: Stage, button: Button, question: str, codes: list[str]) -> None:
    """Send a submission back with a question about some of its answers."""
    person = stage.person(SECRETARIAT)
    await person.clicks(button.action_id, button.value, button.message)
    await stage.settled()
    await person.fills({"indicators": codes, "question": question})
    if errors := await person.submits():
        raise RuntimeError(f"the form was not taken: {errors}")
    await stage.settled()


async def comments(stage: Stage, member: str, code: str, text: str) -> None:
    """Say something about one answer of a country's newest submission, without returning it.

    Args:
        member: the country's name.
    """
    person = stage.person(SECRETARIAT)
    for message in reversed(person.messages(REVIEW)):
        for action_id, value in options(message, Deed.COMMENT):
            if member in message.text and value.endswith(f":{code}"):
                await person.selects(action_id, value, message.ts)
                await stage.settled()
                await person.fills(text=text)
                if errors := await person.submits():
                    raise RuntimeError(f"the form was not taken: {errors}")
                await stage.settled()
                return
    raise LookupError(f"no submission of {member} can be commented on")


def waiting(stage: Stage, deed: Deed) -> list[tuple[Message, Button]]:
    """What waits for a deed in the secretariat's channel, oldest first, each with its button."""
    return [
        (message, button)
        for message in stage.person(SECRETARIAT).messages(REVIEW)
        for button in buttons(message)
        if button.deed == deed
    ]


async def _command(stage: Stage, text: str, confirm: Deed) -> Message:
    person = stage.person(SECRETARIAT)
    before = person.messages(NETWORK)
    await person.command("/spnet", text, NETWORK)
    preview = await person.hears(_offers(confirm), PATIENCE, NETWORK, after=before[-1].ts if before else "")
    button = next(button for button in buttons(preview) if button.deed == confirm)
    return await _clicks(stage, NETWORK, button)


async def _clicks(stage: Stage, channel: str, button: Button) -> Message:
    person = stage.person(SECRETARIAT)
    await person.clicks(button.action_id, button.value, button.message)
    await stage.settled()
    return person.messages(channel)[-1]


def _offers(deed: Deed) -> Callable[[Message], bool]:
    return lambda message: any(button.deed == deed for button in buttons(message))
