"""What networks ask of the desk, and how they are told what left the list."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
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
