"""What the desk and reporters say to each other, sealed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from moderation.models.base import Base, Key, Reference, one_of, to
from moderation.vocabulary import MessageKind


class Message(Base):
    """A question, its answer, or something added to a report. Who asks is not here: a reporter hears from the desk, not from a person."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint(one_of("kind", tuple(MessageKind)), name="kind_known"),
        CheckConstraint("(kind = 'answer') = (answers_id IS NOT NULL)", name="an_answer_has_its_question"),
        CheckConstraint("(kind = 'addition') = (case_id IS NULL)", name="questions_have_a_case"),
        CheckConstraint("date_trunc('hour', at, 'UTC') = at", name="at_to_the_hour"),
        Index("ix_message_report", "report_id", "id"),
        Index("ix_message_questions", "at", postgresql_where=text("kind = 'question'")),
    )

    id: Mapped[Key]
    reference: Mapped[Reference]
    """Made from what was sent, so that a form sent twice is one message."""
    report_id: Mapped[int] = to("report", index=False)
    case_id: Mapped[int | None] = to("case")
    """The case that a question was asked in; what is added to a report is for all of its cases."""
    kind: Mapped[str]
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), unique=True)
    sealed: Mapped[bytes]
    """Ciphertext (age): a question's to the report's key and the receipt's, the others to the report's alone."""
    at: Mapped[datetime]
