"""What each kind of delivery says: COMPOSERS, and those that write a signed link into it.

The composers live where their subject lives, the pages behind the links in handlers/pages.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote

from bot import (
    benchmarks,
    clearance,
    delegation,
    digests,
    errata,
    evidence,
    floors,
    interview,
    links,
    overview,
    profile,
    progress,
    reminders,
    review,
    succession,
)
from bot.assessments import OVERTAKEN_KIND, asking, granting
from bot.delivery.notices import NOTICES, Composer
from bot.exports.charts import mechanism_steps, moved_picture, sketch, timeline
from bot.links import Addresses
from bot.messages import Message
from bot.people import Contact
from db.engine import Session
from db.models import Delivery, Entry

# A mail is found again years later; its link should still work.
STOP_LINK_LIVES = timedelta(days=5 * 365)


async def mechanisms_mailed(
    session: Session, delivery: Delivery, contact: Contact | None, now: datetime
) -> Message | None:
    """All mechanisms side by side, with the picture of how far each has come."""
    said = await overview.mechanisms_mailed(session, delivery, contact, now)
    return replace(said, draws=sketch(mechanism_steps, said.facts["rows"])) if said else None


async def status_mailed(session: Session, delivery: Delivery, contact: Contact | None, now: datetime) -> Message | None:
    """The status of the cycles, with the picture of who reported when."""
    found = await overview.status_mailed(session, delivery, contact, now)
    return replace(found[0], draws=sketch(timeline, found[1])) if found else None


COMPOSERS: dict[str, Composer] = {
    **NOTICES,
    "assessment/opening": interview.opening,
    "assessment/returned": interview.returned,
    "assessment/accepted": progress.accepted,
    "review/submission": review.submission,
    "review/withdrawn": review.withdrawn,
    "review/comments": review.comments,
    "review/answered": review.answered,
    "assessment/undone": review.undone,
    granting.NOTED_KIND: review.noted,
    **dict.fromkeys(granting.GRANTED_KINDS, review.news),
    "experience/moderate": review.experience_card,
    "experience/published": review.experience_published,
    profile.CHANGED_KIND: profile.address_changed,
    overview.MECHANISMS_KIND: mechanisms_mailed,
    overview.STATUS_KIND: status_mailed,
    benchmarks.ALL_KIND: benchmarks.mailed,
    clearance.SET_KIND: clearance.setting_changed,
    clearance.RECEIPT_KIND: clearance.receipt,
    "clearance/given": clearance.given,
    "clearance/refused": clearance.refused,
    "clearance/void": clearance.void,
    "clearance/closed": clearance.closed,
    "clearance/nobody": clearance.nobody,
    "clearance/by_letter": clearance.by_letter,
    floors.DECIDED_KIND: floors.decided,
    floors.RECEIPT_KIND: floors.receipt_by_mail,
    "cycle/extended": interview.cycle_news,
    "cycle/cancelled": interview.cycle_news,
    reminders.leaves.STAND_IN: reminders.leaves.meanwhile,
    reminders.leaves.COLLEAGUE: reminders.leaves.meanwhile,
    reminders.leaves.NOBODY: reminders.leaves.meanwhile,
    reminders.leaves.OVER: reminders.leaves.over,
    succession.BRIEFING: succession.briefing,
    succession.THANKS: succession.thanks,
    succession.MEANWHILE: succession.meanwhile,
    succession.CARRIED_OUT: succession.carried_out,
    reminders.register.KIND: reminders.register.weekly,
    delegation.HANDED_OVER_KIND: delegation.handed_over,
    delegation.PASSED_KIND: delegation.passed,
    delegation.TAKEN_BACK_KIND: delegation.taken_back,
    OVERTAKEN_KIND: delegation.overtaken,
    reminders.KIND: reminders.step,
    reminders.REVIEW_KIND: reminders.review,
}


@dataclass(frozen=True)
class PageLinks:
    """The signed links that messages carry, each for one person; None where people cannot reach the pages.

    Attributes:
        secretariat: its e-mail address.
    """

    addresses: Addresses
    secretariat: str

    def stop(self, person_id: int, now: datetime) -> str:
        """Where a reader stops the digest: a page, or, while no public address is set, a letter to the secretariat."""
        by_letter = f"mailto:{quote(self.secretariat, safe='@')}?subject=Stop%20the%20digest"
        expires = now + STOP_LINK_LIVES
        return self.addresses.page("unsubscribe", links.STOP_DIGEST, str(person_id), expires) or by_letter

    def part(self, entry: Entry) -> str | None:
        """Where a contributor answers their part."""
        return self.addresses.page("answer", delegation.ENTRY_LINK, str(entry.id), entry.expires_at)

    def address(self, address_id: int, person_id: int, address: str, expires: datetime) -> str | None:
        """Where a further e-mail address is confirmed."""
        facts = {"row": address_id, "address": address}
        return self.addresses.page("address", profile.ADDRESS_LINK, str(person_id), expires, facts)

    def clear(self, person_id: int, clearance_id: int, expires: datetime) -> str | None:
        """Where a national yes is given by who reads mails."""
        facts = {"clearance": clearance_id}
        return self.addresses.page("clear", clearance.CLEAR_LINK, str(person_id), expires, facts)

    def floors(self, person_id: int, member: str, expires: datetime) -> str | None:
        """Where a coordinator who reads mails says yes or no to floors."""
        return self.addresses.page("floors", floors.FLOORS_LINK, str(person_id), expires, {"member": member})

    def erratum(self, person_id: int, number: int, expires: datetime) -> str | None:
        """Where a member says whether its answer to a corrected question stands."""
        return self.addresses.page("erratum", errata.ERRATUM_LINK, str(person_id), expires, {"asked": number})

    def progress(self, person_id: int, member: str, cycle: str, now: datetime) -> str | None:
        """Where a person sees the picture of their own country."""
        facts = {"member": member, "cycle": cycle}
        return self.addresses.page("progress", progress.PROGRESS_LINK, str(person_id), now + STOP_LINK_LIVES, facts)

    def scan(self, person_id: int, file_id: int, expires: datetime) -> str | None:
        """Where a person gets the scan of a letter."""
        return self.addresses.page("scan", clearance.SCAN_LINK, str(person_id), expires, {"file": file_id})

    def evidence(self, person_id: int, evidence_id: int, expires: datetime) -> str | None:
        """Where a person gets a file that stands behind an answer."""
        facts = {"evidence": evidence_id}
        return self.addresses.page("evidence", evidence.EVIDENCE_LINK, str(person_id), expires, facts)


def composers(to: PageLinks) -> dict[str, Composer]:
    """All composers, by kind.

    Args:
        to: the links that some of them write into their message.
    """
    return {
        **COMPOSERS,
        digests.KIND: digests.notice_with(to.stop, moved_picture, to.progress),
        progress.COMPARISON_KIND: progress.mailed_with(to.progress),
        profile.CONFIRM_KIND: profile.confirm_with(to.address),
        **delegation.notices_with(to.part),
        **errata.notices_with(to.erratum),
        asking.ASK_KIND: clearance.ask_with(to.clear),
        asking.REMIND_KIND: clearance.remind_with(to.clear),
        floors.ASK_KIND: floors.ask_with(to.floors),
        floors.REMIND_KIND: floors.remind_with(to.floors),
    }
