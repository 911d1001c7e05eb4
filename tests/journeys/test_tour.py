"""The tour itself: on resources other than its own (CI plays its own by `make tour`), when something is wrong, and when it is cut short."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from config import CHECKOUT
from deploy.tour import cases, html
from deploy.tour.cases import NAMES_FILES, Case, Target
from deploy.tour.resolver import why_not
from deploy.tour.telling import Telling, Unexpected, printable, until

SECONDS = 400
"""Longer than the tour takes on a busy machine; reaching it is a failure."""

MESSY = """hxxps://jobs[.]night-shift[.]example/offer?utm_source=chat

HTTPS://JOBS.night-shift.example:443/offer
github.io
see www.lawful-board.test/a?id=7, and http://2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion/b
a man at the station, every evening
https://192.0.2.44/
"""


def tour(folder: Path, **settings: str) -> "subprocess.Popen[str]":
    """The tour with `folder` for everything that it keeps."""
    folder.mkdir(exist_ok=True)
    surroundings = os.environ | {"TMPDIR": str(folder), "TOUR_FILE": ""} | settings
    command = [sys.executable, "-m", "deploy.tour"]
    return subprocess.Popen(
        command,
        cwd=CHECKOUT,
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # A shell lets what it starts in the background ignore Ctrl-C, and so would everything below it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - this process has no threads then
    )


def left_in(folder: Path) -> list[str]:
    """Files that are left, and programs that work there."""
    found = [str(path) for path in folder.iterdir()]
    for process in psutil.process_iter(["cwd", "cmdline", "environ"]):
        seen = [process.info["cwd"] or "", *(process.info["cmdline"] or ()), (process.info["environ"] or {}).get("FLAGSTONE_DATA", "")]
        if process.pid != os.getpid() and any(text.startswith(str(folder)) for text in seen):
            found.append(f"{process.pid} {process.info['cmdline']}")
    return found


@pytest.fixture(scope="module")
def of_a_file(tmp_path_factory) -> tuple[int, str, Path]:
    """One run on a file of somebody's: status, what it printed, its folder."""
    file = tmp_path_factory.mktemp("given") / "resources"
    file.write_text(MESSY, encoding="utf-8")
    folder = tmp_path_factory.mktemp("tour")
    process = tour(folder, TOUR_FILE=str(file))
    try:
        printed, _ = process.communicate(timeout=SECONDS)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(60)
    return process.returncode, printed, folder


@pytest.mark.tour
def test_the_tour_plays_whatever_a_file_names(of_a_file):
    status, printed, _ = of_a_file
    assert status == 0, printed
    assert "each as it must be" in printed


@pytest.mark.tour
@pytest.mark.parametrize(
    "line",
    [
        "2 reports in one case",
        "completes it and proposes domain night-shift.example",
        "proposes host github.io and leaves “lifeline” blank; it is refused: RS08",
        "completes it and proposes page https://github.io/",
        "onion: release",
        "in feed.jsonl, in no other",
        "rejects it, since the desk offers nothing to list",
        "rejects it, since every scope is refused",
    ],
)
def test_it_says_what_became_of_each(of_a_file, line):
    assert line in of_a_file[1]


@pytest.mark.tour
@pytest.mark.skipif(bool(why_not()), reason=why_not() or "Unbound is there")
def test_a_real_resolver_refuses_what_is_listed_and_nothing_beside_it(of_a_file):
    assert "night-shift.example NXDOMAIN; below.night-shift.example NXDOMAIN; neighbour.example resolves" in of_a_file[1]


@pytest.mark.tour
def test_it_leaves_nothing_behind(of_a_file):
    assert left_in(of_a_file[2]) == []


@pytest.mark.tour
def test_cut_short_it_ends_what_it_started(tmp_path):
    folder = tmp_path / "tour"
    process = tour(folder)
    deadline = time.monotonic() + SECONDS
    while not list(folder.glob("*/server.log")):
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.1)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    printed, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 130, printed
    assert "Everything that the tour started is ended." in printed
    assert left_in(folder) == []


