"""How an address is written as an expression: it stands for itself and for no other, whatever signs it has."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from moderation.formats import _escaping

SIGNS = "".join(map(chr, range(0x21, 0x7F)))
"""All that a canonical address may hold."""

addresses = st.text(alphabet=SIGNS, max_size=30)
plain = st.text(alphabet="abcXYZ019./-_=&~:%", max_size=30)
"""What nearly all addresses are made of."""

patterns = pytest.mark.parametrize("write", [_escaping.perl_pattern, _escaping.extended_pattern])


@patterns
@settings(deadline=None)
@given(text=addresses | plain)
@example(text="example.net/a/b.html")
@example(text=SIGNS)
def test_an_address_as_an_expression_matches_itself(write, text):
    assert re.fullmatch(write(text), text)


@patterns
@settings(deadline=None)
@given(text=(addresses | plain).filter(bool), data=st.data())
def test_and_no_address_that_differs_in_one_sign(write, text, data):
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from(SIGNS).filter(lambda sign: sign != text[place]))
    assert not re.fullmatch(write(text), text[:place] + other + text[place + 1 :])


@settings(deadline=None)
@given(text=addresses | plain)
def test_no_slash_dollar_or_comma_is_left_that_would_end_or_part_a_filter(text):
    assert not re.search(r"(?<!\\)/|[$,]", _escaping.perl_pattern(text))


@settings(deadline=None)
@given(text=addresses | plain)
def test_suricata_reads_the_same_octets_back(text):
    written = _escaping.suricata_content(text)
    assert re.sub(r"\|([0-9a-f]{2})\|", lambda hexadecimal: chr(int(hexadecimal[1], 16)), written) == text
    assert set(written) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./-_=&~|")
