"""A moderator who works by keyboard, and what htmx adds for everybody: both only speed what works without them."""

import pytest

from moderation.vocabulary import Category, Role
from tests.journeys.conftest import at_rest, opened, sideways, violations
from tests.journeys.hands import fill_in, record_notice, take
from tests.web.visitors import add, new_site, report

pytestmark = [pytest.mark.browser, pytest.mark.long]

FOCUSED = "document.activeElement.id"


@pytest.fixture(scope="module")
def app(site):
    for name, role in {"noor": Role.MODERATOR, "vera": Role.SENIOR}.items():
        add(site.app, role, email=f"{name}@demo.example", is_demo=True)
    return site.app


@pytest.fixture
def at_the_desk(app, browser, site):
    """Opens a browser of one's own for a person; collects what the content security policy refused and what went wrong in scripts."""
    contexts = []

    def open_desk(name="noor", *, script=True, **more):
        contexts.append(opened(browser, site, java_script_enabled=script, **more))
        page = contexts[-1].new_page()
        page.faults = []
        page.on("console", lambda said: page.faults.append(said.text) if "Content Security Policy" in said.text else None)
        page.on("pageerror", lambda fault: page.faults.append(str(fault)))
        page.goto("/desk/")
        page.click(f"button[value='{name}@demo.example']")
        page.wait_for_url("**/desk/**")
        return page

    yield open_desk
    for context in contexts:
        context.close()


def starts(page):
    """Notes each page that the browser starts anew from now on."""
    begun = []
    page.on("domcontentloaded", lambda _: begun.append(page.url))
    return begun


def first_row(app, page):
    """The queue with the case first in it that was reported just now."""
    case = report(app, category=Category.CHILD, danger_now=True)
    page.goto(f"/desk/queue?text={host_of(app, case)}")
    return case


def host_of(app, case):
    from sqlalchemy import select

    from moderation.models import Case, ResourceRow
    from tests.web.visitors import database_of

    with database_of(app).reading() as session:
        return session.scalar(select(ResourceRow.host).join(Case, Case.resource_id == ResourceRow.id).where(Case.reference == case))


def test_j_and_k_move_through_the_queue_and_enter_opens(app, at_the_desk):
    report(app), report(app)
    page = at_the_desk()
    page.goto("/desk/queue")
    for key in "jjk":
        page.keyboard.press(key)
    assert page.locator("tr[data-chosen]").count() == 1
    address = page.locator("tr[data-chosen] a:focus").get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def test_c_claims_the_chosen_case_and_r_leads_back_to_the_queue(app, at_the_desk):
    page = at_the_desk()
    case = first_row(app, page)
    page.keyboard.press("j")
    page.keyboard.press("c")
    page.wait_for_url(f"**/desk/cases/{case}")
    page.wait_for_selector("text=Hand back")
    page.keyboard.press("r")
    page.wait_for_url("**/desk/queue")


def test_c_claims_nothing_before_a_case_is_chosen(app, at_the_desk):
    page = at_the_desk()
    first_row(app, page)
    page.keyboard.press("c")
    page.wait_for_timeout(300)
    assert "/desk/queue" in page.url


def test_digits_jump_to_the_parts_of_a_case(app, at_the_desk):
    page = at_the_desk()
    take(page, report(app))
    seen = []
    for key in "1234":
        page.keyboard.press(key)
        seen.append(page.evaluate(FOCUSED))
    assert seen == ["reports-heading", "facts-heading", "notices-heading", "closing-heading"]


def test_a_slash_opens_the_search_and_what_is_typed_there_is_only_typed(app, at_the_desk):
    page = at_the_desk()
    page.goto("/desk/queue")
    page.keyboard.press("/")
    assert page.evaluate(FOCUSED) == "text"
    page.keyboard.type("jkxcr14?/")
    assert page.input_value("#text") == "jkxcr14?/"
    assert page.locator("tr[data-chosen], dialog[open]").count() == 0


def test_a_question_mark_lists_the_keys_and_escape_closes_the_list(at_the_desk):
    page = at_the_desk()
    page.keyboard.press("?")
    assert "claim the case" in page.inner_text("dialog[open]")
    page.keyboard.press("j")
    assert page.locator("tr[data-chosen]").count() == 0
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


@pytest.mark.parametrize("with_key", ["Control", "Alt", "Meta", "Shift"])
def test_keys_do_nothing_together_with_another(app, at_the_desk, with_key):
    report(app)
    page = at_the_desk()
    page.goto("/desk/queue")
    page.keyboard.press(f"{with_key}+k")
    assert page.locator("tr[data-chosen]").count() == 0


def test_on_a_keyboard_of_another_script_the_place_of_the_key_counts(app, at_the_desk):
    report(app)
    page = at_the_desk()
    page.goto("/desk/queue")
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'о', code: 'KeyJ', bubbles: true}))")
    assert page.locator("tr[data-chosen]").count() == 1


def test_r_does_not_leave_what_was_written(app, at_the_desk):
    page = at_the_desk()
    take(page, report(app))
    page.check("[name=outcome][value=list]")
    page.fill("[name=lifeline]", "No worker uses the page to find help.")
    page.locator("h1").click()
    page.keyboard.press("r")
    page.wait_for_selector("#told:has-text('You have written something here')", state="attached")
    assert page.input_value("[name=lifeline]") == "No worker uses the page to find help."


def test_no_key_decides_anything(app, at_the_desk):
    page = at_the_desk()
    case = report(app)
    take(page, case)
    record_notice(page)
    fill_in(page, "page")
    page.locator("h1").click()
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    for key in "abcdefghijklmnopqstuvwxyz0123456789./ ":
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert sent == []


@pytest.mark.parametrize("script", [True, False])
def test_the_page_of_the_keys_switches_them_off_for_every_sign_in_to_come(app, at_the_desk, site, script):
    email = f"off-{script}".lower()
    add(app, Role.MODERATOR, email=f"{email}@demo.example", is_demo=True)
    page = at_the_desk(email, script=script)
    page.goto("/desk/shortcuts")
    assert "claim the case" in page.inner_text("dl")
    page.click("text=Switch keys off")
    page.wait_for_selector("text=They are off.")
    page.click("text=Sign out")
    again = at_the_desk(email)
    report(app)
    again.goto("/desk/queue")
    again.keyboard.press("j")
    again.keyboard.press("?")
    assert again.locator("tr[data-chosen], dialog[open]").count() == 0
    again.goto("/desk/shortcuts")
    again.click("text=Switch keys on")
    again.wait_for_selector("text=They are on")
    again.keyboard.press("?")
    assert again.locator("dialog[open]").count() == 1


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


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [320, 1280])
def test_overview_and_keys_have_no_barrier_in_either_direction(app, at_the_desk, width, direction):
    page = at_the_desk("vera", viewport={"width": width, "height": 800}, reduced_motion="reduce")
    report(app, new_site())
    wrong = {}
    for name in ("overview", "overview?days=30", "shortcuts", "overview/cases/leases"):
        page.goto(f"/desk/{name}")
        page.evaluate(f"document.documentElement.dir = '{direction}'")
        wrong[name] = [*violations(page), *([sideways(page)] if sideways(page) > 0 else [])]
    page.keyboard.press("?")
    wrong["dialog"] = violations(page)
    assert {name: found for name, found in wrong.items() if found} == {}


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
