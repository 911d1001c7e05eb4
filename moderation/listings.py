"""Begins and ends listings: the only writer of the listing table. Decides nothing; a listing begins only from a full set of seats."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from moderation import addresses, audit, due
from moderation.errors import AlreadyListed
from moderation.models import Case, Decision, HeldEntry, Listing, ResourceRow
from moderation.vocabulary import N_, Actor, Due, Target

RELEASE = Due("release")


def is_held() -> ColumnElement[bool]:
    """SQL: the listing waits until two people let it go, and no release carries it."""
    return exists().where(HeldEntry.listing_id == Listing.id, HeldEntry.waits()).correlate(Listing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What all seats agreed on: the narrowest target, and the shortest times."""

    target: Target
    territories: tuple[str, ...]
    expires_after: timedelta
    review_after: timedelta
    temporary: bool = False


def require_free(session: Session, target: Target, *, case: Case | None = None) -> None:
    """Refuse a target that is on the list already, through another case than the one that renews it.

    Raises:
        AlreadyListed
    """
    living = select(Listing.id).where(Listing.scope == target.scope, Listing.target == target.text, Listing.ended_at.is_(None))
    if case is not None:
        living = living.where(Listing.case_id != case.id)
    if session.scalar(living) is not None:
        raise AlreadyListed(
            N_("%(target)s is on the list already, at this scope. Choose another scope, or say why this case is not for the list."),
            target=target.text,
        )


def require_first_time(session: Session, target: Target) -> None:
    """Refuse a temporary listing where one of the same page ended before, or lives.

    Raises:
        AlreadyListed
    """
    before = select(Listing.id).where(Listing.scope == target.scope, Listing.target == target.text, Listing.temporary)
    if session.scalar(before) is not None:
        raise AlreadyListed(N_("This page was listed for a week before. That is not renewed: propose a full listing, or close the case."))


def shown_target() -> ColumnElement[str]:
    """SQL: what the desk's pages call a listing's target: its case's resource, where that one's address was sealed since."""
    of_case = select(ResourceRow.canonical).join(Case, Case.resource_id == ResourceRow.id).where(Case.id == Listing.case_id)
    now = of_case.where(ResourceRow.sealed_at.is_not(None))
    return func.coalesce(now.correlate(Listing).scalar_subquery(), Listing.target)


def sealed_since(session: Session, targets: Collection[str]) -> frozenset[str]:
    """Which of these were listed in a case whose address was sealed since: no page shows them any more (0025)."""
    if not targets:
        return frozenset()
    return frozenset(session.scalars(select(Listing.target).where(Listing.target.in_(targets), shown_target() != Listing.target)))


def living(session: Session, case: Case, *, lock: bool = False) -> Listing | None:
    """The case's listing that has not ended. The caller holds the case's row where it locks."""
    query = select(Listing).where(Listing.case_id == case.id, Listing.ended_at.is_(None)).order_by(Listing.id.desc()).limit(1)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True) if lock else query)


def begin(
    session: Session, case: Case, decision: Decision, terms: Terms, *, reference: UUID, people: Sequence[int], at: datetime
) -> Listing:
    """Put what a decision says on the list, from now.

    Raises:
        AlreadyListed: another case listed the same target at this very moment.
    """
    host, domain = _names(terms.target)
    listing = Listing(
        reference=reference,
        decision_id=decision.id,
        case_id=case.id,
        kind=case.resource.kind,
        scope=terms.target.scope,
        target=terms.target.text,
        host=host,
        domain=domain,
        category=case.category,
        territories=list(terms.territories),
        temporary=terms.temporary,
        starts_at=at,
        review_at=at + terms.review_after,
        expires_at=at + terms.expires_after,
        first_id=people[0],
        second_id=people[1],
        third_id=people[2] if len(people) > 2 else None,
    )
    session.add(listing)
    try:
        session.flush()
    except IntegrityError as fault:
        if "uq_listing_living_target" in str(fault.orig):
            # Without the target: a blind seat that chose a wider one would learn what the first seat chose.
            raise AlreadyListed(N_("What the seats have in common is on the list already, through another case.")) from fault
        if "uq_listing_temporary_once" in str(fault.orig):
            raise AlreadyListed(N_("What the seats have in common was listed for a week before, and that is not renewed.")) from fault
        raise
    require_release(session)
    return listing


def end(session: Session, listing: Listing, *, because: str, by: Actor, at: datetime) -> None:
    """Take a listing off the list, for good, and write it down. The next release carries the removal."""
    listing.ended_at = at
    listing.ended_because = because
    session.flush()
    require_release(session)
    audit.record(session, actor=by, action="listing ended", subject=f"listing:{listing.reference}", at=at, detail={"because": because})


def require_release(session: Session) -> None:
    """Ask for a release, if and only if this transaction commits."""
    due.require(session, RELEASE)


def _names(target: Target) -> tuple[str, str | None]:
    host = target.text if target.scope.is_wide else addresses.host_of(target.text)
    return host, addresses.registrable_domain(host)
