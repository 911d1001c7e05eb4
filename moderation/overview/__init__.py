"""What a senior needs to see of the whole desk, in figures that cost the same however long the queue is. Reads only; names no person."""

from moderation.overview.behind import Behind, decided_cases, overdue_things, refused_cases, released_changes
from moderation.overview.figures import (
    PARKED,
    Counted,
    Day,
    Misused,
    OverdueFigure,
    Refusing,
    ReleaseDay,
    Waiting,
    decided,
    misused,
    overdue,
    refusing,
    released,
    waiting,
)
from moderation.overview.selecting import Overdue, days_until, is_of_listings

__all__ = [
    "PARKED",
    "Behind",
    "Counted",
    "Day",
    "Misused",
    "Overdue",
    "OverdueFigure",
    "Refusing",
    "ReleaseDay",
    "Waiting",
    "days_until",
    "decided",
    "decided_cases",
    "is_of_listings",
    "misused",
    "overdue",
    "overdue_things",
    "refused_cases",
    "refusing",
    "released",
    "released_changes",
    "waiting",
]
