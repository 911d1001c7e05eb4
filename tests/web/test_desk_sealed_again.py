"""An address that is sealed for a hotline and reported again: the new case says so, and tells nothing of the old one."""

import pytest

from tests.web.sealed import referred, send_receipt
from tests.web.visitors import database_of, new_site, one_app, report, signed_in

SIGN = "This address was referred to a hotline before"


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def amira(app):
    return signed_in(app)


@pytest.fixture(scope="module")
def luis(app):
    return signed_in(app)


@pytest.mark.long
def test_a_sealed_address_that_is_reported_again_says_so_at_its_case_and_no_other_does(app, amira, luis):
    what = new_site()
    assert SIGN not in amira.get(f"/desk/cases/{report(app, what)}").text
    first = referred(app, amira, what)
    assert SIGN not in luis.get(f"/desk/cases/{first}").text
    again = luis.get(f"/desk/cases/{report(app, what)}").text
    assert SIGN in again
    assert first not in again
    assert SIGN not in luis.get(f"/desk/cases/{report(app)}").text


def test_once_a_sealed_address_is_destroyed_nothing_tells_of_it(app, amira, luis):
    what = new_site()
    first = referred(app, amira, what)
    send_receipt(app, luis, first, receipt_reference="H-7", receipt_at="2026-11-21")
    with database_of(app).transaction() as session:
        session.connection().exec_driver_sql("DELETE FROM sealed_keys.address_key")
    assert SIGN not in luis.get(f"/desk/cases/{report(app, what)}").text
