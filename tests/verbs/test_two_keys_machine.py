"""Whatever people do, in whatever order: nothing is listed without enough independent agreement, and nothing leaves or stays unseen."""

from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.database import Database
from moderation import cases, publishing, queue, reporting, resources, reviewing
from moderation.errors import Refusal
from moderation.models import Assessment, AuditRecord, Case, CaseReport, ChangeLog, Decision, Listing, Report, ResourceRow, Round
from moderation.states import State
from moderation.vocabulary import REJECTIONS, Answers, Outcome, Resource, Role, Scope
from tests import builders
from tests.builders import NOON

SITES = ("https://www.jobs.test/offer/7", "https://www.jobs.test/offer/8", "https://jobs.test/home", "https://other.example/a/b/page")
ROLES = (Role.MODERATOR, Role.MODERATOR, Role.MODERATOR, Role.SENIOR, Role.SENIOR, Role.AUDITOR)
NOTE = "This is why, in a sentence."

who = st.integers(0, len(ROLES) - 1)
site = st.integers(0, len(SITES) - 1)
scope = st.sampled_from(list(Scope))
passing = st.sampled_from([timedelta(minutes=5), timedelta(minutes=31), timedelta(hours=13), timedelta(days=40), timedelta(days=100)])


@cache
def resource_of(number: int) -> Resource:
    """What a site is read as."""
    (found,) = resources.parse(SITES[number], text_digest=builders.digest_of_text)
    return found


