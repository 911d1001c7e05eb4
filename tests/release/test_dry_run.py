"""What would change for whoever takes the list now: told before it is loaded, file by file."""

import threading
import time
import tracemalloc

import pytest

from app.release import dry_run
from app.release.deltas import Chain, Deltas
from moderation import formats, policy
from moderation.vocabulary import Change, Scope
from tests.release.builders import header, host, listed

LIST_NAME = "list.example"


def told(found):
    return [(line["type"], line["target"]) for line in found.changes]


@pytest.mark.long
def test_an_engineer_sees_what_would_come_and_go_since_the_serial_that_they_carry(story, settings):
    gone = story.list("https://gone.test/offer")
    story.list("https://www.stays.test/x", Scope.HOST)
    carried = story.release()
    story.delist(gone)
    story.list("https://www.comes.test/x", Scope.HOST)
    story.list("https://page.test/offer")
    newest = story.release()
    found = dry_run.since(settings.data, carried, list_name=LIST_NAME)
    assert (found.since, found.serial, found.counts) == (carried, newest, {"add": 2, "change": 0, "remove": 1})
    assert told(found) == [("add", "https://page.test/offer"), ("add", "www.comes.test"), ("remove", "https://gone.test/offer")]


@pytest.mark.long
def test_for_each_file_a_dry_run_tells_what_that_file_really_gains_and_loses(story, settings):
    """The measure is the files themselves: their lines before and after."""
    old = story.list("https://gone.test/offer"), story.list("https://www.gone-too.test/x", Scope.HOST)
    narrowed = story.list("https://www.narrow.test/jobs/offer", Scope.HOST)
    before = story.release()
    for each in old:
        story.delist(each)
    story.narrow(narrowed, "https://www.narrow.test/jobs/offer")
    story.list("https://www.comes.test/x", Scope.HOST)
    story.list("https://page.test/Offer?a=1")
    after = story.release()
    for form in formats.installed():
        gained, lost = (lines(settings, form, one) - lines(settings, form, other) for one, other in ((after, before), (before, after)))
        found = dry_run.since(settings.data, before, file=form.FILE_NAME, list_name=LIST_NAME)
        counts = found.counts
        assert (bool(gained), bool(lost)) == (counts["add"] + counts["change"] > 0, counts["remove"] + counts["change"] > 0), form.FILE_NAME
        for line in found.changes:
            if line["type"] == "add" and form.FILE_NAME == "domains.txt":
                assert line["target"] in gained


def lines(settings, form, number):
    text = (settings.data / "feed" / "releases" / str(number) / form.FILE_NAME).read_text()
    return {line for line in text.splitlines() if "erial" not in line and "ublished" not in line and "SOA" not in line}


def test_a_file_does_not_gain_what_does_not_fit_in_it(tmp_path):
    long = ".".join(["a" * 60] * 4)[:230] + ".test"
    deltas = Deltas(tmp_path)
    deltas.write(header(serial=1))
    deltas.write(header(serial=2), [Change(old=None, new=host(long))])
    deltas.reach(Chain(oldest=1, serial=2, made_at="", rules=""))
    counts = {file: dry_run.since(tmp_path, 1, file=file, list_name=LIST_NAME).counts["add"] for file in ("domains.txt", "rpz.zone")}
    assert counts == {"domains.txt": 1, "rpz.zone": 0}


def test_who_carries_the_newest_serial_is_told_that_nothing_would_change(story, settings):
    story.list("https://page.test/offer")
    newest = story.release()
    assert dry_run.since(settings.data, newest, list_name=LIST_NAME).changes == ()


@pytest.mark.long
@pytest.mark.parametrize(("serial", "fault"), [(9, dry_run.AheadError), (0, dry_run.TooFarBehindError)])
def test_a_serial_of_the_future_or_of_long_ago_is_refused(story, settings, serial, fault):
    story.list("https://page.test/offer")
    story.release()
    with pytest.raises(fault):
        dry_run.since(settings.data, serial, list_name=LIST_NAME)


def test_before_the_first_release_nothing_is_told(tmp_path):
    assert dry_run.since(tmp_path, 1, list_name=LIST_NAME) is None
    assert dry_run.against(tmp_path, []) is None


def test_more_changes_than_fit_in_memory_are_not_looked_through(tmp_path, monkeypatch):
    monkeypatch.setattr(policy, "DRY_RUN_LINES", 3)
    deltas = Deltas(tmp_path)
    deltas.write(header(serial=1))
    deltas.write(header(serial=2), [Change(old=None, new=listed("host", f"a{n}.test", number=n)) for n in range(4)])
    deltas.reach(Chain(oldest=1, serial=2, made_at="", rules=""))
    with pytest.raises(dry_run.TooFarBehindError):
        dry_run.since(tmp_path, 1, list_name=LIST_NAME)


