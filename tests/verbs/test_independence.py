"""Who may take no seat: who reported it, who decided before, whose own case it joined. The tables say so too."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from moderation import reviewing
from moderation.errors import NotIndependent
from moderation.models import Listing
from moderation.reviewing import Decided
from moderation.states import State
from moderation.vocabulary import Outcome, Proposed, Role
from tests import builders
from tests.builders import NOON
from tests.verbs.outcomes import MONITOR


class TestIndependence:
    SEAT = """
        INSERT INTO assessment (round_id, seat, moderator_id, role, outcome, answers, findings, sent_none_of_the_reports, made_at)
        SELECT max(id), 2, :by, 'moderator', :outcome, '{}', '[]', true, now() FROM round WHERE case_id = :case
    """

    def test_the_table_refuses_the_seat_of_who_sent_a_report_from_an_account(self, session):
        found, reporter = builders.case(session), builders.person(session)
        session.execute(text("UPDATE report SET sender_id = :by"), {"by": reporter.person_id})
        builders.propose(session, found, builders.person(session))
        given = {"by": reporter.person_id, "outcome": "reject_scope", "case": found.id}
        with pytest.raises(IntegrityError, match="takes no seat in it"), session.begin_nested():
            session.execute(text(self.SEAT), given)
        session.execute(text(self.SEAT), {**given, "by": builders.person(session).person_id})

    def monitored_before(self, session, earlier):
        found = builders.case(session)
        builders.concluded(session, found, earlier, Outcome.MONITOR, **MONITOR)
        reviewing.wake(session, found.reference, by=earlier, at=NOON)
        return found

    def rejected_before(self, session, earlier):
        builders.concluded(session, builders.case(session), earlier, Outcome.REJECT_LAWFUL)
        return builders.case(session)

    def rejected_before_a_duplicate(self, session, earlier):
        builders.concluded(session, builders.case(session), earlier, Outcome.REJECT_LAWFUL)
        other, again = builders.case(session, "https://jobs.test/offer/8"), builders.case(session)
        builders.concluded(session, again, builders.person(session), Outcome.DUPLICATE, duplicate_of=str(other.reference))
        return builders.case(session)

    def decided_in_a_case_that_joined(self, session, earlier):
        joined, found = builders.case(session, "https://jobs.test/offer/8"), builders.case(session)
        builders.concluded(session, joined, earlier, Outcome.MONITOR, **MONITOR)
        reviewing.wake(session, joined.reference, by=earlier, at=NOON)
        builders.concluded(session, joined, builders.person(session), Outcome.DUPLICATE, duplicate_of=str(found.reference))
        return found

    STORIES = (monitored_before, rejected_before, rejected_before_a_duplicate, decided_in_a_case_that_joined)

    @pytest.mark.parametrize("story", STORIES)
    def test_who_decided_before_cannot_take_a_seat(self, session, story):
        earlier = builders.person(session)
        found = story(self, session, earlier)
        with pytest.raises(NotIndependent):
            builders.propose(session, found, earlier)
        builders.propose(session, found, builders.person(session))
        with pytest.raises(NotIndependent):
            builders.confirm(session, found, earlier)

    @pytest.mark.parametrize("story", STORIES)
    def test_the_table_refuses_a_listing_seat_to_who_decided_before(self, session, story):
        earlier = builders.person(session)
        found = story(self, session, earlier)
        builders.propose(session, found, builders.person(session))
        seat = self.SEAT.replace("INSERT INTO assessment (", "INSERT INTO assessment (scope, target, ").replace(
            "SELECT max(id)", "SELECT 'page', 'x', max(id)"
        )
        given = {"by": earlier.person_id, "outcome": "list", "case": found.id}
        with pytest.raises(IntegrityError, match="who decided on a case before"), session.begin_nested():
            session.execute(text(seat), given)

    def test_the_table_refuses_a_listing_that_rests_on_a_reporter(self, session):
        builders.listed(session)
        listing = session.scalars(select(Listing)).one()
        session.execute(text("UPDATE report SET sender_id = :by"), {"by": listing.second_id})
        copied = "jsonb_build_object('id', -1, 'reference', gen_random_uuid(), 'target', 'https://jobs.test/other')"
        insert = f"INSERT INTO listing OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(old, {copied})).* FROM listing AS old"
        with pytest.raises(IntegrityError, match="rests on nobody who sent"), session.begin_nested():
            session.execute(text(insert))

    def test_who_reports_after_taking_a_seat_stops_the_round_from_listing(self, session):
        found, first = builders.case(session), builders.person(session)
        builders.propose(session, found, first)
        session.execute(text("UPDATE report SET sender_id = :by"), {"by": first.person_id})
        with pytest.raises(NotIndependent):
            builders.confirm(session, found, builders.person(session))

    def test_who_sent_a_report_takes_nothing_off_the_list_either(self, session):
        decided, reporter = builders.listed(session), builders.person(session)
        session.execute(text("UPDATE report SET sender_id = :by"), {"by": reporter.person_id})
        with pytest.raises(NotIndependent):
            reviewing.delist(session, decided.listing, "It harms my own site.", by=reporter, at=NOON)

    def test_a_seat_may_ask_for_a_third_though_no_finding_does(self, session):
        found, wish = builders.case(session), builders.answers(wants_third=True)
        builders.propose(session, found, builders.person(session), wish)
        outcome = builders.confirm(session, found, builders.person(session))
        assert isinstance(outcome, Proposed)
        assert found.state == State.AWAITING_THIRD
        assert isinstance(builders.confirm(session, found, builders.person(session, Role.SENIOR)), Decided)
