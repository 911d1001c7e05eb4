"""The folder that we share with the name server: whatever somebody of its group lays there, we read and write no other file."""

import os

import pytest

from app.zone import letters, note_taken, put, taken
from app.zone.held import held
from tests import builders

WANTED = "key:\n  - id: one\n"
CONFIGURATION = "flagstone.knot.conf"


@pytest.fixture
def settings(tmp_path):
    """A folder that no name server looks into."""
    folder = tmp_path / "dns"
    folder.mkdir()
    return builders.settings(tmp_path, dns_primary="127.0.0.1@53", dns_software="knot", dns_folder=folder)


READERS = {
    CONFIGURATION: lambda settings: put(settings, WANTED),
    ".taken": taken,
    ".held": held,
}


@pytest.fixture(params=READERS)
def reader(request, settings):
    """A file there, and what reads it."""
    return settings.dns_folder / request.param, lambda: READERS[request.param](settings)


def test_a_pipe_keeps_nobody_waiting(reader):
    file, read = reader
    os.mkfifo(file)
    with pytest.raises(OSError, match="not a plain file"):
        read()


def test_a_link_leads_nowhere_else(reader, tmp_path):
    file, read = reader
    (tmp_path / "secret").write_text(f"{WANTED}")
    file.symlink_to(tmp_path / "secret")
    with pytest.raises(OSError, match="symbolic links"):
        read()


def test_of_a_file_without_end_no_more_is_read_than_could_be_ours(reader):
    file, read = reader
    with file.open("wb") as endless:
        endless.truncate(1 << 40)
    read()


def test_a_link_in_the_place_of_a_zone_that_is_being_written_is_not_written_through(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(letters, "zone_lines", lambda *_: iter(["@ SOA"]))
    zone, secret = settings.dns_folder / "rpz.zone", tmp_path / "secret"
    secret.write_text("as it was")
    secret.chmod(0o600)
    (settings.dns_folder / ".rpz.zone.new").symlink_to(secret)
    letters.write_zone(settings, 1, zone, mode=0o660)
    assert (secret.read_text(), secret.stat().st_mode & 0o777) == ("as it was", 0o600)
    assert (zone.read_text(), zone.is_symlink(), zone.stat().st_mode & 0o777) == ("@ SOA\n", False, 0o660)


def test_what_was_written_is_known_again(settings):
    file = put(settings, WANTED)
    written = file.stat().st_ino
    assert put(settings, WANTED).stat().st_ino == written
    assert put(settings, WANTED + "  - id: two\n").stat().st_ino != written
    note_taken(settings)
    assert len(taken(settings)) == 64