@pytest.mark.long
def test_names_of_ones_own_are_compared_with_the_list(story, settings):
    story.list("https://www.listed.test/x", Scope.HOST)
    story.list("https://www.known.test/x", Scope.HOST)
    story.list("https://page.test/offer")
    story.release()
    found = dry_run.against(settings.data, ["www.known.test", "freed.test", "blocktest.list.example"])
    assert told(found) == [("add", "www.listed.test"), ("remove", "freed.test")]


def test_too_many_names_are_refused(story, settings, monkeypatch):
    story.list("https://page.test/offer")
    story.release()
    monkeypatch.setattr(policy, "DRY_RUN_NAMES", 2)
    with pytest.raises(dry_run.TooManyNamesError):
        dry_run.against(settings.data, ["a.test", "b.test", "a.test", "c.test"])


@pytest.mark.parametrize("file", ["domains.txt", "hosts.txt", "rpz.zone", "unbound.conf", "dnsmasq.conf", "squid-domains.txt"])
def test_whichever_file_of_names_a_network_has_its_names_are_read(file):
    (form,) = (one for one in formats.installed() if file == one.FILE_NAME)
    entries = [host("shop.example.net"), host("xn--bcher-kva.example")]
    text = "\n".join([*form.header_lines(header(entries=4)), *(line for one in entries for line in form.lines(one, header()))])
    assert set(dry_run.names_in(text)) == {"shop.example.net", "xn--bcher-kva.example"}


def test_a_list_of_somebody_elses_is_read_too():
    theirs = ("# a comment.example", "", "  Shop.Example.NET.  ", "127.0.0.1 two.example # of them", "||three.example^")
    text = "\n".join([*theirs, "address=/four.example/0.0.0.0", "192.0.2.1", "localhost"])
    assert list(dry_run.names_in(text)) == ["shop.example.net", "two.example", "three.example", "four.example"]


def test_pages_hold_every_change_once(monkeypatch):
    monkeypatch.setattr(policy, "DRY_RUN_A_PAGE", 2)
    changes = tuple({"type": "add", "target": str(n)} for n in range(5))
    found = dry_run.DryRun(since=1, serial=2, file="", changes=changes)
    assert [len(found.page(number)) for number in range(1, found.pages + 1)] == [2, 2, 1]
    assert dry_run.DryRun(since=1, serial=1, file="", changes=()).pages == 1


def seconds(line):
    """The least that this line takes of a processor."""
    taken = []
    for _ in range(3):
        before = time.process_time()
        assert list(dry_run.names_in(line)) == []
        taken.append(time.process_time() - before)
    return min(taken)


@pytest.mark.parametrize("piece", ["a.", "a.1.", ".a", "a-", "/a.", "1", " a.1"])
def test_a_line_that_is_made_to_keep_us_busy_takes_no_more_than_its_share(piece):
    """A line of eight times the length may take eight times as long, and by far not sixty-four times."""
    assert seconds(piece * 16_000 + "!") < 30 * max(seconds(piece * 2_000 + "!"), 0.0005)


def test_a_name_is_found_behind_a_star_and_behind_signs_that_no_name_holds():
    assert list(dry_run.names_in("*.shop.example.net\n.two.example\n\u00e9.three.example")) == [
        "shop.example.net",
        "two.example",
        "three.example",
    ]


def test_a_long_list_is_compared_in_little_more_memory_than_its_names_take(tmp_path, monkeypatch):
    folder = tmp_path / "feed" / "releases" / "1"
    folder.mkdir(parents=True)
    (folder / dry_run.NAMES_FILE).write_text("".join(f"a{number}.test\n" for number in range(20_000)))
    monkeypatch.setattr(dry_run.Shelf, "current", lambda _: 1)
    tracemalloc.start()
    try:
        found = dry_run.against(tmp_path, ["own.test"])
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found.counts == {"add": 20_000, "change": 0, "remove": 1}
    assert found.page(1)[0] == {"type": "add", "target": "a0.test"}
    assert found.page(found.pages)[-1] == {"type": "remove", "target": "own.test"}
    assert held / 20_000 < 120, "octets for each name; a dictionary alone takes 184"


def test_one_comparison_runs_at_a_time(tmp_path, monkeypatch):
    """Each holds the names of the whole list: several at once could take all memory there is."""
    monkeypatch.setattr(dry_run.Shelf, "current", lambda _: 1)
    inside, most, all_here = [], [], threading.Barrier(3)

    def compared(*_):
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.05)
        inside.pop()
        return dry_run.NameChanges([], [])

    def ask():
        all_here.wait()
        dry_run.against(tmp_path, [])

    monkeypatch.setattr(dry_run, "_compared", compared)
    asking = [threading.Thread(target=ask) for _ in range(3)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert most == [1, 1, 1]
