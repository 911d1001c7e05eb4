"""The write-once record and the seals over it. Triggers in the database refuse any change."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from moderation.models.base import Base, Key


class AuditRecord(Base):
    """One act. `actor` is a role pseudonym, `subject` is text such as `case:<reference>`; no reporter is ever in it."""

    __tablename__ = "audit_record"
    __table_args__ = (Index("ix_audit_record_subject", "subject", "id"), Index("ix_audit_record_time", "at", "id"))

    id: Mapped[Key]
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[dict[str, Any]]


class AuditSeal(Base):
    """A digest over a batch of rows, chained to the seal before it."""

    __tablename__ = "audit_seal"
    __table_args__ = (
        CheckConstraint("octet_length(digest) = 32 AND octet_length(previous) = 32", name="digests"),
        CheckConstraint("cardinality(rows) > 0", name="seals_something"),
    )

    id: Mapped[Key]
    rows: Mapped[list[int]]
    """Identifiers of the sealed rows, ascending."""
    last_row: Mapped[int] = mapped_column(index=True)
    digest: Mapped[bytes]
    previous: Mapped[bytes] = mapped_column(unique=True)
    """Unique: two seals can never follow the same one."""
    sealed_at: Mapped[datetime]
