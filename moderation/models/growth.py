"""Permissions for more growth of the list than a day may bring: two keys, a delay, and an end."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped

from moderation import policy
from moderation.models.base import Base, Key, Reference, to
from moderation.models.publishing import hours


class GrowthPermission(Base):
    """More listings in a day than the bound, for a time. Asked by one, agreed by another; whoever holds a key can take it back."""

    __tablename__ = "growth_permission"
    __table_args__ = (
        CheckConstraint("second_id <> first_id", name="two_people"),
        CheckConstraint(
            "(second_id IS NULL) = (agreed_at IS NULL) AND (second_id IS NULL) = (starts_at IS NULL)"
            " AND (second_id IS NULL) = (ends_at IS NULL)",
            name="second_key_is_whole",
        ),
        CheckConstraint("agreed_at >= asked_at", name="keys_in_order"),
        CheckConstraint(f"starts_at >= agreed_at + {hours(policy.BULK_DELAY)}", name="delay_is_kept"),
        CheckConstraint(f"ends_at > starts_at AND ends_at <= starts_at + {hours(policy.BULK_ALLOWED_FOR)}", name="ends_by_itself"),
        CheckConstraint(f"entries > 0 AND entries <= {policy.BULK_ENTRIES_MOST}", name="entries_within_policy"),
        CheckConstraint("(taken_back_at IS NULL) = (taken_back_by IS NULL)", name="taken_back_by_somebody"),
        Index("ix_growth_permission_standing", "asked_at", postgresql_where=text("taken_back_at IS NULL")),
    )

    id: Mapped[Key]
    reference: Mapped[Reference]
    reason: Mapped[str]
    entries: Mapped[int]
    """Listings that may begin within a day while it holds."""
    first_id: Mapped[int] = to("person")
    asked_at: Mapped[datetime]
    second_id: Mapped[int | None] = to("person")
    agreed_at: Mapped[datetime | None]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[int | None] = to("person")
