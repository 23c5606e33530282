"""What bots built on Bolt get wrong, and what holds here. Each has a story that meets it with a fault of the sandbox.

A story names its trouble with `@pytest.mark.pitfall("order")`; tests/test_papers.py checks that none is left without.
"""

PITFALLS = {
    "duplicates": "One thing that a person did may come two or more times, under one id or several: it is done once.",
    "skipping retries": "A retry may be the first delivery that arrives, so nothing is skipped for being one.",
    "acknowledged first": "What a person wrote is stored before it is acknowledged, and before anything slow.",
    "dead sockets": "A socket that is cut, or open and dead, is noticed and replaced, and nothing said is lost.",
    "closed sessions": "Who has stopped tries nothing more, however Slack was when it stopped.",
    "order": "What one person says is handled in the order in which it was said, also when it arrives in another.",
    "shutdown": "The bot stops soon, also while Slack is slow, and what it took until then stands.",
    "rate limits": "When Slack says to wait, the bot waits, and every answer arrives.",
    "token rotation": "A token that has run out is told to the secretariat by mail, and no answer is lost.",
    "other organisations": "Who cannot be written to in Slack is written to by mail, and the secretariat knows.",
    "modals": "A form that opens too late, or is closed, changes nothing, and the person is told.",
}
