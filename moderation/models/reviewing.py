"""Rounds, the seats taken in them, what safeguards refused, and decisions. Assessments and decisions never change."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from moderation.models.base import Base, Key, Reference, one_of, to
from moderation.vocabulary import LISTS, REFERRALS, REJECTIONS, ChildMaterial, Outcome, Scope

WIDE = one_of("scope", tuple(scope for scope in Scope if scope.is_wide))
LISTS_IT = one_of("outcome", LISTS)
NAMES_A_TARGET = one_of("outcome", (*LISTS, Outcome.NARROW))
LATER_SEATS = (*LISTS, *REJECTIONS, Outcome.REFER_HOTLINE)
SUSPECTED = f"answers ->> 'child_material' = '{ChildMaterial.SUSPECTED}'"
SCOPE_KNOWN = f"scope IS NULL OR {one_of('scope', tuple(Scope))}"


class Round(Base):
    """One attempt to decide a case."""

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed_has_its_outcome"),
        CheckConstraint(f"outcome IS NULL OR {one_of('outcome', tuple(Outcome))}", name="outcome_known"),
        Index("uq_round_open", "case_id", unique=True, postgresql_where=text("closed_at IS NULL")),
        Index("ix_round_ended", "closed_at", "outcome", postgresql_where=text("closed_at IS NOT NULL")),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = to("case", index=False)
    number: Mapped[int] = mapped_column(SmallInteger)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]


class Assessment(Base):
    """What one moderator concluded in one seat, with the findings of that moment. Written once."""

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("round_id", "seat"),
        UniqueConstraint("round_id", "moderator_id"),
        CheckConstraint("seat BETWEEN 1 AND 3", name="seat_known"),
        CheckConstraint("seat < 3 OR role = 'senior'", name="third_seat_is_senior"),
        CheckConstraint("role IN ('moderator', 'senior')", name="role_reviews"),
        CheckConstraint(one_of("outcome", tuple(Outcome)), name="outcome_known"),
        CheckConstraint(SCOPE_KNOWN, name="scope_known"),
        CheckConstraint(f"({NAMES_A_TARGET}) = (scope IS NOT NULL)", name="listing_has_a_scope"),
        CheckConstraint("outcome <> 'list_temporary' OR scope = 'page'", name="temporary_is_a_page"),
        CheckConstraint("(scope IS NULL) = (target IS NULL)", name="scope_has_a_target"),
        CheckConstraint("outcome IN ('delist', 'narrow') OR sent_none_of_the_reports", name="declares_independence"),
        CheckConstraint(f"seat = 1 OR {one_of('outcome', LATER_SEATS)}", name="later_seats_judge_a_proposal"),
        CheckConstraint(
            f"seat = 1 OR outcome <> '{Outcome.REFER_HOTLINE}' OR COALESCE({SUSPECTED}, false)", name="later_seats_refer_what_they_suspect"
        ),
        CheckConstraint(f"NOT COALESCE({SUSPECTED}, false) OR {one_of('outcome', REFERRALS)}", name="what_is_suspected_is_referred"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = to("round", index=False)
    seat: Mapped[int] = mapped_column(SmallInteger)
    moderator_id: Mapped[int] = to("person")
    role: Mapped[str]
    outcome: Mapped[str]
    scope: Mapped[str | None]
    target: Mapped[str | None]
    answers: Mapped[dict[str, Any]]
    findings: Mapped[list[Any]]
    sent_none_of_the_reports: Mapped[bool]
    made_at: Mapped[datetime]


class RefusedAssessment(Base):
    """An assessment that a safeguard refused, with all that was written, so that nothing is lost and the refusal can be counted."""

    __tablename__ = "refused_assessment"
    __table_args__ = (
        Index("ix_refused_assessment_newest", "case_id", "moderator_id", text("made_at DESC")),
        Index("ix_refused_assessment_time", "made_at"),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = to("case", index=False)
    seat: Mapped[int] = mapped_column(SmallInteger)
    moderator_id: Mapped[int] = to("person")
    answers: Mapped[dict[str, Any]]
    findings: Mapped[list[Any]]
    made_at: Mapped[datetime]


class Decision(Base):
    """A closed round: its outcome, its reasons, and the people who made it, all different."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint(one_of("outcome", tuple(Outcome)), name="outcome_known"),
        CheckConstraint(SCOPE_KNOWN, name="scope_known"),
        CheckConstraint(f"({NAMES_A_TARGET}) = (scope IS NOT NULL)", name="listing_has_a_scope"),
        CheckConstraint("outcome <> 'list_temporary' OR scope = 'page'", name="temporary_is_a_page"),
        CheckConstraint(f"NOT ({LISTS_IT}) OR second_id IS NOT NULL", name="listing_has_two_people"),
        CheckConstraint(f"outcome <> 'list' OR NOT ({WIDE}) OR third_id IS NOT NULL", name="wide_listing_has_three_people"),
        CheckConstraint("first_id <> second_id AND first_id <> third_id AND second_id <> third_id", name="people_are_different"),
        Index("ix_decision_time", "decided_at", "outcome"),
    )

    id: Mapped[Key]
    reference: Mapped[Reference]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), unique=True)
    case_id: Mapped[int] = to("case")
    outcome: Mapped[str]
    scope: Mapped[str | None]
    target: Mapped[str | None]
    provision: Mapped[str] = mapped_column(server_default="")
    territories: Mapped[list[str]]
    statement: Mapped[dict[str, Any]]
    """Statement of reasons: facts, legal_ground, explanation."""
    detail: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    """The few fields of an outcome that lists nothing: who is asked, what is missing, when to look again."""
    first_id: Mapped[int] = to("person")
    second_id: Mapped[int | None] = to("person")
    third_id: Mapped[int | None] = to("person")
    decided_at: Mapped[datetime]
