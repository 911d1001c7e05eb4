"""What was held back: two people let it go, or it ends while it waits; and somebody is called."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from moderation import audit, policy, publishing, reviewing
from moderation.errors import IllegalTransition, InvalidAnswer, NotAllowed, NotFound, NotIndependent
from moderation.models import HeldEntry, Listing, Release, Report
from moderation.vocabulary import HeldBecause, Role
from tests import builders
from tests.builders import NOON
from tests.verbs.held import WHY, held, keys, more

DAY = timedelta(days=1)


@pytest.fixture
def twenty_held(session, first):
    more(session, 44)
    publishing.release(session, at=NOON)
    return [one.listing for one in held(session)]


class TestLettingGo:
    def test_two_people_let_it_go_and_the_next_release_carries_it(self, session, twenty_held):
        one, other = keys(session)
        assert publishing.let_go(session, twenty_held, WHY, by=one, at=NOON) == publishing.Turned(20, 0)
        assert publishing.release(session, at=NOON) is None
        assert publishing.let_go(session, twenty_held, "", by=other, at=NOON) == publishing.Turned(0, 20)
        publishing.release(session, at=NOON)
        assert (publishing.newest(session).entries, publishing.held_count(session)) == (45, 0)

    def test_a_release_is_asked_for_at_once(self, session, twenty_held):
        one, other = keys(session)
        publishing.let_go(session, twenty_held[:1], WHY, by=one, at=NOON)
        session.info.pop("due", None)
        publishing.let_go(session, twenty_held[:1], "", by=other, at=NOON)
        assert [due.kind for due in session.info["due"]] == ["release"]

    def test_what_was_let_go_uses_up_nothing_of_the_days_room(self, session, twenty_held):
        one, other = keys(session)
        publishing.let_go(session, twenty_held, WHY, by=one, at=NOON)
        publishing.let_go(session, twenty_held, "", by=other, at=NOON)
        publishing.release(session, at=NOON)
        assert session.scalar(select(Release.grown).order_by(Release.number.desc()).limit(1)) == 0

    def test_nobody_turns_both_keys(self, session, twenty_held):
        one, _ = keys(session)
        publishing.let_go(session, twenty_held, WHY, by=one, at=NOON)
        with pytest.raises(NotAllowed, match="yourself"):
            publishing.let_go(session, twenty_held, WHY, by=one, at=NOON)

    @pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.MODERATOR, Role.AUDITOR])
    def test_only_seniors_and_administrators_hold_a_key(self, session, twenty_held, role):
        with pytest.raises(NotAllowed):
            publishing.let_go(session, twenty_held, WHY, by=builders.person(session, role), at=NOON)

    def test_whoever_decided_on_the_listing_turns_no_second_key(self, session):
        senior, (one, _) = builders.person(session, Role.SENIOR), keys(session)
        found = builders.case(session, "https://hers.test/offer")
        given = builders.answers(builders.target("https://hers.test/offer"))
        builders.propose(session, found, builders.person(session), given)
        builders.confirm(session, found, senior, given)
        hers = session.scalars(select(Listing).order_by(Listing.id).limit(1)).one()
        session.add(HeldEntry(listing_id=hers.id, because=HeldBecause.GROWTH, reason="x", held_at=NOON))
        session.flush()
        publishing.let_go(session, [hers.reference], WHY, by=one, at=NOON)
        with pytest.raises(NotIndependent, match=r"You decided on https://hers\.test/offer"):
            publishing.let_go(session, [hers.reference], "", by=senior, at=NOON)

    def test_whoever_reported_it_turns_no_key(self, session):
        senior = builders.person(session, Role.SENIOR)
        reported = builders.listed(session, "https://hers.test/offer")
        session.execute(update(Report).values(sender_id=senior.person_id))
        row = session.scalars(select(Listing).where(Listing.reference == reported.listing)).one()
        session.add(HeldEntry(listing_id=row.id, because=HeldBecause.GROWTH, reason="x", held_at=NOON))
        session.flush()
        with pytest.raises(NotIndependent):
            publishing.let_go(session, [row.reference], WHY, by=senior, at=NOON)

    def test_a_first_key_lapses(self, session, twenty_held):
        one, other = keys(session)
        late = NOON + policy.BULK_KEY_WAITS
        publishing.let_go(session, twenty_held[:1], WHY, by=one, at=NOON)
        assert held(session, at=late)[0].first == ""
        assert publishing.let_go(session, twenty_held[:1], WHY, by=other, at=late) == publishing.Turned(1, 0)

    def test_a_first_key_needs_a_reason(self, session, twenty_held):
        with pytest.raises(InvalidAnswer):
            publishing.let_go(session, twenty_held, "ok", by=keys(session)[0], at=NOON)

    def test_nothing_and_too_much_are_refused_with_words(self, session, twenty_held):
        for references in ([], [uuid.uuid4() for _ in range(101)]):
            with pytest.raises(InvalidAnswer):
                publishing.let_go(session, references, WHY, by=keys(session)[0], at=NOON)
        with pytest.raises(NotFound):
            publishing.let_go(session, [uuid.uuid4()], WHY, by=keys(session)[0], at=NOON)

    def test_both_keys_are_on_the_record(self, session, twenty_held):
        one, other = keys(session)
        publishing.let_go(session, twenty_held[:1], WHY, by=one, at=NOON)
        publishing.let_go(session, twenty_held[:1], "", by=other, at=NOON)
        acts = [row.action for row in audit.newest(session, limit=9, subject=f"listing:{twenty_held[0]}")]
        assert sorted(acts) == ["first key to let go", "held entry let go"]
        assert [row.detail for row in audit.newest(session, limit=9, subject="release")] == [{"unfit": 0, "growth": 20}]


class TestWhatEnds:
    def test_delisting_a_held_entry_takes_it_from_the_hold_without_a_tombstone(self, session, first):
        last = builders.listed(session, "https://last.test/offer").listing
        row = session.scalars(select(Listing).where(Listing.reference == last)).one()
        session.add(HeldEntry(listing_id=row.id, because=HeldBecause.GROWTH, reason="x", held_at=NOON))
        session.flush()
        publishing.release(session, at=NOON)
        assert [one.listing for one in held(session)] == [last]
        reviewing.delist(session, last, "It was a mistake after all.", by=builders.person(session), at=NOON)
        assert last not in [one.listing for one in held(session)]
        assert publishing.release(session, at=NOON) is None
        with pytest.raises(IllegalTransition):
            publishing.let_go(session, [last], WHY, by=keys(session)[0], at=NOON)

    def test_its_time_runs_on_and_it_expires_like_any_other(self, session, twenty_held):
        row = session.scalars(select(Listing).where(Listing.reference == twenty_held[0])).one()
        publishing.expire(session, at=row.expires_at)
        session.expire_all()
        row = session.scalars(select(Listing).where(Listing.reference == twenty_held[0])).one()
        assert (row.ended_because, row.released_in, row.withdrawn_in) == ("expired", None, None)
        assert row.reference not in [one.listing for one in held(session)]

    def test_what_was_let_go_and_delisted_later_leaves_a_tombstone(self, session, twenty_held):
        one, other = keys(session)
        publishing.let_go(session, twenty_held[:1], WHY, by=one, at=NOON)
        publishing.let_go(session, twenty_held[:1], "", by=other, at=NOON)
        publishing.release(session, at=NOON)
        session.execute(update(Listing).where(Listing.reference == twenty_held[0]).values(ended_at=NOON, ended_because="delisted"))
        number = publishing.release(session, at=NOON)
        assert [change.old.reference for change in publishing.changes(session, number)] == [twenty_held[0]]


class TestAlarms:
    def said(self, session, *, at=NOON):
        return [sentence % numbers for sentence, numbers in publishing.alarms(session, at=at)]

    def test_a_quiet_list_calls_nobody(self, session, first):
        publishing.release(session, at=NOON)
        assert self.said(session) == []

    def test_held_entries_call_somebody(self, session, twenty_held):
        assert self.said(session) == ["20 entries are held back from the list."]

    def test_an_empty_list_is_published_and_calls_somebody(self, session, first):
        publishing.release(session, at=NOON)
        reviewing.delist(session, first.listing, "The owner took it down.", by=builders.person(session), at=NOON)
        assert publishing.release(session, at=NOON) == 2
        assert self.said(session) == ["The list is empty; a day ago it had 1 entries."]

    def test_a_list_that_lost_much_is_published_and_calls_somebody(self, session, first):
        more(session, 19)
        publishing.release(session, at=NOON)
        session.execute(update(Listing).where(Listing.host.like("made_.test")).values(ended_at=NOON, ended_because="delisted"))
        assert publishing.release(session, at=NOON) == 2
        assert self.said(session) == ["The list lost much in a day: it had 20 entries, now 10."]
        assert self.said(session, at=NOON + DAY) == []
