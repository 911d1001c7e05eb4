"""From the database to the disk: the newest release, once, by one writer at a time, whoever is killed."""

import os
import signal
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from app import clock
from app.database import Database
from app.release import export, index, write_newest
from app.release.newest import WRITER_LOCK, DiskAheadError, bring_out
from app.release.shelf import Shelf
from moderation import policy
from moderation.errors import NotFound
from moderation.models import Release
from tests.release.builders import PUBLISHED, header, host
from tests.release.dying import in_child, show_and_die, start_another_kernel

AT = PUBLISHED + timedelta(minutes=1)


def released(database, number):
    with database.transaction() as session:
        session.add(
            Release(
                number=number,
                published_at=PUBLISHED,
                valid_until=PUBLISHED + timedelta(hours=24),
                entries=0,
                added=0,
                removed=0,
                seal_digest=b"\x02" * 32,
            )
        )


def test_without_a_release_nothing_is_written(database, settings):
    assert write_newest(database, settings, AT) is None
    assert Shelf(settings.data).current() is None


def test_the_newest_release_becomes_the_current_one(database, settings):
    released(database, 1)
    released(database, 2)
    write_newest(database, settings, AT)
    assert Shelf(settings.data).current() == 2


def test_what_is_written_carries_the_releases_own_number_times_and_seal(database, settings):
    released(database, 3)
    found = index.read(write_newest(database, settings, AT).folder)
    assert (found.serial, found.published_at, found.audit_seal) == (3, "2026-11-24T12:00:00Z", "02" * 32)


def test_a_release_that_is_written_is_not_written_again(database, settings):
    released(database, 1)
    write_newest(database, settings, AT)
    assert write_newest(database, settings, AT) is None


def test_a_release_that_was_damaged_on_disk_is_written_again(database, settings):
    released(database, 1)
    (write_newest(database, settings, AT).folder / "domains.txt").write_text("")
    assert index.is_whole(write_newest(database, settings, AT).folder)


def test_a_database_behind_the_disk_is_told_aloud(database, settings):
    released(database, 1)
    Shelf(settings.data).folder(1).mkdir(parents=True)
    Shelf(settings.data).point_to(9)
    with pytest.raises(DiskAheadError, match="Release 9 is on the disk, but the newest in the database is 1"):
        write_newest(database, settings, AT)


def test_a_database_that_came_to_the_same_number_another_way_is_told_aloud(database, settings):
    bring_out(Shelf(settings.data), header(serial=1, published_at=PUBLISHED - timedelta(hours=1)), [host("freed.example.net")])
    released(database, 1)
    with pytest.raises(DiskAheadError, match="Release 1 on the disk is another than the database's"):
        write_newest(database, settings, AT)


def test_and_what_it_had_written_but_never_brought_out_is_written_anew(database, settings):
    shelf = Shelf(settings.data)
    bring_out(shelf, header(serial=1, published_at=PUBLISHED - timedelta(hours=1)), [host("freed.example.net")])
    (settings.data / "feed" / "current").unlink()
    released(database, 1)
    write_newest(database, settings, AT)
    assert "freed.example.net" not in (shelf.folder(1) / "domains.txt").read_text()


def kept(settings):
    return {file.name for file in (settings.data / "feed" / "releases").iterdir()}


def test_a_release_whose_place_was_taken_is_kept_for_who_still_reads_it_and_then_removed(database, settings):
    for number in (1, 2, 3):
        released(database, number)
        write_newest(database, settings, AT)
    taken = clock.now()
    write_newest(database, settings, taken + policy.RELEASES_KEPT_FOR - timedelta(minutes=1))
    assert kept(settings) == {"1", "2", "3"}
    write_newest(database, settings, taken + policy.RELEASES_KEPT_FOR)
    assert kept(settings) == {"3"}


def test_a_release_that_was_current_for_days_is_kept_as_long_after_another_took_its_place(database, settings):
    released(database, 1)
    days_ago = (clock.now() - timedelta(days=3)).timestamp()
    os.utime(write_newest(database, settings, AT).folder, (days_ago, days_ago))
    released(database, 2)
    write_newest(database, settings, clock.now())
    assert kept(settings) == {"1", "2"}


