"""Messages on their way: the worker takes them from the ledger, a channel carries them.

A new channel is one file here and one line in CHANNELS; its settings become arguments in bot/app.py.
"""

from bot.delivery.channel import Channel
from bot.delivery.email import EmailChannel
from bot.delivery.slack import SlackChannel
from db.vocabulary import Medium

# In order of preference, where a delivery asks for none, and for the next try where one cannot reach a person.
CHANNELS: dict[Medium, type[Channel]] = {Medium.SLACK: SlackChannel, Medium.EMAIL: EmailChannel}
