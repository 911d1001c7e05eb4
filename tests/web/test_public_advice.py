"""Advice: where it comes from is said, it gives no number of its own, and the cards lead to this instance's form."""

import io
import re
from dataclasses import replace

import pytest
import segno

from app import create_app
from app.public import advice
from tests.web.reporters import words

PAGES = {
    "phone": "/en/safety",
    "young": "/en/safety/young-people",
    "parents": "/en/safety/parents",
    "jobs": "/en/safety/job-seekers",
}
OTHER_INSTANCE = "https://flag.example.org"


@pytest.fixture
def visitor(standing_app):
    return standing_app.test_client()


@pytest.mark.parametrize("name", PAGES)
def test_each_page_names_its_sources(visitor, name):
    page = visitor.get(PAGES[name]).text
    assert advice.SOURCES[name]
    assert [source for source in advice.SOURCES[name] if f'href="{source.address}" rel="noreferrer nofollow"' not in page] == []


def test_every_source_is_an_address_that_can_be_trusted_on_the_way():
    addresses = [source.address for sources in advice.SOURCES.values() for source in sources]
    assert [address for address in addresses if not address.startswith("https://")] == []


@pytest.mark.parametrize("address", PAGES.values())
def test_advice_gives_no_telephone_number(visitor, address):
    # Numbers are kept in one file with their sources; one from memory could be wrong where it matters most.
    assert re.findall(r"\d[\d -]{4,}\d", words(visitor.get(address))) == []
    assert "tel:" not in visitor.get(address).text


def test_the_cards_carry_the_address_of_this_instance_in_the_language_of_the_page(settings):
    app = create_app(replace(settings, base_url=OTHER_INSTANCE), database_url="postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    assert "flag.example.org/fr/report" in words(app.test_client().get("/fr/cards"))


def test_the_code_for_cameras_is_the_same_address(settings):
    app = create_app(replace(settings, base_url=OTHER_INSTANCE), database_url="postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    expected = io.BytesIO()
    segno.make(f"{OTHER_INSTANCE}/fr/report", error="m", micro=False).save(
        expected, kind="svg", dark="#000", light="#fff", border=2, scale=4
    )
    answer = app.test_client().get("/fr/cards/code.svg")
    assert (answer.mimetype, answer.data) == ("image/svg+xml", expected.getvalue())


def test_a_listener_hears_one_card_of_the_eight(visitor):
    page = visitor.get("/en/cards").text
    assert (page.count('<li class="cut"'), page.count('aria-hidden="true">\n<div>')) == (8, 7)
