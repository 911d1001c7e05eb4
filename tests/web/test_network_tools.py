"""An engineer's own pages: what to copy, what would change, what is wrong, and where to be told of removals."""

import io
import re
from html import unescape

import pytest

from app import clock, snippets
from app.release import write_changes, write_newest
from moderation import false_positives, publishing, reviewing, webhooks
from moderation.vocabulary import Scope
from tests import builders
from tests.web.engineers import engineer_of, reference_of
from tests.web.visitors import database_of, one_app

WHY = "It is the town's hospital, and half our users work there."
CODE = re.compile(r'<code id="([a-z0-9-]+)">(.*?)</code></pre>', re.DOTALL)
TOKEN = "a-token-for-the-software-of-a-network"


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def serial(app):
    """Two releases: the first has nothing, the second a name and a page."""
    settings, database = app.extensions["settings"], database_of(app)
    for texts in ((), (("https://page.test/offer", Scope.PAGE), ("https://www.name.test/x", Scope.HOST))):
        with database.transaction() as session:
            for text, scope in texts:
                builders.listed(session, text, scope, at=clock.now())
            number = publishing.release(session, at=clock.now())
            publishing.mark_written(session, number, at=clock.now())
        write_changes(database, settings, clock.now())
        write_newest(database, settings, clock.now())
    return number


@pytest.fixture
def engineer(app, serial):
    return engineer_of(app)


def shown(visitor):
    """Every text on the page, as a person copies it."""
    return {key: unescape(text) for key, text in CODE.findall(visitor.page)}


def test_what_the_page_shows_is_what_the_tests_of_the_clients_run(engineer, app):
    engineer.get("/network/setup")
    engineer.post("/network/setup", {"token": TOKEN, "folder": "/srv/list"})
    texts = shown(engineer)
    for one in snippets.SOFTWARE:
        for number, file in enumerate(one.files, 1):
            run = snippets.filled(file, feed="http://127.0.0.1:8000/feed/v1", token=TOKEN, list_name="list.example", folder="/srv/list")
            assert texts[f"{one.key}-{number}"] == run, file


@pytest.mark.long
def test_there_are_twelve_kinds_of_software_and_no_text_is_left_out(engineer):
    assert len(snippets.SOFTWARE) == 12
    assert {file for one in snippets.SOFTWARE for file in one.files} == {path.name for path in snippets.FOLDER.iterdir()}


def test_without_a_token_a_placeholder_stands_in_its_place(engineer):
    engineer.get("/network/setup")
    texts = shown(engineer)
    assert all("<token>" in text for key, text in texts.items() if "Authorization" in text)
    assert not [text for text in texts.values() if "<folder>" in text or "<feed>" in text or "<list name>" in text]


def test_a_new_token_leads_to_the_texts_with_it(engineer):
    engineer.get("/network/tokens")
    engineer.post("/network/tokens", {"label": "resolvers", "lifetime": "365"})
    token = re.search(r'id="secret">([^<]+)<', engineer.page)[1]
    assert f'name="token" value="{token}"' in engineer.page
    engineer.post("/network/setup", {"token": token})
    assert sum(token in text for text in shown(engineer).values()) >= 11


@pytest.mark.parametrize(
    "typed",
    [
        {"token": 'x" ; rm -rf / #' + "x" * 20},
        {"token": "$(id)" + "a" * 20},
        {"token": "a" * 16 + "\n"},
        {"folder": '/a"; id'},
        {"folder": "/a/../etc"},
        {"folder": "relative"},
        *({"token": "short"}, {"folder": "/a b"}, {"folder": "/a`id`"}, {"folder": "/a$HOME"}),
    ],
)
def test_nothing_that_could_mean_more_than_itself_is_filled_in(engineer, typed):
    engineer.get("/network/setup")
    answer = engineer.post("/network/setup", typed)
    if answer.status_code == 200:
        # A line's end around it is taken off.
        assert typed["token"].strip() in engineer.page
        return
    assert answer.status_code == 422
    assert not [text for text in shown(engineer).values() if any(value in text for value in typed.values())]


