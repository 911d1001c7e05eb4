"""What people, jobs and time do to the cases of one desk, in whatever order."""

from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select, update

from moderation import cases, people, publishing, queue, reviewing, states
from moderation.models import Case, ChangeLog, Listing, Person, Report, ResourceRow
from moderation.states import State
from moderation.vocabulary import LISTS, REFERRALS, REJECTIONS, SYSTEM, ChildMaterial, Conclusion, EmergencyReason, Outcome, Scope
from tests import builders
from tests.verbs.two_keys.always import AlwaysSo
from tests.verbs.two_keys.desk import DAY, ROLES, SENIORS, SITES, resource_of, seen

NOTE = "This is why, in a sentence."

who = st.integers(0, len(ROLES) - 1)
site = st.integers(0, len(SITES) - 1)
scope = st.sampled_from(list(Scope))
passing = st.sampled_from([timedelta(minutes=5), timedelta(minutes=31), timedelta(hours=13), 3 * DAY, 8 * DAY, 40 * DAY, 100 * DAY])
which = st.integers(0, 5)


class TwoKeys(AlwaysSo):
    """Random people doing random acts to a few resources, through the verbs alone."""

    def teardown(self) -> None:
        try:
            self.release()
        finally:
            self.session.rollback()
            self.session.close()

    @rule(number=site, sender=st.none() | who)
    def report(self, number: int, sender: int | None) -> None:
        """From nobody known, or from somebody's account; then its hour passes."""
        made = builders.report(self.session, SITES[number], at=self.now)
        if sender is not None:
            mine = {"sender_id": self.people[sender].person_id}
            self.session.execute(update(Report).where(Report.reference == made.reference).values(mine))
        self.now += timedelta(hours=1)

    @rule(person=who, number=site, state=st.none() | st.sampled_from(sorted(states.REVIEWABLE)))
    def claim(self, person: int, number: int, state: State | None) -> None:
        if state is not None:
            self.attempt(queue.next_case, state, by=self.people[person])
        elif reference := self.newest(number):
            self.attempt(queue.claim, reference, by=self.people[person])

    @rule(person=who, number=site, wanted=scope, outcome=st.sampled_from(LISTS))
    def propose(self, person: int, number: int, wanted: Scope, outcome: Outcome) -> None:
        if reference := self.newest(number):
            told = self.now - 3 * DAY
            self.attempt(reviewing.record_notice, reference, "the host", "ticket 1", told, by=self.people[person])
        self.agree(reviewing.propose, person, number, wanted, outcome)

    @rule(person=who, number=site, wanted=scope, outcome=st.sampled_from(LISTS))
    def confirm(self, person: int, number: int, wanted: Scope, outcome: Outcome) -> None:
        self.agree(reviewing.confirm, person, number, wanted, outcome)

    @rule(
        number=site,
        wanted=st.lists(scope, min_size=3, max_size=3),
        order=st.lists(who, min_size=3, max_size=3),
        outcome=st.sampled_from(LISTS),
    )
    def go_through_the_seats(self, number: int, wanted: list[Scope], order: list[int], outcome: Outcome) -> None:
        """Chance alone would seldom seat three people in a row; the same one may try twice."""
        self.propose(order[0], number, wanted[0], outcome)
        for person, chosen in zip(order[1:], wanted[1:], strict=True):
            self.confirm(person, number, chosen, outcome)

    @rule(person=who, number=site, wanted=scope, outcome=st.sampled_from(LISTS))
    def try_alone(self, person: int, number: int, wanted: Scope, outcome: Outcome) -> None:
        """One person never suffices, however often they try."""
        self.propose(person, number, wanted, outcome)
        self.confirm(person, number, wanted, outcome)
        self.confirm(person, number, wanted, outcome)

    @rule(number=site, wanted=st.sampled_from([Scope.HOST, Scope.DOMAIN]), seniors=st.permutations(SENIORS))
    def list_a_whole_name(self, number: int, wanted: Scope, seniors: list[int]) -> None:
        self.report(number, None)
        self.propose(seniors[0], number, wanted, Outcome.LIST)
        self.confirm(seniors[1], number, wanted, Outcome.LIST)
        self.confirm(seniors[2], number, wanted, Outcome.LIST)

    @rule(person=who, number=site, outcome=st.sampled_from(REJECTIONS))
    def disagree(self, person: int, number: int, outcome: Outcome) -> None:
        self.seated(reviewing.disagree, person, number, outcome, NOTE, sent_none_of_the_reports=True)

    @rule(person=who, number=site)
    def withdraw(self, person: int, number: int) -> None:
        if reference := self.newest(number):
            self.attempt(reviewing.withdraw, reference, by=self.people[person])

    @rule(
        person=who,
        number=site,
        outcome=st.sampled_from([*reviewing.ONE_PERSONS, Outcome.DELIST, Outcome.LIST]),
        extra=st.booleans(),
    )
    def conclude(self, person: int, number: int, outcome: Outcome, extra: bool) -> None:
        given = Conclusion(
            outcome=outcome,
            note=NOTE,
            sent_none_of_the_reports=True,
            **{"recipient": "The host", "asked": "Take it down.", "where": "The register", "proof": "ticket 2", "passed_on": "The address"},
            back_at=self.now + 5 * DAY,
            sent_at=self.now - DAY,
            referred_at=self.now - DAY,
            hold_until=self.now + 9 * DAY if extra and outcome is Outcome.REFER_POLICE else None,
            hand_on=extra,
            duplicate_of=SITES[(number + 1) % len(SITES)],
            child_material=ChildMaterial.NO,
        )
        self.report(number, None)
        if extra and outcome in REFERRALS:
            self.seated(reviewing.refer, person, number, given)
        self.seated(reviewing.conclude, person, number, given)

    @rule(person=who, others=st.permutations(SENIORS), wanted=scope, renew=st.booleans())
    def look_again(self, person: int, others: list[int], wanted: Scope, renew: bool) -> None:
        """On the day of a re-review somebody keeps what is listed, or proposes to renew it."""
        if (listing := self.next_of(Listing.review_at)) is None:
            return
        self.now = max(self.now, listing.review_at)
        self.bring_back()
        canonical = self.session.scalar(select(ResourceRow.canonical).join(Case).where(Case.id == listing.case_id))
        number = next(number for number in range(len(SITES)) if resource_of(number).canonical == canonical)
        if not renew:
            self.seated(reviewing.keep, person, number, NOTE, 20 * DAY, sent_none_of_the_reports=True)
            return
        self.propose(person, number, wanted, Outcome.LIST)
        for other in others:
            self.confirm(other, number, wanted, Outcome.LIST)

    @rule(person=who, number=which, step=which)
    def narrow(self, person: int, number: int, step: int) -> None:
        if listing := self.listing(number):
            of_case = select(ResourceRow.canonical).join(Case).join(Listing, Listing.case_id == Case.id)
            canonical = self.session.scalar(of_case.where(Listing.reference == listing))
            ladder = next(resource_of(each).ladder for each in range(len(SITES)) if resource_of(each).canonical == canonical)
            self.attempt(reviewing.narrow, listing, ladder[step % len(ladder)], NOTE, by=self.people[person])

    @rule(person=who, number=which, at_once=st.booleans())
    def delist(self, person: int, number: int, at_once: bool) -> None:
        listing = self.listing(number)
        if listing and at_once:
            self.attempt(reviewing.delist_now, listing, EmergencyReason.WRONG_TARGET, "", by=self.people[person])
            self.attempt(reviewing.review_emergency, listing, False, NOTE, by=self.people[person])
        elif listing:
            self.attempt(reviewing.delist, listing, NOTE, by=self.people[person])

    @rule(person=who, number=which, was_right=st.booleans())
    def review_an_emergency(self, person: int, number: int, was_right: bool) -> None:
        if listing := self.listing(number):
            self.attempt(reviewing.review_emergency, listing, was_right, NOTE, by=self.people[person])

    @rule(person=who, to=who, number=site)
    def hand_over(self, person: int, to: int, number: int) -> None:
        if reference := self.newest(number):
            colleague = self.session.scalar(select(Person.reference).where(Person.id == self.people[to].person_id))
            given = self.attempt(reviewing.hand_over, reference, colleague, by=self.people[person])
            assert given is None
            if self.people[to].person_id in self.gone:
                assert cases.fetch(self.session, reference).holder_id != self.people[to].person_id

    @rule(person=who, number=site, back=st.booleans())
    def let_go(self, person: int, number: int, back: bool) -> None:
        if reference := self.newest(number):
            verb, given = (queue.hand_back, ()) if back else (reviewing.stand_aside, ("I know the owner.",))
            self.attempt(verb, reference, *given, by=self.people[person])

    @rule(person=who)
    def close_an_account(self, person: int) -> None:
        """One or two of them: with nobody left, nothing would happen."""
        if len(self.gone) < 2:
            self.attempt(people.disable, self.emails[person], by=SYSTEM)
            self.gone.add(self.people[person].person_id)

    @rule(by=passing)
    def time_passes(self, by: timedelta) -> None:
        self.now += by
        self.bring_back()

    @rule()
    def expire(self) -> None:
        if (listing := self.next_of(Listing.expires_at)) is not None:
            self.now = max(self.now, listing.expires_at)
        seen["expired"] += publishing.expire(self.session, at=self.now)

    @rule()
    def release(self) -> None:
        """What ended since the last release leaves with this one, and whatever lives is in it."""
        before = self.in_force()
        number = publishing.release(self.session, at=self.now)
        living = set(self.session.scalars(select(Listing.reference).where(Listing.ended_at.is_(None))))
        removed = select(ChangeLog.listing_reference).where(ChangeLog.release_number == number, ChangeLog.action == "remove")
        gone = {UUID(reference) for reference in self.session.scalars(removed)}
        assert gone == before - living, "something left without a tombstone, or stayed though it ended"
        assert self.in_force() == living, "the newest release tells of another list than the one that lives"
        seen["removals"] += len(gone)
        seen["releases"] += number is not None
        self.look_through()