class TwoKeys(RuleBasedStateMachine):
    """Random people doing random acts to a few resources, through the verbs alone."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.session: Session = database.sessions()
        self.now: datetime = NOON
        self.written = 0

    @initialize()
    def people_come(self) -> None:
        self.people = [builders.person(self.session, role) for role in ROLES]
        for text in SITES:
            builders.report(self.session, text)

    def teardown(self) -> None:
        self.session.rollback()
        self.session.close()

    def attempt(self, verb, *given, **named):
        """Act as a transaction would: all of it, or, where a rule refuses, nothing."""
        try:
            with self.session.begin_nested():
                return verb(self.session, *given, **named)
        except Refusal:
            return None

    def newest(self, number: int) -> UUID | None:
        """The newest case of a site."""
        query = select(Case.reference).join(ResourceRow).where(ResourceRow.canonical == resource_of(number).canonical)
        return self.session.scalar(query.order_by(Case.id.desc()).limit(1))

    def seated(self, verb, person: int, number: int, *given, **named) -> None:
        reference = self.newest(number)
        if reference is None:
            return
        actor = self.people[person]
        self.now += timedelta(minutes=8)
        self.attempt(queue.claim, reference, by=actor, at=self.now)
        version = cases.fetch(self.session, reference).version
        self.attempt(verb, reference, *given, by=actor, at=self.now, version=version, **named)

    @rule(number=site, sender=st.none() | who)
    def report(self, number: int, sender: int | None) -> None:
        """From nobody known, or from somebody's account; then its hour passes."""
        made = builders.report(self.session, SITES[number], at=self.now)
        if sender is not None:
            mine = {"sender_id": self.people[sender].person_id}
            self.session.execute(update(Report).where(Report.reference == made.reference).values(mine))
        self.now += timedelta(hours=1)

    @rule(person=who, number=site)
    def claim(self, person: int, number: int) -> None:
        if reference := self.newest(number):
            self.attempt(queue.claim, reference, by=self.people[person], at=self.now)

    @rule(person=who, state=st.sampled_from(list(State)))
    def take_next(self, person: int, state: State) -> None:
        self.attempt(queue.next_case, state, by=self.people[person], at=self.now)

    @rule(person=who, number=site, wanted=scope)
    def propose(self, person: int, number: int, wanted: Scope) -> None:
        self.seated(reviewing.propose, person, number, self.answers(number, wanted))

    @rule(person=who, number=site, wanted=scope)
    def confirm(self, person: int, number: int, wanted: Scope) -> None:
        self.seated(reviewing.confirm, person, number, self.answers(number, wanted))

    @rule(number=site, wanted=st.lists(scope, min_size=4, max_size=4), order=st.lists(who, min_size=4, max_size=4), sender=st.none() | who)
    def go_through_the_seats(self, number: int, wanted: list[Scope], order: list[int], sender: int | None) -> None:
        """Chance alone would seldom seat three people in a row; the same one may try twice."""
        self.report(number, sender)
        self.propose(order[0], number, wanted[0])
        for person, chosen in zip(order[1:4], wanted[1:], strict=True):
            self.confirm(person, number, chosen)

    @rule(number=site, wanted=st.sampled_from([Scope.HOST, Scope.DOMAIN]), seniors=st.permutations([3, 4]))
    def list_a_whole_name(self, number: int, wanted: Scope, seniors: list[int]) -> None:
        self.report(number, None)
        self.propose(0, number, wanted)
        self.confirm(seniors[0], number, wanted)
        self.confirm(seniors[1], number, wanted)

    @rule(person=who, number=site, outcome=st.sampled_from(REJECTIONS))
    def disagree(self, person: int, number: int, outcome: Outcome) -> None:
        self.seated(reviewing.disagree, person, number, outcome, NOTE, sent_none_of_the_reports=True)

    @rule(person=who, number=site, outcome=st.sampled_from(REJECTIONS))
    def reject(self, person: int, number: int, outcome: Outcome) -> None:
        self.seated(reviewing.reject, person, number, outcome, NOTE, sent_none_of_the_reports=True)

    @rule(person=who, number=site)
    def withdraw(self, person: int, number: int) -> None:
        if reference := self.newest(number):
            self.attempt(reviewing.withdraw, reference, by=self.people[person], at=self.now)

    @rule(person=who, which=st.integers(0, 5))
    def delist(self, person: int, which: int) -> None:
        if listings := self.session.scalars(select(Listing.reference).order_by(Listing.id.desc())).all():
            self.attempt(reviewing.delist, listings[which % len(listings)], NOTE, by=self.people[person], at=self.now)

    @rule(person=who, number=site, by=passing)
    def list_release_and_end(self, person: int, number: int, by: timedelta) -> None:
        """What was released leaves with a release, too."""
        self.list_a_whole_name(number, Scope.DOMAIN, [3, 4])
        self.release()
        self.time_passes(by)
        self.delist(person, 0)
        self.release()

    @rule()
    def release(self) -> None:
        publishing.release(self.session, at=self.now)

    @rule(by=passing)
    def time_passes(self, by: timedelta) -> None:
        self.now += by

    def answers(self, number: int, wanted: Scope) -> Answers:
        """What a careful moderator writes; where the ladder has no such step, the one above."""
        steps = resource_of(number).ladder
        return builders.answers(next((step for step in steps if step.scope is wanted), steps[-1]))

    @invariant()
    def every_listing_has_its_people(self) -> None:
        for listing, decision in self.session.execute(select(Listing, Decision).join(Decision, Decision.id == Listing.decision_id)):
            seats = self.session.scalars(select(Assessment).where(Assessment.round_id == decision.round_id)).all()
            people = {seat.moderator_id for seat in seats if seat.outcome == Outcome.LIST}
            assert len(people) >= (3 if Scope(listing.scope).is_wide else 2), "too few people agreed"
            assert people == {one for one in (listing.first_id, listing.second_id, listing.third_id) if one}, (
                "other people than those who agreed"
            )
            assert all(seat.sent_none_of_the_reports for seat in seats)
            assert all(Scope(listing.scope).width <= Scope(seat.scope).width for seat in seats), "wider than somebody agreed to"
            assert all(set(listing.territories) <= set(seat.answers["territories"]) for seat in seats)

    @invariant()
    def nothing_is_listed_but_what_a_case_says(self) -> None:
        living = select(Listing.case_id).where(Listing.ended_at.is_(None))
        listed = select(Case.id).where(Case.state == State.LISTED)
        assert sorted(self.session.scalars(living)) == sorted(self.session.scalars(listed))

    @invariant()
    def every_listing_is_on_the_ladder_of_what_was_reported(self) -> None:
        placed = select(ResourceRow.canonical, Listing.scope, Listing.target).join(Case, Case.resource_id == ResourceRow.id)
        for canonical, *covered in self.session.execute(placed.join(Listing, Listing.case_id == Case.id)):
            (ladder,) = [resource_of(number).ladder for number in range(len(SITES)) if resource_of(number).canonical == canonical]
            assert tuple(covered) in [(step.scope, step.text) for step in ladder]

    @invariant()
    def nobody_had_a_say_on_a_report_of_their_own(self) -> None:
        # Of a report of the same hour nobody can tell whether it came before: times are kept to the hour.
        sent_before = Report.received_at < func.date_trunc("hour", Assessment.made_at, "UTC")
        own = (
            select(Assessment.id)
            .join(Round, Round.id == Assessment.round_id)
            .join(CaseReport, CaseReport.case_id == Round.case_id)
            .join(Report, Report.id == CaseReport.report_id)
            .where(Report.sender_id == Assessment.moderator_id, Assessment.outcome != Outcome.DELIST, sent_before)
        )
        assert self.session.scalars(own).all() == []

    @invariant()
    def the_log_tells_what_is_released(self) -> None:
        newest = publishing.newest(self.session)
        living: set[str] = set()
        for change in self.session.scalars(select(ChangeLog).order_by(ChangeLog.id)):
            assert (change.listing_reference in living) == (change.action == "remove"), "added twice, or removed without being there"
            (living.add if change.action == "add" else living.remove)(change.listing_reference)
        released = [entry.reference for entry in publishing.entries(self.session, newest.number)] if newest else []
        assert living == {str(reference) for reference in released}
        assert len(released) == (newest.entries if newest else 0)
        known = self.session.scalars(select(Listing.reference).where(Listing.reference.in_(released))).all()
        assert len(known) == len(released), "released without a listing"

    @invariant()
    def the_record_only_grows(self) -> None:
        rows = self.session.scalar(select(func.count()).select_from(AuditRecord)) or 0
        assert rows >= self.written
        self.written = rows

    @invariant()
    def what_a_reporter_is_told_agrees_with_the_cases(self) -> None:
        for digest in self.session.scalars(select(Report.receipt_digest).limit(3)):
            assert reporting.status(self.session, digest).resources


def test_nothing_gets_on_the_list_or_leaves_it_but_by_the_rules(shared_database):
    limits = settings(max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(lambda: TwoKeys(shared_database), settings=limits)