@pytest.mark.long
def test_a_second_writer_waits_for_the_first(database, settings):
    released(database, 1)
    with database.engine.connect() as first:
        first.execute(select(func.pg_advisory_lock(WRITER_LOCK)))
        second = threading.Thread(target=write_newest, args=(database, settings, AT))
        second.start()
        second.join(0.5)
        assert (second.is_alive(), Shelf(settings.data).current()) == (True, None)
        first.execute(select(func.pg_advisory_unlock(WRITER_LOCK)))
    second.join(10)
    assert Shelf(settings.data).current() == 1


def test_a_writer_leaves_no_lock_behind(database, settings):
    released(database, 1)
    write_newest(database, settings, AT)
    with database.engine.connect() as connection:
        # The server is shared with other tests' databases, and so is this view.
        here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        held = text(f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND {here}")
        # PostgreSQL lets go when it has noticed that the writer's connection is closed: at once, and not before we ask.
        patience_ends = time.monotonic() + 10
        while connection.scalar(held) and time.monotonic() < patience_ends:
            time.sleep(0.02)
        assert connection.scalar(held) == 0


def test_a_killed_writer_does_not_hold_up_the_next(database, database_url, settings):
    released(database, 1)
    database.engine.dispose()
    pid = os.fork()
    if pid == 0:
        try:
            write_and_die(database_url, settings)
        finally:
            os._exit(1)
    assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGKILL
    assert write_newest(database, settings, AT).number == 1


def test_what_a_killed_writer_had_made_live_is_brought_to_the_disk_by_the_next(database, database_url, settings):
    written_and_killed(database, database_url, settings)
    assert (Shelf(settings.data).current(), Shelf(settings.data).settled()) == (2, 1)
    assert write_newest(database, settings, AT) is None
    assert Shelf(settings.data).settled() == 2


def test_after_a_loss_of_power_the_newest_is_made_anew_from_the_database(database, database_url, settings):
    written_and_killed(database, database_url, settings)
    os.truncate(Shelf(settings.data).folder(2) / "domains.txt", 5)
    start_another_kernel(settings.data)
    assert Shelf(settings.data).current() == 1
    written = write_newest(database, settings, AT)
    assert (written.number, index.is_whole(written.folder), Shelf(settings.data).settled()) == (2, True, 2)


def written_and_killed(database, database_url, settings):
    released(database, 1)
    write_newest(database, settings, AT)
    released(database, 2)
    database.engine.dispose()
    in_child(lambda: show_and_die(2, lambda: write_newest(Database(database_url), settings, AT)))


def write_and_die(database_url, settings):
    folder = settings.data / "feed" / "releases"
    # The writer holds the lock while it makes its workshop: a folder that kills whoever makes one.
    original = Path.mkdir

    def deadly(path, *arguments, **how):
        if path == folder:
            os.kill(os.getpid(), signal.SIGKILL)
        original(path, *arguments, **how)

    Path.mkdir = deadly
    write_newest(Database(database_url), settings, AT)


def test_an_export_is_the_current_file(database, settings, tmp_path):
    released(database, 1)
    written = write_newest(database, settings, AT)
    with (tmp_path / "copy").open("wb") as stream:
        export(settings, "rpz.zone", stream)
    assert (tmp_path / "copy").read_bytes() == (written.folder / "rpz.zone").read_bytes()


@pytest.mark.parametrize("name", ["index.json", "../../keys/secret", "nothing.txt"])
def test_only_formats_are_exported(database, settings, tmp_path, name):
    released(database, 1)
    write_newest(database, settings, AT)
    with (tmp_path / "copy").open("wb") as stream, pytest.raises(NotFound):
        export(settings, name, stream)


def test_an_export_before_the_first_release_says_so(settings, tmp_path):
    with (tmp_path / "copy").open("wb") as stream, pytest.raises(NotFound, match="No release"):
        export(settings, "rpz.zone", stream)
