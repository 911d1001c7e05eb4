"""What was flagged and by which reports: resources, cases, reports, notices, observations."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Computed, Index, PrimaryKeyConstraint, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from moderation import states
from moderation.models.base import Base, Key, Reference, one_of, to
from moderation.states import State
from moderation.vocabulary import Category, ComesBack, Lane

OPEN = one_of("state", tuple(sorted(states.OPEN)))
REVIEWABLE = one_of("state", tuple(sorted(states.REVIEWABLE)))
FREE = "holder_id IS NULL AND closed_at IS NULL AND parked_until IS NULL"
DESK_LANE = (
    "CASE WHEN state = 'waiting' THEN CASE WHEN danger_now THEN 'danger' WHEN category = 'child' THEN 'minors' ELSE lane END"
    " WHEN state = 'proposed' THEN 'second' WHEN state = 'awaiting_third' THEN 'third' ELSE state END"
)
"""The lane of the desk that a case stands in; a state in which it waits for nobody stands for itself."""

PLACE = ("desk_lane", text("priority DESC"), "queued_at", "id")
"""The order in which a lane's cases are taken."""
PARKED = one_of("state", tuple(sorted(states.PARKED)))
NO_ADDRESS = (
    "sealed_at IS NULL AND erased_at IS NULL"
    " OR host IS NULL AND domain IS NULL AND canonical ~ '^(sealed|erased):[0-9a-f]{8}-[0-9a-f-]{27}$'"
)
"""What is sealed or erased names a case of it, and nothing else."""


class ResourceRow(Base):
    """A resource in canonical form. The rest (ladder, display) is computed from these columns by its kind."""

    __tablename__ = "resource"
    __table_args__ = (UniqueConstraint("kind", "canonical"), CheckConstraint(NO_ADDRESS, name="no_address_is_left"))

    id: Mapped[Key]
    kind: Mapped[str]
    canonical: Mapped[str]
    host: Mapped[str | None] = mapped_column(index=True)
    domain: Mapped[str | None] = mapped_column(index=True)
    first_reported_at: Mapped[datetime]
    """Kept to the hour."""
    erased_at: Mapped[datetime | None]
    """When the address was erased, by retention or once a hotline had it; what is left names nothing."""
    sealed_at: Mapped[datetime | None]
    """When the address was sealed for a hotline; what is left here names nothing."""


