"""An interest of one's own, as the desk asks for it: never answered beforehand, and binding once it was declared."""

import re

import pytest
from sqlalchemy import select

from moderation.models import Case, Person, StoodAside
from tests.web.visitors import answers, assess, claim, database_of, one_app, report, rung, send, signed_in


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def amira(app):
    return signed_in(app, email="amira@demo.example")


@pytest.fixture
def case(app):
    return report(app)


def aside(app, case):
    with database_of(app).reading() as session:
        query = select(Person.email).join(StoodAside, StoodAside.person_id == Person.id).join(Case, Case.id == StoodAside.case_id)
        return session.scalars(query.where(Case.reference == case)).all()


@pytest.mark.long
def test_no_answer_about_interests_is_ticked_beforehand(amira, case):
    claim(amira, case)
    page = amira.get(f"/desk/cases/{case}").text
    answers_shown = re.findall(r'<input type="radio" name="conflict"[^>]*>', page)
    assert len(answers_shown) == 4
    assert [one for one in answers_shown if "checked" in one] == []


@pytest.mark.long
def test_an_assessment_that_says_nothing_of_interests_is_refused_there(app, amira, case):
    assert assess(amira, case, "propose", conflict="").status_code == 422
    assert 'id="conflict-fault"' in amira.page
    assert aside(app, case) == []


@pytest.mark.long
def test_who_declares_an_own_interest_goes_back_to_the_queue_and_gets_the_case_no_more(app, amira, case):
    assert assess(amira, case, "propose", conflict="mine").headers["Location"] == "/desk/queue"
    assert "You will not be offered this case again." in amira.follow().text
    assert aside(app, case) == ["amira@demo.example"]
    assert claim(amira, case).status_code == 403
    assert send(amira, case, "propose", answers(target="page|https://www.jobs.test/")).status_code == 403


@pytest.mark.long
@pytest.mark.parametrize(
    "unfinished",
    [{"sent_none_of_the_reports": ""}, {"expires_after": "soon"}, {"for_a_week": "1", "target": "domain|example.org"}, {"version": "77"}],
    ids=lambda changes: next(iter(changes)),
)
def test_an_own_interest_binds_also_where_the_rest_of_the_form_is_unfinished(app, amira, case, unfinished):
    claim(amira, case)
    amira.get(f"/desk/cases/{case}")
    form = {"target": rung(amira, "page"), **answers(conflict="mine"), **unfinished}
    assert send(amira, case, "propose", {name: value for name, value in form.items() if value}).status_code == 303
    assert aside(app, case) == ["amira@demo.example"]


def test_what_an_own_interest_means_stands_beside_its_answer(amira, case):
    claim(amira, case)
    page = amira.get(f"/desk/cases/{case}").text
    mine = re.search(r'value="mine".*?</label>', page, re.S)[0]
    assert "Then you take no further part in this case." in mine
