"""The roll call: once a day, and when a cycle opens or somebody is new, is everybody in a role still there in Slack?

A closed account, a guest or a person of another organisation who cannot be written to is found out before the first
reminder is due: e-mail is used from then on, and the secretariat is told, once for each trouble. Who has no account
noted and is found by their address gets it noted. No transaction is open while Slack is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot import workdays
from bot.delivery import alarms
from bot.delivery.slack import SlackChannel
from bot.errors import ChannelError
from bot.people import slack_profiles
from bot.people.slack_profiles import SlackProfile
from db.engine import Database
from db.queries import people as people_queries
from db.queries import profiles as queries

log = structlog.get_logger("spnet.roll_call")

# Somebody who was looked at so lately is not looked at again, unless a cycle opened since.
FRESH = timedelta(hours=23)
# So many in one go: the next go is a minute later.
AT_ONCE = 20
# Slack lets us ask nothing of people, as without the scopes: tried again so much later.
REFUSED = timedelta(hours=1)
BUSY = timedelta(minutes=2)
GONE = "user_not_found"


@dataclass(frozen=True)
class _Called:
    """Somebody who is to be looked at."""

    person_id: int
    slack_id: str | None
    email: str | None
    trouble: str | None


class RollCall:
    """Looks at people in Slack."""

    def __init__(self, database: Database, slack: SlackChannel) -> None:
        self._database = database
        self._slack = slack
        self._rests_until: datetime | None = None

    async def run(self, now: datetime) -> int:
        """Look at those whose turn it is; gives how many. Trouble with Slack ends it for a while, quietly.

        Raises:
            DatabaseError: the database could not be asked; nothing is lost.
        """
        if self._rests_until is not None and now < self._rests_until:
            return 0
        self._rests_until = None
        looked = 0
        for called in await self._due(now):
            try:
                await self._look(called, now)
            except ChannelError as error:
                log.warning("not_looked", person=called.person_id, code=error.code)
                if error.authentication or not error.permanent:
                    pause = timedelta(seconds=error.retry_after) if error.retry_after else BUSY
                    self._rests_until = now + (REFUSED if error.authentication else pause)
                    break
                await self._seen(called, now)
            else:
                looked += 1
        return looked

    async def _due(self, now: datetime) -> list[_Called]:
        async with self._database.reading() as session:
            opened = await queries.last_opening(session, now)
            since = max(now - FRESH, opened) if opened is not None else now - FRESH
            found = await queries.people_in_a_role(session, workdays.register_day(now), since, AT_ONCE)
        return [_Called(one.id, one.slack_id, one.email, one.slack_trouble) for one in found]

    async def _seen(self, called: _Called, now: datetime) -> None:
        async with self._database.writing() as session:
            await queries.seen(session, [called.person_id], now)

    async def _look(self, called: _Called, now: datetime) -> None:
        team = await self._slack.directory.team()
        if called.slack_id is None:
            await self._find(called, team, now)
            return
        profile = await self._slack.directory.profile(called.slack_id)
        code = GONE if profile is None else profile.trouble
        # What a profile does not tell is tried: guests, people of other organisations, and whoever was not reached.
        if profile is not None and code is None and (profile.must_be_tried(team) or called.trouble):
            code = await self._slack.refuses(called.slack_id)
        async with self._database.writing() as session:
            person = await people_queries.person(session, called.person_id)
            if person is None or person.slack_id != called.slack_id:
                # Somebody gave them another account while Slack was asked.
                return
            if profile is not None and code is None and profile.is_ours(team):
                await slack_profiles.learn(session, person, profile, now)
            news = await slack_profiles.looked_at(session, person.id, code, now)
            if news is not None and code is not None:
                log.warning("out_of_reach", person=person.id, code=code)
                await alarms.out_of_reach(session, news, code, now)

    async def _find(self, called: _Called, team: str, now: datetime) -> None:
        """Somebody without an account noted: perhaps there is one with their address."""
        profile: SlackProfile | None = None
        if called.email is not None:
            profile = await self._slack.directory.profile_of_address(called.email)
        async with self._database.writing() as session:
            if profile is not None and await slack_profiles.bind(session, profile, team, now) is not None:
                log.info("bound", person=called.person_id)
                # The next go looks at the account.
                return
            await queries.seen(session, [called.person_id], now)
