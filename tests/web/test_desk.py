"""The desk over HTTP: who reaches what, taking cases, and what a page gives away."""

import re

import pytest
from sqlalchemy import event

from moderation.models import KnownHostRow
from moderation.vocabulary import Category, Role
from tests.web.visitors import Visitor, claim, database_of, new_site, one_app, report, signed_in

HOSTILE = "<script>alert(1)</script> \u202edesrever\u202c {{ 7*7 }}"


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


@pytest.fixture(scope="module")
def people(app):
    return {role: signed_in(app, role) for role in Role}


PAGES = {
    "/desk/queue": {Role.MODERATOR, Role.SENIOR},
    "/desk/listings": {Role.MODERATOR, Role.SENIOR, Role.AUDITOR, Role.ADMIN},
    "/desk/audit": {Role.AUDITOR, Role.ADMIN},
    "/desk/growth": {Role.SENIOR, Role.ADMIN},
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("address", PAGES)
def test_each_role_opens_its_own_pages_and_no_others(people, role, address):
    assert people[role].get(address).status_code == (200 if role in PAGES[address] else 403)


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.AUDITOR, Role.ADMIN])
def test_only_reviewers_open_a_case(app, people, role):
    assert people[role].get(f"/desk/cases/{report(app)}").status_code == 403


def test_a_page_offers_only_what_its_reader_may_open(people):
    links = re.findall(r'<nav class="main".*?</nav>', people[Role.AUDITOR].get("/desk/listings").text, re.S)[0]
    assert re.findall(r'href="([^"]+)"', links) == ["/desk/audit", "/desk/listings", "/desk/overview"]


def test_the_queue_shows_the_most_urgent_first(app, amira):
    calm, urgent = new_site(), new_site()
    report(app, calm, category=Category.UNSURE)
    report(app, urgent, category=Category.CHILD, danger_now=True)
    page = amira.get("/desk/queue").text
    assert page.index(urgent) < page.index(calm) if calm in page else urgent in page


def test_a_place_in_the_queue_is_explained_point_by_point(app, amira):
    site = new_site()
    report(app, site, category=Category.CHILD, danger_now=True)
    row = amira.get(f"/desk/queue?text={site}").text
    assert "+100" in row
    assert "+60" in row


def test_filters_are_plain_addresses(app, amira):
    site, other = new_site(), new_site()
    report(app, site, category=Category.SEXUAL)
    report(app, other, category=Category.SEXUAL)
    page = amira.get(f"/desk/queue?category=sexual&kind=web_page&text={site}").text
    assert site in page
    assert other not in page


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=9999999999999", "page=x", "state=nonsense", "kind=%00", "text=%00%ff", "category=%27"]
)
def test_a_queue_address_that_means_nothing_still_gives_a_page(amira, query):
    assert amira.get(f"/desk/queue?{query}").status_code == 200


@pytest.mark.parametrize("query", ["page=x", "text=%00", "text=%ff%27", "page=99999999999"])
def test_a_listings_address_that_means_nothing_still_gives_a_page(amira, query):
    assert amira.get(f"/desk/listings?{query}").status_code == 200


def test_the_queue_does_not_tell_how_many_reports_a_case_has(app, amira):
    site = new_site()
    report(app, site)
    once = amira.get(f"/desk/queue?text={site}").text
    for _ in range(6):
        report(app, site)
    assert cleaned(amira.get(f"/desk/queue?text={site}").text) == cleaned(once)


def cleaned(page):
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


def test_a_reported_address_is_never_a_link(app, amira):
    site = new_site()
    case = report(app, site)
    for address in (f"/desk/queue?text={site}", f"/desk/cases/{case}"):
        links = re.findall(r'(?:href|src|action)="([^"]*)"', amira.get(address).text)
        assert [link for link in links if link.startswith("http")] == []


