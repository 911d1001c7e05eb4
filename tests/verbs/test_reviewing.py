"""Two keys on every listing, three on a whole name: each independent, each blind."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from moderation import facts, policy, queue, reviewing
from moderation.errors import (
    AlreadyListed,
    DeclarationMissing,
    HeldByAnother,
    IllegalTransition,
    InvalidAnswer,
    NotAllowed,
    NotIndependent,
    NotOnLadder,
    Stale,
)
from moderation.models import Case, Decision, KnownHostRow, Listing, Report
from moderation.reviewing import Decided
from moderation.states import State
from moderation.vocabulary import Actor, Conflict, Outcome, Proposed, Protection, Refused, Role, Scope, Target
from tests import builders
from tests.builders import NOON

OFFER = "https://jobs.test/offer/7"


def test_a_page_is_listed_once_two_people_agree(session):
    found = builders.case(session)
    builders.propose(session, found, builders.person(session))
    outcome = builders.confirm(session, found, builders.person(session))
    assert isinstance(outcome, Decided)
    assert outcome.outcome is Outcome.LIST
    listing = session.scalars(select(Listing)).one()
    assert (listing.scope, listing.target, found.state) == (Scope.PAGE, OFFER, State.LISTED)


def test_no_listing_exists_after_a_proposal_alone(session):
    found = builders.case(session)
    builders.propose(session, found, builders.person(session))
    assert session.scalars(select(Listing)).all() == []
    assert found.state == State.PROPOSED


def test_the_proposer_cannot_confirm_her_own_proposal(session):
    found, proposer = builders.case(session), builders.person(session)
    builders.propose(session, found, proposer)
    with pytest.raises(NotIndependent):
        queue.claim(session, found.reference, by=proposer, at=NOON)
    with pytest.raises(NotIndependent):
        reviewing.confirm(session, found.reference, builders.answers(), by=proposer, at=NOON, version=found.version)


def test_a_whole_domain_waits_for_a_senior_after_two_agree(session):
    found, given = builders.case(session), builders.answers(builders.target(scope=Scope.DOMAIN))
    builders.propose(session, found, builders.person(session), given)
    outcome = builders.confirm(session, found, builders.person(session), given)
    assert isinstance(outcome, Proposed)
    assert outcome.needs_third
    assert found.state == State.AWAITING_THIRD
    assert session.scalars(select(Listing)).all() == []


def test_the_third_seat_is_for_a_senior(session):
    found, given = builders.case(session), builders.answers(builders.target(scope=Scope.DOMAIN))
    builders.propose(session, found, builders.person(session), given)
    builders.confirm(session, found, builders.person(session), given)
    with pytest.raises(NotAllowed):
        queue.claim(session, found.reference, by=builders.person(session), at=NOON)
    outcome = builders.confirm(session, found, builders.person(session, Role.SENIOR), given)
    assert outcome.outcome is Outcome.LIST


def test_the_narrower_of_two_scopes_wins(session):
    found = builders.case(session)
    builders.propose(session, found, builders.person(session), builders.answers(builders.target(scope=Scope.DOMAIN)))
    outcome = builders.confirm(session, found, builders.person(session), builders.answers(builders.target(scope=Scope.PAGE)))
    assert outcome.outcome is Outcome.LIST
    assert session.scalars(select(Listing.scope)).one() == Scope.PAGE


def test_of_two_paths_the_longer_one_wins(session):
    found = builders.case(session, "https://jobs.test/a/b/offer")
    short, long = Target(Scope.PATH, "https://jobs.test/a/"), Target(Scope.PATH, "https://jobs.test/a/b/")
    builders.propose(session, found, builders.person(session), builders.answers(short))
    builders.confirm(session, found, builders.person(session), builders.answers(long))
    assert session.scalars(select(Listing.target)).one() == "https://jobs.test/a/b/"


def test_the_shortest_time_that_a_seat_gave_is_what_the_listing_lasts(session):
    found = builders.case(session)
    builders.propose(session, found, builders.person(session), builders.answers(expires_after=timedelta(days=180)))
    brief = builders.answers(expires_after=timedelta(days=20), review_after=timedelta(days=10))
    builders.confirm(session, found, builders.person(session), brief)
    assert session.scalars(select(Listing.expires_at)).one() == NOON + timedelta(days=20)


def test_a_listing_holds_only_where_every_seat_says(session):
    found = builders.case(session)
    builders.propose(session, found, builders.person(session), builders.answers(territories=("FR", "DE")))
    builders.confirm(session, found, builders.person(session), builders.answers(territories=("DE", "AT")))
    assert session.scalars(select(Listing.territories)).one() == ["DE"]


def test_seats_with_no_territory_in_common_list_nothing(session):
    found = builders.case(session)
    builders.propose(session, found, builders.person(session), builders.answers(territories=("FR",)))
    outcome = builders.confirm(session, found, builders.person(session), builders.answers(territories=("AT",)))
    assert outcome.outcome is Outcome.NOT_LISTED
    assert found.state == State.NOT_LISTED


def test_disagreement_means_not_listed(session):
    found = builders.case(session)
    builders.propose(session, found, builders.person(session))
    second = builders.person(session)
    builders.claimed(session, found, second)
    reviewing.disagree(
        session,
        found.reference,
        Outcome.REJECT_LAWFUL,
        "A lawful offer, badly written.",
        by=second,
        at=NOON,
        version=found.version,
        sent_none_of_the_reports=True,
    )
    assert found.state == State.NOT_LISTED
    assert session.scalars(select(Decision.outcome)).one() == Outcome.NOT_LISTED
    assert session.scalars(select(Listing)).all() == []


def test_one_person_is_enough_to_reject(session):
    found, moderator = builders.case(session), builders.person(session)
    builders.claimed(session, found, moderator)
    reviewing.reject(
        session,
        found.reference,
        Outcome.REJECT_LAWFUL,
        "A lawful hotel offer.",
        by=moderator,
        at=NOON,
        version=found.version,
        sent_none_of_the_reports=True,
    )
    assert found.state == State.REJECTED
    assert found.closed_at == NOON


def test_a_rejection_without_a_reason_is_refused(session):
    found, moderator = builders.case(session), builders.person(session)
    builders.claimed(session, found, moderator)
    with pytest.raises(InvalidAnswer) as refused:
        reviewing.reject(
            session, found.reference, Outcome.LIST, " ", by=moderator, at=NOON, version=found.version, sent_none_of_the_reports=True
        )
    assert set(refused.value.faults) == {"outcome", "note"}


def test_who_sent_a_report_from_an_account_takes_no_seat(session):
    found, moderator = builders.case(session), builders.person(session)
    session.scalars(select(Report)).one().sender_id = moderator.person_id
    session.flush()
    with pytest.raises(NotIndependent):
        queue.claim(session, found.reference, by=moderator, at=NOON)
    assert queue.next_case(session, State.WAITING, by=moderator, at=NOON) is None


def test_every_seat_declares_that_it_sent_none_of_the_reports(session):
    found, moderator = builders.case(session), builders.person(session)
    with pytest.raises(DeclarationMissing):
        builders.propose(session, found, moderator, builders.answers(sent_none_of_the_reports=False))


def test_a_moderator_with_a_conflict_is_refused_and_told_so(session):
    found = builders.case(session)
    outcome = builders.propose(
        session, found, builders.person(session), builders.answers(conflict=Conflict.MINE, conflict_note="I work for a rival.")
    )
    assert isinstance(outcome, Refused)
    assert [finding.safeguard for finding in outcome.blocking] == ["RS21"]
    assert found.state == State.WAITING


def test_a_refused_proposal_keeps_all_that_was_written(session):
    found, moderator = builders.case(session), builders.person(session)
    given = builders.answers(lifeline="")
    assert isinstance(builders.propose(session, found, moderator, given), Refused)
    kept = reviewing.view(session, found.reference, by=moderator, at=NOON).refused
    assert kept.answers == given
    assert "RS16" in [finding.safeguard for finding in kept.findings]


def test_a_popular_site_cannot_be_listed_whole(session):
    session.add(KnownHostRow(host="search.example", host_class="popular_10k", source="top list", rank=3))
    session.flush()
    found = builders.case(session, "search.example")
    outcome = builders.propose(session, found, builders.person(session), builders.answers(builders.target("search.example", Scope.DOMAIN)))
    assert isinstance(outcome, Refused)
    assert "RS11" in [finding.safeguard for finding in outcome.blocking]


def test_a_private_suffix_cannot_be_listed_but_a_name_under_it_can_with_three(session):
    decided = builders.listed(session, "https://agent9.github.io/", Scope.DOMAIN)
    assert decided.outcome is Outcome.LIST
    found = builders.case(session, "https://github.io/")
    outcome = builders.propose(
        session, found, builders.person(session), builders.answers(builders.target("https://github.io/", Scope.HOST))
    )
    assert isinstance(outcome, Refused)
    assert "RS08" in [finding.safeguard for finding in outcome.blocking]


@pytest.mark.parametrize(
    "wider",
    [
        Target(Scope.HOST, "test"),
        Target(Scope.DOMAIN, "other.test"),
        Target(Scope.PATH, "https://jobs.test/"),
        Target(Scope.HOST, "192.0.2.1"),
    ],
)
def test_nothing_outside_the_ladder_can_be_proposed(session, wider):
    found, moderator = builders.case(session), builders.person(session)
    with pytest.raises(NotOnLadder):
        builders.propose(session, found, moderator, builders.answers(wider))


def test_a_seat_that_comes_too_late_does_not_learn_what_the_first_one_chose(session):
    narrow, wide = builders.target(scope=Scope.PATH), builders.target(scope=Scope.DOMAIN)
    found = builders.case(session)
    builders.propose(session, found, builders.person(session), builders.answers(narrow))
    builders.listed(session, "https://jobs.test/offer/8", Scope.PATH)
    with pytest.raises(AlreadyListed) as refusal:
        builders.confirm(session, found, builders.person(session), builders.answers(wide))
    assert narrow.text not in str(refusal.value)


def test_what_is_on_the_list_is_not_listed_twice(session):
    builders.listed(session, "https://jobs.test/offer/7", Scope.DOMAIN)
    found = builders.case(session, "https://jobs.test/offer/8")
    with pytest.raises(AlreadyListed):
        builders.propose(
            session, found, builders.person(session), builders.answers(builders.target("https://jobs.test/offer/8", Scope.DOMAIN))
        )


def test_a_decision_on_what_has_changed_since_is_refused(session):
    found, moderator = builders.case(session), builders.person(session)
    builders.claimed(session, found, moderator)
    with pytest.raises(Stale):
        reviewing.propose(session, found.reference, builders.answers(), by=moderator, at=NOON, version=found.version - 1)


def test_who_does_not_hold_the_case_decides_nothing(session):
    found = builders.case(session)
    builders.claimed(session, found, builders.person(session))
    with pytest.raises(HeldByAnother):
        reviewing.propose(session, found.reference, builders.answers(), by=builders.person(session), at=NOON, version=found.version)


def test_an_auditor_takes_no_seat(session):
    found = builders.case(session)
    with pytest.raises(NotAllowed):
        queue.claim(session, found.reference, by=builders.person(session, Role.AUDITOR), at=NOON)


def test_a_withdrawn_proposal_puts_the_case_back_as_if_new(session):
    found, proposer = builders.case(session), builders.person(session)
    builders.propose(session, found, proposer)
    reviewing.withdraw(session, found.reference, by=proposer, at=NOON)
    assert found.state == State.WAITING
    assert isinstance(builders.propose(session, found, builders.person(session)), Proposed)


def test_two_who_read_each_other_in_a_withdrawn_round_take_no_blind_seat_in_the_next(session):
    found, given = builders.case(session), builders.answers(builders.target(scope=Scope.DOMAIN))
    first, second = builders.person(session), builders.person(session)
    builders.propose(session, found, first, given)
    builders.confirm(session, found, second, given)
    reviewing.withdraw(session, found.reference, by=first, at=NOON)
    for one in (first, second):
        assert queue.next_case(session, State.WAITING, by=one, at=NOON) is None
        with pytest.raises(NotIndependent):
            builders.propose(session, found, one)
    assert isinstance(builders.propose(session, found, builders.person(session), given), Proposed)
    with pytest.raises(NotIndependent):
        builders.confirm(session, found, first, given)


class TestReportedAnew:
    """A resource on which somebody decided is reported again: a new case, which other people decide."""

    def rejected(self, session, by, *, at=NOON):
        builders.concluded(session, builders.case(session), by, Outcome.REJECT_LAWFUL, at=at)

    def test_who_rejected_it_does_not_decide_whether_they_were_right(self, session):
        by = builders.person(session)
        self.rejected(session, by)
        case = builders.case(session)
        with pytest.raises(NotIndependent, match="took part"):
            queue.claim(session, case.reference, by=by, at=NOON)
        assert queue.next_case(session, State.WAITING, by=by, at=NOON) is None
        assert queue.next_case(session, State.WAITING, by=builders.person(session), at=NOON) == case.reference

    def test_none_of_the_people_who_disagreed_sits_in_the_new_round(self, session):
        first, second = builders.person(session), builders.person(session)
        case = builders.case(session)
        builders.propose(session, case, first)
        builders.claimed(session, case, second)
        no = {"by": second, "at": NOON, "version": case.version, "sent_none_of_the_reports": True}
        reviewing.disagree(session, case.reference, Outcome.REJECT_LAWFUL, "An agency like any other.", **no)
        anew = builders.case(session)
        for by in (first, second):
            with pytest.raises(NotIndependent):
                queue.claim(session, anew.reference, by=by, at=NOON)

    def test_the_case_before_the_last_one_binds_nobody_so_that_a_small_desk_is_never_without_a_reviewer(self, session):
        first, second = builders.person(session), builders.person(session)
        self.rejected(session, first)
        self.rejected(session, second)
        self.rejected(session, first)
        assert session.scalar(select(func.count()).select_from(Case).where(Case.state == State.REJECTED)) == 3

    def test_who_listed_what_left_the_list_since_may_look_at_what_is_there_now(self, session):
        decided = builders.listed(session)
        first = session.scalar(select(Listing.first_id))
        reviewing.delist(session, decided.listing, "The owner took the page down.", by=builders.person(session), at=NOON)
        case = builders.case(session)
        queue.claim(session, case.reference, by=Actor(person_id=first, role=Role.MODERATOR, name="First"), at=NOON)
        assert case.holder_id == first

    def test_who_only_found_it_to_be_the_same_as_another_may_do_so_again(self, session):
        by = builders.person(session)
        kept = str(builders.case(session, "https://kept.test/").reference)
        for _ in range(2):
            builders.concluded(session, builders.case(session), by, Outcome.DUPLICATE, duplicate_of=kept)
        self.rejected(session, by)


class TestRoundsWithoutAnEnd:
    """One resource, proposed and not listed, again and again: after three times a moderator opens no further round."""

    def came_to_nothing(self, session, number):
        for _ in range(number):
            by, case = builders.person(session), builders.case(session)
            builders.propose(session, case, by)
            reviewing.withdraw(session, case.reference, by=by, at=NOON)

    def test_after_three_rounds_without_an_outcome_only_a_senior_proposes(self, session):
        self.came_to_nothing(session, policy.ROUNDS_UNSETTLED - 1)
        case, by = builders.case(session), builders.person(session)
        assert isinstance(builders.propose(session, case, by), Proposed)
        reviewing.withdraw(session, case.reference, by=by, at=NOON)
        moderator = builders.person(session)
        with pytest.raises(NotAllowed, match="a senior opens the next"):
            builders.propose(session, case, moderator)
        assert reviewing.view(session, case.reference, by=moderator, at=NOON).is_for_a_senior
        queue.hand_back(session, case.reference, by=moderator, at=NOON)
        assert isinstance(builders.propose(session, case, builders.person(session, Role.SENIOR)), Proposed)

    def test_rounds_in_earlier_cases_about_the_same_resource_count(self, session):
        for _ in range(policy.ROUNDS_UNSETTLED):
            case = builders.case(session)
            builders.propose(session, case, builders.person(session))
            by = builders.person(session)
            builders.claimed(session, case, by)
            no = {"by": by, "at": NOON, "version": case.version, "sent_none_of_the_reports": True}
            reviewing.disagree(session, case.reference, Outcome.REJECT_LAWFUL, "An agency like any other.", **no)
        with pytest.raises(NotAllowed):
            builders.propose(session, builders.case(session), builders.person(session))

    def test_nor_does_a_moderator_put_it_aside_once_more_but_may_close_it(self, session):
        self.came_to_nothing(session, policy.ROUNDS_UNSETTLED)
        case, by = builders.case(session), builders.person(session)
        with pytest.raises(NotAllowed):
            builders.concluded(session, case, by, Outcome.MONITOR, back_at=NOON + timedelta(days=7))
        builders.concluded(session, case, by, Outcome.REJECT_LAWFUL)
        assert case.state == State.REJECTED

    def test_what_came_to_nothing_before_it_was_listed_is_forgotten(self, session):
        self.came_to_nothing(session, policy.ROUNDS_UNSETTLED - 1)
        decided = builders.listed(session)
        reviewing.delist(session, decided.listing, "The owner took the page down.", by=builders.person(session), at=NOON)
        self.came_to_nothing(session, 1)
        assert isinstance(builders.propose(session, builders.case(session), builders.person(session)), Proposed)


def test_the_history_shows_the_newest_acts_and_older_ones_page_by_page(session):
    case, by = builders.case(session), builders.person(session)
    for number in range(130):
        at = NOON + timedelta(minutes=number)
        reviewing.write_note(session, case.reference, f"Note {number}.", by=by, at=at)
    newest, older = (reviewing.view(session, case.reference, by=by, at=NOON, history_page=page) for page in (1, 2))
    assert [(len(seen.history), seen.has_older_history) for seen in (newest, older)] == [(100, True), (30, False)]
    assert [seen.history[-1].at for seen in (newest, older)] == [NOON + timedelta(minutes=129), NOON + timedelta(minutes=29)]


def test_a_proposer_cannot_withdraw_from_under_the_reviewer_at_work(session):
    found, proposer = builders.case(session), builders.person(session)
    builders.propose(session, found, proposer)
    builders.claimed(session, found, builders.person(session))
    with pytest.raises(HeldByAnother):
        reviewing.withdraw(session, found.reference, by=proposer, at=NOON)
    reviewing.withdraw(session, found.reference, by=proposer, at=NOON + policy.LEASE)
    assert found.state == State.WAITING


def test_without_any_list_of_known_hosts_no_whole_name_is_listed(session):
    session.execute(delete(KnownHostRow))
    found, moderator = builders.case(session), builders.person(session)
    outcome = builders.propose(session, found, moderator, builders.answers(builders.target(scope=Scope.DOMAIN)))
    assert [finding.safeguard for finding in outcome.blocking] == ["RS11"]
    assert isinstance(builders.propose(session, found, moderator), Proposed)


def test_an_operators_own_lines_do_not_stand_for_the_packaged_lists(session):
    session.execute(delete(KnownHostRow))
    session.add(KnownHostRow(host="clinic.example", host_class="protected", source="our partners", protected_as="health"))
    session.flush()
    assert not facts.lists_are_loaded(session)


def test_why_a_host_is_protected_is_among_the_facts(session):
    session.add(KnownHostRow(host="clinic.example", host_class="protected", source="our partners", protected_as="health"))
    session.flush()
    assert [known.protected_as for known in facts.known_hosts(session, "www.clinic.example")] == [Protection.HEALTH]


def test_only_the_proposer_withdraws(session):
    found = builders.case(session)
    builders.propose(session, found, builders.person(session))
    with pytest.raises(NotAllowed):
        reviewing.withdraw(session, found.reference, by=builders.person(session), at=NOON)


def test_one_person_delists_in_one_step_and_the_case_closes(session):
    decided = builders.listed(session)
    reviewing.delist(session, decided.listing, "The page was cleaned yesterday.", by=builders.person(session), at=NOON + timedelta(hours=1))
    listing = session.scalars(select(Listing)).one()
    assert (listing.ended_because, session.scalars(select(Case.state)).one()) == ("delisted", State.DELISTED)
    with pytest.raises(IllegalTransition):
        reviewing.delist(
            session, decided.listing, "The page was cleaned yesterday.", by=builders.person(session), at=NOON + timedelta(hours=2)
        )


class TestBlindness:
    """Seats two and three know that a listing was proposed, and nothing else, until their own assessment is stored."""

    def test_the_second_seat_sees_nothing_of_the_first(self, session):
        found, second = builders.case(session), builders.person(session)
        builders.propose(session, found, builders.person(session))
        builders.claimed(session, found, second)
        seen = reviewing.view(session, found.reference, by=second, at=NOON)
        assert seen.is_blind
        assert (seen.assessments, seen.refused, seen.decision, seen.listing) == ((), None, None, None)
        assert {line.action for line in seen.history} <= {"case claimed", "case handed back", "notice recorded", "case taken over"}

    def test_after_her_own_assessment_she_sees_both(self, session):
        found, second, given = builders.case(session), builders.person(session), builders.answers(builders.target(scope=Scope.DOMAIN))
        builders.propose(session, found, builders.person(session), given)
        builders.confirm(session, found, second, given)
        seen = reviewing.view(session, found.reference, by=second, at=NOON)
        assert [assessment.seat for assessment in seen.assessments] == [1, 2]

    def test_the_third_seat_sees_neither(self, session):
        found, given = builders.case(session), builders.answers(builders.target(scope=Scope.DOMAIN))
        builders.propose(session, found, builders.person(session), given)
        builders.confirm(session, found, builders.person(session), given)
        seen = reviewing.view(session, found.reference, by=builders.person(session, Role.SENIOR), at=NOON)
        assert seen.assessments == ()

    def test_a_withdrawn_proposal_stays_hidden_from_whoever_comes_next(self, session):
        found, proposer = builders.case(session), builders.person(session)
        builders.propose(session, found, proposer)
        reviewing.withdraw(session, found.reference, by=proposer, at=NOON)
        assert reviewing.view(session, found.reference, by=builders.person(session), at=NOON).assessments == ()

    def test_once_it_is_decided_everyone_sees_everything(self, session):
        found = builders.case(session)
        builders.propose(session, found, builders.person(session))
        builders.confirm(session, found, builders.person(session))
        seen = reviewing.view(session, found.reference, by=builders.person(session), at=NOON)
        assert [assessment.seat for assessment in seen.assessments] == [1, 2]
        assert seen.listing.target == OFFER
