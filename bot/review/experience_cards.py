"""A shared experience as the secretariat decides about it, and as the network reads it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.messages import Choice, Deed, Message
from bot.people import Contact
from db.engine import Session
from db.models import Delivery
from db.queries import experiences as experience_queries
from db.vocabulary import ExperienceState


async def experience_card(
    session: Session,
    delivery: Delivery,
    contact: Contact | None,  # noqa: ARG001 - a composer's signature
    now: datetime,  # noqa: ARG001
) -> Message | None:
    """A shared experience in the secretariat's channel, with Publish and Decline."""
    shared = await experience_queries.shared(session, int(delivery.subject.split(":")[1]))
    if shared is None or shared.experience.state is not ExperienceState.SHARED:
        return None
    value = str(shared.experience.id)
    return Message(
        "experience/moderate",
        _experience_facts(shared),
        (Choice(Deed.PUBLISH, value, style="primary"), Choice(Deed.DECLINE, value)),
    )


async def experience_published(
    session: Session,
    delivery: Delivery,
    contact: Contact | None,  # noqa: ARG001 - a composer's signature
    now: datetime,  # noqa: ARG001
) -> Message | None:
    """A published experience in the network's channel."""
    shared = await experience_queries.shared(session, int(delivery.subject.split(":")[1]))
    if shared is None or shared.experience.state is not ExperienceState.PUBLISHED:
        return None
    return Message("experience/published", _experience_facts(shared))


def _experience_facts(shared: experience_queries.Shared) -> dict[str, Any]:
    experience = shared.experience
    return {
        "kind": experience.kind.value,
        "theme": experience.theme.value,
        "title": experience.title,
        "text": experience.text,
        "person": shared.person,
        "member": shared.member or shared.body,
        "when": experience.shared_at,
    }
