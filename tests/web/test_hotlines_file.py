"""The numbers on the help page: each has its source and its day, can be dialled, and outlives no check. A wrong one can cost a life."""

import re
from datetime import UTC, datetime, timedelta

import phonenumbers
import pycountry
import pytest

from app.hotlines import HotlinesError, Purpose, read
from app.hotlines.reading import PACKAGED
from moderation import policy
from tests.web.hotlines import GOOD, written

ENTRIES = read().entries
TODAY = datetime.now(UTC).date()


each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.country} {entry.number or entry.web}")


@each_entry
def test_a_number_was_read_in_the_last_two_years(entry):
    assert TODAY - timedelta(days=2 * 365 + 1) <= entry.read_on <= TODAY


@each_entry
def test_a_number_names_the_page_it_was_read_in(entry):
    assert all(not address or re.fullmatch(r"https://[^/\s]+/?\S*", address) for address in (entry.source, entry.also, entry.web))
    assert entry.source


@each_entry
def test_a_number_holds_only_what_is_dialled_and_what_makes_it_readable(entry):
    assert re.fullmatch(r"[+0-9 -]+", entry.number) or entry.web
    assert re.fullmatch(r"(?:\+[0-9 -]+)?", entry.international)


@each_entry
def test_a_number_is_one_that_its_country_can_have(entry):
    for number in filter(None, (entry.number, entry.international)):
        digits = re.sub(r"\D", "", number)
        parsed = phonenumbers.parse(number, entry.country)
        assert phonenumbers.is_valid_number_for_region(parsed, entry.country) or re.fullmatch(r"[1-9]\d{2,5}|000", digits)


@each_entry
def test_a_country_is_one(entry):
    assert pycountry.countries.get(alpha_2=entry.country)


def test_no_country_names_a_number_twice():
    named = [(entry.country, re.sub(r"\D", "", entry.number) or entry.web) for entry in ENTRIES]
    assert sorted(named) == sorted(set(named))


def test_many_countries_have_a_line_and_no_country_an_emergency_number_alone():
    whole = {entry.country for entry in ENTRIES}
    with_a_line = {entry.country for entry in ENTRIES if {Purpose.TRAFFICKING, Purpose.CHILD} & set(entry.purposes)}
    assert whole == with_a_line
    assert len(whole) >= 40


def test_the_file_says_all_that_is_read(tmp_path):
    (entry,) = read(packaged=written(tmp_path, GOOD)).entries
    assert (entry.country, entry.purposes, entry.number, entry.hours) == ("FR", (Purpose.CHILD,), "119", "mo-fr 09:00-17:00")


FAULTS = {
    "no source": ('source = "https://www.example.org/lines"', "", "`source` is missing"),
    "an empty source": ("https://www.example.org/lines", "", "`source` is empty"),
    "a source without TLS": ("https://www", "http://www", "use the https address"),
    "no day": ("read_on = 2026-11-24", "", "`read_on` is missing"),
    "a day in quotes": ("2026-11-24", '"2026-11-24"', "without quotes"),
    "a word that means nothing": ("hours =", "opening =", "`opening` means nothing here"),
    "a number with letters": ('"119"', '"1-800-CHILD"', "use digits"),
    "a number in another script": ('"119"', '"١١٩"', "use digits"),
    "a number that the country cannot have": ('"119"', '"01 23 45 67"', "nobody can dial"),
    "a number that lost its end": ('"119"', '"0800 11"', "nobody can dial"),
    "no number and no page": ('number = "119"', "", "needs a `number`"),
    "no name": ('name = "A line"', "", "`name` is missing"),
    "a purpose that we do not know": ('["child"]', '["children"]', "`for` must be a list of"),
    "hours in words": ("mo-fr 09:00-17:00", "office hours", "`hours` is"),
    "a language that is none": ('["fr"]', '["qqq"]', "`languages` must be"),
    "a country that is none": ("[[FR]]", "[[XX]]", "XX: is no country"),
    "a country that is no list": ("[[FR]]", "[FR]", "FR: must be a list"),
    "the same number twice": (GOOD, GOOD + GOOD, "entry 2: has the number of an entry above"),
    "no TOML": ("[[FR]]", "[[FR", "cannot be read as TOML"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_with_one_doubtful_entry_is_refused_whole_and_told_which(tmp_path, fault):
    before, after, told = FAULTS[fault]
    assert before in GOOD
    file = written(tmp_path, GOOD.replace(before, after))
    with pytest.raises(HotlinesError, match=re.escape(told)) as refused:
        read(file)
    assert str(refused.value).startswith(f"FLAGSTONE_HOTLINES: {file}")


def test_all_faults_of_a_file_are_told_at_once(tmp_path):
    with pytest.raises(HotlinesError) as refused:
        read(written(tmp_path, GOOD.replace("119", "x") + GOOD.replace("2026-11-24", "1") + "[[XX]]"))
    assert len(str(refused.value).splitlines()) == 3


def test_the_operators_country_takes_the_place_of_ours_and_leaves_the_others(tmp_path):
    entries = read(written(tmp_path, GOOD)).entries
    assert [entry.name for entry in entries if entry.country == "FR"] == ["A line"]
    assert {entry.country for entry in entries} == {entry.country for entry in ENTRIES}


def test_the_operator_can_add_a_country_and_take_one_away(tmp_path):
    countries = {entry.country for entry in read(written(tmp_path, "FR = []\n" + GOOD.replace("[[FR]]", "[[IS]]"))).entries}
    assert countries ^ {entry.country for entry in ENTRIES} == {"FR", "IS"}


def test_a_number_is_shown_for_two_years_and_due_after_eighteen_months():
    entry = ENTRIES[0]
    assert not entry.is_due(entry.read_on + policy.HOTLINE_READ_AGAIN)
    assert entry.is_due(entry.read_on + policy.HOTLINE_READ_AGAIN + timedelta(days=1))
    assert entry.is_fresh(entry.read_on + policy.HOTLINE_SHOWN_FOR)
    assert not entry.is_fresh(entry.read_on + policy.HOTLINE_SHOWN_FOR + timedelta(days=1))


def test_the_file_explains_every_word_that_an_entry_may_say():
    text = PACKAGED.read_text(encoding="utf-8")
    said = {word for line in text.splitlines() if not line.startswith("#") for word in re.findall(r"^(\w+) =", line)}
    assert [word for word in said if not re.search(rf"^#   {word} |more_languages", text, re.M)] == []
