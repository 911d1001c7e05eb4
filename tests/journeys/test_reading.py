"""Public pages as people really meet them: on a slow line, with a thumb, on paper, and in a drawing. Told in measures, not in opinions."""

import pytest

from app import languages
from tests.journeys.conftest import opened
from tests.web.public_pages import TELLING_PAGES

pytestmark = [pytest.mark.browser, pytest.mark.long]

KILOBITS_A_SECOND = 48
LATENCY_SECONDS = 1.5
USABLE_WITHIN_SECONDS = 6

MORE_THAN_THREE = {"/en/about": 4, "/en/cards": 5}
"""A page is itself, its style and its script; these have a drawing too, and the cards a style of their own."""

USABLE = """Math.max(
  performance.getEntriesByName("first-contentful-paint")[0].startTime, performance.getEntriesByType("navigation")[0].domInteractive
)"""
"""When its words are there in their style, and its form can be filled in: milliseconds after the address was asked for."""

LEAST_TARGET_PIXELS = 24
SMALL = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")].map(each => {
  const target = each.closest("label") ?? each, { width, height } = target.getBoundingClientRect();
  // A link inside a sentence may be as high as the sentence (WCAG 2.5.8).
  const flows = getComputedStyle(each).display === "inline" && each.parentElement.textContent.trim() !== each.textContent.trim();
  const seen = each.checkVisibility({ checkVisibilityCSS: true }) && !each.closest(".trap, .skip");
  return seen && !flows && Math.min(width, height) < LEAST ? `${each.outerHTML.slice(0, 80)} ${width} x ${height}` : null;
}).filter(Boolean)""".replace("LEAST", str(LEAST_TARGET_PIXELS))

OUTSIDE = """() => [...document.querySelectorAll("text")].map(each => {
  const { x, width } = each.getBBox(), box = each.ownerSVGElement.viewBox.baseVal;
  return x < 0 || x + width > box.width ? each.textContent : null;
}).filter(Boolean)"""

DARK_ON_LIGHT = """() => {
  const light = colour => colour.match(/[0-9.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 765;
  const body = getComputedStyle(document.body);
  return [light(body.backgroundColor), light(body.color)];
}"""


@pytest.mark.parametrize("address", TELLING_PAGES)
def test_a_page_is_usable_within_six_seconds_on_a_very_slow_line(browser, site, address):
    context = opened(browser, site, viewport={"width": 360, "height": 720})
    page = context.new_page()
    # It counts what comes over the line, as the browser does; a line as slow loses more in its first handshakes, which are none of ours.
    octets = KILOBITS_A_SECOND * 1000 / 8
    line = {"offline": False, "latency": LATENCY_SECONDS * 1000, "downloadThroughput": octets, "uploadThroughput": octets}
    context.new_cdp_session(page).send("Network.emulateNetworkConditions", line)
    page.goto(address, wait_until="domcontentloaded")
    page.wait_for_timeout(100)
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    seconds = page.evaluate(USABLE) / 1000
    context.close()
    assert seconds <= USABLE_WITHIN_SECONDS


@pytest.mark.parametrize("address", TELLING_PAGES)
def test_a_page_asks_for_no_more_than_its_style_and_script(page, address):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, wait_until="networkidle")
    # The icon of the tab comes last, and holds up nothing.
    asked = [url for url in asked if "favicon" not in url]
    assert len(asked) <= MORE_THAN_THREE.get(address, 3), asked


@pytest.mark.parametrize("address", TELLING_PAGES)
def test_everything_to_tap_is_large_enough(page, address):
    page.goto(address)
    for closed in page.locator("main summary").all():
        closed.click()
    assert page.evaluate(SMALL) == []


@pytest.mark.parametrize("address", ["/en/help", "/en/cards"])
def test_on_paper_it_is_always_day(browser, site, address):
    context = opened(browser, site, color_scheme="dark")
    page = context.new_page()
    page.goto(address)
    page.emulate_media(media="print", color_scheme="dark")
    ground, ink = page.evaluate(DARK_ON_LIGHT)
    context.close()
    assert (ground, ink) == (1, 0)


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_eight_cards_fit_on_the_sheet_and_their_words_on_the_card(page, direction):
    page.goto("/en/cards")
    page.evaluate(f"document.documentElement.dir = '{direction}'")
    # The width that A4 leaves between its margins.
    page.set_viewport_size({"width": 718, "height": 1046})
    page.emulate_media(media="print")
    cards = page.locator(".cut")
    assert cards.count() == 8
    assert page.evaluate("[...document.querySelectorAll('.cut')].filter(card => card.scrollHeight > card.clientHeight + 1).length") == 0
    # US Letter is the lower one of the two: 259 mm between the margins.
    assert page.locator(".cards").bounding_box()["height"] <= 259 * 96 / 25.4


def test_no_word_of_the_drawing_leaves_it(page, site):
    outside = {}
    for tag in site.app.extensions[languages.EXTENSION].spoken:
        page.goto(f"/{tag}/about/way.svg")
        outside[tag] = page.evaluate(OUTSIDE)
    assert {tag: words for tag, words in outside.items() if words} == {}