class Case(Base):
    """One resource under review. Only `cases.advance` writes its state."""

    __tablename__ = "case"
    __table_args__ = (
        CheckConstraint(one_of("state", tuple(State)), name="state_known"),
        CheckConstraint(one_of("lane", tuple(Lane)), name="lane_known"),
        CheckConstraint(f"({OPEN}) = (closed_at IS NULL)", name="closed_has_its_time"),
        CheckConstraint("(holder_id IS NULL) = (lease_until IS NULL)", name="a_holder_has_a_lease"),
        CheckConstraint("holder_id IS NULL OR held_since IS NOT NULL", name="a_holder_has_a_beginning"),
        CheckConstraint(f"holder_id IS NULL OR {REVIEWABLE}", name="only_reviewable_is_held"),
        CheckConstraint("(due_at IS NULL) = (due_for IS NULL)", name="a_date_has_its_reason"),
        CheckConstraint(f"due_for IS NULL OR {one_of('due_for', tuple(ComesBack))}", name="due_for_known"),
        CheckConstraint(f"NOT ({PARKED}) OR due_at IS NOT NULL", name="parked_has_its_date"),
        CheckConstraint("(state = 'duplicate') = (duplicate_of_id IS NOT NULL)", name="a_duplicate_names_its_case"),
        CheckConstraint("duplicate_of_id <> id", name="a_duplicate_is_of_another"),
        Index("uq_case_open_resource", "resource_id", unique=True, postgresql_where=text("closed_at IS NULL")),
        Index("ix_case_resource_id", "resource_id"),
        CheckConstraint("(parked_until IS NULL) = (parked_because IS NULL)", name="parked_has_its_reason"),
        CheckConstraint("parked_until IS NULL OR (state = 'waiting' AND holder_id IS NULL)", name="parked_waits_and_is_free"),
        Index("ix_case_fresh", *PLACE, postgresql_where=text(f"{FREE} AND NOT was_held")),
        Index("ix_case_returned", *PLACE, postgresql_where=text(f"{FREE} AND was_held")),
        Index("ix_case_draw", "desk_lane", "reference", postgresql_where=text(FREE)),
        Index("ix_case_parked", "parked_until", postgresql_where=text("parked_until IS NOT NULL")),
        Index("ix_case_leases", "lease_until", postgresql_where=text("holder_id IS NOT NULL")),
        Index("ix_case_holder", "holder_id", postgresql_where=text("holder_id IS NOT NULL")),
        Index("ix_case_state_opened", "state", text("opened_at DESC")),
        # For the overview: the oldest of each lane. Its fair sample comes from `ix_case_draw`, since references are random.
        Index("ix_case_oldest", "desk_lane", "opened_at", postgresql_where=text("closed_at IS NULL AND parked_until IS NULL")),
        Index("ix_case_unread", "opened_at", postgresql_where=text("unread AND closed_at IS NULL")),
        Index("ix_case_due", "due_at", postgresql_where=text("due_at IS NOT NULL AND closed_at IS NULL")),
        # For retention: what was erased is never looked at again.
        Index("ix_case_to_erase", "closed_at", postgresql_where=text("closed_at IS NOT NULL AND NOT is_erased")),
        Index("ix_case_duplicate_of", "duplicate_of_id", postgresql_where=text("duplicate_of_id IS NOT NULL")),
    )

    id: Mapped[Key]
    reference: Mapped[Reference]
    resource_id: Mapped[int] = to("resource", index=False)
    state: Mapped[str]
    lane: Mapped[str]
    category: Mapped[str]
    """The most urgent category that its reports named."""
    danger_now: Mapped[bool] = mapped_column(server_default="false")
    from_partner: Mapped[bool] = mapped_column(server_default="false")
    """Whether an accredited partner sent one of its reports."""
    child_material_told: Mapped[bool] = mapped_column(server_default="false")
    """Whether the last answer of anybody at the desk is that sexual images of a child are suspected: `suspicion` says who."""
    priority: Mapped[int] = mapped_column(SmallInteger)
    """The sum of its points; each has its reason."""
    channels: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    """Which independent channels its reports came through, one bit each; not how many reports, nor which."""
    stage_points: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    """How far the most urgent stage is that its reports named; the stage itself is sealed with the text."""
    age_points: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    desk_lane: Mapped[str] = mapped_column(Computed(DESK_LANE, persisted=True))
    queued_at: Mapped[datetime]
    """When it came to its points and lane: of equals, who came first is next. To the hour while a report alone has set it."""
    was_held: Mapped[bool] = mapped_column(server_default="false")
    """Somebody held it before; what comes back is found apart from what is fresh."""
    parked_until: Mapped[datetime | None]
    parked_because: Mapped[str | None]
    opened_at: Mapped[datetime]
    """Kept to the hour: it is the time of the first report."""
    closed_at: Mapped[datetime | None]
    is_erased: Mapped[bool] = mapped_column(server_default="false")
    """Whether the address of its resource was erased."""
    holder_id: Mapped[int | None] = to("person", index=False)
    lease_until: Mapped[datetime | None]
    held_since: Mapped[datetime | None]
    """When its holder took it; of a case that nobody holds, when the last one did."""
    version: Mapped[int] = mapped_column(server_default="1")
    unread: Mapped[bool] = mapped_column(server_default="false")
    """A reporter wrote something since the case was last read."""
    read_up_to: Mapped[int | None]
    """Key of the newest message that was read here."""
    due_at: Mapped[datetime | None]
    """When a parked case comes back to the queue; of one in the queue, the date for which it came, or by which it must be looked at."""
    due_for: Mapped[str | None]
    """Why: a `ComesBack`. Stays after a case has come back, until somebody decides."""
    newest_report_then: Mapped[int | None]
    """Key of its newest report when it was put aside: a newer one brings it back."""
    duplicate_of_id: Mapped[int | None] = to("case", index=False)

    resource: Mapped[ResourceRow] = relationship(lazy="raise_on_sql")


