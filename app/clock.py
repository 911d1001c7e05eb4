"""The present moment. Rules get it passed in; only the outside world may ask."""

from datetime import UTC, datetime


def now() -> datetime:
    """Aware, UTC."""
    return datetime.now(UTC)


def to_the_hour(moment: datetime) -> datetime:
    """Cut to the hour: a finer time could link a report to a person."""
    return moment.replace(minute=0, second=0, microsecond=0)
