"""Whoever suspects sexual images of a child ends the case in no other way than by a hotline, and a colleague says for themselves."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from moderation import queue, reviewing, safeguards, several
from moderation.errors import IllegalTransition, InvalidAnswer
from moderation.models import ReferralRow
from moderation.states import State
from moderation.vocabulary import (
    REJECTIONS,
    Category,
    Conclusion,
    EmergencyReason,
    Outcome,
    Presence,
    Refused,
)
from tests import builders
from tests.builders import NOON
from tests.verbs import second_looks
from tests.verbs.sealed import WHAT, case_of, holding, told
from tests.verbs.suspicions import NO, REVIEW, SUSPECTED, disagrees, listed, living, proposed, suspects

HOUR = timedelta(hours=1)


class TestWhoSuspectsThemEndsItInNoOtherWay:
    @pytest.mark.parametrize("outcome", REJECTIONS)
    def test_not_by_disagreeing(self, session, amira, luis, outcome):
        found = proposed(session, amira)
        suspects(session, found, luis, builders.confirm)
        with pytest.raises(InvalidAnswer, match="Refer to a hotline") as refused:
            disagrees(session, found, luis, outcome)
        assert set(refused.value.faults) == {"child_material"}
        assert found.state == State.PROPOSED

    def test_not_by_saying_both_at_once(self, session, amira, luis):
        found = proposed(session, amira)
        with pytest.raises(InvalidAnswer):
            disagrees(session, found, luis, child=SUSPECTED)

    def test_not_by_listing_it_without_a_word_of_it(self, session, amira, luis):
        told(session)
        silent = builders.answers(builders.target(WHAT), child_material=None)
        for by, verb in ((amira, builders.propose), (luis, builders.confirm)):
            found = case_of(session)
            builders.claimed(session, found, by)
            reviewing.say_child_material(session, found.reference, SUSPECTED, by=by, at=NOON)
            refused = verb(session, found, by, silent)
            assert [finding.reason for finding in refused.findings] == [safeguards.SUSPECTED_CHILD.reason]
            verb(session, found, by, builders.answers(builders.target(WHAT), child_material=NO))

    def test_nor_are_they_told_what_else_is_missing_which_would_have_them_look(self, session, amira):
        told(session)
        found = case_of(session)
        builders.claimed(session, found, amira)
        reviewing.say_child_material(session, found.reference, SUSPECTED, by=amira, at=NOON)
        silent = builders.answers(child_material=None, target=None, lifeline="")
        told_of = reviewing.lacking_in_assessment(
            session, found.reference, silent, outcome=Outcome.LIST, by=amira, at=NOON, version=found.version
        )
        assert told_of == ({}, (safeguards.SUSPECTED_CHILD,), False)

    def test_but_who_says_no_now_may_disagree(self, session, amira, luis):
        found = proposed(session, amira)
        suspects(session, found, luis, builders.confirm)
        disagrees(session, found, luis, child=NO)
        assert found.state == State.NOT_LISTED

    def test_a_colleague_after_them_says_for_themselves_what_they_suspect(self, session, amira, luis):
        found, next_one = proposed(session, amira), builders.person(session)
        suspects(session, found, luis, builders.confirm)
        queue.hand_back(session, found.reference, by=luis, at=NOON)
        builders.claimed(session, found, next_one)
        assert reviewing.view(session, found.reference, by=next_one, at=NOON).a_colleague_suspects
        given = builders.answers(builders.target(WHAT), child_material=None)
        for act in (lambda: disagrees(session, found, next_one), lambda: builders.confirm(session, found, next_one, given)):
            with pytest.raises(InvalidAnswer, match="A colleague answered"):
                act()
        disagrees(session, found, next_one, child=NO)
        assert found.state == State.NOT_LISTED

    def test_and_in_the_first_seat_whatever_becomes_of_it(self, session, amira, luis):
        told(session)
        found = case_of(session)
        suspects(session, found, amira)
        queue.hand_back(session, found.reference, by=amira, at=NOON)
        given = builders.answers(builders.target(WHAT), child_material=None)
        with pytest.raises(InvalidAnswer, match="A colleague answered"):
            builders.propose(session, found, luis, given)
        with pytest.raises(InvalidAnswer, match="A colleague answered"):
            builders.concluded(session, found, luis, Outcome.REJECT_LAWFUL)
        builders.concluded(session, found, luis, Outcome.REJECT_LAWFUL, child_material=NO)
        assert found.state == State.REJECTED

    def test_who_suspected_and_says_no_since_warns_nobody(self, session, amira, luis):
        told(session)
        found = case_of(session)
        suspects(session, found, amira)
        builders.propose(session, found, amira, builders.answers(builders.target(WHAT), child_material=NO), at=NOON + HOUR)
        builders.claimed(session, found, luis, at=NOON + HOUR)
        assert not reviewing.view(session, found.reference, by=luis, at=NOON + HOUR).a_colleague_suspects

    @pytest.mark.parametrize("outcome", [one for one in reviewing.ONE_PERSONS if one is not Outcome.REFER_HOTLINE])
    def test_not_from_the_first_seat(self, session, amira, outcome):
        told(session)
        suspects(session, case_of(session), amira)
        with pytest.raises(InvalidAnswer) as refused:
            builders.concluded(session, case_of(session), amira, outcome, **builders.referral(child_material=None))
        assert set(refused.value.faults) == {"child_material"}
        assert case_of(session).state == State.WAITING

    def test_the_newest_answer_counts(self, session, amira):
        told(session)
        suspects(session, case_of(session), amira)
        given = builders.answers(builders.target(WHAT), lifeline="")
        assert isinstance(builders.propose(session, case_of(session), amira, given, at=NOON + HOUR), Refused)
        builders.concluded(session, case_of(session), amira, Outcome.REJECT_SCOPE, at=NOON + HOUR)
        assert case_of(session).state == State.REJECTED

    def test_not_with_many_others_as_a_duplicate(self, session, amira):
        told(session)
        told(session, "https://files.test/mirror")
        found, other = case_of(session), case_of(session, "https://files.test/mirror")
        suspects(session, found, amira)
        both = {"into": str(other.reference), "note": "The same album again.", "sent_none_of_the_reports": True}
        done = several.merge_several(session, [found.reference], **both, by=amira, at=NOON)
        assert (done.done, [type(why) for _case, why in done.refused]) == ((), [InvalidAnswer])

    def test_not_through_the_police_alone(self, session, amira):
        told(session)
        found = case_of(session)
        to_police = builders.referral(child_material=SUSPECTED)
        with pytest.raises(InvalidAnswer, match="Only write it down"):
            builders.concluded(session, found, amira, Outcome.REFER_POLICE, **to_police)
        reviewing.refer(
            session, found.reference, Conclusion(outcome=Outcome.REFER_POLICE, **to_police), by=amira, at=NOON, version=found.version
        )
        with pytest.raises(InvalidAnswer):
            builders.concluded(session, found, amira, Outcome.REJECT_SCOPE)
        builders.sealed_away(session, found, amira)
        kinds = session.execute(select(ReferralRow.kind, ReferralRow.child_material).order_by(ReferralRow.id)).all()
        assert kinds == [("police", SUSPECTED), ("hotline", SUSPECTED)]
        assert holding(session, "files.test") == []

    def test_where_a_child_is_concerned_it_is_asked_before_any_referral_closes_the_case(self, session, amira):
        told(session)
        found = case_of(session)
        assert found.category == Category.CHILD
        for outcome in (Outcome.REFER_POLICE, Outcome.REFER_SUPPORT):
            with pytest.raises(InvalidAnswer) as refused:
                builders.concluded(session, found, amira, outcome, **builders.referral(child_material=None))
            assert set(refused.value.faults) == {"child_material"}

    def test_they_do_not_keep_it_on_the_list_nor_take_it_off_unsealed_nor_look(self, session, amira):
        found = listed(session, due=True)
        suspects(session, found, amira, at=REVIEW)
        listing, by = living(session)[0].reference, {"by": amira, "at": REVIEW}
        held = {"version": found.version, "sent_none_of_the_reports": True}
        for act in (
            lambda: reviewing.keep(session, found.reference, "It is still there.", timedelta(days=20), **held, **by),
            lambda: reviewing.narrow(session, listing, builders.target(WHAT), "A page is enough.", **by),
            lambda: reviewing.delist(session, listing, "It has to go.", **by),
            lambda: reviewing.record_look(session, found.reference, Presence.GONE, **by),
        ):
            with pytest.raises(IllegalTransition, match="Refer it to a hotline"):
                act()
        assert len(living(session)) == 1

    def test_in_an_emergency_it_leaves_the_list_whatever_they_said(self, session, amira):
        found = listed(session, due=True)
        suspects(session, found, amira, at=REVIEW)
        reviewing.delist_now(session, living(session)[0].reference, EmergencyReason.OTHER, "", by=amira, at=REVIEW)
        assert living(session) == []


class TestAColleaguesSuspicionOfWhatIsListed:
    @pytest.fixture
    def suspected(self, session, amira):
        """A listing due for its re-review, of which Amira suspects such images and says so, and no more."""
        found = listed(session, due=True)
        reviewing.say_child_material(session, found.reference, SUSPECTED, by=amira, at=REVIEW)
        return found

    def acts(self, session, found, by):
        listing = living(session)[0].reference
        target = builders.target(WHAT)
        return (
            lambda: second_looks.kept(session, found, by, at=REVIEW),
            lambda: reviewing.narrow(session, listing, target, "Less of it is enough here.", by=by, at=REVIEW),
            lambda: reviewing.delist(session, listing, "The owner took it down himself.", by=by, at=REVIEW),
            lambda: reviewing.record_look(session, found.reference, Presence.GONE, by=by, at=REVIEW),
        )

    def test_nobody_keeps_narrows_delists_or_looks_at_it_before_they_say_what_they_suspect(self, session, suspected, luis):
        builders.claimed(session, suspected, luis, at=REVIEW)
        for act in self.acts(session, suspected, luis):
            with pytest.raises(IllegalTransition, match="Say first, at the top of the case"):
                act()

    def test_who_says_no_may_take_it_off_the_list(self, session, suspected, luis):
        reviewing.say_child_material(session, suspected.reference, NO, by=luis, at=REVIEW)
        reviewing.delist(session, living(session)[0].reference, "The owner took it down himself.", by=luis, at=REVIEW)
        assert living(session) == []

    def test_an_emergency_waits_for_no_answer(self, session, suspected, luis):
        reviewing.delist_now(session, living(session)[0].reference, EmergencyReason.OTHER, "", by=luis, at=REVIEW)
        assert living(session) == []

    def test_of_what_is_closed_nothing_more_is_said(self, session, suspected, luis):
        builders.sealed_away(session, suspected, luis, at=REVIEW, referred_at=REVIEW)
        with pytest.raises(IllegalTransition):
            reviewing.say_child_material(session, suspected.reference, NO, by=luis, at=REVIEW)
