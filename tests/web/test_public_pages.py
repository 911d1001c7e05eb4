"""Every public page: light, quiet, without a cookie, the same for everyone; and the way out."""

import gzip
import re

import pytest

from app import languages
from tests.web.public_pages import ON_THE_TEST_NAMES, PAGES

LARGEST_FIRST_LOAD_OCTETS = 15_000
LOADED = re.compile(r'<(?:img|script|link)[^>]*(?:src|href)="([^"]+)"')


@pytest.fixture
def visitor(standing_app):
    return standing_app.test_client()


@pytest.fixture(params=PAGES)
def page(request, visitor):
    return visitor.get(request.param)


@pytest.mark.parametrize("tag", languages.COMPLETE)
@pytest.mark.parametrize("address", PAGES)
def test_a_first_load_is_light_in_every_language(visitor, address, tag):
    page = visitor.get(address.replace("/en/", f"/{tag}/", 1))
    parts = [page.data, *(visitor.get(address).data for address in LOADED.findall(page.text))]
    assert sum(len(gzip.compress(part)) for part in parts) <= LARGEST_FIRST_LOAD_OCTETS


def test_the_server_itself_sends_pages_and_styles_compressed(visitor):
    for address in ("/en/report", "/static/house.css"):
        answer = visitor.get(address, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(answer.data) == visitor.get(address, headers={"Accept-Encoding": ""}).data or address == "/en/report"


def test_the_desk_is_not_compressed(visitor):
    assert "Content-Encoding" not in visitor.get("/desk/sign-in", headers={"Accept-Encoding": "gzip"}).headers


def test_no_public_page_is_left_out(standing_app):
    rules = [rule for rule in standing_app.url_map.iter_rules() if rule.endpoint.startswith("public.") and "GET" in rule.methods]
    pages = {rule.rule.replace("<language:language>", "en") for rule in rules if rule.rule.startswith("/<language:language>/")}
    assert {page for page in pages if "." not in page} == {*PAGES, *ON_THE_TEST_NAMES}


def test_no_page_sets_a_cookie(page):
    assert "Set-Cookie" not in page.headers
    assert "Cookie" not in page.headers.get("Vary", "")


def test_nothing_loads_from_elsewhere_and_nothing_is_inline(page):
    assert not re.search(r'(?:src|srcset|href)="(?:https?:)?//', re.sub(r"<a\s[^>]*>", "", page.text))
    assert not re.search(r"<style|<script>|\sstyle=|\son\w+=", page.text)


def test_a_link_that_leads_elsewhere_tells_that_page_nothing(page):
    elsewhere = re.findall(r'<a [^>]*href="(?:https?:)?//[^>]*>', page.text)
    assert [link for link in elsewhere if 'rel="noreferrer nofollow"' not in link] == []


def test_every_link_leads_to_a_page_that_exists(visitor, page):
    links = set(re.findall(r'href="(/[^"#]*)', page.text))
    assert [link for link in links if visitor.get(link).status_code not in (200, 303)] == []


def test_emergency_help_and_exit_are_on_every_page(page):
    assert "Call your local emergency number first" in page.text
    assert 'href="/exit"' in page.text


def test_every_field_asks_the_browser_to_forget(page):
    fields = re.findall(r"<(?:input|textarea|select)[^>]*>", page.text)
    assert [field for field in fields if 'autocomplete="off"' not in field] == []


def test_no_form_carries_an_answer_in_its_address(page):
    assert [form for form in re.findall(r"<form[^>]*>", page.text) if 'method="post"' not in form] == []


def test_an_error_page_offers_the_way_out_too(visitor):
    answer = visitor.get("/en/nothing-here")
    assert answer.status_code == 404
    assert 'href="/exit"' in answer.text


def test_the_exit_leads_elsewhere_tells_nobody_and_clears_what_the_browser_kept(visitor):
    answer = visitor.get("/exit")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "https://www.wikipedia.org/"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_a_file_asked_for_by_its_content_is_kept_a_year(visitor):
    address = next(found for found in LOADED.findall(visitor.get("/en/").text) if "house.css" in found)
    assert "immutable" in visitor.get(address).headers["Cache-Control"]


@pytest.mark.parametrize("address", ["/static/house.css", "/static/house.css?v=stale"])
def test_a_file_asked_for_by_name_or_stale_is_asked_for_again(visitor, address):
    assert "immutable" not in visitor.get(address).headers["Cache-Control"]


def test_pages_are_not_kept_by_the_browser(page):
    assert page.headers["Cache-Control"] == "no-store"


def test_security_txt_names_contact_and_end(visitor):
    text = visitor.get("/.well-known/security.txt").text
    assert "Contact: mailto:contact@flagstone.example\n" in text
    assert re.search(r"^Expires: \d{4}-\d\d-\d\dT\d\d:00:00Z$", text, re.M)


def test_robots_keep_away_from_desk_feed_and_exit(visitor):
    assert set(re.findall(r"Disallow: (\S+)", visitor.get("/robots.txt").text)) == {"/desk/", "/feed/", "/exit"}
