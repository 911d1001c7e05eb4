"""Passing a case to those who can act, and holds for an investigation. Sends nothing: it writes down what was passed on."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

import pycountry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from moderation import audit, cases, holding, policy
from moderation.errors import IllegalTransition, InvalidAnswer, NotAllowed, NotFound
from moderation.models import Case, ReferralRow
from moderation.reviewing import acknowledging, returning, sealing_away, seats, suspecting
from moderation.vocabulary import N_, REFERRALS, REVIEWING_ROLES, Actor, ComesBack, Conclusion, Outcome, ReferralKind

KINDS = {
    Outcome.REFER_POLICE: ReferralKind.POLICE,
    Outcome.REFER_HOTLINE: ReferralKind.HOTLINE,
    Outcome.REFER_SUPPORT: ReferralKind.SUPPORT,
}

NOT_SAID = N_("Say whether sexual images of a child are suspected. Open nothing to find out; if you are not sure, they are suspected.")


def refer(session: Session, reference: UUID, conclusion: Conclusion, *, by: Actor, at: datetime, version: int) -> None:
    """Write down that the case was referred, and go on with it: somebody in danger is helped first, and what to list is decided after.

    Raises:
        IllegalTransition, HeldByAnother, Stale, NotIndependent, NotAllowed, InvalidAnswer, NotFound.
    """
    case, _seat = seats.seated(session, reference, by=by, at=at, version=version)
    if conclusion.outcome not in REFERRALS:
        raise InvalidAnswer({"outcome": N_("Choose to whom it is referred.")})
    found = faults(conclusion, at=at)
    if sealing_away.is_asked_for(conclusion):
        found["child_material"] = N_(
            "Where sexual images of a child are suspected, the referral closes the case. Nothing more is done with it here."
        )
    if found:
        raise InvalidAnswer(found)
    write(session, case, conclusion, by=by, at=at)
    holding.lengthen(case, at=at)
    session.flush()


def lift_hold(session: Session, referral: UUID, *, by: Actor, at: datetime) -> None:
    """End a hold before its date; a case that only waited for it comes back to the queue.

    Raises:
        NotAllowed, NotFound; IllegalTransition: there is no hold any more.
    """
    if by.role not in REVIEWING_ROLES:
        raise NotAllowed(N_("Your role does not review cases."))
    of_case = select(Case.reference).join(ReferralRow, ReferralRow.case_id == Case.id).where(ReferralRow.reference == referral)
    reference = session.scalar(of_case)
    if reference is None:
        raise NotFound(N_("There is no referral with this reference."))
    case = cases.fetch(session, reference, lock=True)
    row = session.scalars(select(ReferralRow).where(ReferralRow.reference == referral).with_for_update()).one()
    if row.hold_until is None or row.hold_lifted_at is not None or row.hold_until <= at:
        raise IllegalTransition(N_("This hold has ended already; nothing more needs doing."))
    row.hold_lifted_at, row.hold_lifted_by = at, by.person_id
    session.flush()
    audit.record(session, actor=by, action="hold lifted", subject=f"case:{case.reference}", at=at)
    if case.due_for == ComesBack.HOLD and not _holds(session, case, at=at):
        returning.forget_hold(session, case, by=by, at=at)


def faults(given: Conclusion, *, at: datetime) -> dict[str, str]:
    """What a referral lacks, by field."""
    found = {}
    if len(given.recipient.strip()) < policy.NAMED_LEAST:
        found["recipient"] = N_("Name to whom it was passed: the unit, the hotline or the organisation.")
    if given.country and not (given.country.isupper() and pycountry.countries.get(alpha_2=given.country)):
        found["country"] = N_(
            "No country has this code. Give two letters, such as FR; leave it empty for a body that works across countries."
        )
    if len(given.passed_on.strip()) < policy.NAMED_LEAST:
        found["passed_on"] = N_("Say what was passed on: the address, a text, a telephone number.")
    if given.outcome is Outcome.REFER_HOTLINE and given.child_material is None:
        found["child_material"] = NOT_SAID
    found |= _address_faults(given)
    if given.referred_at is None or not at - policy.REFERRAL_BACKDATED <= given.referred_at <= at:
        found["referred_at"] = N_("Say when it was passed on: a time that has come, within the last year.")
    if given.hold_until is not None and given.outcome is not Outcome.REFER_POLICE:
        found["hold_until"] = N_("Only the police can ask for a hold. Leave this empty, or refer it to them.")
    elif given.hold_until is not None and not at < given.hold_until <= at + policy.HOLD_LATEST + timedelta(days=1):
        found["hold_until"] = N_("Choose a date from tomorrow on, and not later than the page says; the police can ask for another hold.")
    return found


def _address_faults(given: Conclusion) -> dict[str, str]:
    """Whoever is told, and under which number, is kept for years; the address may have to go at any time."""
    named = [field for field in ("recipient", "their_reference") if acknowledging.names_an_address(getattr(given, field))]
    return dict.fromkeys(named, N_("Write no address here: this stays when the address is sealed. An e-mail address of theirs is fine."))


def write(session: Session, case: Case, given: Conclusion, *, by: Actor, at: datetime) -> None:
    """Store a referral that has no fault. What was passed on stays here; the record says only that it happened."""
    number = session.scalar(select(func.count()).select_from(ReferralRow).where(ReferralRow.case_id == case.id)) or 0
    kind = KINDS[given.outcome]
    row = ReferralRow(
        # Derived from the case's own random reference, so that a rule needs no randomness of its own.
        reference=uuid5(case.reference, f"referral {number + 1}"),
        case_id=case.id,
        kind=kind,
        recipient=given.recipient.strip(),
        country=given.country,
        their_reference=given.their_reference.strip(),
        passed_on=given.passed_on.strip(),
        child_material=given.child_material,
        referred_at=given.referred_at,
        recorded_at=at,
        recorded_by=by.person_id,
        hold_until=given.hold_until,
    )
    session.add(row)
    session.flush()
    if given.child_material is not None:
        suspecting.weigh(session, case, at=at)
    detail = {"kind": kind, "hold_until": given.hold_until.isoformat() if given.hold_until else None}
    audit.record(session, actor=by, action="referral recorded", subject=f"case:{case.reference}", at=at, detail=detail)


def _holds(session: Session, case: Case, *, at: datetime) -> bool:
    living = select(ReferralRow.id).where(ReferralRow.case_id == case.id, ReferralRow.hold_until > at, ReferralRow.hold_lifted_at.is_(None))
    return session.scalar(living.limit(1)) is not None
