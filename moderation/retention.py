"""Lets go of what is kept no longer: one rule a kind of thing, each with its number in `policy`. Destroys in batches; never commits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, or_, select
from sqlalchemy.orm import Session, aliased

from moderation import audit, policy, shredding
from moderation.models import AuditRecord, Case, CaseReport, Decision, FalsePositive, Listing, ReferralRow, Report, SealedAddress
from moderation.vocabulary import N_, SYSTEM

AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`find` gives the keys of what is overdue before a time; `destroy` lets go of them."""

    name: str
    action: str
    why: str
    kept: timedelta
    find: Callable[[datetime], Select[int]]
    destroy: Callable[[Session, Sequence[int], datetime], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """How much of a kind is kept no longer."""

    name: str
    why: str
    kept: timedelta
    count: int


def _old_texts(before: datetime) -> Select[int]:
    return select(Report.id).where(Report.received_at < before, Report.sealed.is_not(None))


def _old_contacts(before: datetime) -> Select[int]:
    younger = or_(Case.closed_at.is_(None), Case.closed_at >= before)
    lives = select(Case.id).join(CaseReport, CaseReport.case_id == Case.id).where(CaseReport.report_id == Report.id, younger)
    return select(Report.id).where(Report.contact.is_not(None), ~lives.exists())


def _old_resources(before: datetime) -> Select[int]:
    # A listed case is open, so the end of a listing is the end of its case. Begun at the cases, oldest first: what is overdue is found
    # without looking at the rest. The newest case stands for its resource, so that each is found once.
    other = aliased(Case)
    younger = select(other.id).where(other.resource_id == Case.resource_id)
    younger = younger.where(or_(other.closed_at.is_(None), other.closed_at >= before, other.id > Case.id))
    return select(Case.resource_id).where(Case.closed_at < before, ~Case.is_erased, ~younger.exists()).order_by(Case.closed_at)


def _shred_texts(session: Session, keys: Sequence[int], at: datetime) -> None:
    shredding.shred_texts(session, keys, at=at)


def _shred_contacts(session: Session, keys: Sequence[int], at: datetime) -> None:
    shredding.shred_contacts(session, keys, at=at)


def _erase_resources(session: Session, keys: Sequence[int], at: datetime) -> None:
    shredding.erase_resources(session, keys, at=at)


def _received_by_hotlines(before: datetime) -> Select[int]:
    return _with_receipts().where(ReferralRow.receipt_recorded_at < before)


def _with_receipts() -> Select[int]:
    return select(SealedAddress.resource_id).join(ReferralRow, ReferralRow.id == SealedAddress.referral_id)


def _destroy_sealed(session: Session, keys: Sequence[int], at: datetime) -> None:
    """Destroy these, but for one whose receipt was struck since they were found."""
    held = _with_receipts().where(SealedAddress.resource_id.in_(keys), ReferralRow.receipt_recorded_at.is_not(None))
    still = list(session.scalars(held.order_by(SealedAddress.resource_id).with_for_update(of=ReferralRow)))
    told = select(Case.reference).join(ReferralRow, ReferralRow.case_id == Case.id)
    told = told.join(SealedAddress, SealedAddress.referral_id == ReferralRow.id).where(SealedAddress.resource_id.in_(still)).distinct()
    references = session.scalars(told).all()
    shredding.erase_resources(session, still, at=at)
    for reference in references:
        audit.record(session, actor=SYSTEM, action="sealed address destroyed", subject=f"case:{reference}", at=at)
    session.expire_all()


def _old_false_positives(before: datetime) -> Select[int]:
    return select(FalsePositive.id).join(Listing, Listing.id == FalsePositive.listing_id).where(Listing.ended_at < before)


def _delete_false_positives(session: Session, keys: Sequence[int], _at: datetime) -> None:
    session.execute(delete(FalsePositive).where(FalsePositive.id.in_(keys)))


RULES = (
    Rule(
        name=N_("report texts"),
        action="report texts shredded",
        why=N_("received longer ago; with the questions, answers and additions that belong to them"),
        kept=policy.REPORT_TEXT_KEPT,
        find=_old_texts,
        destroy=_shred_texts,
    ),
    Rule(
        name=N_("contacts"),
        action="contacts shredded",
        why=N_("the last of the report's cases closed longer ago"),
        kept=policy.CONTACT_KEPT,
        find=_old_contacts,
        destroy=_shred_contacts,
    ),
    Rule(
        name=N_("resource addresses"),
        action="resource addresses erased",
        why=N_("the listing ended, or the last case closed, longer ago"),
        kept=policy.RESOURCE_KEPT,
        find=_old_resources,
        destroy=_erase_resources,
    ),
    Rule(
        name=N_("networks' messages about wrong entries"),
        action="false positives deleted",
        why=N_("the listing ended longer ago"),
        kept=policy.RESOURCE_KEPT,
        find=_old_false_positives,
        destroy=_delete_false_positives,
    ),
    Rule(
        name=N_("sealed addresses"),
        action="sealed addresses destroyed",
        why=N_("the hotline's receipt was written down longer ago"),
        kept=policy.SEALED_KEPT_AFTER_RECEIPT,
        find=_received_by_hotlines,
        destroy=_destroy_sealed,
    ),
)


def overdue(session: Session, *, at: datetime) -> tuple[Overdue, ...]:
    """What `run` would let go of now, by rule. Reads only."""
    return tuple(
        Overdue(
            name=rule.name,
            why=rule.why,
            kept=rule.kept,
            count=session.scalar(select(func.count()).select_from(rule.find(at - rule.kept).subquery())) or 0,
        )
        for rule in RULES
    )


def decisions_past_their_time(session: Session, *, at: datetime) -> int:
    """Decisions and lines of the record older than `policy.DECISIONS_KEPT`: told, not deleted, since both are written once."""
    before = at - policy.DECISIONS_KEPT
    decided = select(func.count()).select_from(Decision).where(Decision.decided_at < before).scalar_subquery()
    noted = select(func.count()).select_from(AuditRecord).where(AuditRecord.at < before).scalar_subquery()
    return session.scalar(select(decided + noted)) or 0


def run(session: Session, *, at: datetime) -> dict[str, int]:
    """Let go of one batch of each kind; returns how many by name, empty where nothing is overdue any more. Call again until then."""
    gone: dict[str, int] = {}
    for rule in RULES:
        keys = list(session.scalars(rule.find(at - rule.kept).limit(AT_ONCE)))
        if not keys:
            continue
        rule.destroy(session, keys, at)
        audit.record(session, actor=SYSTEM, action=rule.action, subject="retention", at=at, detail={"count": len(keys)})
        gone[rule.name] = len(keys)
    return gone
