"""Known hosts: what public and curated lists say of a name. Filled by COPY; a look-up is one index probe."""

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from moderation.models.base import Base


class KnownHostRow(Base):
    """One line of one list."""

    __tablename__ = "known_host"
    __table_args__ = (
        PrimaryKeyConstraint("host", "class", "source"),
        CheckConstraint("rank IS NULL OR rank > 0", name="rank_positive"),
        CheckConstraint("protected_as IS NULL OR class = 'protected'", name="protected_as_something"),
        Index("ix_known_host_below", text("reverse(host)")),
    )

    host: Mapped[str] = mapped_column(Text(collation="C"))
    """Compared octet by octet, so that `LIKE` on the reversed name can use its index."""
    host_class: Mapped[str] = mapped_column("class")
    source: Mapped[str]
    rank: Mapped[int | None]
    protected_as: Mapped[str | None]
    """Why the host is protected; text and no CHECK, so that a new kind needs no migration."""
