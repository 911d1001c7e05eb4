"""Deciding over HTTP: seats, refusals that teach, what stays blind, and that nothing typed is lost."""

import re

import pytest
from sqlalchemy import select

from moderation.models import Listing
from moderation.vocabulary import Role
from tests.web.decided import listing, state, value_of
from tests.web.visitors import answers, assess, claim, database_of, one_app, report, rung, send, signed_in

SECRET_WORDS = "Only the first seat knows these words."


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


def test_a_page_is_listed_when_a_second_person_agrees(app, amira, luis, case):
    assert assess(amira, case, "propose").status_code == 303
    assert state(app, case) == "proposed"
    assert assess(luis, case, "confirm").status_code == 303
    assert listing(app, case)
    assert "Listed. It reaches every format" in luis.follow().text


def test_a_domain_is_listed_only_when_a_senior_agrees_too(app, amira, luis, chen, case):
    assess(amira, case, "propose", "domain")
    assess(luis, case, "confirm", "domain")
    assert (state(app, case), listing(app, case)) == ("awaiting_third", None)
    assess(chen, case, "confirm", "domain")
    assert listing(app, case)


@pytest.mark.long
def test_the_proposer_cannot_confirm_her_own_proposal(app, amira, case):
    claim(amira, case)
    amira.get(f"/desk/cases/{case}")
    form = {"version": "2", "target": rung(amira, "page"), **answers()}
    assess(amira, case, "propose")
    assert claim(amira, case).status_code == 403
    amira.get(f"/desk/cases/{case}")
    assert amira.post(f"/desk/cases/{case}/confirm", form).status_code == 403
    assert state(app, case) == "proposed"


def test_the_narrowest_step_is_chosen_beforehand(amira, case):
    claim(amira, case)
    page = amira.get(f"/desk/cases/{case}").text
    assert re.search(r'value="(\w+)\|[^"]*" checked', page)[1] == "page"
    assert (value_of(page, "expires_after"), value_of(page, "review_after")) == ("180", "90")


def test_a_refusal_names_the_check_what_is_missing_the_way_forward_and_the_source(amira, case):
    refused = assess(amira, case, "propose", lifeline="")
    assert refused.status_code == 422
    beside = re.search(r'<div class="problem" id="lifeline-fault">.*?</div>', amira.page, re.S)[0]
    assert "Nothing is written on who might lose a lifeline." in beside
    assert "Write in a sentence who uses this" in beside
    assert "RS16" in beside
    assert "OHCHR principle 3" in beside


def test_a_refusal_is_summed_up_with_a_link_to_each_field_in_the_order_of_the_page(amira, case):
    assess(amira, case, "propose", lifeline="", provision="", statement_facts="")
    summary = re.search(r'<div class="errors".*?</div>', amira.page, re.S)[0]
    linked = re.findall(r'href="#([^"]+)"', summary)
    assert linked == ["provision", "lifeline", "statement_facts"]
    assert all(f'id="{field}"' in amira.page for field in linked)


def test_nothing_typed_is_lost_in_a_refusal(amira, case):
    typed = answers(provision="", lifeline="Line one.\n\n  <b>Line</b> two & “three”", conflict="government", conflict_note="")
    claim(amira, case)
    amira.get(f"/desk/cases/{case}")
    send(amira, case, "propose", {"target": rung(amira, "path"), **typed})
    assert value_of(amira.page, "lifeline") == "Line one.\n\n  &lt;b&gt;Line&lt;/b&gt; two &amp; “three”"
    assert value_of(amira.page, "evidence_act") == typed["evidence_act"]
    assert re.search(r'value="path\|[^"]*" checked', amira.page)
    assert re.search(r'name="conflict" value="government" checked', amira.page)
    assert re.search(r'value="report" selected', amira.page)


def test_a_refused_attempt_waits_in_the_form_when_the_page_is_opened_again(amira, case):
    assess(amira, case, "propose", lifeline="", provision="Law of the Sea, article 7")
    page = amira.get(f"/desk/cases/{case}").text
    assert value_of(page, "provision") == "Law of the Sea, article 7"
    assert 'id="lifeline-fault"' in page


@pytest.mark.long
def test_a_refused_attempt_is_nobody_elses_to_read(amira, luis, case):
    assess(amira, case, "propose", lifeline="", provision=SECRET_WORDS)
    amira.get(f"/desk/cases/{case}")
    amira.post(f"/desk/cases/{case}/hand-back")
    claim(luis, case)
    assert SECRET_WORDS not in luis.get(f"/desk/cases/{case}").text


