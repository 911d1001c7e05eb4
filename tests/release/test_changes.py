"""What each release changed, on disk: an earlier full state and the changes after it make any later one, in every format."""

import gzip
import uuid
from dataclasses import replace

import orjson
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as told
from hypothesis import strategies as st

from app.release import write_changes
from app.release.deltas import Deltas
from app.release.newest import DiskAheadError, header_of
from moderation import formats, policy, publishing
from moderation.vocabulary import Scope
from tests import builders
from tests.builders import NOON
from tests.release.story import A_MINUTE, PAGE, Story, kinds, require_every_state

LONG = ".".join(["a" * 60, "b" * 60, "c" * 60, "d" * 40]) + ".test"
"""With some letters before it, a name that fits the DNS and not a policy zone."""

PLACES = [
    ("https://{}.test/offer?id=7", Scope.PAGE),
    ("https://{}.test/jobs/", Scope.PATH),
    ("https://{}.test/offer", Scope.DOMAIN),
    ("https://www.{}.test/offer", Scope.HOST),
    ("https://www.{}.test/offer", Scope.DOMAIN),
    ("https://{}.test/a*b", Scope.PAGE),
    ("https://bücher-{}.test/", Scope.DOMAIN),
    ("https://x{}." + LONG + "/", Scope.HOST),
    ("https://{}.list.example/offer", Scope.HOST),
    ("https://allowtest.list.example/{}", Scope.PAGE),
]

ACTS = st.one_of(
    st.tuples(st.just("list"), st.integers(0, len(PLACES) - 1), st.integers(0, 2)),
    st.tuples(st.just("delist"), st.integers(0, 9), st.just(0)),
    st.tuples(st.just("narrow"), st.integers(0, 9), st.just(0)),
    st.tuples(st.just("release"), st.just(0), st.just(0)),
)


def act(story, living, act_, which, name, *, stem):
    if act_ == "release":
        story.release()
    elif act_ == "list":
        text, scope = PLACES[which]
        text = text.format(f"{stem}{name}")
        target = builders.target(text, scope)
        if all(target != other and text != reported for other, _, reported in living):
            living.append((target, story.list(text, scope), text))
    elif living:
        target, listing, text = living.pop(which % len(living))
        if act_ == "narrow" and target.scope is not Scope.PAGE and builders.target(text) not in [other for other, _, _ in living]:
            living.append((builders.target(text), story.narrow(listing, text), text))
        else:
            story.delist(listing)


@pytest.mark.long
@told(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=st.lists(ACTS, min_size=4, max_size=10))
@example(acts=[("list", 2, 0), ("list", 4, 1), ("release", 0, 0), ("list", 3, 0), ("release", 0, 0), ("delist", 0, 0)])
@example(acts=[("list", 3, 0), ("list", 2, 0), ("release", 0, 0), ("delist", 1, 0), ("release", 0, 0), ("list", 2, 0), ("release", 0, 0)])
@example(acts=[("list", 3, 0), ("release", 0, 0), ("narrow", 0, 0), ("list", 3, 0), ("release", 0, 0), ("narrow", 0, 0), ("delist", 0, 0)])
def test_any_full_state_is_an_earlier_one_and_the_changes_after_it(database, settings, acts):
    story, living, stem = Story(database, settings), [], f"n{uuid.uuid4().hex[:8]}"
    story.release()
    for one, which, name in acts:
        act(story, living, one, which, name, stem=stem)
    story.release()
    for _, listing, _ in living:
        story.delist(listing)
    story.release()
    require_every_state(story)


