"""A reporter's journeys in a real browser: with and without scripts, on a narrow phone, in the dark, right to left, and out in a hurry."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from moderation.models import Report
from tests.journeys.conftest import sideways, violations
from tests.web.public_pages import TELLING_PAGES

pytestmark = pytest.mark.browser

SEND = "button[type=submit]"
LONG_ADDRESS = "https://jobs.test/" + "x" * 400


def report(page, what="https://jobs.test/offer/7", category="labour"):
    """Send a report and return its code."""
    page.goto("/en/report")
    page.fill("#what", what)
    page.check(f"#category-{category}")
    page.click(SEND)
    return page.locator("#code").inner_text()


def follow(page, code):
    page.goto("/en/status")
    page.fill("#code", code)
    page.click(SEND)
    page.wait_for_selector(".stages")


def look_up(page, address):
    page.goto("/en/check")
    page.fill("#address", address)
    page.click(SEND)
    page.wait_for_selector("main .address")


def fail(page):
    page.goto("/en/report")
    page.click(SEND)
    page.wait_for_selector(".errors")


def open_everything(page):
    page.goto("/en/report")
    page.click(".more summary")
    page.check("#category-child")
    page.check("[value=child_images]")
    page.check("[name=danger_now]")


def receive_every_advice(page):
    open_everything(page)
    page.fill("#what", LONG_ADDRESS)
    page.click(SEND)
    page.wait_for_selector("#code")


STORIES = {
    **{address: (lambda page, address=address: page.goto(address)) for address in TELLING_PAGES},
    "a form with everything open": open_everything,
    "a form with faults": fail,
    "a receipt": lambda page: report(page, LONG_ADDRESS, "child"),
    "a receipt with every advice": receive_every_advice,
    "a report that is followed": lambda page: follow(page, report(page, LONG_ADDRESS)),
    "an answer to a look-up": lambda page: look_up(page, LONG_ADDRESS),
}


def reports(site):
    with site.app.extensions["flagstone_database"].reading() as session:
        return session.scalar(select(func.count()).select_from(Report))


def leave_a_place(page, site):
    """The page where the visitor was before, on another site."""
    page.goto(site.elsewhere + "?before")


@pytest.mark.long
@pytest.mark.parametrize("story", STORIES)
def test_no_page_breaks_a_rule_of_accessibility(inspected_page, story):
    STORIES[story](inspected_page)
    assert violations(inspected_page) == []


@pytest.mark.long
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_no_page_scrolls_sideways_at_320_pixels(page, direction):
    page.set_viewport_size({"width": 320, "height": 640})
    too_wide = {}
    for name, story in STORIES.items():
        story(page)
        page.evaluate(f"document.documentElement.dir = '{direction}'")
        if sideways(page) > 0:
            too_wide[name] = sideways(page)
    assert too_wide == {}


@pytest.mark.long
@pytest.mark.parametrize("tag", ["ar", "ru"])
def test_no_page_breaks_a_rule_of_accessibility_in_other_scripts(inspected_page, tag):
    broken = {}
    for address in TELLING_PAGES:
        inspected_page.goto(address.replace("/en/", f"/{tag}/", 1))
        broken[address] = violations(inspected_page)
    assert {address: rules for address, rules in broken.items() if rules} == {}


@pytest.mark.long
@pytest.mark.parametrize("tag", ["ar", "es", "fr", "ru", "zh"])
def test_no_page_scrolls_sideways_on_narrow_phones_in_longer_words(page, tag):
    too_wide = {}
    for address in TELLING_PAGES:
        page.goto(address.replace("/en/", f"/{tag}/", 1))
        # At 354 pixels the way out first takes the room for two words in a line.
        for width in (320, 354):
            page.set_viewport_size({"width": width, "height": 640})
            too_wide[address, width] = sideways(page)
    assert {where: pixels for where, pixels in too_wide.items() if pixels > 0} == {}


def test_a_report_is_sent_and_followed_without_scripts(plain_page):
    code = report(plain_page, "hxxps://jobs[.]test/without-scripts")
    follow(plain_page, code.lower())
    expect(plain_page.locator("main")).to_contain_text("https://jobs.test/without-scripts")
    expect(plain_page.locator("[aria-current=step]")).to_have_text("Received")


@pytest.mark.long
def test_choosing_a_child_shows_where_to_turn_without_scripts(plain_page):
    plain_page.goto("/en/report")
    expect(plain_page.locator("#child-advice")).to_be_hidden()
    plain_page.check("#category-child")
    expect(plain_page.locator("#child-advice")).to_be_visible()


@pytest.mark.long
@pytest.mark.parametrize(
    ("choice", "advice"), [("[value=child_images]", "#images-advice"), ("[name=danger_now]", "#danger-advice")], ids=["pictures", "danger"]
)
def test_what_comes_first_is_shown_where_it_is_ticked_without_scripts(plain_page, choice, advice):
    plain_page.goto("/en/report")
    plain_page.click(".more summary")
    expect(plain_page.locator(advice)).to_be_hidden()
    plain_page.check(choice)
    expect(plain_page.locator(advice)).to_be_visible()


@pytest.mark.long
def test_the_trap_is_out_of_sight_and_out_of_the_keyboards_way(plain_page):
    plain_page.goto("/en/report")
    expect(plain_page.locator("#subject")).not_to_be_in_viewport()
    expect(plain_page.locator("#subject")).to_have_attribute("tabindex", "-1")


def test_what_is_wrong_is_shown_first_and_one_tap_away(page):
    fail(page)
    expect(page.locator(".errors")).to_be_focused()
    page.click(".errors a >> nth=0")
    expect(page.locator("#what")).to_be_focused()


@pytest.mark.long
def test_a_reload_of_the_receipt_sends_no_second_report(page, site):
    code = report(page)
    before = reports(site)
    page.reload()
    expect(page.locator("#code")).to_have_text(code)
    assert reports(site) == before


@pytest.mark.long
def test_a_double_tap_sends_one_report(page, site):
    page.goto("/en/report")
    page.fill("#what", "https://jobs.test/double")
    page.check("#category-unsure")
    before = reports(site)
    page.evaluate("document.querySelector('main form').requestSubmit(); document.querySelector('main form').requestSubmit()")
    page.wait_for_selector("#code")
    assert reports(site) == before + 1


def test_no_visit_leaves_a_cookie_or_anything_stored(page):
    follow(page, report(page))
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_an_address_after_the_hash_fills_the_field_and_leaves_the_address_bar(page):
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.goto("/report#hxxps%3A%2F%2Fjobs.test%2Fa b?c=1")
    expect(page.locator("#what")).to_have_value("hxxps://jobs.test/a b?c=1")
    assert page.url.endswith("/en/report")
    assert not [url for url in sent if "jobs.test" in url.partition("#")[0]]


def leave_by_button(page):
    page.click("[data-exit]")


def leave_by_escape(page):
    for _ in range(3):
        page.keyboard.press("Escape")


@pytest.mark.long
@pytest.mark.parametrize("leave", [leave_by_button, leave_by_escape])
def test_after_the_exit_back_never_leads_to_us(page, site, leave):
    leave_a_place(page, site)
    page.goto("/en/")
    page.click("text=Report something online")
    page.wait_for_url("**/en/report")
    page.click(SEND)
    page.wait_for_selector(".errors")
    page.fill("#what", "https://jobs.test/in-a-hurry")
    page.check("#category-unsure")
    page.click(SEND)
    page.wait_for_selector("#code")
    leave(page)
    page.wait_for_url(site.elsewhere)
    visited = []
    for _ in range(4):
        page.go_back()
        visited.append(page.url)
    assert not [url for url in visited if url.startswith(site.address)]
    assert site.elsewhere + "?before" in visited


@pytest.mark.long
def test_looking_something_up_loses_nothing_that_was_typed(page):
    page.goto("/en/report")
    page.fill("#what", "https://jobs.test/half-written")
    with page.context.expect_page() as beside:
        page.click(".emergency a")
    assert beside.value.url.endswith("/en/help")
    expect(page.locator("#what")).to_have_value("https://jobs.test/half-written")


@pytest.mark.long
def test_advice_in_the_form_opens_beside_it_without_scripts(plain_page):
    plain_page.goto("/en/report")
    plain_page.fill("#what", "https://jobs.test/half-written")
    plain_page.check("#category-child")
    with plain_page.context.expect_page() as beside:
        plain_page.click("#child-advice a")
    assert beside.value.url.endswith("/en/help#child")
    expect(plain_page.locator("#what")).to_have_value("https://jobs.test/half-written")


def test_the_exit_takes_every_tab_of_ours_with_it(page, site):
    page.goto("/en/report")
    beside = page.context.new_page()
    beside.goto("/en/help")
    leave_by_escape(beside)
    for each in (page, beside):
        each.wait_for_url(site.elsewhere)


@pytest.mark.long
def test_one_escape_is_not_the_exit(page):
    page.goto("/en/report")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    assert page.url.endswith("/en/report")


@pytest.mark.long
def test_the_exit_works_without_scripts_and_tells_nobody_where_it_came_from(plain_page, site):
    asked = []
    # Asked for their headers only afterwards: the browser may not be asked anything from within its own call.
    plain_page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - it must be a function of Python
    plain_page.goto("/en/report")
    plain_page.click("text=Exit this page")
    plain_page.wait_for_url(site.elsewhere)
    assert [request.all_headers().get("referer") for request in asked if request.url == site.elsewhere] == [None]


@pytest.mark.long
def test_back_from_a_receipt_without_scripts_shows_nothing_that_was_typed(plain_page):
    report(plain_page, "https://jobs.test/not-to-be-seen")
    plain_page.go_back()
    assert "not-to-be-seen" not in plain_page.locator("#what").input_value()


@pytest.mark.long
def test_the_way_out_stays_in_sight_on_a_long_page(page):
    page.goto("/en/help")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("[data-exit]")).to_be_in_viewport()
