"""What networks ask of the desk, and how they are told what left the list."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from moderation import policy
from moderation.models.base import Base, Key, Reference, to


class FalsePositive(Base):
    """A network's word that a listing is wrong. It names no address: that stands in the listing, and goes with it."""

    __tablename__ = "false_positive"
    __table_args__ = (
        # One word about one listing: pressing again finds the first.
        UniqueConstraint("consumer_id", "listing_id"),
        CheckConstraint(f"char_length(why) <= {policy.FALSE_POSITIVE_WHY}", name="why_within_limit"),
        CheckConstraint(f"char_length(contact) <= {policy.FALSE_POSITIVE_CONTACT}", name="contact_within_limit"),
        CheckConstraint("review_due_at > asked_at", name="times_in_order"),
        Index("ix_false_positive_newest", "consumer_id", "id"),
    )

    id: Mapped[Key]
    reference: Mapped[Reference]
    consumer_id: Mapped[int] = to("consumer", index=False)
    listing_id: Mapped[int] = to("listing")
    why: Mapped[str]
    """Empty once the address of its listing's case was sealed: it might name it."""
    contact: Mapped[str] = mapped_column(server_default="")
    asked_at: Mapped[datetime]
    review_due_at: Mapped[datetime]


class Webhook(Base):
    """An address of a network's that is told what left the list. Its secret is sealed: each message is signed with it."""

    __tablename__ = "webhook"
    __table_args__ = (
        CheckConstraint(f"char_length(url) <= {policy.WEBHOOK_URL}", name="url_within_limit"),
        CheckConstraint("url ~ '^https?://[!-~]+$'", name="url_is_plain"),
        CheckConstraint("told_up_to >= 0", name="told_up_to_a_serial"),
        CheckConstraint("(disabled_at IS NULL) = (disabled_because IS NULL)", name="disabled_has_its_cause"),
        CheckConstraint("disabled_because IN ('failing', 'gone')", name="cause_known"),
        CheckConstraint("ended_at >= created_at", name="times_in_order"),
        Index("ix_webhook_living", "consumer_id", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[Key]
    reference: Mapped[Reference]
    consumer_id: Mapped[int] = to("consumer", index=False)
    url: Mapped[str]
    sealed_secret: Mapped[bytes]
    told_up_to: Mapped[int]
    """Serial up to which it was told, or has messages that wait."""
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    disabled_because: Mapped[str | None]
    ended_at: Mapped[datetime | None]


class WebhookDelivery(Base):
    """One message to a webhook: what left the list after `since` up to `serial`, or a test. It names no entry: the log of changes does."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        CheckConstraint("(since IS NULL) = (serial IS NULL)", name="range_whole"),
        CheckConstraint("since < serial AND since >= 0", name="range_in_order"),
        CheckConstraint("attempts >= 0", name="attempts_counted"),
        CheckConstraint("num_nonnulls(next_at, delivered_at, given_up_at) = 1", name="waits_or_ended"),
        CheckConstraint("status BETWEEN 100 AND 599", name="status_known"),
        CheckConstraint("status IS NULL OR fault IS NULL OR fault = 'status'", name="one_outcome"),
        Index("ix_webhook_delivery_newest", "webhook_id", "id"),
        Index("ix_webhook_delivery_waiting", "next_at", postgresql_where=text("next_at IS NOT NULL")),
    )

    id: Mapped[Key]
    reference: Mapped[Reference]
    webhook_id: Mapped[int] = to("webhook", index=False)
    since: Mapped[int | None]
    serial: Mapped[int | None]
    made_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(server_default="0")
    tried_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    status: Mapped[int | None]
    """What the other side answered last."""
    fault: Mapped[str | None]
    """Why the last attempt failed, in one word."""
