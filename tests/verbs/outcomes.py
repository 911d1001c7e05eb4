"""What one person's outcomes ask for, and what is wrong or on record after them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from moderation.errors import InvalidAnswer
from moderation.models import AuditRecord
from tests import builders
from tests.builders import NOON

DAY = timedelta(days=1)
MONITOR = {"back_at": NOON + 10 * DAY}


def acts(session, found) -> list[str]:
    return list(
        session.scalars(select(AuditRecord.action).where(AuditRecord.subject == f"case:{found.reference}").order_by(AuditRecord.id))
    )


def faults(session, found, by, outcome, **fields) -> set[str]:
    with pytest.raises(InvalidAnswer) as refused:
        builders.concluded(session, found, by, outcome, **fields)
    return set(refused.value.faults)