@pytest.mark.long
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"expires_after": "soon"}, "expires_after"),
        ({"expires_after": "-1"}, "expires_after"),
        ({"review_after": "9" * 50}, "review_after"),
        ({"conflict": "all of them"}, "conflict"),
        ({"evidence_act_source": "a dream"}, "evidence_act_source"),
        ({"lifeline": "x" * 5_001}, "lifeline"),
        ({"target": "domain|example.org"}, "target"),
        ({"sent_none_of_the_reports": ""}, "sent_none_of_the_reports"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_said_at_its_field(app, amira, case, changes, field):
    claim(amira, case)
    amira.get(f"/desk/cases/{case}")
    form = {"target": rung(amira, "page"), **answers(), **changes}
    refused = send(amira, case, "propose", {name: value for name, value in form.items() if value})
    assert refused.status_code == 422
    assert f'id="{field}-fault"' in amira.page
    assert state(app, case) == "waiting"


def test_a_null_byte_in_an_answer_is_dropped_and_not_a_fault(app, amira, case):
    assert assess(amira, case, "propose", lifeline="No worker uses the\x00 page.").status_code == 303


def test_territories_may_be_written_as_names(app, amira, luis, case):
    assess(amira, case, "propose", territories="france; Belgium, NL")
    assess(luis, case, "confirm", territories="BE FR")
    with database_of(app).reading() as session:
        assert session.scalar(select(Listing.territories).where(Listing.reference == listing(app, case))) == ["BE", "FR"]


def test_the_law_named_last_is_offered_at_the_next_case(app, luis):
    first, second = report(app), report(app)
    assess(luis, first, "propose", provision="Act on Labour, section 3")
    claim(luis, second)
    page = luis.get(f"/desk/cases/{second}").text
    assert (value_of(page, "provision"), value_of(page, "territories")) == ("Act on Labour, section 3", "FR BE")


def test_what_the_facts_say_stands_beside_each_step_before_anyone_writes(app, amira):
    with database_of(app).transaction() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO known_host (host, class, source, rank) VALUES ('bank-of.test', 'bank', 'A list of banks', NULL)"
        )
    case = report(app, "https://www.bank-of.test/login")
    claim(amira, case)
    domain = re.search(r'value="domain\|bank-of.test".*?</label>', amira.get(f"/desk/cases/{case}").text, re.S)[0]
    assert "would be refused" in domain
    assert "RS11" in domain
    assert "A list of banks" in domain


def test_the_second_seat_sees_nothing_of_what_the_first_wrote(amira, luis, case):
    assess(amira, case, "propose", lifeline=SECRET_WORDS)
    claim(luis, case)
    page = luis.get(f"/desk/cases/{case}").text
    assert "Your own view comes first" in page
    assert SECRET_WORDS not in page
    # Among all colleagues whom the case could be given to, her name tells nothing.
    beside, colleagues = re.subn(r'<select id="colleague".*?</select>', "", page, flags=re.S)
    assert (colleagues, "Amira" in beside) == (1, False)


def test_a_refused_second_assessment_shows_nothing_either(amira, luis, case):
    assess(amira, case, "propose", lifeline=SECRET_WORDS)
    assess(luis, case, "confirm", provision="")
    assert SECRET_WORDS not in luis.page


@pytest.mark.long
def test_once_ones_own_assessment_is_stored_everybodys_is_shown(amira, luis, case):
    assess(amira, case, "propose", lifeline=SECRET_WORDS)
    assess(luis, case, "confirm")
    page = luis.follow().text
    assert SECRET_WORDS in page
    assert "Amira" in page


def test_the_second_seat_writes_no_statement_of_reasons(amira, luis, case):
    assess(amira, case, "propose")
    claim(luis, case)
    assert value_of(luis.get(f"/desk/cases/{case}").text, "statement_facts") is None


def test_no_two_fields_of_a_page_share_an_identifier(amira, case):
    claim(amira, case)
    for form in ({}, {"outcome": "reject_scope"}):
        send(amira, case, "reject", form) if form else amira.get(f"/desk/cases/{case}")
        found = re.findall(r'\bid="([^"]+)"', amira.page)
        assert sorted(set(found)) == sorted(found)


def test_a_case_that_changed_meanwhile_is_a_409_that_keeps_what_was_typed(amira, case):
    claim(amira, case)
    amira.get(f"/desk/cases/{case}")
    refused = amira.post(f"/desk/cases/{case}/propose", {"version": "9", "target": rung(amira, "page"), **answers(lifeline=SECRET_WORDS)})
    assert refused.status_code == 409
    assert "changed while you were working" in amira.page
    assert value_of(amira.page, "lifeline") == SECRET_WORDS


def test_who_lost_the_case_to_a_colleague_gets_their_words_back(app, amira, luis, case):
    claim(amira, case)
    page = amira.get(f"/desk/cases/{case}").text
    form = {"version": re.search(r'name="version" value="(\d+)"', page)[1], "target": rung(amira, "page"), **answers(lifeline=SECRET_WORDS)}
    with database_of(app).transaction() as session:
        session.connection().exec_driver_sql("UPDATE \"case\" SET lease_until = now() - interval '1 minute' WHERE holder_id IS NOT NULL")
    claim(luis, case)
    assert amira.post(f"/desk/cases/{case}/propose", form).status_code == 409
    assert "You do not hold this case any more" in amira.page
    assert SECRET_WORDS in amira.page
