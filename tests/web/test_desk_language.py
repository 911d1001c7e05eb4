"""A person chooses the language that the desk speaks to them once, without scripts, and it stays with them in every browser."""

import re

import pytest
from sqlalchemy import update

from app.languages import COMPLETE
from moderation.models import Person
from moderation.vocabulary import Role
from tests.web.visitors import TOKEN, Visitor, claim, database_of, one_app, report, send, signed_in

PAGES = {
    Role.VOLUNTEER: ("shortcuts",),
    Role.MODERATOR: ("queue", "queue?mine=1", "listings", "shortcuts"),
    Role.SENIOR: ("queue", "overview", "growth", "held"),
    Role.AUDITOR: ("audit", "listings", "overview"),
    Role.ADMIN: ("audit", "consumers", "growth"),
}


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


def speaking(visitor, tag):
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = tag
    return visitor


def choose(visitor, tag, **more):
    """Pick it from the menu of a page, the one that is open where any is."""
    if not TOKEN.search(visitor.page):
        visitor.get("/desk/shortcuts")
    return visitor.post("/desk/language", {"language": tag, **more})


def root(page):
    """How a page's first element calls its language and its direction."""
    return re.search(r'<html lang="([^"]*)" dir="([^"]*)">', page).groups()


@pytest.mark.long
def test_the_chosen_language_counts_more_than_the_browsers(app):
    amira = speaking(signed_in(app), "fr")
    assert root(amira.get("/desk/queue").text) == ("fr", "ltr")
    answered = choose(amira, "ar", page="/desk/queue?mine=1")
    assert (answered.status_code, answered.headers["Location"]) == (303, "/desk/queue?mine=1")
    page = amira.follow()
    assert (root(page.text), page.headers["Content-Language"]) == (("ar", "rtl"), "ar")


@pytest.mark.long
def test_it_is_there_at_the_next_sign_in_in_another_browser(app):
    amira = speaking(signed_in(app, email="amira.tongue@demo.example"), "fr")
    choose(amira, "es")
    another = speaking(Visitor(app), "ru")
    another.get("/desk/sign-in")
    assert root(another.page) == ("ru", "ltr")
    another.post("/desk/sign-in/demo", {"email": "amira.tongue@demo.example"})
    assert root(another.get("/desk/queue").text) == ("es", "ltr")
    another.post("/desk/sign-out")
    assert root(another.follow().text) == ("ru", "ltr")
    assert "Вы вышли" in another.page


def test_it_is_nobody_elses(app):
    choose(speaking(signed_in(app), "fr"), "ar")
    assert root(speaking(signed_in(app), "fr").get("/desk/queue").text) == ("fr", "ltr")


def test_a_choice_is_taken_back(app):
    amira = speaking(signed_in(app), "fr")
    choose(amira, "zh")
    amira.follow()
    choose(amira, "")
    assert root(amira.get("/desk/queue").text) == ("fr", "ltr")


@pytest.mark.long
@pytest.mark.parametrize("role", Role)
def test_every_page_offers_every_complete_language(app, role):
    visitor = signed_in(app, role)
    for name in PAGES[role]:
        menu = re.search(r'<details class="languages">.*?</details>', visitor.get(f"/desk/{name}").text, re.DOTALL)[0]
        assert set(re.findall(r'name="language" value="(\w+)"', menu)) == set(COMPLETE), name
        assert f'name="page" value="/desk/{name}"' in menu


@pytest.mark.long
def test_from_the_answer_to_a_form_it_leads_back_to_the_page_that_the_form_stood_on(app):
    amira, case = signed_in(app), report(app)
    claim(amira, case)
    assert send(amira, case, "reject", {"outcome": "reject_scope"}).status_code == 422
    assert f'name="page" value="/desk/cases/{case}"' in amira.page
    assert choose(amira, "fr", page=f"/desk/cases/{case}").headers["Location"] == f"/desk/cases/{case}"


@pytest.mark.long
@pytest.mark.parametrize("tag", ["xx", "en-GB", "../ar", "AR"])
def test_a_language_that_is_not_offered_is_none(app, tag):
    amira = speaking(signed_in(app), "fr")
    assert choose(amira, tag).status_code == 400
    assert root(amira.get("/desk/queue").text) == ("fr", "ltr")


@pytest.mark.parametrize("page", ["https://elsewhere.example/", "//elsewhere.example/desk", "/desk/../about", ""])
def test_it_leads_nowhere_but_to_the_desk(app, page):
    assert choose(signed_in(app), "fr", page=page).headers["Location"] == "/desk/"


def test_who_chose_a_language_that_left_is_spoken_to_as_their_browser_asks(app):
    amira = speaking(signed_in(app), "es")
    with database_of(app).transaction() as session:
        session.execute(update(Person).where(Person.id == amira.actor.person_id).values(language="tlh"))
    assert root(amira.get("/desk/queue").text) == ("es", "ltr")


def test_the_way_in_and_the_public_pages_stay_as_they_are(app):
    amira = speaking(signed_in(app), "fr")
    choose(amira, "ar")
    assert root(amira.get("/es/report").text) == ("es", "ltr")
    assert root(speaking(Visitor(app), "fr").get("/desk/sign-in").text) == ("fr", "ltr")


def test_a_guest_chooses_nothing(app):
    guest = Visitor(app)
    guest.get("/desk/sign-in")
    assert choose(guest, "fr").status_code == 401


def test_a_form_that_was_too_old_says_so_in_the_chosen_language(app):
    amira = speaking(signed_in(app), "fr")
    choose(amira, "ar")
    amira.page = ""
    refused = amira.post("/desk/shortcuts", {"on": "1"})
    assert (refused.status_code, root(refused.text)) == (400, ("ar", "rtl"))