def test_a_text_can_be_saved_without_scripts(engineer):
    engineer.get("/network/setup")
    answer = engineer.post("/network/setup", {"token": TOKEN, "file": "bind/bind.sh"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="bind.sh"'
    assert TOKEN in answer.text
    assert "/var/lib/bind/flagstone" in answer.text
    engineer.get("/network/setup")
    assert engineer.post("/network/setup", {"token": TOKEN, "file": "bind/../../config.py"}).status_code == 404


def test_an_engineer_sees_what_a_file_would_gain(engineer, serial):
    engineer.get("/network/tools")
    engineer.post("/network/dry-run", {"serial": str(serial - 1), "format": "rpz.zone"})
    assert "www.name.test" in engineer.page
    assert "page.test" not in engineer.page


def test_an_engineer_compares_a_file_of_names(engineer):
    engineer.get("/network/tools")
    engineer.post("/network/dry-run", {"serial": "", "names": (io.BytesIO(b"freed.example\nblocktest.list.example\n"), "own.txt")})
    assert re.findall(r'<bdi class="address fixed">([^<]+)</bdi>', engineer.page) == ["www.name.test", "freed.example"]


@pytest.mark.parametrize("serial_typed", ["", "-1", "999999", "x", "٣"])
def test_a_serial_that_is_none_is_said_at_its_field_and_stays_there(engineer, serial_typed):
    engineer.get("/network/tools")
    assert engineer.post("/network/dry-run", {"serial": serial_typed}).status_code == 422
    assert 'id="serial-fault"' in engineer.page
    assert f'name="serial" value="{serial_typed}"' in engineer.page


def test_the_button_opens_a_look_and_the_page_tells_what_became_of_it(app, engineer):
    with database_of(app).transaction() as session:
        listing = builders.listed(session, "https://mistake.test/a", at=clock.now()).listing
        publishing.release(session, at=clock.now())
    engineer.get("/network/tools")
    engineer.post("/network/false-positives", {"entry": "https://mistake.test/a", "why": WHY})
    engineer.get("/network/tools?done=told")
    assert "being looked at" in engineer.page
    with database_of(app).transaction() as session:
        reviewing.delist(session, listing, "It was a mistake of ours.", by=builders.person(session), at=clock.now())
    engineer.get("/network/tools")
    assert "removed</span>" in engineer.page


def test_a_message_that_cannot_be_taken_loses_nothing(engineer):
    engineer.get("/network/tools")
    assert engineer.post("/network/false-positives", {"entry": "free.test", "why": WHY + " <i>", "contact": "noc"}).status_code == 422
    assert [part in engineer.page for part in ('id="entry-fault"', "free.test", "half our users work there. &lt;i&gt;", 'value="noc"')] == [
        True
    ] * 4


def test_an_address_is_told_its_secret_is_shown_once_and_it_can_be_tried_and_removed(app, engineer):
    engineer.get("/network/tools")
    engineer.post("/network/webhooks", {"url": "https://noc.net.example/hook"})
    secret = re.search(r'id="secret">(whsec_[^<]+)<', engineer.page)[1]
    engineer.get("/network/tools")
    assert secret not in engineer.page
    mine = reference_of(app, engineer.name)
    with database_of(app).reading() as session:
        (hook,) = webhooks.all_of(session, mine)
    engineer.post(f"/network/webhooks/{hook.reference}/test")
    engineer.get("/network/tools")
    assert "waits</span>" in engineer.page
    other = engineer_of(app)
    assert other.post(f"/network/webhooks/{hook.reference}/remove").status_code == 404
    engineer.post(f"/network/webhooks/{hook.reference}/remove")
    engineer.get("/network/tools")
    assert "noc.net.example" not in engineer.page


@pytest.mark.parametrize(
    "url",
    [
        "http://noc.net.example/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://noc.net.example:22/",
        "javascript:alert(1)",
        "x" * 600,
    ],
)
def test_an_address_that_may_not_be_told_is_refused_at_its_field(engineer, url):
    engineer.get("/network/tools")
    assert engineer.post("/network/webhooks", {"url": url}).status_code == 422
    assert 'id="url-fault"' in engineer.page


def test_another_networks_messages_are_shown_to_nobody_else(app, engineer):
    engineer.get("/network/tools")
    engineer.post("/network/false-positives", {"entry": "www.name.test", "why": WHY})
    other = engineer_of(app)
    other.get("/network/tools")
    assert "www.name.test" not in other.page
    with database_of(app).reading() as session:
        assert len(false_positives.all_of(session, reference_of(app, engineer.name))) == 1


def test_a_sign_that_the_database_takes_not_loses_no_words(app, serial):
    engineer = engineer_of(app)
    engineer.get("/network/tools")
    told = {"entry": "page.test/of\x00fer", "why": "The page of \x00a hospital.", "contact": "noc\x00@net.example"}
    engineer.post("/network/false-positives", told)
    assert "page.test/offer" in engineer.get("/network/tools").text
    with database_of(app).reading() as session:
        (one,) = false_positives.all_of(session, reference_of(app, engineer.name))
    assert (one.why, one.contact) == ("The page of a hospital.", "noc@net.example")
