"""What follows a decision: referrals to police, hotline or support, and the second look at an emergency delisting."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from moderation.models.base import Base, Key, Reference, one_of, to
from moderation.vocabulary import ChildMaterial, EmergencyReason, ReferralKind


class ReferralRow(Base):
    """That a case was passed to somebody who can act. It keeps both times: when it went, and when it was written down."""

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint(one_of("kind", tuple(ReferralKind)), name="kind_known"),
        CheckConstraint("referred_at <= recorded_at", name="referred_before_recorded"),
        CheckConstraint("hold_until IS NULL OR kind = 'police'", name="only_police_hold"),
        CheckConstraint("hold_until > recorded_at", name="a_hold_has_an_end"),
        CheckConstraint("(hold_lifted_at IS NULL) = (hold_lifted_by IS NULL)", name="lifted_by_somebody"),
        CheckConstraint("hold_lifted_at IS NULL OR hold_until IS NOT NULL", name="only_a_hold_is_lifted"),
        CheckConstraint("receipt_at IS NULL OR kind = 'hotline'", name="only_hotlines_give_receipts"),
        CheckConstraint(
            "(receipt_at IS NULL) = (receipt_recorded_at IS NULL) AND (receipt_at IS NULL) = (receipt_recorded_by IS NULL)",
            name="receipt_whole",
        ),
        CheckConstraint("receipt_at >= referred_at", name="receipt_after_referral"),
        CheckConstraint("receipt_at <= receipt_recorded_at", name="receipt_before_recorded"),
        CheckConstraint(f"child_material IS NULL OR {one_of('child_material', tuple(ChildMaterial))}", name="child_material_known"),
        Index("ix_referral_no_receipt", "referred_at", postgresql_where=text("kind = 'hotline' AND receipt_at IS NULL")),
        Index("ix_referral_hold", "hold_until", postgresql_where=text("hold_until IS NOT NULL AND hold_lifted_at IS NULL")),
    )

    id: Mapped[Key]
    reference: Mapped[Reference]
    case_id: Mapped[int] = to("case")
    kind: Mapped[str]
    recipient: Mapped[str]
    country: Mapped[str]
    """Two letters; empty where the recipient works across countries."""
    their_reference: Mapped[str] = mapped_column(server_default="")
    passed_on: Mapped[str]
    referred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int] = to("person")
    child_material: Mapped[str | None]
    """Whether who wrote it down suspects sexual images of a child; None where they did not say."""
    hold_until: Mapped[datetime | None]
    """Until then nothing of the case's resource is listed, unless the hold is lifted."""
    hold_lifted_at: Mapped[datetime | None]
    hold_lifted_by: Mapped[int | None] = to("person", index=False)
    receipt_at: Mapped[datetime | None]
    """When a hotline said that it has it."""
    receipt_recorded_at: Mapped[datetime | None]
    receipt_recorded_by: Mapped[int | None] = to("person", index=False)


class SealedAddress(Base):
    """What a hotline was told of a resource whose address is nowhere else any more: gone with the hotline's receipt."""

    __tablename__ = "sealed_address"

    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"), primary_key=True, autoincrement=False)
    referral_id: Mapped[int] = to("referral")
    """Whose receipt is waited for."""
    sealed: Mapped[bytes]
    """Ciphertext (age) of the address and what was passed on with it, to a key of its own."""


class EmergencyDelisting(Base):
    """An emergency delisting, which somebody else looks at again."""

    __tablename__ = "emergency_delisting"
    __table_args__ = (
        CheckConstraint(one_of("reason", tuple(EmergencyReason)), name="reason_known"),
        CheckConstraint("review_due_at > delisted_at", name="reviewed_after"),
        CheckConstraint("reviewed_by <> delisted_by", name="reviewed_by_another"),
        CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by IS NULL) AND (reviewed_at IS NULL) = (was_right IS NULL)", name="reviewed_whole"
        ),
        Index("ix_emergency_delisting_to_review", "review_due_at", postgresql_where=text("reviewed_at IS NULL")),
    )

    id: Mapped[Key]
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), unique=True)
    reason: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="")
    delisted_by: Mapped[int] = to("person")
    delisted_at: Mapped[datetime]
    review_due_at: Mapped[datetime]
    reviewed_by: Mapped[int | None] = to("person", index=False)
    reviewed_at: Mapped[datetime | None]
    was_right: Mapped[bool | None]
    review_note: Mapped[str] = mapped_column(server_default="")
