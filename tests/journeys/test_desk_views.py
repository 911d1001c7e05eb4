"""What a phone and a small laptop show of the queue: every saved view; and the desk in the language that a person chose."""

import pytest

from moderation.vocabulary import Role
from tests.journeys.conftest import at_rest, sideways, violations
from tests.web.visitors import add, report

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.usefixtures("app")]

OUT_OF_SIGHT = """() => [...document.querySelectorAll(".tabs.views a")].filter((view) => {
    const box = view.getBoundingClientRect();
    return box.left < 0 || box.right > document.documentElement.clientWidth
        || document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)?.closest("a") !== view;
}).map((view) => view.textContent)"""


@pytest.fixture(scope="module")
def app(site):
    for name in ("mara", "ilya"):
        add(site.app, Role.SENIOR, email=f"{name}@demo.example", is_demo=True)
    report(site.app)
    return site.app


@pytest.mark.parametrize("locale", ["en", "ru", "ar"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_saved_view_is_in_sight(at_the_desk, width, locale):
    page = at_the_desk("mara", viewport={"width": width, "height": 900}, locale=locale)
    page.goto("/desk/queue")
    assert page.locator(".tabs.views a").count() >= 8
    assert page.evaluate(OUT_OF_SIGHT) == []
    assert sideways(page) <= 0


@pytest.mark.parametrize("script", [True, False])
def test_a_language_is_chosen_once_and_the_page_turns_with_it(at_the_desk, script):
    page = at_the_desk("ilya", script=script, locale="en", viewport={"width": 360, "height": 720})
    page.goto("/desk/listings")
    for tag, direction in (("ar", "rtl"), ("fr", "ltr")):
        page.click(".languages summary")
        page.click(f".languages button[value={tag}]")
        page.wait_for_selector(f"html[lang={tag}][dir={direction}]")
        assert page.url.endswith("/desk/listings")
    page.goto("/desk/queue")
    assert page.locator("html").get_attribute("lang") == "fr"


def test_the_open_menu_has_no_barrier(at_the_desk):
    page = at_the_desk("mara", viewport={"width": 320, "height": 720}, reduced_motion="reduce")
    page.goto("/desk/queue")
    page.click(".languages summary")
    for each in page.locator(".languages button").all():
        box = each.bounding_box()
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 320
    assert violations(page) == []
    assert sideways(page) <= 0


def test_a_page_that_comes_in_another_language_than_the_last_says_so_itself(at_the_desk):
    page = at_the_desk("mara", locale="en")
    page.goto("/desk/queue")
    other = page.context.new_page()
    other.goto("/desk/queue")
    other.click(".languages summary")
    other.click(".languages button[value=ar]")
    other.wait_for_selector("html[lang=ar]")
    page.click("nav.main a[href='/desk/listings']")
    at_rest(page).wait_for_selector("html[lang=ar][dir=rtl]")
    other.click(".languages summary")
    other.click(".languages button[value='']")
    other.wait_for_selector("html[lang=en]")
