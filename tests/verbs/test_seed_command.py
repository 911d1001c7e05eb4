"""`flask seed` as somebody types it: what it prints, and what it refuses to do."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from app import create_app
from app.database import EXTENSION
from moderation import policy, publishing
from moderation.models import Case, GrowthPermission, Listing, Person

LINES = (
    "\ufeffdomain\thxxp://new-offer[.]test/page\r\n"
    "# a remark\n"
    "\n"
    "path\thttps://forum.test/a/b/thread?id=3\n"
    "host\tjobs.elsewhere.test\n"
    "host\twhole.test\n"
    "host\tgithub.io\n"
    "page\thttps://forum.test/a/b/thread?id=3\n"
    "page\tA man in the bar by the harbour\n"
    "no tab here\n"
).encode() + b"domain\t\xff\xfe\n"


@pytest.fixture
def seed(app):
    def run(*arguments, given=b""):
        return app.test_cli_runner().invoke(args=["seed", *arguments], input=given)

    return run


@pytest.mark.long
def test_demo_is_added_once(app, seed):
    assert "cases are here" in seed("--demo").output
    assert "nothing was added" in seed("--demo").output
    with app.extensions[EXTENSION].reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 6


def test_people_alone_bring_no_cases(app, seed):
    assert seed("--people").exit_code == 0
    with app.extensions[EXTENSION].reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 0


@pytest.mark.long
def test_a_file_of_listings_goes_through_the_seats_line_by_line(app, seed):
    ran = seed("--listings", "-", given=LINES)
    assert ran.exit_code == 0, ran.output
    *lines, summary = ran.output.splitlines()[1:]
    assert [line.split()[0] for line in lines] == 4 * ["listed"] + 5 * ["refused"]
    assert "RS08" in lines[4]
    assert summary.startswith("4 listed, 5 refused.")
    with app.extensions[EXTENSION].reading() as session:
        listed = session.execute(select(Listing.scope, Listing.target).order_by(Listing.id)).all()
        assert [tuple(row) for row in listed] == [
            ("domain", "new-offer.test"),
            ("path", "https://forum.test/a/b/"),
            ("host", "jobs.elsewhere.test"),
            ("domain", "whole.test"),
        ]
        assert publishing.newest(session).entries == 4


@pytest.mark.long
def test_a_file_read_twice_lists_nothing_twice(seed):
    seed("--listings", "-", given=b"domain\tnew-offer.test\n")
    again = seed("--listings", "-", given=b"domain\tnew-offer.test\n")
    assert again.exit_code == 0
    assert "0 listed, 1 refused." in again.output


@pytest.mark.long
def test_a_file_longer_than_a_days_growth_needs_two_keys_and_says_so(app, seed):
    lines = "".join(f"page\thttps://site{number}.test/offer\n" for number in range(policy.BULK_ENTRIES + 2))
    ran = seed("--listings", "-", given=lines.encode())
    assert "two demo people allow 27 listings in a day" in ran.output
    assert "27 listed, 0 refused." in ran.output
    with app.extensions[EXTENSION].reading() as session:
        assert session.scalars(select(GrowthPermission.entries)).all() == [27]


@pytest.mark.long
def test_a_second_file_of_the_day_is_counted_with_the_first(seed):
    for day_part in ("a", "b"):
        lines = "".join(f"page\thttps://{day_part}{number}.test/offer\n" for number in range(policy.BULK_ENTRIES - 5))
        ran = seed("--listings", "-", given=lines.encode())
    assert "two demo people allow 40" in ran.output
    assert "20 listed, 0 refused." in ran.output


@pytest.mark.long
@pytest.mark.parametrize("arguments", [("--demo",), ("--people",), ("--cases", "1"), ("--entries", "1"), ("--listings", "-")])
def test_production_takes_nothing_invented(settings, database_url, arguments):
    production = create_app(replace(settings, environment="production"), database_url=database_url)
    ran = production.test_cli_runner().invoke(args=["seed", *arguments], input=b"domain\tnew-offer.test\n")
    production.extensions[EXTENSION].engine.dispose()
    assert ran.exit_code == 1
    assert "This is production" in ran.output
