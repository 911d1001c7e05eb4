"""Numbers on the help page: by country, in the page's own words, and nobody learns which country was looked up."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from babel import Locale

from app import clock, create_app
from app.hotlines import EXTENSION, Hotlines, Purpose, read, shown
from config import SettingsError
from moderation import policy
from tests import builders
from tests.web.hotlines import GOOD, written

ENTRIES = read().entries
FRENCH_CHILD = next(entry for entry in ENTRIES if entry.country == "FR" and Purpose.CHILD in entry.purposes)


@pytest.fixture
def visitor(standing_app):
    return standing_app.test_client()


@pytest.fixture
def elsewhere(standing_app, monkeypatch):
    """The page as it is when other lines are known."""

    def page(*entries):
        monkeypatch.setitem(standing_app.extensions, EXTENSION, Hotlines(entries))
        return standing_app.test_client().get("/en/help").text

    return page


def test_every_number_can_be_called_with_one_touch_and_reads_from_left_to_right(visitor):
    page = visitor.get("/en/help").text
    for entry in filter(lambda entry: entry.number, ENTRIES):
        assert f'href="tel:{shown.dialled(entry.number)}"><bdi dir="ltr">{entry.number}</bdi></a>' in page


def test_every_country_is_one_folded_line_and_all_are_there(visitor):
    names = re.findall(r'<details class="more" name="country"><summary>([^<]+)<', visitor.get("/en/help").text)
    assert set(names) == {Locale("en").territories[entry.country] for entry in ENTRIES}
    assert names == sorted(names, key=str.casefold)


def test_no_form_and_no_address_asks_for_the_country(visitor):
    page = visitor.get("/en/help").text
    assert "<select" not in page
    assert "country=" not in page.replace('name="country"', "")


def test_the_lines_for_children_stand_where_the_form_sends_who_reports_for_a_child(visitor):
    part = visitor.get("/en/help").text.partition('id="child"')[2]
    children = re.search(r"(?s)Lines for children, by country</summary>(.*?)</details>", part).group(1)
    assert {shown.dialled(entry.number) for entry in ENTRIES if Purpose.CHILD in entry.purposes} == set(
        re.findall(r'"tel:([^"]+)"', children)
    )


def test_a_line_tells_when_who_and_since_when(elsewhere):
    page = elsewhere(replace(FRENCH_CHILD, hours="mo-fr 09:00-17:00", languages=("fr", "ar"), more_languages=True, only_for="women"))
    assert "For women. Free. Open: Mon – Fri, 9:00\u202fAM to 5:00\u202fPM, their time." in page
    assert "Languages: French, Arabic, and other languages." in page
    assert "Checked on November 24, 2026" in page


def test_a_line_says_whom_it_is_for(elsewhere):
    for_both = replace(FRENCH_CHILD, purposes=(Purpose.TRAFFICKING, Purpose.CHILD))
    assert "<b><bdi>Allô Enfance en danger</bdi></b> (for children)" in elsewhere(FRENCH_CHILD)
    assert "</b> (for people who are forced or cheated, and for children)" in elsewhere(for_both)


def test_a_number_that_nobody_read_for_two_years_is_not_shown(elsewhere):
    old = clock.now().date() - policy.HOTLINE_SHOWN_FOR - timedelta(days=1)
    assert "tel:" not in elsewhere(replace(FRENCH_CHILD, read_on=old))


def test_without_any_number_the_advice_stands_alone(elsewhere):
    page = elsewhere()
    assert "by country" not in page
    assert "Call your local emergency number." in page


def test_the_source_of_each_number_is_one_link_away(visitor):
    assert 'href="/en/help/sources"' in visitor.get("/en/help").text
    page = visitor.get("/en/help/sources").text
    assert [entry.source for entry in ENTRIES if f'href="{entry.source}"'.replace("&", "&amp;") not in page] == []


@pytest.mark.parametrize(
    ("language", "first", "later"),
    [
        ("en", "Åland Islands", "Albania"),
        ("es", "Dinamarca", "España"),
        ("ru", "Австралия", "Япония"),
        ("ar", "ألمانيا", "اليابان"),
        ("zh", "德国", "法国"),
        ("zh", "英国", "中国"),
    ],
)
def test_countries_stand_in_the_order_of_the_language(language, first, later):
    assert shown.sorting(first, Locale(language)) < shown.sorting(later, Locale(language))


def test_names_and_days_are_in_the_language_of_the_page():
    spanish = shown.shown([FRENCH_CHILD], Locale("es"))
    assert spanish.countries[0].name == "Francia"
    assert spanish.day(date(2026, 11, 24)) == "24 de noviembre de 2026"


def test_the_operators_file_is_what_the_page_shows(standing_app, tmp_path):
    app = create_app(
        builders.settings(tmp_path / "kept", hotlines=written(tmp_path, GOOD)),
        database_url=standing_app.extensions["flagstone_database"].url,
    )
    assert "A line" in app.test_client().get("/en/help").text


@pytest.mark.long
def test_an_instance_with_a_doubtful_number_does_not_start(tmp_path):
    with pytest.raises(SettingsError, match="`number` is 'x'"):
        create_app(builders.settings(tmp_path / "kept", hotlines=written(tmp_path, GOOD.replace("119", "x"))))


def test_the_check_lists_the_longest_unread_first_and_fails_where_one_is_due(standing_app, monkeypatch):
    due = replace(FRENCH_CHILD, country="XK", read_on=clock.now().date() - policy.HOTLINE_READ_AGAIN - timedelta(days=1))
    runner = standing_app.test_cli_runner()
    monkeypatch.setitem(standing_app.extensions, EXTENSION, Hotlines((replace(FRENCH_CHILD, read_on=clock.now().date()), due)))
    answer = runner.invoke(args=["hotlines", "check"])
    assert answer.exit_code == 1
    assert answer.output.startswith("DUE ")
    assert "2 lines in 2 countries; 1 to read again" in answer.output


def test_the_check_is_content_with_what_was_read_lately(standing_app, monkeypatch):
    monkeypatch.setitem(standing_app.extensions, EXTENSION, Hotlines((replace(FRENCH_CHILD, read_on=clock.now().date()),)))
    assert standing_app.test_cli_runner().invoke(args=["hotlines", "check"]).exit_code == 0
