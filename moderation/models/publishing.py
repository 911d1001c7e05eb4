"""Listings, releases with their changes, and the consumers that pull them."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from moderation import policy
from moderation.models.base import Base, Key, Reference, one_of, to
from moderation.models.reviewing import WIDE
from moderation.vocabulary import Scope

LIVING = "ended_at IS NULL"


def hours(duration: timedelta) -> str:
    # Hours, not days: a day has no fixed length in a session's time zone.
    return f"interval '{duration // timedelta(hours=1)} hours'"


VALID = hours(policy.RELEASE_VALID)
IN_FORCE = "released_in IS NOT NULL AND withdrawn_in IS NULL"

LISTING_IN_ORDER = (
    "translate(reverse(host), '.'::text, chr(1)) COLLATE \"C\"",
    "(NOT (scope = ANY (ARRAY['host'::text, 'domain'::text])))",
    'target COLLATE "C"',
    'scope COLLATE "C"',
)
"""The order of a release, in SQL (moderation/publishing/order.py)."""


class Listing(Base):
    """What a decision put on the list. Its target never changes; it only ends."""

    __tablename__ = "listing"
    __table_args__ = (
        CheckConstraint(one_of("scope", tuple(Scope)), name="scope_known"),
        CheckConstraint("cardinality(territories) > 0", name="has_territories"),
        CheckConstraint("second_id <> first_id AND third_id <> first_id AND third_id <> second_id", name="people_are_different"),
        CheckConstraint(f"NOT ({WIDE}) OR third_id IS NOT NULL", name="wide_needs_a_third"),
        CheckConstraint("scope <> 'domain' OR (domain IS NOT NULL AND target = domain)", name="domain_is_registrable"),
        CheckConstraint("scope <> 'host' OR target IS DISTINCT FROM domain", name="registrable_host_is_a_domain"),
        CheckConstraint(f"NOT ({WIDE}) OR target ~ '^[a-z0-9_-]+(\\.[a-z0-9_-]+)+$'", name="wide_target_is_a_name"),
        # What ends in a number is an IPv4 address, in whatever spelling (URL standard, "ends in a number checker").
        CheckConstraint(f"NOT ({WIDE}) OR target !~ '(^|\\.)([0-9]+|0x[0-9a-f]*)$'", name="no_bare_address"),
        CheckConstraint("target !~ '^https?://([0-9.]+|\\[[0-9a-f:.]+\\])(:[0-9]+)?/([?].*)?$'", name="no_root_of_an_address"),
        CheckConstraint("scope <> 'path' OR target LIKE 'http%://%/'", name="path_ends_in_a_slash"),
        CheckConstraint("scope <> 'path' OR target !~ '^https?://[^/]*/$'", name="path_is_no_root"),
        CheckConstraint("expires_at > starts_at AND review_at > starts_at AND review_at <= expires_at", name="times_in_order"),
        CheckConstraint(
            f"expires_at <= starts_at + CASE WHEN {WIDE} THEN {hours(policy.LISTING_LIFETIME[Scope.HOST])}"
            f" ELSE {hours(policy.LISTING_LIFETIME[Scope.PAGE])} END",
            name="expiry_within_policy",
        ),
        CheckConstraint(
            "NOT temporary OR (scope = 'page'"
            f" AND review_at <= starts_at + {hours(policy.TEMPORARY_REVIEW)}"
            f" AND expires_at <= starts_at + {hours(policy.TEMPORARY_LIFETIME)})",
            name="temporary_is_short",
        ),
        CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name="ended_has_its_cause"),
        CheckConstraint("withdrawn_in IS NULL OR (released_in IS NOT NULL AND ended_at IS NOT NULL)", name="withdrawn_after_release"),
        Index("uq_listing_living_target", "scope", "target", unique=True, postgresql_where=text(LIVING)),
        Index("uq_listing_temporary_once", "scope", "target", unique=True, postgresql_where=text("temporary")),
        Index("ix_listing_to_add", "id", postgresql_where=text("released_in IS NULL AND ended_at IS NULL")),
        Index("ix_listing_to_remove", "id", postgresql_where=text(f"{IN_FORCE} AND ended_at IS NOT NULL")),
        Index("ix_listing_expiry", "expires_at", postgresql_where=text(LIVING)),
        Index("ix_listing_review", "review_at", postgresql_where=text(LIVING)),
        Index("ix_listing_living", text("starts_at DESC"), postgresql_where=text(LIVING)),
        Index("ix_listing_in_order", *(text(part) for part in LISTING_IN_ORDER), postgresql_where=text(IN_FORCE)),
    )

    id: Mapped[Key]
    reference: Mapped[Reference]
    decision_id: Mapped[int] = to("decision")
    case_id: Mapped[int] = to("case")
    kind: Mapped[str]
    scope: Mapped[str]
    target: Mapped[str] = mapped_column(index=True)
    host: Mapped[str] = mapped_column(index=True)
    domain: Mapped[str | None] = mapped_column(index=True)
    """Registrable domain of the host, where it has one."""
    category: Mapped[str]
    territories: Mapped[list[str]]
    temporary: Mapped[bool] = mapped_column(server_default="false")
    starts_at: Mapped[datetime]
    review_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None]
    first_id: Mapped[int] = to("person")
    second_id: Mapped[int] = to("person")
    third_id: Mapped[int | None] = to("person")
    released_in: Mapped[int | None]
    withdrawn_in: Mapped[int | None]


class Release(Base):
    """A numbered state of the list. Only `written_at` may change, once."""

    __tablename__ = "release"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint(f"valid_until > published_at AND valid_until <= published_at + {VALID}", name="valid_a_day_at_most"),
        Index("ix_release_unwritten", "number", postgresql_where=text("written_at IS NULL")),
        Index("ix_release_time", "published_at"),
    )

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    published_at: Mapped[datetime]
    valid_until: Mapped[datetime]
    entries: Mapped[int]
    added: Mapped[int]
    removed: Mapped[int]
    grown: Mapped[int] = mapped_column(server_default="0")
    """Additions by which the list grew: neither in the place of another entry, nor let go by two people."""
    seal_digest: Mapped[bytes | None]
    """Digest of the newest audit seal when the release was made."""
    written_at: Mapped[datetime | None]


class ChangeLog(Base):
    """One addition to, or removal from, the list, copied whole: no foreign key to anything that retention deletes."""

    __tablename__ = "change_log"
    __table_args__ = (
        CheckConstraint("action IN ('add', 'remove')", name="action_known"),
        Index("ix_change_log_release", "release_number", "id"),
    )

    id: Mapped[Key]
    release_number: Mapped[int]
    action: Mapped[str]
    listing_reference: Mapped[str]
    kind: Mapped[str]
    scope: Mapped[str]
    target: Mapped[str]
    host: Mapped[str]
    category: Mapped[str]
    territories: Mapped[list[str]]
    listed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    because: Mapped[str] = mapped_column(server_default="")
    replaces: Mapped[str | None]
    """Of an addition: reference of the same case's listing that leaves in the same release, narrowed or renewed."""
