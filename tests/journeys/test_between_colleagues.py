"""What goes wrong between people at one desk, in a browser, and what their pages ask and refuse."""

import pytest

from moderation.vocabulary import Category, Role
from tests.journeys.conftest import at_rest, sideways, violations
from tests.journeys.hands import ADMIN, AMINA, ANA, LI, close, fill_in, propose, record_notice, stored, take
from tests.web.visitors import add, new_site, report

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_two_browsers_that_race_for_one_case_have_one_winner_and_a_clear_sentence(desk, sits_down):
    case = report(desk.app)
    both = [sits_down(AMINA), sits_down(LI)]
    for page in both:
        page.goto(f"/desk/cases/{case}")
    for page in both:
        page.click("text=Claim this case", no_wait_after=True)
    for page in both:
        at_rest(page).wait_for_selector(":is(form[action$='hand-back'], [role=alert])")
    winners = [page for page in both if page.locator("form[action$='hand-back']").count()]
    losers = [page for page in both if page not in winners]
    assert (len(winners), len(losers)) == (1, 1)
    assert "holds this case until" in losers[0].inner_text("[role=alert]")


def test_whoever_is_disabled_in_mid_case_is_told_and_the_case_is_free_at_once(desk, sits_down):
    add(desk.app, Role.MODERATOR, email="nour@demo.example", is_demo=True)
    case = report(desk.app)
    nour, li = sits_down("nour"), sits_down(LI)
    take(nour, case)
    nour.check("[name=outcome][value=reject_lawful]")
    nour.fill(".closings [name=note]", "A hotel like any other.")
    desk.app.test_cli_runner().invoke(args=["people", "disable", "nour@demo.example"])
    take(li, case)
    nour.click(".closings .ends button")
    at_rest(nour).wait_for_selector("text=What you wrote")
    assert "A hotel like any other." in [each.input_value() for each in nour.locator("textarea").all()]
    close(li, "reject_scope")


def test_a_refused_proposal_shows_each_check_beside_its_field_and_loses_nothing(desk, sits_down):
    page = sits_down(AMINA, viewport={"width": 360, "height": 720})
    take(page, report(desk.app, category=Category.LABOUR, danger_now=True))
    fill_in(page, "page", lifeline=" ", facilitation=" ", provision=" ")
    typed = {name: page.input_value(f"[name={name}]") for name in ("evidence_act", "evidence_purpose", "statement_facts")}
    page.click("text=Check and propose")
    at_rest(page).wait_for_selector("#errors")
    named = [link.get_attribute("href") for link in page.locator("#errors a").all()]
    assert {"#lifeline", "#facilitation", "#provision", "#referral"} <= set(named)
    for field in named:
        page.click(f"#errors a[href='{field}'] >> nth=0")
        assert page.evaluate("document.activeElement.id") == field[1:]
        assert page.locator(f"{field}-fault").is_visible()
    assert {name: page.input_value(f"[name={name}]") for name in typed} == typed


def test_a_missing_notice_leads_to_the_form_that_records_it(desk, sits_down):
    page = sits_down(AMINA)
    take(page, report(desk.app))
    fill_in(page, "page")
    page.click("text=Check and propose")
    at_rest(page).wait_for_selector("#errors")
    page.click("#errors a[href='#notice']")
    assert page.evaluate("document.activeElement.id") == "notice"
    assert page.is_visible("[name=recipient]")
    record_notice(page)
    assert page.input_value("[name=evidence_act]").startswith("We collect you")
    page.click("text=Check and propose")
    assert "A second person must agree" in stored(page)


def test_only_what_was_chosen_is_asked(desk, sits_down):
    page = sits_down(LI)
    take(page, report(desk.app))
    shown = ["#note", "#refer_recipient", "#monitor_back_at", "#lifeline"]

    def asked(outcome):
        page.check(f"[name=outcome][value={outcome}]")
        return [field for field in shown if page.is_visible(field)]

    assert [field for field in shown if page.is_visible(field)] == []
    assert asked("monitor") == ["#note", "#monitor_back_at"]
    assert asked("refer_police") == ["#note", "#refer_recipient"]
    assert asked("reject_lawful") == ["#note"]
    assert asked("list") == ["#lifeline"]


def test_colleagues_leave_notes_hand_over_and_stand_aside_without_scripts_on_a_phone(desk, sits_down):
    phone = {"viewport": {"width": 360, "height": 720}, "java_script_enabled": False}
    amina, li = sits_down(AMINA, **phone), sits_down(LI, **phone)
    case = report(desk.app)
    take(amina, case)
    amina.click("summary:has-text('Write a note')")
    amina.fill("[name=note_text]", "The host answers within a day.")
    amina.click("text=Keep the note")
    amina.click("summary:has-text('Give it to a colleague')")
    amina.select_option("#colleague", label="Li Chen, moderator")
    amina.click("text='Hand over'")
    assert "with your colleague" in stored(amina)
    li.goto(f"/desk/cases/{case}")
    assert "The host answers within a day." in li.inner_text(".evidence")
    li.click("summary:has-text('I have an interest of my own')")
    li.click("text='Stand aside'")
    assert "A colleague will take it" in stored(li)
    li.goto(f"/desk/cases/{case}")
    assert li.locator("text=Claim this case").count() == 0
    take(amina, case)
    amina.check("[name=outcome][value=monitor]")
    amina.click(".closings .ends button")
    assert amina.is_checked("[name=outcome][value=monitor]")
    assert amina.is_visible("#note-fault")
    close(amina, "monitor", monitor_back_at="day:4")


@pytest.mark.parametrize("width", [320, 1280])
def test_no_state_of_a_case_has_a_barrier_in_either_direction(desk, sits_down, width):
    look = {"viewport": {"width": width, "height": 800}, "reduced_motion": "reduce"}
    amina, li, ana, admin = (sits_down(name, **look) for name in (AMINA, LI, ANA, ADMIN))
    site = f"{new_site()}/{'x' * 120}"
    case, wrong = report(desk.app, site, more="لا أحد " * 40, language="ar"), {}

    def look_at(page, name):
        for direction in ("rtl", "ltr"):
            at_rest(page).evaluate(f"document.documentElement.dir = '{direction}'")
            wide = sideways(page)
            wrong[f"{name} {direction}"] = [*violations(page), *([f"{wide} px too wide"] if wide > 0 else [])]

    for page, name in ((amina, "queue"), (amina, "shortcuts"), (ana, "overview"), (admin, "growth")):
        page.goto(f"/desk/{name}")
        look_at(page, name)
    take(amina, case)
    look_at(amina, "mine")
    for outcome in ("takedown_only", "refer_police", "list"):
        amina.check(f"[name=outcome][value={outcome}]")
        look_at(amina, outcome)
    propose(amina, "page")
    look_at(amina, "my proposal")
    take(li, case)
    look_at(li, "second seat")
    fill_in(li, "page")
    li.click("text=Check and agree to list")
    stored(li)
    look_at(li, "listed")
    assert {name: found for name, found in wrong.items() if found} == {}
