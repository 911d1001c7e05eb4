"""How far the queue is read: notes of claims for the claims that follow. No case hangs on them."""

from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, DateTime, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from moderation.models.base import Base, Key


class QueueMark(Base):
    """Where the first fresh case of each sum of points was in a lane. Only ever added to: the newest of a lane counts."""

    __tablename__ = "queue_mark"
    __table_args__ = (Index("ix_queue_mark_newest", "lane", text("id DESC")),)

    id: Mapped[Key]
    lane: Mapped[str]
    priority: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    """The sums of points; the two lists below have a place for each."""
    queued_at: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))
    case_id: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    """No foreign key: it is a place in an order, and the case may go."""
    walked_at: Mapped[datetime]
    """When these cases were last looked through from the very first."""