class TestOneRelease:
    @pytest.mark.long
    def test_an_addition_has_the_fields_of_an_entry_and_says_what_leaves_it_out(self, story):
        story.release()
        story.list(f"https://far-too-long.{LONG}/", Scope.HOST)
        number = story.release()
        (line,) = story.lines(number)
        entry = next(one for one in map(orjson.loads, story.states[number]["feed.jsonl"]) if not one["is_test"])
        assert {**line, "type": "entry"} == {**entry, "left_out": ["rpz.zone"]}

    @pytest.mark.long
    def test_a_tombstone_names_what_left_and_why(self, story):
        listing = story.list(PAGE)
        story.release()
        story.delist(listing)
        (line,) = story.lines(story.release())
        named = {"kind": "web_page", "scope": "page", "target": PAGE, "host": "jobs.test"}
        assert line == {"type": "remove", "reference": str(listing), **named, "because": "delisted"}

    @pytest.mark.long
    def test_a_narrowing_is_one_change(self, story):
        listing = story.list("https://jobs.test/offer", Scope.DOMAIN)
        story.release()
        narrower = story.narrow(listing, "https://jobs.test/offer")
        (line,) = story.lines(story.release())
        assert (line["type"], line["target"], line["reference"]) == ("change", "https://jobs.test/offer", str(narrower))
        assert (line["replaces"]["reference"], line["replaces"]["target"], line["because"]) == (str(listing), "jobs.test", "narrowed")

    @pytest.mark.long
    def test_the_header_says_from_where_to_where_and_counts_the_lines(self, story):
        story.release()
        story.list(PAGE)
        story.list("https://other.test/offer")
        head, *lines = map(orjson.loads, story.deltas.file(story.release()).read_bytes().splitlines())
        assert (head["type"], head["from"], head["to"], head["serial"], head["lines"], len(lines)) == ("header", 1, 2, 2, 2, 2)
        assert (head["list_name"], head["valid_until"]) == ("list.example", "2026-11-25T12:02:00Z")

    @pytest.mark.long
    def test_what_no_format_may_carry_never_comes_and_never_goes(self, story):
        story.release()
        listing = story.list("https://allowtest.list.example/offer")
        came = story.lines(story.release())
        story.delist(listing)
        assert (came, story.lines(story.release())) == ([], [])

    @pytest.mark.long
    def test_the_packed_copy_holds_the_same_and_no_time_of_its_own(self, story):
        story.release()
        story.list(PAGE)
        number = story.release()
        packed = story.deltas.packed(number).read_bytes()
        assert (gzip.decompress(packed), packed[4:8]) == (story.deltas.file(number).read_bytes(), bytes(4))

    @pytest.mark.long
    def test_the_same_release_is_written_to_the_same_octets(self, story):
        story.release()
        for number in range(3):
            story.list(f"https://site{number}.test/offer")
        number = story.release()
        before = story.deltas.file(number).read_bytes()
        with story.database.reading() as session:
            story.deltas.write(header_of(publishing.newest(session), story.settings), publishing.changes(session, number))
        assert story.deltas.file(number).read_bytes() == before


class TestNamesAboveOthers:
    """Squid warns of a name beside its parent: a file that leaves out what is covered says so, and says it when that ends."""

    COVERING = sorted(form.FILE_NAME for form in formats.installed() if form.LEAVES_OUT_COVERED)

    @pytest.mark.long
    def test_a_name_that_comes_below_a_listed_one_is_left_out_of_them(self, story):
        story.list("https://jobs.test/offer", Scope.DOMAIN)
        story.release()
        story.list("https://www.jobs.test/offer", Scope.HOST)
        (line,) = story.lines(story.release())
        assert (line["type"], sorted(line["left_out"])) == ("add", self.COVERING)

    @pytest.mark.long
    def test_a_listed_name_is_told_of_when_one_above_it_comes_and_when_it_goes(self, story):
        story.list("https://www.jobs.test/offer", Scope.HOST)
        story.release()
        above = story.list("https://jobs.test/offer", Scope.DOMAIN)
        came = story.lines(story.release())
        story.delist(above)
        went = story.lines(story.release())
        told = [(line["type"], line["target"], sorted(line.get("left_out", ()))) for line in [*came, *went]]
        covered, free = ("change", "www.jobs.test", self.COVERING), ("change", "www.jobs.test", [])
        assert told == [covered, ("add", "jobs.test", []), ("remove", "jobs.test", []), free]

    @pytest.mark.long
    def test_a_look_alike_is_not_below(self, story):
        story.list("https://ejobs.test/offer", Scope.DOMAIN)
        story.list("https://www.jobs-test.test/offer", Scope.HOST)
        story.release()
        story.list("https://jobs.test/offer", Scope.DOMAIN)
        assert kinds(story.lines(story.release())) == [("add", "jobs.test")]


