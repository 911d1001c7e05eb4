"""A hotline's receipt of what was passed on to it: some days after, nothing of the address is kept here. Asks no hotline."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from moderation import audit, cases, independence, policy, resources
from moderation.errors import IllegalTransition, InvalidAnswer, NotAllowed, NotFound, NothingReported, TooManyResources
from moderation.models import AuditRecord, Case, ReferralRow, SealedAddress
from moderation.vocabulary import N_, REVIEWING_ROLES, Actor, ReferralKind, Role

RECORDED = "receipt recorded"
"""What the record calls it."""


def record_receipt(
    session: Session, referral: UUID, their_reference: str, came_at: datetime | None, *, by: Actor, at: datetime
) -> datetime | None:
    """Write down that a hotline has what was passed on; returns when a sealed address is destroyed for that, None where none is kept.

    Raises:
        NotAllowed: not a reviewer, or who passed on what is sealed, and no senior; NotIndependent: stands aside, or sent a report.
        NotFound; IllegalTransition: not a hotline, or written down before; InvalidAnswer.
    """
    case, row = _fetched(session, referral, by=by)
    if row.kind != ReferralKind.HOTLINE:
        raise IllegalTransition(N_("Only a hotline's receipt is written down."))
    if row.receipt_at is not None:
        raise IllegalTransition(N_("This hotline's receipt is written down already; nothing more needs doing."))
    is_kept = _is_kept(session, row)
    if is_kept and row.recorded_by == by.person_id and by.role is not Role.SENIOR:
        raise NotAllowed(N_("You passed it on, so somebody else, or a senior, writes their receipt down: it destroys the only copy."))
    found = _faults(row, their_reference, came_at, at=at)
    if found:
        raise InvalidAnswer(found)
    before = "" if names_an_address(row.their_reference) else row.their_reference
    row.their_reference = their_reference.strip()
    row.receipt_at, row.receipt_recorded_at, row.receipt_recorded_by = came_at, at, by.person_id
    session.flush()
    detail = {"referral": str(row.reference), "reference_before": before}
    audit.record(session, actor=by, action=RECORDED, subject=f"case:{case.reference}", at=at, detail=detail)
    return at + policy.SEALED_KEPT_AFTER_RECEIPT if is_kept else None


def strike_receipt(session: Session, referral: UUID, *, by: Actor, at: datetime) -> None:
    """Take back a receipt that did not come, or not for this, while what is sealed is still kept.

    Raises:
        NotAllowed: no senior; NotIndependent, NotFound; IllegalTransition: there is none, or nothing is kept that it would destroy.
    """
    case, row = _fetched(session, referral, by=by)
    if by.role is not Role.SENIOR:
        raise NotAllowed(N_("Only a senior strikes a receipt. Ask one before the day on which the address is destroyed."))
    if row.receipt_at is None or not _is_kept(session, row):
        raise IllegalTransition(N_("There is no receipt here that could still be struck."))
    struck, row.their_reference = row.their_reference, _reference_before(session, case, row)
    row.receipt_at = row.receipt_recorded_at = row.receipt_recorded_by = None
    session.flush()
    detail = {"referral": str(row.reference), "struck": struck}
    audit.record(session, actor=by, action="receipt struck", subject=f"case:{case.reference}", at=at, detail=detail)


def _fetched(session: Session, referral: UUID, *, by: Actor) -> tuple[Case, ReferralRow]:
    """The referral and its case, both held, for a person without an interest in either."""
    if by.role not in REVIEWING_ROLES:
        raise NotAllowed(N_("Your role does not review cases."))
    of_case = select(Case.reference).join(ReferralRow, ReferralRow.case_id == Case.id).where(ReferralRow.reference == referral)
    reference = session.scalar(of_case)
    if reference is None:
        raise NotFound(N_("There is no referral with this reference."))
    case = cases.fetch(session, reference, lock=True)
    independence.require_not_aside(session, case, by=by)
    independence.require_no_report(session, case, by=by)
    return case, session.scalars(select(ReferralRow).where(ReferralRow.reference == referral).with_for_update()).one()


def _is_kept(session: Session, row: ReferralRow) -> bool:
    return bool(session.scalar(select(select(SealedAddress.resource_id).where(SealedAddress.referral_id == row.id).exists())))


def _reference_before(session: Session, case: Case, row: ReferralRow) -> str:
    """What stood as the hotline's reference when the receipt was written down."""
    before = select(AuditRecord.detail["reference_before"].astext)
    before = before.where(AuditRecord.subject == f"case:{case.reference}", AuditRecord.action == RECORDED)
    mine = before.where(AuditRecord.detail["referral"].astext == str(row.reference))
    return session.scalar(mine.order_by(AuditRecord.id.desc()).limit(1)) or ""


def _faults(row: ReferralRow, their_reference: str, came_at: datetime | None, *, at: datetime) -> dict[str, str]:
    found = {}
    if not their_reference.strip():
        found["their_reference"] = N_("Write their reference, or how their receipt came if it has none.")
    elif names_an_address(their_reference):
        found["their_reference"] = N_("Write their number, and no address: this stays when the address is destroyed.")
    if came_at is None or came_at > at:
        found["came_at"] = N_("Say on which day their receipt came: a day that has come.")
    elif came_at < row.referred_at:
        found["came_at"] = N_("Their receipt cannot have come before it was passed on to them. Check the day.")
    return found


def names_an_address(text: str) -> bool:
    """Whether a text names a place on the net: who is told, and under which number, never needs one."""
    try:
        return any(one.host and one.kind != "email" for one in resources.parse(text, text_digest=str))
    except (NothingReported, TooManyResources):
        return False
