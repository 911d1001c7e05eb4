"""The language of a page: chosen by address, else by the browser, and never claimed where it is not spoken."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import gettext as _

from app import languages

CATALOGUE = """
msgid ""
msgstr ""
"Language: {tag}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Report"
msgstr "{word}"
"""


def instance(folder: Path, **words: str) -> Flask:
    """An application of one page that speaks English and these languages."""
    for code, word in words.items():
        file = folder / code / "LC_MESSAGES" / "messages.po"
        file.parent.mkdir(parents=True)
        file.write_text(CATALOGUE.format(tag=code, word=word))
    app = Flask("elsewhere")
    languages.init_app(app, folder)

    def page() -> str:
        described = languages.describe(languages.current_language())
        others = " ".join(f"{other.name}={address}" for other, address in languages.menu())
        return f"{_('Report')}|{described.tag}|{described.direction}|{others}"

    app.add_url_rule("/<language:language>/page", "page", page)
    app.add_url_rule("/page", "bare", page)
    return app


@pytest.fixture
def speaks_arabic(tmp_path):
    return instance(tmp_path, ar="بلاغ").test_client()


def told(client, address, accepts=""):
    return client.get(address, headers={"Accept-Language": accepts}).text.split("|")


def test_a_catalogue_is_all_that_a_language_needs(speaks_arabic):
    assert told(speaks_arabic, "/ar/page")[:3] == ["بلاغ", "ar", "rtl"]


def test_a_known_language_without_a_catalogue_speaks_english_and_says_so(speaks_arabic):
    assert told(speaks_arabic, "/ru/page")[:3] == ["Report", "en", "ltr"]


def test_a_seventh_language_is_one_file(tmp_path):
    client = instance(tmp_path, pt_BR="Denunciar").test_client()
    assert told(client, "/pt-BR/page")[:3] == ["Denunciar", "pt-BR", "ltr"]


def test_an_unknown_language_has_no_pages(speaks_arabic):
    assert speaks_arabic.get("/xx/page").status_code == 404


@pytest.mark.parametrize(
    ("accepts", "spoken"),
    [
        ("ar", "ar"),
        ("ar-EG, en;q=0.5", "ar"),
        ("ru, ar;q=0.4", "ar"),
        ("ru", "en"),
        ("", "en"),
        ("*", "en"),
        ("ar;q=0", "en"),
        ("\x00;q=x", "en"),
        ("AR", "ar"),
    ],
)
def test_without_a_language_in_the_address_the_browser_decides(speaks_arabic, accepts, spoken):
    assert told(speaks_arabic, "/page", accepts)[1] == spoken


@pytest.mark.parametrize("accepts", ["zh", "zh-CN", "zh-TW", "zh-Hant", "zh-Hans-CN", "zh-HK, en;q=0.8"])
def test_every_chinese_browser_finds_the_one_chinese(tmp_path, accepts):
    assert told(instance(tmp_path, zh="举报").test_client(), "/page", accepts)[:3] == ["举报", "zh", "ltr"]


@pytest.mark.parametrize(
    ("accepts", "spoken"), [("zh-TW", "zh-Hant"), ("zh-HK", "zh-Hant"), ("zh-CN", "zh"), ("zh-Hans-SG", "zh"), ("zh", "zh")]
)
def test_a_browser_is_given_its_own_script_where_there_are_two(tmp_path, accepts, spoken):
    assert told(instance(tmp_path, zh="举报", zh_Hant="舉報").test_client(), "/page", accepts)[1] == spoken


def test_the_address_wins_over_the_browser(speaks_arabic):
    assert told(speaks_arabic, "/en/page", "ar")[1] == "en"


def test_the_menu_names_spoken_languages_in_their_own_words_with_this_page_in_them(speaks_arabic):
    assert told(speaks_arabic, "/en/page")[3] == "العربية=/ar/page English=/en/page"


def test_one_language_needs_no_menu(tmp_path):
    assert told(instance(tmp_path).test_client(), "/en/page")[3] == ""


def test_a_page_that_the_browser_decided_says_so_to_caches(speaks_arabic):
    assert "Accept-Language" in speaks_arabic.get("/page").headers["Vary"]
    assert "Vary" not in speaks_arabic.get("/ar/page").headers


@pytest.mark.parametrize(
    ("content", "fault"), [("<html>404</html>", "is broken"), ('msgid "Report\nmsgstr', "translates nothing"), ("", "translates nothing")]
)
def test_a_broken_catalogue_is_not_passed_over_in_silence(tmp_path, content, fault):
    app = instance(tmp_path, ar="بلاغ")
    app.testing = True
    (tmp_path / "ar" / "LC_MESSAGES" / "messages.po").write_text(content)
    with pytest.raises(ValueError, match=fault):
        app.test_client().get("/ar/page")


@pytest.mark.long
def test_official_languages_have_addresses_from_the_start(standing_app):
    for tag in ("ar", "en", "es", "fr", "ru", "zh"):
        assert standing_app.test_client().get(f"/{tag}/report").status_code == 200


@pytest.mark.parametrize("page", ["", "report", "status", "check", "help", "about", "privacy"])
def test_the_bare_address_leads_to_a_language(standing_app, page):
    answer = standing_app.test_client().get(f"/{page}", headers={"Accept-Language": "en-GB"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/en/{page}")
    assert "Accept-Language" in answer.headers["Vary"]


def test_pages_tell_the_truth_about_their_language(standing_app):
    spoken = standing_app.extensions[languages.EXTENSION].spoken
    for tag in ("ar", "en", "es", "fr", "ru", "zh"):
        answer = standing_app.test_client().get(f"/{tag}/report")
        true = tag if tag in spoken else "en"
        assert answer.headers["Content-Language"] == true
        assert f'<html lang="{true}" dir="{languages.describe(true).direction}">' in answer.text


def test_every_catalogue_that_is_shipped_can_be_read(standing_app):
    found = standing_app.extensions[languages.EXTENSION]
    for tag in found.spoken:
        found.translations(tag)


@pytest.mark.parametrize("address", ["/fr/nothing/here", "/nothing/here"])
def test_an_error_can_be_read_in_every_language(standing_app, address):
    page = standing_app.test_client().get(address)
    assert page.status_code == 404
    menu = dict(re.findall(r'<li><a href="([^"]+)" lang="([^"]+)"', page.text))
    assert menu == {f"/{tag}/nothing/here": tag for tag in languages.COMPLETE}
    assert 'lang="ar" dir="rtl"' in standing_app.test_client().get("/ar/nothing/here").text


def test_no_address_that_was_made_up_gets_out_of_the_menu(standing_app):
    page = standing_app.test_client().get('/en//evil.test/"><script>')
    assert "<script>" not in page.text
    assert 'href="/ar//evil.test/%22%3E%3Cscript%3E"' in page.text


def test_the_desk_has_no_menu_of_languages_where_no_page_is(standing_app):
    assert 'class="languages"' not in standing_app.test_client().get("/desk/nothing").text
