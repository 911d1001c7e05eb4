"""How far the queue is read: notes of claims for the claims that follow. No case hangs on them."""

from datetime import datetime

from sqlalchemy import Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from moderation.models.base import Base, Key


class QueueMark(Base):
    """Before this place of a lane and its points no fresh case was free. Only ever added to: the newest counts."""

    __tablename__ = "queue_mark"
    __table_args__ = (Index("ix_queue_mark_newest", "lane", "priority", text("id DESC")),)

    id: Mapped[Key]
    lane: Mapped[str]
    priority: Mapped[int] = mapped_column(SmallInteger)
    queued_at: Mapped[datetime]
    case_id: Mapped[int]
    """No foreign key: it is a place in an order, and the case may go."""
    walked_at: Mapped[datetime]
    """When these cases were last looked through from the very first."""
