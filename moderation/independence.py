"""Who may take which seat: independent of the reports, of the other seats, and of earlier decisions on the case. Reads; writes nothing."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from moderation import states
from moderation.errors import IllegalTransition, NotAllowed, NotIndependent
from moderation.models import Assessment, Case, CaseReport, Decision, Report, ResourceRow, Round, StoodAside, Takeover
from moderation.states import State
from moderation.vocabulary import N_, REVIEWING_ROLES, Actor, Outcome, Role

ASIDE = N_("You declared an interest in this case, so a colleague decides it. Nothing counts against you.")
SENT = N_("One of this case's reports came from your account, so you cannot decide on it.")

# Made once: each is asked for with every case and every line of the queue, and to make one costs more than to ask.
_ANOTHER = aliased(Assessment, name="another")
_THIS, _BEFORE, _BETWEEN = (aliased(Case, name=name) for name in ("this", "before", "between"))
_JOINED, _INTO, _OWN, _SAME = (aliased(Case, name=name) for name in ("joined", "into_case", "own", "same"))
_ITS, _THEIRS = (aliased(ResourceRow, name=name) for name in ("its", "theirs"))


def seat_of(case: Case) -> int:
    """The seat this case waits for.

    Raises:
        IllegalTransition: it waits for nobody.
    """
    seat = states.SEATS.get(State(case.state))
    if seat is None:
        raise IllegalTransition(N_("This case is decided; there is nothing left to review in it."))
    return seat


def require_seat(session: Session, case: Case, *, by: Actor) -> int:
    """The seat this person may take now.

    Raises:
        NotAllowed: the role does not review, or the third seat needs a senior.
        NotIndependent: the person sent a report of it, sits in this round, or decided on the case, or on the one before it, already.
    """
    seat = seat_of(case)
    if by.role not in REVIEWING_ROLES:
        raise NotAllowed(N_("Your role does not review cases."))
    if seat == 3 and by.role is not Role.SENIOR:
        raise NotAllowed(N_("The third seat is for a senior moderator."))
    bound = select(
        stood_aside(case.id, by.person_id).label("aside"),
        took_part(case.id, by.person_id).label("took_part"),
        sent_a_report(case.id, by.person_id).label("sent"),
    )
    found = session.execute(bound).one()
    if found.aside:
        raise NotIndependent(ASIDE)
    if found.took_part:
        raise NotIndependent(
            N_("You took part in this case already. Every listing needs people who are independent of each other: leave it to a colleague.")
        )
    if found.sent:
        raise NotIndependent(SENT)
    return seat


def require_no_report(session: Session, case: Case, *, by: Actor) -> None:
    """Refuse whoever sent one of the case's reports from their account.

    Raises:
        NotIndependent
    """
    if session.scalar(select(sent_a_report(case.id, by.person_id))):
        raise NotIndependent(SENT)


def took_part(case_id: int | SQLColumnExpression[int], person_id: int | SQLColumnExpression[int] | None) -> ColumnElement[bool]:
    """SQL: the person sits in the open round of the case, sat in one that was decided, there or where it counts, or stands aside.

    It counts in the newest case before this one about the same resource, where that ended without a listing, and in each about the same
    host whose reports joined this one: who decided there would judge their own decision. One about another host says nothing of this,
    and by joining such cases a single person could keep everyone else from it. Older ones do not count, or what is reported again and
    again would be left to nobody; nor does one that was listed and left the list, for what is there now is another question.

    A withdrawn round binds nobody, unless two sat in it: they have read each other, so neither could be a blind seat any more. Nor does
    asking for more evidence: nothing was concluded, and who asked knows what the answer means; unless they handed the case on. Nor does
    finding that a case is the same as another. A senior who took an open round from the colleague who was to judge it has no seat in it.
    """
    there = _seats(person_id).where(Round.case_id == case_id)
    decided = or_(there.exists(), _decided_before(case_id, person_id), _decided_what_joined(case_id, person_id))
    return or_(decided, _freed_it(case_id, person_id), stood_aside(case_id, person_id))


def _seats(person_id: int | SQLColumnExpression[int] | None) -> Select[int]:
    """SQL: the seats of a person that bind them, in any case."""
    read_another = exists().where(_ANOTHER.round_id == Round.id, _ANOTHER.moderator_id != person_id)
    handed_on = exists().where(Decision.round_id == Round.id, Decision.detail["hand_on"].astext == "true")
    loose = Round.outcome.in_((Outcome.WITHDRAWN, Outcome.MORE_EVIDENCE, Outcome.DUPLICATE))
    binding = or_(Round.closed_at.is_(None), ~loose, read_another, handed_on)
    return select(Assessment.id).join(Round, Round.id == Assessment.round_id).where(Assessment.moderator_id == person_id, binding)


def _decided_before(case_id: int | SQLColumnExpression[int], person_id: int | SQLColumnExpression[int] | None) -> ColumnElement[bool]:
    """SQL: they sat in the newest case before this one about the same resource, which ended without a listing."""
    seats = _seats(person_id).join(_BEFORE, _BEFORE.id == Round.case_id).join(_THIS, _THIS.resource_id == _BEFORE.resource_id)
    return seats.where(_THIS.id == case_id, _is_newest_before()).exists()


def _decided_what_joined(case_id: int | SQLColumnExpression[int], person_id: int | SQLColumnExpression[int] | None) -> ColumnElement[bool]:
    """SQL: they sat in a case about the same host whose reports joined this one."""
    seats = _seats(person_id).join(_JOINED, _JOINED.id == Round.case_id).join(_INTO, _INTO.id == _JOINED.duplicate_of_id)
    seats = seats.join(_ITS, _ITS.id == _INTO.resource_id).join(_THEIRS, _THEIRS.id == _JOINED.resource_id)
    return seats.where(_JOINED.duplicate_of_id == case_id, _THEIRS.host == _ITS.host).exists()


def _freed_it(case_id: int | SQLColumnExpression[int], person_id: int | SQLColumnExpression[int] | None) -> ColumnElement[bool]:
    """SQL: as a senior they took the open round from the colleague who was to judge it."""
    freed = and_(Takeover.case_id == case_id, Takeover.by_id == person_id, Takeover.at >= Round.opened_at)
    return select(Takeover.id).join(Round, Round.case_id == Takeover.case_id).where(freed, Round.closed_at.is_(None)).exists()


def _is_newest_before() -> ColumnElement[bool]:
    """SQL: of the cases about the same resource it is the last one before this, and was never listed. A duplicate was not decided."""
    lies_between = _BETWEEN.id > _BEFORE.id, _BETWEEN.id < _THIS.id
    newer = _BETWEEN.resource_id == _THIS.resource_id, *lies_between, _BETWEEN.state != State.DUPLICATE
    skipped = _BEFORE.state.in_((State.DUPLICATE, State.DELISTED, State.EXPIRED))
    return and_(_BEFORE.id < _THIS.id, ~skipped, ~exists().where(*newer))


def stood_aside(case_id: int | SQLColumnExpression[int], person_id: int | SQLColumnExpression[int] | None) -> ColumnElement[bool]:
    """SQL: the person declared an interest in the case, or in another about the same resource."""
    declared = select(StoodAside.case_id).join(_SAME, _SAME.id == StoodAside.case_id).join(_OWN, _OWN.resource_id == _SAME.resource_id)
    return declared.where(_OWN.id == case_id, StoodAside.person_id == person_id).exists()


def require_not_aside(session: Session, case: Case, *, by: Actor) -> None:
    """Refuse whoever declared an interest in the case.

    Raises:
        NotIndependent
    """
    if session.scalar(select(stood_aside(case.id, by.person_id))):
        raise NotIndependent(ASIDE)


def sent_a_report(case_id: int | SQLColumnExpression[int], person_id: int | SQLColumnExpression[int] | None) -> ColumnElement[bool]:
    """SQL: one of the case's reports was sent from the person's account."""
    reports = select(CaseReport.report_id).join(Report, Report.id == CaseReport.report_id)
    return reports.where(CaseReport.case_id == case_id, Report.sender_id == person_id).exists()


def lease_has_ended(case: Case, at: datetime) -> bool:
    """Whether the case may be taken over."""
    return case.lease_until is None or case.lease_until <= at
