"""A long list is written down by processes beside the writer: the same release, and none of them outlives it."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace

import psutil
import pytest
from structlog.testing import capture_logs

from app import demo, keys
from app.demo.filling import fill
from app.release import cutting, finishing
from app.release.assembly import write_release
from app.release.finishing import Beside
from moderation import formats
from tests.builders import NOON
from tests.release.builders import header, host, page, path
from tests.release.story import Story

NAMES = [f"{label}.s{number:03}.example" for number in range(40) for label in ("a", "www", "xn--bcher-kva")]
LIST = [each for name in NAMES for each in (host(name), page(f"https://{name}/offer?id=7"), path(f"https://{name}/jobs/"))]
TOO_LONG = page("https://www.s000.example/" + "a" * 9_000)

WRITER = """
    import os, sys
    from pathlib import Path
    from app.release import cutting, finishing
    from app.release.assembly import write_release
    from moderation import formats
    from tests.release import builders

    def without_end():
        for number in range(10**9):
            yield builders.host(f"s{number:09}.example")

    if __name__ == "__main__":
        finishing.PROCESSORS = 2
        write_release(Path(sys.argv[1]), builders.header(), without_end(), formats.installed(), about=finishing.LONG)
"""


@pytest.fixture(autouse=True)
def short_shards(monkeypatch):
    monkeypatch.setattr(cutting, "LEAST", 30)
    monkeypatch.setattr(cutting, "MOST", 60)
    monkeypatch.setattr(finishing, "PROCESSORS", 2)


def files_of(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.long
def test_processes_beside_write_the_same_octets_and_the_same_report(tmp_path):
    alone, together = tmp_path / "alone", tmp_path / "together"
    for folder, about in ((alone, finishing.LONG - 1), (together, finishing.LONG)):
        folder.mkdir()
        write_release(folder, header(), sorted([*LIST, TOO_LONG], key=cutting.place), formats.installed(), seal=b"\x01" * 32, about=about)
    assert files_of(together) == files_of(alone)
    assert b"s000.example/aaa" in (together / "report.json").read_bytes()


@pytest.mark.long
def test_a_fault_while_an_entry_is_written_down_is_the_writers_own(tmp_path):
    broken = [*LIST[:200], replace(host("broken.example"), territories=None)]
    with pytest.raises(TypeError):
        write_release(tmp_path, header(), broken, formats.installed(), about=finishing.LONG)


@pytest.mark.long
def test_a_killed_writer_leaves_none_of_them_running(tmp_path):
    script = tmp_path / "writer.py"
    script.write_text(textwrap.dedent(WRITER))
    (tmp_path / "release").mkdir()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    writer = subprocess.Popen([sys.executable, script, tmp_path / "release"], env=environment, start_new_session=True)
    try:
        beside = busy_children(writer, tmp_path / "release")
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        assert still_running(beside) == []
    finally:
        writer.kill()


def test_where_they_are_ended_from_outside_the_list_comes_out_all_the_same(database, settings, monkeypatch):
    story, helpers = Story(database, settings), []
    with database.transaction() as session:
        demo.add_people(session, keys.load(settings), at=NOON)
    fill(database, keys.load(settings), cases=0, entries=40, at=NOON)
    monkeypatch.setattr(finishing, "LONG", 10)

    def start(beside, cut, start=Beside.start):
        finished = start(beside, cut)
        helpers.extend(beside._pool._processes.values())
        for process in beside._pool._processes.values():
            process.kill()
        return finished

    monkeypatch.setattr(Beside, "start", start)
    with capture_logs() as logs:
        story.release()
    assert helpers
    assert [line["event"] for line in logs if line["log_level"] == "warning"] == ["release written alone"]
    assert len((settings.data / "feed" / "current" / "feed.jsonl").read_text().splitlines()) == 1 + 1 + 40


def busy_children(writer, folder):
    """The processes beside it, once the first shards that they wrote down came back."""
    until = time.monotonic() + 120
    while time.monotonic() < until and writer.poll() is None:
        children = psutil.Process(writer.pid).children(recursive=True)
        if has_written(folder):
            return children
        time.sleep(0.05)
    raise AssertionError("Nothing was written down.")


def has_written(folder):
    spool = folder / ".pieces"
    return spool.exists() and spool.stat().st_size > 0


def still_running(processes):
    """Those that have not ended after a while. What ended and was not collected yet, since its parent is gone, runs no more."""
    until = time.monotonic() + 20
    left = processes
    while left and time.monotonic() < until:
        time.sleep(0.05)
        left = [process for process in left if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
    return left
