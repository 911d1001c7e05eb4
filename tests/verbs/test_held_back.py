"""What a release holds back: never a removal, each entry with its reason, until two people let it go."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from moderation import audit, growth, lookup, policy, publishing, resources, reviewing
from moderation.errors import IllegalTransition, InvalidAnswer, NotAllowed, NotFound, NotIndependent
from moderation.models import HeldEntry, Listing, Release, Report
from moderation.vocabulary import HeldBecause, Role, Scope
from tests import builders
from tests.builders import NOON
from tests.verbs.together import all_at_once

WHY = "A network of recruiters was found; each page was looked at."
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def first(session):
    return builders.listed(session, "https://first.test/offer")


def more(session, number, *, at=NOON, of="made", like="https://first.test/offer"):
    """So many listings that came past the desk's own limit, copied from one that went through its seats."""
    one = session.scalars(select(Listing).where(Listing.target == like)).one()
    told = {column.name: getattr(one, column.name) for column in Listing.__table__.columns if column.name not in ("id", "released_in")}
    for each in range(number):
        made = {"reference": uuid.uuid4(), "target": f"https://{of}{each}.test/{at:%d%H%M}", "host": f"{of}{each}.test", "starts_at": at}
        session.add(Listing(**{**told, **made, "expires_at": at + timedelta(days=9), "review_at": at + timedelta(days=9)}))
    session.flush()


def wide(session, name, **changes):
    """A host listing that no safeguard saw."""
    one = session.scalars(select(Listing).where(Listing.scope == Scope.HOST).limit(1)).one()
    told = {column.name: getattr(one, column.name) for column in Listing.__table__.columns if column.name not in ("id", "released_in")}
    row = Listing(**{**told, "reference": uuid.uuid4(), "target": name, "host": name, "domain": None, **changes})
    session.add(row)
    session.flush()
    return row


def entries(session):
    number = publishing.newest(session).number
    return {entry.target for entry in publishing.entries(session, number)}


def keys(session):
    return builders.person(session, Role.SENIOR), builders.person(session, Role.ADMIN)


def held(session, *, at=NOON):
    return publishing.held(session, at=at)


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
