"""What colleagues tell each other about a case, who steps back from it, and who took it from whom."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from moderation import policy
from moderation.models.base import Base, Key, one_of, to
from moderation.vocabulary import ChildMaterial, TakeoverReason


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


class ChildMaterialSaid(Base):
    """Somebody said, apart from any decision, whether sexual images of a child are suspected. It holds no words."""

    __tablename__ = "child_material_said"
    __table_args__ = (CheckConstraint(one_of("answer", tuple(ChildMaterial)), name="answer_known"),)

    id: Mapped[Key]
    case_id: Mapped[int] = to("case")
    person_id: Mapped[int] = to("person")
    answer: Mapped[str]
    at: Mapped[datetime]


class Takeover(Base):
    """A senior took a case from who held it."""

    __tablename__ = "takeover"
    __table_args__ = (
        CheckConstraint(one_of("because", tuple(sorted(TakeoverReason))), name="reason_known"),
        CheckConstraint("from_id <> by_id", name="two_people"),
        Index("ix_takeover_told", "from_id", "at"),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = to("case")
    from_id: Mapped[int] = to("person", index=False)
    by_id: Mapped[int] = to("person")
    because: Mapped[str]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    """When the one it was taken from closed the note that tells of it."""
