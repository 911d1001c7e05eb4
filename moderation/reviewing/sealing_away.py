"""What may be sexual images of a child: its address leaves what is kept in clear, and is shown only to be sent again. Opens nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased

from moderation import audit, cases, policy, shredding
from moderation.errors import IllegalTransition, NotAllowed
from moderation.models import AddressKey, Case, CaseReport, Decision, ReferralRow, Report, ResourceRow, SealedAddress
from moderation.reviewing import emptying
from moderation.reviewing.seen import AddressSealed, SealedSeen
from moderation.vocabulary import N_, REVIEWING_ROLES, Actor, ChildMaterial, Conclusion, Outcome, Resource, Role, Sealer


def is_asked_for(given: Conclusion) -> bool:
    """Whether this goes to a hotline because such images are suspected, and for nothing else."""
    return given.outcome is Outcome.REFER_HOTLINE and given.child_material is ChildMaterial.SUSPECTED


def lock_first(session: Session, reference: UUID) -> None:
    """Hold the case's reports, then its resources, before the case: so does whoever answers, adds or takes something out."""
    case_id = select(Case.id).where(Case.reference == reference).scalar_subquery()
    theirs = select(CaseReport.report_id).where(CaseReport.case_id == case_id)
    session.execute(select(Report.id).where(Report.id.in_(theirs)).order_by(Report.id).with_for_update(key_share=True))
    found = session.scalar(select(Case).where(Case.reference == reference))
    if found is not None:
        session.scalars(_locked(found)).all()


def seal_away(session: Session, case: Case, words: Mapping[str, str], sealer: Sealer, *, by: Actor, at: datetime) -> None:
    """Seal the address of a case that was just closed, of its duplicates, and of earlier cases about the same.

    `words` go with it: what was passed on, and why. What else could tell of it is emptied; a report that names other resources too
    loses only what names these. A duplicate elsewhere that `by` merged alone is left as it is. A resource about
    which a case is open is left alone: nobody has decided about that one.

    Raises:
        IllegalTransition: a hold stands on one of them; it would bind nothing any more.
    """
    rows = _in_clear(session, case, by=by)
    keys = [row.id for row in rows]
    _require_no_hold(session, keys, at=at)
    found = session.scalars(select(Case).where(Case.resource_id.in_(keys)).order_by(Case.id)).all()
    of_them = [one.id for one in found]
    _keep(session, case, rows, {**words, "earlier": _passed_on_before(session, of_them)}, sealer)
    named = [Resource(kind=row.kind, canonical=row.canonical) for row in rows]
    emptying.empty_reports(session, of_them, named, sealer, at=at)
    shredding.delete_leads(session, [one.canonical for one in named])
    shredding.hide_resources(session, keys, at=at)
    emptying.empty_papers(session, of_them)
    for one in found:
        audit.record(session, actor=by, action="address sealed", subject=f"case:{one.reference}", at=at)
    session.flush()
    session.expire_all()


def seen(session: Session, case: Case, *, by: Actor) -> AddressSealed | None:
    """How a case's sealed address stands for this person; None where none was sealed."""
    if case.resource.sealed_at is None:
        return None
    kept = session.execute(_sealed_of(case)).all()
    received = [row.receipt_recorded_at + policy.SEALED_KEPT_AFTER_RECEIPT for row in kept if row.receipt_recorded_at]
    return AddressSealed(
        at=case.resource.sealed_at,
        is_kept=bool(kept),
        may_be_shown=any(_may_see(row.recorded_by, by) for row in kept),
        goes_at=min(received, default=None),
    )


def reveal(session: Session, reference: UUID, *, by: Actor, at: datetime) -> tuple[SealedSeen, ...]:
    """Give out what is sealed of a case, to be sent to the hotline again, and write down who had it shown.

    Raises:
        NotFound; NotAllowed: neither a senior nor the one who passed it on; IllegalTransition: nothing is kept of it.
    """
    if by.role not in REVIEWING_ROLES:
        raise NotAllowed(N_("Your role does not review cases."))
    case = cases.fetch(session, reference, lock=True)
    rows = session.execute(_sealed_of(case)).all()
    if not rows:
        raise IllegalTransition(N_("No sealed address is kept here: there was none, or the hotline has it and it was destroyed."))
    if not all(_may_see(row.recorded_by, by) for row in rows):
        raise NotAllowed(N_("Only a senior, or whoever passed it on, can have the address shown. Ask a senior."))
    audit.record(session, actor=by, action="sealed address shown", subject=f"case:{case.reference}", at=at)
    return tuple(SealedSeen(kind=row.kind, text=row.sealed, wrapped_identity=row.wrapped) for row in rows)


