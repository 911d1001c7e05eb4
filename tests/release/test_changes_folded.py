"""Changes of many releases told as one: what came and went is not told, and nothing is told of that is not there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.release.folding import fold
from moderation import reviewing
from moderation.vocabulary import Scope
from tests import builders
from tests.release.story import PAGE, WHY, kinds


class TestFolding:
    @pytest.mark.long
    def test_what_came_and_went_is_nothing(self, story):
        since = story.release()
        listing = story.list(PAGE)
        story.release()
        story.delist(listing)
        assert story.between(since, story.release()) == []

    @pytest.mark.long
    def test_what_came_and_was_narrowed_only_came(self, story):
        since = story.release()
        listing = story.list("https://jobs.test/offer", Scope.DOMAIN)
        story.release()
        story.narrow(listing, "https://jobs.test/offer")
        assert kinds(story.between(since, story.release())) == [("add", "https://jobs.test/offer")]

    @pytest.mark.long
    def test_what_was_narrowed_and_then_delisted_is_a_removal_of_what_the_consumer_carries(self, story):
        listing = story.list("https://jobs.test/offer", Scope.DOMAIN)
        since = story.release()
        narrower = story.narrow(listing, "https://jobs.test/offer")
        story.release()
        story.delist(narrower)
        assert kinds(story.between(since, story.release())) == [("remove", "jobs.test")]

    @pytest.mark.long
    def test_what_went_and_came_again_is_both_and_the_removal_comes_first(self, story):
        listing = story.list(PAGE)
        since = story.release()
        story.delist(listing)
        story.release()
        story.list(PAGE)
        assert kinds(story.between(since, story.release())) == [("remove", PAGE), ("add", PAGE)]

    @pytest.mark.long
    def test_what_ended_before_any_release_leaves_no_tombstone_and_still_gives_way(self, story):
        """Narrowed twice between two releases: the consumer sees one change, from what it carries."""
        listing = story.list("https://www.jobs.test/jobs/offer", Scope.DOMAIN)
        since = story.release()
        with story.database.transaction() as session:
            chosen = builders.target("https://www.jobs.test/jobs/offer", Scope.HOST)
            host = reviewing.narrow(session, listing, chosen, WHY, by=builders.person(session), at=story.at).listing
        story.narrow(host, "https://www.jobs.test/jobs/offer")
        (line,) = story.between(since, story.release())
        assert (line["type"], line["replaces"]["target"]) == ("change", "jobs.test")


REFERENCES = st.sampled_from("abcdef")


@given(acts=st.lists(st.tuples(st.sampled_from(["add", "remove", "change"]), REFERENCES, REFERENCES), max_size=30), cut=st.integers(0, 30))
def test_folding_in_two_steps_or_one_is_the_same_and_never_tells_of_what_is_not_there(acts, cut):
    living, lines = set(), []
    for number, (kind, which, other) in enumerate(acts):
        fields = {"kind": "domain", "scope": "host", "host": which, "target": which}
        if kind == "add" and which not in living:
            living.add(which)
            lines.append({"type": "add", "reference": which, **fields, "left_out": [], "number": number})
        elif kind == "remove" and which in living:
            living.remove(which)
            lines.append({"type": "remove", "reference": which, **fields, "because": "delisted"})
        elif kind == "change" and which in living and other not in living:
            living = living - {which} | {other}
            gone = {"replaces": {"reference": which, **fields}, "because": "narrowed"}
            lines.append({"type": "change", "reference": other, **fields, "target": other, "host": other, "left_out": [], **gone})
    first, second = lines[:cut], lines[cut:]
    assert fold([*fold(first), *second]) == fold(lines)
    carried = held_after(set(), fold(first))
    assert held_after(carried, fold(second)) == living


def held_after(carried, changes):
    gone = {line["reference"] if line["type"] == "remove" else line["replaces"]["reference"] for line in changes if line["type"] != "add"}
    assert gone <= carried
    return carried - gone | {line["reference"] for line in changes if line["type"] != "remove"}
