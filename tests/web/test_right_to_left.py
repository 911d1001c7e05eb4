"""In a language written from right to left, what is typed, dialled or copied keeps its own direction and its plain digits."""

import re
from html.parser import HTMLParser

import pytest

from app import create_app, languages
from app.languages import END, FIRST_STRONG, LEFT_TO_RIGHT, set_apart
from tests import builders
from tests.web import reporters

CATALOGUE = """
msgid ""
msgstr ""
"Language: ar\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=0 && n%100<=2 ? 4 : 5)\\n"

msgid "Report"
msgstr "بلاغ"
"""


@pytest.fixture(scope="module")
def arabic(server, template, tmp_path_factory):
    """An application that speaks Arabic, as far as this test needs."""
    folder = tmp_path_factory.mktemp("catalogues")
    file = folder / "ar" / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    file.write_text(CATALOGUE, "utf-8")
    url = server.create(template=template)
    app = create_app(builders.settings(folder), database_url=url)
    app.extensions[languages.EXTENSION] = languages.Languages(folder)
    yield app
    app.extensions["flagstone_database"].engine.dispose()
    server.drop(url)


class Directions(HTMLParser):
    """Each text of a page with the direction that its nearest element with one gives it."""

    EMPTY = ("meta", "link", "input", "br", "img", "hr")

    def __init__(self, page):
        super().__init__()
        self.open, self.texts = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag not in self.EMPTY:
            self.open.append((tag, dict(attrs).get("dir")))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        self.texts.append((data, next((given for _, given in reversed(self.open) if given), None)))

    def of(self, text):
        return {direction for data, direction in self.texts if text in data}


def test_an_arabic_page_says_its_direction(arabic):
    assert '<html lang="ar" dir="rtl">' in arabic.test_client().get("/ar/report").text


def test_a_receipts_code_reads_from_left_to_right(arabic):
    page = reporters.Reporter(arabic).send(address="/ar/report")
    assert Directions(page.text).of(reporters.code_on(page)[:4]) == {"ltr"}


def test_an_address_reads_from_left_to_right_where_its_report_is_followed(arabic):
    sent = reporters.Reporter(arabic).send("https://followed.test/x", address="/ar/report")
    page = arabic.test_client().post("/ar/status", data={"code": reporters.code_on(sent)})
    assert Directions(page.text).of("followed.test") == {"ltr"}


def test_an_address_reads_from_left_to_right_where_it_is_looked_up(arabic):
    page = arabic.test_client().post("/ar/check", data={"address": "looked.test/x"})
    assert Directions(page.text).of("looked.test/x") == {"ltr"}


@pytest.mark.parametrize("page", ["about", "privacy", "ways/offline"])
def test_the_address_to_write_to_reads_from_left_to_right(arabic, page):
    text = arabic.test_client().get(f"/ar/{page}").text
    assert Directions(text).of(arabic.extensions["settings"].contact) == {"ltr"}


@pytest.mark.parametrize("page", ["", "report", "status", "check", "help", "help/sources", "about", "privacy", "ways", "ways/offline"])
def test_digits_are_those_that_people_dial_and_type(arabic, page):
    assert re.findall(r"[^\D0-9]", arabic.test_client().get(f"/ar/{page}").text) == []


@pytest.mark.parametrize(("text", "begin"), [("2026-11-24", LEFT_TO_RIGHT), ("Amira", FIRST_STRONG)])
def test_a_value_inside_an_arabic_sentence_is_set_apart(arabic, text, begin):
    with arabic.test_request_context("/ar/report"):
        assert set_apart(text) == f"{begin}{text}{END}"


def test_a_value_inside_an_english_sentence_is_left_alone(arabic):
    with arabic.test_request_context("/en/report"):
        assert set_apart("2026-11-24") == "2026-11-24"
