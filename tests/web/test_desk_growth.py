"""Allowing the list to grow faster, over HTTP: two people, two forms, and nothing typed is lost."""

import re
import uuid

import pytest

from moderation.vocabulary import Role
from tests.web.visitors import one_app, signed_in

WHY = "A network of recruiters was found; forty pages are ready."


@pytest.fixture
def app(server, template, tmp_path):
    yield from one_app(server, template, tmp_path)


@pytest.fixture
def senior(app):
    return signed_in(app, Role.SENIOR)


@pytest.fixture
def admin(app):
    return signed_in(app, Role.ADMIN)


def ask(visitor, **changes):
    visitor.get("/desk/growth")
    return visitor.post("/desk/growth", {"reason": WHY, "entries": "40", **changes})


def forms_of(visitor):
    return re.findall(r'action="(/desk/growth[^"]*)"', visitor.get("/desk/growth").text)


def press(visitor, ending):
    (action,) = (action for action in forms_of(visitor) if action.endswith(ending))
    return visitor.post(action)


def test_a_senior_asks_and_an_administrator_agrees(senior, admin):
    assert ask(senior).status_code == 303
    assert press(admin, "/agree").status_code == 303
    page = senior.get("/desk/growth").text
    assert "Two people allow more" in page
    assert "It takes effect at" in page


def test_whoever_asked_is_offered_no_second_key_and_cannot_turn_it(senior, admin):
    ask(senior)
    assert [action.rpartition("/")[2] for action in forms_of(senior)] == ["take-back"]
    (agree,) = (action for action in forms_of(admin) if action.endswith("/agree"))
    senior.get("/desk/growth")
    refused = senior.post(agree)
    assert refused.status_code == 403
    assert "Another senior or administrator must agree" in refused.text


def test_either_of_them_takes_it_back(senior, admin):
    ask(senior)
    press(admin, "/agree")
    assert press(senior, "/take-back").status_code == 303
    assert forms_of(admin) == ["/desk/growth"]


def test_what_is_not_there_has_a_page_of_its_own_and_not_the_form_again(senior):
    senior.get("/desk/growth")
    missing = senior.post(f"/desk/growth/{uuid.uuid4()}/agree")
    assert missing.status_code == 404
    assert ("There is no such permission." in missing.text, 'name="entries"' in missing.text) == (True, False)


@pytest.mark.parametrize(
    ("wrong", "said"), [({"entries": "many"}, "whole number"), ({"entries": "25"}, "more than 25"), ({"reason": ""}, "Write why")]
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(senior, wrong, said):
    answer = ask(senior, **wrong)
    assert answer.status_code == 422
    assert said in answer.text
    assert {"reason": WHY, "entries": "40", **wrong}["reason"] in answer.text


def test_what_was_decided_meanwhile_is_told(senior, admin):
    ask(senior)
    (agree,) = (action for action in forms_of(admin) if action.endswith("/agree"))
    press(senior, "/take-back")
    admin.get("/desk/growth")
    assert admin.post(agree).status_code == 409
