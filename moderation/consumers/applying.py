"""Networks that ask for the list, and what an administrator says to each. Knows no form and no way to write to anyone."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from moderation import audit, policy
from moderation.consumers.adding import is_taken
from moderation.consumers.entering import invite
from moderation.errors import InvalidAnswer, NotFound, Stale
from moderation.models import Consumer, ConsumerApplication
from moderation.vocabulary import N_, PUBLIC, Actor, likeness, tidied

APPROVED, DECLINED = "approved", "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a network says of itself."""

    organisation: str
    contact_name: str
    contact_email: str
    territory: str
    software: str
    formats: tuple[str, ...]
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationSeen:
    """An application as administrators read it."""

    reference: UUID
    asked: Asked
    created_at: datetime

    @property
    def number(self) -> str:
        """What its sender was shown: whoever answers a letter proves with it that they sent the form."""
        return number_of(self.reference)


def number_of(reference: UUID) -> str:
    """An application's number, as people tell it each other."""
    return reference.hex[:8].upper()


def apply(session: Session, asked: Asked, *, reference: UUID, at: datetime) -> None:
    """Keep what a network asks for, until an administrator reads it."""
    session.add(ConsumerApplication(reference=reference, created_at=at, **{**asdict(asked), "formats": list(asked.formats)}))
    session.flush()
    audit.record(session, actor=PUBLIC, action="consumer applied", subject=f"application:{reference}", at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One page of the applications that nobody decided."""

    applications: tuple[ApplicationSeen, ...]
    page: int
    has_next: bool
    count: int
    """Of all pages."""


def waiting(session: Session, *, page: int = 1) -> Waiting:
    """Applications that nobody decided, the oldest first; the last page there is where `page` lies behind it."""
    is_waiting = ConsumerApplication.outcome.is_(None)
    count = session.scalar(select(func.count()).select_from(ConsumerApplication).where(is_waiting)) or 0
    page = max(1, min(page, -(-count // policy.APPLICATIONS_SHOWN)))
    start = (page - 1) * policy.APPLICATIONS_SHOWN
    query = select(ConsumerApplication).where(is_waiting).order_by(ConsumerApplication.created_at, ConsumerApplication.id)
    rows = session.scalars(query.limit(policy.APPLICATIONS_SHOWN).offset(start)).all()
    return Waiting(applications=tuple(map(_seen, rows)), page=page, has_next=start + len(rows) < count, count=count)


def approve(session: Session, reference: UUID, name: str, *, consumer: UUID, invitation_digest: bytes, by: Actor, at: datetime) -> datetime:
    """Let the network pull the list, under this name, and invite its engineer; returns until when the invitation is good.

    Raises:
        NotFound, Stale: somebody decided already. InvalidAnswer: no name, or another network has one that looks the same.
    """
    row, name = _undecided(session, reference), tidied(name)
    if not likeness(name) or len(name) > policy.APPLICATION_LINE:
        raise InvalidAnswer({"name": N_("Give the network a name of at most 200 characters.")})
    if is_taken(session, name):
        raise InvalidAnswer(
            {"name": N_("There is a network of this name. If it is the same, invite it from its own page; else choose another name.")}
        )
    made = Consumer(
        reference=consumer,
        name=name,
        contact=row.contact_email,
        contact_name=row.contact_name,
        territory=row.territory,
        software=row.software,
        formats=list(row.formats),
        address_formats=[],
        created_at=at,
    )
    session.add(made)
    session.flush()
    row.outcome, row.decided_at, row.decided_by_id, row.consumer_id = APPROVED, at, by.person_id, made.id
    session.flush()
    detail = {"application": row.reference.hex}
    audit.record(session, actor=by, action="consumer approved", subject=f"consumer:{consumer}", at=at, detail=detail)
    return invite(session, consumer, digest=invitation_digest, by=by, at=at)


def decline(session: Session, reference: UUID, reason: str, *, by: Actor, at: datetime) -> None:
    """Refuse a network, with a reason that can be told to it.

    Raises:
        NotFound, Stale: somebody decided already. InvalidAnswer: no reason.
    """
    row, reason = _undecided(session, reference), _reason(reason)
    _decline(session, row, reason, by=by, at=at)


def decline_several(session: Session, references: Collection[UUID], reason: str, *, by: Actor, at: datetime) -> int:
    """Refuse networks for one reason; returns how many. What somebody decided meanwhile stays as it is.

    Raises:
        InvalidAnswer: no reason, none chosen, or more than a page shows.
    """
    if not 0 < len(set(references)) <= policy.APPLICATIONS_SHOWN:
        raise InvalidAnswer({"applications": N_("Tick the applications that you want to decline.")})
    reason = _reason(reason)
    mine = (ConsumerApplication.reference.in_(references)) & ConsumerApplication.outcome.is_(None)
    rows = session.scalars(select(ConsumerApplication).where(mine).order_by(ConsumerApplication.id).with_for_update()).all()
    for row in rows:
        _decline(session, row, reason, by=by, at=at)
    return len(rows)


def forget_old_applications(session: Session, *, at: datetime) -> int:
    """Delete applications that were declined, or that nobody decided, when their time is over, with whoever made them; returns how many."""
    declined = (ConsumerApplication.outcome == DECLINED) & (ConsumerApplication.decided_at < at - policy.APPLICATION_KEPT)
    unread = ConsumerApplication.outcome.is_(None) & (ConsumerApplication.created_at < at - policy.APPLICATION_WAITS)
    return len(session.scalars(delete(ConsumerApplication).where(declined | unread).returning(ConsumerApplication.id)).all())


def _reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < policy.NOTE_LEAST or len(reason) > policy.APPLICATION_PURPOSE:
        raise InvalidAnswer({"reason": N_("Say in a sentence why, so that it can be told to the network.")})
    return reason


def _decline(session: Session, row: ConsumerApplication, reason: str, *, by: Actor, at: datetime) -> None:
    row.outcome, row.reason, row.decided_at, row.decided_by_id = DECLINED, reason, at, by.person_id
    session.flush()
    audit.record(session, actor=by, action="consumer declined", subject=f"application:{row.reference}", at=at, detail={"reason": reason})


def _undecided(session: Session, reference: UUID) -> ConsumerApplication:
    row = session.scalar(select(ConsumerApplication).where(ConsumerApplication.reference == reference).with_for_update())
    if row is None:
        raise NotFound(N_("There is no such application."))
    if row.outcome is not None:
        raise Stale(N_("Somebody decided on this application already."))
    return row


def _seen(row: ConsumerApplication) -> ApplicationSeen:
    texts = {name: getattr(row, name) for name in Asked.__dataclass_fields__ if name != "formats"}
    return ApplicationSeen(reference=row.reference, asked=Asked(**texts, formats=tuple(row.formats)), created_at=row.created_at)
