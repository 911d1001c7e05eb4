"""How many cases one person holds, and for how long: room for one more, the lease, and its end. Decides nothing about a case.

Whoever gives somebody a case or a seat holds that person's own row first, and cases after it: so an account that is being closed at the
same moment gets nothing more, and no two who do this wait for each other in a circle.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from moderation import policy
from moderation.errors import HoldsTooMany, NotAllowed
from moderation.models import Case, Person
from moderation.vocabulary import N_


def lock_person(session: Session, person_id: int | None) -> None:
    """Hold a person's row until the transaction ends.

    Raises:
        NotAllowed: their account was closed.
    """
    row = session.execute(select(Person.disabled_at).where(Person.id == person_id).with_for_update(key_share=True)).one_or_none()
    if row is None or row.disabled_at is not None:
        raise NotAllowed(N_("This account is closed, so it takes no case and no seat."))


def require_room(session: Session, person_id: int | None, *, most: int = policy.HELD_AT_ONCE) -> None:
    """Refuse one more case to whoever holds `most`. The caller has locked the person, so two claims are counted in turn.

    Raises:
        HoldsTooMany
    """
    held = session.scalar(select(func.count()).select_from(Case).where(Case.holder_id == person_id)) or 0
    if held >= most:
        raise HoldsTooMany(
            N_("You hold %(held)s cases already, and more would keep them from colleagues. Decide one, or hand one back (“My cases”)."),
            held=held,
        )


def hold(session: Session, case: Case, person_id: int | None, *, at: datetime) -> None:
    """Give the case to this person, from now. The caller holds its row."""
    case.holder_id = person_id
    case.held_since = at
    case.lease_until = at + policy.LEASE
    case.was_held = True
    case.parked_until = case.parked_because = None
    session.flush()


def lengthen(case: Case, *, at: datetime) -> None:
    """Make a lease longer, because its holder is at work; never beyond `policy.HELD_LONGEST` after they took the case."""
    if case.lease_until is not None and case.held_since is not None:
        case.lease_until = max(case.lease_until, min(at + policy.LEASE, case.held_since + policy.HELD_LONGEST))


def is_last_lease(case: Case) -> bool:
    """Whether work makes the lease no longer."""
    return case.lease_until is not None and case.held_since is not None and case.lease_until >= case.held_since + policy.HELD_LONGEST
