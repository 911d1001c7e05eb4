"""V11: what may be pictures of a child is never opened, fetched or shown, from the report to the hotline."""

import re
import socket
import sys

import pytest
from sqlalchemy import select

from moderation.models import Case, Report
from moderation.states import State
from tests.web.visitors import claim, database_of, one_app, report, send, signed_in

WHAT = "https://files.test/x"
TOLD = "I think there are pictures of children behind it. I closed it and did not look."
OUTSIDE = ("socket.connect", "socket.getaddrinfo", "urllib.Request", "subprocess.Popen")
LOADS = re.compile(r"""(?:src|href|srcset|poster|data|action|content)\s*=\s*["']?[^"'>]*files\.test""", re.IGNORECASE)
HOTLINE = {
    "outcome": "refer_hotline",
    "note": "A reporter suspects pictures of a child. Nobody looked.",
    "sent_none_of_the_reports": "1",
    "refer_recipient": "The national hotline",
    "refer_passed_on": "The address and the hour.",
    "refer_at": "2026-11-20",
    "refer_child_material": "suspected",
}


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture
def asked_for():
    """What this process asked of the network or started, as Python itself tells; the database's own library is not Python."""
    seen: list[tuple[str, object]] = []
    listening = True

    def hear(event, args):
        if listening and event in OUTSIDE:
            seen.append((event, args))

    sys.addaudithook(hear)
    yield seen
    listening = False


def test_the_ear_hears_what_is_fetched(asked_for):
    with socket.socket() as door:
        door.settimeout(1)
        with pytest.raises((ConnectionError, TimeoutError)):
            door.connect(("127.0.0.1", 1))
    assert [event for event, _ in asked_for] == ["socket.connect"]


def test_suspected_pictures_of_a_child_are_passed_on_unseen(app, asked_for):
    moderator = signed_in(app)
    case = report(app, WHAT, more=TOLD, category="child")
    pages = []
    for address in ("/desk/queue", f"/desk/cases/{case}"):
        assert moderator.get(address).status_code == 200
        pages.append(moderator.page)
    claim(moderator, case)
    moderator.get(f"/desk/cases/{case}")
    pages.append(moderator.page)
    assert send(moderator, case, "reject", HOTLINE).status_code == 303
    moderator.get(f"/desk/cases/{case}")
    pages.append(moderator.page)
    assert ["files.test" in page for page in pages] == [True, True, True, False]
    assert [found for page in pages for found in LOADS.findall(page)] == []
    assert [found for page in pages for found in re.findall(r"<(?:iframe|embed|object|video|audio|picture)\b", page)] == []
    with database_of(app).reading() as session:
        assert session.scalar(select(Case.state).where(Case.reference == case)) == State.REFERRED
    assert asked_for == []


def test_what_the_reporter_wrote_lies_sealed(app):
    report(app, WHAT, more=TOLD, category="child")
    with database_of(app).reading() as session:
        for sealed in session.scalars(select(Report.sealed).where(Report.sealed.is_not(None))):
            assert b"files.test" not in sealed
            assert b"pictures" not in sealed
