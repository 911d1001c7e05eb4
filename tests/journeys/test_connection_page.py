"""The page about a connection where the test names lead nowhere, as on a machine that is only tried out."""

import pytest

from tests.journeys.conftest import sideways, violations

pytestmark = pytest.mark.browser


@pytest.mark.long
@pytest.mark.parametrize("address", ["/en/check-connection", "/ar/check-connection", "/en/check-connection/reached"])
def test_it_is_accessible_and_fits_a_narrow_phone(inspected_page, address):
    inspected_page.goto(address)
    assert (violations(inspected_page), sideways(inspected_page)) == ([], 0)


@pytest.mark.long
def test_without_scripts_it_asks_people_to_look_for_themselves(plain_page):
    plain_page.goto("/en/check-connection")
    assert plain_page.locator("[data-said]:visible").count() == 1
    assert "Look at the two pictures" in plain_page.locator("[data-said]:visible").inner_text()
