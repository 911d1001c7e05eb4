"""Requests with many reports, and those that may arrive twice: remembers digests alone, for a day. Sees no report."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from moderation import audit
from moderation.errors import KeyReused
from moderation.models import RequestKey
from moderation.partners.accreditation import PartnerSeen
from moderation.vocabulary import N_, PUBLIC


def is_first(session: Session, digest: bytes, body_digest: bytes, *, kept_until: datetime) -> bool:
    """Whether a request under this key is new; False for the same request sent again. `kept_until` is to the hour.

    Of two at the same moment one waits for the other, and is then the second.

    Raises:
        KeyReused: another request came under this key.
    """
    new = insert(RequestKey).values(digest=digest, body_digest=body_digest, kept_until=kept_until)
    if session.scalar(new.on_conflict_do_nothing(index_elements=[RequestKey.digest]).returning(RequestKey.digest)):
        return True
    if session.scalar(select(RequestKey.body_digest).where(RequestKey.digest == digest)) != body_digest:
        raise KeyReused(N_("This Idempotency-Key came with another request before. Use a new key for a new request."))
    return False


def forget_old(session: Session, *, at: datetime) -> int:
    """Delete the keys whose time is over; returns how many."""
    return len(session.scalars(delete(RequestKey).where(RequestKey.kept_until <= at).returning(RequestKey.digest)).all())


def note(session: Session, sender: PartnerSeen, *, reports: int, refused: int, at: datetime) -> None:
    """Write down that a partner sent many reports at once; each is in the record for itself too."""
    detail = {"reports": reports, "refused": refused}
    audit.record(session, actor=PUBLIC, action="reports sent", subject=f"partner:{sender.reference}", at=at, detail=detail)
