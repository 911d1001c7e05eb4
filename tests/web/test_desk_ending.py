"""How a case or a listing ends at the desk: people disagree, one rejects, a proposal is taken back, a listing is taken off."""

import re

import pytest

from moderation.vocabulary import Role
from tests.web.decided import listing, state, value_of
from tests.web.visitors import assess, claim, new_site, one_app, report, send, signed_in

REJECTION = {"outcome": "reject_scope", "note": "Nothing here recruits anyone.", "sent_none_of_the_reports": "1"}
NOTICE = {"recipient": "abuse@host.example", "proof": "Ticket 4711", "sent_at": "2026-11-20"}


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def amira(app):
    return signed_in(app, email="amira@demo.example")


@pytest.fixture(scope="module")
def luis(app):
    return signed_in(app, email="luis@demo.example")


@pytest.fixture(scope="module")
def chen(app):
    return signed_in(app, Role.SENIOR, email="chen@demo.example")


@pytest.fixture
def case(app):
    return report(app)


def test_disagreement_means_not_listed(app, amira, luis, case):
    assess(amira, case, "propose")
    claim(luis, case)
    done = send(luis, case, "disagree", {"outcome": "reject_lawful", "note": "It is a lawful agency.", "sent_none_of_the_reports": "1"})
    assert done.status_code == 303
    assert (state(app, case), listing(app, case)) == ("not_listed", None)


def test_one_person_rejects(app, amira, case):
    claim(amira, case)
    done = send(amira, case, "reject", REJECTION)
    assert done.status_code == 303
    assert state(app, case) == "rejected"


def test_a_rejection_without_its_reason_keeps_what_was_chosen(amira, case):
    claim(amira, case)
    refused = send(amira, case, "reject", {"outcome": "reject_abuse", "note": "no", "sent_none_of_the_reports": "1"})
    assert refused.status_code == 422
    assert 'id="note-fault"' in amira.page
    assert re.search(r'value="reject_abuse" checked', amira.page)


@pytest.mark.parametrize("missing", ["outcome", "note", "sent_none_of_the_reports"])
def test_a_rejection_asks_for_each_of_its_answers(amira, case, missing):
    claim(amira, case)
    refused = send(amira, case, "reject", {name: value for name, value in REJECTION.items() if name != missing})
    assert refused.status_code == 422
    assert f'id="{missing}-fault"' in amira.page


def test_the_proposer_withdraws_and_the_case_waits_as_if_new(app, amira, case):
    assess(amira, case, "propose")
    amira.follow()
    assert amira.post(f"/desk/cases/{case}/withdraw").status_code == 303
    assert state(app, case) == "waiting"


def test_nobody_else_withdraws_it(app, amira, luis, case):
    assess(amira, case, "propose")
    luis.get(f"/desk/cases/{case}")
    assert luis.post(f"/desk/cases/{case}/withdraw").status_code == 403
    assert state(app, case) == "proposed"


def test_a_notice_is_recorded_with_the_day_it_was_sent(amira, case):
    claim(amira, case)
    assert send(amira, case, "notices", NOTICE).status_code == 303
    page = amira.follow().text
    assert "abuse@host.example" in page
    assert "2026-11-20 23:59 UTC</time>" in page


@pytest.mark.long
@pytest.mark.parametrize(
    ("field", "typed"), [("recipient", ""), ("proof", ""), ("sent_at", ""), ("sent_at", "2999-01-01"), ("sent_at", "yesterday")]
)
def test_a_notice_that_says_too_little_is_refused_at_its_field(amira, case, field, typed):
    claim(amira, case)
    refused = send(amira, case, "notices", {**NOTICE, field: typed})
    assert refused.status_code == 422
    assert f'id="{field}-fault"' in amira.page
    assert value_of(amira.page, "proof") == {**NOTICE, field: typed}["proof"]


def listed(app, amira, luis):
    site = new_site()
    case = report(app, site)
    assess(amira, case, "propose")
    assess(luis, case, "confirm")
    return site, listing(app, case)


@pytest.mark.long
def test_one_person_delists_in_one_step(app, amira, luis):
    site, reference = listed(app, amira, luis)
    assert site in luis.get("/desk/listings").text
    assert luis.post(f"/desk/listings/{reference}/delist", {"because": "The owner took it down."}).status_code == 303
    assert site not in luis.follow().text


def test_delisting_asks_why_and_keeps_its_form_open(app, amira, luis):
    site, reference = listed(app, amira, luis)
    luis.get("/desk/listings")
    assert luis.post(f"/desk/listings/{reference}/delist", {"because": "", "target": site}).status_code == 422
    assert re.search(r'<details class="delist" open>', luis.page)


def test_delisting_twice_is_a_409(app, amira, luis):
    _, reference = listed(app, amira, luis)
    for expected in (303, 409):
        luis.get("/desk/listings")
        assert luis.post(f"/desk/listings/{reference}/delist", {"because": "The owner took it down."}).status_code == expected


@pytest.mark.long
def test_who_does_not_review_cannot_delist(app, amira, luis):
    _, reference = listed(app, amira, luis)
    auditor = signed_in(app, Role.AUDITOR)
    auditor.get("/desk/listings")
    assert "Delist" not in auditor.page
    assert auditor.post(f"/desk/listings/{reference}/delist", {"because": "The owner took it down."}).status_code == 403


@pytest.mark.long
def test_listings_are_found_by_host_domain_or_target(app, amira, luis):
    site, _ = listed(app, amira, luis)
    for text in (site, site.split("/")[2], site.split("/")[2].removeprefix("www.")):
        assert site in amira.get(f"/desk/listings?text={text}").text
    assert site not in amira.get("/desk/listings?text=other.example").text
