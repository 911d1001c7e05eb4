"""What somebody, or a machine, saw of a resource, and what follows by itself. Looks at nothing outside."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from moderation import audit, cases, facts, independence, listings, policy, resources
from moderation.errors import InvalidAnswer, NotAllowed, NothingReported, TooManyResources
from moderation.models import Case, Listing, Observation
from moderation.reviewing import suspecting
from moderation.states import Action, State
from moderation.vocabulary import N_, REVIEWING_ROLES, SYSTEM, Actor, ComesBack, Presence

LIVENESS = "liveness"
"""The kind of these observations; `value` holds "presence", "to" where it redirects, and "note"."""

DEAD = (Presence.GONE, Presence.PARKED)
"""Seen so twice, a day apart, nothing is there to list."""

OTHER = (Presence.CHANGED, Presence.REDIRECTS)
"""What was agreed on is not what is there."""


def record_look(session: Session, reference: UUID, presence: Presence, note: str = "", *, to: str = "", by: Actor, at: datetime) -> str:
    """Keep what was seen of the case's resource now; returns what follows: "dead", "suspended", "removed", "once", or "".

    Raises:
        NotAllowed, NotFound; InvalidAnswer: nothing was looked at, or it is not said where it leads.
    """
    if by.role not in REVIEWING_ROLES and by != SYSTEM:
        raise NotAllowed(N_("Your role does not review cases."))
    if presence is Presence.NOT_LOOKED:
        raise InvalidAnswer({"presence": N_("Choose what you saw.")})
    leads_to = _address(to)
    if presence is Presence.REDIRECTS and not leads_to:
        raise InvalidAnswer({"redirects_to": N_("Say where it leads: the address that opens.")})
    case = cases.fetch(session, reference, lock=True)
    cases.require_address(case)
    independence.require_not_aside(session, case, by=by)
    suspecting.require_nothing(session, case, by=by)
    if named := facts.people_named({"look_note": note}, case):
        raise InvalidAnswer(named)
    value = {"presence": presence, "to": leads_to, "note": note.strip()}
    seen = Observation(resource_id=case.resource_id, kind=LIVENESS, value=value, observed_at=at, seen_by=by.person_id)
    session.add(seen)
    session.flush()
    detail = {"presence": presence}
    audit.record(session, actor=by, action="resource looked at", subject=f"case:{case.reference}", at=at, detail=detail)
    return _follow(session, case, presence, by=by, at=at)


def _address(text: str) -> str:
    """The one address that a text holds, as the case about it would have it; empty where it holds none or several."""
    try:
        found = [one.canonical for one in resources.parse(text, text_digest=str) if one.host]
    except (NothingReported, TooManyResources):
        return ""
    return found[0] if len(found) == 1 else ""


def _follow(session: Session, case: Case, presence: Presence, *, by: Actor, at: datetime) -> str:
    if presence in DEAD and _waits_for_its_takedown(case, by=by):
        return _taken_down(session, case, at=at)
    listing = listings.living(session, case, lock=True)
    if listing is None:
        return ""
    if presence in DEAD and _was_dead_before(session, case, at=at):
        return _end(session, case, listing, because="dead", action=Action.DELIST, at=at)
    if presence in OTHER:
        return _end(session, case, listing, because="suspended", action=Action.SUSPEND, at=at)
    return ""


def _waits_for_its_takedown(case: Case, *, by: Actor) -> bool:
    """Whether a takedown was asked for and nobody decided since. What came back for it is closed under no colleague's hands."""
    came_back = case.state == State.WAITING and case.due_for == ComesBack.TAKEDOWN and case.holder_id in (None, by.person_id)
    return case.state == State.TAKEDOWN_ASKED or came_back


def _taken_down(session: Session, case: Case, *, at: datetime) -> str:
    """Close it after a second look, a day after the first: a host that is out of order for an hour has removed nothing."""
    if _was_dead_before(session, case, at=at):
        cases.advance(session, case, Action.REMOVED, by=SYSTEM, at=at)
        return "removed"
    if case.state == State.TAKEDOWN_ASKED and case.due_at is not None:
        case.due_at = min(case.due_at, at + policy.DEAD_APART)
        session.flush()
    return "once"


def _end(session: Session, case: Case, listing: Listing, *, because: str, action: Action, at: datetime) -> str:
    listings.end(session, listing, because=because, by=SYSTEM, at=at)
    # While a renewal is proposed, its seats decide on what they see now.
    if case.state in (State.LISTED, State.RE_REVIEW):
        due = (ComesBack.CHANGED, at + policy.CHANGED_LOOKED_AT) if action is Action.SUSPEND else None
        cases.advance(session, case, action, by=SYSTEM, at=at, due=due)
    return because


def _was_dead_before(session: Session, case: Case, *, at: datetime) -> bool:
    """Whether it was found dead a day ago or longer, and never otherwise since."""
    rows = session.scalars(
        select(Observation)
        .where(Observation.resource_id == case.resource_id, Observation.kind == LIVENESS)
        .order_by(Observation.observed_at.desc(), Observation.id.desc())
        .limit(policy.LOOKS_BACK)
    )
    for row in rows:
        if row.value.get("presence") not in DEAD:
            return False
        if row.observed_at <= at - policy.DEAD_APART:
            return True
    return False