def test_a_reporters_text_is_shown_as_text_and_its_tricks_spelled_out(app, amira):
    page = amira.get(f"/desk/cases/{report(app, more=HOSTILE, language='ar')}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; ⟨U+202E⟩desrever⟨U+202C⟩ {{ 7*7 }}" in page
    assert '<dd lang="ar" dir="auto">' in page


def test_a_report_that_cannot_be_opened_says_so(app, amira):
    case = report(app)
    with database_of(app).transaction() as session:
        session.connection().exec_driver_sql(
            "UPDATE sealed_keys.report_key SET wrapped = NULL, shredded_at = now() WHERE report_id = (SELECT max(id) FROM report)"
        )
    assert "could not be opened" in amira.get(f"/desk/cases/{case}").text


def test_claiming_leads_to_the_case_and_gives_thirty_minutes(app, amira):
    case = report(app)
    assert claim(amira, case).headers["Location"] == f"/desk/cases/{case}"
    assert "Yours for 30 min" in amira.follow().text


def test_whoever_comes_second_is_told_who_has_the_case(app, amira, luis):
    case = report(app)
    claim(amira, case)
    refused = claim(luis, case)
    assert refused.status_code == 409
    assert "Amira holds this case until" in luis.page


def test_the_next_case_is_one_that_nobody_holds(app, amira, luis):
    report(app, category=Category.CHILD, danger_now=True)
    report(app, category=Category.CHILD, danger_now=True)
    taken = []
    for visitor in (amira, luis):
        visitor.get("/desk/queue")
        taken.append(visitor.post("/desk/queue/next").headers["Location"])
    assert taken[0] != taken[1]


def test_where_no_case_is_left_the_queue_says_so(chen):
    chen.get("/desk/queue?state=awaiting_third")
    chen.post("/desk/queue/next", {"state": "awaiting_third"})
    assert "No case is waiting here for you" in chen.follow().text


def test_a_moderator_is_not_offered_third_seats(amira):
    page = amira.get("/desk/queue?state=awaiting_third").text
    assert "Claim next case" not in page
    assert amira.post("/desk/queue/next", {"state": "awaiting_third"}).status_code == 403


def test_a_case_handed_back_is_free_for_the_next(app, amira, luis):
    case = report(app)
    claim(amira, case)
    amira.get(f"/desk/cases/{case}")
    amira.post(f"/desk/cases/{case}/hand-back")
    assert claim(luis, case).status_code == 303


def nearly_over(app):
    with database_of(app).transaction() as session:
        session.connection().exec_driver_sql("UPDATE \"case\" SET lease_until = now() + interval '3 minutes' WHERE holder_id IS NOT NULL")


def test_opening_ones_own_case_lengthens_the_time_for_it(app, amira):
    case = report(app)
    claim(amira, case)
    nearly_over(app)
    assert "Yours for 30 min" in amira.get(f"/desk/cases/{case}").text


def test_typing_lengthens_the_time_without_opening_the_page_again(app, amira):
    site = new_site()
    case = report(app, site)
    claim(amira, case)
    nearly_over(app)
    amira.get("/desk/queue")
    assert amira.post(f"/desk/cases/{case}/lease").status_code == 204
    assert "yours for 30 min" in amira.get(f"/desk/queue?text={site}").text


def test_looking_at_a_colleagues_case_does_not_lengthen_their_time(app, amira, luis):
    case = report(app)
    claim(amira, case)
    nearly_over(app)
    luis.get(f"/desk/cases/{case}")
    luis.post(f"/desk/cases/{case}/lease")
    assert "for 3 min" in luis.get(f"/desk/cases/{case}").text


def test_a_case_that_does_not_exist_is_not_found(amira):
    for address in ("/desk/cases/00000000-0000-4000-8000-000000000000", "/desk/cases/7"):
        assert amira.get(address).status_code == 404


def test_a_free_text_is_shown_by_its_report_and_not_by_its_digest(app, amira):
    case = report(app, "call the man at the harbour, he has papers")
    page = amira.get(f"/desk/cases/{case}").text
    assert "call the man at the harbour, he has papers" in page
    assert "A text, no address" in page
    queue = amira.get("/desk/queue?kind=free_text").text
    assert "A text, no address" in queue


def test_an_auditor_reads_what_happened_and_to_which_case(app, amira, people):
    case = report(app)
    claim(amira, case)
    page = people[Role.AUDITOR].get(f"/desk/audit?subject=case:{case}").text
    assert "Case claimed" in page
    assert "amira" not in page.lower()


@pytest.mark.parametrize("query", ["page=x", "page=99999999999", "subject=%00", "subject=%27%22<b>"])
def test_an_audit_address_that_means_nothing_still_gives_a_page(people, query):
    assert people[Role.ADMIN].get(f"/desk/audit?{query}").status_code == 200


class Statements:
    """Counts the statements of a request. How many a page may need is pinned in tests/house/test_query_counts.py alone."""

    def __init__(self, app):
        self.engine = database_of(app).engine

    def of(self, act):
        seen = []

        def note(_connection, _cursor, statement, *_rest):
            seen.append(statement)

        event.listen(self.engine, "before_cursor_execute", note)
        try:
            act()
        finally:
            event.remove(self.engine, "before_cursor_execute", note)
        return len(seen)


def test_the_queue_asks_the_database_the_same_however_long_it_is(app, amira):
    report(app)
    few = Statements(app).of(lambda: amira.get("/desk/queue"))
    for _ in range(12):
        report(app)
    assert Statements(app).of(lambda: amira.get("/desk/queue")) == few


def test_a_case_asks_the_database_the_same_however_many_reports_it_has(app, amira):
    site = new_site()
    case = report(app, site)
    few = Statements(app).of(lambda: amira.get(f"/desk/cases/{case}"))
    for _ in range(8):
        report(app, site)
    assert Statements(app).of(lambda: amira.get(f"/desk/cases/{case}")) == few


def test_nobody_reaches_the_desk_without_signing_in(app):
    guest = Visitor(app)
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("desk.") and "GET" in rule.methods:
            address = rule.rule.replace("<uuid:reference>", report(app))
            assert guest.get(address).status_code == 303, address


def test_a_case_says_why_lists_protect_its_host(app, amira):
    with database_of(app).transaction() as session:
        session.add(KnownHostRow(host="clinic.test", host_class="protected", source="our partners", protected_as="health"))
    page = amira.get(f"/desk/cases/{report(app, 'https://www.clinic.test/advice')}").text
    assert "Protected content: Health</span>" in page


def test_a_case_says_which_name_its_host_imitates(app, amira):
    with database_of(app).transaction() as session:
        session.add(KnownHostRow(host="apple.com", host_class="never", source="tests"))
    page = amira.get(f"/desk/cases/{report(app, 'https://xn--80ak6aa92e.com/login')}").text
    assert "This name imitates \u2068apple.com\u2069 with letters of another script." in page
