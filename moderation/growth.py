"""How much the list grows in a day, and permission for more: two people, a delay, an end. Lists nothing and refuses no listing itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from moderation import audit, policy
from moderation.errors import IllegalTransition, InvalidAnswer, NotAllowed, NotFound
from moderation.models import GrowthPermission, Listing, Person, Release
from moderation.vocabulary import N_, Actor, Role

KEY_ROLES = frozenset({Role.SENIOR, Role.ADMIN})
"""Who may hold one of the two keys."""

DAY = timedelta(days=1)

GROWTH_LOCK = 0x466C6167_47726F77
"""Advisory lock of the one decision at a time that may begin a listing ("FlagGrow"); it ends with the transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Listings that began in the 24 hours before a time and live; the list's size before them, 0 where nobody needs to know it."""

    listed: int
    size: int = 0
    allowed: int = 0
    """Listings that two people allow in a day for now, 0 where they allow no more than the bound."""

    @property
    def is_allowed(self) -> bool:
        """Whether one more is within what two people allow."""
        return self.listed < self.allowed

    @property
    def most(self) -> int:
        """What a day may bring without their permission."""
        return max(policy.BULK_ENTRIES, int(policy.BULK_SHARE * self.size))


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """A permission that waits for its second key, for its time, or holds."""

    reference: UUID
    reason: str
    entries: int
    first: str
    first_id: int
    asked_at: datetime
    second: str | None
    starts_at: datetime | None
    ends_at: datetime | None


def in_turn(session: Session) -> None:
    """Let only one decision at a time count the day and begin a listing, until its transaction ends: else two pass the bound together.

    It is taken after the case's row, by whoever takes both, and nobody who holds it waits for another case.
    """
    session.execute(select(func.pg_advisory_xact_lock(GROWTH_LOCK)))


def of_the_day(session: Session, *, at: datetime, in_full: bool = False) -> Day:
    """What began in the last day. The list is counted only where that comes near the bound, so that a quiet day costs one short look.

    `in_full` counts it in any case.
    """
    # One that began after `at`, by a clock or a turn that was quicker, counts too.
    lives = Listing.ended_at.is_(None), Listing.starts_at > at - DAY
    listed = session.scalar(select(func.count()).select_from(Listing).where(*lives, ~_goes_on())) or 0
    if listed < policy.BULK_ENTRIES and not in_full:
        return Day(listed=listed)
    holds = [GrowthPermission.starts_at <= at, GrowthPermission.ends_at > at, GrowthPermission.taken_back_at.is_(None)]
    allowed = session.scalar(select(func.max(GrowthPermission.entries)).where(*holds)) or 0
    return Day(listed=listed, size=size_of_the_list(session, at=at - DAY), allowed=allowed)


def _goes_on() -> ColumnElement[bool]:
    """SQL: the listing took the place of one that was narrowed to it, or is the same renewed. The list did not grow by it.

    Else one person who narrows what is listed, which one may, could use up the day and keep everyone from listing.
    """
    former = aliased(Listing)
    same = and_(former.ended_because == "renewed", former.scope == Listing.scope, former.target == Listing.target)
    replaced = former.case_id == Listing.case_id, former.ended_at == Listing.starts_at
    return select(former.id).where(*replaced, or_(former.ended_because == "narrowed", same)).exists()


def size_of_the_list(session: Session, *, at: datetime) -> int:
    """Entries at that time: as the newest release of then says, else (the list is younger) as the listings that live still."""
    released = select(Release.entries).where(Release.published_at <= at).order_by(Release.published_at.desc()).limit(1)
    entries = session.scalar(released)
    if entries is not None:
        return entries
    lived = select(func.count()).select_from(Listing).where(Listing.ended_at.is_(None), Listing.starts_at <= at)
    return session.scalar(lived) or 0