class Report(Base):
    """What one reporter sent, sealed. Holds nothing that says who: no address, no agent, times to the hour."""

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint(one_of("category", tuple(Category)), name="category_known"),
        CheckConstraint(one_of("lane", tuple(Lane)), name="lane_known"),
        CheckConstraint("date_trunc('hour', received_at, 'UTC') = received_at", name="received_to_the_hour"),
        CheckConstraint("octet_length(receipt_digest) = 32", name="receipt_is_a_digest"),
        Index("ix_report_partner_id", "partner_id", postgresql_where=text("partner_id IS NOT NULL")),
        CheckConstraint("(recipient IS NULL) = (receipt_recipient IS NULL)", name="both_recipients_or_none"),
        CheckConstraint("withdrawn_at IS NULL OR (sealed IS NULL AND contact IS NULL AND recipient IS NULL)", name="withdrawn_is_empty"),
        CheckConstraint("date_trunc('hour', withdrawn_at, 'UTC') = withdrawn_at", name="withdrawn_to_the_hour"),
        Index("ix_report_unshredded", "received_at", postgresql_where=text("sealed IS NOT NULL")),
        Index("ix_report_contact", "id", postgresql_where=text("contact IS NOT NULL")),
    )

    id: Mapped[Key]
    reference: Mapped[Reference]
    received_at: Mapped[datetime]
    category: Mapped[str]
    danger_now: Mapped[bool]
    language: Mapped[str]
    lane: Mapped[str]
    sealed: Mapped[bytes | None]
    """Ciphertext (age) of everything typed, to the report's own key; empty once retention has shredded it."""
    contact: Mapped[bytes | None]
    """Ciphertext of a way to reach the reporter, under a key of its own; kept for another time than the text."""
    recipient: Mapped[str | None]
    """The report's public key: what its reporter writes later is sealed to it. Empty with the text."""
    receipt_recipient: Mapped[str | None]
    """The public key whose secret follows from the receipt: questions are sealed to it too. Empty with the text."""
    withdrawn_at: Mapped[datetime | None]
    """When its reporter took it back; to the hour."""
    receipt_digest: Mapped[bytes] = mapped_column(unique=True)
    text_signature: Mapped[bytes | None]
    """MinHash of the text, keyed; gone with the text."""
    sender_id: Mapped[int | None] = to("person")
    """Set only where the report was sent from an account; that person can take no seat."""
    partner_id: Mapped[int | None] = to("partner", index=False)
    """Set only where an accredited partner sent the report."""


class ReportMark(Base):
    """That a report's text names something, or reads in part like another: a keyed digest, gone with the text."""

    __tablename__ = "report_mark"
    __table_args__ = (PrimaryKeyConstraint("mark", "report_id"), Index("ix_report_mark_report_id", "report_id"))

    mark: Mapped[bytes]
    report_id: Mapped[int]
    """No foreign key: no report is ever removed, and checking each mark would cost a report more than storing it."""


class CaseReport(Base):
    """Which reports name the resource of which case: many to many."""

    __tablename__ = "case_report"
    __table_args__ = (PrimaryKeyConstraint("case_id", "report_id"),)

    case_id: Mapped[int] = to("case", index=False)
    report_id: Mapped[int] = to("report")
    merged: Mapped[bool] = mapped_column(server_default="false")
    """The report named another resource, whose case turned out to be about the same: its reporter is not told of this one."""


class NoticeRow(Base):
    """A message to host, registrar or owner. It keeps both times: when it was sent, and when it was written down."""

    __tablename__ = "notice"
    __table_args__ = (CheckConstraint("sent_at <= recorded_at", name="sent_before_recorded"),)

    id: Mapped[Key]
    case_id: Mapped[int] = to("case")
    recipient: Mapped[str]
    proof: Mapped[str]
    sent_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int] = to("person")


class Observation(Base):
    """Something seen of a resource at a time (liveness, redirect, hosting): facts are read from here, nobody outside is asked."""

    __tablename__ = "observation"
    __table_args__ = (
        Index("ix_observation_newest", "resource_id", "kind", text("observed_at DESC")),
        Index("ix_observation_leads", text("(value ->> 'to')"), postgresql_where=text("value ->> 'to' <> ''")),
    )

    id: Mapped[Key]
    resource_id: Mapped[int] = to("resource", index=False)
    kind: Mapped[str]
    value: Mapped[dict[str, Any]]
    observed_at: Mapped[datetime]
    seen_by: Mapped[int | None] = to("person", index=False)
    """Who looked; nobody where a machine did."""
