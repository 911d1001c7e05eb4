"""Files of partners on their way in: how far each is. Sees ciphertext and counts only; opens nothing and reads no row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from moderation import audit, due, policy
from moderation.errors import NotFound
from moderation.models import Partner, Upload
from moderation.partners.accreditation import PartnerSeen
from moderation.vocabulary import N_, PUBLIC, Due


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadSeen:
    """How far a file is. `sealed` are its rows until all are taken, `results` what became of them then."""

    reference: UUID
    partner: PartnerSeen
    rows: int
    done: int
    refused: int
    sealed: bytes | None
    results: bytes | None
    created_at: datetime


def keep(session: Session, sender: PartnerSeen, *, ticket_digest: bytes, sealed: bytes, rows: int, reference: UUID, at: datetime) -> None:
    """Keep a confirmed file, sealed, until the job that it makes due has taken it in. Confirmed twice, it is kept once."""
    kept = insert(Upload).values(
        reference=reference, partner_id=sender.id, ticket_digest=ticket_digest, rows=rows, sealed=sealed, created_at=at
    )
    if not session.scalar(kept.on_conflict_do_nothing(index_elements=[Upload.ticket_digest]).returning(Upload.id)):
        return
    due.require(session, Due("upload", str(reference)))
    subject = f"partner:{sender.reference}"
    audit.record(session, actor=PUBLIC, action="file uploaded", subject=subject, at=at, detail={"rows": rows})


def sent(session: Session, ticket_digest: bytes) -> UploadSeen:
    """The file with this ticket.

    Raises:
        NotFound: there is none, or it is deleted.
    """
    return _seen(session, Upload.ticket_digest == ticket_digest)


def take_up(session: Session, reference: UUID) -> UploadSeen:
    """The file that a job is due for; nobody else works on it until the transaction ends.

    Raises:
        NotFound: it is deleted.
    """
    return _seen(session, Upload.reference == reference, lock=True)


def advance(session: Session, reference: UUID, *, done: int, refused: int) -> None:
    """Note how many rows were looked at and how many of them could not be taken."""
    session.execute(update(Upload).where(Upload.reference == reference).values(done=done, refused=refused))


def finish(session: Session, upload: UploadSeen, *, refused: int, results: bytes, at: datetime) -> None:
    """Delete the rows of a file that is taken in, and keep what became of each, sealed, for the partner to fetch."""
    session.execute(update(Upload).where(Upload.reference == upload.reference).values(sealed=None, results=results, finished_at=at))
    subject, detail = f"partner:{upload.partner.reference}", {"rows": upload.rows, "refused": refused}
    audit.record(session, actor=PUBLIC, action="file taken in", subject=subject, at=at, detail=detail)


def left(session: Session, *, before: datetime) -> Sequence[UUID]:
    """Files confirmed before this time that are still not taken in."""
    query = select(Upload.reference).where(Upload.finished_at.is_(None), Upload.created_at < before)
    return session.scalars(query.order_by(Upload.id)).all()


def delete_old(session: Session, *, at: datetime) -> int:
    """Delete files whose time is over, whatever became of them; returns how many."""
    old = delete(Upload).where(Upload.created_at < at - policy.UPLOAD_KEPT).returning(Upload.id)
    return len(session.scalars(old).all())


def _seen(session: Session, which: ColumnElement[bool], *, lock: bool = False) -> UploadSeen:
    query = select(Upload, Partner).join(Partner, Partner.id == Upload.partner_id).where(which)
    row = session.execute(query.with_for_update(of=Upload) if lock else query).one_or_none()
    if row is None:
        raise NotFound(N_("There is no upload here. Its results are deleted after a day."))
    upload, partner = row.Upload, row.Partner
    return UploadSeen(
        reference=upload.reference,
        partner=PartnerSeen(id=partner.id, reference=partner.reference, name=partner.name, suspended_until=partner.suspended_until),
        rows=upload.rows,
        done=upload.done,
        refused=upload.refused,
        sealed=upload.sealed,
        results=upload.results,
        created_at=upload.created_at,
    )
