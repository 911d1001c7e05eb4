"""The keys of what is sealed, wrapped to the desk's: in a schema of their own, which ordinary backups leave out."""

from datetime import datetime

from sqlalchemy import DDL, CheckConstraint, event
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from moderation.models.base import Base

KEYS_SCHEMA = "sealed_keys"
"""Apart from the tables, so that a backup of those never brings back a key that was shredded."""

event.listen(Base.metadata, "before_create", DDL(f"CREATE SCHEMA IF NOT EXISTS {KEYS_SCHEMA}"))  # type: ignore[no-untyped-call]


class Wrapped:
    """A key wrapped to the desk's, or the time when it was shredded: apart from what it opens, so that shredding it deletes that.

    None has a foreign key: the keys lie in another place than what they open.
    """

    @declared_attr.directive
    def __table_args__(cls) -> tuple[CheckConstraint, dict[str, str]]:  # noqa: N805 - SQLAlchemy gives the class
        # Made for each table: a constraint belongs to one.
        return CheckConstraint("(wrapped IS NULL) = (shredded_at IS NOT NULL)", name="shredded_or_wrapped"), {"schema": KEYS_SCHEMA}

    wrapped: Mapped[bytes | None]
    desk_key: Mapped[str | None]
    """Which of the desk's keys opens it."""
    shredded_at: Mapped[datetime | None]


class ReportKey(Wrapped, Base):
    """The report's own key."""

    __tablename__ = "report_key"

    report_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class ContactKey(Wrapped, Base):
    """The key of a reporter's contact, which is kept for another time than the text."""

    __tablename__ = "contact_key"

    report_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class AddressKey(Wrapped, Base):
    """The key of an address that is sealed for a hotline."""

    __tablename__ = "address_key"

    resource_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
