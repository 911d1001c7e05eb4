"""Partners who send many reports: who they are, their tokens, what they may not send twice, and files that wait to be taken in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from moderation.models.base import Base, Key, Reference, to


class Partner(Base):
    """An accredited organisation that sends reports under its own name. Never a person."""

    __tablename__ = "partner"

    id: Mapped[Key]
    reference: Mapped[Reference]
    name: Mapped[str] = mapped_column(unique=True)
    contact: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    suspended_until: Mapped[datetime | None]
    """Set after misuse; until then only reports of danger are taken."""


class PartnerToken(Base):
    """A partner's token, as a digest; the token itself is shown once and never kept."""

    __tablename__ = "partner_token"
    __table_args__ = (
        CheckConstraint("octet_length(digest) = 32", name="is_a_digest"),
        CheckConstraint("cardinality(scopes) > 0", name="has_scopes"),
        CheckConstraint("expires_at > created_at", name="times_in_order"),
    )

    id: Mapped[Key]
    partner_id: Mapped[int] = to("partner")
    digest: Mapped[bytes] = mapped_column(unique=True)
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class RequestKey(Base):
    """That a request was answered: keyed digests of its sender's key and of its body, and nothing of what it said or who sent it."""

    __tablename__ = "request_key"
    __table_args__ = (
        CheckConstraint("octet_length(digest) = 32 AND octet_length(body_digest) = 32", name="are_digests"),
        CheckConstraint("date_trunc('hour', kept_until, 'UTC') = kept_until", name="kept_to_the_hour"),
        Index("ix_request_key_kept_until", "kept_until"),
    )

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    body_digest: Mapped[bytes]
    kept_until: Mapped[datetime]


class Upload(Base):
    """A partner's file on its way in. Its rows lie here sealed to the desk until they are taken, its results sealed to its ticket."""

    __tablename__ = "upload"
    __table_args__ = (
        CheckConstraint("octet_length(ticket_digest) = 32", name="ticket_is_a_digest"),
        CheckConstraint("0 <= done AND done <= rows AND refused <= done", name="counts_in_order"),
        CheckConstraint("(finished_at IS NULL) = (sealed IS NOT NULL)", name="nothing_lies_about_when_finished"),
        CheckConstraint("(finished_at IS NULL) = (results IS NULL)", name="finished_has_its_results"),
        Index("ix_upload_created_at", "created_at"),
    )

    id: Mapped[Key]
    reference: Mapped[Reference]
    partner_id: Mapped[int] = to("partner")
    ticket_digest: Mapped[bytes] = mapped_column(unique=True)
    rows: Mapped[int]
    done: Mapped[int] = mapped_column(server_default="0")
    refused: Mapped[int] = mapped_column(server_default="0")
    sealed: Mapped[bytes | None]
    results: Mapped[bytes | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
