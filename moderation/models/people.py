"""People who work here, and their sign-ins. Reporters are not here and nowhere."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from moderation.models.base import Base, Key, Reference, one_of, to
from moderation.vocabulary import Role


class Person(Base):
    """A moderator, senior, auditor, administrator or volunteer."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower_case"),
        CheckConstraint(one_of("role", tuple(Role)), name="role_known"),
    )

    id: Mapped[Key]
    reference: Mapped[Reference]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    organisation: Mapped[str] = mapped_column(server_default="")
    password_hash: Mapped[str]
    sealed_code_secret: Mapped[bytes]
    """The one-time-code secret, encrypted under the instance's secret key."""
    last_code_step: Mapped[int] = mapped_column(server_default="0")
    """The newest 30-second step whose code was used: a code works once."""
    failed_attempts: Mapped[int] = mapped_column(server_default="0")
    rests_until: Mapped[datetime | None]
    lanes: Mapped[list[str] | None]
    """Lanes that "next case" draws from for this person; None for all they may take."""
    shortcuts: Mapped[bool] = mapped_column(server_default="true")
    """Whether single keys do something at the desk; who dictates or uses a switch may not want them (WCAG 2.1.4)."""
    language: Mapped[str] = mapped_column(server_default="")
    """Tag of the language that the desk speaks to this person; empty for what their browser asks for."""
    is_demo: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class SignIn(Base):
    """One signed-in browser, kept here so that it can be revoked."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_living", "person_id", postgresql_where="ended_at IS NULL"),)

    id: Mapped[Key]
    person_id: Mapped[int] = to("person", index=False)
    token_digest: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    """Absolute limit; the idle limit counts from seen_at."""
    ended_at: Mapped[datetime | None]
