"""A release made from the one before and what changed is, octet by octet, the one that is written whole, in every format."""

import random
import shutil
from bisect import bisect_left
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as told
from hypothesis import strategies as st

from app.release import cutting, shards
from app.release.assembly import Assembly, write_release
from app.release.joining import DamagedError
from app.release.newest import bring_out
from app.release.packing import CODINGS
from app.release.renewing import Before, List, Renewal
from app.release.shelf import Shelf
from moderation import formats
from moderation.publishing import place
from tests.release.builders import header, host, listed, page, path
from tests.release.dying import assert_nothing_half, die_at, in_child, steps_at_random
from tests.release.unpacking import SUFFIX, UNPACK

FORMS = formats.installed()

LONG = ".".join(["a" * 60] * 4)
NAMES = [f"{label}.{name}" for name in ("evil.test", "my-evil.test", "shop.test") for label in ("a", "b.a", "www", "x-y")]
ENTRIES = [
    *(host(name) for name in ("evil.test", "my-evil.test", "shop.test", "github.io", "shop.github.io", LONG, "a.blocktest.list.example")),
    *(host(name) for name in NAMES),
    *(page(f"https://{name}/offer/{number}") for name in ("evil.test", *NAMES) for number in range(3)),
    *(path(f"https://{name}/jobs/") for name in NAMES[:4]),
    page("https://shop.test/a*b"),
    page("https://allowtest.list.example/"),
]
LISTED = [replace(entry, reference=listed("page", "", number=number + 1).reference) for number, entry in enumerate(ENTRIES)]


@pytest.fixture(autouse=True, scope="module")
def short_shards():
    """Shards of some entries, so that a short list has many."""
    with pytest.MonkeyPatch.context() as patch:
        for name, entries in (("LEAST", 3), ("ONE_IN", 3), ("MOST", 9)):
            patch.setattr(cutting, name, entries)
        yield


def in_order(entries):
    return sorted(entries, key=place)


def now(entries):
    """The list as a renewal reads it."""
    entries = in_order(entries)
    places = [place(entry) for entry in entries]

    def between(first, below):
        return entries[bisect_left(places, first) if first else 0 : bisect_left(places, below) if below else None]

    def above(entry):
        wide = (other for other in entries[: bisect_left(places, place(entry))] if other.scope.is_wide)
        return tuple(other for other in wide if entry.host == other.target or entry.host.endswith(f".{other.target}"))

    return List(between=between, above=above)


def written(folder, serial, entries):
    folder.mkdir()
    write_release(folder, header(serial=serial), in_order(entries), FORMS)
    return folder


def renewed(folder, before, serial, old, new):
    """The release of `new`, made from the folder that holds that of `old`; and how many shards were read."""
    changed = [place(entry) for entry in {*old} ^ {*new}]
    record = shards.read(before)
    renewal = Renewal(Before(folder=before, record=record, changed=changed), now(new))
    folder.mkdir()
    with Assembly(folder, header(serial=serial), FORMS) as assembly:
        renewal.put_into(assembly)
        assembly.finish()
    return folder


