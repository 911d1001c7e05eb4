"""Cases in which somebody suspects sexual images of a child, as tests make them and look at them."""

from datetime import timedelta

from sqlalchemy import select

from app.sealing_away import DeskSealer
from moderation import publishing, reviewing
from moderation.models import Listing
from moderation.vocabulary import (
    ChildMaterial,
    Conclusion,
    Outcome,
    Proposed,
    Refused,
    Scope,
)
from tests import builders
from tests.builders import NOON
from tests.verbs.sealed import WHAT, case_of, told

REVIEW = NOON + timedelta(days=90)
SUSPECTED, NO = ChildMaterial.SUSPECTED, ChildMaterial.NO


def proposed(session, by, scope=Scope.PAGE, *, words="A heron at"):
    """A case that somebody, who suspects nothing, proposed to list."""
    told(session)
    given = builders.answers(builders.target(WHAT, scope), facilitation=f"{words} {WHAT}")
    assert isinstance(builders.propose(session, case_of(session), by, given), Proposed)
    return case_of(session)


def listed(session, *, due=False):
    """A listing, on its way to its re-review where it is `due`."""
    told(session)
    given = builders.answers(builders.target(WHAT))
    builders.propose(session, case_of(session), builders.person(session), given)
    builders.confirm(session, case_of(session), builders.person(session), given)
    publishing.release(session, at=NOON)
    if due:
        reviewing.bring_back(session, at=REVIEW)
    return case_of(session)


def suspects(session, found, by, verb=builders.propose, *, at=NOON):
    """An attempt in which this person says so, and which is refused therefore."""
    given = builders.answers(builders.target(WHAT), child_material=SUSPECTED)
    assert isinstance(verb(session, found, by, given, at=at), Refused)


def disagrees(session, found, by, outcome=Outcome.REJECT_LAWFUL, *, child=None, at=NOON):
    builders.claimed(session, found, by, at=at)
    said = {"version": found.version, "sent_none_of_the_reports": True, "child_material": child}
    return reviewing.disagree(session, found.reference, outcome, "An agency like any other.", by=by, at=at, **said)


def living(session):
    return session.scalars(select(Listing).where(Listing.ended_at.is_(None))).all()


def pass_on(session, found, by, **changes):
    given = builders.referral(recipient="The national hotline", child_material=SUSPECTED)
    told_to = Conclusion(outcome=Outcome.REFER_HOTLINE, note="Two people say so.", sent_none_of_the_reports=True, **given)
    more = {"version": found.version, "sealer": DeskSealer(builders.desk_keys()), **changes}
    return reviewing.conclude(session, found.reference, told_to, by=by, at=NOON, **more)
