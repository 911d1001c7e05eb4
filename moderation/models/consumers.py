"""Networks that pull the list: how they asked for it, how their engineers sign in, their tokens, and what they carry."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from moderation.models.base import Base, Key, Reference, one_of, to
from moderation.vocabulary import KeyKind


class Consumer(Base):
    """An ISP or other that pulls the list."""

    __tablename__ = "consumer"
    __table_args__ = (CheckConstraint("cardinality(allowed_networks) <= 100", name="few_networks"),)

    id: Mapped[Key]
    reference: Mapped[Reference]
    name: Mapped[str] = mapped_column(unique=True)
    contact: Mapped[str] = mapped_column(server_default="")
    contact_name: Mapped[str] = mapped_column(server_default="")
    territory: Mapped[str] = mapped_column(server_default="")
    """Where it serves people, as it wrote it."""
    software: Mapped[str] = mapped_column(server_default="")
    formats: Mapped[list[str]] = mapped_column(server_default="{}")
    """Format files that it chose when it signed up."""
    address_formats: Mapped[list[str]]
    """Format files this consumer may fetch with its token in the address."""
    allowed_networks: Mapped[list[str]] = mapped_column(server_default="{}")
    """Networks (CIDR) from which its tokens open anything; empty for everywhere."""
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class ConsumerToken(Base):
    """A consumer's token, as a digest; the token itself is shown once and never kept."""

    __tablename__ = "consumer_token"
    __table_args__ = (
        CheckConstraint("octet_length(digest) = 32", name="is_a_digest"),
        CheckConstraint("cardinality(scopes) > 0", name="has_scopes"),
        Index("uq_consumer_token_reference", "reference", unique=True),
    )

    id: Mapped[Key]
    reference: Mapped[UUID] = mapped_column(Uuid, server_default=text("gen_random_uuid()"))
    consumer_id: Mapped[int] = to("consumer")
    digest: Mapped[bytes] = mapped_column(unique=True)
    label: Mapped[str] = mapped_column(server_default="")
    """What its owner calls it."""
    scopes: Mapped[list[str] | None]
    """Format files, and "changes", that it opens; None for all that there are."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ConsumerApplication(Base):
    """A network's wish to pull the list, and what an administrator said to it."""

    __tablename__ = "consumer_application"
    __table_args__ = (
        CheckConstraint("outcome IN ('approved', 'declined')", name="outcome_known"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL) AND (outcome IS NULL) = (decided_by_id IS NULL)", name="decided_whole"),
        CheckConstraint("(outcome IS NOT DISTINCT FROM 'approved') = (consumer_id IS NOT NULL)", name="approved_has_its_consumer"),
        CheckConstraint("outcome IS DISTINCT FROM 'declined' OR reason <> ''", name="declined_has_its_reason"),
        CheckConstraint("decided_at >= created_at", name="times_in_order"),
        Index("ix_consumer_application_waiting", "created_at", postgresql_where=text("outcome IS NULL")),
    )

    id: Mapped[Key]
    reference: Mapped[Reference]
    organisation: Mapped[str]
    contact_name: Mapped[str]
    contact_email: Mapped[str]
    territory: Mapped[str]
    software: Mapped[str]
    formats: Mapped[list[str]]
    purpose: Mapped[str]
    created_at: Mapped[datetime]
    outcome: Mapped[str | None]
    reason: Mapped[str] = mapped_column(server_default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = to("person")
    consumer_id: Mapped[int | None] = to("consumer")


class ConsumerKey(Base):
    """What opens a consumer's own pages, as a digest: an invitation once, a key until another takes its place."""

    __tablename__ = "consumer_key"
    __table_args__ = (
        CheckConstraint("octet_length(digest) = 32", name="is_a_digest"),
        CheckConstraint(one_of("kind", tuple(KeyKind)), name="kind_known"),
        CheckConstraint("(kind = 'invitation') = (expires_at IS NOT NULL)", name="an_invitation_expires"),
        CheckConstraint("expires_at > created_at AND ended_at >= created_at", name="times_in_order"),
        Index("uq_consumer_key_living", "consumer_id", "kind", unique=True, postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[Key]
    consumer_id: Mapped[int] = to("consumer")
    digest: Mapped[bytes] = mapped_column(unique=True)
    kind: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class ConsumerSignIn(Base):
    """One signed-in browser of a consumer's engineer, kept here so that it can be ended."""

    __tablename__ = "consumer_sign_in"
    __table_args__ = (
        CheckConstraint("octet_length(token_digest) = 32", name="is_a_digest"),
        CheckConstraint("ends_at > created_at AND seen_at >= created_at", name="times_in_order"),
        Index("ix_consumer_sign_in_living", "consumer_id", postgresql_where=text("ended_at IS NULL")),
        Index("ix_consumer_sign_in_ends_at", "ends_at"),
    )

    id: Mapped[Key]
    consumer_id: Mapped[int] = to("consumer", index=False)
    token_digest: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    """Absolute limit; the idle limit counts from seen_at."""
    ended_at: Mapped[datetime | None]


class ConsumerPull(Base):
    """What one token last fetched of one file, and the serial that its software carries since. Written once a minute at most."""

    __tablename__ = "consumer_pull"
    __table_args__ = (CheckConstraint("serial > 0", name="serial_positive"),)

    token_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("consumer_token.id"), primary_key=True)
    file: Mapped[str] = mapped_column(primary_key=True)
    """A format file, "changes", or "" for the index."""
    serial: Mapped[int]
    pulled_at: Mapped[datetime]
