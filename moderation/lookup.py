"""Answers "is it listed, and why" for one exact address. Never lists, never searches by part of a name."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from moderation import listings, resources
from moderation.models import Decision, Listing
from moderation.vocabulary import Resource, Scope, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingSeen:
    """A living listing as an owner may see it."""

    reference: UUID
    scope: Scope
    target: str
    territories: tuple[str, ...]
    starts_at: datetime
    review_at: datetime
    expires_at: datetime
    provision: str
    statement: Statement
    is_held: bool
    """No release carries it yet, and none does until two people let it go."""


def covering(session: Session, resource: Resource, *, at: datetime) -> ListingSeen | None:
    """The narrowest living listing that covers this resource, or None."""
    targets = [(target.scope, target.text) for target in resources.covering_targets(resource)]
    if not targets:
        return None
    rows = session.execute(
        select(Listing, Decision, listings.is_held().label("is_held"))
        .join(Decision, Decision.id == Listing.decision_id)
        .where(tuple_(Listing.scope, Listing.target).in_(targets), Listing.ended_at.is_(None), Listing.expires_at > at)
    ).all()
    if not rows:
        return None
    narrowest = min(rows, key=lambda row: targets.index((Scope(row.Listing.scope), row.Listing.target)))
    listing, decision = narrowest.Listing, narrowest.Decision
    return ListingSeen(
        reference=listing.reference,
        scope=Scope(listing.scope),
        target=listing.target,
        territories=tuple(listing.territories),
        starts_at=listing.starts_at,
        review_at=listing.review_at,
        expires_at=listing.expires_at,
        provision=decision.provision,
        statement=Statement(**decision.statement),
        is_held=narrowest.is_held,
    )