@pytest.mark.long
def test_a_step_that_fails_says_what_was_expected_and_seen(tmp_path):
    process = tour(tmp_path / "tour", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == 1, printed
    assert "expected: that a database can be made at DATABASE_URL" in printed
    assert "seen:     connection failed" in printed
    assert left_in(tmp_path / "tour") == []


@pytest.mark.long
def test_a_file_that_is_not_there_starts_nothing(tmp_path):
    process = tour(tmp_path / "tour", TOUR_FILE=str(tmp_path / "none"))
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "cannot be read: No such file or directory." in printed


def test_a_form_sends_what_a_browser_would():
    page = html.read(
        """<form action="/a" method="post"><input type="hidden" name="token" value="&lt;1&gt;"><textarea name="what">
old</textarea><input type="radio" name="kind" value="x"><input type="radio" name="kind" value="y" checked>
<input type="checkbox" name="yes" value="1"><input name="off" value="1" disabled>
<select name="from"><option value="p">P<option value="q" selected>Q</select><button name="go" value="1">Go</button></form>"""
    )
    form = html.Form(next(page.all("form")))
    assert form.encoded() == "token=%3C1%3E&what=old&kind=y&from=q"
    form.fill({"what": "a\nb", "kind": "x", "yes": True, "from": "p"})
    assert form.encoded() == "token=%3C1%3E&what=a%0D%0Ab&kind=x&yes=1&from=p"


@pytest.mark.parametrize("answers", [{"none": "1"}, {"kind": "z"}, {"token": "forged"}])
def test_what_a_page_does_not_offer_cannot_be_filled_in(answers):
    page = html.read('<form><input type="hidden" name="token" value="1"><input type="radio" name="kind" value="x"></form>')
    with pytest.raises(Unexpected):
        html.Form(next(page.all("form"))).fill(answers)


@pytest.mark.parametrize(
    ("target", "files"),
    [
        (Target("host", "a.example"), {"feed.jsonl", *NAMES_FILES}),
        (Target("page", "https://a.example/b"), {"urls.txt", "feed.jsonl"}),
        (Target("page", "https://a.example/*"), {"feed.jsonl"}),
        (Target("host", f"{'a' * 56}.onion"), {"feed.jsonl"}),
        (Target("page", f"{'a' * 56}.onion:81/b"), {"feed.jsonl"}),
        (Target("host", f"{'.'.join(['a' * 60] * 4)}.test"), {"feed.jsonl", *NAMES_FILES} - {"rpz.zone"}),
    ],
)
def test_a_target_belongs_in_the_files_that_have_room_for_it(target, files):
    assert target.files("list.example") == files


def test_a_listed_name_covers_those_below_it_and_no_neighbour():
    listed = Target("host", "a.example")
    assert [name for name in ("a.example", "b.a.example", "ba.example", "example") if listed.covers_name(name)] == [
        "a.example",
        "b.a.example",
    ]


def test_a_page_covers_no_name():
    assert not Target("page", "https://a.example/").covers_name("a.example")


def test_the_same_words_on_two_lines_are_two_reports_of_one_case():
    found = [{"input": "a.example", "kind": "domain", "canonical": "a.example", "host": "a.example", "scopes": ["page"]}] * 2
    known: dict[tuple[str, str], Case] = {}
    reports = [cases._report([answer], "a.example", known, 100) for answer in found]
    assert [report.cases for report in reports] == [[known["domain", "a.example"]]] * 2
    assert cases._begins_again([found[0]], found[1])


def test_lines_are_read_whatever_is_in_them(tmp_path):
    file = tmp_path / "given"
    file.write_bytes(b"a.example\r\n\r\n  \n\xff\xfe x\rlast")
    assert cases.lines_of(file) == ["a.example", "\ufffd\ufffd x", "last"]


def test_text_of_others_cannot_steer_the_terminal():
    assert printable("a\x1b[2Jb\u202ec\nd") == "a�[2Jb�c d"


def test_a_wait_that_is_in_vain_says_what_was_there_last():
    with pytest.raises(Unexpected) as told:
        until(lambda: 0, "a release", seconds=0)
    assert (told.value.expected, told.value.seen) == ("a release within 0 s", "0")


def test_a_failed_step_is_told_with_both_sides(capsys):
    with pytest.raises(Unexpected), Telling().step("The server starts"):
        raise Unexpected("a server", "none")
    assert "The server starts: FAILED" in (printed := capsys.readouterr().out)
    assert "expected: a server\n     seen:     none\n" in printed
