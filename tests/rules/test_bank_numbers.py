"""Numbers of bank cards and accounts are masked before anything is kept, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation import resources


def masked_kinds(text):
    return resources.mask(text)[1]


@pytest.mark.parametrize(
    "number",
    [
        *("4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "4111.1111.1111.1111", "5555 5555 5555 4444",
          "2223003122003222"),
        *("378282246310005", "3782 822463 10005", "6011111111111117", "3530111333300000", "30569309025904", "6200000000000005",
          "2200000000000004"),
        *("４１１１１１１１１１１１１１１１", "٤١١١ ١١١١ ١١١١ ١١١١", "4111\u200b1111\u200b1111\u200b1111"),
        *("\u202a4111 1111 1111 1111\u202c", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "4111–1111–1111–1111"),
    ],
)  # fmt: skip
def test_no_digit_of_a_card_is_left(number):
    text, kinds = resources.mask(f"the card is {number}, take it")
    assert (kinds, [sign for sign in text if sign.isdigit()]) == (("bank_card",), [])


@pytest.mark.parametrize(
    "number",
    [
        "GB82WEST12345698765432",
        "GB82 WEST 1234 5698 7654 32",
        "de89370400440532013000",
        "FR14 2004 1010 0505 0001 3M02 606",
        "NO93 8601 1117 947",
    ],
)
def test_no_sign_of_an_account_is_left(number):
    assert resources.mask(f"pay to {number} please") == (
        f"pay to {''.join('•' if sign.isalnum() else sign for sign in number)} please",
        ("bank_account",),
    )


@pytest.mark.parametrize(
    "text",
    [
        *("4111111111111112", "tracking 94001118992233445566", "IMEI 356938035643809", "1764012020123456", "20261124192020",
          "call +4915112345678"),
        *("5 10 15 20 25 30 35 40", "2019 2020 2021 2022 2023", "GB82WEST12345698765433", "+33 6 12 34 56 78", "ISBN 9783161484100",
          "x4111111111111111"),
        *("https://evil.test/4111111111111111", "evil.test/ad/4111111111111111?x", "hxxps://evil[.]test/4111111111111111", "some words",
          "", "41111111111111110"),
        *("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
    ],
)  # fmt: skip
def test_what_is_no_card_and_no_account_is_left_as_it_is(text):
    assert resources.mask(text) == (text, ())


@pytest.mark.parametrize(
    "text", ["4111 1111 1111 1111", "https://evil.test/?card=4111111111111111", "GB82 WEST 1234 5698 7654 32", "evil.test 4111111111111111"]
)
def test_no_resource_holds_one(text):
    found = resources.parse(text, text_digest=lambda words: words)
    assert not any("4111" in resource.canonical or "8765" in resource.canonical for resource in found)


def test_a_parameter_called_after_a_card_is_stripped():
    (page,) = resources.parse("https://evil.test/pay?card_number=4111111111111112&id=7", text_digest=str)
    assert page.canonical == "https://evil.test/pay?id=7"


def test_both_are_told_by_their_kind():
    assert masked_kinds("4111111111111111 and GB82WEST12345698765432") == ("bank_account", "bank_card")


def test_one_behind_other_numbers_is_found():
    assert resources.mask("7 pm, 2026 4111 1111 1111 1111 5555555555554444")[0] == "7 pm, 2026 •••• •••• •••• •••• ••••••••••••••••"


@given(st.text(alphabet="0123456789 4-.•GB82WEST+/x\u200b٤", max_size=60))
def test_masking_twice_masks_no_more(text):
    once, _ = resources.mask(text)
    assert len(once) == len(text)
    assert resources.mask(once) == (once, ())
