"""What is held back from the list, at the desk: two people, one form each, and why each entry waits."""

import re
import uuid

import pytest
from sqlalchemy import select

from app import clock
from moderation import publishing
from moderation.models import HeldEntry, Listing
from moderation.publishing.holding_back import TOO_MANY
from moderation.vocabulary import HeldBecause, Role
from tests import builders
from tests.web.visitors import database_of, new_site, one_app, signed_in

WHY = "A network of recruiters was found; each page was looked at."


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture
def senior(app):
    return signed_in(app, Role.SENIOR)


@pytest.fixture
def admin(app):
    return signed_in(app, Role.ADMIN)


def hold(app, because=HeldBecause.GROWTH, reason=TOO_MANY):
    """A listing that a release held back; returns its reference and its target."""
    with database_of(app).transaction() as session:
        decided = builders.listed(session, new_site(), at=clock.now())
        row = session.scalars(select(Listing).where(Listing.reference == decided.listing)).one()
        numbers = {"most": 25, "room": 5, "waiting": 40}
        session.add(HeldEntry(listing_id=row.id, because=because, reason=reason, numbers=numbers, held_at=clock.now()))
        return str(row.reference), row.target


def tick(visitor, *references, why=WHY):
    visitor.get("/desk/held")
    return visitor.post("/desk/held", {"held": list(references), "why": why})


def test_a_senior_and_an_administrator_let_it_go(app, senior, admin):
    reference, target = hold(app)
    page = senior.get("/desk/held").text
    assert target in page
    assert "a day may bring 25 additions; there was room for 5 of 40" in page
    assert tick(senior, reference).status_code == 303
    assert "First keys turned: 1." in senior.follow().text
    assert WHY in admin.get("/desk/held").text
    assert tick(admin, reference, why="").status_code == 303
    assert "Entries that go out: 1." in admin.follow().text
    assert target not in admin.get("/desk/held").text


def test_whoever_turned_the_first_key_is_offered_no_second_and_cannot_turn_it(app, senior):
    reference, _ = hold(app)
    tick(senior, reference)
    page = senior.get("/desk/held").text
    assert f'value="{reference}"' not in page
    assert "You turned the first key" in page
    refused = tick(senior, reference)
    assert (refused.status_code, "You turned the first key yourself" in refused.text) == (403, True)


def test_without_a_reason_nothing_is_lost(app, senior):
    reference, _ = hold(app)
    answer = tick(senior, reference, why="ok")
    assert (answer.status_code, "Write a sentence that says why" in answer.text) == (422, True)
    assert re.search(rf'value="{reference}" checked', answer.text)
    assert "ok</textarea>" in answer.text


def test_nothing_ticked_is_told(app, senior):
    hold(app)
    answer = tick(senior)
    assert (answer.status_code, "Tick what may go out" in answer.text) == (422, True)


def test_what_went_meanwhile_is_told(app, senior):
    reference, _ = hold(app)
    with database_of(app).transaction() as session:
        held = session.scalars(select(HeldEntry).join(Listing).where(Listing.reference == uuid.UUID(reference))).one()
        session.delete(held)
    answer = tick(senior, reference)
    assert (answer.status_code, "not held back any more" in answer.text) == (409, True)


def test_what_may_never_go_out_has_no_key_and_says_what_to_do(app, senior):
    reference, target = hold(app, HeldBecause.UNFIT, "A bare address is never listed: unrelated sites share it.")
    page = senior.get("/desk/held").text
    assert target in page
    assert f'value="{reference}"' not in page
    assert "Delist them, or list less of them" in page
    assert tick(senior, reference).status_code == 409


def test_a_listing_that_is_held_says_so_among_the_listings(app, senior):
    _, target = hold(app)
    assert "held back</span>" in senior.get(f"/desk/listings?text={target}").text


@pytest.mark.long
def test_the_page_is_for_those_who_hold_a_key(app):
    assert signed_in(app, Role.MODERATOR).get("/desk/held").status_code == 403
    assert signed_in(app, Role.SENIOR).get("/desk/").status_code == 303
    assert "/desk/held" in signed_in(app, Role.SENIOR).get("/desk/queue").text


@pytest.mark.long
def test_with_nothing_held_it_says_so(server, template, tmp_path):
    for app in one_app(server, template, tmp_path):
        with database_of(app).transaction() as session:
            publishing.release(session, at=clock.now())
        assert "Nothing is held back." in signed_in(app, Role.SENIOR).get("/desk/held").text
