"""A moderator's day in a real browser: from the sign-in page to a listing and back, with and without scripts."""

import pytest

from moderation.vocabulary import Category, Role
from tests.journeys.conftest import at_rest, sideways, violations
from tests.journeys.hands import fill_in, record_notice, take
from tests.web.visitors import add, new_site, report

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("app")]

PEOPLE = {"amira": Role.MODERATOR, "luis": Role.MODERATOR, "chen": Role.SENIOR, "ines": Role.AUDITOR}


@pytest.fixture(scope="module")
def app(site):
    for name, role in PEOPLE.items():
        add(site.app, role, email=f"{name}@demo.example", is_demo=True)
    return site.app


def test_from_a_flag_to_a_listing_and_off_it_again_without_scripts(app, at_the_desk):
    site = new_site()
    case = report(app, site)
    amira, luis, chen = (at_the_desk(name, script=False) for name in ("amira", "luis", "chen"))
    take(amira, case)
    record_notice(amira)
    fill_in(amira, "domain", lifeline=" ")
    amira.click("text=Check and propose")
    assert "Nothing is written on who might lose a lifeline" in amira.inner_text("#errors")
    amira.fill("[name=lifeline]", "No worker uses the page to find help.")
    amira.click("text=Check and propose")
    assert "A second person and then a senior must agree" in amira.inner_text(".note.good")
    for page in (luis, chen):
        take(page, case)
        fill_in(page, "domain")
        page.click("text=Check and agree to list")
    assert "Listed. It reaches every format" in chen.inner_text(".note.good")
    luis.goto(f"/desk/listings?text={site.split('/')[2].removeprefix('www.')}")
    luis.click("summary:has-text('Delist')")
    luis.fill("[name=because]", "The owner took the offer down.")
    luis.click("text=Delist now")
    assert "Delisted" in luis.inner_text(".note.good")


@pytest.mark.long
def test_a_refusal_takes_the_reader_to_what_stands_in_the_way(app, at_the_desk):
    page = at_the_desk("amira")
    take(page, report(app))
    record_notice(page)
    fill_in(page, "page", lifeline=" ")
    page.click("text=Check and propose")
    assert at_rest(page).evaluate("document.activeElement.id") == "errors"
    page.click("#errors a")
    assert page.evaluate("document.activeElement.id") == "lifeline"


@pytest.mark.long
def test_a_wider_choice_asks_why_less_would_not_do_and_shortens_the_time(app, at_the_desk):
    page = at_the_desk("amira")
    take(page, report(app))
    page.check("[name=outcome][value=list]")
    assert not page.is_visible("[name=narrower_page]")
    page.check("[name=target][value^='domain|']")
    assert page.is_visible("[name=narrower_page]")
    assert (page.input_value("[name=expires_after]"), page.input_value("[name=review_after]")) == ("90", "60")


@pytest.mark.long
def test_a_time_that_somebody_chose_stays_whatever_the_scope(app, at_the_desk):
    page = at_the_desk("amira")
    take(page, report(app))
    page.check("[name=outcome][value=list]")
    page.fill("[name=expires_after]", "30")
    page.check("[name=target][value^='domain|']")
    assert page.input_value("[name=expires_after]") == "30"


@pytest.mark.long
def test_a_link_from_another_site_leads_a_signed_in_person_straight_to_the_desk(at_the_desk, site):
    page = at_the_desk("amira")
    message = f'<a href="{site.address}/desk/queue?mine=1">a case</a>'
    page.route("http://mail.example/", lambda route: route.fulfill(body=message, content_type="text/html"))
    page.goto("http://mail.example/")
    page.click("a")
    page.wait_for_selector("text=Sign out")
    assert page.url.endswith("/desk/queue?mine=1")


def barriers(page):
    at_rest(page)
    return [*violations(page), *([f"{sideways(page)} px too wide"] if sideways(page) > 0 else [])]


@pytest.mark.long
@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_of_the_desk_has_a_barrier_by_day_or_night_or_scrolls_sideways(app, at_the_desk, width):
    # Without motion, so that no colour is measured halfway from day to night.
    look = {"viewport": {"width": width, "height": 800}, "reduced_motion": "reduce"}
    case = report(app, f"{new_site()}/{'x' * 200}", category=Category.CHILD, danger_now=True, more="لا أحد " * 40, language="ar")
    page, auditor = at_the_desk("luis", **look), at_the_desk("ines", **look)
    seen = {}
    for name in ("queue", "queue?state=listed", f"cases/{case}", "listings", "shortcuts"):
        page.goto(f"/desk/{name}")
        seen[name] = barriers(page)
    for name in ("audit", "overview"):
        auditor.goto(f"/desk/{name}")
        seen[name] = barriers(auditor)
    take(page, case)
    seen["claimed"] = barriers(page)
    page.check("[name=outcome][value=refer_police]")
    seen["refer"] = barriers(page)
    page.check("[name=outcome][value=list]")
    seen["list"] = barriers(page)
    page.check(".assessment [name=sent_none_of_the_reports]")
    page.click("text=Check and propose")
    seen["refused"] = barriers(page)
    page.click("text=Sign out")
    seen["sign-in"] = barriers(page)
    page.fill("#email", "nobody@demo.example")
    page.fill("#password", "wrong")
    page.fill("#code", "123456")
    page.click("form:has(#password) button")
    seen["not signed in"] = barriers(page)
    assert {name: found for name, found in seen.items() if found} == {}
