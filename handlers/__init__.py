"""What people say to the bot, one file a conversation. This is the table of contents."""

from handlers import (
    assessment,
    benchmarks,
    by_mail,
    clearance,
    commands,
    delegation,
    errata,
    evidence,
    experiences,
    exports,
    floors,
    home,
    mechanisms,
    own_questions,
    profile,
    profiles,
    progress,
    register,
    review,
    unknown,
)
from handlers.bolt import Bolt, tidy
from handlers.speaker import Desk

CONVERSATIONS = (
    assessment,
    evidence,
    delegation,
    errata,
    clearance,
    review,
    experiences,
    commands,
    mechanisms,
    benchmarks,
    by_mail,
    floors,
    own_questions,
    register,
    profile,
    profiles,
    progress,
    exports,
    home,
    unknown,
)


def register_all(app: Bolt, desk: Desk) -> None:
    """Every listener of the bot."""
    app.use(tidy)
    for conversation in CONVERSATIONS:
        conversation.register(app, desk)
