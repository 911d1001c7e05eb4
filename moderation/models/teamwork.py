"""What colleagues tell each other about a case, and who steps back from it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from moderation import policy
from moderation.models.base import Base, Key, to


class CaseNote(Base):
    """A note between moderators. Never shown to a reporter, an owner or the public."""

    __tablename__ = "case_note"
    __table_args__ = (
        CheckConstraint(f"char_length(text) BETWEEN 1 AND {policy.CASE_NOTE_LIMIT}", name="text_within_limit"),
        Index("ix_case_note_case_id", "case_id", "id"),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = to("case", index=False)
    author_id: Mapped[int] = to("person")
    text: Mapped[str]
    at: Mapped[datetime]


class StoodAside(Base):
    """Somebody declared an interest in a case: they can take no seat in it any more."""

    __tablename__ = "stood_aside"
    __table_args__ = (PrimaryKeyConstraint("case_id", "person_id"),)

    case_id: Mapped[int] = to("case", index=False)
    person_id: Mapped[int] = to("person")
    because: Mapped[str] = mapped_column(server_default="")
    at: Mapped[datetime]
