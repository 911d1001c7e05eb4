"""What a case page tells beside the assessments: when it comes back, referrals, what was seen of it, what it is the same as."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select, true
from sqlalchemy.orm import Session, aliased

from moderation import policy
from moderation.models import Case, Consumer, Decision, FalsePositive, Listing, Observation, ReferralRow
from moderation.reviewing.looking import LIVENESS
from moderation.vocabulary import ComesBack, Presence, ReferralKind

# Made once: to make one anew for each case costs more than to ask.
_OTHER, _SAME = (aliased(Case, name=name) for name in ("other", "same"))
_newest = select(Decision.detail, Decision.decided_at).where(Decision.case_id == Case.id).order_by(Decision.id.desc()).limit(1)
_NEWEST = _newest.lateral("newest")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralSeen:
    """A referral of this case, or of another about the same resource."""

    reference: UUID
    kind: ReferralKind
    recipient: str
    country: str
    their_reference: str
    passed_on: str
    referred_at: datetime
    hold_until: datetime | None
    """Where it still holds."""
    receipt_at: datetime | None
    """When a hotline said that it has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookSeen:
    """What somebody saw."""

    presence: Presence
    to: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeSeen:
    """What a network said of a listing of this case that it calls wrong."""

    consumer: str
    why: str
    contact: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The same for every seat: nothing of it says what anyone concluded on a listing."""

    due_for: ComesBack | None
    due_at: datetime | None
    said_at: datetime | None
    """When its newest decision was made: of a case that was put aside, when somebody said so."""
    duplicate_of: UUID | None
    duplicates: tuple[UUID, ...]
    referrals: tuple[ReferralSeen, ...]
    looks: tuple[LookSeen, ...]
    disputes: tuple[DisputeSeen, ...]
    detail: dict[str, Any]
    """The fields of its newest decision, where that listed nothing."""

    @property
    def awaits_receipts(self) -> tuple[ReferralSeen, ...]:
        """The referrals to a hotline that gave no receipt yet."""
        return tuple(one for one in self.referrals if one.kind is ReferralKind.HOTLINE and one.receipt_at is None)


def standing(session: Session, reference: UUID, *, hidden: frozenset[int] = frozenset(), at: datetime) -> Standing:
    """How a case stands. Its reference is known to be one. Words of the people in `hidden` are left out: see `teamwork.kept_from`."""
    merged = select(func.array_agg(_SAME.reference)).where(_SAME.duplicate_of_id == Case.id).scalar_subquery()
    disputed = exists().where(FalsePositive.listing_id == Listing.id, Listing.case_id == Case.id).correlate(Case)
    row = session.execute(
        select(
            Case.id,
            Case.resource_id,
            Case.due_for,
            Case.due_at,
            _OTHER.reference.label("other"),
            _NEWEST.c.detail,
            _NEWEST.c.decided_at,
            merged.label("merged"),
            disputed.label("is_disputed"),
        )
        .outerjoin(_OTHER, _OTHER.id == Case.duplicate_of_id)
        .outerjoin(_NEWEST, true())
        .where(Case.reference == reference)
    ).one()
    return Standing(
        due_for=ComesBack(row.due_for) if row.due_for else None,
        due_at=row.due_at,
        said_at=row.decided_at,
        duplicate_of=row.other,
        duplicates=tuple((row.merged or ())[: policy.CASE_STANDING_SHOWN]),
        referrals=_referrals(session, row.resource_id, at=at),
        looks=_looks(session, row.resource_id, hidden=hidden),
        disputes=_disputes(session, row.id) if row.is_disputed else (),
        detail=row.detail or {},
    )


def _disputes(session: Session, case_id: int) -> tuple[DisputeSeen, ...]:
    query = select(Consumer.name, FalsePositive.why, FalsePositive.contact, FalsePositive.asked_at).join(
        FalsePositive, FalsePositive.consumer_id == Consumer.id
    )
    told = query.join(Listing, Listing.id == FalsePositive.listing_id).where(Listing.case_id == case_id)
    rows = session.execute(told.order_by(FalsePositive.id.desc()).limit(policy.CASE_STANDING_SHOWN))
    return tuple(DisputeSeen(consumer=row.name, why=row.why, contact=row.contact, at=row.asked_at) for row in rows)


def _referrals(session: Session, resource_id: int, *, at: datetime) -> tuple[ReferralSeen, ...]:
    query = select(ReferralRow).join(Case, Case.id == ReferralRow.case_id).where(Case.resource_id == resource_id)
    return tuple(
        ReferralSeen(
            reference=row.reference,
            kind=ReferralKind(row.kind),
            recipient=row.recipient,
            country=row.country,
            their_reference=row.their_reference,
            passed_on=row.passed_on,
            referred_at=row.referred_at,
            hold_until=row.hold_until if row.hold_until and row.hold_until > at and row.hold_lifted_at is None else None,
            receipt_at=row.receipt_at,
        )
        for row in session.scalars(query.order_by(ReferralRow.id.desc()).limit(policy.CASE_STANDING_SHOWN))
    )


def _looks(session: Session, resource_id: int, *, hidden: frozenset[int]) -> tuple[LookSeen, ...]:
    mine = Observation.resource_id == resource_id, Observation.kind == LIVENESS
    query = select(Observation).where(*mine).order_by(Observation.observed_at.desc()).limit(policy.CASE_STANDING_SHOWN)
    return tuple(
        LookSeen(
            presence=Presence(row.value["presence"]),
            to=row.value.get("to", ""),
            note="" if row.seen_by in hidden else row.value.get("note", ""),
            at=row.observed_at,
        )
        for row in session.scalars(query)
    )
