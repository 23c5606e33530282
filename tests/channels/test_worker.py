"""What is queued arrives once, over a way that reaches the person, or it is seen why not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot import ledger
from bot.clock import SimulatedClock
from bot.delivery.channel import Parcel
from bot.delivery.email import EmailChannel
from bot.delivery.slack import SlackChannel
from bot.delivery.worker import LEASE, Settled, Worker
from bot.people import Contact, contact
from bot.sandbox import Mailbox, Sandbox
from db.vocabulary import DeliveryState, Medium
from tests.channels.conftest import Office

Hire = Callable[..., Worker]


def said(sandbox: Sandbox, who: str = "U0SITI", channel: str | None = None) -> list[str]:
    return [message.text for message in sandbox.person(who).messages(channel)]


async def test_a_reminder_reaches_siti_in_chat(office: Office, hire: Hire, sandbox: Sandbox) -> None:
    await office.queue("a")
    outcome = await hire().run_once()
    assert (outcome.claimed, outcome[Settled.SENT]) == (1, 1)
    (message,) = sandbox.person("U0SITI").messages()
    assert "A reminder for Indonesia" in message.text
    assert "<!channel>" not in str(message.blocks)
    row = await office.row("a")
    assert (row.state, row.medium, row.provider_id) == (DeliveryState.SENT, Medium.SLACK, message.ts)
    assert (await hire().run_once()).claimed == 0


async def test_without_a_slack_id_it_goes_by_e_mail(office: Office, hire: Hire, mailbox: Mailbox) -> None:
    await office.change("siti", slack_id=None)
    await office.queue("a")
    assert (await hire().run_once())[Settled.SENT] == 1
    (letter,) = mailbox.to("siti@example.org")
    assert letter.subject == "A reminder for Indonesia"
    assert (await office.row("a")).medium is Medium.EMAIL


async def test_whom_slack_cannot_reach_gets_it_by_e_mail_in_the_same_row(
    office: Office, hire: Hire, sandbox: Sandbox, mailbox: Mailbox
) -> None:
    sandbox.faults.deactivate("U0SITI")
    await office.queue("a")
    assert (await hire().run_once())[Settled.SENT] == 1
    assert len(mailbox.to("siti@example.org")) == 1
    row = await office.row("a")
    assert (row.state, row.medium, row.last_error) == (DeliveryState.SENT, Medium.EMAIL, "user_disabled")
    async with office.database.reading() as session:
        counts = await ledger.counts(session)
    # The other row tells the secretariat.
    assert (counts[DeliveryState.SENT], counts[DeliveryState.QUEUED]) == (1, 1)


async def test_nobody_to_reach_is_dead_and_visible(office: Office, hire: Hire) -> None:
    await office.change("siti", slack_id=None, email=None)
    await office.queue("a")
    assert (await hire().run_once())[Settled.DEAD] == 1
    async with office.database.reading() as session:
        (stuck,) = await ledger.stuck(session, office.clock.now())
    assert stuck.last_error == "no_address"


async def test_a_channel_row_goes_to_the_channel(office: Office, hire: Hire, sandbox: Sandbox) -> None:
    await office.queue("a", to=None, channel="C0NETWORK")
    assert (await hire().run_once())[Settled.SENT] == 1
    assert len(said(sandbox, "U0AISYAH", "C0NETWORK")) == 1


async def test_what_is_for_a_channel_without_the_bot_waits_with_slacks_own_word(
    office: Office, hire: Hire, sandbox: Sandbox
) -> None:
    sandbox.faults.remove_from_channel("C0NETWORK")
    await office.queue("a", to=None, channel="C0NETWORK")
    assert (await hire().run_once())[Settled.RETRY] == 1
    assert (await office.row("a")).last_error == "not_in_channel"


async def test_what_is_no_longer_needed_is_cancelled_at_the_last_moment(
    office: Office, hire: Hire, sandbox: Sandbox
) -> None:
    await office.queue("needless")
    office.needed = False
    assert (await hire().run_once())[Settled.CANCELLED] == 1
    office.needed = True
    await office.queue("too late", not_after=office.clock.now() + timedelta(hours=1))
    office.clock.advance(timedelta(hours=2))
    assert (await hire().run_once())[Settled.CANCELLED] == 1
    assert said(sandbox) == []


async def test_what_is_put_off_waits_and_loses_no_attempt(office: Office, hire: Hire, sandbox: Sandbox) -> None:
    await office.queue("a", kind="later")
    assert (await hire().run_once())[Settled.PUT_OFF] == 1
    row = await office.row("a")
    assert (row.state, row.attempts, row.not_before.hour) == (DeliveryState.QUEUED, 0, 6)
    assert said(sandbox) == []
    office.clock.set(row.not_before)
    assert (await hire().run_once())[Settled.SENT] == 1


async def test_one_recipients_failure_holds_up_nobody(office: Office, hire: Hire, sandbox: Sandbox) -> None:
    await office.queue("fault of ours", kind="broken")
    await office.queue("not in the table", kind="nonsense")
    await office.queue("after it")
    await office.queue("another", to="bounmy")
    sandbox.faults.fail("chat.postMessage", "internal_error", channel="D0BOUNMY")
    outcome = await hire().run_once()
    assert outcome[Settled.SENT] == 1
    assert (await office.row("after it")).state is DeliveryState.SENT
    assert (await office.row("not in the table")).last_error == "unknown_kind"
    assert (await office.row("fault of ours")).last_error == "fault_RuntimeError"
    failing = await office.row("another")
    assert (failing.state, failing.last_error) == (DeliveryState.QUEUED, "internal_error")
    office.clock.set(failing.not_before)
    assert (await hire().run_once())[Settled.SENT] == 1


async def test_a_busy_slack_is_left_alone_for_as_long_as_it_asks(office: Office, hire: Hire, sandbox: Sandbox) -> None:
    sandbox.faults.limit("chat.postMessage", 1, 40)
    await office.queue("a")
    assert (await hire().run_once())[Settled.RETRY] == 1
    row = await office.row("a")
    assert (row.attempts, row.last_error) == (0, "ratelimited")
    assert row.not_before >= office.clock.now() + timedelta(seconds=40)
    office.clock.set(row.not_before)
    assert (await hire().run_once())[Settled.SENT] == 1
    assert len(said(sandbox)) == 1


async def test_a_revoked_token_pauses_slack_and_tells_the_secretariat_by_mail(
    office: Office, hire: Hire, sandbox: Sandbox, mailbox: Mailbox
) -> None:
    sandbox.faults.revoke_token()
    worker = hire()
    await office.queue("a")
    await office.queue("b", to="bounmy")
    first = await worker.run_once()
    assert first[Settled.WAITING] == 2
    calls = len(sandbox.calls)
    assert (await worker.run_once())[Settled.SENT] == 1
    (letter,) = mailbox.letters
    assert letter.recipients == ("aisyah@example.org",)
    assert "token_revoked" in letter.text()
    assert len(sandbox.calls) == calls
    row = await office.row("a")
    assert (row.state, row.attempts, row.last_error) == (DeliveryState.QUEUED, 0, "slack_refuses_us")
    sandbox.slack.tokens.revoked.clear()
    office.clock.advance(timedelta(minutes=6))
    assert (await worker.run_once())[Settled.SENT] == 2
    assert len(mailbox.letters) == 1


class Dying(SlackChannel):
    """Slack, and a process that dies after so many posts, before anything is settled."""

    posts = 1

    async def _post(self, *arguments: object) -> str:
        if self.posts == 0:
            await asyncio.Event().wait()
        self.posts -= 1
        return await super()._post(*arguments)  # type: ignore[arg-type]

    async def send(self, parcel: Parcel) -> str:
        await super().send(parcel)
        return await asyncio.Event().wait()  # type: ignore[return-value]


@pytest.mark.parametrize(("kind", "posts"), [("test", 1), ("long", 1), ("long", 2)])
async def test_a_worker_killed_between_sending_and_settling_repeats_nothing(
    kind: str, posts: int, office: Office, hire: Hire, sandbox: Sandbox, slack: SlackChannel
) -> None:
    await office.queue("a", kind=kind)
    dying = Dying(slack._client, office.clock, slack._words)
    dying.posts = posts
    task = asyncio.create_task(hire("dies", channels={Medium.SLACK: dying}).run_once())
    for _ in range(posts):
        await sandbox.person("U0SITI").hears(lambda _message: len(said(sandbox)) >= posts)
    task.cancel()
    await asyncio.wait([task])
    assert (await office.row("a")).state is DeliveryState.CLAIMED
    office.clock.advance(LEASE + timedelta(seconds=1))
    assert (await hire("w2").run_once())[Settled.SENT] == 1
    texts = said(sandbox)
    assert len(texts) == (1 if kind == "test" else 3)
    assert len(set(texts)) == len(texts)


async def test_an_answer_that_was_lost_is_looked_up_before_it_is_said_again(
    office: Office, hire: Hire, sandbox: Sandbox
) -> None:
    await office.queue("a")
    sandbox.faults.crash("chat.postMessage")
    assert (await hire().run_once())[Settled.RETRY] == 1
    row = await office.row("a")
    assert row.in_doubt
    office.clock.set(row.not_before)
    assert (await hire().run_once())[Settled.SENT] == 1
    assert [call.method for call in sandbox.calls if call.method == "conversations.history"]
    assert len(said(sandbox)) == 1


@pytest.mark.parametrize(
    "ledger_database",
    ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)],
    indirect=True,
)
async def test_two_workers_at_once_send_each_delivery_once(office: Office, hire: Hire, sandbox: Sandbox) -> None:
    for place in range(30):
        await office.queue(str(place), to=("siti", "bounmy", "aisyah")[place % 3])
    one, other = await asyncio.gather(hire("w1").drain(), hire("w2").drain())
    assert one[Settled.SENT] + other[Settled.SENT] == 30
    for who in ("U0SITI", "U0BOUNMY", "U0AISYAH"):
        assert len(said(sandbox, who)) == 10


async def test_a_rehearsal_says_everything_to_one_person_and_for_whom_it_was(
    office: Office, hire: Hire, sandbox: Sandbox, mailbox: Mailbox
) -> None:
    async with office.database.reading() as session:
        aisyah: Contact = await contact(session, office.people["aisyah"], office.clock.now())
    await office.queue("chat")
    await office.queue("mail", to="bounmy", medium=Medium.EMAIL)
    await office.queue("channel", to=None, channel="C0NETWORK")
    assert (await hire(rehearse=aisyah).run_once())[Settled.SENT] == 3
    assert said(sandbox) == []
    assert said(sandbox, "U0AISYAH", "C0NETWORK") == []
    shown = str([message.blocks for message in sandbox.person("U0AISYAH").messages()])
    assert "For Siti Rahmadani (Indonesia), in chat" in shown
    assert "For the channel <#C0NETWORK>, in chat" in shown
    (letter,) = mailbox.letters
    assert letter.recipients == ("aisyah@example.org",)
    assert "For Bounmy Keo (Lao PDR), by e-mail" in letter.text()


async def test_the_loop_sends_when_it_is_woken_and_ends_when_it_is_told(
    office: Office, hire: Hire, sandbox: Sandbox
) -> None:
    worker = hire()
    task = asyncio.create_task(worker.run())
    await asyncio.sleep(0)
    await office.queue("a")
    worker.wake()
    await sandbox.person("U0SITI").hears(lambda message: "Indonesia" in message.text)
    await worker.stop()
    assert task.done()
    assert (await office.row("a")).state is DeliveryState.SENT


async def test_what_hangs_at_the_end_is_cut_off_and_comes_back_in_doubt(
    office: Office, hire: Hire, sandbox: Sandbox, slack: SlackChannel, clock: SimulatedClock
) -> None:
    await office.queue("a")
    hanging = Dying(slack._client, clock, slack._words)
    worker = hire(channels={Medium.SLACK: hanging})
    task = asyncio.create_task(worker.run())
    await sandbox.person("U0SITI").hears(lambda _message: True)
    await worker.stop(seconds=0.05)
    assert task.done()
    assert not task.cancelled()
    clock.advance(LEASE + timedelta(seconds=1))
    async with office.database.writing() as session:
        (row,) = await ledger.claim(session, "w2", clock.now(), 1, LEASE)
    assert row.in_doubt


async def test_no_transaction_is_open_while_something_is_on_the_wire(
    office: Office, hire: Hire, email: EmailChannel
) -> None:
    """Another process could write all the while: a lock held here would refuse it."""
    writes: list[str] = []

    class Watching(EmailChannel):
        def __init__(self) -> None:
            pass

        def reaches(self, contact: Contact) -> bool:
            return True

        async def send(self, parcel: Parcel) -> str:
            await office.queue(f"meanwhile {parcel.about}", to="bounmy", not_before=office.clock.now() + timedelta(1))
            writes.append(parcel.about)
            return await email.send(parcel)

    await office.queue("a", medium=Medium.EMAIL)
    assert (await hire(channels={Medium.EMAIL: Watching()}).run_once())[Settled.SENT] == 1
    assert len(writes) == 1
