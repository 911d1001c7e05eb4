"""Names that imitate others with letters that look alike, and names in other scripts that imitate nobody."""

import idna
import pytest

from moderation import addresses, policy
from moderation.addresses._confusables import IN_MIXED_NAMES, LOOK_LIKE
from moderation.vocabulary import Manner


def named(text):
    return addresses.imitated_names(idna.encode(text).decode())


@pytest.mark.parametrize(
    ("host", "name", "manner"),
    [
        ("xn--80ak6aa92e.com", "apple.com", Manner.WHOLE_SCRIPT),
        ("www.xn--80ak6aa92e.com", "apple.com", Manner.WHOLE_SCRIPT),
        ("xn--pypal-4ve.com", "paypal.com", Manner.MIXED_SCRIPT),
        ("xn--ggle-55da.com", "google.com", Manner.MIXED_SCRIPT),
        ("xn--facebok-y0a.com", "", None),
    ],
)
def test_a_name_in_letters_of_another_script_is_read_as_the_name_it_imitates(host, name, manner):
    assert addresses.imitated_names(host).get(name) == manner


LAWFUL = ("münchen.de", "правительство.рф", "中国政府.中国", "ελλάδα.gr", "नमस्ते.भारत", "œuvre.fr", "altın.com.tr", "ñandú.es", "موقع.وزارة")


@pytest.mark.parametrize("host", LAWFUL)
def test_a_lawful_name_in_its_own_letters_is_read_as_no_other(host):
    assert named(host) == {}


def test_a_name_in_plain_letters_imitates_nobody():
    assert addresses.imitated_names("rnicrosoft.com") == {}


def test_a_word_of_another_script_that_is_only_half_alike_imitates_nobody():
    assert named("кот.com") == {}


def test_the_same_letters_among_latin_ones_imitate():
    assert named("facebooк.com") == {"facebook.com": Manner.MIXED_SCRIPT}


def test_a_name_below_its_own_domain_does_not_imitate_it():
    assert "login.example.com" not in named("lоgin.example.com")


def test_a_label_that_looks_like_nothing_plain_does_not_hide_the_name_above_it():
    assert named("中国.www.аррӏе.com").items() >= {"www.apple.com": Manner.WHOLE_SCRIPT, "apple.com": Manner.WHOLE_SCRIPT}.items()


def test_a_digit_may_be_what_is_imitated():
    assert "0x0.com" in named("оx0.com")


def test_a_name_of_many_alike_letters_has_a_bounded_number_of_readings():
    assert len(named("о" * 40 + ".com")) <= policy.READINGS_MOST


def test_a_name_that_is_no_name_in_letters_is_left_alone():
    assert addresses.imitated_names("xn--0000h.com") == {}


def test_every_letter_of_the_table_stands_for_something_else_and_once():
    letters = "".join(LOOK_LIKE.values())
    assert len(letters) == len(set(letters))
    assert not any(letter.isascii() for letter in letters + "".join(IN_MIXED_NAMES.values()))
