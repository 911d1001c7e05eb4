"""What a release holds back: never a removal, each entry with its reason, until two people let it go."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from moderation import growth, lookup, policy, publishing, resources, reviewing
from moderation.errors import IllegalTransition
from moderation.models import HeldEntry, Listing
from moderation.vocabulary import HeldBecause, Scope
from tests import builders
from tests.builders import NOON
from tests.verbs.held import WHY, entries, held, keys, more, wide
from tests.verbs.together import all_at_once

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class TestGrowth:
    def test_the_first_twenty_five_go_out_and_the_rest_is_held_entry_by_entry(self, session, first):
        more(session, 40)
        publishing.release(session, at=NOON)
        seen = publishing.newest(session)
        assert (seen.entries, seen.added, len(entries(session)), len(held(session))) == (25, 25, 25, 16)
        assert {one.because for one in held(session)} == {HeldBecause.GROWTH}
        assert held(session)[0].numbers == {"most": 25, "room": 25, "waiting": 41}

    def test_what_was_decided_first_goes_out(self, session, first):
        more(session, 40)
        publishing.release(session, at=NOON)
        assert "https://first.test/offer" in entries(session)
        assert held(session)[0].target.startswith("https://made24.")

    def test_what_is_held_is_in_no_release_and_asks_for_none(self, session, first):
        more(session, 40)
        publishing.release(session, at=NOON)
        assert publishing.release(session, at=NOON + HOUR) is None
        assert session.scalars(select(Listing.released_in).join(HeldEntry, HeldEntry.listing_id == Listing.id)).all() == [None] * 16

    def test_whoever_looks_it_up_is_told_that_it_is_held(self, session, first):
        more(session, 30)
        publishing.release(session, at=NOON)
        waiting = held(session)[0].target
        for address, is_held in (("https://first.test/offer", False), (waiting, True)):
            (resource,) = resources.parse(address, text_digest=str)
            assert lookup.covering(session, resource, at=NOON).is_held is is_held

    def test_it_does_not_trickle_out_the_next_day(self, session, first):
        more(session, 40)
        publishing.release(session, at=NOON)
        publishing.release(session, at=NOON + DAY + HOUR)
        assert publishing.newest(session).entries == 25

    def test_a_day_of_small_releases_is_a_day_too(self, session, first):
        for hour in range(4):
            more(session, 8, at=NOON + hour * HOUR, of=f"hour{hour}x")
            publishing.release(session, at=NOON + hour * HOUR)
        assert (publishing.newest(session).entries, publishing.held_count(session)) == (25, 8)
        more(session, 3, at=NOON + DAY + HOUR, of="tomorrow")
        publishing.release(session, at=NOON + DAY + HOUR)
        assert publishing.newest(session).entries == 28

    def test_many_releases_of_one_moment_bring_no_more_than_one(self, session, first):
        publishing.release(session, at=NOON)
        for of in ("second", "third"):
            more(session, 24, of=of)
            publishing.release(session, at=NOON)
        assert (publishing.newest(session).entries, publishing.held_count(session)) == (25, 24)

    @pytest.mark.long
    def test_a_long_list_grows_by_a_twentieth(self, session, first):
        more(session, 599, at=NOON - 3 * DAY, of="old")
        let_all_go(session, at=NOON - 2 * DAY)
        more(session, 40)
        publishing.release(session, at=NOON)
        assert (publishing.newest(session).entries, publishing.held_count(session)) == (630, 10)

    def test_what_two_people_allowed_before_is_not_held(self, session, first):
        one, other = keys(session)
        reference = uuid.uuid4()
        growth.ask(session, WHY, 60, reference=reference, by=one, at=NOON - policy.BULK_DELAY)
        growth.agree(session, reference, by=other, at=NOON - policy.BULK_DELAY)
        more(session, 40)
        publishing.release(session, at=NOON)
        assert (publishing.newest(session).entries, publishing.held_count(session)) == (41, 0)

    def test_one_release_brings_no_more_than_its_own_bound(self, session, first, monkeypatch):
        monkeypatch.setattr(policy, "RELEASE_ADDITIONS_MOST", 10)
        more(session, 30)
        publishing.release(session, at=NOON)
        assert (publishing.newest(session).entries, publishing.held_count(session)) == (10, 21)

    def test_a_narrowing_is_no_growth_and_covers_for_nothing_else(self, session, first):
        wider = builders.listed(session, "https://jobs.test/offer", Scope.DOMAIN)
        more(session, policy.BULK_ENTRIES - 2)
        publishing.release(session, at=NOON)
        by = builders.person(session)
        reviewing.narrow(session, wider.listing, builders.target("https://jobs.test/offer"), WHY, by=by, at=NOON)
        more(session, 1, of="late", like="https://jobs.test/offer")
        publishing.release(session, at=NOON)
        assert "https://jobs.test/offer" in entries(session)
        assert [one.target for one in held(session)] == ["https://late0.test/241200"]

    def test_removals_go_out_while_additions_are_held(self, session, first):
        builders.listed(session, "https://other.test/offer")
        publishing.release(session, at=NOON)
        more(session, 40, like="https://other.test/offer")
        reviewing.delist(session, first.listing, "The owner took it down.", by=builders.person(session), at=NOON)
        publishing.release(session, at=NOON)
        seen = publishing.newest(session)
        assert (seen.added, seen.removed, "https://first.test/offer" in entries(session)) == (23, 1, False)


def let_all_go(session, *, at):
    """The list as it was long before: released, with keys for what was more than a day may bring."""
    one, other = keys(session)
    publishing.release(session, at=at)
    while waiting := [seen.listing for seen in publishing.held(session, at=at)]:
        publishing.let_go(session, waiting, WHY, by=one, at=at)
        publishing.let_go(session, waiting, "", by=other, at=at)
    publishing.release(session, at=at)


class TestUnfit:
    @pytest.fixture
    def host(self, session):
        return builders.listed(session, "https://www.jobs.test/offer", Scope.HOST)

    @pytest.mark.long
    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("github.io", "public suffix list"),
            ("co.uk", "public suffix list"),
            ("amazonaws.com", "platform's own name"),
            ("list.example", "must always resolve"),
            (".".join(["a" * 60] * 5), "not a name"),
        ],
    )
    def test_what_may_never_go_out_is_held_with_its_reason_and_the_rest_goes_out(self, session, host, name, said):
        wide(session, name)
        publishing.release(session, list_name="list.example", at=NOON)
        assert entries(session) == {"www.jobs.test"}
        (one,) = held(session)
        assert (one.target, one.because, said in one.reason) == (name, HeldBecause.UNFIT, True)

    def test_onion_services_are_no_names_of_the_dns_and_go_out(self, session, host):
        wide(session, "a" * 56 + ".onion")
        publishing.release(session, list_name="list.example", at=NOON)
        assert publishing.newest(session).entries == 2

    def test_an_address_that_is_too_long_is_held(self, session, first):
        more(session, 1)
        one = session.scalars(select(Listing).order_by(Listing.id.desc()).limit(1)).one()
        like = {column.name: getattr(one, column.name) for column in Listing.__table__.columns if column.name != "id"}
        session.add(Listing(**{**like, "reference": uuid.uuid4(), "target": "https://long.test/" + "a" * policy.ADDRESS_LIMIT}))
        session.flush()
        publishing.release(session, at=NOON)
        assert [one.reason for one in held(session)] == ["It is longer than any address that is listed."]

    def test_no_key_lets_it_go_and_the_sentence_says_what_to_do(self, session, host):
        row = wide(session, "github.io")
        publishing.release(session, at=NOON)
        with pytest.raises(IllegalTransition, match=r"github\.io may never go out"):
            publishing.let_go(session, [row.reference], WHY, by=keys(session)[0], at=NOON)

    def test_the_table_itself_refuses_keys_for_it(self, session, host):
        wide(session, "github.io")
        publishing.release(session, at=NOON)
        with pytest.raises(IntegrityError, match="only_growth_is_let_go"):
            session.execute(update(HeldEntry).values(first_id=keys(session)[0].person_id, first_at=NOON, why=WHY))

    def test_it_goes_out_by_itself_where_the_rules_allow_it_by_now(self, session, host):
        wide(session, "list.example")
        publishing.release(session, list_name="list.example", at=NOON)
        publishing.release(session, list_name="other.example", at=NOON)
        assert (entries(session), publishing.held_count(session)) == ({"www.jobs.test", "list.example"}, 0)

    def test_then_it_is_held_again_where_the_list_would_grow_too_fast(self, session, host, monkeypatch):
        wide(session, "list.example")
        publishing.release(session, list_name="list.example", at=NOON)
        monkeypatch.setattr(policy, "BULK_ENTRIES", 1)
        publishing.release(session, list_name="other.example", at=NOON)
        assert [(one.target, one.because) for one in held(session)] == [("list.example", HeldBecause.GROWTH)]


def test_a_release_that_runs_beside_another_holds_nothing_twice(database):
    with database.transaction() as session:
        builders.listed(session, "https://first.test/offer")
        more(session, 40)

    def release():
        with database.transaction() as session:
            return publishing.release(session, at=NOON)

    made = all_at_once([release] * 4)
    with database.reading() as session:
        assert sorted(made, key=str) == [1, None, None, None]
        assert (publishing.newest(session).entries, publishing.held_count(session)) == (25, 16)