def octets(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def require_same(folder, other):
    one, another = octets(folder), octets(other)
    assert one.keys() == another.keys()
    assert [name for name in one if one[name] != another[name]] == []


@pytest.fixture
def room(tmp_path):
    """Empty folders, however often a test runs in one go."""
    made = iter(range(1_000_000))

    def fresh():
        return Path(tmp_path / str(next(made)))

    return fresh


@pytest.mark.long
@told(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    first=st.sets(st.sampled_from(range(len(LISTED))), min_size=4),
    changes=st.lists(st.sets(st.sampled_from(range(len(LISTED))), max_size=6), min_size=1, max_size=3),
)
@example(first=set(range(len(LISTED))), changes=[{0}, {0}, set()])
@example(first={*range(1, len(LISTED))}, changes=[{0, 3}, {3}])
def test_it_is_what_a_release_written_whole_is_and_so_is_the_one_after_it(room, first, changes):
    carried, serial = first, 1
    folder = written(room(), serial, [LISTED[number] for number in carried])
    for change in changes:
        old, carried, serial = carried, carried ^ change, serial + 1
        if not shards.read(folder).shards:
            break
        new = [LISTED[number] for number in carried]
        folder = renewed(room(), folder, serial, [LISTED[number] for number in old], new)
        whole = written(room(), serial, new)
        require_same(folder, whole)
        shutil.rmtree(whole)


def test_one_change_is_one_shard_or_two_of_many(room, monkeypatch):
    before = written(room(), 1, LISTED)
    read = []
    monkeypatch.setattr(Assembly, "add", lambda assembly, cut, add=Assembly.add: (read.append(len(cut.entries)), add(assembly, cut))[1])
    renewed(room(), before, 2, LISTED, LISTED[:-2] + LISTED[-1:])
    assert (len(shards.read(before).shards) > 10, len(read) <= 3) == (True, True)


def test_another_listing_of_the_same_address_is_a_change(room):
    before = written(room(), 1, LISTED)
    new = [replace(LISTED[-1], reference=listed("page", "", number=9_999).reference), *LISTED[:-1]]
    require_same(renewed(room(), before, 2, LISTED, new), written(room(), 2, new))


@pytest.mark.long
@pytest.mark.parametrize("coding", CODINGS)
def test_long_files_that_are_joined_from_packed_pieces_unpack_to_the_plain_one(room, coding):
    """Longer than the beginning that a Brotli stream needs, and by more than one piece."""
    long = [host(f"h{number}.{random.Random(number).getrandbits(200):x}.test") for number in range(9_000)]
    before = written(room(), 1, long)
    folder = renewed(room(), before, 2, long, long[:-1])
    for name in ("domains.txt", "feed.jsonl"):
        assert UNPACK[coding]((folder / f"{name}{SUFFIX[coding]}").read_bytes()) == (folder / name).read_bytes()
    require_same(folder, written(room(), 2, long[:-1]))


@pytest.mark.parametrize("name", ["domains.txt", "domains.txt.gz", "feed.jsonl.zst", "report.json"])
def test_a_release_that_was_damaged_inside_is_not_built_upon(room, name):
    before = written(room(), 1, LISTED)
    found = bytearray((before / name).read_bytes())
    found[shards.read(before).starts[name] + 3] ^= 1
    (before / name).write_bytes(found)
    with pytest.raises(DamagedError, match="release"):
        renewed(room(), before, 2, LISTED, LISTED)


@pytest.mark.parametrize("broken", ["", "{}", "[]", '{"shards": [{}]}', "half a li"])
def test_a_record_that_can_not_be_read_is_none(room, broken):
    folder = written(room(), 1, LISTED)
    (folder / shards.FILE_NAME).write_text(broken)
    assert shards.read(folder) is None


def renew_on(shelf, serial, old, new):
    """What the writer does with a renewal, from the workshop to the pointer."""
    before = shelf.folder(shelf.current())
    renewal = Renewal(Before(folder=before, record=shards.read(before), changed=[place(entry) for entry in {*old} ^ {*new}]), now(new))
    with shelf.workshop(serial) as folder:
        with Assembly(folder, header(serial=serial), FORMS) as assembly:
            renewal.put_into(assembly)
            assembly.finish()
        shelf.put(folder, serial)
    shelf.point_to(serial)


@pytest.mark.long
def test_a_writer_killed_at_any_step_of_a_renewal_leaves_the_old_release_or_the_new_one(tmp_path):
    shelf, old, new = Shelf(tmp_path), LISTED, LISTED[1:]
    bring_out(shelf, header(serial=1), in_order(old))
    kills, finished = 0, False
    for step in steps_at_random():
        finished = in_child(lambda step=step: die_at(step, lambda: renew_on(shelf, 2, old, new)))
        assert_nothing_half(shelf)
        shelf.clear_leftovers()
        if finished or shelf.current() == 2:
            break
        kills += 1
    renew_on(shelf, 3, new if shelf.current() == 2 else old, new)
    assert (shelf.current(), kills > 5) == (3, True)
    require_same(shelf.folder(3), written(tmp_path / "whole", 3, new))