def standing(session: Session, *, at: datetime) -> Permission | None:
    """The permission that was asked for last and is neither over nor taken back."""
    first, second = aliased(Person), aliased(Person)
    query = (
        select(GrowthPermission, first.name.label("first"), second.name.label("second"))
        .join(first, first.id == GrowthPermission.first_id)
        .outerjoin(second, second.id == GrowthPermission.second_id)
        .where(_stands(at))
        .order_by(GrowthPermission.asked_at.desc(), GrowthPermission.id.desc())
        .limit(1)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    row: GrowthPermission = found.GrowthPermission
    return Permission(
        reference=row.reference,
        reason=row.reason,
        entries=row.entries,
        first=found.first,
        first_id=row.first_id,
        asked_at=row.asked_at,
        second=found.second,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )


def ask(session: Session, reason: str, entries: int | None, *, reference: UUID, by: Actor, at: datetime) -> None:
    """Turn the first key: say why, and how many listings a day may bring.

    Raises:
        NotAllowed; InvalidAnswer; IllegalTransition: another permission waits or holds.
    """
    _require_key(by)
    faults = _faults(reason, entries)
    if faults:
        raise InvalidAnswer(faults)
    if standing(session, at=at) is not None:
        raise IllegalTransition(N_("More growth is asked for or allowed already. Take that back first, or let it end."))
    session.add(GrowthPermission(reference=reference, reason=reason.strip(), entries=entries, first_id=by.person_id, asked_at=at))
    session.flush()
    _record(session, "growth asked", reference, by=by, at=at, detail={"entries": entries, "reason": reason.strip()})


def agree(session: Session, reference: UUID, *, by: Actor, at: datetime) -> None:
    """Turn the second key, by another person. It holds after the delay, for a day.

    Raises:
        NotAllowed: the same person, or a role without a key. NotFound; IllegalTransition: agreed, over or taken back.
    """
    _require_key(by)
    found = _fetch(session, reference, at=at)
    if found.second_id is not None:
        raise IllegalTransition(N_("Two people have agreed to this already."))
    if found.first_id == by.person_id:
        raise NotAllowed(N_("You asked for this yourself. Another senior or administrator must agree."))
    found.second_id, found.agreed_at = by.person_id, at
    found.starts_at = at + policy.BULK_DELAY
    found.ends_at = found.starts_at + policy.BULK_ALLOWED_FOR
    session.flush()
    _record(session, "growth allowed", reference, by=by, at=at, detail={"entries": found.entries, "from": found.starts_at.isoformat()})


def take_back(session: Session, reference: UUID, *, by: Actor, at: datetime) -> None:
    """End a permission at once. One person is enough: the way out is cheaper than the way in.

    Raises:
        NotAllowed, NotFound; IllegalTransition: it is over already.
    """
    _require_key(by)
    found = _fetch(session, reference, at=at)
    found.taken_back_at, found.taken_back_by = at, by.person_id
    session.flush()
    _record(session, "growth taken back", reference, by=by, at=at, detail={"entries": found.entries})


def _stands(at: datetime) -> ColumnElement[bool]:
    waits = GrowthPermission.second_id.is_(None) & (GrowthPermission.asked_at > at - policy.BULK_KEY_WAITS)
    return GrowthPermission.taken_back_at.is_(None) & or_(waits, GrowthPermission.ends_at > at)


def _fetch(session: Session, reference: UUID, *, at: datetime) -> GrowthPermission:
    found = session.scalars(select(GrowthPermission).where(GrowthPermission.reference == reference).with_for_update()).one_or_none()
    if found is None:
        raise NotFound(N_("There is no such permission."))
    if session.scalar(select(GrowthPermission.id).where(GrowthPermission.id == found.id, _stands(at))) is None:
        raise IllegalTransition(N_("This permission is over, or was taken back. Ask again if it is still needed."))
    return found


def _require_key(by: Actor) -> None:
    if by.role not in KEY_ROLES:
        raise NotAllowed(N_("Only seniors and administrators can allow the list to grow faster."))


def _faults(reason: str, entries: int | None) -> dict[str, str]:
    faults = {}
    if len(reason.strip()) < policy.NOTE_LEAST:
        faults["reason"] = N_("Write why the list must grow faster, and which cases wait for it.")
    if entries is None or not policy.BULK_ENTRIES < entries <= policy.BULK_ENTRIES_MOST:
        faults["entries"] = N_("Write how many listings a day may bring: more than 25, and 5000 at most.")
    return faults


def _record(session: Session, action: str, reference: UUID, *, by: Actor, at: datetime, detail: Mapping[str, object]) -> None:
    audit.record(session, actor=by, action=action, subject=f"growth:{reference}", at=at, detail=detail)