def kept_of_kind(session: Session, kind: str) -> tuple[SealedSeen, ...]:
    """The newest that are sealed of one kind of resource: for the desk to compare an open case's address with, and to show to nobody."""
    query = select(SealedAddress.sealed, AddressKey.wrapped).join(AddressKey, AddressKey.resource_id == SealedAddress.resource_id)
    query = query.join(ResourceRow, ResourceRow.id == SealedAddress.resource_id).where(ResourceRow.kind == kind)
    rows = session.execute(query.order_by(SealedAddress.resource_id.desc()).limit(policy.SEALED_COMPARED))
    return tuple(SealedSeen(kind=kind, text=row.sealed, wrapped_identity=row.wrapped) for row in rows)


def _may_see(recorded_by: int, by: Actor) -> bool:
    return by.role is Role.SENIOR or recorded_by == by.person_id


def _sealed_of(case: Case) -> Select[str, bytes, bytes | None, int, datetime | None]:
    """What was sealed with this case, or of its own resource where another case was the one that was referred."""
    return (
        select(ResourceRow.kind, SealedAddress.sealed, AddressKey.wrapped, ReferralRow.recorded_by, ReferralRow.receipt_recorded_at)
        .select_from(SealedAddress)
        .join(ResourceRow, ResourceRow.id == SealedAddress.resource_id)
        .join(ReferralRow, ReferralRow.id == SealedAddress.referral_id)
        .outerjoin(AddressKey, AddressKey.resource_id == SealedAddress.resource_id)
        .where(or_(ReferralRow.case_id == case.id, SealedAddress.resource_id == case.resource_id))
        .order_by((SealedAddress.resource_id == case.resource_id).desc(), SealedAddress.resource_id)
    )


def _locked(case: Case, *, by: Actor | None = None) -> Select[ResourceRow]:
    """The resources of a case, of those that turned out to be the same, and of earlier ones about it, in the order of their keys.

    Where `by` is given, without duplicates on another host that this person merged: nobody else has looked at these.
    """
    same, there = aliased(Case), aliased(ResourceRow)
    first = select(Case.id, Case.resource_id).where(Case.resource_id == case.resource_id).cte("same", recursive=True)
    joined = select(same.id, same.resource_id).join(first, same.duplicate_of_id == first.c.id)
    if by is not None:
        alone = select(Decision.id).where(Decision.case_id == same.id, Decision.outcome == Outcome.DUPLICATE)
        alone = alone.where(Decision.first_id == by.person_id)
        host = select(ResourceRow.host).where(ResourceRow.id == case.resource_id).scalar_subquery()
        joined = joined.join(there, there.id == same.resource_id)
        joined = joined.where(or_(~alone.exists(), there.host == host))
    every = first.union(joined)
    clear = ResourceRow.sealed_at.is_(None), ResourceRow.erased_at.is_(None)
    query = select(ResourceRow).where(ResourceRow.id.in_(select(every.c.resource_id)), *clear).order_by(ResourceRow.id)
    return query.with_for_update().execution_options(populate_existing=True)


def _in_clear(session: Session, case: Case, *, by: Actor) -> Sequence[ResourceRow]:
    rows = session.scalars(_locked(case, by=by)).all()
    # Asked once they are held: a report that opened a case meanwhile is seen.
    living = select(Case.resource_id).where(Case.resource_id.in_([row.id for row in rows]), Case.closed_at.is_(None))
    left_alone = set(session.scalars(living))
    return [row for row in rows if row.id not in left_alone]


def _require_no_hold(session: Session, keys: Sequence[int], *, at: datetime) -> None:
    """Whoever reports the address again names a new resource, on which no hold of this one stands."""
    held = select(ReferralRow.id).join(Case, Case.id == ReferralRow.case_id).where(Case.resource_id.in_(keys))
    if session.scalar(held.where(ReferralRow.hold_until > at, ReferralRow.hold_lifted_at.is_(None)).limit(1)) is not None:
        raise IllegalTransition(
            N_(
                "The police asked that nothing be done here for now, and sealing the address would end that unseen. "
                "Speak with them and lift the hold first, here or in the earlier or merged case that has it; then refer it to the hotline."
            )
        )


def _keep(session: Session, case: Case, rows: Sequence[ResourceRow], words: Mapping[str, str], sealer: Sealer) -> None:
    newest = select(ReferralRow.id).where(ReferralRow.case_id == case.id).order_by(ReferralRow.id.desc()).limit(1)
    referral_id = session.scalars(newest).one()
    for row in rows:
        more = words if row.id == case.resource_id else {}
        sealed = sealer.seal({"address": row.canonical, **{name: text for name, text in more.items() if text}})
        session.add(SealedAddress(resource_id=row.id, referral_id=referral_id, sealed=sealed.text))
        session.add(AddressKey(resource_id=row.id, wrapped=sealed.wrapped_identity, desk_key=sealed.desk_key))
    session.flush()


def _passed_on_before(session: Session, case_ids: Sequence[int]) -> str:
    query = select(ReferralRow.passed_on).where(ReferralRow.case_id.in_(case_ids), ReferralRow.passed_on != "")
    return "\n\n".join(session.scalars(query.order_by(ReferralRow.id)))
