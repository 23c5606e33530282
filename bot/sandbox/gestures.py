"""What a person does besides writing and clicking: reacts, pins, reads, joins, leaves, invites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import events, payloads
from bot.sandbox.failures import Trouble
from bot.sandbox.methods.pins import pin, unpin
from bot.sandbox.methods.users import changed
from bot.sandbox.things import BOT_USER, Channel, Message

if TYPE_CHECKING:
    from bot.sandbox.people import Person


async def reacts(person: Person, name: str, ts: str, channel: str | None = None) -> None:
    """Put an emoji under a message; doing it twice changes nothing."""
    message, place = _message(person, ts, channel)
    people = message.reactions.setdefault(name.strip(":"), [])
    if person.id not in people:
        people.append(person.id)
        _reacted(person, "reaction_added", name.strip(":"), message, place)


async def unreacts(person: Person, name: str, ts: str, channel: str | None = None) -> None:
    """Take one's emoji away again."""
    message, place = _message(person, ts, channel)
    people = message.reactions.get(name.strip(":"), [])
    if person.id in people:
        people.remove(person.id)
        if not people:
            del message.reactions[name.strip(":")]
        _reacted(person, "reaction_removed", name.strip(":"), message, place)


async def pins(person: Person, ts: str, channel: str | None = None) -> None:
    """Pin a message to its channel; doing it twice changes nothing."""
    message, place = _message(person, ts, channel)
    if not message.pinned:
        pin(person.slack, place, message, person.id)


async def unpins(person: Person, ts: str, channel: str | None = None) -> None:
    """Take a pin away again."""
    message, place = _message(person, ts, channel)
    if message.pinned:
        unpin(person.slack, place, message, person.id)


async def reads(person: Person, channel: str, ts: str | None = None) -> None:
    """Move the mark up to which this person has read, to a message or to the newest."""
    place = person.channel(channel)
    mark = ts if ts is not None else next(reversed(place.messages), "")
    if place.read.get(person.id, "") != mark:
        place.read[person.id] = mark
        person.slack.workspace.touch("channel", place.id)


async def presents(person: Person, title: str | None = None, status: str | None = None) -> None:
    """Change what one's profile says: what one does, and how one is now, as in `:palm_tree: on leave`."""
    user = person.user
    user.title = user.title if title is None else title
    user.status = user.status if status is None else status
    changed(person.slack, user)


async def joins(person: Person, channel: str) -> None:
    """Go into a public channel.

    Raises:
        LookupError: it is not public.
    """
    place = person.channel(channel)
    if place.kind != "channel":
        raise LookupError(f"{person.user.name} is not in {place.name}")
    _enters(person, person.id, place, None)


async def leaves(person: Person, channel: str) -> None:
    """Go out of a channel."""
    place = person.channel(channel)
    if person.id in place.members and not place.direct:
        workspace = person.slack.workspace
        del place.members[person.id]
        person.slack.workspace.touch("left", person.id, place.id)
        workspace.touch("channel", place.id)
        event = events.left_event(person.user, place, workspace.next_ts())
        person.slack.tell(event, place, external=person.external)


async def invites(person: Person, channel: str, user: str = BOT_USER) -> None:
    """Bring somebody, the bot unless told, into a channel that one is in.

    Raises:
        LookupError: no such person, or the inviter is not in it.
    """
    place = person.channel(channel)
    if place.direct or person.id not in place.members:
        raise LookupError(f"{person.user.name} cannot bring anybody into {place.name or 'a direct message'}")
    if user not in person.slack.workspace.users:
        raise LookupError(f"no person {user}")
    _enters(person, user, place, person.id)


def _enters(person: Person, user: str, place: Channel, inviter: str | None) -> None:
    if user in place.members:
        return
    workspace = person.slack.workspace
    place.members[user] = None
    workspace.touch("channel", place.id)
    event = payloads.joined_event(workspace.users[user], place, workspace.next_ts(), inviter)
    person.slack.tell(event, place)


def _message(person: Person, ts: str, channel: str | None) -> tuple[Message, Channel]:
    place = person.channel(channel)
    message = place.messages.get(ts)
    if message is None or message.ephemeral_for not in (None, person.id):
        raise LookupError(f"no message {ts} in {place.name or 'the direct message'}")
    if message.ephemeral:
        raise Trouble("a message that only one person sees takes no reactions and no pins")
    return message, place


def _reacted(person: Person, kind: str, name: str, message: Message, place: Channel) -> None:
    workspace = person.slack.workspace
    workspace.shown(message)
    event = payloads.reaction_event(kind, person.user, name, message, workspace.next_ts())
    person.slack.tell(event, place, external=person.external)
