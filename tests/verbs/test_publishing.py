"""Releases: numbered one by one, made of what changed, and never of what was rolled back."""

from dataclasses import astuple
from datetime import timedelta

import pytest
from sqlalchemy import select

from moderation import audit, policy, publishing
from moderation.models import AuditRecord, Case, ChangeLog, Listing, Release
from moderation.states import State
from moderation.vocabulary import Scope
from tests import builders
from tests.builders import NOON
from tests.verbs.releases import brief, changes, delist, listed_at, site

HOUR = timedelta(hours=1)


class TestNumbers:
    def test_the_first_release_has_number_one_even_of_an_empty_list(self, session):
        assert publishing.release(session, at=NOON) == 1
        assert listed_at(session, 1) == []

    def test_numbers_rise_by_one_with_each_change(self, session):
        for number in (1, 2, 3):
            builders.listed(session, site(number))
            assert publishing.release(session, at=NOON) == number

    def test_two_releases_of_one_moment_can_be_told_apart_by_their_seconds(self, session):
        moments = []
        for number in range(3):
            brief(session, site(number))
            publishing.release(session, at=NOON)
            moments.append(publishing.newest(session).published_at)
        assert moments == [NOON, NOON + timedelta(seconds=1), NOON + timedelta(seconds=2)]

    @pytest.mark.long
    def test_many_in_a_row_come_in_order_and_hardly_ahead_of_the_clock(self, session):
        moments = []
        for number in range(100):
            at = NOON + timedelta(milliseconds=20 * number)
            publishing.release(session, at=at, anyway=True)
            moments.append(publishing.newest(session).published_at)
            assert moments[-1] - at <= policy.RELEASES_RUN_AHEAD
        assert moments == sorted(moments)
        # A clock that is put right by some seconds meanwhile turns nothing round either.
        publishing.release(session, at=NOON - timedelta(seconds=5), anyway=True)
        assert publishing.newest(session).published_at == moments[-1]

    def test_a_clock_that_was_set_back_makes_no_release_of_tomorrow(self, session):
        publishing.release(session, at=NOON + timedelta(days=1))
        brief(session)
        publishing.release(session, at=NOON)
        assert publishing.newest(session).published_at == NOON

    def test_where_nothing_changed_there_is_nothing_to_do(self, session):
        builders.listed(session)
        assert publishing.release(session, at=NOON) == 1
        assert publishing.release(session, at=NOON + HOUR) is None

    def test_without_a_change_a_release_is_still_made_in_time(self, session):
        publishing.release(session, at=NOON)
        assert publishing.release(session, at=NOON + policy.RELEASE_HEARTBEAT - timedelta(seconds=1)) is None
        assert publishing.release(session, at=NOON + policy.RELEASE_HEARTBEAT) == 2

    def test_a_release_is_valid_a_day_at_most(self, session):
        publishing.release(session, at=NOON)
        assert publishing.newest(session).valid_until == NOON + timedelta(hours=24)

    def test_a_release_carries_the_newest_seal_and_so_the_acts_behind_it(self, session):
        builders.listed(session)
        publishing.release(session, at=NOON)
        unsealed = select(AuditRecord.action).where(AuditRecord.action != "release made")
        assert publishing.newest(session).seal_digest == audit.newest_seal(session)
        assert audit.verify(session).rows == len(session.scalars(unsealed).all())


class TestChanges:
    def test_an_addition_is_copied_whole_into_the_log(self, session):
        decided = builders.listed(session, site(1), Scope.DOMAIN)
        publishing.release(session, at=NOON + HOUR)
        row, listing = session.scalars(select(ChangeLog)).one(), session.scalars(select(Listing)).one()
        assert (row.action, row.listing_reference, row.because) == ("add", str(decided.listing), "")
        for name in ("kind", "scope", "target", "host", "category", "territories", "expires_at"):
            assert getattr(row, name) == getattr(listing, name)
        assert row.listed_at == listing.starts_at

    def test_a_delisting_is_in_the_next_release_with_its_cause(self, session):
        decided = builders.listed(session, site(1))
        publishing.release(session, at=NOON)
        delist(session, decided)
        assert publishing.release(session, at=NOON) == 2
        row = session.scalars(select(ChangeLog).where(ChangeLog.release_number == 2)).one()
        assert (row.action, row.target, row.because) == ("remove", site(1), "delisted")

    def test_what_ended_before_any_release_never_appears(self, session):
        publishing.release(session, at=NOON)
        delist(session, builders.listed(session))
        assert publishing.release(session, at=NOON) is None
        assert session.scalars(select(ChangeLog)).all() == []

    def test_expiry_ends_the_listing_and_its_case_and_is_written_down(self, session):
        decided = brief(session)
        publishing.release(session, at=NOON)
        ends = NOON + timedelta(days=10)
        assert publishing.release(session, at=ends) == 2
        listing, case = session.scalars(select(Listing)).one(), session.scalars(select(Case)).one()
        assert (listing.ended_at, listing.ended_because, case.state, case.closed_at) == (ends, "expired", State.EXPIRED, ends)
        assert changes(session, 2) == [("remove", site(1))]
        acts = session.scalars(select(AuditRecord.action).where(AuditRecord.subject == f"listing:{decided.listing}")).all()
        assert acts == ["listing began", "listing ended"]

    def test_nothing_expires_a_moment_too_soon(self, session):
        brief(session)
        publishing.release(session, at=NOON + timedelta(days=10) - timedelta(seconds=1))
        assert session.scalars(select(Listing.ended_at)).one() is None

    def test_when_many_expire_at_once_the_rest_follow_in_the_next_release(self, session, monkeypatch):
        monkeypatch.setattr("moderation.publishing.releases.EXPIRE_AT_ONCE", 2)
        for number in range(3):
            brief(session, site(number))
        publishing.release(session, at=NOON)
        ends = NOON + timedelta(days=10)
        assert [publishing.release(session, at=ends) for _ in range(3)] == [2, 3, None]
        assert publishing.newest(session).entries == 0

    def test_a_case_that_expired_opens_anew_for_the_next_report(self, session):
        brief(session)
        publishing.release(session, at=NOON + timedelta(days=10))
        assert builders.case(session, site(1)).state == State.WAITING


