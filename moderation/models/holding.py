"""Entries that a release held back: why, since when, and by whose two keys they went."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from moderation.models.base import Base, Key, one_of, to
from moderation.vocabulary import HeldBecause

WAITING = "let_go_at IS NULL AND fit_at IS NULL"


class HeldEntry(Base):
    """A listing that no release carries until two people let it go; one that may never go out waits until it is delisted."""

    __tablename__ = "held_entry"
    __table_args__ = (
        CheckConstraint(one_of("because", tuple(HeldBecause)), name="because_known"),
        CheckConstraint("(first_id IS NULL) = (first_at IS NULL) AND (first_id IS NULL) = (why = '')", name="first_key_is_whole"),
        CheckConstraint("(second_id IS NULL) = (let_go_at IS NULL)", name="second_key_is_whole"),
        CheckConstraint("second_id IS NULL OR (first_id IS NOT NULL AND second_id <> first_id)", name="two_people"),
        CheckConstraint("let_go_at >= first_at", name="keys_in_order"),
        CheckConstraint("because = 'growth' OR first_id IS NULL", name="only_growth_is_let_go"),
        CheckConstraint("fit_at IS NULL OR because = 'unfit'", name="only_unfit_becomes_fit"),
        Index("uq_held_entry_listing_id", "listing_id", unique=True, postgresql_where=text("fit_at IS NULL")),
        Index("ix_held_entry_waiting", "listing_id", postgresql_where=text(WAITING)),
    )

    id: Mapped[Key]
    listing_id: Mapped[int] = to("listing", index=False)
    because: Mapped[str]
    reason: Mapped[str]
    """A marked sentence, with the places that `numbers` fills."""
    numbers: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    held_at: Mapped[datetime]
    first_id: Mapped[int | None] = to("person")
    first_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(server_default="")
    second_id: Mapped[int | None] = to("person")
    let_go_at: Mapped[datetime | None]
    fit_at: Mapped[datetime | None]
    """Since when the rules allow what they barred before: it is looked at as if for the first time."""

    @classmethod
    def waits(cls) -> ColumnElement[bool]:
        """SQL: nobody let it go, and no rule allows it by now. Its listing may have ended meanwhile."""
        return cls.let_go_at.is_(None) & cls.fit_at.is_(None)
