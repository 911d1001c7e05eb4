"""Wherever an engineer sees an entry of the list, the button that has somebody look at it is beside it."""

import io
import re
import uuid
from html import unescape

import pytest
from sqlalchemy import select

from app import clock
from app.release import write_changes, write_newest
from moderation import publishing, reviewing
from moderation.models import FalsePositive, Listing
from moderation.vocabulary import Scope
from tests import builders
from tests.web.engineers import engineer_of
from tests.web.visitors import database_of, one_app

WHY = "It is the town's hospital, and half our users work there."
BUTTON = re.compile(r'<a class="button quiet small" href="(/network/entries/[0-9a-f-]+)">Is it wrong')


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


def release(app, *listed):
    """Bring out a release with these in it; returns the listings' references."""
    settings, database = app.extensions["settings"], database_of(app)
    with database.transaction() as session:
        references = [builders.listed(session, text, scope, at=clock.now()).listing for text, scope in listed]
        number = publishing.release(session, at=clock.now(), anyway=True)
        publishing.mark_written(session, number, at=clock.now())
    write_changes(database, settings, clock.now())
    write_newest(database, settings, clock.now())
    return references


@pytest.fixture(scope="module")
def listings(app):
    release(app)
    texts = (("https://page.test/offer", Scope.PAGE), ("https://www.name.test/x", Scope.HOST), ("https://path.test/jobs/", Scope.PATH))
    return dict(zip(("page", "host", "path"), release(app, *texts), strict=True))


@pytest.fixture
def engineer(app, listings):
    found = engineer_of(app)
    found.get("/network/tools")
    return found


def told(app, listing):
    """What networks said of a listing."""
    with database_of(app).reading() as session:
        mine = select(FalsePositive.why).join(Listing, Listing.id == FalsePositive.listing_id)
        return session.scalars(mine.where(Listing.reference == listing)).all()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("page.test/offer", "page"),
        ("https://page.test/offer", "page"),
        ("HTTP://WWW.NAME.TEST/whatever?is=below", "host"),
        ("*.www.name.test", "host"),
        ("deep.below.www.name.test", "host"),
        ("https://path.test/jobs/7", "path"),
        ("path.test/jobs/*", "path"),
    ],
)
def test_who_looks_a_name_or_an_address_up_comes_to_the_entry_that_covers_it(engineer, listings, typed, found):
    answer = engineer.post("/network/entries", {"look-up": typed})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/network/entries/{listings[found]}")


@pytest.mark.parametrize("typed", ["", "free.test", "name.test", "page.test/offer/beside", "two.test names.test", "x" * 3000, "\x00"])
def test_what_nothing_covers_is_said_at_its_field_and_stays_there(engineer, typed):
    assert engineer.post("/network/entries", {"look-up": typed}).status_code == 422
    assert 'id="look-up-fault"' in engineer.page
    assert f'name="look-up" value="{typed.strip(chr(0))}"' in engineer.page


def test_the_button_on_an_entry_has_somebody_look_and_stands_there_once(app, engineer, listings):
    page = engineer.get(f"/network/entries/{listings['host']}").text
    assert "www.name.test" in page
    assert "This name, and every name below it" in page
    assert "Have it looked at" in page
    answer = engineer.post(f"/network/entries/{listings['host']}/false-positive", {"why": WHY, "contact": "noc@net.example"})
    assert answer.status_code == 303
    assert told(app, listings["host"]) == [WHY]
    again = engineer.get(f"/network/entries/{listings['host']}").text
    assert ("being looked at" in again, "Have it looked at" in again) == (True, False)
    # Another network is told nothing of it, and has a button of its own.
    assert "Have it looked at" in engineer_of(app).get(f"/network/entries/{listings['host']}").text


def test_a_message_that_cannot_be_taken_loses_nothing(app, engineer, listings):
    engineer.get(f"/network/entries/{listings['page']}")
    answer = engineer.post(f"/network/entries/{listings['page']}/false-positive", {"why": "no", "contact": "<b>noc"})
    assert answer.status_code == 422
    assert [part in engineer.page for part in ('id="why-fault"', "page.test/offer", 'value="&lt;b&gt;noc"')] == [True] * 3
    assert told(app, listings["page"]) == []


@pytest.mark.long
def test_each_entry_that_a_dry_run_shows_has_the_button_and_what_leaves_has_none(app, engineer, listings):
    gone, stays = release(app, ("https://leaves.test/a", Scope.PAGE), ("https://stays.test/a", Scope.PAGE))
    with database_of(app).reading() as session:
        before = publishing.newest(session).number
    with database_of(app).transaction() as session:
        reviewing.delist(session, gone, "It was a mistake of ours.", by=builders.person(session), at=clock.now())
    release(app)
    engineer.post("/network/dry-run", {"serial": str(before), "format": ""})
    assert "leaves.test" in engineer.page
    assert BUTTON.findall(engineer.page) == []
    engineer.post("/network/dry-run", {"serial": str(before - 1), "format": "urls.txt"})
    assert BUTTON.findall(engineer.page) == [f"/network/entries/{stays}"]
    assert engineer.get(BUTTON.findall(engineer.page)[0]).status_code == 200


def test_an_entry_that_a_comparison_of_names_shows_has_it_too(engineer, listings):
    engineer.post("/network/dry-run", {"serial": "", "names": (io.BytesIO(b"blocktest.list.example\n"), "own.txt")})
    (name,) = re.findall(r'<input type="hidden" name="look-up" value="([^"]+)">', engineer.page)
    answer = engineer.post("/network/entries", {"look-up": unescape(name)})
    assert answer.headers["Location"] == f"/network/entries/{listings['host']}"


def test_the_public_page_on_an_entry_leads_networks_there(app, listings):
    page = app.test_client().post("/en/check", data={"address": "www.name.test"}).text
    assert f'href="/network/entries/{listings["host"]}"' in page


@pytest.mark.parametrize("which", ["unknown", "removed", "not released"])
def test_what_networks_do_not_carry_has_no_page(app, engineer, which):
    reference = uuid.uuid4()
    if which != "unknown":
        with database_of(app).transaction() as session:
            reference = builders.listed(session, f"https://{which.replace(' ', '-')}.test/a", at=clock.now()).listing
    if which == "removed":
        release(app)
        with database_of(app).transaction() as session:
            reviewing.delist(session, reference, "It was a mistake of ours.", by=builders.person(session), at=clock.now())
    assert engineer.get(f"/network/entries/{reference}").status_code == 404
    engineer.get("/network/tools")
    assert engineer.post(f"/network/entries/{reference}/false-positive", {"why": WHY}).status_code == 404


def test_nobody_else_sees_it(app, listings):
    assert app.test_client().get(f"/network/entries/{listings['host']}").status_code == 303
    assert app.test_client().post("/network/entries", data={"look-up": "www.name.test"}).status_code == 401