class TestEntries:
    def test_each_number_keeps_the_state_it_had(self, session):
        first = builders.listed(session, site(1))
        publishing.release(session, at=NOON)
        builders.listed(session, site(2))
        publishing.release(session, at=NOON)
        delist(session, first)
        assert listed_at(session, 2) == [site(1), site(2)]
        publishing.release(session, at=NOON)
        assert [listed_at(session, number) for number in (1, 2, 3)] == [[site(1)], [site(1), site(2)], [site(2)]]

    def test_the_counts_of_a_release_agree_with_its_entries(self, session):
        decided = [builders.listed(session, site(number)) for number in range(4)]
        publishing.release(session, at=NOON)
        for one in decided[:3]:
            delist(session, one)
        builders.listed(session, site(9))
        publishing.release(session, at=NOON)
        seen = publishing.newest(session)
        assert (seen.entries, seen.added, seen.removed) == (2, 1, 3)
        assert len(listed_at(session, 2)) == 2

    def test_entries_come_in_the_order_of_their_octets(self, session):
        texts = ["https://b.test/x", "https://a.test/Z", "https://a.test/a", "https://a.test/%C3%A9"]
        for one in texts:
            builders.listed(session, one)
        publishing.release(session, at=NOON)
        assert listed_at(session, 1) == sorted(texts)

    def test_a_target_that_is_listed_anew_is_one_entry(self, session):
        delist(session, builders.listed(session, site(1)))
        publishing.release(session, at=NOON)
        builders.listed(session, site(1))
        publishing.release(session, at=NOON)
        assert listed_at(session, publishing.newest(session).number) == [site(1)]

    def test_the_log_told_from_the_start_gives_every_state(self, session):
        for number in range(3):
            decided = builders.listed(session, site(number))
            publishing.release(session, at=NOON)
            if number < 2:
                delist(session, decided)
        living: set[str] = set()
        for number in range(1, publishing.newest(session).number + 1):
            for action, target in changes(session, number):
                (living.add if action == "add" else living.remove)(target)
            assert living == set(listed_at(session, number))


class TestWriting:
    def test_the_newest_is_what_is_left_to_write(self, session):
        for number in (1, 2):
            builders.listed(session, site(number))
            publishing.release(session, at=NOON)
        assert publishing.newest_unwritten(session).number == 2
        publishing.mark_written(session, 2, at=NOON)
        assert publishing.newest_unwritten(session) is None

    def test_the_time_of_writing_is_noted_once(self, session):
        publishing.release(session, at=NOON)
        publishing.mark_written(session, 1, at=NOON)
        publishing.mark_written(session, 1, at=NOON + HOUR)
        session.expire_all()
        assert session.scalars(select(Release.written_at)).one() == NOON


@pytest.mark.long
def test_a_name_comes_right_before_all_that_is_below_it(session):
    # A look-alike sorts between a name and its own where dots count as letters; formats that hold one name at a time rely on this.
    for name in ("my-evil.test", "www.evil.test", "aevil.test"):
        builders.listed(session, f"https://{name}/offer", Scope.HOST if name.count(".") > 1 else Scope.DOMAIN)
    builders.listed(session, "https://a.www.evil.test/offer", Scope.PAGE)
    builders.listed(session, "https://evil.test/offer", Scope.DOMAIN)
    publishing.release(session, at=NOON)
    listed = listed_at(session, 1)
    assert listed == ["evil.test", "www.evil.test", "https://a.www.evil.test/offer", "my-evil.test", "aevil.test"]


def test_an_entry_says_nothing_of_who_decided(session):
    builders.listed(session)
    publishing.release(session, at=NOON)
    (entry,) = publishing.entries(session, 1)
    people = {person for row in session.scalars(select(Listing)) for person in (row.first_id, row.second_id)}
    assert people.isdisjoint(value for value in astuple(entry) if isinstance(value, int))
