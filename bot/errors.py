"""The errors of the house. Each is named for the fact and carries what is needed to say it.

Refusal                 a deed that is not done; the words are in templates/refusals/<name>.chat.j2
+-- NotAllowed          the role does not have this right
+-- NotFound            there is no such thing, or it is not shown to this person
+-- WrongState          the thing has moved on; what is true now is in the facts
ChannelError            something went wrong on a channel; `permanent` and `retry_after` say what to do
"""

from __future__ import annotations

import re


class Refusal(Exception):
    """A deed that was not done. Its facts fill the words that say what happened, what is kept and what comes next."""

    def __init__(self, **facts: object) -> None:
        super().__init__(self.name, facts)
        self.facts: dict[str, object] = facts
        # A button below the words: the deed and what it carries.
        self.way_on: tuple[str, str] | None = None

    @property
    def name(self) -> str:
        """The class's name in snake_case: the stem of its template."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()

    def __str__(self) -> str:
        return f"{self.name} {self.facts}"


class NotAllowed(Refusal):
    """The role that the person acts in may not do this. Facts: act, role."""


class SecretariatMayNotClear(Refusal):
    """Nobody of the secretariat gives a country's yes, in whatever role they stand for it besides. Facts: member;
    cycle, None for the yes to its floors."""


class NotFound(Refusal):
    """There is no such thing, or it is not this person's to see. Facts: what, named."""


class WrongState(Refusal):
    """The thing is no longer as the person saw it. Facts: what, state, and who moved it when, if known."""


def numbered(value: str) -> int:
    """The row that a button is about.

    Raises:
        NotFound: the button was not made by this bot.
    """
    if not (value.isascii() and value.isdecimal()) or len(value) > 9:
        raise NotFound(what="button", named=value[:40])
    return int(value)


class ChannelError(Exception):
    """Something went wrong on a channel while sending.

    Args:
        code: the channel's own word for it, safe to log.
        permanent: trying again will not help.
        retry_after: seconds that the channel asked us to wait, if it did.
        authentication: the channel refuses us, not the recipient.
        recipient: it is this recipient whom the channel cannot reach; another channel may.
        in_doubt: the channel may have taken it all the same, and the answer was lost.
    """

    def __init__(
        self,
        code: str,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        authentication: bool = False,
        recipient: bool = False,
        in_doubt: bool = False,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent
        self.retry_after = retry_after
        self.authentication = authentication
        self.recipient = recipient
        self.in_doubt = in_doubt
