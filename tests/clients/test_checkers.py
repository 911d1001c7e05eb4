"""The files of a release before the programs' own checkers: what an engineer runs before anything of ours is loaded."""

import subprocess

import pytest

from app.release.assembly import write_release
from moderation import formats
from tests.clients.names import LISTED
from tests.clients.network import LIST_NAME
from tests.clients.resolvers import program
from tests.release.builders import header

ZONE_NAME = f"rpz.{LIST_NAME}"
CHECKERS = {
    "named-checkzone": ("rpz.zone", "bind9-utils", ["-k", "fail", "-n", "fail", "-m", "fail", ZONE_NAME, "{}"]),
    "kzonecheck": ("rpz.zone", "knot-dnssecutils", ["-o", ZONE_NAME, "{}"]),
    "nsd-checkzone": ("rpz.zone", "nsd", [ZONE_NAME, "{}"]),
    "unbound-checkconf": ("unbound.conf", "unbound", ["{}"]),
    # As a configuration: its test never opens a servers-file.
    "dnsmasq": ("dnsmasq.conf", "dnsmasq-base", ["--test", "--conf-file={}"]),
}
SPOILT = {
    "rpz.zone": f"{'.'.join(['a' * 60] * 4)} CNAME .\n",
    "unbound.conf": 'local-zone: "shop.example.net" "always_nxdomain\n',
    "dnsmasq.conf": "shop.example.net\n",
}
"""One line that each program refuses with all that stands beside it."""


@pytest.fixture(params=CHECKERS)
def checker(request):
    """A program that reads a file of ours and says whether it would load it."""
    file, package, words = CHECKERS[request.param]
    if program(request.param) is None:
        pytest.skip(f"{request.param} is not installed (Debian: apt install {package})")

    def accepts(folder):
        command = [program(request.param), *(word.format(folder / file) for word in words)]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        complaints = "warning" in (ran.stdout + ran.stderr).lower()
        return (ran.returncode == 0 and not complaints, ran.stdout + ran.stderr)

    accepts.file = file
    return accepts


@pytest.fixture
def release(tmp_path):
    write_release(tmp_path, header(serial=42), LISTED, formats.installed())
    return tmp_path


def test_the_checker_takes_the_file_without_a_word_of_warning(checker, release):
    accepted, said = checker(release)
    assert accepted, said


def test_the_checker_takes_a_list_with_nothing_on_it(checker, tmp_path):
    write_release(tmp_path, header(), [], formats.installed())
    accepted, said = checker(tmp_path)
    assert accepted, said


def test_the_same_checker_refuses_the_file_with_one_bad_line(checker, release):
    spoilt = release / checker.file
    spoilt.write_text(spoilt.read_text() + SPOILT[checker.file])
    assert not checker(release)[0]
