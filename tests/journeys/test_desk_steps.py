"""What htmx adds at the desk for everybody, from page to page: it only speeds what works without it."""

import pytest

from tests.journeys.conftest import at_rest
from tests.journeys.hands import FOCUSED, fill_in, first_row, record_notice, starts, take
from tests.web.visitors import report

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.usefixtures("app")]


@pytest.fixture(scope="module")
def app(noor_and_vera):
    return noor_and_vera


@pytest.mark.parametrize("script", [True, False])
def test_filters_and_a_claim_work_with_and_without_scripts(app, at_the_desk, script):
    page = at_the_desk(script=script)
    case = first_row(app, page)
    begun = starts(page)
    page.select_option("#category", "child")
    page.click("text=Apply")
    page.wait_for_url("**category=child**")
    assert page.locator(".queue tbody tr").count() == 1
    page.click(".queue button:has-text('Claim')")
    page.wait_for_url(f"**/desk/cases/{case}")
    assert page.locator("text=Hand back").count() == 1
    assert bool(begun) is not script


def test_a_refusal_comes_without_a_new_start_and_keeps_address_and_words(app, at_the_desk):
    page = at_the_desk()
    case = report(app)
    take(page, case)
    begun = starts(page)
    fill_in(page, "page", lifeline=" ")
    page.click("text=Check and propose")
    page.wait_for_selector("#errors")
    assert at_rest(page).evaluate(FOCUSED) == "errors"
    assert page.input_value("[name=evidence_act]").startswith("We collect you")
    assert page.url.endswith(f"/desk/cases/{case}")
    assert begun == []
    page.reload()
    assert "Nothing is written on who might lose a lifeline" in page.inner_text("main")


def test_back_leads_to_the_queue_as_it_was_asked_for(app, at_the_desk):
    page = at_the_desk()
    first_row(app, page)
    asked = page.url
    page.click(".queue .q-resource a")
    page.wait_for_url("**/desk/cases/**")
    page.go_back()
    page.wait_for_url(asked)
    page.wait_for_selector(".queue")
    assert page.faults == []


def test_a_form_sent_twice_by_a_quick_hand_is_sent_once(app, at_the_desk):
    page = at_the_desk()
    take(page, report(app))
    record_notice(page)
    fill_in(page, "page")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/propose") else None)
    page.dblclick("text=Check and propose")
    page.wait_for_selector(".note.good")
    assert len(sent) == 1


def test_where_no_answer_comes_what_was_typed_stays(app, at_the_desk):
    page = at_the_desk()
    take(page, report(app))
    record_notice(page)
    fill_in(page, "page")
    page.route("**/propose", lambda route: route.abort())
    page.click("text=Check and propose")
    page.wait_for_selector("[data-no-answer]")
    assert page.input_value("[name=evidence_act]").startswith("We collect you")
    page.unroute("**/propose")
    page.click("text=Check and propose")
    page.wait_for_selector(".note.good")


def test_a_sign_in_that_ended_gives_back_what_was_written(app, at_the_desk):
    page = at_the_desk()
    take(page, report(app))
    fill_in(page, "page")
    page.context.clear_cookies()
    page.click("text=Check and propose")
    page.wait_for_selector("text=What you wrote")
    assert "We collect you at the airport and bring you to the staff house." in [
        each.input_value() for each in page.locator("textarea").all()
    ]


def test_a_sign_in_that_ended_leads_from_a_link_to_the_door(at_the_desk):
    page = at_the_desk()
    page.goto("/desk/queue")
    page.context.clear_cookies()
    page.click("text=My cases")
    page.wait_for_url("**/desk/sign-in**")


def test_a_file_is_downloaded_and_does_not_take_the_place_of_the_page(at_the_desk):
    page = at_the_desk("vera")
    page.goto("/desk/overview")
    with page.expect_download() as download:
        page.click("a[href*='waiting.csv']")
    assert download.value.suggested_filename == "waiting.csv"
    assert page.locator("h1").inner_text() == "Overview"


def test_nothing_that_htmx_does_meets_the_content_security_policy(app, at_the_desk):
    page = at_the_desk()
    case = first_row(app, page)
    page.click("text=Second review")
    page.wait_for_url("**state=proposed")
    take(page, case)
    page.click("text=Hand back")
    page.wait_for_url("**/desk/queue**")
    assert at_rest(page).faults == []


def test_a_reader_of_the_screen_is_told_while_a_page_is_on_its_way(at_the_desk):
    page = at_the_desk()
    page.goto("/desk/queue")
    held = []

    def hold(route):
        held.append(route)

    page.route("**/desk/listings", hold)
    page.click("nav a[href='/desk/listings']")
    # What a browser takes for true is the word, not the attribute alone.
    page.wait_for_selector("html[aria-busy=true]")
    held.pop().continue_()
    at_rest(page)
    assert page.url.endswith("/desk/listings")


def test_words_that_are_not_sent_are_lost_to_no_click_without_a_question(app, at_the_desk):
    page = at_the_desk()
    case = report(app)
    take(page, case)
    page.check("input[name=outcome][value=reject_lawful]")
    page.fill(".closings textarea[name=note]", "A lawful offer.")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.click("nav a[href='/desk/queue']")
    page.wait_for_timeout(300)
    assert asked == ["What you wrote in the form below is not sent yet and would be lost. Go on?"]
    assert page.input_value(".closings textarea[name=note]") == "A lawful offer."
    page.check(".closings input[name=sent_none_of_the_reports]")
    page.click(".closings button")
    page.wait_for_selector("text=Rejected. Nothing is listed.")
    assert len(asked) == 1
