"""A moderator who works by keyboard: it only speeds what works without it."""

import pytest

from moderation.vocabulary import Role
from tests.journeys.conftest import sideways, violations
from tests.journeys.hands import FOCUSED, fill_in, first_row, record_notice, take
from tests.web.visitors import add, new_site, report

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.usefixtures("app")]


@pytest.fixture(scope="module")
def app(noor_and_vera):
    return noor_and_vera


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
