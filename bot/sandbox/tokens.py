"""The tokens of the one app, and what they may do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.sandbox.failures import ApiError

APP_SCOPE = "connections:write"
"""The only scope that an app-level token needs here."""


class Tokens:
    """Checks a call's token as Slack does: missing, wrong, of the wrong kind, revoked, without the scope."""

    def __init__(self, bot: str, app: str, scopes: Iterable[str]) -> None:
        self.bot = bot
        self.app = app
        self.scopes = frozenset(scopes)
        self.provided = ",".join(sorted(self.scopes))
        self.revoked: set[str] = set()
        self.inactive: set[str] = set()

    def check(self, token: str | None, scopes: Sequence[str] | None) -> None:
        """Let a call pass or refuse it.

        Args:
            token: what the call carried.
            scopes: what the call needs; `connections:write` is the app-level token's; None for any token.

        Raises:
            ApiError: not_authed, invalid_auth, token_revoked, account_inactive, not_allowed_token_type,
                or missing_scope with `needed` and `provided`.
        """
        if not token:
            raise ApiError("not_authed")
        if token not in (self.bot, self.app):
            raise ApiError("invalid_auth")
        if token in self.revoked:
            raise ApiError("token_revoked")
        if token in self.inactive:
            raise ApiError("account_inactive")
        if scopes is None:
            return
        wants_app = APP_SCOPE in scopes
        if wants_app != (token == self.app):
            raise ApiError("not_allowed_token_type")
        for scope in scopes:
            if not wants_app and scope not in self.scopes:
                raise ApiError("missing_scope", needed=scope, provided=self.provided)