class TestTheChain:
    def test_it_begins_at_the_first_release_that_is_written(self, story):
        story.list(PAGE)
        story.release()
        chain = story.deltas.chain()
        assert (chain.oldest, chain.serial) == (1, 1)

    @pytest.mark.long
    def test_releases_that_were_made_while_nobody_wrote_have_their_changes_too(self, story):
        story.release()
        for number in range(3):
            story.list(f"https://site{number}.test/offer")
            with story.database.transaction() as session:
                publishing.release(session, at=story.at)
        write_changes(story.database, story.settings, story.at)
        assert [len(story.lines(number)) for number in (2, 3, 4)] == [1, 1, 1]

    @pytest.mark.long
    def test_what_is_older_than_is_kept_goes(self, story):
        story.release()
        for number in range(3):
            story.list(f"https://site{number}.test/offer")
            story.release()
        story.at += policy.CHANGES_KEPT - 2 * A_MINUTE
        story.release()
        chain = story.deltas.chain()
        assert (chain.oldest, chain.serial) == (3, 5)
        assert [story.deltas.file(number).exists() for number in range(1, 6)] == [False, False, True, True, True]

    @pytest.mark.long
    def test_it_begins_anew_where_the_rules_of_the_formats_changed(self, story, monkeypatch):
        story.release()
        story.list(PAGE)
        monkeypatch.setattr("app.release.changes.rules_of", lambda _: "other rules")
        number = story.release()
        assert (story.deltas.chain().oldest, story.deltas.chain().serial) == (number, number)
        story.list("https://other.test/offer")
        assert kinds(story.lines(story.release())) == [("add", "https://other.test/offer")]

    def test_another_list_name_is_another_set_of_rules(self, story):
        story.release()
        story.settings = replace(story.settings, list_name="other.example")
        story.list(PAGE)
        assert story.deltas.chain().oldest < story.release() == story.deltas.chain().oldest

    @pytest.mark.long
    def test_it_begins_anew_where_the_database_came_another_way_to_the_same_serial(self, story):
        story.release()
        story.deltas.reach(replace(story.deltas.chain(), made_at="2026-11-01T00:00:00+00:00"))
        story.list(PAGE)
        number = story.release()
        assert story.deltas.chain().oldest == number

    @pytest.mark.long
    def test_a_database_behind_the_disk_is_told_aloud(self, story):
        story.release()
        story.deltas.reach(replace(story.deltas.chain(), serial=9))
        with pytest.raises(DiskAheadError, match="Changes up to release 9"):
            write_changes(story.database, story.settings, story.at)

    @pytest.mark.long
    def test_a_writer_that_was_killed_before_the_chain_reached_is_no_harm(self, story):
        story.release()
        story.deltas.file(2).write_text("half a li")
        story.list(PAGE)
        story.release()
        assert kinds(story.lines(2)) == [("add", PAGE)]

    def test_written_again_it_stays_as_it_is(self, story):
        story.release()
        before = [(file.name, file.stat().st_mtime_ns) for file in sorted(story.deltas.folder.iterdir())]
        write_changes(story.database, story.settings, story.at)
        assert [(file.name, file.stat().st_mtime_ns) for file in sorted(story.deltas.folder.iterdir())] == before

    def test_the_changes_are_there_before_the_formats_are(self, story):
        story.release()
        story.list(PAGE)
        with story.database.transaction() as session:
            publishing.release(session, at=story.at)
        write_changes(story.database, story.settings, story.at)
        assert (story.deltas.chain().serial, (story.settings.data / "feed" / "current").readlink().name) == (2, "1")

    def test_others_on_the_machine_can_not_read_them(self, story):
        story.list(PAGE)
        story.release()
        story.release()
        assert all(file.stat().st_mode & 0o007 == 0 for file in story.deltas.folder.iterdir())


def test_before_any_release_there_are_no_changes(database, settings):
    assert write_changes(database, settings, NOON) is None
    assert Deltas(settings.data).chain() is None
