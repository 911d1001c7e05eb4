"""From a decision to the files and out of them again: every format follows the list, release by release."""

from base64 import b64encode
from datetime import timedelta

import orjson
import pytest
from sqlalchemy import select

from app.release import write_newest
from moderation import formats, listings, publishing
from moderation.models import Listing
from moderation.vocabulary import SYSTEM, Scope
from tests import builders

LATER = builders.NOON + timedelta(minutes=1)
SITE = "https://evil-jobs.test/offer"


@pytest.fixture
def publish(database, settings):
    """Make the next release, write it, and give its folder."""

    def act():
        with database.transaction() as session:
            publishing.release(session, at=LATER)
        return write_newest(database, settings, LATER).folder

    return act


def list_it(database, scope):
    with database.transaction() as session:
        builders.listed(session, SITE, scope)


def end_it(database):
    with database.transaction() as session:
        listings.end(session, session.scalars(select(Listing)).one(), because="delisted", by=SYSTEM, at=LATER)


def files_that_name_it(folder):
    return files_naming(folder, "evil-jobs.test")


def files_naming(folder, host):
    """The files that name a host, in whatever their syntax makes of it."""
    forms = (host, b64encode(host.encode()).decode(), host.replace(".", r"\."))
    files = (form.FILE_NAME for form in formats.installed())
    return {name for name in files if any(form in (folder / name).read_text() for form in forms)}


def files_with_room_for(scope):
    return {form.FILE_NAME for form in formats.installed() if scope in form.SCOPES}


def test_a_listed_domain_is_in_every_format_of_names(database, publish):
    list_it(database, Scope.DOMAIN)
    assert files_that_name_it(publish()) == files_with_room_for(Scope.DOMAIN) > {"domains.txt", "feed.jsonl"}


def test_a_listed_page_is_in_the_formats_of_addresses_and_in_no_other(database, publish):
    list_it(database, Scope.PAGE)
    assert files_that_name_it(publish()) == files_with_room_for(Scope.PAGE) >= {"urls.txt", "feed.jsonl"}


@pytest.mark.parametrize("scope", [Scope.PAGE, Scope.DOMAIN])
def test_a_delisting_empties_every_format(database, publish, scope):
    list_it(database, scope)
    publish()
    end_it(database)
    assert files_that_name_it(publish()) == set()


@pytest.mark.long
def test_the_serial_rises_by_a_removal_too(database, publish):
    list_it(database, Scope.DOMAIN)
    before = int(publish().name)
    end_it(database)
    assert int(publish().name) == before + 1


@pytest.mark.long
@pytest.mark.parametrize(
    "place",
    [
        *("https://www.instagram.com/anna_b/", "https://t.me/good_jobs", "https://t.me/+AbCdEfGhIjKlMnOp", "https://cash.app/$annab"),
        *("https://play.google.com/store/apps/details?id=com.evil.app", "https://www.facebook.com/profile.php?id=100012345678901"),
    ],
)
def test_a_listed_account_is_its_own_page_and_no_more_of_the_platform(database, publish, place):
    with database.transaction() as session:
        builders.listed(session, place, Scope.PAGE)
    host = place.split("/")[2]
    folder = publish()
    named = [line for line in (folder / "urls.txt").read_text().splitlines() if host in line]
    told = [line for line in (folder / "feed.jsonl").read_text().splitlines() if host in line]
    assert (files_naming(folder, host), named) == (files_with_room_for(Scope.PAGE), [place.replace("https", "http", 1), place])
    assert [(orjson.loads(line)["scope"], orjson.loads(line)["target"]) for line in told] == [("page", place)]
