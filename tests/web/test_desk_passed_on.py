"""Whoever suspects images of a child, in whatever seat, is led to a hotline at the desk, and whoever comes after is warned."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from moderation import policy, retention
from moderation.models import Case, Listing
from moderation.vocabulary import Role
from tests.web.sealed import HOTLINE, NOTE, SUMMARY, referred, send_receipt
from tests.web.visitors import assess, claim, database_of, new_site, one_app, report, send, signed_in


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def amira(app):
    return signed_in(app, email="amira.seal@demo.example")


@pytest.fixture(scope="module")
def luis(app):
    return signed_in(app, email="luis.seal@demo.example")


@pytest.fixture(scope="module")
def dora(app):
    return signed_in(app, Role.SENIOR, email="dora.seal@demo.example")


TOLD = {name: value for name, value in HOTLINE.items() if name not in ("outcome", "refer_child_material")}


@pytest.mark.long
def test_who_reviews_a_proposal_passes_it_on_without_having_read_it(app, amira, luis, dora):
    what = new_site()
    case = report(app, what, more="I saw a wren there.")
    claim(amira, case)
    assess(amira, case, "propose", facilitation="A heron is how it sells.")
    claim(luis, case)
    page = luis.get(f"/desk/cases/{case}").text
    assert 'name="outcome" value="refer_hotline"' in page
    assert "heron" not in page
    answered = send(luis, case, "disagree", {**NOTE, **HOTLINE, "refer_recipient": ""})
    assert (answered.status_code, 'id="refer_recipient-fault"' in luis.page, "heron" in luis.page) == (422, True, False)
    assert send(luis, case, "disagree", {**NOTE, **HOTLINE}).status_code == 303
    assert "The address is sealed. Write down the hotline’s receipt" in luis.follow().text
    for visitor in (amira, luis, dora):
        page = visitor.get(f"/desk/cases/{case}").text
        assert [word for word in (what.split("/")[2], "heron", "wren") if word in page] == []
    assert send_receipt(app, dora, case, receipt_reference="H-31", receipt_at=f"{clock.now():%Y-%m-%d}").status_code == 303
    with database_of(app).transaction() as session:
        while retention.run(session, at=clock.now() + policy.SEALED_KEPT_AFTER_RECEIPT + timedelta(hours=1)):
            pass
    assert "sealed for a hotline" not in dora.get(f"/desk/cases/{case}").text


@pytest.mark.long
def test_who_suspects_them_is_told_to_refer_and_may_answer_no(app, amira, luis):
    case = report(app)
    claim(amira, case)
    assess(amira, case, "propose")
    claim(luis, case)
    assess(luis, case, "confirm", child_material="suspected")
    shown = luis.get(f"/desk/cases/{case}").text
    assert re.search(r'name="refer_child_material" value="suspected" checked', shown)
    assert shown.index('id="refer_child_material"') < shown.index('value="reject_lawful"')
    rejected = {**NOTE, "outcome": "reject_lawful", "refer_child_material": "suspected"}
    assert send(luis, case, "disagree", rejected).status_code == 422
    assert "#refer_child_material" in SUMMARY.search(luis.page)[0]
    assert 'id="refer_child_material-fault"' in luis.page
    assert NOTE["note"] in luis.page
    assert send(luis, case, "disagree", {**rejected, "refer_child_material": "no"}).status_code == 303
    assert "Where people disagree, nothing is listed" in luis.follow().text


def test_who_passed_it_on_is_asked_for_no_receipt_that_they_may_not_write_down(app, amira, luis, dora):
    case = referred(app, amira, new_site())
    pages = {visitor.actor.name: visitor.get(f"/desk/cases/{case}").text for visitor in (amira, luis, dora)}
    assert [name for name, page in pages.items() if "receipt_reference" not in page] == [amira.actor.name]
    assert "Somebody other than who passed it on writes this down" in pages[amira.actor.name]


@pytest.mark.long
@pytest.mark.parametrize("verb", ["reject", "propose"])
def test_what_somebody_suspects_outlives_a_form_that_is_refused_and_warns_who_comes_next(app, amira, luis, verb):
    case = report(app, category="child")
    claim(amira, case)
    forms = {"reject": {"outcome": "reject_lawful", "refer_child_material": "suspected"}, "propose": {"child_material": "suspected"}}
    assert send(amira, case, verb, forms[verb]).status_code == 422
    assert "A colleague suspects" not in amira.page
    amira.get(f"/desk/cases/{case}")
    amira.post(f"/desk/cases/{case}/hand-back")
    claim(luis, case)
    page = luis.get(f"/desk/cases/{case}").text
    assert "A colleague suspects sexual images of a child here." in page
    assert send(luis, case, "reject", {**NOTE, "outcome": "reject_lawful"}).status_code == 422
    assert "#refer_child_material" in SUMMARY.search(luis.page)[0]


def test_who_suspects_them_while_listing_is_told_that_and_nothing_else(app, amira):
    case = report(app, category="child")
    claim(amira, case)
    send(amira, case, "propose", {"child_material": "suspected"})
    assert SUMMARY.search(amira.page)[0].count("<li>") == 1
    assert "so this is for a hotline" in SUMMARY.search(amira.page)[0]


@pytest.mark.long
def test_what_is_listed_leaves_the_list_and_is_sealed_in_one_step(app, amira, luis, dora):
    what = new_site()
    case = report(app, what)
    for visitor, step in ((amira, "propose"), (luis, "confirm")):
        claim(visitor, case)
        assess(visitor, case, step)
    page = dora.get(f"/desk/cases/{case}").text
    assert "Refer to a hotline, and seal" in page
    sealed = {"outcome": "refer_hotline", "refer_child_material": "suspected"}
    assert send(dora, case, "reject", {**NOTE, **sealed}).status_code == 422
    assert 'id="refer_passed_on-fault"' in dora.page
    assert send(dora, case, "reject", {**NOTE, **sealed, **TOLD}).status_code == 303
    page = dora.follow().text
    assert "The address is sealed" in page
    assert what.split("/")[2] not in page
    with database_of(app).reading() as session:
        assert session.scalars(select(Listing.ended_because).join(Case).where(Case.reference == case)).all() == ["delisted"]
        listing = session.scalars(select(Listing.reference).join(Case).where(Case.reference == case)).one()
    record = signed_in(app, Role.ADMIN).get(f"/desk/audit?subject=listing:{listing}").text
    assert "target: The address is sealed" in record
    assert what.split("/")[2] not in record
