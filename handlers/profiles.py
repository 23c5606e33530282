"""What Slack tells of people by itself: somebody came into the workspace, or changed, or their account was closed."""

from __future__ import annotations

from typing import Any

import structlog

from bot.delivery import alarms
from bot.errors import ChannelError
from bot.people import slack_profiles
from bot.people.slack_profiles import CLOSED, SlackProfile
from db.engine import DatabaseError
from db.queries import profiles as queries
from handlers.bolt import Bolt, Listener
from handlers.speaker import Desk

log = structlog.stdlib.get_logger(__name__)


def register(app: Bolt, desk: Desk) -> None:
    """Listen to the coming and changing of people."""
    app.event("team_join")(_on_person(desk))
    app.event("user_change")(_on_person(desk))


def _on_person(desk: Desk) -> Listener:
    async def on_person(event: dict[str, Any]) -> None:
        user = event.get("user")
        if not isinstance(user, dict):
            return
        profile = SlackProfile.of(user)  # pyright: ignore[reportUnknownArgumentType]
        if not profile.slack_id or profile.is_bot:
            return
        try:
            await _changed(desk, profile, await desk.slack.directory.team())
        except ChannelError as error:
            # The roll call looks at everybody, every day.
            log.warning("not_looked", code=error.code)
        except DatabaseError as error:
            log.error("database", code=error.code)

    return on_person


async def _changed(desk: Desk, profile: SlackProfile, team: str) -> None:
    now = desk.clock.now()
    async with desk.database.reading() as session:
        # In a large workspace most of those who change are nobody of ours.
        if not await slack_profiles.concerns(session, profile, team):
            return
    async with desk.database.writing() as session:
        person = await slack_profiles.known(session, profile.slack_id)
        if person is None:
            await slack_profiles.bind(session, profile, team, now)
            return
        if profile.deleted:
            news = await slack_profiles.looked_at(session, person.id, CLOSED, now)
            if news is not None:
                await alarms.out_of_reach(session, news, CLOSED, now)
        else:
            if profile.is_ours(team):
                await slack_profiles.learn(session, person, profile, now)
            await queries.unsee(session, person.id)
    desk.wake()
