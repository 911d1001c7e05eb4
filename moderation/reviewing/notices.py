"""Writing down a message that went to host, registrar or owner. Sends nothing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from moderation import audit, cases, holding, policy
from moderation.errors import InvalidAnswer, NotAllowed
from moderation.models import Case, NoticeRow
from moderation.vocabulary import N_, REVIEWING_ROLES, Actor


def record_notice(session: Session, reference: UUID, recipient: str, proof: str, sent_at: datetime, *, by: Actor, at: datetime) -> None:
    """Keep that a notice was sent, with its proof; both times are kept, when it went and when it was written down.

    Raises:
        NotAllowed, NotFound; InvalidAnswer: no recipient or proof, or a time that has not come yet.
    """
    if by.role not in REVIEWING_ROLES:
        raise NotAllowed(N_("Your role does not review cases."))
    case = cases.fetch(session, reference, lock=True)
    cases.require_address(case)
    found = faults(recipient, proof, sent_at, at=at)
    if found:
        raise InvalidAnswer(found)
    write(session, case, recipient, proof, sent_at, by=by, at=at)
    if case.holder_id is not None and case.holder_id == by.person_id:
        holding.lengthen(case, at=at)
        session.flush()


def faults(recipient: str, proof: str, sent_at: datetime | None, *, at: datetime) -> dict[str, str]:
    """What a notice lacks, by field."""
    found = {}
    if len(recipient.strip()) < policy.NAMED_LEAST:
        found["recipient"] = N_("Name who was told: the host, the registrar or the owner.")
    if len(proof.strip()) < policy.NAMED_LEAST:
        found["proof"] = N_("Say how this can be shown: a ticket number, a message reference, an address.")
    if sent_at is None:
        found["sent_at"] = N_("Say when it was sent.")
    elif sent_at > at:
        found["sent_at"] = N_("The notice cannot have been sent in the future. Check the date.")
    return found


def write(session: Session, case: Case, recipient: str, proof: str, sent_at: datetime, *, by: Actor, at: datetime) -> None:
    """Store a notice that has no fault."""
    row = NoticeRow(
        case_id=case.id, recipient=recipient.strip(), proof=proof.strip(), sent_at=sent_at, recorded_at=at, recorded_by=by.person_id
    )
    session.add(row)
    session.flush()
    detail = {"sent_at": sent_at.isoformat()}
    audit.record(session, actor=by, action="notice recorded", subject=f"case:{case.reference}", at=at, detail=detail)
