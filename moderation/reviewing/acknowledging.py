"""A hotline's receipt of what was passed on to it: once it has it, nothing of the address is kept here. Asks no hotline."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from moderation import audit, cases, resources, shredding
from moderation.errors import IllegalTransition, InvalidAnswer, NotAllowed, NotFound, NothingReported, TooManyResources
from moderation.models import Case, ReferralRow, SealedAddress
from moderation.vocabulary import N_, REVIEWING_ROLES, Actor, ReferralKind


def record_receipt(session: Session, referral: UUID, their_reference: str, came_at: datetime | None, *, by: Actor, at: datetime) -> bool:
    """Write down that a hotline has what was passed on; returns whether a sealed address was destroyed with that.

    Raises:
        NotAllowed, NotFound; IllegalTransition: not a hotline, or written down before; InvalidAnswer.
    """
    if by.role not in REVIEWING_ROLES:
        raise NotAllowed(N_("Your role does not review cases."))
    of_case = select(Case.reference).join(ReferralRow, ReferralRow.case_id == Case.id).where(ReferralRow.reference == referral)
    reference = session.scalar(of_case)
    if reference is None:
        raise NotFound(N_("There is no referral with this reference."))
    case = cases.fetch(session, reference, lock=True)
    row = session.scalars(select(ReferralRow).where(ReferralRow.reference == referral).with_for_update()).one()
    if row.kind != ReferralKind.HOTLINE:
        raise IllegalTransition(N_("Only a hotline's receipt is written down."))
    if row.receipt_at is not None:
        raise IllegalTransition(N_("This hotline's receipt is written down already; nothing more needs doing."))
    found = _faults(row, their_reference, came_at, at=at)
    if found:
        raise InvalidAnswer(found)
    row.their_reference = their_reference.strip()
    row.receipt_at, row.receipt_recorded_at, row.receipt_recorded_by = came_at, at, by.person_id
    session.flush()
    audit.record(session, actor=by, action="receipt recorded", subject=f"case:{case.reference}", at=at)
    return _destroy(session, case, row, by=by, at=at)


def _destroy(session: Session, case: Case, row: ReferralRow, *, by: Actor, at: datetime) -> bool:
    keys = list(session.scalars(select(SealedAddress.resource_id).where(SealedAddress.referral_id == row.id)))
    if not keys:
        return False
    shredding.erase_resources(session, keys, at=at)
    audit.record(session, actor=by, action="sealed address destroyed", subject=f"case:{case.reference}", at=at)
    session.expire_all()
    return True


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
