"""What was forced to the disk, and a loss of power that takes everything else. Asserts nothing."""

import os


def noting_what_is_forced(log, work):
    """Run `work`, and note each file that it has forced to the disk."""
    real, noted = os.fsync, os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def noting(descriptor):
        real(descriptor)
        os.write(noted, f"{os.fstat(descriptor).st_ino}\n".encode())

    os.fsync = noting
    work()


def note_all_as_forced(data, log):
    """What lies there now is on the disk."""
    log.write_text("".join(f"{file.stat().st_ino}\n" for file in _files(data)))


def lose_what_was_not_forced(data, log):
    """A loss of power at its worst: half of each file that nobody waited for is not there."""
    on_disk = {int(line) for line in log.read_text().split()}
    for file in _files(data):
        if file.stat().st_ino not in on_disk:
            os.truncate(file, file.stat().st_size // 2)


def _files(data):
    return [file for file in (data / "feed" / "releases").rglob("*") if file.is_file()]
